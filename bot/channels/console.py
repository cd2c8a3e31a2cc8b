# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The terminal as a channel: one learner, who types. Piped, it reads a line once the last one is answered.

A terminal shows no picture and no paper: it says the same in words, and where the file is.
"""

from __future__ import annotations

import asyncio
import secrets
import shutil
import sys
import textwrap
import threading
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, TextIO

from bot.channels import ChannelFault, Rejected
from bot.channels.folder import Folder
from bot.messages import Ask, Edit, Event, FileRef, Limits, Piece
from bot.pacing import Pace
from bot.wording import words_of
from lessons import markup

ADDRESS = "terminal"
PROMPT = "> "
BOLD, PLAIN = "\ue000", "\ue001"
"""Stand for the terminal's own codes, which would count as letters when lines are wrapped."""
LINE = 4096
"""Characters of a line that are read; the rest of it is dropped."""


class ConsoleChannel:
    """Reads lines and prints messages. On a terminal, bold is bold; piped, the text is bare."""

    name = "console"
    limits = Limits(text=20_000, caption=20_000, ask=Ask.TYPING)
    pace = Pace(rate=0, in_flight=1, address_rate=0, sender_rate=0)
    asks_one_at_a_time = True
    device = ""
    account = "console"

    def __init__(
        self,
        lines: BinaryIO | None = None,
        out: TextIO | None = None,
        *,
        folder: Path | None = None,
        language: str = "fr",
    ) -> None:
        """`folder`: where pictures and papers go; without it none are made. `language`: in which it is said where."""
        self._lines = lines
        self._folder = None if folder is None else Folder(folder)
        if folder is not None:
            self.limits = replace(self.limits, documents=True, pictures=True)
        self._words = words_of(language)
        self._out = out or sys.stdout
        self._session = secrets.token_hex(6)
        self._messages = 0
        self._asking = False
        self._terminal = self._out.isatty()

    async def open(self) -> None:
        """Do nothing: there is nothing to connect to."""

    async def listen(self) -> AsyncIterator[Sequence[Event]]:
        """Yield a page for each line until the end of file; before them a word of our own: the conversation begins.

        Lines that are piped may begin with that word themselves: then it is not said twice.
        """
        # Not `sys.stdin.buffer`: its lock is held while a thread waits for a line, and then the interpreter cannot end.
        lines = self._lines or open(sys.stdin.fileno(), "rb", buffering=0, closefd=False)  # noqa: ASYNC230, SIM115
        line = None if self._terminal else await self._line(lines)
        if line is None or line.strip() != "start":
            yield [self._event(0, "start")]
        number = 1
        while line is not None or (line := await self._line(lines)) is not None:
            if line.strip():
                yield [self._event(number, line.strip())]
            number += 1
            line = None

    def _event(self, number: int, text: str) -> Event:
        return Event(self.name, f"{self._session}-{number}", ADDRESS, datetime.now(UTC), text=text)

    async def _line(self, lines: BinaryIO) -> str | None:
        """Return the next line, at most `LINE` characters of it; nothing at the end of file."""
        self._asking = self._terminal
        if self._asking:
            self._say(PROMPT)
        loop = asyncio.get_running_loop()
        read: asyncio.Future[str | None] = loop.create_future()

        def finish(line: str | None) -> None:
            if not read.done():
                read.set_result(line)

        def wait() -> None:
            line = _read(lines)
            try:
                loop.call_soon_threadsafe(finish, line)
            except RuntimeError:
                return  # the loop was closed while the terminal waited for a line

        # A daemon: nobody can interrupt a read of the terminal, and the process must be able to end.
        threading.Thread(target=wait, name="console-reader", daemon=True).start()
        line = await read
        self._asking = False
        return line

    def _say(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()

    async def send(self, address: str, piece: Piece, key: str, target: str = "") -> str:
        """Print a message. Nothing on a terminal can be edited, so all are new."""
        del key, target
        if address != ADDRESS:
            raise Rejected("the terminal has one address")
        text = self._shown(_said(piece))
        if where := await self._where(piece):
            text = f"{text}\n\n{where}" if text else where
        try:
            # A lesson whose hour comes while the terminal waits for a line takes the prompt's place.
            before, after = ("\r", PROMPT) if self._asking else ("", "")
            self._say(f"{before}{text}\n\n{after}")
        except (OSError, ValueError) as error:
            raise ChannelFault("The terminal cannot be written to.", fatal=True) from error
        self._messages += 1
        return str(self._messages)

    async def _where(self, piece: Piece) -> str:
        """Write what was drawn, and say where; nothing where nothing was drawn, or where it cannot be written."""
        if self._folder is None or isinstance(piece, Edit):
            return ""
        drawn = piece.picture or piece.document
        if drawn is None or not drawn.alternative:
            return ""
        path = await asyncio.to_thread(self._folder.keep, drawn.name, drawn.content)
        if path is None:
            return ""
        if piece.picture is not None:
            return self._words.plain("terminal.picture", path=path)
        return self._words.plain("terminal.document", path=path)

    def _shown(self, text: str) -> str:
        if not self._terminal:
            return markup.plain(text)
        shown = "".join(
            f"{BOLD}{span.text}{PLAIN}" if span.bold else f"{span.text}{_address(span)}"
            for span in markup.parse(text)
        )
        width = min(shutil.get_terminal_size().columns, 100)
        lines = (
            textwrap.fill(
                line, width, break_long_words=False, break_on_hyphens=False, replace_whitespace=False
            )
            for line in shown.split("\n")
        )
        return "\n".join(lines).replace(BOLD, "\033[1m").replace(PLAIN, "\033[0m")

    async def acknowledge(self, event: Event, text: str) -> None:
        """Do nothing: nothing is pressed on a terminal."""

    async def download(self, file: FileRef, limit: int) -> bytes:
        """Refuse: nobody sends files to a terminal."""
        del limit
        raise Rejected(f"the terminal has no file {file.ref!r}")

    async def introduce(self, commands: Mapping[str, Mapping[str, str]]) -> None:
        """Do nothing: the terminal has no menu."""

    def reach(self, person: str) -> tuple[str, ...]:
        """Return the same: there is one person."""
        return (person,)

    async def forget(self, address: str) -> None:
        """Do nothing: there is no store of its own."""

    async def close(self) -> None:
        """Do nothing: nothing was opened."""


def _said(piece: Piece) -> str:
    """Return all that is said of a piece: the text beside a picture says the same as the picture."""
    said = [piece.text]
    if not isinstance(piece, Edit):
        if piece.picture is not None and not piece.text:
            said.append(markup.escape(piece.picture.alternative))
        if (document := piece.document) is not None:
            said.append(markup.escape(document.alternative or document.content.decode(errors="replace")))
    return "\n\n".join(text for text in (*said, piece.aside) if text)


def _read(lines: BinaryIO) -> str | None:
    raw = lines.readline(LINE * 4)
    if not raw:
        return None
    rest = raw
    while rest and not rest.endswith(b"\n"):
        rest = lines.readline(LINE * 4)
    # Windows marks the beginning of a text that it pipes.
    return raw.decode(errors="replace").removeprefix("\ufeff")[:LINE]


def _address(span: markup.Span) -> str:
    return f" ({span.href})" if span.href and span.href != span.text else ""
