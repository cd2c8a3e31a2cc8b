# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What is left of a person in bytes and files: every way in which a text may be written there."""

from __future__ import annotations

import base64
import json
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@cache
def forms(text: str) -> frozenset[bytes]:
    """A text raw, in base64 at its three alignments, in UTF-16, and escaped as in JSON.

    Besides in hexadecimal digits, as a dump writes bytes; in JSON within JSON; and as in an address of the web.
    """
    raw = text.encode()
    found = {raw, text.encode("utf-16-le"), text.encode("utf-16-be"), json.dumps(text)[1:-1].encode()}
    found |= {raw.replace(b"/", b"\\/"), "".join(f"\\u{ord(letter):04x}" for letter in text).encode()}
    found |= {raw.hex().encode(), raw.hex().upper().encode(), json.dumps(json.dumps(text))[3:-3].encode()}
    found |= {quote(text).encode(), quote(text, safe="").encode()}
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + raw)
        # The first and the last letters hold bits of what stands before and after.
        first = (0, 2, 3)[shift]
        inner = encoded[first : len(encoded) - 4 if (shift + len(raw)) % 3 else len(encoded)]
        found |= {inner, inner.replace(b"+", b"-").replace(b"/", b"_")}
    return frozenset(form for form in found if len(form) >= 6)


def within(content: bytes, texts: Iterable[str]) -> list[str]:
    """Which of some texts stand in a content, in whatever form."""
    return [text for text in texts if any(form in content for form in forms(text))]


def among(texts: Iterable[str], *places: Path) -> dict[str, list[str]]:
    """Which of some texts each file holds, of those that hold any. `places`: files, and folders with all below them."""
    wanted, found = list(texts), {}
    for place in places:
        for file in sorted(path for path in (place, *place.rglob("*")) if path.is_file()):
            try:
                content = file.read_bytes()
            except FileNotFoundError:
                continue
            if held := within(content, wanted):
                found[str(file)] = held
    return found


def of(text: str, *folders: Path) -> list[str]:
    """Which files under some folders hold a text, in whatever form."""
    return list(among([text], *folders))
