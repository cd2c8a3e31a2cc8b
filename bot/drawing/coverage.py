# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Which signs the shipped font has, read from its own table (`cmap`): what it lacks cannot stand on a paper (PDF/UA).

Nothing is drawn here, and the library that draws is not loaded: the service asks before it stores anything.
"""

from __future__ import annotations

import struct
import unicodedata
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
_UNICODE = {(0, 3), (0, 4), (3, 1), (3, 10)}
"""Platforms and encodings of the tables whose codes are Unicode."""
_STANDS_IN = {"\u202f": "\u00a0", "\u2011": "-", "\u2010": "-", "\u2192": "\u2013"}
"""What is written for a sign that the font lacks and that a lesson's theme may have."""


def lacking(text: str) -> str:
    """Return the first sign of a text that cannot be written; empty when all can. A space can, no other white space.

    A letter that the font lacks is drawn as its parts, ễ as ê and a tilde, if it has these.
    """
    return next((sign for sign in text if sign != " " and not _is_covered(sign)), "")


def _is_covered(sign: str) -> bool:
    return ord(sign) in signs() or (
        len(parts := unicodedata.normalize("NFD", sign)) > 1 and all(ord(part) in signs() for part in parts)
    )


def unmarked(sign: str) -> str:
    """Return a letter without those of its marks that the font lacks, â for ậ; empty when that is no letter."""
    parts = unicodedata.normalize("NFD", sign)
    left = unicodedata.normalize("NFC", "".join(part for part in parts if ord(part) in signs()))
    return left if len(left) == 1 and left.isalpha() and not lacking(left) else ""


def writable(text: str) -> str:
    """Return a text without what cannot be written, for titles that the operator chose."""
    composed = unicodedata.normalize("NFC", text)
    known = (sign if not lacking(sign) else _STANDS_IN.get(sign, "") for sign in composed)
    return " ".join(filter(None, "".join(known).split(" ")))


@cache
def signs() -> frozenset[int]:
    """Return the code points that every font of the program has, without those that show nothing."""
    covered = [_covered(file.read_bytes()) for file in sorted(FONTS.glob("*.ttf"))]
    common = frozenset.intersection(*covered)
    return frozenset(
        code for code in common if unicodedata.category(chr(code))[0] not in "CZ" or code == 0xA0
    )


def _covered(font: bytes) -> frozenset[int]:
    (tables,) = struct.unpack_from(">H", font, 4)
    records = (struct.unpack_from(">4sIII", font, 12 + 16 * place) for place in range(tables))
    start = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    (number,) = struct.unpack_from(">H", font, start + 2)
    codes: set[int] = set()
    for place in range(number):
        platform, encoding, offset = struct.unpack_from(">HHI", font, start + 4 + 8 * place)
        if (platform, encoding) in _UNICODE:
            codes |= _codes(font, start + offset)
    return frozenset(codes)


def _codes(font: bytes, start: int) -> set[int]:
    (form,) = struct.unpack_from(">H", font, start)
    if form == 12:
        return _of_groups(font, start)
    if form == 4:
        return _of_segments(font, start)
    raise ValueError(f"a font has a character map of the format {form}, which is not read")


def _of_groups(font: bytes, start: int) -> set[int]:
    (number,) = struct.unpack_from(">I", font, start + 12)
    codes: set[int] = set()
    for place in range(number):
        first, last, _ = struct.unpack_from(">III", font, start + 16 + 12 * place)
        codes.update(range(first, last + 1))
    return codes


def _of_segments(font: bytes, start: int) -> set[int]:
    """Read the format 4: four arrays of 16 bits, the ends, the starts, the shifts and the offsets of segments."""
    (twice,) = struct.unpack_from(">H", font, start + 6)
    ends, starts = start + 14, start + 16 + twice
    codes: set[int] = set()
    for at in range(0, twice, 2):
        (last,), (first,) = (
            struct.unpack_from(">H", font, ends + at),
            struct.unpack_from(">H", font, starts + at),
        )
        (shift,) = struct.unpack_from(">H", font, starts + twice + at)
        place = starts + 2 * twice + at
        (offset,) = struct.unpack_from(">H", font, place)
        for code in range(first, last + 1):
            glyph = (code + shift) & 0xFFFF
            if offset:
                (glyph,) = struct.unpack_from(">H", font, place + offset + 2 * (code - first))
            if glyph and code != 0xFFFF:
                codes.add(code)
    return codes
