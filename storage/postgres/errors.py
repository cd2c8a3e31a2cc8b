# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Sentences for the operator in the place of PostgreSQL's errors, and which of them are transient."""

from __future__ import annotations

import re

import psycopg

from storage.failures import DatabaseError, Undone

READ_ONLY = "25006"

_BUSY = "The database is locked by another program. Stop that program, then try again."
LOST = "The connection to PostgreSQL was lost. It is made anew as soon as the server answers."
_DAMAGED = "The database is damaged: look at PostgreSQL's log, and restore a backup."
_SENTENCES = {
    # Not transient: a retry would take as long again, and every other write would wait for it.
    "25P04": "A transaction took too long, and PostgreSQL undid it: look at what else that server does.",
    READ_ONLY: "This PostgreSQL server is a read-only copy. Give the setting `database` the one that can be written.",
    "42501": "The user of the setting `database` lacks rights: make it the owner of the database.",
    "53100": "The disk of PostgreSQL is full: it did not keep what it was given. Free some space.",
    "53200": "PostgreSQL is out of memory: it did not keep what it was given.",
    "55P03": _BUSY,
    "57014": "A statement was cancelled: it took too long, or somebody ended it.",
    "58030": "The disk of PostgreSQL failed. Look at its log, and restore a backup if needed.",
    "XX001": _DAMAGED,
    "XX002": _DAMAGED,
}
_TRANSIENT = {
    "40001": "Another program changed the same rows at the same time.",
    "40P01": "Another program held rows, and waited for ours.",
    "57P01": LOST,
    "57P02": LOST,
    "57P03": LOST,
    "57P05": LOST,
    "25P03": LOST,
}
# What libpq says when it cannot connect has no code.
_REFUSALS = (
    (
        re.compile(r"too many|connection slots"),
        "PostgreSQL has no connection left. Raise its max_connections, or stop another program.",
    ),
    (
        re.compile(r"password|pg_hba\.conf|role \"|authentication|SCRAM"),
        "PostgreSQL refuses the user or the password of the setting `database`.",
    ),
    (
        re.compile(r"database \".*\" does not exist"),
        "PostgreSQL has no such database. `createdb` makes it; the setting `database` names it.",
    ),
    (
        re.compile(r"session is read-only|server is in hot standby"),
        _SENTENCES[READ_ONLY],
    ),
)


def explained(error: BaseException) -> DatabaseError | None:
    """Return the sentence for the operator, as an error; None when PostgreSQL's error is not about the server."""
    if not isinstance(error, psycopg.Error):
        return None
    code = code_of(error)
    if code in _TRANSIENT or code.startswith("08"):
        return Undone(_TRANSIENT.get(code, LOST))
    if code in _SENTENCES:
        return DatabaseError(_SENTENCES[code])
    if code or not isinstance(error, psycopg.OperationalError):
        return None
    words = str(error).strip().splitlines()[0].rstrip(".") if str(error).strip() else "nothing more is known"
    for pattern, sentence in _REFUSALS:
        if pattern.search(words):
            return Undone(sentence)
    return Undone(f"PostgreSQL does not answer: {words}.")


def code_of(error: BaseException) -> str:
    """Return the SQLSTATE of an error of PostgreSQL, nothing for any other error."""
    return getattr(error, "sqlstate", None) or ""
