# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The reader of lesson files: each in a child process of its own, one at a time, within seconds and bytes."""

from __future__ import annotations

import asyncio
import json
import logging

from bot import children
from bot.children import Bounds, Busy, Unfinished
from config.errors import INPUT, IaventureError
from lessons.model import Lesson
from lessons.source import Document, Opened, Place, PlacedLesson, Problem, Problems

log = logging.getLogger(__name__)

MODULE = "bot.files.child"
BOUNDS = Bounds(seconds=30)
"""Of one file: 5 s of processor with the start of the child, which takes 0.4 s, and 512 MB. The clock leaves room for a
machine that is busy, on which a child that gives way gets a tenth."""
ON_COMMAND = Bounds(seconds=60)
"""Nobody else waits behind a command."""
_LATE = "ce classeur n’a pas pu être lu à temps : recommencer dans quelques minutes"
_UNREAD = "ce classeur n’a pas pu être lu jusqu’au bout : recopier la leçon dans un nouveau classeur"


class Unread(IaventureError):
    """A file could not be read to its end: no sentence says what is wrong with it."""

    exit_code = INPUT


class Late(Unread):
    """It was not read in time: the same file may be read later."""


class Reader:
    """Reads the files that admins send. `module`: what the child runs."""

    def __init__(self, module: str = MODULE, bounds: Bounds = BOUNDS) -> None:
        self._module, self._bounds = module, bounds
        self._one = asyncio.Semaphore(1)

    async def read(self, content: bytes, name: str) -> PlacedLesson | Problems:
        """Return what a lesson file holds, or every problem in it.

        Raises:
            Late: the child was not done in time, or could not start.
            Unread: it failed, or took too much of the processor or of memory.
        """
        async with self._one:
            try:
                return (await self.open(content, name)).placed
            except Problems as problems:
                return problems

    async def open(self, content: bytes, name: str) -> Opened:
        """Return a lesson with the places of its values.

        Raises:
            Problems: it is no valid lesson.
            Late, Unread: as `read`.
        """
        given = json.dumps(name).encode() + b"\n" + content
        try:
            found = json.loads(await children.run(self._module, given, self._bounds))
            if "problems" in found:
                raise Problems(Problem(name, *one) for one in found["problems"])
            lesson = Lesson.model_validate(found["lesson"])
            places = {tuple(where): Place(*place) for where, place in found["places"]}
        except Busy as busy:
            raise Late(str(busy)) from None
        except Unfinished as unfinished:
            raise Unread(str(unfinished)) from None
        except (ValueError, KeyError, TypeError) as error:
            raise Unread(f"the child said something else ({type(error).__name__})") from None
        return Opened(
            PlacedLesson(lesson, found["place"], name), Document(name, None, (), frozenset(), places, {})
        )


def open_workbook(content: bytes, file: str, reader: Reader | None = None) -> Opened:
    """Read a workbook for a command, in a child process; not inside an event loop.

    Raises:
        Problems: it is no valid lesson, or could not be read to its end.
    """
    reader = reader or Reader(bounds=ON_COMMAND)
    try:
        return asyncio.run(reader.open(content, file))
    except Unread as unread:
        log.warning("A file could not be read: %s", unread, extra={"action": "read-file"})
        told = _LATE if isinstance(unread, Late) else _UNREAD
        raise Problems([Problem(file, 0, 0, "", told)]) from None
