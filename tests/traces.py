# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What is left of a person in files: every way in which a text may be written there."""

from __future__ import annotations

import base64
import json
from pathlib import Path


def forms(text: str) -> set[bytes]:
    """A text raw, in base64 at its three alignments, in UTF-16, and escaped as in JSON."""
    raw = text.encode()
    found = {raw, text.encode("utf-16-le"), text.encode("utf-16-be"), json.dumps(text)[1:-1].encode()}
    found |= {raw.replace(b"/", b"\\/"), "".join(f"\\u{ord(letter):04x}" for letter in text).encode()}
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + raw)
        # The first and the last letters hold bits of what stands before and after.
        first = (0, 2, 3)[shift]
        inner = encoded[first : len(encoded) - 4 if (shift + len(raw)) % 3 else len(encoded)]
        found |= {inner, inner.replace(b"+", b"-").replace(b"/", b"_")}
    return {form for form in found if len(form) >= 6}


def of(text: str, *folders: Path) -> list[str]:
    """Which files under some folders hold a text, in whatever form."""
    wanted = forms(text)
    found = []
    for folder in folders:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            try:
                content = file.read_bytes()
            except FileNotFoundError:
                continue
            if any(form in content for form in wanted):
                found.append(str(file))
    return found
