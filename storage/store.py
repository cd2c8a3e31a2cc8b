# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How a function runs in a transaction: `storage.database` opens a `Store`, a `Store` runs functions.

A function takes a `Tx` first and touches nothing else, since it may run twice: the writer runs up to 50
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
    from collections.abc import Callable

    from sqlalchemy import Engine

    from storage.types import Tx

READERS = 2
"""Reads at once; the rest wait."""


P = ParamSpec("P")
T = TypeVar("T")


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
