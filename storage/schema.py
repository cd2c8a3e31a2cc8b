# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Which schema a database has, and how it gets the present one.

Alembic costs 20 MB and 0.3 s, so it is imported only when there is something to upgrade: an empty database
gets the tables as they are now, and a present one is recognised by one number. A test holds both ways to the
same tables.
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

HEAD = "0002"
"""The newest revision. Numbers of four digits: a newer database is known without alembic."""
SCRIPTS = Path(__file__).parent / "migrations"

log = logging.getLogger(__name__)

# As alembic would make it.
_version = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)


def revision(connection: Connection) -> str | None:
    """The revision of the database, or none when it is empty.

    Raises:
        DatabaseError: it holds tables, but not ours.
    """
    names = inspect(connection).get_table_names()
    if not names:
        return None
    if _version.name not in names:
        raise DatabaseError(
            "The database belongs to another program. Give the setting `database` another one."
        )
    return connection.scalar(select(_version.c.version_num)) or ""


def require_present(connection: Connection) -> None:
    """Checks that the schema is the one this program was written for, and changes nothing.

    Raises:
        DatabaseError: it is older, newer or missing.
    """
    with dialects.of(connection).begin(connection, read_only=True):
        found = revision(connection)
    if found is None:
        raise DatabaseError("The database is empty. `iaventure db upgrade` prepares it.")
    _refuse_newer(found, HEAD)
    if found != HEAD:
        raise DatabaseError(
            f"The database has schema {found} and this version needs {HEAD}: run `iaventure db upgrade`."
        )


def outdated(connection: Connection) -> str | None:
    """The revision of a database that an upgrade would change, and not only make; none of any other.

    Raises:
        DatabaseError: as `revision`.
    """
    with dialects.of(connection).begin(connection, read_only=True):
        found = revision(connection)
    return found if found is not None and found < HEAD else None


def prepare(connection: Connection, *, head: str = HEAD, scripts: Path = SCRIPTS) -> tuple[str | None, str]:
    """Brings the schema up to date; a file is first copied to `<file>.before-<head>`. Two at once do no harm.

    Args:
        connection: outside a transaction, to a database that no other process uses, unless it is ready or empty.
        head: the revision to reach; another than the present one only to rehearse a migration.
        scripts: where the migrations are; as `head`.

    Returns:
        The revision before, none for a database that was empty, and the revision now.

    Raises:
        DatabaseError: the database is newer than the program, is not ours, or cannot be copied or upgraded.
    """
    dialect = dialects.of(connection)
    with dialect.begin(connection):
        dialect.require_writable(connection)
        found = revision(connection)
        if found is None:
            metadata.create_all(connection)
            dialect.create_own(connection)
            _version.create(connection)
            connection.execute(_version.insert().values(version_num=head))
            dialect.require_transaction(connection)
            return None, head
    _refuse_newer(found, head)
    if found != head:
        dialect.keep_copy(connection, head)
        migrate(connection, scripts)
        log.info("the database went from schema %s to %s", found, head, extra={"action": "upgrade"})
    return found, head


def migrate(connection: Connection, scripts: Path = SCRIPTS) -> None:
    """Runs every migration that the database has not seen, in one transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _refuse_newer(found: str, head: str) -> None:
    if found > head:
        raise DatabaseError(
            f"A newer version upgraded the database to schema {found}, and this one knows {head}: "
            "install the newer one."
        )
