# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What ended is dropped, and stays counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from storage.outbox import ledger
from storage.tables import counter
from tests.storage.outbox.messages import LATER, NOW, leave, meet, put, states

if TYPE_CHECKING:
    from storage.store import Store


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
