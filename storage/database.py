# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The verbs of the operator on a database: open, upgrade, back up, move."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from storage import audit, copying, dialects, keys, schema, sealing, seals, sqlite
from storage.failures import AlreadyRunning, DatabaseError
from storage.filelock import own
from storage.sqlite import files
from storage.store import Store
from storage.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from datetime import datetime
    from pathlib import Path

    from storage.sealing import Sealing
    from storage.types import Tx


def open_database(
    url: str, *, upgrade: bool = True, owned: bool = False, key: Sealing | None = None
) -> Store:
    """Open a database. A file is made or upgraded first where needed; a server waits for `iaventure db upgrade`.

    A file with the present schema opens while other processes use it. A file with an older schema is upgraded only while
    no other process owns it: a service of the old version would go on writing what it knows.

    Args:
        url: `sqlite:///file.db`, whose folder exists; or `postgresql://user@host/name`.
        upgrade: false to change nothing, and refuse a file that is missing or has another schema.
        owned: whether the caller owns the file, by `storage.filelock.own` or `alone`.
        key: opens and seals addresses; it may be new to the database, which `own_key` begins with it.

    Raises:
        WrongKey: the database is sealed with another key, or with one and none is given.
        DatabaseError: the database cannot be used.
    """
    if dialects.is_server(url):
        upgrade = False
    elif upgrade:
        files.create(files.file_of(url))
    else:
        files.require_present(files.file_of(url))
    with _connected(url) as connection:
        if not upgrade:
            schema.require_present(connection)
        elif owned:
            schema.prepare(connection)
        else:
            _prepare_alone(url, connection)
        with dialects.of(connection).begin(connection, read_only=True):
            keys.is_new(connection, key)  # another key than the database's own is refused
    writing = sealing.given(dialects.engine(url).connect(), key)
    return Store(Writer(writing), sealing.given(dialects.engine(url, read_only=True), key))


def own_key(url: str, key: Sealing | None, now: datetime) -> bool:
    """Check that a key is the database's, and make it so where the database has none yet. Return whether it is new there.

    A process without the key would take everybody for a stranger, so that a key begins only while no other process is
    connected. The caller owns the file, which is made or upgraded first where needed, and has not opened it.

    Raises:
        WrongKey: the database's addresses are sealed with another key, or with one and none is given.
        DatabaseError: the key is new and another process uses the database, or it cannot be used at all.
    """
    server = dialects.is_server(url)
    if not server:
        files.create(files.file_of(url))
    with _connected(url) as connection:
        if server:
            schema.require_present(connection)
        else:
            schema.prepare(connection)
        # A writing transaction, which excludes all others: whoever checks comes before the key begins, and is seen
        # below, or comes after it.
        with dialects.of(connection).begin(connection):
            if not keys.is_new(connection, key):
                return False
            _begin_alone(connection, key, now)
            return True


def _begin_alone(connection: Tx, key: Sealing | None, now: datetime) -> None:
    try:
        dialects.of(connection).require_alone(connection)
    except AlreadyRunning as running:
        raise DatabaseError(
            "The key privacy.key is new to this database, and another process uses it: stop iaventure on every machine, "
            "give each the key, then start."
        ) from running
    keys.begin(connection, key, now)


def begin_key(url: str, key: Sealing | None, now: datetime) -> bool:
    """Do as `own_key` for a caller that does not own the database, which has the present schema.

    Raises:
        WrongKey, DatabaseError: as `own_key`.
        AlreadyRunning: the key is new, and a service uses the file.
    """
    with _connected(url) as connection, dialects.of(connection).begin(connection, read_only=True):
        new = keys.is_new(connection, key)
    if not new:
        return False
    with own(url):
        return own_key(url, key, now)


def rotate_key(url: str, old: Sealing, new: Sealing, by: str, now: datetime) -> int:
    """Seal every address with a new key, in one transaction while nobody uses the database. Return how many addresses.

    `by`: who has it done, for the audit.

    Raises:
        WrongKey: the old key is not the database's.
        AlreadyRunning: another process uses the database.
        DatabaseError: the database is missing, or cannot be used; then the old key stays.
    """
    with alone(url) as connection:
        schema.require_present(connection)
        with dialects.of(connection).begin(connection):
            keys.require(connection, old)
            rotated = seals.rotate(connection, old, new, now)
            subject, before = new.fingerprint, f"in the place of {old.fingerprint}"
            audit.record(connection, by=by, action="rotate-key", subject=subject, detail=before, now=now)
        dialects.of(connection).scrub(connection)
        return rotated


def upgrade(url: str) -> tuple[str | None, str]:
    """Upgrade the schema of a database; a file is made first where needed.

    Returns:
        The revision before, None for a database that was empty, and the revision now.

    Raises:
        DatabaseError: as `open_database`; or a server needs the upgrade while another process is connected to it.
    """
    if not dialects.is_server(url):
        files.create(files.file_of(url))
    with _connected(url) as connection:
        return _prepare_alone(url, connection)


def _prepare_alone(url: str, connection: Tx) -> tuple[str | None, str]:
    revision = schema.outdated(connection)
    if revision is None:
        return schema.prepare(connection)
    try:
        with own(url):
            dialects.of(connection).require_alone(connection)
            return schema.prepare(connection)
    except AlreadyRunning as running:
        by = "another process" if running.pid is None else f"process {running.pid}"
        raise DatabaseError(
            f"The database has schema {revision}, this version needs {schema.HEAD}, and {by} uses it: "
            "stop the service, then run `iaventure db upgrade`."
        ) from running


def backup(url: str, target: Path) -> None:
    """Copy a database that may be in use into a file: one consistent state, checked, readable by its owner only.

    Raises:
        DatabaseError: the target exists, or the copy could not be made; then none is left.
    """
    if not dialects.is_server(url):
        files.copy(files.file_of(url), target)
        return
    files.create_copy(target)
    try:
        with _connected(url, read_only=True) as source, _connected(f"sqlite:///{target}") as result:
            schema.require_present(source)
            schema.prepare(result)
            with dialects.of(source).begin(source, read_only=True), sqlite.begin(result):
                for _ in copying.copy(source, result):
                    pass
            files.fold(result)
    except BaseException:
        target.unlink()
        raise


def move(source_url: str, target_url: str) -> Generator[tuple[str, int]]:
    """Copy a database that nobody uses into an empty one, which may be of the other kind; all of it or nothing.

    Yields:
        The name of each table once it is copied, and its number of rows. The copy is committed once the last is taken.

    Raises:
        AlreadyRunning: another process uses the source, or the target.
        DatabaseError: the source is missing or has another schema, the target is not empty, or either cannot be used.
    """
    if not dialects.is_server(source_url):  # before the target is made
        files.require_present(files.file_of(source_url))
    if source_url == target_url or _same_file(source_url, target_url):
        raise DatabaseError(
            "The source and the target are the same database. Give the target another address."
        )
    if not dialects.is_server(target_url):
        files.create(files.file_of(target_url))
    with alone(source_url) as source, alone(target_url) as target:
        schema.require_present(source)
        schema.prepare(target)
        # A writing transaction on the source, too: it keeps every other writer out.
        with dialects.of(source).begin(source), dialects.of(target).begin(target):
            copying.require_empty(target)
            yield from copying.copy(source, target)


def _same_file(one: str, other: str) -> bool:
    if dialects.is_server(one) or dialects.is_server(other):
        return False
    return files.file_of(one) == files.file_of(other)


@contextmanager
def alone(url: str) -> Iterator[Tx]:
    """Connect to a database for the block, after checking that no other process of ours uses it.

    A file stays locked for the block: no other process can own it meanwhile. A server is checked at the start only.

    Raises:
        AlreadyRunning: another process uses the database.
        DatabaseError: the database is missing, or cannot be used.
    """
    if not dialects.is_server(url):
        files.require_present(files.file_of(url))
    with own(url), _connected(url) as connection:
        dialects.of(connection).require_alone(connection)
        yield connection


@contextmanager
def _connected(url: str, *, read_only: bool = False) -> Iterator[Tx]:
    engine = dialects.engine(url, read_only=read_only, patient=True)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
