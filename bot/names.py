# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A person's name as it is typed for a paper: one line that can be written there, or what keeps it from it. Pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from bot.drawing import coverage

SHORTEST, LONGEST = 2, 80
"""Characters of a name."""
_SPACES = ("\u00a0", "\u202f", "\t")
"""White space that is a space in a name."""

_NO_NAME = "?!"
"""Signs of what answers with something else: « c’est quoi ? »."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a name cannot be written."""

    why: str
    """length; lines; letters, for one without any; digits; sign; hidden, for a sign that shows nothing; accents, for letters
    with marks; alone, for a name among other words."""
    sign: str = ""
    """The sign as it is told: itself, or its number where it shows nothing. For accents: each letter and its substitute."""


def read(text: str) -> str | Refused:
    """Return the name that a text is, with accents and letters composed and single spaces; or why it is none."""
    said = text.strip()
    if len(said.splitlines()) > 1:
        return Refused("lines")
    if len(said) > 4 * LONGEST:  # composing makes it shorter, never to a quarter
        return Refused("length")
    for space in _SPACES:
        said = said.replace(space, " ")
    name = " ".join(filter(None, unicodedata.normalize("NFC", said).split(" ")))
    if not SHORTEST <= len(name) <= LONGEST:
        return Refused("length")
    lacking = dict.fromkeys(one for one in name if coverage.lacking(one))
    unmarked = {one: coverage.unmarked(one) for one in lacking}
    if sign := next((one for one in name if one in _NO_NAME or (one in lacking and not unmarked[one])), ""):
        hidden = unicodedata.category(sign)[0] in "CZM"
        return Refused("hidden" if hidden else "sign", f"U+{ord(sign):04X}" if hidden else sign)
    if lacking:
        return Refused("accents", ", ".join(f"{one} → {letter}" for one, letter in unmarked.items()))
    if any(map(str.isdigit, name)):
        return Refused("digits")
    return name if any(map(str.isalpha, name)) else Refused("letters")
