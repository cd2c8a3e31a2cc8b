# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Instants and JSON come back as they went in, on every engine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, Text, cast, select, text
from sqlalchemy.exc import StatementError

from storage.types import UNREADABLE, Json, LocalDate, UtcDateTime, canonical, storable

if TYPE_CHECKING:
    from storage.store import Store
    from storage.types import Tx

event = Table(
    "event",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime),
    Column("day", LocalDate),
    Column("content", Json),
)

short = Table("short", MetaData(), Column("text", String(10)))


@pytest.fixture
def events(store: Store) -> Store:
    store.write_now(event.create)
    return store


def keep(tx: Tx, /, **values: Any) -> None:
    tx.execute(event.insert().values(**values))


def instants(tx: Tx) -> list[datetime | None]:
    return list(tx.scalars(select(event.c.at).order_by(event.c.at)))


@pytest.mark.parametrize(
    "instant",
    [
        datetime(2026, 11, 23, 8, 30, tzinfo=ZoneInfo("Europe/Paris")),
        datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Paris")),
        datetime(2026, 11, 23, 7, 30, 0, 123456, tzinfo=UTC),
        datetime(1, 1, 2, tzinfo=timezone(timedelta(hours=14))),
    ],
)
def test_an_instant_comes_back_equal_and_in_utc(events: Store, instant: datetime) -> None:
    events.write_now(keep, at=instant)
    (back,) = events.read_now(instants)
    assert back == instant.astimezone(UTC)
    assert back is not None
    assert back.tzinfo is UTC


def test_an_unreadable_instant_or_date_fails_no_row(events: Store) -> None:
    sqlite = ["garbage", "", "2026-02-30 08:30:00.000000", "2026", 5, 2.5, b"\xff", "0001-01-01T00:00+14:00"]
    postgresql = ["infinity", "-infinity", "0044-03-15 08:30:00 BC", "20000-01-01"]
    moment = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    events.write_now(keep, at=moment, day=moment.date())

    def spoil(tx: Tx) -> int:
        spoiled = sqlite if tx.dialect.name == "sqlite" else postgresql
        for value in spoiled:
            tx.execute(text("INSERT INTO event (at, day) VALUES (:at, :day)"), {"at": value, "day": value})
        return len(spoiled)

    number = events.write_now(spoil)
    both = events.read_now(lambda tx: [tuple(row) for row in tx.execute(select(event.c.at, event.c.day))])
    assert sorted(both) == [(UNREADABLE, UNREADABLE.date())] * number + [(moment, moment.date())]


def test_an_instant_at_the_end_of_the_calendar_can_be_told_in_every_zone_once_it_is_read(
    events: Store,
) -> None:
    def spoil(tx: Tx) -> None:
        for day in ("9999-12-30", "9999-12-31"):
            for hour in ("00:00:00", "12:00:00", "23:59:59"):
                at = f"{day} {hour}" + ("" if tx.dialect.name == "sqlite" else "+00")
                tx.execute(text("INSERT INTO event (at) VALUES (:at)"), {"at": at})

    events.write_now(spoil)
    for at in events.read_now(instants):
        assert at is not None
        for hours in (-12, 14):
            at.astimezone(timezone(timedelta(hours=hours)))


def test_instants_sort_by_time_whatever_their_zone(events: Store) -> None:
    early = datetime(2026, 11, 23, 9, tzinfo=timezone(timedelta(hours=5)))
    late = datetime(2026, 11, 23, 8, tzinfo=timezone(timedelta(hours=-5)))
    events.write_now(keep, at=late)
    events.write_now(keep, at=early)
    assert events.read_now(instants) == [early, late]


def test_an_instant_can_be_compared_in_a_query(events: Store) -> None:
    moment = datetime(2026, 11, 23, 8, 30, tzinfo=ZoneInfo("Europe/Paris"))
    events.write_now(keep, at=moment)

    def due(tx: Tx, now: datetime) -> int:
        return len(tx.execute(select(event.c.id).where(event.c.at <= now)).all())

    assert events.read_now(due, moment) == 1
    assert events.read_now(due, moment - timedelta(microseconds=1)) == 0


def test_a_naive_datetime_is_refused(events: Store) -> None:
    with pytest.raises(StatementError, match="naive datetime"):
        events.write_now(keep, at=datetime(2026, 11, 23, 8, 30))  # noqa: DTZ001
    assert events.read_now(instants) == []


def test_nothing_comes_back_as_nothing(events: Store) -> None:
    events.write_now(keep, at=None, content=None)
    row = events.read_now(lambda tx: tx.execute(select(event.c.at, event.c.content)).one())
    assert tuple(row) == (None, None)


def test_json_is_kept_in_one_canonical_form(events: Store) -> None:
    value = {"b": [1, 2.5, None, True], "a": {"é": "l'été"}}
    events.write_now(keep, content=value)

    def stored(tx: Tx) -> tuple[str, object]:
        row = tx.execute(select(cast(event.c.content, Text), event.c.content)).one()
        return row[0], row[1]

    assert events.read_now(stored) == ('{"a":{"é":"l\'été"},"b":[1,2.5,null,true]}', value)
    assert canonical({"a": 1, "b": 2}) == canonical({"b": 2, "a": 1})


@pytest.mark.parametrize(
    ("text", "kept"), [("a\0b", "ab"), ("\ud83dx", "?x"), ("é" * 11, "é" * 10), ("🙂" * 11, "🙂" * 10)]
)
def test_any_text_from_outside_can_be_kept(events: Store, text: str, kept: str) -> None:
    def keep_text(tx: Tx) -> object:
        tx.execute(short.insert().values(text=storable(text, 10)))
        return tx.scalar(select(short.c.text))

    events.write_now(short.create)
    assert events.write_now(keep_text) == kept
