# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The child processes of this one, as the system lists them."""

from __future__ import annotations

import os
from pathlib import Path

from bot.children import START


def children() -> list[int]:
    """The processes that `bot.children` started here, also those that ended and were not waited for."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdecimal() and _parent(folder) == os.getpid() and _is_ours(folder):
                found.append(int(folder.name))
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended meanwhile
    return found


def _parent(folder: Path) -> int:
    return int((folder / "stat").read_text().rpartition(")")[2].split()[1])


def _is_ours(folder: Path) -> bool:
    line = (folder / "cmdline").read_bytes()
    return str(START).encode() in line or not line
