# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The terminal, piped, as a case of the conformance suite."""

from __future__ import annotations

import io
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import ClassVar

from bot.channels.console import ADDRESS, ConsoleChannel
from bot.messages import Event
from tests.channels.cases import ChannelCase, Promise


class ConsoleCase(ChannelCase):
    """A pipe in, text out."""

    name = "console"
    exempt: ClassVar[Mapping[Promise, str]] = {
        Promise.EDITS: "what a terminal has printed cannot be changed: an edit is a new message",
        Promise.DOCUMENTS: "nothing can be attached to a line: its text stands alone",
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
        self.channel = ConsoleChannel(self._lines, self._out)
        await self.channel.open()

    async def stop(self) -> None:
        await self.channel.close()
        self._typed.close()
        self._lines.close()

    async def listen(self) -> AsyncIterator[Sequence[Event]]:
        pages = self.channel.listen()
        await anext(pages)  # the first word, which the terminal says for the person
        async for page in pages:
            yield page

    async def shown(self) -> list[str]:
        return self._out.getvalue().split("\n\n")[:-1]

    async def type(self, text: str) -> None:
        self._typed.write(f"{text}\n".encode())
