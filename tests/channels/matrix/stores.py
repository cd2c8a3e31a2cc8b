# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The files of a store: their rights, and all that is in them."""

from __future__ import annotations

from pathlib import Path


def rights(path: Path) -> int:
    return path.stat().st_mode & 0o777


def everything_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())
