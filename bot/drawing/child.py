# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Draw one thing and end: `{"kind", "facts"}` comes as JSON on stdin, the bytes leave on stdout.

Run as `python -I -m bot.drawing.child`, with nothing in its environment. It imports what it draws with, and nothing else.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

FOLDER = Path(__file__).parent
PIXELS_AN_INCH = 72
"""A point of a template is a pixel."""


def draw(kind: str, facts: dict[str, Any]) -> bytes:
    """Return a picture (PNG), or for a paper a PDF/UA-1. The same facts give the same bytes.

    `facts` are data to the template, never markup. Those of a paper have `issued_at`, an instant in ISO 8601.
    """
    options: dict[str, Any] = {"format": "png", "ppi": PIXELS_AN_INCH}
    if "issued_at" in facts:
        options = {
            "format": "pdf",
            "pdf_standards": ["ua-1"],
            "timestamp": datetime.fromisoformat(facts["issued_at"]),
        }
    drawn: bytes = typst.compile(
        FOLDER / "templates" / f"{kind}.typ",
        font_paths=[FOLDER / "fonts"],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(facts)},
        **options,
    )
    return drawn


def main() -> None:
    """Draw what stdin asks for."""
    asked = json.load(sys.stdin)
    sys.stdout.buffer.write(draw(asked["kind"], asked["facts"]))


if __name__ == "__main__":
    main()
