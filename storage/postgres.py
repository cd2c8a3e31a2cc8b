# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How PostgreSQL is reached, begun and understood: everything that SQLite does otherwise.

Each transaction says what it is, in one round trip, as on SQLite: one that reads sees one snapshot, and one that writes
first takes the one write lock of the database, in whichever process it runs: as with SQLite's single writer, what it
reads stays true until it writes. Docs: docs/adr/0015-postgresql-one-writer.md.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, cast

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus
from sqlalchemy import Column, DateTime, MetaData, String, Table, create_engine, event, select

from storage.failures import DatabaseError, Undone, Unsure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine, ExceptionContext
    from sqlalchemy.pool import ConnectionPoolEntry

logging.getLogger("psycopg").setLevel(logging.ERROR)  # its warnings repeat what it raises

OLDEST = 14
"""The first that ends idle sessions: see `SILENT`."""
WRITING = 0x1A, 0
"""The advisory lock of whoever writes. Two numbers: no account's lock is one of those."""

CONNECT_TIMEOUT = 5
"""Seconds to wait for a server that says nothing."""
LOCK_TIMEOUT = 5.0
"""Seconds to wait for whoever writes now."""
LOCK_PATIENCE = 60.0
"""The same for what is not service."""
STATEMENT_TIMEOUT = 60.0
ABANDONED = 10.0
"""Seconds after which a transaction whose process says nothing more is undone: all others wait for it."""
SILENT = 30.0
"""Seconds after which a writing session that says nothing is ended, and with it the accounts that it owns: a machine that
sleeps, or is cut off behind something that still answers for it, would keep them. An owner speaks every five seconds."""
UNSURE = 30.0
"""Seconds in which a commit that was not answered is looked for, before it is said to be unknown."""

_KNOWN = {
    *("user", "password", "host", "port", "dbname"),
    *("sslmode", "sslrootcert", "sslcert", "sslkey", "target_session_attrs"),
}

# A machine that is cut off is noticed after 10 + 3 × 5 seconds, on both sides.
_IDLE, _INTERVAL, _COUNT = 10, 5, 3
_DEAD = (_IDLE + _INTERVAL * _COUNT) * 1000
_CLIENT: dict[str, str | int] = {
    "connect_timeout": CONNECT_TIMEOUT,
    "keepalives_idle": _IDLE,
    "keepalives_interval": _INTERVAL,
    "keepalives_count": _COUNT,
    "tcp_user_timeout": _DEAD,
    "client_encoding": "UTF8",
    "application_name": "iaventure",
}
_SERVER = {
    "TimeZone": "UTC",
    "tcp_keepalives_idle": _IDLE,
    "tcp_keepalives_interval": _INTERVAL,
    "tcp_keepalives_count": _COUNT,
    "tcp_user_timeout": _DEAD,
}

_LOCK = f"BEGIN; SELECT pg_advisory_xact_lock({WRITING[0]}, {WRITING[1]})"
_LEAVE_A_MARK = (
    f"{_LOCK}; DELETE FROM kept_transaction WHERE {{forgotten}}; "  # noqa: S608 (both are ours)
    "INSERT INTO kept_transaction VALUES ('{mark}', now())"
)
_MARK = "last kept"
_READ_ONLY = "25006"

_BUSY = "The database is locked by another program. Stop that program, then try again."
_LOST = "The connection to PostgreSQL was lost. It is made anew as soon as the server answers."
_UNKNOWN = (
    "The connection to PostgreSQL was lost while it kept a transaction, and it does not answer: "
    "whether it was kept is not known."
)
_DAMAGED = "The database is damaged: look at PostgreSQL's log, and restore a backup."
_SENTENCES = {
    _READ_ONLY: "This PostgreSQL server is a read-only copy. Give the setting `database` the one that can be written.",
    "42501": "The user of the setting `database` lacks rights: make it the owner of the database.",
    "53100": "The disk of PostgreSQL is full: it did not keep what it was given. Free some space.",
    "53200": "PostgreSQL is out of memory: it did not keep what it was given.",
    "55P03": _BUSY,
    "57014": "A statement was cancelled: it took too long, or somebody ended it.",
    "58030": "The disk of PostgreSQL failed. Look at its log, and restore a backup if needed.",
    "XX001": _DAMAGED,
    "XX002": _DAMAGED,
}
_PASSING = {
    "40001": "Another program changed the same rows at the same time.",
    "40P01": "Another program held rows, and waited for ours.",
    "57P01": _LOST,
    "57P02": _LOST,
    "57P03": _LOST,
    "57P05": _LOST,
    "25P03": _LOST,
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
        _SENTENCES[_READ_ONLY],
    ),
)

# One row for each connection that writes: its last transaction. After a commit that was not answered it tells what became
# of it, which PostgreSQL's own numbers cannot after a crash: they may be given again. A new row each time, as updating
# one would grow slower and slower while a backup holds a snapshot.
_kept = Table(
    "kept_transaction",
    MetaData(),
    Column("id", String(32), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
)


def parameters(url: str) -> dict[str, str]:
    """What a database address says, as the driver wants it.

    Args:
        url: `postgresql://user[:password]@host[:port]/name`, or with `?host=/folder/of/the/socket`; TLS as in
            `?sslmode=require`; several hosts with `?target_session_attrs=read-write`.

    Raises:
        DatabaseError: it is not such an address. Nothing of it is repeated: it may hold a password.
    """
    try:
        found = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    except psycopg.ProgrammingError:
        found = {}
    # A password that was not escaped ends up in the host, the port or the name.
    sound = re.fullmatch(r"[0-9,]*", found.get("port", "")) and not any(
        mark in found.get("host", "") + found.get("dbname", "@") for mark in "@?#"
    )
    if not sound or "/" in found["dbname"]:
        raise DatabaseError(
            "The setting `database` is not an address such as postgresql://user@host/name; "
            "in a password, write %40 for @, %2F for / and %3A for :."
        )
    if unknown := sorted(found.keys() - _KNOWN):
        raise DatabaseError(f"The setting `database` may not set {', '.join(unknown)}. Take it away.")
    return found


def engine(url: str, *, read_only: bool = False, patient: bool = False) -> Engine:
    """Connections to a database; what is wrong with it is raised as a `DatabaseError`.

    `read_only` ones refuse every write. That is the caller's fault, and stays SQLAlchemy's error. `patient` ones are for
    what is not service: they may take their time. A transaction on them starts with `begin`.
    """
    where = parameters(url)
    settings = {**_SERVER, "lock_timeout": round((LOCK_PATIENCE if patient else LOCK_TIMEOUT) * 1000)}
    if not patient and not read_only:
        settings["idle_session_timeout"] = round(SILENT * 1000)
    if not patient:
        settings["statement_timeout"] = round(STATEMENT_TIMEOUT * 1000)
        settings["idle_in_transaction_session_timeout"] = round(ABANDONED * 1000)
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    address = make_conninfo("", **{**where, **_CLIENT, "options": options})

    def connect() -> psycopg.Connection:
        return psycopg.connect(address)

    def set_up(connection: psycopg.Connection, record: ConnectionPoolEntry) -> None:
        _require_usable(connection)
        if not read_only and not patient:
            record.info[_MARK] = ""

    def explain(context: ExceptionContext) -> DatabaseError | None:
        error = context.original_exception
        for told in (error, context.sqlalchemy_exception):
            if told is not None and told.args:  # what follows the first line names values: a person's address
                told.args = (str(told.args[0]).partition("\n")[0],)
        return None if read_only and _code(error) == _READ_ONLY else explained(error)

    made = create_engine(
        "postgresql+psycopg://", creator=connect, isolation_level="AUTOCOMMIT", hide_parameters=True
    )
    event.listen(made, "connect", set_up)
    event.listen(made, "handle_error", explain)
    return made


def _require_usable(connection: psycopg.Connection) -> None:
    version = connection.info.server_version // 10_000
    if version < OLDEST:
        raise DatabaseError(f"PostgreSQL {version} is too old: install {OLDEST} or a later one.")
    if connection.info.parameter_status("server_encoding") != "UTF8":
        raise DatabaseError(
            "The database is not in UTF-8. Make one with `createdb --encoding=UTF8 --template=template0`."
        )


@contextmanager
def begin(connection: Connection, *, read_only: bool = False) -> Iterator[None]:
    """A transaction while the block runs: kept at its end, undone if it raises.

    A commit that was not answered is looked for on a new connection: what was kept is never said to be undone.

    Raises:
        Undone: the connection was lost before the commit, or the server undid it for a reason that passes.
        Unsure: the connection was lost at the commit, and nobody answers.
        DatabaseError: it could not begin, or was not kept.
    """
    transaction = connection.begin()  # connects anew when the connection was lost
    mark = ""
    try:
        mark = _start(connection, read_only=read_only)
        yield
    except BaseException as error:
        lost = connection.invalidated
        transaction.rollback()
        if lost and not isinstance(error, DatabaseError):
            raise Undone(_LOST) from error
        raise
    try:
        transaction.commit()
    except BaseException as error:
        with suppress(DatabaseError):
            transaction.rollback()
        if not (isinstance(error, Undone) and mark and _was_kept(connection, mark)):
            raise
    if mark:
        connection.info[_MARK] = mark


def _start(connection: Connection, *, read_only: bool) -> str:
    """Begins, in one round trip; the mark that the transaction leaves once it is kept, if any."""
    if read_only:
        _run(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return ""
    if _MARK not in connection.info:
        _run(connection, _LOCK)
        return ""
    mark, last = secrets.token_hex(16), connection.info[_MARK]
    forgotten = f"id = '{last}'" if last else "at < now() - interval '1 day'"
    _run(connection, _LEAVE_A_MARK.format(mark=mark, forgotten=forgotten))
    return mark


def _was_kept(connection: Connection, mark: str) -> bool:
    """Whether a transaction was kept whose commit was not answered; the write lock tells that it has ended.

    Raises:
        Unsure: nobody answers.
    """
    end = time.monotonic() + UNSURE
    while True:
        try:
            with connection.begin() as transaction:
                _run(connection, _LOCK)
                found = connection.scalar(select(_kept.c.id).where(_kept.c.id == mark))
                transaction.rollback()
        except DatabaseError as error:
            if time.monotonic() > end:
                raise Unsure(_UNKNOWN) from error
            time.sleep(0.2)
        else:
            return found is not None


def _run(connection: Connection, statements: str) -> psycopg.Cursor:
    """Runs several statements at once, outside of SQLAlchemy, which knows one at a time."""
    try:
        return raw(connection).execute(statements.encode(), prepare=False)
    except psycopg.Error as error:
        if raw(connection).closed:
            connection.invalidate(error)
        explanation = explained(error)
        if explanation is None:
            raise
        raise explanation from error


def raw(connection: Connection) -> psycopg.Connection:
    """The driver's connection, for what SQLAlchemy has no word for."""
    return cast("psycopg.Connection", connection.connection.driver_connection)


def require_transaction(connection: Connection) -> None:
    """Checks that PostgreSQL has not given the transaction up: after a failed statement it would undo it without a word.

    Raises:
        DatabaseError: it has; nothing of the transaction was kept.
    """
    if raw(connection).pgconn.transaction_status != TransactionStatus.INTRANS:
        raise DatabaseError(
            "The database lost a transaction, and nothing of it was kept: a failed statement was passed over."
        )


def explained(error: BaseException) -> DatabaseError | None:
    """What the operator should read instead of PostgreSQL's words; none if it is not about the server."""
    if not isinstance(error, psycopg.Error):
        return None
    code = _code(error)
    if code in _PASSING or code.startswith("08"):
        return Undone(_PASSING.get(code, _LOST))
    if code in _SENTENCES:
        return DatabaseError(_SENTENCES[code])
    if code or not isinstance(error, psycopg.OperationalError):
        return None
    words = str(error).strip().splitlines()[0].rstrip(".") if str(error).strip() else "nothing more is known"
    for pattern, sentence in _REFUSALS:
        if pattern.search(words):
            return Undone(sentence)
    return Undone(f"PostgreSQL does not answer: {words}.")


def _code(error: BaseException) -> str:
    return getattr(error, "sqlstate", None) or ""


rebuilding = begin
"""PostgreSQL changes a table in its place, and checks at each statement that no row lost its parent."""


def require_writable(connection: Connection) -> None:
    """A server that does not take writes says so by itself."""


def create_own(connection: Connection) -> None:
    """Makes the table of what each connection kept last."""
    _kept.create(connection, checkfirst=True)


def keep_copy(connection: Connection, revision: str) -> None:
    """Nothing: an upgrade is one transaction, and backups are for whoever runs the server."""
