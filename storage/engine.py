# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How a function runs in a transaction: `open_database` gives a `Store`, a `Store` runs functions.

A function takes a `Tx` first and touches nothing else, since it may run twice: the writer runs up to 50
waiting functions in one transaction, and when one of them fails, each again alone. Savepoints would spare the
second run, but they halve the throughput, and lost acknowledged work on a full disk.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Self, TypeVar

import sqlalchemy
from sqlalchemy.dialects import sqlite as sqlite_dialect

from storage import copying, dialects, schema, sqlite
from storage.failures import AlreadyRunning, DatabaseError, Undone
from storage.ownership import own
from storage.writer import Work, Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from pathlib import Path

    from sqlalchemy import Engine, Table
    from sqlalchemy.dialects import postgresql

    Upsert = sqlite_dialect.Insert | postgresql.Insert

__all__ = ["DatabaseError", "Store", "Tx", "alone", "backup", "insert", "open_database", "upgrade"]

READERS = 2
"""Reads at once; the rest wait."""

Tx = sqlalchemy.Connection
"""A transaction under way. Whoever is given one neither commits it nor keeps it."""

P = ParamSpec("P")
T = TypeVar("T")


def insert(dialect: str, table: Table) -> Upsert:
    """The INSERT of a dialect (`tx.dialect.name`), with `on_conflict_do_update` and `on_conflict_do_nothing`.

    Building a statement costs more than running it: the hot ones are built once for each dialect, and kept.
    """
    if dialect == "sqlite":
        return sqlite_dialect.insert(table)
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)


def open_database(url: str, *, upgrade: bool = True, owned: bool = False) -> Store:
    """Opens a database. A file is made or upgraded first where needed; a server waits for `iaventure db upgrade`.

    A file that is ready may be opened whoever uses it. One with an older schema is upgraded only while no other process
    owns it: a service of the old version would go on writing what it knows.

    Args:
        url: `sqlite:///file.db`, whose folder exists; or `postgresql://user@host/name`.
        upgrade: false to change nothing, and refuse a file that is missing or has another schema.
        owned: whether the caller owns the file (`own`, `alone`).

    Raises:
        DatabaseError: it cannot be used; the sentence says why and what to do.
    """
    if dialects.is_server(url):
        upgrade = False
    elif upgrade:
        sqlite.create(sqlite.file_of(url))
    else:
        sqlite.require_present(sqlite.file_of(url))
    with _connected(url) as connection:
        if not upgrade:
            schema.require_present(connection)
        elif owned:
            schema.prepare(connection)
        else:
            _prepare_alone(url, connection)
    return Store(Writer(dialects.engine(url).connect()), dialects.engine(url, read_only=True))


def upgrade(url: str) -> tuple[str | None, str]:
    """Upgrades the schema of a database; a file is made first where needed.

    Returns:
        The revision before, none for a database that was empty, and the revision now.

    Raises:
        DatabaseError: as `open_database`; or a server needs it and something is connected to it.
    """
    if not dialects.is_server(url):
        sqlite.create(sqlite.file_of(url))
    with _connected(url) as connection:
        return _prepare_alone(url, connection)


def _prepare_alone(url: str, connection: Tx) -> tuple[str | None, str]:
    found = schema.outdated(connection)
    if found is None:
        return schema.prepare(connection)
    try:
        with own(url):
            dialects.of(connection).require_alone(connection)
            return schema.prepare(connection)
    except AlreadyRunning as running:
        by = "another process" if running.pid is None else f"process {running.pid}"
        raise DatabaseError(
            f"The database has schema {found}, this version needs {schema.HEAD}, and {by} uses it: "
            "stop the service, then run `iaventure db upgrade`."
        ) from running


def backup(url: str, target: Path) -> None:
    """Copies a database that may be in use into a file: one consistent state, checked, readable by its owner only.

    Raises:
        DatabaseError: the target exists, or the copy could not be made; then none is left.
    """
    if not dialects.is_server(url):
        sqlite.copy(sqlite.file_of(url), target)
        return
    sqlite.create_copy(target)
    try:
        with _connected(url, read_only=True) as source, _connected(f"sqlite:///{target}") as result:
            schema.require_present(source)
            schema.prepare(result)
            with dialects.of(source).begin(source, read_only=True), sqlite.begin(result):
                for _ in copying.copy(source, result):
                    pass
            sqlite.fold(result)
    except BaseException:
        target.unlink()
        raise


def move(source_url: str, target_url: str) -> Generator[tuple[str, int]]:
    """Copies a database that nobody uses into an empty one, which may be of the other kind; all of it or nothing.

    Yields:
        The name of each table once it is copied, and how many rows it has. It is kept when the last one was taken.

    Raises:
        AlreadyRunning: something uses the source, or the target.
        DatabaseError: the source is missing or has another schema, the target is not empty, or either cannot be used.
    """
    if not dialects.is_server(source_url):
        sqlite.require_present(sqlite.file_of(source_url))
    if not dialects.is_server(target_url):
        sqlite.create(sqlite.file_of(target_url))
    with alone(source_url) as source, alone(target_url) as target:
        schema.require_present(source)
        schema.prepare(target)
        # Nobody writes to the source meanwhile, either.
        with dialects.of(source).begin(source), dialects.of(target).begin(target):
            copying.require_empty(target)
            yield from copying.copy(source, target)


@contextmanager
def alone(url: str) -> Iterator[Tx]:
    """A connection to a database while the block runs, at whose beginning no other process of ours uses it.

    Beside a file none begins meanwhile, either.

    Raises:
        AlreadyRunning: one uses it.
        DatabaseError: it cannot be used.
    """
    with own(url), _connected(url) as connection:
        dialects.of(connection).require_alone(connection)
        yield connection


@contextmanager
def _connected(url: str, *, read_only: bool = False) -> Iterator[Tx]:
    engine = dialects.engine(url, read_only=read_only, patient=True)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


class Store:
    """An open database. What it runs takes a `Tx` first, touches nothing else, and may run twice."""

    def __init__(self, writer: Writer, readers: Engine) -> None:
        self._writer = writer
        self._readers = readers
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="store-reader")
        self._closed = False

    @property
    def waiting(self) -> int:
        """Functions that wait to be written."""
        return self._writer.waiting

    def watch(self, observe: Callable[[float], object]) -> None:
        """Tells the seconds that each writing transaction took, in a thread of the store."""
        self._writer.observe = observe

    async def write(self, f: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs `f(tx, …)` and returns its result once it is committed. First come, first run.

        Cancelling the caller does not recall the function: it may still run, and be committed.

        Raises:
            DatabaseError: the database did not keep it; nothing of it is there.
            Exception: what `f` raised; nothing of it is there.
        """
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[T] = loop.create_future()
        self._writer.submit(Work(f, args, kwargs, waiter, loop))
        return await waiter

    def write_now(self, f: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """As `write`, where there is no event loop: the thread waits."""
        waiter: Future[T] = Future()
        self._writer.submit(Work(f, args, kwargs, waiter, None))
        return waiter.result()

    async def read(self, f: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs `f(tx, …)` beside the writer, over what was committed when it began to read.

        Raises:
            DatabaseError: the database cannot be read.
            Exception: what `f` raised; SQLAlchemy's `OperationalError` if it tried to write.
        """
        self._require_open()
        return await asyncio.wrap_future(self._threads.submit(self._read, f, *args, **kwargs))

    def read_now(self, f: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """As `read`, where there is no event loop: in the thread that calls."""
        self._require_open()
        return self._read(f, *args, **kwargs)

    def close(self) -> None:
        """Ends what runs and what is queued, and folds the write-ahead log into the file; once is enough."""
        self._closed = True
        self._threads.shutdown()
        self._readers.dispose()
        self._writer.close()  # the last: SQLite empties its log when the last connection closes

    async def aclose(self) -> None:
        """As `close`, without holding up the event loop."""
        await asyncio.to_thread(self.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _require_open(self) -> None:
        if self._closed:
            raise DatabaseError("The database was closed: nothing more can be read.")

    def _read(self, f: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return self._read_once(f, *args, **kwargs)
        except (
            Undone
        ):  # a connection that waited in the pool had died meanwhile, and all with it were thrown away
            return self._read_once(f, *args, **kwargs)

    def _read_once(self, f: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        with self._readers.connect() as tx, dialects.of(tx).begin(tx, read_only=True):
            return f(tx, *args, **kwargs)
