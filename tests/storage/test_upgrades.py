# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A database that a released version left is upgraded with all that is in it, and people go on where they were."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, create_engine, select

from bot.service.outbound import take_over
from storage import progress, schema, sqlite, tables
from storage.engine import open_database, upgrade
from storage.figures import figures
from tests.bot.builders import Town
from tests.storage.releases import ANN, TEA, TUESDAY, ZOE, load, load_sqlite, released, written
from tests.storage.test_schema import statements

if TYPE_CHECKING:
    from pathlib import Path

Rows = dict[str, list[dict[str, Any]]]
"""By table, each row by its columns."""


@pytest.fixture(params=released(), ids="-".join)
def left(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """The revision and the address of a database as a released version left it."""
    engine, revision = request.param
    return revision, load(engine, revision, tmp_path)


def rows_of(url: str) -> Rows:
    """All that a database holds, whatever its schema, but which schema that is."""
    engine = create_engine(url)
    found, kept = MetaData(), Rows()
    with engine.connect() as connection:
        found.reflect(connection)
        for table in found.sorted_tables:
            if table.name != "alembic_version":
                keys = list(table.primary_key.columns)
                kept[table.name] = [
                    dict(row) for row in connection.execute(select(table).order_by(*keys)).mappings()
                ]
    engine.dispose()
    return kept


def test_each_schema_before_the_present_one_left_a_database() -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.SCRIPTS))
    revisions = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    assert {revision for _, revision in released()} >= revisions - {schema.HEAD}, (
        "see CONTRIBUTING: a release"
    )


def test_the_story_fills_every_column_and_is_always_the_same(tmp_path: Path) -> None:
    sql = written()
    assert sql == written()
    kept = rows_of(load_sqlite(sql, tmp_path))
    empty = [
        f"{table.name}.{column.name}"
        for table in tables.metadata.sorted_tables
        for column in table.columns
        if not any(row[column.name] is not None for row in kept[table.name])
    ]
    assert empty == []


def test_what_was_left_fills_every_table(left: tuple[str, str]) -> None:
    assert [name for name, rows in rows_of(left[1]).items() if not rows] == []


def test_an_upgrade_keeps_every_row(left: tuple[str, str]) -> None:
    revision, url = left
    before = rows_of(url)
    assert upgrade(url) == (revision, schema.HEAD)
    after = rows_of(url)
    same = {
        name: [{column: row[column] for column in old} for old, row in zip(rows, after[name], strict=True)]
        for name, rows in before.items()
    }
    assert same == before


def test_an_upgraded_database_has_the_tables_of_the_program(left: tuple[str, str]) -> None:
    upgrade(left[1])
    engine = create_engine(left[1])
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []
    engine.dispose()


@pytest.mark.parametrize("revision", [revision for engine, revision in released() if engine == "sqlite"])
def test_an_upgraded_file_was_made_by_the_statements_of_a_new_one(revision: str, tmp_path: Path) -> None:
    old, new = load("sqlite", revision, tmp_path), f"sqlite:///{tmp_path}/new.db"
    made = []
    for url in (old, new):
        upgrade(url)
        engine = sqlite.engine(sqlite.file_of(url))
        with engine.connect() as connection:
            made.append(statements(connection))
        engine.dispose()
    assert made[0] == made[1]


def test_people_go_on_where_they_were(left: tuple[str, str]) -> None:
    with open_database(left[1]) as store:
        town = Town(store, now=TUESDAY + timedelta(days=2, hours=15), events=1000)
        store.write_now(take_over, "telegram", "token", town.now)
        town.wait(minutes=10)
        ann, tea, zoe = (town.person(address) for address in (ANN, TEA, ZOE))
        heard = ann.types("progression")
        assert "4 réponses données, dont justes\u00a0: 1." in heard
        assert "Régularité\u00a0: 3 jours de suite." in heard
        assert "4 réponses données, dont justes\u00a0: 3." in tea.types("progression")
        assert "Aucune réponse" in zoe.types("progression")
        zoe.types("quiz")
        zoe.types(zoe.right())
        assert "1 réponse donnée, dont 1 juste" in zoe.types("progression")
        assert "Titre de" in zoe.types("lecon")
        assert store.read_now(figures)["answers"] == {"total": 9, "right": 5, "partly": 1, "wrong": 3}


def test_days_are_those_of_where_people_are(left: tuple[str, str]) -> None:
    with open_database(left[1]) as store:
        town = Town(store)
        ann, tea, zoe = (town.person(address).learner.id for address in (ANN, TEA, ZOE))
        days = {who: store.read_now(progress.answered_days, who) for who in (ann, tea, zoe)}
    assert days == {
        ann: {date(2026, 11, day) for day in (23, 24, 25)},
        tea: {date(2026, 11, day) for day in (22, 24, 25)},
        zoe: frozenset(),
    }
