# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How SQLite is opened, copied and understood: everything that PostgreSQL does otherwise.

Python's default transaction mode let two processes claim the same 200 rows 573 times without an error. Here
the mode is off (`isolation_level=None`) and each transaction says what it is: `BEGIN IMMEDIATE` to write,
`BEGIN` to read.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast

from sqlalchemy import URL, Integer, String, column, create_engine, delete, event, func, insert, select, table
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from storage.failures import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Column, Connection, Engine, ExceptionContext, RootTransaction

BUSY_TIMEOUT = 5.0
"""Seconds to wait for another program's lock."""

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -16000",  # KiB
    "PRAGMA secure_delete = ON",  # what is forgotten is overwritten; some builds of SQLite only mark it as free
)

# Where SQLite remembers the numbers that it must not give again.
_numbers = table("sqlite_sequence", column("name", String), column("seq", Integer))

_LOCKED = "The database {file} is locked by another program. Stop that program, then try again."
_REFUSED = "The database {file} cannot be written. Give this user the right to write it and its folder."
_SENTENCES = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_READONLY: _REFUSED,
    sqlite3.SQLITE_PERM: _REFUSED,
    sqlite3.SQLITE_CANTOPEN: _REFUSED,
    sqlite3.SQLITE_FULL: "The disk is full: {file} did not keep what it was given. Free some space.",
    sqlite3.SQLITE_IOERR: "The disk failed under {file}. Check it, and restore a backup if needed.",
    sqlite3.SQLITE_CORRUPT: "The database {file} is damaged. Restore a backup.",
    sqlite3.SQLITE_NOTADB: "The file {file} is not a database. Give the setting `database` another file.",
}


def file_of(url: str) -> Path:
    """The file that a database address names.

    Args:
        url: `sqlite:///relative.db` or `sqlite:////absolute.db`.

    Raises:
        DatabaseError: it names no file, or another kind of database. A password in it is not repeated.
    """
    try:
        parts = make_url(url)
    except (ArgumentError, ValueError):
        raise DatabaseError(
            "The setting `database` is not an address such as sqlite:///iaventure.db."
        ) from None
    if parts.drivername not in {"sqlite", "sqlite+pysqlite"}:
        raise DatabaseError(
            "The setting `database` must begin with sqlite:/// or postgresql://, such as sqlite:///iaventure.db."
        )
    if parts.host or parts.query or not parts.database or parts.database == ":memory:":
        raise DatabaseError(
            "The setting `database` must name a file after three slashes: sqlite:///iaventure.db."
        )
    return Path(parts.database).resolve()


def require_present(file: Path) -> None:
    """Checks that there is a file.

    Raises:
        DatabaseError: there is none.
    """
    if not file.is_file():
        raise DatabaseError(f"There is no database {file}. `iaventure db upgrade` makes it.")


def create(file: Path) -> None:
    """Makes an empty file that only its owner reads, for personal data; one that exists stays as it is.

    Raises:
        DatabaseError: the folder is missing or cannot be written.
    """
    if not file.parent.is_dir():
        raise DatabaseError(
            f"The folder {file.parent} does not exist. Create it, or give `database` another file."
        )
    if file.exists():
        return
    try:
        _create(file)
    except FileExistsError:  # another process was faster
        return
    except OSError as error:
        raise DatabaseError(
            f"The file {file} cannot be created: {error.strerror}. Check its folder."
        ) from error


def _create(file: Path) -> None:
    # An existing file is never opened here: closing it would drop the locks that this process holds on it.
    os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))


class _Cursor(sqlite3.Cursor):
    """Refuses a statement outside a transaction.

    A full disk ends a transaction without a word, and whatever follows would be committed, statement by
    statement. SQLAlchemy's events could check that too, for a quarter of the throughput.
    """

    def execute(self, *args: Any) -> Self:
        _require_transaction(self.connection)
        return super().execute(*args)

    def executemany(self, *args: Any) -> Self:
        _require_transaction(self.connection)
        return super().executemany(*args)


class _Connection(sqlite3.Connection):
    """SQLAlchemy asks for cursors, and gets guarded ones; what this module executes itself is free."""

    guarded = False

    def cursor(self, *_: Any) -> sqlite3.Cursor:  # type: ignore[override]
        return super().cursor(_Cursor if self.guarded else sqlite3.Cursor)

    def execute(self, *args: Any) -> sqlite3.Cursor:
        return super().cursor(sqlite3.Cursor).execute(*args)


def engine(file: Path, *, read_only: bool = False) -> Engine:
    """Connections to a file, set up for durability; what is wrong with it is raised as a `DatabaseError`.

    `read_only` ones refuse every write. That is the caller's fault, and stays an `OperationalError`.
    A transaction on them starts with `begin`.
    """
    made = create_engine(
        URL.create("sqlite", database=str(file)),
        hide_parameters=True,  # an error that is logged names no person
        connect_args={
            "factory": _Connection,
            "isolation_level": None,
            "timeout": BUSY_TIMEOUT,
            "check_same_thread": False,
        },
    )

    def set_up(connection: _Connection, _record: object) -> None:
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        if read_only:
            connection.execute("PRAGMA query_only = ON")
        connection.guarded = True  # only now: SQLAlchemy has its own questions to a new connection

    def explain(context: ExceptionContext) -> DatabaseError | None:
        error = context.original_exception
        return None if read_only and _code(error) == sqlite3.SQLITE_READONLY else explained(error, file)

    event.listen(made, "connect", set_up)
    event.listen(made, "handle_error", explain)
    return made


def begin(connection: Connection, *, read_only: bool = False) -> RootTransaction:
    """Begins a transaction, to be used as a context: committed at its end, rolled back if it raises.

    A writing one has the only write lock from the start: what it reads stays true until it writes.

    Raises:
        DatabaseError: another program holds the lock, or the file cannot be written.
    """
    transaction = connection.begin()
    try:
        with explaining(file_behind(connection)):
            raw(connection).execute("BEGIN" if read_only else "BEGIN IMMEDIATE")
    except BaseException:
        transaction.rollback()
        raise
    return transaction


def raw(connection: Connection) -> _Connection:
    """The connection of the standard library, for what must run outside SQLAlchemy's transaction."""
    return cast("_Connection", connection.connection.driver_connection)


def file_behind(connection: Connection) -> Path:
    """The file that the connection writes."""
    return Path(connection.engine.url.database or "")


def require_transaction(connection: Connection) -> None:
    """Checks that SQLite itself still has the transaction that SQLAlchemy believes in.

    Raises:
        DatabaseError: it has not; nothing of the transaction was kept.
    """
    _require_transaction(raw(connection))


def require_writable(connection: Connection) -> None:
    """Checks that the file takes writes: SQLite begins even a writing transaction on a file that does not.

    Raises:
        DatabaseError: it does not.
    """
    connection.exec_driver_sql("PRAGMA user_version = 0")  # as it is: nothing of ours uses that number


def _require_transaction(connection: sqlite3.Connection) -> None:
    if not connection.in_transaction:
        raise DatabaseError(
            "The database lost a transaction, and nothing of it was kept. Free some disk space."
        )


def explained(error: BaseException, file: Path) -> DatabaseError | None:
    """What the operator should read instead of SQLite's words; none if it is not about the file."""
    sentence = _SENTENCES.get(_code(error))
    return None if sentence is None else DatabaseError(sentence.format(file=file))


@contextmanager
def explaining(file: Path) -> Iterator[None]:
    """Raises what SQLite has to say about the file as a `DatabaseError`."""
    try:
        yield
    except sqlite3.Error as error:
        explanation = explained(error, file)
        if explanation is None:
            raise
        raise explanation from error


def _code(error: BaseException) -> int:
    # An extended code keeps the plain one in its last byte.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


@contextmanager
def rebuilding(connection: Connection) -> Iterator[None]:
    """One transaction in which tables may be rebuilt; it is kept only if every row still finds its parent.

    SQLite changes a table by dropping the old one, and with foreign keys on, that deletes the rows of its
    children. They can be switched off only outside a transaction.

    Raises:
        DatabaseError: a row has lost its parent; nothing was kept.
    """
    raw(connection).execute("PRAGMA foreign_keys = OFF")
    try:
        with begin(connection):
            yield
            orphans = raw(connection).execute("PRAGMA foreign_key_check").fetchall()
            if orphans:
                tables = ", ".join(sorted({orphan[0] for orphan in orphans}))
                raise DatabaseError(f"The upgrade was undone: it left orphans in {tables}. Please report it.")
            require_transaction(connection)
    finally:
        raw(connection).execute("PRAGMA foreign_keys = ON")


def create_own(connection: Connection) -> None:
    """SQLite needs no table of its own."""


def keep_copy(connection: Connection, revision: str) -> None:
    """Copies the file to `<file>.before-<revision>`.

    Raises:
        DatabaseError: it could not be copied.
    """
    file = file_behind(connection)
    # One that is there comes from an upgrade that was undone since: the database has moved on.
    target = file.with_name(f"{file.name}.before-{revision}")
    fresh = file.with_name(f"{target.name}.new")
    fresh.unlink(missing_ok=True)
    copy(file, fresh)
    fresh.replace(target)


def require_alone(connection: Connection) -> None:
    """The lock beside the file tells."""


def last_number(connection: Connection, numbered: Column[int]) -> int:
    """The last number that was given; where nothing remembers those of rows that are gone, the largest there is."""
    if _remembers(numbered):
        last = connection.scalar(select(_numbers.c.seq).where(_numbers.c.name == numbered.table.name))
    else:
        last = connection.scalar(select(func.max(numbered)))
    return last or 0


def go_on_from(connection: Connection, numbered: Column[int], last: int) -> None:
    """Gives no number up to `last` any more, where that is remembered: elsewhere the rows themselves tell."""
    if _remembers(numbered):
        connection.execute(delete(_numbers).where(_numbers.c.name == numbered.table.name))
        connection.execute(insert(_numbers).values(name=numbered.table.name, seq=last))


def _remembers(numbered: Column[int]) -> bool:
    return bool(numbered.table.dialect_options["sqlite"]["autoincrement"])


def create_copy(target: Path) -> None:
    """Makes the file that a copy is to fill.

    Raises:
        DatabaseError: it exists, or cannot be made.
    """
    try:
        _create(target)
    except FileExistsError:
        raise DatabaseError(f"{target} exists already. Give the copy another name.") from None
    except OSError as error:
        raise DatabaseError(
            f"The copy {target} cannot be created: {error.strerror}. Check its folder."
        ) from error


def fold(connection: Connection) -> None:
    """Makes a copy one file, without a log beside it."""
    with explaining(file_behind(connection)):
        raw(connection).execute("PRAGMA journal_mode = DELETE")


def copy(file: Path, target: Path) -> None:
    """Copies a database that may be in use: one consistent state, checked, readable by its owner only.

    Raises:
        DatabaseError: the target exists, or the copy could not be made; then none is left.
    """
    if not file.is_file():
        raise DatabaseError(f"There is no database {file} to copy.")
    create_copy(target)
    try:
        _copy(file, target)
    except BaseException:
        target.unlink()
        raise


def _copy(file: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(file, timeout=BUSY_TIMEOUT, isolation_level=None)) as source,
        closing(sqlite3.connect(target, isolation_level=None)) as result,
    ):
        with explaining(file):
            source.execute("PRAGMA query_only = ON")
            source.execute("SELECT count(*) FROM sqlite_master")
        with explaining(target):
            source.backup(result)
            result.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
        with explaining(file):
            (verdict,) = result.execute("PRAGMA integrity_check(1)").fetchone()
        if verdict != "ok":
            raise DatabaseError(f"The database {file} is damaged ({verdict}). Restore an older backup.")
