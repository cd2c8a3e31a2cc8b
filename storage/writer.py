# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Group commit: one thread takes the functions that wait, runs them in one transaction, wakes their callers.

One disk flush for up to 50 functions gives 9,000 to 15,000 transactions a second; one flush each gave 2,241. Functions that
take long share none for long: the first of a group waits for the last.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass
from itertools import takewhile
from queue import SimpleQueue
from threading import Lock, Thread
from time import monotonic, perf_counter, sleep
from typing import TYPE_CHECKING, Any

from storage import dialects
from storage.failures import DatabaseError, Undone, Unsure

if TYPE_CHECKING:
    import asyncio
    import concurrent.futures
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy import Connection

GROUP = 50
"""Most functions in one transaction."""
SLICE = 0.020
"""Seconds after which a transaction takes no further function: fifty answers with a card take 0.25 s."""
COMMITS = 3
"""Times as long as the last commit took, if that is longer: a slow disk costs a quarter of the time at most."""
PAUSES = (0.0, 0.2, 0.8)
"""Back-off: seconds before each retry of a group that was `Undone`."""
REST = 0.5
"""Seconds without an attempt after a database could not be reached; writes fail at once meanwhile."""
SLOW = 0.050
"""Seconds; a function that takes longer is logged when others waited for it."""

log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Work:
    """A function that waits for its transaction, and the future that waits for it."""

    f: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    waiter: asyncio.Future[Any] | concurrent.futures.Future[Any]
    loop: asyncio.AbstractEventLoop | None
    """The event loop of the waiter; None when a thread waits."""
    outside: bool = False
    """Whether it runs outside any transaction."""
    first: bool = False
    """Whether it runs before what waits, behind others of its kind."""
    result: Any = None
    error: BaseException | None = None


class Writer:
    """The one thread that writes. It runs functions in the order given, but for what goes first; the queue has no bound."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = dialects.of(connection)
        self._out_of_reach: BaseException | None = None
        self._resting_until = 0.0
        self._queue: SimpleQueue[Work | None] = SimpleQueue()
        self._line: list[Work] = []
        """What was taken from the queue and not run yet. Only the thread changes it."""
        self._under_way = 0
        """How many of the line are being run."""
        self._commit = 0.0
        """Seconds that the last commit took."""
        self._door = Lock()
        self._closed = False
        self.observe: Callable[[float], object] | None = None
        """Called with the seconds of each transaction, in the writer's thread."""
        # A daemon thread, killed with the process: what was not committed was not acknowledged either.
        self._thread = Thread(target=self._work, name="store-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Work) -> None:
        """Queue a function; its waiter is settled after the commit that keeps it.

        Raises:
            DatabaseError: the writer is closed.
        """
        with self._door:
            if self._closed:
                raise DatabaseError("The database was closed: nothing more can be written.")
            self._queue.put(work)

    @property
    def waiting(self) -> int:
        """How many functions wait, besides what is being run."""
        return self._queue.qsize() + max(0, len(self._line) - self._under_way)

    def close(self) -> None:
        """Run what is queued, then end the thread and its connection."""
        with self._door:
            if not self._closed:
                self._queue.put(None)
            self._closed = True
        self._thread.join()
        self._connection.close()
        self._connection.engine.dispose()

    def _work(self) -> None:
        open_ = True
        while open_ or self._line:
            if not self._line:
                open_ = self._line_up([self._queue.get(), *self._queued()])
                continue
            group = self._next()
            began = perf_counter()
            self._under_way = 1
            if group[0].outside:
                self._run_outside(group[0])
            else:
                group = group[: self._keep(group)]
            took = perf_counter() - began
            del self._line[: len(group)]
            self._under_way = 0
            # Take what waits before the callers wake. Otherwise a caller in a loop, such as planning, adds its next batch to
            # the group of a small write that waited for the last batch: the write waits for both.
            open_ = open_ and self._line_up(self._queued())
            _wake(group)
            if self.observe is not None and not group[0].outside:
                self.observe(took)

    def _queued(self) -> list[Work | None]:
        return [self._queue.get_nowait() for _ in range(self._queue.qsize())]

    def _line_up(self, came: Iterable[Work | None]) -> bool:
        """Put what came in its place in the line. Return whether more may come."""
        for work in came:
            if work is None:
                return False
            self._line.insert(self._place_of_first() if work.first else len(self._line), work)
        return True

    def _place_of_first(self) -> int:
        """Return where the next one that goes first stands: behind its like, and behind what runs outside a transaction."""
        outside = [place for place, work in enumerate(self._line) if work.outside]
        place = outside[-1] + 1 if outside else 0
        return place + sum(1 for _ in takewhile(_goes_first, self._line[place:]))

    def _next(self) -> list[Work]:
        """Return those in front of the line that may share a transaction, or one that needs none."""
        group = list(takewhile(_is_inside, self._line[:GROUP]))
        return group or self._line[:1]

    def _keep(self, group: Sequence[Work]) -> int:
        """Commit as many of a group as a slice holds, or each of these alone; note the result or the error of each.

        Return how many these are.
        """
        ran, error = self._insist(group)
        if error is None:
            return ran
        if ran > 1 and not isinstance(error, Unsure):
            for work in group[:ran]:
                self._keep([work])
            return ran
        # Where nothing began, trying each alone would make the last of them wait for 50 timeouts.
        failed = group[:ran] or group
        for work in failed:
            work.error = _raisable(error) if len(failed) == 1 else _copy_of(error)
        return len(failed)

    def _insist(self, group: Sequence[Work]) -> tuple[int, BaseException | None]:
        """Run the group, with retries; return how many of it began, and the error for which they were not kept."""
        if monotonic() < self._resting_until:
            return 0, self._out_of_reach
        pauses = iter(PAUSES)
        while True:
            ran, error = self._attempt(group)
            if not isinstance(error, Undone):
                return ran, error
            pause = next(pauses, None)
            if pause is None:
                break
            sleep(pause)
        if not ran:
            self._resting_until, self._out_of_reach = monotonic() + REST, error
        return ran, error

    def _attempt(self, group: Sequence[Work]) -> tuple[int, BaseException | None]:
        """Run as many of a group as a slice holds in one transaction; return how many, and why they were not kept."""
        ran = 0
        try:
            with self._dialect.begin(self._connection):
                began = ended = perf_counter()
                for work in group:
                    # Two callers that go first in turn would leave no slice to the others: theirs begins after them.
                    if work.first:
                        began = perf_counter()
                    ran += 1
                    self._under_way = ran
                    self._run(work)
                    ended = perf_counter()
                    if not work.first and ended - began >= max(SLICE, COMMITS * self._commit):
                        break
            self._commit = perf_counter() - ended
        except BaseException as error:  # noqa: BLE001 - the thread must live, and each caller get its error
            return ran, error
        return ran, None

    def _run_outside(self, work: Work) -> None:
        try:
            work.result = work.f(self._connection, *work.args, **work.kwargs)
        except BaseException as error:  # noqa: BLE001 - the thread must live, and the caller get its error
            work.error = _raisable(error)

    def _run(self, work: Work) -> None:
        began = perf_counter()
        work.result = work.f(self._connection, *work.args, **work.kwargs)
        took = perf_counter() - began
        self._dialect.require_transaction(self._connection)
        if took > SLOW and (self.waiting or self._under_way > 1):
            name = getattr(work.f, "__qualname__", repr(work.f))
            log.warning(
                "%s held the database for %d ms: every other write waited",
                name,
                took * 1000,
                extra={"action": "slow-transaction", "function": name, "milliseconds": round(took * 1000)},
            )


def _goes_first(work: Work) -> bool:
    return work.first


def _is_inside(work: Work) -> bool:
    return not work.outside


def _copy_of(error: BaseException) -> DatabaseError:
    """Return a copy of an error: each waiter raises its own."""
    copy = type(error)(str(error)) if isinstance(error, DatabaseError) else DatabaseError(str(error))
    copy.__cause__ = error
    return copy


def _raisable(error: BaseException) -> BaseException:
    """Return the error, or a `RuntimeError` for a `StopIteration`, which a future refuses (generators do the same)."""
    if not isinstance(error, StopIteration):
        return error
    fault = RuntimeError("the function raised StopIteration")
    fault.__cause__ = error
    return fault


def _wake(group: Iterable[Work]) -> None:
    """Settle every waiter, with one call into each event loop, since each call costs a system call."""
    places: dict[asyncio.AbstractEventLoop | None, list[Work]] = {}
    for work in group:
        places.setdefault(work.loop, []).append(work)
    for loop, works in places.items():
        if loop is None:
            _settle(works)
            continue
        with suppress(RuntimeError):  # the loop was closed: nobody waits there
            loop.call_soon_threadsafe(_settle, works)


def _settle(works: Iterable[Work]) -> None:
    for work in works:
        if work.waiter.done():  # cancelled
            continue
        if work.error is not None:
            work.waiter.set_exception(work.error)
        else:
            work.waiter.set_result(work.result)
