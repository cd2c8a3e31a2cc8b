# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A database gets the present schema, whichever it had, and keeps its rows."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select, text

from storage import schema, sqlite
from storage.engine import DatabaseError, open_database, upgrade
from storage.tables import address, learner, metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
NEXT = f"{int(schema.HEAD) + 1:04}"
"""The revision after the newest."""

REBUILD_LEARNER = """
from alembic import op
import sqlalchemy as sa
def upgrade():
    with op.batch_alter_table("learner", recreate="always") as batch:
        batch.add_column(sa.Column("mood", sa.String(10), nullable=False, server_default="calm"))
"""
FORGET_LEARNERS = """
from alembic import op
def upgrade():
    op.execute("DELETE FROM learner")
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "iaventure.db"


@pytest.fixture
def connection(file: Path) -> Iterator[Connection]:
    engine = sqlite.engine(file)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def scripts_with(migration: str, folder: Path) -> Path:
    """The migrations that ship, and one more."""
    scripts = folder / "100% migrations"
    shutil.copytree(schema.SCRIPTS, scripts)
    (scripts / "versions" / f"{NEXT}_next.py").write_text(
        f'revision = "{NEXT}"\ndown_revision = "{schema.HEAD}"\n{migration}'
    )
    return scripts


def subscribe(connection: Connection) -> None:
    columns = {column.name: "" for column in learner.columns if not column.nullable}
    with sqlite.begin(connection):
        connection.execute(learner.insert().values({**columns, "id": "alice", "created_at": NOW}))
        connection.execute(address.insert().values(channel="telegram", address="4711", learner_id="alice"))


def addresses(connection: Connection) -> list[str]:
    with sqlite.begin(connection, read_only=True):
        return list(connection.scalars(select(address.c.address)))


def statements(connection: Connection) -> list[tuple[str, list[str]]]:
    """What made the tables and indexes, whatever the spacing and the order of constraints."""
    with sqlite.begin(connection, read_only=True):
        found = connection.scalars(text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"))
        words = [" ".join(statement.split()).removesuffix(" )") for statement in found]
    parts = [re.split(", (?=CONSTRAINT )", statement) for statement in words]
    return [(columns, sorted(constraints)) for columns, *constraints in parts]


def test_migrating_an_empty_database_gives_exactly_the_tables_of_the_program(connection: Connection) -> None:
    schema.migrate(connection)
    with sqlite.begin(connection):
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []


def test_both_ways_to_the_schema_give_the_same_statements(connection: Connection, tmp_path: Path) -> None:
    schema.migrate(connection)
    other = tmp_path / "other.db"
    engine = sqlite.engine(other)
    with engine.connect() as created:
        schema.prepare(created, other)
        assert statements(created) == statements(connection)
    engine.dispose()


def test_the_newest_revision_is_the_one_the_program_knows() -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.SCRIPTS))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [schema.HEAD]
    assert all(re.fullmatch(r"\d{4}", script.revision) for script in scripts.walk_revisions())


def test_an_empty_database_is_prepared_and_one_that_is_ready_is_left_alone(database_url: str) -> None:
    assert upgrade(database_url) == (None, schema.HEAD)
    assert upgrade(database_url) == (schema.HEAD, schema.HEAD)


def test_alembic_is_not_imported_to_open_a_new_or_a_ready_database(database_url: str) -> None:
    program = (
        "import sys\n"
        "from storage.engine import open_database\n"
        "for _ in range(2): open_database(sys.argv[1]).close()\n"
        "sys.exit('alembic' in sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program, database_url], check=True, cwd=Path(__file__).parents[2])


def test_an_upgrade_that_rebuilds_a_table_keeps_the_rows_of_its_children(
    connection: Connection, file: Path, tmp_path: Path
) -> None:
    schema.prepare(connection, file)
    subscribe(connection)
    scripts = scripts_with(REBUILD_LEARNER, tmp_path)

    assert schema.prepare(connection, file, head=NEXT, scripts=scripts) == (schema.HEAD, NEXT)

    assert addresses(connection) == ["4711"]
    with sqlite.begin(connection):
        assert schema.revision(connection) == NEXT
        assert connection.scalar(text("SELECT mood FROM learner")) == "calm"
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1


def test_an_upgrade_that_leaves_orphans_is_undone(connection: Connection, file: Path, tmp_path: Path) -> None:
    schema.prepare(connection, file)
    subscribe(connection)
    scripts = scripts_with(FORGET_LEARNERS, tmp_path)

    with pytest.raises(DatabaseError, match="orphans in address"):
        schema.prepare(connection, file, head=NEXT, scripts=scripts)

    with sqlite.begin(connection):
        assert schema.revision(connection) == schema.HEAD
        assert connection.scalar(select(learner.c.id)) == "alice"


def test_what_was_there_is_copied_before_an_upgrade(
    connection: Connection, file: Path, tmp_path: Path
) -> None:
    schema.prepare(connection, file)
    subscribe(connection)
    copy = tmp_path / f"iaventure.db.before-{NEXT}"
    copy.write_text("of an upgrade that was undone since")
    scripts = scripts_with(REBUILD_LEARNER, tmp_path)

    schema.prepare(connection, file, head=NEXT, scripts=scripts)

    engine = sqlite.engine(copy)
    with engine.connect() as before:
        assert addresses(before) == ["4711"]
        with sqlite.begin(before):
            assert schema.revision(before) == schema.HEAD
    engine.dispose()


def test_a_new_database_leaves_no_copy(database_url: str, tmp_path: Path) -> None:
    open_database(database_url).close()
    assert [path.name for path in tmp_path.iterdir()] == ["iaventure.db"]


def stamp(connection: Connection, revision: str) -> None:
    with sqlite.begin(connection):
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


@pytest.mark.parametrize("upgrading", [True, False])
def test_a_database_newer_than_the_program_is_refused(
    connection: Connection, file: Path, upgrading: bool
) -> None:
    schema.prepare(connection, file)
    stamp(connection, "0999")
    with pytest.raises(DatabaseError, match=r"newer version .* schema 0999.* install the newer one"):
        open_database(f"sqlite:///{file}", upgrade=upgrading)


def test_an_older_database_is_refused_where_nothing_may_change(connection: Connection, file: Path) -> None:
    schema.prepare(connection, file)
    stamp(connection, "0000")
    with pytest.raises(DatabaseError, match="run `iaventure db upgrade`"):
        open_database(f"sqlite:///{file}", upgrade=False)


def test_a_database_of_another_program_is_refused_and_left_as_it_was(
    connection: Connection, file: Path
) -> None:
    with sqlite.begin(connection):
        connection.execute(text("CREATE TABLE bookmarks (url)"))
    before = statements(connection)
    with pytest.raises(DatabaseError, match="another program"):
        open_database(f"sqlite:///{file}")
    assert statements(connection) == before
