# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""An open database: `storage.database` opens a `Store`, which runs functions in transactions.

A function takes a `Tx` first and touches nothing else, since it may run twice: the writer runs several
waiting functions in one transaction, and when one of them fails, each again alone. Savepoints would spare the
second run, but they halve the throughput, and lost acknowledged work on a full disk.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Self, TypeVar

from storage import dialects
from storage.failures import DatabaseError, Undone
from storage.writer import Work, Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Engine

    from storage.types import Tx

READERS = 2
"""Reads that run at once; others wait."""


P = ParamSpec("P")
T = TypeVar("T")


class Store:
    """An open database. It runs functions that take a `Tx` first, touch nothing else, and may run twice."""

    def __init__(self, writer: Writer, readers: Engine) -> None:
        self._writer = writer
        self._readers = readers
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="store-reader")
        self._closed = False

    @property
    def waiting(self) -> int:
        """How many functions wait for the writer."""
        return self._writer.waiting

    def watch(self, observe: Callable[[float], object]) -> None:
        """Call `observe` with the seconds of each writing transaction, in the writer's thread."""
        self._writer.observe = observe

    async def write(self, f: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `f(tx, …)` and return its result once it is committed. Functions run in the order of their calls.

        Cancelling the caller does not recall the function: it may still run, and be committed.

        Raises:
            DatabaseError: the database kept nothing of it; for `Unsure`, it may have kept all of it.
            Exception: what `f` raised; the database kept nothing of it.
        """
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[T] = loop.create_future()
        self._writer.submit(Work(f, args, kwargs, waiter, loop))
        return await waiter

    async def write_first(
        self, f: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Do as `write`, before the writes that wait: for what is short, of a caller who waits for each before the next."""
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[T] = loop.create_future()
        self._writer.submit(Work(f, args, kwargs, waiter, loop, first=True))
        return await waiter

    def write_now(self, f: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Do as `write` where there is no event loop: the calling thread waits."""
        waiter: Future[T] = Future()
        self._writer.submit(Work(f, args, kwargs, waiter, None))
        return waiter.result()

    async def read(self, f: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `f(tx, …)` beside the writer, over a snapshot of what was committed when it began to read.

        Raises:
            DatabaseError: the database cannot be read.
            Exception: what `f` raised; SQLAlchemy's `OperationalError` if it tried to write.
        """
        self._require_open()
        return await asyncio.wrap_future(self._threads.submit(self._read, f, *args, **kwargs))

    def read_now(self, f: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Do as `read` where there is no event loop: in the calling thread."""
        self._require_open()
        return self._read(f, *args, **kwargs)

    async def scrub(self) -> bool:
        """Empty the write-ahead log into the file, so that nothing deleted is left in it; return False while it is read.

        It runs on the writer's connection, between transactions: 2 to 5 ms. While a reader is open it gives up at once
        (0.03 ms). With the connection's usual patience it would hold every write for five seconds. A server has no such log.

        Raises:
            DatabaseError: the log could not be written.
        """
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[bool] = loop.create_future()
        self._writer.submit(Work(_scrub, (), {}, waiter, loop, outside=True))
        return await waiter

    async def vacuum(self, tables: Sequence[str]) -> None:
        """Have a server free what was deleted from some tables, beside the writer. A file needs nothing: it overwrites.

        Raises:
            DatabaseError: it could not be done.
        """
        self._require_open()
        await asyncio.wrap_future(self._threads.submit(self._vacuum, tables))

    def _vacuum(self, tables: Sequence[str]) -> None:
        with self._readers.connect() as connection:
            dialects.of(connection).vacuum(connection, tables)

    def close(self) -> None:
        """Run what is queued, then close, and fold the write-ahead log into the file. A second call does nothing."""
        self._closed = True
        self._threads.shutdown()
        self._readers.dispose()
        self._writer.close()  # the last: SQLite empties its log when the last connection closes

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
        except Undone:
            # The pool gave a dead connection, and has now thrown away all connections of its age: retry once.
            return self._read_once(f, *args, **kwargs)

    def _read_once(self, f: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        with self._readers.connect() as tx, dialects.of(tx).begin(tx, read_only=True):
            return f(tx, *args, **kwargs)


def _scrub(connection: Tx) -> bool:
    return dialects.of(connection).scrub(connection)
