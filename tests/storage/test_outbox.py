# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What waits leaves in its order, what is late ends, and neither holds up the others."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from storage import learners
from storage.outbox import claims, ledger, queue
from storage.outbox.claims import EXPIRING, SCANS
from storage.outbox.rows import REPLY, SCHEDULED, Claimed, Draft, Mark
from storage.tables import conversation, counter
from storage.tables import outbox as rows

if TYPE_CHECKING:
    from storage.store import Store
    from storage.types import Tx

NOW = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=4)


def meet(tx: Tx, number: int) -> list[int]:
    """The addresses of some people."""
    return [
        learners.meet(tx, "telegram", str(one), name="", language="fr", now=NOW).address_id
        for one in range(number)
    ]


def put(tx: Tx, address: int, name: str, priority: int = SCHEDULED, until: datetime = LATER) -> None:
    draft = Draft(
        f"{name}:{address}", address, "telegram", {"text": name}, priority=priority, not_after=until
    )
    queue.enqueue(tx, [draft], NOW)


def claim(store: Store, now: datetime = NOW, places: int = 30) -> tuple[Claimed, ...]:
    claimed, _ = store.write_now(claims.claim, "telegram", "token", now, places)
    return claimed


def leave(store: Store) -> str:
    """Let one message leave; which it was."""
    (one,) = claim(store, places=1)
    store.write_now(claims.mark, [Mark(one.id, one.address_id, "sent", NOW, ref="1")])
    return str(one.content["text"])


def states(tx: Tx) -> Counter[str]:
    return Counter(tx.execute(select(rows.c.state)).scalars())


def priorities(tx: Tx) -> list[int]:
    return list(tx.execute(select(conversation.c.priority)).scalars())


def test_what_is_late_ends_a_hundred_or_so_at_a_time_and_none_of_it_leaves(store: Store) -> None:
    late, places = 3 * EXPIRING, 30
    addresses = store.write_now(meet, late + 1)
    for address in addresses[1:]:
        store.write_now(put, address, "late", until=NOW + timedelta(hours=1))
    store.write_now(put, addresses[0], "fresh", until=LATER + timedelta(hours=1))

    claimed: list[str] = []
    before = expired = 0
    while expired < late:
        claimed += [row.content["text"] for row in claim(store, LATER, places)]
        expired = store.read_now(states)["expired"]
        assert before < expired <= before + EXPIRING + places
        before = expired

    assert claimed == ["fresh"]
    assert store.read_now(states) == {"expired": late, "waiting": 1}


def test_a_conversation_in_which_everything_is_late_ends_step_by_step_too(store: Store) -> None:
    deep, other = store.write_now(meet, 2)
    for number in range(2 * SCANS):
        store.write_now(put, deep, f"late {number}", REPLY, until=NOW)
    store.write_now(put, other, "fresh", until=LATER + timedelta(hours=1))

    claimed = [row.content["text"] for row in claim(store, LATER)]
    assert store.read_now(states) == {"expired": SCANS, "waiting": SCANS + 1}
    assert claimed == ["fresh"], "it holds up nobody"
    assert claim(store, LATER) == ()
    assert store.read_now(states) == {"expired": 2 * SCANS, "waiting": 1}


def test_a_conversation_waits_behind_replies_again_once_its_last_reply_has_left(store: Store) -> None:
    (address,) = store.write_now(meet, 1)
    for name, priority in (("lesson", SCHEDULED), ("answer", REPLY), ("second lesson", SCHEDULED)):
        store.write_now(put, address, name, priority)
    told = []
    while waiting := store.read_now(priorities):
        told.append((waiting[0], leave(store)))
    assert told == [(REPLY, "lesson"), (REPLY, "answer"), (SCHEDULED, "second lesson")]


@pytest.mark.parametrize("limit", [1, 2, 500])
def test_what_ended_long_ago_is_dropped_a_few_at_a_time_and_stays_counted(store: Store, limit: int) -> None:
    (address,) = store.write_now(meet, 1)
    for number in range(3):
        store.write_now(put, address, str(number))
        leave(store)
    store.write_now(put, address, "waiting")
    before = store.read_now(ledger.outcomes)

    assert store.write_now(ledger.prune, NOW, limit) == 0, "it ended at that moment, not before"
    went: list[int] = []
    while went[-1:] != [0]:
        went.append(store.write_now(ledger.prune, LATER, limit))

    assert sum(went) == 3
    assert max(went) <= limit
    assert store.read_now(states) == {"waiting": 1}
    assert store.read_now(ledger.outcomes) == before
    assert store.read_now(lambda tx: tx.scalar(select(func.count()).select_from(counter))) == 1


@pytest.mark.parametrize(
    ("reason", "wait"),
    [
        ("Uncertain: cut", 5),
        ("Unreachable: down", 5),
        ("Throttled: told to wait", 900),
        ("OSError: odd", 900),
    ],
)
@pytest.mark.parametrize("first", [SCHEDULED, REPLY])
def test_an_answer_waits_no_longer_than_its_own_back_off_unless_the_channel_said_so(
    store: Store, reason: str, wait: int, first: int
) -> None:
    address, other = store.write_now(meet, 2)
    for one in (address, other):
        store.write_now(put, one, "first", first)
    until = NOW + timedelta(seconds=900)
    marks = [
        Mark(one.id, one.address_id, "waiting", NOW, reason=reason, retry_at=until) for one in claim(store)
    ]
    store.write_now(claims.mark, marks)
    store.write_now(put, address, "lesson", SCHEDULED)
    assert store.read_now(ready) == {address: until, other: until}
    for name in ("answer", "second answer"):
        store.write_now(put, address, name, REPLY)
        assert store.read_now(ready) == {address: NOW + timedelta(seconds=wait), other: until}


def test_an_answer_puts_nothing_off(store: Store) -> None:
    (address,) = store.write_now(meet, 1)
    store.write_now(put, address, "lesson")
    (lesson,) = claim(store)
    store.write_now(put, address, "answer while it leaves", REPLY)
    soon = NOW + timedelta(seconds=1)
    mark = Mark(lesson.id, address, "waiting", NOW, reason="Uncertain: cut", retry_at=soon)
    store.write_now(claims.mark, [mark])
    store.write_now(put, address, "answer", REPLY)
    assert store.read_now(ready) == {address: soon}


def ready(tx: Tx) -> dict[int, datetime]:
    """When each conversation may go on."""
    found = tx.execute(select(conversation.c.address_id, conversation.c.ready_at))
    return {row.address_id: row.ready_at for row in found}
