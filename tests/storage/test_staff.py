# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Those who act have a number; who they are is kept only while it is of use."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from storage import audit, broadcasts, pins, staff, tables

if TYPE_CHECKING:
    from storage.store import Store

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
ZOE, BOB = "telegram:4711", "matrix:@bob:example.org"
YEARS = timedelta(days=1095)


def acts(store: Store, who: str, at: datetime = NOW) -> None:
    store.write_now(audit.record, by=who, action="announce", subject="1", detail="", now=at)


def test_a_number_stays_the_same(store: Store) -> None:
    for _ in range(3):
        acts(store, ZOE)
        acts(store, BOB)
    numbers = [entry.by for entry in store.read_now(audit.entries)]
    assert numbers == numbers[:2] * 3
    assert [person.who for person in store.read_now(staff.people)] == [ZOE, BOB]


def test_no_other_table_names_a_person(store: Store) -> None:
    acts(store, ZOE)
    store.write_now(lambda tx: broadcasts.begin(tx, roles=["agent"], by=ZOE, now=NOW, text="Réunion"))
    store.write_now(pins.keep, ZOE, "k" * 43, NOW)
    assert store.read_now(pins.of, ZOE) == "k" * 43

    def named(tx: object) -> list[str]:
        return [
            table.name
            for table in tables.metadata.sorted_tables
            for row in tx.execute(table.select()).all()  # type: ignore[attr-defined]
            if any(isinstance(value, str) and "4711" in value for value in row)
        ]

    assert store.read_now(named) == ["staff"]


def test_the_setting_gives_and_takes_a_right(store: Store) -> None:
    store.write_now(staff.note_admins, [ZOE, BOB], NOW)
    store.write_now(staff.note_admins, [BOB], NOW + timedelta(days=1))
    zoe, bob = sorted(store.read_now(staff.people), key=lambda person: person.who, reverse=True)
    assert (zoe.role, zoe.given_at, zoe.revoked_at) == ("admin", NOW, NOW + timedelta(days=1))
    assert (bob.role, bob.given_at, bob.revoked_at) == ("admin", NOW, None)
    store.write_now(staff.note_admins, [ZOE, BOB], NOW + timedelta(days=2))
    again = store.read_now(staff.by_number, zoe.id)
    assert again is not None
    assert (again.given_at, again.revoked_at) == (NOW + timedelta(days=2), None)


def test_a_name_is_forgotten_long_after_its_last_right_and_last_act(store: Store) -> None:
    store.write_now(staff.note_admins, [ZOE, BOB], NOW)
    acts(store, "cli:root")
    store.write_now(staff.note_admins, [BOB], NOW + timedelta(days=10))
    acts(store, ZOE, NOW + timedelta(days=20))
    for later, left in ((4, {ZOE, BOB, "cli:root"}), (24, {ZOE, BOB}), (26, {BOB})):
        before = NOW + timedelta(days=later) - timedelta(days=5)
        store.write_now(staff.forget, before)
        assert {person.who for person in store.read_now(staff.people) if person.who} == left
    assert [entry.who for entry in store.read_now(audit.entries)] == ["", ""]
    acts(store, ZOE, NOW + YEARS)
    assert len(store.read_now(staff.people)) == 4
