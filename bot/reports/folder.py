# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The folder that documents are written to: files for their owner only, each whole or not there."""

from __future__ import annotations

import os
from pathlib import Path

from config.errors import INPUT, IaventureError

LARGEST = 8 << 20
"""Bytes of one file: the largest has some hundred thousand."""


class Unwritable(IaventureError):
    """A document is not written: the text says which, and what to do."""

    exit_code = INPUT


def require_free(folder: Path, names: list[str], *, force: bool) -> None:
    """Make the folder where it is missing, and check before anything is written that no file of these names is there.

    Raises:
        Unwritable: one is, and is not to be replaced.
        OSError: the folder cannot be made.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    taken = [name for name in names if os.path.lexists(folder / name)]
    if taken and not force:
        raise Unwritable(f"{folder} has {', '.join(sorted(taken))} already: --force replaces them.")


def write(folder: Path, name: str, content: bytes) -> Path:
    """Write a file, readable by its owner only, in the place of one of that name; a link is replaced, never followed.

    Raises:
        Unwritable: it is larger than any document.
        OSError: it cannot be written.
    """
    if len(content) > LARGEST:
        raise Unwritable(f"{name} would have {len(content)} bytes, {LARGEST} at most.")
    part, file = folder / f".{name}.{os.getpid()}", folder / name
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(content)
        part.replace(file)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return file
