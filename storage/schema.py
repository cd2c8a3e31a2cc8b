# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The schema of a database: its revision, and the upgrade to the present one.

Alembic costs 20 MB and 0.3 s, so it is imported only when there is something to upgrade: an empty database
gets the tables as they are now, and an up-to-date one is recognised by one number. A test checks that both ways give
the same tables.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Column, MetaData, PrimaryKeyConstraint, String, Table, inspect, select

from storage import dialects
from storage.failures import DatabaseError
from storage.tables import metadata

if TYPE_CHECKING:
    from sqlalchemy import Connection

HEAD = "0005"
"""The newest revision. Revisions are numbers of four digits, so that a newer database is recognised without alembic."""
SCRIPTS = Path(__file__).parent / "migrations"

log = logging.getLogger(__name__)

# As alembic would make it.
_version_table = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)


def revision(connection: Connection) -> str | None:
    """Return the revision of the database, None when it is empty.

    Raises:
        DatabaseError: it holds the tables of another program.
    """
    names = inspect(connection).get_table_names()
    if not names:
        return None
    if _version_table.name not in names:
        raise DatabaseError(
            "The database belongs to another program. Give the setting `database` another one."
        )
    return connection.scalar(select(_version_table.c.version_num)) or ""


def require_present(connection: Connection) -> None:
    """Check that the schema is the one this program was written for; change nothing.

    Raises:
        DatabaseError: it is older, newer or missing.
    """
    with dialects.of(connection).begin(connection, read_only=True):
        present = revision(connection)
    if present is None:
        raise DatabaseError("The database is empty. `iaventure db upgrade` prepares it.")
    _refuse_newer(present, HEAD)
    if present != HEAD:
        raise DatabaseError(
            f"The database has schema {present} and this version needs {HEAD}: run `iaventure db upgrade`."
        )


def outdated(connection: Connection) -> str | None:
    """Return the revision of a database that is older than this program; None when it is empty, present or newer.

    Raises:
        DatabaseError: as `revision`.
    """
    with dialects.of(connection).begin(connection, read_only=True):
        present = revision(connection)
    return present if present is not None and present < HEAD else None


def prepare(connection: Connection, *, head: str = HEAD, scripts: Path = SCRIPTS) -> tuple[str | None, str]:
    """Bring the schema up to date; a file is first copied to `<file>.before-<head>`. Two calls at once do no harm.

    Args:
        connection: outside a transaction, to a database that no other process uses, unless it is up to date or empty.
        head: the revision to reach; given only to rehearse a migration.
        scripts: the folder of the migrations; as `head`.

    Returns:
        The revision before, None for a database that was empty, and the revision now.

    Raises:
        DatabaseError: the database is newer than the program, is not ours, or cannot be copied or upgraded.
    """
    dialect = dialects.of(connection)
    with dialect.begin(connection):
        dialect.require_writable(connection)
        before = revision(connection)
        if before is None:
            metadata.create_all(connection)
            dialect.create_own(connection)
            _version_table.create(connection)
            connection.execute(_version_table.insert().values(version_num=head))
            dialect.require_transaction(connection)
            return None, head
    _refuse_newer(before, head)
    if before != head:
        dialect.keep_copy(connection, head)
        migrate(connection, scripts)
        log.info("the database went from schema %s to %s", before, head, extra={"action": "upgrade-schema"})
    return before, head


def migrate(connection: Connection, scripts: Path = SCRIPTS) -> None:
    """Run every migration that the database has not seen, in one transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _refuse_newer(present: str, head: str) -> None:
    if present > head:
        raise DatabaseError(
            f"A newer version upgraded the database to schema {present}, and this one knows {head}: "
            "install the newer one."
        )
