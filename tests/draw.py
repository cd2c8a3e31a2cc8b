# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""`python -m tests.draw FILE`: say whether this process may be nice, and draw a card by a child."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from bot.children import Bounds
from bot.drawing.studio import Studio
from bot.messages import Picture
from tests.bot.drawings import CARD


def main() -> None:
    try:
        os.nice(1)
        sys.stdout.write("nice allowed\n")
    except OSError:
        sys.stdout.write("nice refused\n")
    drawn = asyncio.run(Studio(bounds=Bounds(seconds=30)).draw(CARD))
    assert isinstance(drawn, Picture)
    Path(sys.argv[1]).write_bytes(drawn.content)


if __name__ == "__main__":
    main()
