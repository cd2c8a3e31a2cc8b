# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Two files that documents quote: the wheel has copies beside this module, a clone the originals."""

from __future__ import annotations

from pathlib import Path

LOCK, THREATS = "requirements.lock", "menaces.md"
_ORIGINALS = {LOCK: Path("requirements.lock"), THREATS: Path("docs/menaces.md")}


def text_of(name: str) -> str:
    """Return a file's text; empty where neither is there."""
    here = Path(__file__)
    for file in (here.with_name(name), here.parents[2] / _ORIGINALS[name]):
        if file.is_file():
            return file.read_text(encoding="utf-8")
    return ""
