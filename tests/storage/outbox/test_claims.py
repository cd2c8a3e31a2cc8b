# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What waits leaves in its order, what is late ends, and neither holds up the others."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from storage.outbox import claims, takeover
from storage.outbox.claims import EXPIRING, SCANS
from storage.outbox.rows import REPLY, SCHEDULED, STRANGER
from storage.tables import conversation
from tests.storage.outbox.messages import LATER, NOW, claim, leave, meet, put, states

if TYPE_CHECKING:
    from storage.store import Store
    from storage.types import Tx


def test_strangers_and_planned_messages_take_turns_and_replies_go_before_both(store: Store) -> None:
    ready = (SCHEDULED, STRANGER, SCHEDULED, STRANGER, SCHEDULED, STRANGER, REPLY)
    for address, priority in zip(store.write_now(meet, len(ready)), ready, strict=True):
        store.write_now(put, address, f"of {priority}", priority=priority)

    def claimed(places: int, *, strangers_first: bool) -> list[str]:
        rows, _ = store.write_now(
            claims.claim, "telegram", "token", NOW, places, strangers_first=strangers_first
        )
        return sorted(row.content["text"] for row in rows)

    assert claimed(2, strangers_first=True) == ["of 0", "of 2"]
    assert claimed(1, strangers_first=False) == ["of 1"]
    assert claimed(2, strangers_first=True) == ["of 1", "of 2"]
    assert claimed(8, strangers_first=True) == ["of 1", "of 2"]


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


def test_what_is_handed_back_is_claimed_by_nobody_and_ready_as_it_was(store: Store) -> None:
    addresses = store.write_now(meet, 2)
    for address in addresses:
        store.write_now(put, address, "text")
    (row,) = claim(store, NOW, 1)
    store.write_now(claims.hand_back, [row.address_id])
    assert store.read_now(takeover.under_way, "telegram") == ()
    assert store.read_now(claims.next_ready, "telegram", [row.address_id]) == NOW
    assert store.read_now(claims.next_ready, "telegram", addresses) is None
    claimed = claim(store, NOW, 2)
    assert sorted((again.address_id, again.attempts) for again in claimed) == [
        (one, 0) for one in sorted(addresses)
    ]
