# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A course that moves to another room: messages under way, and an erasure that finds every former room."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bot.channels import Gone, Throttled
from bot.channels.console import ConsoleChannel
from bot.messages import Event, Kind
from bot.notice.facts import INVITED_KEPT
from bot.service.departures import Departures
from bot.service.identifying import fill_in
from bot.service.inbound import put_off, receive
from bot.service.outbound import Outcome, settle, step
from bot.talk import reception
from bot.talk.turn import Rules
from storage import accounts, devices, erasure, journal, learners, ownership, pending
from storage.accounts import MOST_ROOMS
from storage.tables import address, metadata
from tests import traces
from tests.bot.builders import BUTTONS, Person, Town

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from storage.store import Store
    from storage.types import Tx


def test_what_was_under_way_to_a_row_that_went_is_settled_to_nothing(town: Town) -> None:
    rules = Rules(town.schedule, "fr", frozenset())
    for number, failure in enumerate((None, Gone("left"), Throttled(3))):
        account, room = f"@ann{number}:x", f"second {number}"
        first = town.learner(f"first {number}", sender=account)
        greeting = Event("telegram", f"g{number}", room, town.now, Kind.GREETING, sender=account)
        town.store.write_now(receive, reception.read(greeting, rules), rules, BUTTONS, town.now)
        (attempt,) = town.store.write_now(step, "telegram", "token", BUTTONS, (), 8, (), town.now).attempts
        assert attempt.row.address == room
        word = Event("telegram", f"w{number}", room, town.now, text="progression", sender=account)
        town.store.write_now(receive, reception.read(word, rules), rules, BUTTONS, town.now)
        town.store.write_now(settle, [Outcome(attempt.row, town.now, "ref", failure)], town.now)
        town.deliver()
        second = town.person(room)
        assert "Leçons suivies" in second.heard()
        assert "écrivez-moi un mot" not in second.heard()
        assert second.learner.state == "active"
        assert first.heard().count("Leçons suivies") == 0


# --- rooms that a course left

ACCOUNT = "@camille.dupont-mairie:agent.example"
WORDS = "mots-que-camille-a-tapés"


class Rooms(ConsoleChannel):
    """A channel with a store of its own, as Matrix has; it records the addresses that it forgets."""

    own_device = "ici"

    def __init__(self) -> None:
        super().__init__()
        self.name = "telegram"
        self.forgot: set[str] = set()

    async def forget(self, address: str) -> None:
        self.forgot.add(address)

    async def compact(self) -> None:
        """Do nothing: there is no store."""


def camille(town: Town, room: str) -> Person:
    return town.person(room, sender=ACCOUNT)


def enrols(town: Town, room: str) -> Person:
    camille(town, room)
    return town.learner(room)


def by_a_word(town: Town) -> Person:
    enrols(town, "salon-1")
    camille(town, "salon-2").does(kind=Kind.GREETING)
    camille(town, "salon-2").types("progression")
    return camille(town, "salon-2")


def without_a_greeting(town: Town) -> Person:
    enrols(town, "salon-1")
    camille(town, "salon-2").types(WORDS)
    return camille(town, "salon-2")


def to_a_successor(town: Town) -> Person:
    enrols(town, "salon-1")
    camille(town, "salon-2").does(kind=Kind.GREETING, succeeds="salon-1")
    return camille(town, "salon-2")


def there_and_back(town: Town) -> Person:
    person = by_a_word(town)
    camille(town, "salon-3").types(WORDS)
    return camille(town, "salon-1") if person.types("aide") else person


def out_of_a_room_that_ended(town: Town) -> Person:
    enrols(town, "salon-1").does(kind=Kind.LEFT)
    return camille(town, "salon-2")


def paused(town: Town) -> Person:
    by_a_word(town).types("pause")
    return camille(town, "salon-2")


def stopped(town: Town) -> Person:
    person = by_a_word(town)
    person.types("stop")
    person.types("1")
    return person


def from_the_former_room(town: Town) -> Person:
    by_a_word(town)
    return camille(town, "salon-1")


def from_one_of_two_courses(town: Town) -> Person:
    """An earlier version did not keep the account."""
    for room in ("salon-1", "salon-2"):
        town.learner(room)
        camille(town, room).about["sender"] = ACCOUNT
        town.person(room).types(WORDS)
    return camille(town, "salon-1")


def while_a_message_is_under_way(town: Town) -> Person:
    person = by_a_word(town)
    camille(town, "salon-3").does(kind=Kind.GREETING, deliver=False)
    assert town.store.write_now(step, "telegram", "token", BUTTONS, (), 8, (), town.now).attempts
    return person


def while_words_wait_elsewhere(town: Town) -> Person:
    """In a crowd of strangers, Camille wrote in a room that is not stored yet: the words wait in `pending`."""
    person = by_a_word(town)
    word = Event("telegram", "crowd", "salon-3", town.now, text=WORDS, sender=ACCOUNT)
    assert town.store.write_now(put_off, [word], town.now) == ["salon-3"]
    return person


WAYS = (
    by_a_word,
    without_a_greeting,
    to_a_successor,
    there_and_back,
    out_of_a_room_that_ended,
    paused,
    stopped,
    from_the_former_room,
    from_one_of_two_courses,
    while_a_message_is_under_way,
    while_words_wait_elsewhere,
)


def everything(store: Store) -> str:
    """The content of every table."""

    def dumped(tx: Tx) -> str:
        return "\n".join(str(row) for table in metadata.sorted_tables for row in tx.execute(select(table)))

    return store.read_now(dumped)


@pytest.mark.parametrize("way", WAYS)
async def test_an_erasure_leaves_every_room_of_the_account(
    town: Town, tmp_path: Path, way: Callable[[Town], Person]
) -> None:
    channel = Rooms()
    await town.store.write(devices.note, "telegram", channel.own_device, town.now)
    other = town.learner("salon-de-carl", sender="@carl:x")
    person = way(town)
    rooms = {room for room in town.people if room != other.address}
    if way is while_words_wait_elsewhere:
        rooms.add("salon-3")
    person.types("oublier")
    assert "sont effacés" in person.types("effacer")
    one = Departures(town.store, {"telegram": channel}, tmp_path / "j", timedelta(days=30), lambda: town.now)
    town.wait(seconds=5)
    await one.look()
    assert channel.forgot & rooms == rooms
    assert other.address not in channel.forgot
    held = everything(town.store)
    for trace in (ACCOUNT, WORDS, *rooms):
        assert trace not in held, trace
    await one.tidy()
    assert await town.store.scrub()
    for trace in (ACCOUNT, WORDS, *rooms):  # in the file of SQLite and its write-ahead log
        assert traces.of(trace, tmp_path) == [], trace
    assert other.state == "active"
    town.deliver()
    assert (camille(town, "salon-4").does(kind=Kind.GREETING), person.state) != ("", "active")


def test_an_erasure_drops_only_the_waiting_words_of_its_own_account(town: Town) -> None:
    person = by_a_word(town)
    others = [
        Event("telegram", name, f"room {name}", town.now, text=text, sender=sender)
        for name, text, sender in (
            ("quotes", f'"sender":"{ACCOUNT}"', "@carl:x"),
            ("capital", "bonjour", ACCOUNT.upper()),
            ("joker", "bonjour", ACCOUNT.replace(".", "_")),
            ("longer", "bonjour", f"{ACCOUNT}x"),
        )
    ]
    town.store.write_now(put_off, others, town.now)
    person.types("oublier")
    person.types("1")
    assert len(town.store.read_now(pending.of_crowd, "telegram", 9)) == len(others)


def test_a_former_room_is_left_after_thirty_days(town: Town) -> None:
    person = by_a_word(town)
    before = town.now
    town.wait(days=29)
    assert town.store.read_now(erasure.departed, town.now - INVITED_KEPT, "", 9)[0] == []
    former = camille(town, "salon-1").learner
    assert (former.state, former.account, former.created_at) == ("invited", ACCOUNT, before)
    town.wait(days=2)
    assert town.store.read_now(erasure.departed, town.now - INVITED_KEPT, "", 9)[0] == [former.id]
    assert town.store.write_now(erasure.erase_departed, former.id, town.now - INVITED_KEPT, town.now)
    assert (camille(town, "salon-1").state, person.state) == ("nobody", "active")


def test_after_an_erasure_a_press_stores_no_account_and_a_word_does(town: Town) -> None:
    person = by_a_word(town)
    person.types("oublier")
    question = person.question
    person.does(text="1", deliver=False)
    person.does(kind=Kind.CHOOSE, refers=question.prompt, keys=("yes",), deliver=False)
    assert ACCOUNT not in everything(town.store)
    assert "Ce que je garde" in person.types("bonjour")
    assert (person.learner.state, person.learner.account) == ("invited", ACCOUNT)


# --- an account with very many rooms


def test_with_more_than_twenty_rooms_the_oldest_without_a_course_is_left(town: Town) -> None:
    town.store.write_now(devices.note, "telegram", "ici", town.now)
    home = enrols(town, "salon-0")
    for number in range(1, 60):
        town.wait(seconds=1)
        camille(town, f"salon-{number}").does(kind=Kind.GREETING)
    rows = town.store.read_now(accounts.rows_of_person, home.learner)
    newest = {f"salon-{number}" for number in range(60 - MOST_ROOMS + 1, 60)}
    assert {row.address for row in rows} == {"salon-0", *newest}
    forgotten = town.store.read_now(devices.waiting, "telegram", "ici", town.now)
    assert len(forgotten) == 60 - MOST_ROOMS
    assert "Leçons suivies" in camille(town, "salon-2").types("progression")
    assert "salon-2" not in town.store.read_now(devices.waiting, "telegram", "ici", town.now)


def test_a_row_that_moves_is_not_the_one_that_goes_though_the_clock_stepped_back(town: Town) -> None:
    for number in range(MOST_ROOMS):
        town.wait(seconds=1 if number < MOST_ROOMS - 1 else -3600)
        camille(town, f"salon-{number}").does(kind=Kind.GREETING)
    camille(town, "salon-neuf").does(kind=Kind.GREETING, succeeds=f"salon-{MOST_ROOMS - 1}")
    assert "première leçon" in camille(town, "salon-neuf").types("oui")
    assert len(addresses(town.store)) == MOST_ROOMS


def fill(tx: Tx, number: int, now: datetime) -> None:
    """Store rooms of an account, as an earlier version did without a limit."""
    met = [(f"ancien-{one}", ACCOUNT) for one in range(number)]
    learners.meet_all(tx, "telegram", met, language="fr", now=now)


async def test_hundreds_of_rooms_of_one_account_are_erased_in_steps_before_the_goodbye(
    town: Town, tmp_path: Path
) -> None:
    """A transaction reads some rows only; the remaining ones are deleted before the goodbye leaves."""
    home, number = enrols(town, "salon-0"), 400
    town.store.write_now(fill, number, town.now)
    town.store.write_now(devices.note, "telegram", "ici", town.now)
    assert len(town.store.read_now(accounts.rows_of_person, home.learner)) == accounts.LOOKED_AT
    camille(town, "ancien-7").does(kind=Kind.GREETING)
    camille(town, "salon-1").types("progression")
    assert number - 2 * MOST_ROOMS > accounts.LOOKED_AT
    camille(town, "salon-1").types("oublier")
    camille(town, "salon-1").does(text="effacer", deliver=False)
    assert len(addresses(town.store)) >= number - 2 * accounts.LOOKED_AT
    came_back = camille(town, f"ancien-{number - 1}")
    came_back.does(text="bonjour", deliver=False)
    one = Departures(town.store, {}, tmp_path / "j", timedelta(days=30), lambda: town.now)
    await one.complete()
    assert addresses(town.store) == {"salon-1", came_back.address}
    assert came_back.state == "invited"
    assert len(journal.read(tmp_path / "j")) > number - accounts.LOOKED_AT
    town.deliver()
    assert "Ce que je garde" in came_back.heard()
    assert addresses(town.store) == {came_back.address}
    waiting = set(town.store.read_now(devices.waiting, "telegram", "ici", town.now))
    assert waiting >= {f"ancien-{one}" for one in range(number - 1)} | {"salon-0", "salon-1"}
    assert came_back.address not in waiting


def addresses(store: Store) -> set[str]:
    return set(store.read_now(lambda tx: tx.execute(select(address.c.address)).scalars().all()))


# --- rooms that the channel knows and the database does not


class Placed(Rooms):
    """A channel that knows who is in which room."""

    def __init__(self, known: dict[str, str]) -> None:
        super().__init__()
        self.known = known

    def accounts(self) -> dict[str, str]:
        return self.known


async def test_a_room_missing_in_the_database_is_stored_at_the_start_and_left_by_an_erasure(
    town: Town,
) -> None:
    await town.store.write(devices.note, "telegram", "ici", town.now)
    await town.store.write(ownership.take, "terminal")
    person, gone = by_a_word(town), town.learner("salon-de-bob", sender="@bob:x")
    gone.types("oublier")
    gone.types("1")
    many = {f"salle-{number:04}": "@eve:x" for number in range(1200)}
    odd = {"salle\0": "@eve:x", "salle": "@\udc80:x", "s" * 256: "@eve:x"}
    known = {"salon-0": ACCOUNT, "salon-1": ACCOUNT, "salon-de-bob": "@bob:x", **many, **odd}
    channel = Placed(known)
    channel.account = "terminal"
    for _ in range(2):  # a second start changes nothing
        await fill_in(town.store, channel, "fr", town.now)
        assert camille(town, "salon-0").learner.account == ACCOUNT
        assert gone.state == "nobody", "it is about to be forgotten"
        rows = addresses(town.store)
        assert len(rows & many.keys()) == MOST_ROOMS
        forgotten = set(await town.store.read(devices.waiting, "telegram", "ici", town.now))
        assert forgotten == {"salon-de-bob", *many} - rows
    person.types("oublier")
    person.types("1")
    assert addresses(town.store) <= many.keys()
    forgotten = set(await town.store.read(devices.waiting, "telegram", "ici", town.now))
    assert forgotten >= {"salon-0", "salon-1", "salon-2"}
