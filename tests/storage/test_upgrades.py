# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A database that a released version left is upgraded with all that is in it, and people go on where they were."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, select, text

from bot.service.outbound import take_over
from lessons.review import SOON, Asked, delivered
from storage import courses, dialects, figures, schema, tables, versions
from storage.database import open_database, upgrade
from storage.failures import DatabaseError
from storage.filelock import own
from storage.progress import enrolments, recalls, tallies
from tests.bot.builders import Town
from tests.storage.releases import (
    ANN,
    TEA,
    TUESDAY,
    ZOE,
    load,
    released,
    retold,
    written_postgresql,
    written_sqlite,
)
from tests.storage.test_schema import connected, statements

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.postgres import Postgres

Rows = dict[str, list[dict[str, Any]]]
"""By table, each row by its columns."""
ENGINES = ("sqlite", "postgresql")
DROPPED = (
    ("learner", "name"),
    *(("audit", "by"), ("broadcast", "created_by"), ("lesson_version", "published_by"), ("pin", "who")),
)
"""Columns that an upgrade takes away: a table and a column each."""
GONE = {"review": "recall"}
"""Tables that an upgrade takes away, each with the table that its rows are in now."""
UNRELEASED = {"0005", "0006"}
"""Schemas that no released version had."""
NOT_OURS = {"alembic_version", "kept_transaction"}
"""Which schema it is, and what PostgreSQL notes of transactions."""


@pytest.fixture(params=released(), ids="-".join)
def left(request: pytest.FixtureRequest) -> tuple[str, str]:
    """The revision and the address of a database as a released version left it, on every engine in turn."""
    engine, revision = request.param
    url = str(request.getfixturevalue("empty_sqlite_url" if engine == "sqlite" else "empty_postgres_url"))
    load(engine, revision, url)
    return revision, url


def rows_of(url: str) -> Rows:
    """All that a database holds, whatever its schema."""
    found, kept = MetaData(), Rows()
    with connected(url) as connection, dialects.of(connection).begin(connection, read_only=True):
        found.reflect(connection)
        for table in found.sorted_tables:
            rows = connection.execute(select(table).order_by(*table.primary_key.columns))
            kept[table.name] = [dict(row) for row in rows.mappings()]
    return {name: rows for name, rows in kept.items() if name not in NOT_OURS}


@pytest.mark.parametrize("engine", ENGINES)
def test_each_schema_before_the_present_one_left_a_database(engine: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.SCRIPTS))
    revisions = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    kept = {revision for on, revision in released() if on == engine}
    assert kept >= revisions - UNRELEASED - {schema.HEAD}, "see CONTRIBUTING: a release"


def test_the_story_fills_every_column_and_is_always_the_same(tmp_path: Path) -> None:
    assert written_sqlite() == written_sqlite()
    url = f"sqlite:///{tmp_path}/retold.db"
    retold(url)
    kept = rows_of(url)
    empty = [
        f"{table.name}.{column.name}"
        for table in tables.metadata.sorted_tables
        for column in table.columns
        if not any(row[column.name] is not None for row in kept[table.name])
    ]
    assert empty == []


def test_a_server_is_dumped_too(postgres: Postgres) -> None:
    filled = set(re.findall(r"(?m)^INSERT INTO public\.(\w+) VALUES", written_postgresql(postgres)))
    assert filled == {table.name for table in tables.metadata.sorted_tables} | {"alembic_version"}


def test_what_was_left_fills_every_table(left: tuple[str, str]) -> None:
    assert [name for name, rows in rows_of(left[1]).items() if not rows] == []


def test_an_upgrade_keeps_every_row(left: tuple[str, str]) -> None:
    revision, url = left
    before = rows_of(url)
    assert upgrade(url) == (revision, schema.HEAD)
    after = rows_of(url)
    after["counter"] = [row for row in after["counter"] if row["name"] != "upgraded.privacy"]
    for name, column in DROPPED:
        for row in before.get(name, ()):
            row.pop(column, None)
    for name, successor in GONE.items():
        if name not in before:
            continue
        kept = {(row["learner_id"], row["lesson_id"]) for row in after[successor]}
        assert {(row["learner_id"], row["lesson_id"]) for row in before.pop(name)} <= kept
    same = {
        name: [{column: row[column] for column in old} for old, row in zip(rows, after[name], strict=True)]
        for name, rows in before.items()
    }
    assert same == before


def test_everybody_who_was_named_has_a_number(left: tuple[str, str]) -> None:
    _, url = left
    before = rows_of(url)
    upgrade(url)
    after = rows_of(url)
    named = {row["id"]: row["who"] for row in after["staff"]}
    for table, column in (("audit", "by"), ("broadcast", "created_by"), ("lesson_version", "published_by")):
        by = [row.get(column, "library") for row in before[table]]
        if column in before[table][0]:
            assert [named.get(row["staff_id"], "library") for row in after[table]] == by
    pins = {named[row["staff_id"]]: row["identity"] for row in after["pin"]}
    assert pins == {row["who"]: row["identity"] for row in before.get("pin", []) if "who" in row}


def test_every_lesson_of_a_released_database_is_read_under_its_stored_version(left: tuple[str, str]) -> None:
    _, url = left
    stored = {}
    for row in rows_of(url)["lesson_version"]:
        content = row["content"] if isinstance(row["content"], dict) else json.loads(row["content"])
        stored[row["id"]] = content["title"]
    upgrade(url)
    with open_database(url) as store:
        read = store.read_now(versions.read, stored)
    assert {version: lesson.title for version, lesson in read.items()} == stored


def test_a_database_in_use_is_not_upgraded(left: tuple[str, str]) -> None:
    revision, url = left
    before = rows_of(url)
    with in_use(url):
        with pytest.raises(DatabaseError, match="stop the service, then run `iaventure db upgrade`"):
            upgrade(url)
        with pytest.raises(DatabaseError, match="run `iaventure db upgrade`"):
            open_database(url)
    assert rows_of(url) == before
    assert upgrade(url) == (revision, schema.HEAD)


def test_a_database_in_use_that_needs_no_upgrade_is_opened(database_url: str) -> None:
    upgrade(database_url)
    with in_use(database_url):
        assert upgrade(database_url) == (schema.HEAD, schema.HEAD)
        with open_database(database_url) as store:
            assert store.read_now(figures.read)["answers"]["total"] == 0


@contextmanager
def in_use(url: str) -> Iterator[None]:
    """A service on a database while the block runs, whatever its version."""
    with own(url), connected(url):
        yield


def test_a_file_is_upgraded_when_it_is_opened_by_its_owner_or_while_nobody_owns_it(tmp_path: Path) -> None:
    for name in ("owned", "free"):
        load("sqlite", "0001", f"sqlite:///{tmp_path}/{name}.db")
    with (
        own(f"sqlite:///{tmp_path}/owned.db"),
        open_database(f"sqlite:///{tmp_path}/owned.db", owned=True) as owned,
        open_database(f"sqlite:///{tmp_path}/free.db") as free,
    ):
        assert owned.read_now(figures.read) == free.read_now(figures.read)


def test_an_upgraded_database_was_made_by_the_statements_of_a_new_one(
    left: tuple[str, str], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    _, url = left
    upgrade(url)
    if url.startswith("sqlite:"):
        new = f"sqlite:///{tmp_path}/new.db"
        upgrade(new)
    else:
        new = request.getfixturevalue("prepared_postgres_url")
    with connected(url) as upgraded, connected(new) as created:
        assert statements(upgraded) == statements(created)


def test_people_go_on_where_they_were(left: tuple[str, str]) -> None:
    upgrade(left[1])
    with open_database(left[1]) as store:
        town = Town(store, now=TUESDAY + timedelta(days=2, hours=15), events=1000)
        store.write_now(take_over, "telegram", "token", town.now)
        town.wait(minutes=10)
        ann, tea, zoe = (town.person(address) for address in (ANN, TEA, ZOE))
        heard = ann.types("progression")
        assert "4 réponses données, dont 1 juste." in heard
        assert "Régularité\u00a0: 3 jours de suite." in heard
        assert "4 réponses données, dont 3 justes." in tea.types("progression")
        assert "Aucune réponse" in zoe.types("progression")
        zoe.types("quiz")
        zoe.types(zoe.right())
        assert "1 réponse donnée, et juste" in zoe.types("progression")
        assert "Titre de" in zoe.types("lecon")
        assert store.read_now(figures.read)["answers"] == {"total": 9, "right": 5, "partly": 1, "wrong": 3}


def test_days_are_those_of_where_people_are(left: tuple[str, str]) -> None:
    upgrade(left[1])
    with open_database(left[1]) as store:
        town = Town(store)
        ann, tea, zoe = (town.person(address).learner.id for address in (ANN, TEA, ZOE))
        days = {who: store.read_now(tallies.of_learner, who)[1] for who in (ann, tea, zoe)}
    assert days == {
        ann: {date(2026, 11, day) for day in (23, 24, 25)},
        tea: {date(2026, 11, day) for day in (22, 24, 25)},
        zoe: frozenset(),
    }


def test_the_memories_of_questions_become_one_of_each_lesson(left: tuple[str, str]) -> None:
    upgrade(left[1])
    with open_database(left[1]) as store:
        town = Town(store)
        ann, zoe = (town.person(address).learner for address in (ANN, ZOE))
        (un, deux, trois) = (store.read_now(recalls.of, ann.id, slug) for slug in ("un", "deux", "trois"))
        monday, tuesday = TUESDAY.date() - timedelta(days=1), TUESDAY.date()
        assert un is not None
        assert (un.failed, un.due) == ("q2", monday + SOON)
        assert un.asked == {"q1": Asked(1, monday), "q2": Asked(1, monday)}
        assert un.memory is not None
        assert un.memory.last == monday
        assert deux is not None
        assert (deux.failed, deux.due, deux.asked) == ("q1", tuesday + SOON, {"q1": Asked(1, tuesday)})
        assert trois is not None
        unanswered = store.read_now(recalls.all_of, zoe.id)
        assert unanswered["un"] == delivered(monday)
        assert unanswered["deux"] == delivered(tuesday)
        assert ann.enrolment is not None
        versions = store.read_now(enrolments.deliveries, ann.enrolment.id)
        known = store.read_now(courses.slugs_of, {version for _, _, version in versions if version})
        assert [known.get(version or "") for _, _, version in versions] == [slug for slug, _, _ in versions]


ODD = ("{", "null", "[]", '{"stability": "x"}', '{"stability": NaN, "difficulty": 5, "last": "2026-11-23"}')


def test_a_memory_or_a_schedule_that_cannot_be_read_holds_no_upgrade_up(left: tuple[str, str]) -> None:
    revision, url = left
    table = "review" if revision < "0004" else "recall"
    with connected(url) as connection, dialects.of(connection).begin(connection):
        found = connection.execute(text(f"SELECT learner_id FROM {table}"))  # noqa: S608 - one of two names
        ids = sorted({row.learner_id for row in found})
        for learner_id, odd in zip([ids[0], *ids * 2], ODD, strict=False):
            values = {"odd": odd, "of": learner_id}
            damage = f"UPDATE {table} SET memory = :odd WHERE learner_id = :of"  # noqa: S608 - one of two names
            connection.execute(text(damage), values)
            if revision == "0001":  # what counted its answers reads schedules without care
                continue
            connection.execute(text("UPDATE enrolment SET schedule = :odd WHERE learner_id = :of"), values)
    upgrade(url)
    with open_database(url) as store:
        for learner_id in ids:
            kept = store.read_now(recalls.all_of, learner_id)
            assert kept
            assert all(recall.asked for recall in kept.values() if recall.failed)
