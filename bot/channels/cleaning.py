# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Bounds and cleaning of texts, names and numbers that came in, whatever the channel."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LONGEST_TEXT = 4096
LONGEST_FILE_NAME = 128
SHORTEST_NAME = 3
"""Characters: a bot that is called « 2 » would swallow answers."""
LONGEST_NAME = 100
LARGEST_NUMBER = 2**53
"""Upper limit of an id or a time: canonical JSON has no larger integer, and the Bot API none either."""

# Controls, halves of surrogate pairs (no database takes them), line and paragraph separators.
_UNSAFE = {"Cc", "Cs", "Zl", "Zp"}
# Bidirectional controls: they change the direction of all text after them.
_BIDIRECTIONAL = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def paragraphs(text: str, longest: int) -> str:
    """Return a text of a person without controls but line feeds and tabs."""
    return "".join(
        mark for mark in text[:longest] if mark in "\n\t" or unicodedata.category(mark) not in ("Cc", "Cs")
    )


def line(text: str, longest: int) -> str:
    """Return a name of a person's making on one line, without controls, bidirectional ones too, or spaces to spare."""
    kept = "".join(
        " " if unicodedata.category(mark) in _UNSAFE else mark
        for mark in text[: 4 * longest]
        if mark not in _BIDIRECTIONAL
    )
    return " ".join(kept.split())[:longest].rstrip()


def file_name(name: str) -> str:
    """Return the last part of a file's name, whichever system it comes from."""
    return line(name.replace("\\", "/").rpartition("/")[2], LONGEST_FILE_NAME)


def number(value: object) -> str:
    """Return a whole number as it is written; empty for anything else, which libraries hand on as it came."""
    if not isinstance(value, int) or isinstance(value, bool):
        return ""
    return str(value) if abs(value) < LARGEST_NUMBER else ""


def unaddressed(text: str, names: tuple[str, ...]) -> str:
    """Return a text without the bot's name before or after it: « IAventure: 1 », « @iaventure aide », a mention as a link.

    A text that is nothing but the name stays as it is. `names` are compared without case; the `@` before them is optional
    at the beginning.
    """
    before, after = _address(names)
    rest = after.sub("", before.sub("", text, count=1), count=1)
    return rest if rest.strip() else text


@lru_cache(maxsize=256)
def _address(names: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    known = sorted({name.lstrip("@")[:LONGEST_NAME] for name in names}, key=len, reverse=True)
    spelled = "|".join(re.escape(name) for name in known if len(name) >= SHORTEST_NAME) or r"(?!)"
    link = rf"\[@?(?:{spelled})\]\(https://matrix\.to/#/[^\s()]{{1,600}}\)"
    before = rf"\s*(?:{link}|@?(?:{spelled}))(?:\s*[:,;]\s*|\s+|$)"
    # Matched only at the beginning of a run of spaces, without backtracking: thousands of spaces took 0.1 s.
    after = rf"(?<!\s)(?:\s*,)?\s+(?:{link}|@(?:{spelled}))\s*(?:[.!?]\s*)?$"
    return re.compile(rf"^{before}", re.IGNORECASE), re.compile(after, re.IGNORECASE)
