# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The terminal, piped, as a case of the conformance suite."""

from __future__ import annotations

import io
import os
import re
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from bot.channels.console import ADDRESS, ConsoleChannel
from bot.messages import Event
from tests.channels.cases import ChannelCase, Promise


class ConsoleCase(ChannelCase):
    """A pipe in, text out."""

    name = "console"
    exempt: ClassVar[Mapping[Promise, str]] = {
        Promise.EDITS: "what a terminal has printed cannot be changed: an edit is a new message",
        Promise.CONTROLS: "there is nothing to press",
        Promise.REDELIVERY: "a line that was read from a pipe cannot be read again",
        Promise.DOWNLOADS: "nobody sends a file to a terminal",
        Promise.DEPARTURES: "the person at the terminal leaves by ending the process",
        Promise.OUTAGES: "there is no service between the process and its terminal",
    }
    address = ADDRESS

    async def start(self) -> None:
        read, write = os.pipe()
        self._typed = os.fdopen(write, "wb", buffering=0)
        self._lines = os.fdopen(read, "rb")
        self._out = io.StringIO()
        self._folder = tempfile.TemporaryDirectory(prefix="terminal-")
        self.channel = ConsoleChannel(self._lines, self._out, folder=Path(self._folder.name) / "files")
        await self.channel.open()

    async def stop(self) -> None:
        await self.channel.close()
        self._typed.close()
        self._lines.close()
        self._folder.cleanup()

    async def listen(self) -> AsyncIterator[Sequence[Event]]:
        pages = self.channel.listen()
        await anext(pages)  # the first word, which the terminal says for the person
        async for page in pages:
            yield page

    async def shown(self) -> list[str]:
        return [said for said in self._paragraphs() if not said.startswith(("🖼", "📄"))]

    def _paragraphs(self) -> list[str]:
        return self._out.getvalue().split("\n\n")[:-1]

    async def received_files(self) -> list[tuple[str, bytes]]:
        return [(path.name, path.read_bytes()) for _, path in self._named("📄 Document")]

    async def received_pictures(self) -> list[tuple[str, bytes]]:
        """What is read is the text, or the alternative, above the line that says where the picture is."""
        return [(above, path.read_bytes()) for above, path in self._named("🖼 Image")]

    def _named(self, what: str) -> list[tuple[str, Path]]:
        said = self._paragraphs()
        named = [(place, re.fullmatch(rf"{what}\u00a0: (.+)", line)) for place, line in enumerate(said)]
        return [(said[place - 1], Path(line[1])) for place, line in named if line]

    async def refuses_files(self) -> None:
        (Path(self._folder.name) / "files").write_text("in the place of the folder")

    async def type(self, text: str) -> None:
        self._typed.write(f"{text}\n".encode())
