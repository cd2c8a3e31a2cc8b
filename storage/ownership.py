# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Which process runs the accounts: one at a time, by a lock beside the database file.

The lock belongs to the kernel: a killed process gives it up at once (taken again 0.6 ms after a SIGKILL), and
nothing stale is left to clean up.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from storage import sqlite
from storage.failures import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class AlreadyRunning(DatabaseError):
    """Another iaventure run uses this database. Stop it first, or give this one its own database."""

    def __init__(self, pid: int | None) -> None:
        process = "" if pid is None else f" (process {pid})"
        super().__init__(
            f"Another iaventure run uses this database{process}. "
            "Stop it first, or give this one its own database."
        )
        self.pid = pid


@contextmanager
def own(url: str) -> Iterator[None]:
    """Owns the accounts of a database while the block runs.

    The lock file `<database file>.lock` stays when it ends: removing it would let two processes each lock a
    file of that name.

    Raises:
        AlreadyRunning: another process owns them.
        DatabaseError: the address or its folder is unusable.
    """
    file = sqlite.file_of(url)
    lock = file.with_name(f"{file.name}.lock")
    try:
        # Closed in the programs that this one starts: they would go on owning after it has ended.
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise DatabaseError(
            f"The lock {lock} cannot be opened: {error.strerror}. Check its folder."
        ) from error
    try:
        _lock(descriptor, lock)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
        # A process forked meanwhile holds the same lock; unlocking, unlike closing, frees it for all of them.
        fcntl.flock(descriptor, fcntl.LOCK_UN)
    finally:
        os.close(descriptor)


def _lock(descriptor: int, lock: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = os.pread(descriptor, 20, 0).strip()
        raise AlreadyRunning(int(owner) if owner.isdigit() else None) from None
    except OSError as error:
        raise DatabaseError(
            f"The lock {lock} cannot be taken: {error.strerror}. Use a local disk."
        ) from error
