# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The lock beside a database file: one process owns all its accounts."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from storage import dialects
from storage.failures import AlreadyRunning, DatabaseError
from storage.sqlite import files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def own(url: str) -> Iterator[None]:
    """Own all accounts of a database file for the block; on a server, `storage.ownership.take` takes each account.

    The lock file `<database file>.lock` stays afterwards: if it were removed, two processes could each lock a
    file of that name.

    Raises:
        AlreadyRunning: another process owns them.
        DatabaseError: the address or its folder is unusable.
    """
    if dialects.is_server(url):
        yield
        return
    file = files.file_of(url)
    lock = file.with_name(f"{file.name}.lock")
    try:
        # O_CLOEXEC: a program that this one starts would keep the lock after this one has ended.
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
        # A process forked meanwhile shares the lock; unlocking frees it for all, closing only for this one.
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
