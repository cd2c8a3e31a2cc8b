# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Addresses at rest: found by their tags, opened with the one key, and nowhere in clear."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from bot.messages import Event, Kind, Send
from bot.service.packing import pack
from storage import accounts, audit, devices, erasure, keys, learners, pending, sealing, seals, staff, tables
from storage.database import begin_key, move, open_database, own_key, rotate_key, upgrade
from storage.failures import DatabaseError, Unsealable, WrongKey
from storage.outbox import ledger, queue
from storage.outbox.rows import Draft
from storage.sealing import Sealing, key_of
from tests import traces
from tests.bot import papers
from tests.bot.builders import MONDAY, Town, lesson, tables_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from storage.store import Store
    from storage.types import Tx
    from tests.postgres import Postgres

KEY, OTHER = Sealing(b"k" * 32), Sealing(b"o" * 32)
PHONE, ROOM, ZOE = (
    "7316094582",
    "!cekGKGwhNfZYSC:agent.tchap.gouv.fr",
    "@zoe.dupont-mairie.fr:agent.tchap.gouv.fr",
)
ELSEWHERE = "!autreSalonDeZoe:agent.tchap.gouv.fr"
PEOPLE = (PHONE, ROOM, ZOE, ELSEWHERE)


@pytest.fixture
def sealed(database_url: str) -> Iterator[Store]:
    """An open database with a key, on every engine in turn."""
    own_key(database_url, KEY, MONDAY)
    with open_database(database_url, key=KEY) as store:
        yield store


def in_clear(store: Store) -> set[str]:
    """Which of the people's addresses and accounts the database holds in any form."""
    held = papers.all_texts(store).encode()
    return {one for one in PEOPLE if any(form in held for form in traces.forms(one))}


def live(store: Store) -> Town:
    """Two people talk: one whose address is their account, and one in a room."""
    town = Town(store).teach(lesson("un"), lesson("deux"), lesson("trois"))
    phone, room = town.learner(PHONE), town.learner(ROOM, sender=ZOE)
    for person in (phone, room):
        person.types("reglages")
        person.types(f"où suis-je ? {person.address}")
        assert person.address in person.types("mesdonnees")
    return town


def waits(tx: Tx) -> None:
    """What waits for its answer, or to be forgotten."""
    event = Event("telegram", "noted", PHONE, MONDAY, Kind.FILE)
    other = Event("telegram", "noted-too", ELSEWHERE, MONDAY, Kind.FILE, sender=ZOE)
    pending.add(tx, "telegram", [(PHONE, pack(event)), (ELSEWHERE, pack(other))], MONDAY)
    devices.note(tx, "telegram", "a machine", MONDAY)
    devices.forget_unknown(tx, "telegram", [ELSEWHERE], MONDAY)


# --- the cipher


@given(st.text(max_size=300))
def test_whatever_was_sealed_is_opened_as_it_was(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    assert KEY.open("matrix", 7, KEY.seal("matrix", 7, text)) == text


def test_a_seal_shows_only_roughly_how_long_a_text_is() -> None:
    lengths = {size: len(KEY.seal("matrix", 1, "é" * size)) - 28 for size in (0, 5, 14, 15, 30, 31, 127, 255)}
    assert lengths == {0: 32, 5: 32, 14: 32, 15: 64, 30: 64, 31: 128, 127: 512, 255: 1024}
    assert KEY.seal("matrix", 1, ROOM) != KEY.seal("matrix", 1, ROOM)


@pytest.mark.parametrize(
    "read",
    [
        lambda copy: OTHER.open("matrix", 7, copy),
        lambda copy: KEY.open("telegram", 7, copy),
        lambda copy: KEY.open("matrix", 8, copy),
        lambda copy: KEY.open("matrix", 7, copy[:-1]),
        lambda copy: KEY.open("matrix", 7, copy[:0]),
        lambda copy: KEY.open("matrix", 7, copy[:-1] + bytes([copy[-1] ^ 1])),
    ],
    ids=["other key", "other channel", "other row", "cut", "empty", "damaged"],
)
def test_a_seal_opens_for_its_own_row_and_key_alone(read: Callable[[bytes], str]) -> None:
    with pytest.raises(Unsealable):
        read(KEY.seal("matrix", 7, ROOM))


def test_a_tag_is_the_same_each_time_and_of_no_other_key_or_channel() -> None:
    tags = {
        KEY.tag("matrix", ROOM),
        KEY.tag("matrix", ELSEWHERE),
        KEY.tag("telegram", ROOM),
        OTHER.tag("matrix", ROOM),
    }
    assert len(tags) == 4
    assert KEY.tag("matrix", ROOM) == Sealing(b"k" * 32).tag("matrix", ROOM)
    assert all(sealing.is_tag(tag) and len(tag) == sealing.LONGEST_TAG for tag in tags)
    assert KEY.fingerprint != OTHER.fingerprint


def test_a_key_is_written_in_base64() -> None:
    for text in (base64.b64encode(b"k" * 32).decode(), f" {base64.b64encode(b'k' * 32).decode()}\n"):
        assert key_of(text) == b"k" * 32
        assert key_of(text.rstrip().rstrip("=")) == b"k" * 32
    for wrong in ("", "none", "a" * 43 + "!", base64.b64encode(b"k" * 31).decode(), "k" * 32):
        with pytest.raises(ValueError, match="32 bytes"):
            key_of(wrong)


# --- a sealed database


def test_people_talk_and_no_table_holds_where_they_are_reached(sealed: Store) -> None:
    town = live(sealed)
    sealed.write_now(waits)
    assert in_clear(sealed) == set()
    assert sealed.read_now(keys.left) == 0
    assert town.person(PHONE).state == town.person(ROOM).state == "active"
    told = tables_in(town.person(ROOM).last.document.content)  # type: ignore[union-attr]
    (place,) = told["Adresse de messagerie"]
    assert place["adresse de la conversation dans la messagerie"] == ROOM
    assert place["compte de la messagerie (sur Tchap, il contient le nom)"] == ZOE
    sent = tables_in(data_of(town, ROOM))["Messages du robot"]
    assert any(ROOM in str(message) for message in sent)


def test_a_paper_that_waits_to_leave_is_sealed_with_the_name_on_it(sealed: Store) -> None:
    town = papers.course(sealed)
    person = papers.follower(town)
    person.types("attestation")
    person.does(text=papers.NAME, deliver=False)
    held = papers.all_texts(sealed).encode()
    assert not any(form in held for form in traces.forms(papers.NAME))
    town.deliver()
    _, _, piece = person.shown[-1]
    assert isinstance(piece, Send)
    assert piece.drawing is not None
    assert papers.NAME in str(piece.drawing.facts)


def data_of(town: Town, address: str) -> bytes:
    town.person(address).types("mesdonnees")
    return town.person(address).last.document.content  # type: ignore[union-attr]


def test_the_same_town_without_a_key_holds_all_of_it(store: Store) -> None:
    live(store)
    store.write_now(waits)
    assert in_clear(store) == set(PEOPLE)


def test_somebody_is_followed_by_their_account(sealed: Store) -> None:
    town = live(sealed)
    before = town.person(ROOM).learner
    assert town.person(ELSEWHERE, sender=ZOE).types("progression")
    assert town.person(ELSEWHERE).learner.id == before.id
    assert {one.address for one in sealed.read_now(accounts.learners_of, "telegram", ZOE)} == {
        ROOM,
        ELSEWHERE,
    }
    assert sealed.read_now(accounts.unmet, "telegram", [ROOM, ELSEWHERE, "new"]) == {"new"}
    assert sealed.read_now(learners.known, "telegram", [ELSEWHERE, PHONE, "new"]) == {ELSEWHERE, PHONE}
    assert in_clear(sealed) == set()


def test_accounts_are_filled_in_where_none_is_noted(sealed: Store) -> None:
    town = live(sealed)
    assert sealed.read_now(accounts.unknown, "telegram", 0, 9) == [
        (town.person(PHONE).learner.address_id, PHONE)
    ]
    sealed.write_now(accounts.fill_in, "telegram", [(PHONE, ZOE), (ROOM, "@other:example.org")])
    assert town.person(PHONE).learner.account == town.person(ROOM).learner.account == ZOE
    assert sealed.read_now(accounts.unknown, "telegram", 0, 9) == []


def test_who_is_erased_goes_and_each_device_is_told_whom_to_forget(sealed: Store) -> None:
    town = live(sealed)
    sealed.write_now(waits)
    person = town.person(ROOM)
    person.types("oublier")
    assert "sont effacés" in person.types("effacer")
    assert set(sealed.read_now(devices.waiting, "telegram", "a machine", MONDAY)) == {ROOM, ELSEWHERE}
    assert sealed.read_now(pending.addresses, "telegram", crowd=False) == [PHONE]
    assert in_clear(sealed) == set()
    town.person(ROOM).types("bonjour")
    assert sealed.read_now(devices.waiting, "telegram", "a machine", MONDAY) == [ELSEWHERE]
    sealed.write_now(devices.put_off, "telegram", "a machine", ELSEWHERE, MONDAY + timedelta(days=1))
    assert sealed.read_now(devices.waiting, "telegram", "a machine", MONDAY, 1) == []
    assert sealed.read_now(devices.still_waits, "telegram", "a machine", ELSEWHERE)
    sealed.write_now(devices.forgot, "telegram", "a machine", [ELSEWHERE])
    assert not sealed.read_now(devices.still_waits, "telegram", "a machine", ELSEWHERE)


def test_an_erased_account_goes_with_every_room(sealed: Store) -> None:
    town = live(sealed)
    town.person(ELSEWHERE, sender=ZOE).types("progression")
    person = town.person(ELSEWHERE)
    person.types("oublier")
    person.types("effacer")
    sealed.write_now(lambda tx: erasure.leave_overdue(tx, erasure.overdue(tx, town.now, 50), town.now))
    assert sealed.read_now(accounts.learners_of, "telegram", ZOE) == []
    assert sealed.read_now(learners.count) == {"active": 1}


def test_a_row_that_cannot_be_opened_ends_and_stops_nobody(sealed: Store) -> None:
    town = live(sealed)
    lost, other = town.person(PHONE), town.person(ROOM)
    of = lost.learner.address_id
    sealed.write_now(waits)
    damage = update(tables.address).where(tables.address.c.id == of).values(sealed=b"damaged")
    sealed.write_now(lambda tx: tx.execute(damage))
    sealed.write_now(lambda tx: tx.execute(update(tables.pending).values(event="damaged")))
    sealed.write_now(lambda tx: tx.execute(update(tables.to_forget).values(sealed=None)))
    shown = len(other.shown)
    drafts = [
        Draft(f"reply:{name}:0.0", one.learner.address_id, "telegram", {"text": "à vous"})
        for name, one in (("lost", lost), ("other", other))
    ]
    sealed.write_now(queue.enqueue, drafts, town.now)
    town.deliver()
    assert other.heard(shown) == "à vous"
    assert sealed.read_now(ledger.outcomes)["reply"]["refused"] == 1
    assert sealed.read_now(learners.at, [of])[of].address == learners.nowhere(of)
    assert sealed.read_now(pending.addresses, "telegram", crowd=False) == []
    assert sealed.read_now(devices.waiting, "telegram", "a machine", MONDAY, 10) == []
    assert "Votre progression" in lost.types("progression") or lost.state == "active"
    assert lost.state == "active", "a word from there is known by its tag"


# --- a key that begins


def test_people_are_found_while_some_are_sealed_and_others_are_not(database_url: str) -> None:
    with open_database(database_url) as store:
        live(store)
        store.write_now(waits)
        met = sorted(store.read_now(lambda tx: list(tx.execute(select(tables.address.c.id)).scalars())))
    own_key(database_url, KEY, MONDAY)
    with open_database(database_url, key=KEY) as store:
        store.write_now(seals.seal_waiting)  # before anybody is listened to: see `bot.app`
        town = Town(store, events=1000, sent=1000)
        ids = {address: town.person(address).learner.id for address in (PHONE, ROOM)}
        assert store.read_now(keys.left) == 2
        assert store.write_now(seals.seal, met[:1]) == 1
        assert store.write_now(seals.seal, met[:1]) == 0, "sealed once"
        for address, sender in ((PHONE, ""), (ROOM, ZOE), ("!nouveau:example.org", ZOE)):
            heard = town.person(address, sender=sender).types("progression")
            assert "progression" in heard
        assert {town.person(address).learner.id for address in (PHONE, "!nouveau:example.org")} == set(
            ids.values()
        )
        assert store.read_now(learners.count) == {"active": 2, "invited": 1}
        assert {one.id for one in store.read_now(pending.of_address, "telegram", PHONE)} == {1}
        assert [one.event["address"] for one in store.read_now(pending.of_address, "telegram", PHONE)] == [
            PHONE
        ]
        person = town.person("!nouveau:example.org")
        person.types("oublier")
        person.types("effacer")
        assert ELSEWHERE in store.read_now(devices.waiting, "telegram", "a machine", MONDAY)
        assert store.read_now(pending.addresses, "telegram", crowd=False) == [PHONE]
        store.write_now(seals.seal, met)
        store.write_now(lambda tx: erasure.leave_overdue(tx, erasure.overdue(tx, town.now, 50), town.now))
        assert store.read_now(keys.left) == 0
        said, _ = store.read_now(keys.next_replies, 0, 100)
        assert store.write_now(seals.seal_replies, said) == len(said) > 0
        assert in_clear(store) == set()
        assert town.person(PHONE).learner.id == ids[PHONE]


def test_somebody_who_is_reached_nowhere_is_not_waited_for(database_url: str) -> None:
    with open_database(database_url) as store:
        town = live(store)
        store.write_now(accounts.put_out, town.person(ROOM).learner)
    own_key(database_url, KEY, MONDAY)
    with open_database(database_url, key=KEY) as store:
        ids, after = store.read_now(keys.next_in_clear, 0, 10)
        assert after is not None
        store.write_now(seals.seal, ids)
        store.write_now(seals.seal_waiting)
        assert store.read_now(keys.left) == 0
        (out,) = store.read_now(accounts.learners_of, "telegram", ZOE)
        assert accounts.is_put_out(out)
        town = Town(store, events=1000, sent=1000)
        town.person(ELSEWHERE, sender=ZOE).types("progression")
        assert town.person(ELSEWHERE).learner.id == out.id


def test_a_database_takes_its_own_key_and_no_other(database_url: str) -> None:
    assert not own_key(database_url, None, MONDAY), "in clear, as before"
    assert own_key(database_url, KEY, MONDAY)
    assert not own_key(database_url, KEY, MONDAY)
    assert not begin_key(database_url, KEY, MONDAY)
    for key in (OTHER, None):
        for check in (own_key, begin_key):
            with pytest.raises(WrongKey, match=KEY.fingerprint) as refused:
                check(database_url, key, MONDAY)
            assert refused.value.exit_code == 1


def test_a_key_begins_only_while_no_other_machine_is_connected(postgres_url: str) -> None:
    with open_database(postgres_url), pytest.raises(DatabaseError, match="new to this database"):
        own_key(postgres_url, KEY, MONDAY)
    assert own_key(postgres_url, KEY, MONDAY)
    with open_database(postgres_url, key=KEY):
        assert not own_key(postgres_url, KEY, MONDAY), "the second machine, with the same key"


def test_two_machines_with_one_key_know_the_same_people(postgres_url: str) -> None:
    own_key(postgres_url, KEY, MONDAY)
    with open_database(postgres_url, key=KEY) as one, open_database(postgres_url, key=KEY) as two:
        live(one)
        town = Town(two, events=1000, sent=1000)
        assert town.person(PHONE).learner.id == one.read_now(learners.by_address, "telegram", PHONE).id  # type: ignore[union-attr]
        assert "progression" in town.person(ROOM, sender=ZOE).types("progression")
        assert one.read_now(learners.count) == {"active": 2}


# --- a database that moves, and a key that is replaced


@pytest.mark.parametrize("to_server", [True, False])
def test_a_move_takes_sealed_rows_as_they_are(
    to_server: bool, empty_sqlite_url: str, empty_postgres_url: str, postgres: Postgres
) -> None:
    source, target = (
        (empty_sqlite_url, empty_postgres_url) if to_server else (empty_postgres_url, empty_sqlite_url)
    )
    upgrade(source)
    upgrade(target)
    own_key(source, KEY, MONDAY)
    with open_database(source, key=KEY) as store:
        live(store)
        before = store.read_now(lambda tx: tx.execute(select(tables.address.c.sealed)).scalars().all())
    list(move(source, target))
    assert not own_key(target, KEY, MONDAY)
    with open_database(target, key=KEY) as store:
        assert (
            store.read_now(lambda tx: tx.execute(select(tables.address.c.sealed)).scalars().all()) == before
        )
        assert Town(store).person(ROOM).learner.account == ZOE
        assert in_clear(store) == set()


def test_another_key_takes_the_place_of_the_first_everywhere_at_once(database_url: str) -> None:
    own_key(database_url, KEY, MONDAY)
    with open_database(database_url, key=KEY) as store:
        town = live(store)
        store.write_now(waits)
        town.person(PHONE).does(text="mesdonnees", deliver=False)
    with pytest.raises(WrongKey):
        rotate_key(database_url, OTHER, KEY, "cli:test", MONDAY)
    assert rotate_key(database_url, KEY, OTHER, "cli:test", MONDAY) == 2
    with pytest.raises(WrongKey, match=OTHER.fingerprint):
        own_key(database_url, KEY, MONDAY)
    assert not own_key(database_url, OTHER, MONDAY)
    with open_database(database_url, key=OTHER) as store:
        town = Town(store, events=1000, sent=1000)
        shown = town.person(PHONE).shown
        town.deliver()
        assert shown[-1][2].document is not None, "what waited is readable"  # type: ignore[union-attr]
        assert town.person(ROOM).learner.account == ZOE
        assert store.read_now(pending.addresses, "telegram", crowd=False) == [PHONE, ELSEWHERE]
        assert store.read_now(devices.waiting, "telegram", "a machine", MONDAY) == [ELSEWHERE]
        assert in_clear(store) == set()
        (done,) = [one for one in store.read_now(audit.entries) if one.action == "rotate-key"]
        assert (done.who, done.subject) == ("cli:test", OTHER.fingerprint)
    for key in (KEY, None):
        with pytest.raises(WrongKey, match=OTHER.fingerprint):
            open_database(database_url, key=key)


def twins(tx: Tx) -> None:
    """What a process without the key left beside what is sealed: one in clear of each, met twice."""
    tx.execute(tables.staff.insert().values(who=ADMIN, role=""))
    number = tx.execute(select(tables.staff.c.id).where(tables.staff.c.who == ADMIN)).scalar_one()
    row = {"staff_id": number, "action": "keyless", "subject": "", "detail": "", "at": MONDAY}
    tx.execute(tables.audit.insert().values(row))
    tx.execute(tables.pin.insert().values(staff_id=number, identity="keyless", at=MONDAY))
    device = tx.execute(select(tables.to_forget.c.device)).scalar_one()
    twin = {
        "channel": "telegram",
        "device": device,
        "address": ELSEWHERE,
        "at": MONDAY,
        "due_at": MONDAY,
    }
    tx.execute(tables.to_forget.insert().values(twin))
    met = dict(tx.execute(select(tables.address).limit(1)).mappings().one())
    del met["id"]
    clear = {"address": PHONE, "sealed": None, "account": None, "account_sealed": None}
    tx.execute(tables.address.insert().values({**met, **clear}))


ADMIN = "telegram:555"


@pytest.mark.parametrize("rotated", [False, True])
def test_a_row_sealed_and_in_clear_stops_neither_a_start_nor_a_rotation(
    database_url: str, rotated: bool
) -> None:
    own_key(database_url, KEY, MONDAY)
    with open_database(database_url, key=KEY) as store:
        live(store)
        store.write_now(waits)
        audit_of = {"by": ADMIN, "action": "sealed", "subject": "", "detail": "", "now": MONDAY}
        store.write_now(lambda tx: audit.record(tx, **audit_of))  # type: ignore[arg-type]
        first = store.write_now(staff.number_of, ADMIN)
        store.write_now(twins)
        if not rotated:
            store.write_now(seals.seal_waiting)
    if rotated:
        assert rotate_key(database_url, KEY, OTHER, "cli:test", MONDAY) == 3
    with open_database(database_url, key=OTHER if rotated else KEY) as store:
        done = {one.action: one.by for one in store.read_now(audit.entries)}
        assert done["keyless"] == done["sealed"] == first
        assert [one.id for one in store.read_now(staff.people) if one.who == ADMIN] == [first]
        assert "" in [one.who for one in store.read_now(staff.people)], "the second number stays, of nobody"
        assert store.read_now(lambda tx: tx.execute(select(tables.pin.c.staff_id)).scalars().all()) == [first]
        assert store.read_now(devices.waiting, "telegram", "a machine", MONDAY) == [ELSEWHERE]
        assert store.read_now(learners.by_address, "telegram", PHONE) is not None
        assert store.read_now(keys.left) == 1, "the address that stands twice"


@pytest.mark.parametrize("finished", [False, True])
def test_a_rotation_leaves_sealing_as_unfinished_as_it_was(database_url: str, finished: bool) -> None:
    with open_database(database_url) as store:
        live(store)
    own_key(database_url, KEY, MONDAY)
    if finished:
        with open_database(database_url, key=KEY) as store:
            store.write_now(keys.note_done, MONDAY)
    rotate_key(database_url, KEY, OTHER, "cli:test", MONDAY)
    with open_database(database_url, key=OTHER) as store:
        assert store.read_now(keys.has_work) is not finished
        assert store.read_now(keys.left) == 0
