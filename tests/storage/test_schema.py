# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A database gets the present schema, whichever it had, and keeps its rows."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from storage import dialects, schema, sqlite
from storage.database import open_database, upgrade
from storage.failures import DatabaseError
from storage.tables import address, learner, metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from tests.postgres import Postgres

ROOT = Path(__file__).parents[2]
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
ADD_A_MOOD = """
from alembic import op
import sqlalchemy as sa
def upgrade():
    op.add_column("learner", sa.Column("mood", sa.String(10), nullable=False, server_default="calm"))
"""
FORGET_LEARNERS = """
from alembic import op
def upgrade():
    op.execute("DELETE FROM learner")
"""

CATALOGUE = """
SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default
FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'kept_transaction'
UNION ALL
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), 0, '', ''
FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid IS DISTINCT FROM to_regclass('kept_transaction')
UNION ALL
SELECT tablename, indexname, indexdef, 0, '', ''
FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'kept_transaction'
ORDER BY 1, 2, 3
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "iaventure.db"


@pytest.fixture
def connection(empty_url: str) -> Iterator[Connection]:
    """To an empty database, on every engine in turn."""
    with connected(empty_url) as opened:
        yield opened


@pytest.fixture
def file_connection(empty_sqlite_url: str) -> Iterator[Connection]:
    with connected(empty_sqlite_url) as opened:
        yield opened


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    engine = dialects.engine(url, patient=True)
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
    columns = {
        column.name: "" for column in learner.columns if not column.nullable and not column.server_default
    }
    with dialects.of(connection).begin(connection):
        connection.execute(learner.insert().values({**columns, "id": "alice", "created_at": NOW}))
        connection.execute(address.insert().values(channel="telegram", address="4711", learner_id="alice"))


def addresses(connection: Connection) -> list[str]:
    with dialects.of(connection).begin(connection, read_only=True):
        return list(connection.scalars(select(address.c.address)))


def statements(connection: Connection) -> list[object]:
    """What made the tables and indexes, whatever the spacing and the order of constraints."""
    with dialects.of(connection).begin(connection, read_only=True):
        if connection.dialect.name == "postgresql":
            return [tuple(row) for row in connection.execute(text(CATALOGUE))]
        found = connection.scalars(text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"))
        # A column that was added stands before the last bracket, whatever was there.
        words = [re.sub(r" ?\)$", "", " ".join(statement.split()).replace(" ,", ",")) for statement in found]
        # A table that was rebuilt has its name in quotes.
        words = [re.sub(r'^CREATE TABLE "(\w+)"', r"CREATE TABLE \1", statement) for statement in words]
    parts = [re.split(", (?=CONSTRAINT )", statement) for statement in words]
    return [(columns, sorted(constraints)) for columns, *constraints in parts]


def test_migrating_an_empty_database_gives_exactly_the_tables_of_the_program(connection: Connection) -> None:
    schema.migrate(connection)
    with dialects.of(connection).begin(connection):
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_both_ways_to_the_schema_give_the_same_tables(
    engine: str, tmp_path: Path, postgres: Postgres
) -> None:
    urls = [f"sqlite:///{tmp_path}/{name}.db" for name in ("created", "migrated")]
    if engine == "postgresql":
        urls = [postgres.database(), postgres.database()]
    with connected(urls[0]) as created, connected(urls[1]) as migrated:
        schema.prepare(created)
        schema.migrate(migrated)
        assert len(statements(created)) > 20
        assert statements(created) == statements(migrated)


def test_the_newest_revision_is_the_one_the_program_knows() -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.SCRIPTS))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [schema.HEAD]
    assert all(re.fullmatch(r"\d{4}", script.revision) for script in scripts.walk_revisions())


def test_an_empty_database_is_prepared_and_one_that_is_ready_is_left_alone(empty_url: str) -> None:
    assert upgrade(empty_url) == (None, schema.HEAD)
    assert upgrade(empty_url) == (schema.HEAD, schema.HEAD)


def test_alembic_is_not_imported_to_open_a_new_or_a_ready_file(empty_sqlite_url: str) -> None:
    program = (
        "import sys\n"
        "from storage.database import open_database\n"
        "for _ in range(2): open_database(sys.argv[1]).close()\n"
        "sys.exit('alembic' in sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program, empty_sqlite_url], check=True, cwd=ROOT)


def test_an_upgrade_that_rebuilds_a_table_keeps_the_rows_of_its_children(
    file_connection: Connection, file: Path, tmp_path: Path
) -> None:
    schema.prepare(file_connection)
    subscribe(file_connection)
    scripts = scripts_with(REBUILD_LEARNER, tmp_path)

    assert schema.prepare(file_connection, head=NEXT, scripts=scripts) == (schema.HEAD, NEXT)

    assert addresses(file_connection) == ["4711"]
    with dialects.of(file_connection).begin(file_connection):
        assert schema.revision(file_connection) == NEXT
        assert file_connection.scalar(text("SELECT mood FROM learner")) == "calm"
        assert file_connection.scalar(text("PRAGMA foreign_keys")) == 1


def test_an_upgrade_that_leaves_orphans_is_undone(
    file_connection: Connection, file: Path, tmp_path: Path
) -> None:
    schema.prepare(file_connection)
    subscribe(file_connection)
    scripts = scripts_with(FORGET_LEARNERS, tmp_path)

    with pytest.raises(DatabaseError, match="orphans in address"):
        schema.prepare(file_connection, head=NEXT, scripts=scripts)

    with dialects.of(file_connection).begin(file_connection):
        assert schema.revision(file_connection) == schema.HEAD
        assert file_connection.scalar(select(learner.c.id)) == "alice"


def test_what_was_there_is_copied_before_an_upgrade(
    file_connection: Connection, file: Path, tmp_path: Path
) -> None:
    schema.prepare(file_connection)
    subscribe(file_connection)
    copy = tmp_path / f"iaventure.db.before-{NEXT}"
    copy.write_text("of an upgrade that was undone since")
    scripts = scripts_with(REBUILD_LEARNER, tmp_path)

    schema.prepare(file_connection, head=NEXT, scripts=scripts)

    engine = sqlite.engine(copy)
    with engine.connect() as before:
        assert addresses(before) == ["4711"]
        with sqlite.begin(before):
            assert schema.revision(before) == schema.HEAD
    engine.dispose()


def test_a_new_database_leaves_no_copy(empty_sqlite_url: str, tmp_path: Path) -> None:
    open_database(empty_sqlite_url).close()
    assert [path.name for path in tmp_path.iterdir()] == ["iaventure.db"]


def stamp(connection: Connection, revision: str) -> None:
    with dialects.of(connection).begin(connection):
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


@pytest.mark.parametrize("upgrading", [True, False])
def test_a_database_newer_than_the_program_is_refused(
    connection: Connection, empty_url: str, upgrading: bool
) -> None:
    schema.prepare(connection)
    stamp(connection, "0999")
    with pytest.raises(DatabaseError, match=r"newer version .* schema 0999.* install the newer one"):
        open_database(empty_url, upgrade=upgrading)


def test_an_older_database_is_refused_where_nothing_may_change(
    connection: Connection, empty_url: str
) -> None:
    schema.prepare(connection)
    stamp(connection, "0000")
    with pytest.raises(DatabaseError, match="run `iaventure db upgrade`"):
        open_database(empty_url, upgrade=False)


def test_a_database_of_another_program_is_refused_and_left_as_it_was(
    connection: Connection, empty_url: str
) -> None:
    with dialects.of(connection).begin(connection):
        connection.execute(text("CREATE TABLE bookmarks (url VARCHAR)"))
    before = statements(connection)
    with pytest.raises(DatabaseError, match="another program"):
        upgrade(empty_url)
    assert statements(connection) == before


# --- on a server, which several processes may use while one of them upgrades it


@pytest.fixture
def server_connection(empty_postgres_url: str) -> Iterator[Connection]:
    with connected(empty_postgres_url) as opened:
        yield opened


def test_a_server_is_upgraded_with_its_rows(server_connection: Connection, tmp_path: Path) -> None:
    schema.prepare(server_connection)
    subscribe(server_connection)

    found = schema.prepare(server_connection, head=NEXT, scripts=scripts_with(ADD_A_MOOD, tmp_path))

    assert found == (schema.HEAD, NEXT)
    assert addresses(server_connection) == ["4711"]
    with dialects.of(server_connection).begin(server_connection):
        assert schema.revision(server_connection) == NEXT
        assert server_connection.scalar(text("SELECT mood FROM learner")) == "calm"


def test_an_upgrade_of_a_server_that_fails_changes_nothing(
    server_connection: Connection, tmp_path: Path
) -> None:
    schema.prepare(server_connection)
    before = statements(server_connection)
    scripts = scripts_with(f"{ADD_A_MOOD}    op.execute('SELECT 1 / 0')\n", tmp_path)

    with pytest.raises(DBAPIError, match="division by zero"):
        schema.prepare(server_connection, head=NEXT, scripts=scripts)

    assert statements(server_connection) == before
    with dialects.of(server_connection).begin(server_connection):
        assert schema.revision(server_connection) == schema.HEAD


def test_two_upgrades_at_once_do_no_harm(empty_postgres_url: str, tmp_path: Path) -> None:
    scripts = scripts_with(f"{ADD_A_MOOD}    op.execute('SELECT pg_sleep(0.3)')\n", tmp_path)
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from storage import dialects, schema\n"
        "with dialects.engine(sys.argv[1], patient=True).connect() as connection:\n"
        f"    for head in ({{}}, {{'head': '{NEXT}', 'scripts': Path(sys.argv[2])}}):\n"
        "        print('ready', flush=True)\n"
        "        sys.stdin.readline()\n"
        "        print(*schema.prepare(connection, **head), flush=True)\n"
    )
    command = [sys.executable, "-c", program, empty_postgres_url, str(scripts)]
    with ExitStack() as stack:
        both = [
            stack.enter_context(subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True))
            for pipe in [subprocess.PIPE] * 2
        ]

        def heard() -> list[str]:
            return sorted(process.stdout.readline().strip() for process in both if process.stdout)

        def told() -> None:
            for process in both:
                assert process.stdin is not None
                process.stdin.write("go\n")
                process.stdin.flush()

        assert heard() == ["ready", "ready"]
        told()
        assert heard() == [f"{schema.HEAD} {schema.HEAD}", f"None {schema.HEAD}"]
        assert heard() == ["ready", "ready"]
        told()
        # Both had found the old schema, or one came late; neither ran the migration again.
        changed = f"{schema.HEAD} {NEXT}"
        assert heard() in ([changed, changed], [changed, f"{NEXT} {NEXT}"])


def test_a_server_waits_for_its_upgrade(empty_postgres_url: str) -> None:
    with pytest.raises(DatabaseError, match=r"is empty\. `iaventure db upgrade` prepares it"):
        open_database(empty_postgres_url)
    upgrade(empty_postgres_url)
    open_database(empty_postgres_url).close()


def test_a_server_with_an_older_schema_waits_for_its_upgrade(
    server_connection: Connection, empty_postgres_url: str
) -> None:
    schema.prepare(server_connection)
    stamp(server_connection, "0000")
    with pytest.raises(DatabaseError, match="run `iaventure db upgrade`"):
        open_database(empty_postgres_url)
