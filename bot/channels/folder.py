# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Where a channel that cannot show files puts them: a folder that only its owner can read."""

from __future__ import annotations

import os
import re
import secrets
import stat
from pathlib import Path

from bot.channels.cleaning import file_name

KEPT = 20
"""Files of ours. The oldest goes when one more comes."""
_DRAFT = re.compile(r"\.[0-9a-f]{16}")
"""The name of a file while it is written: a process that is killed leaves it behind."""


class Folder:
    """A folder that is made with its first file. Two files of one name are one: the newer takes the older's place.

    What else somebody puts there stays.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.absolute()
        self._written: set[str] = set()

    def keep(self, name: str, content: bytes) -> Path | None:
        """Write a file and return where it is; nothing where that cannot be done, or others could read or replace it."""
        name = file_name(name)
        if not name or name.startswith("."):
            return None
        draft = self._path / f".{secrets.token_hex(8)}"
        try:
            self._make_private()
            try:
                with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                    file.write(content)
                kept = draft.replace(self._path / name)
                self._written.add(name)
            finally:
                draft.unlink(missing_ok=True)
            self._prune()
        except OSError:
            return None
        return kept

    def _make_private(self) -> None:
        self._path.mkdir(mode=0o700, exist_ok=True)
        found = self._path.lstat()
        # In a folder for all, like /tmp, somebody else may have made it first, or a link to another.
        if not stat.S_ISDIR(found.st_mode) or (hasattr(os, "getuid") and found.st_uid != os.getuid()):
            raise PermissionError(f"{self._path} belongs to somebody else")
        if found.st_mode & 0o077:
            self._path.chmod(0o700)

    def _prune(self) -> None:
        files = [
            entry
            for entry in self._path.iterdir()
            if (entry.name in self._written or _DRAFT.fullmatch(entry.name))
            and entry.is_file()
            and not entry.is_symlink()
        ]
        files.sort(key=lambda entry: entry.stat().st_mtime_ns)
        for old in files[:-KEPT]:
            old.unlink()
