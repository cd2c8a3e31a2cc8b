# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Read one lesson file and end: its name as JSON on the first line of stdin, then its bytes; what it holds leaves on stdout.

Run by `bot.children`. It imports what reads lessons, and nothing else.
"""

from __future__ import annotations

import json
import sys

from lessons.source import Problems, open_lesson


def read(content: bytes, name: str) -> dict[str, object]:
    """Return what a file holds, as `bot.files.reader` takes it: a lesson with the places of its values, or the problems."""
    try:
        opened = open_lesson(content, name)
    except Problems as refused:
        return {
            "problems": [[one.line, one.column, one.path, one.message, one.sheet] for one in refused.problems]
        }
    places = opened.document.places.items()
    return {
        "lesson": opened.placed.lesson.model_dump(mode="json"),
        "place": opened.placed.place,
        "places": [[where, place] for where, place in places],
    }


def main() -> None:
    """Read what stdin gives."""
    name, content = sys.stdin.buffer.readline(), sys.stdin.buffer.read()
    sys.stdout.buffer.write(json.dumps(read(content, json.loads(name)), ensure_ascii=False).encode())


if __name__ == "__main__":
    main()
