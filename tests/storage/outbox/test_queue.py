# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""An answer that is queued changes when its conversation goes on, and nothing else does."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from storage.outbox import claims
from storage.outbox.rows import REPLY, SCHEDULED, Mark
from storage.tables import conversation
from tests.storage.outbox.messages import NOW, claim, meet, put

if TYPE_CHECKING:
    from storage.store import Store
    from storage.types import Tx


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
