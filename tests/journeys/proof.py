# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What is left of people once they are erased? All that an installation wrote is searched, in every form.

What may be left of them, and is looked for by no search: the random id that a person had, in the rows of `erasure` and in
the journal; numbers of rows; the number of a person of the staff in the audit. None of them says who it was.
"""

from __future__ import annotations

import base64
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

import psycopg
from sqlalchemy import select

from storage import dialects, erasure
from storage.database import open_database
from storage.sealing import Sealing, key_of
from storage.tables import learner
from tests import traces
from tests.journeys.database import PATIENCE, file_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from storage.types import Tx
    from tests.postgres import Postgres

KEY = base64.b64encode(b"k" * 32).decode()
"""A key of addresses, as a setting has it."""
STATEMENTS = (
    "(SELECT query FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid())"
)
"""What is executed now, or was last."""


def sealing_of(key: str) -> Sealing | None:
    """The key of a setting; none where it is empty."""
    return Sealing(key_of(key)) if key else None


def stored_as(key: str, channel: str, text: str) -> str:
    """What an address is stored under: with a key its tag."""
    sealing = sealing_of(key)
    return text if sealing is None else sealing.tag(channel, text)


def tables(url: str) -> Iterator[tuple[str, bytes]]:
    """Every table of a database as text, whoever uses it; and what a server executes, or did last."""
    if not dialects.is_server(url):
        with closing(sqlite3.connect(f"file:{file_of(url)}?mode=ro", uri=True, timeout=PATIENCE)) as opened:
            statements: dict[str, list[str]] = {}
            for statement in opened.iterdump():
                filled = re.match(r"INSERT INTO (\"\w+\")", statement)
                statements.setdefault(filled[1] if filled else "the schema", []).append(statement)
        yield from ((table, "\n".join(of).encode()) for table, of in statements.items())
        return
    with closing(psycopg.connect(url, autocommit=True)) as opened:
        names = opened.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for source in (*(f'"{name}"' for (name,) in names), STATEMENTS):
            with opened.cursor().copy(f"COPY {source} TO STDOUT".encode()) as copied:
                yield source, b"".join(bytes(block) for block in copied)


def search(
    texts: Iterable[str],
    url: str,
    folder: Path,
    besides: Mapping[str, bytes] = MappingProxyType({}),
    kept: Collection[Path] = (),
) -> dict[str, list[str]]:
    """Which of some texts a database holds, all files below a folder, and what else was read; by table, file and name.

    `kept`: files that are no part of the installation.
    """
    wanted, strange = list(texts), {str(file) for file in kept}
    files = traces.among(wanted, folder)
    found = {place: held for place, held in files.items() if place not in strange}
    for place, content in (*tables(url), *besides.items()):
        if held := traces.within(content, wanted):
            found[place] = held
    return found


def server_files(postgres: Postgres, url: str, since: float) -> list[Path]:
    """The files in which a server keeps a database, its log of changes since an instant, and what it says."""
    postgres.run("CHECKPOINT")
    data, name = postgres.folder / "data", url.rpartition("/")[2]
    ((number,),) = postgres.run(f"SELECT oid FROM pg_database WHERE datname = '{name}'")  # noqa: S608 - ours
    changes = [
        file for file in (data / "pg_wal").iterdir() if file.is_file() and file.stat().st_mtime >= since
    ]
    return [data / "base" / str(number), postgres.folder / "log", *changes]


def erase_everybody(url: str, key: str = "") -> None:
    """Erase all who are in a database that nobody uses, as `oublier` and the work of the night do."""

    def erase(tx: Tx) -> None:
        ids = list(tx.execute(select(learner.c.id)).scalars())
        if ids:
            erasure.erase(tx, ids[0], datetime.now(UTC), others=ids[1:])

    with open_database(url, key=sealing_of(key)) as store:
        store.write_now(erase)
