# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The studio: drawings become pictures and papers, one or two at a time, each in a child process that ends with it."""

from __future__ import annotations

import asyncio
import json
import os
import struct

from bot import children
from bot.children import Bounds, Unfinished
from bot.messages import Document, Drawing, Picture
from config.errors import IaventureError

MODULE = "bot.drawing.child"
MOST = 2
"""Children at once, for all channels: a drawing takes one processor for a tenth of a second, and 60 MB meanwhile."""
AT_ONCE = max(1, min(MOST, (os.cpu_count() or 1) - 1))
"""One processor is left to the service, where there are two: a unit's filter keeps children from giving way to it."""
BOUNDS = Bounds(output=2 << 20)
"""Of one drawing. Telegram takes pictures of 10 MB; a card has 150 KB."""
LARGEST = 10_000
"""Pixels of a side: Telegram's bound on both sides together."""

_PNG, _PDF = b"\x89PNG\r\n\x1a\n", b"%PDF-"


class Undrawn(IaventureError):
    """It cannot be drawn now. The text quotes nothing of what was to be drawn."""


class Unplaced(Undrawn):
    """Nothing was tried: all places were taken."""


class Studio:
    """Draws what it is asked to, for every channel. `module`: what the child runs."""

    def __init__(self, module: str = MODULE, bounds: Bounds = BOUNDS, at_once: int = AT_ONCE) -> None:
        self._module, self._bounds = module, bounds
        self._places = asyncio.Semaphore(at_once)

    async def draw(self, drawing: Drawing) -> Picture | Document:
        """Draw a picture, or a paper as a document.

        It waits for a place for the seconds of the bounds at most, and is then drawn in as many: counted together, a child
        begun late would be ended for the wait.

        Raises:
            Unplaced: no place was free in time.
            Undrawn: the child took too long or failed; the next one may not.
        """
        try:
            asked = json.dumps({"kind": drawing.kind, "facts": dict(drawing.facts)}).encode()
            await self._place()
            try:
                drawn = await children.run(self._module, asked, self._bounds)
            finally:
                self._places.release()
            return _sheet(drawing, drawn)
        except (Unfinished, ValueError, TypeError) as error:
            raise Undrawn(str(error) if isinstance(error, Unfinished) else type(error).__name__) from None

    async def _place(self) -> None:
        try:
            async with asyncio.timeout(self._bounds.seconds):
                await self._places.acquire()
        except TimeoutError:
            raise Unplaced(f"no place was free in {self._bounds.seconds:g} s") from None


def _sheet(drawing: Drawing, drawn: bytes) -> Picture | Document:
    if drawing.kind.is_paper:
        if not drawn.startswith(_PDF):
            raise Unfinished("what was drawn is no paper")
        return Document(drawing.name, "application/pdf", drawn, drawing.alternative or drawing.name)
    width, height = _size(drawn)
    return Picture(
        drawing.name, "image/png", drawn, width, height, alternative=" ".join(drawing.alternative.split())
    )


def _size(png: bytes) -> tuple[int, int]:
    """Return width and height in pixels, as the first block of a PNG says.

    Raises:
        Unfinished: it is no PNG, or none that a channel shows.
    """
    if not png.startswith(_PNG) or png[12:16] != b"IHDR" or len(png) < 24:
        raise Unfinished("what was drawn is no picture")
    width, height = struct.unpack(">II", png[16:24])
    if not (width > 0 and height > 0 and width + height <= LARGEST):
        raise Unfinished(f"a picture of {width} × {height} pixels")
    return width, height
