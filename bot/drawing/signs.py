# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Which signs the font has, and what is drawn of a text that has others. Pure: the font's own table is read once."""

from __future__ import annotations

import re
import struct
import unicodedata
from functools import cache
from pathlib import Path

FONT = Path(__file__).parent / "fonts" / "AtkinsonHyperlegibleNext_400Regular.ttf"
"""The bold one has the same signs."""
_LIKE = {"\u202f": "\u00a0", "\u2011": "-", "\u2212": "–", "\u2015": "—", "\u2192": "–", "\u21d2": "–"}
"""What is drawn for some signs that the font lacks: a narrow no-break space, dashes, arrows."""
_SPACES = re.compile(r"\s+")


@cache
def signs() -> frozenset[str]:
    """Return every sign that the font has."""
    data = FONT.read_bytes()
    tables = {data[at : at + 4]: data[at + 8 : at + 12] for at in range(12, 12 + 16 * _number(data, 4), 16)}
    start = int.from_bytes(tables[b"cmap"])
    start += int.from_bytes(data[start + 8 : start + 12])  # its first sub-table: all of Unicode's first plane
    form, _, _, twice = struct.unpack_from(">4H", data, start)
    if form != 4:
        raise ValueError(f"the font's table of signs has the format {form}")
    ends = struct.unpack_from(f">{twice // 2}H", data, start + 14)
    starts = struct.unpack_from(f">{twice // 2}H", data, start + 16 + twice)
    deltas = struct.unpack_from(f">{twice // 2}H", data, start + 16 + 2 * twice)
    found = set()
    for segment, (first, last) in enumerate(zip(starts, ends, strict=True)):
        place = start + 16 + 3 * twice + 2 * segment
        offset = _number(data, place)
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code if not offset else _number(data, place + offset + 2 * (code - first))
            if (glyph + deltas[segment] * (not offset or bool(glyph))) & 0xFFFF:
                found.add(chr(code))
    return frozenset(found)


def _number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 2])


def drawn(text: str) -> str:
    """Return a text in one line of signs that the font has.

    What it lacks becomes what it resembles, e.g. a full-width letter; or it is left out, as an emoji is.
    """
    known = unicodedata.normalize("NFC", text)
    if not _as_they_are().issuperset(known):
        known = "".join(map(_drawn, known))
    return _SPACES.sub(lambda run: "\u00a0" if "\u00a0" in run[0] else " ", known).strip()


@cache
def _as_they_are() -> frozenset[str]:
    """Return the signs that are drawn as they are: nearly all of what is drawn has no other."""
    return frozenset(sign for sign in signs() if _drawn(sign) == sign)


def _drawn(sign: str) -> str:
    if sign.isspace() and sign != "\u00a0":
        return _LIKE.get(sign, " ")
    if unicodedata.category(sign) in ("Cc", "Cf"):
        return ""  # the font may have some, e.g. a soft hyphen: nothing is seen of them
    if sign in signs():
        return sign
    alike = _LIKE.get(sign) or unicodedata.normalize("NFKD", sign)
    return "".join(one for one in alike if one in signs() and not unicodedata.combining(one))


def cut(text: str, longest: int) -> str:
    """Cut a text of more characters, between two words where it has some; an ellipsis says so."""
    if len(text) <= longest:
        return text
    whole, _, rest = text[:longest].rpartition(" ")
    return f"{whole if len(rest) < longest // 2 else text[: longest - 1].rstrip()}…"
