# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Rows whose content goes when they end: in every way in which a row can end, and in no other."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bot.channels import Gone, Rejected, Throttled
from bot.service.outbound import Outcome, end, settle, step
from storage.outbox import claims, erased, queue
from storage.outbox.rows import REPLY, SCHEDULED, Draft, Mark
from storage.tables import outbox
from tests.bot.builders import BUTTONS
from tests.storage.outbox.messages import LATER, NOW, claim, meet

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from storage.store import Store
    from storage.types import Tx

CONTENT = {"text": "Camille Martin"}


def put(tx: Tx, address: int, priority: int = REPLY) -> None:
    """A transient message in two pieces, and one that is kept."""
    queue.enqueue(
        tx,
        [
            Draft(key, address, "telegram", CONTENT, priority=priority, not_after=LATER, transient=transient)
            for key, transient in (("reply:e:0.0", True), ("reply:e:0.1", True), ("reply:f:0.0", False))
        ],
        NOW,
    )


@pytest.fixture
def address(store: Store) -> int:
    (met,) = store.write_now(meet, 1)
    store.write_now(put, met)
    return met


def contents(store: Store) -> dict[str, tuple[str, Any]]:
    def read(tx: Tx) -> dict[str, tuple[str, Any]]:
        rows = tx.execute(select(outbox.c.key, outbox.c.state, outbox.c.content).order_by(outbox.c.id))
        return {row.key: (row.state, row.content) for row in rows}

    return store.read_now(read)


def sent_one(store: Store, failure: Exception | None = None, *, now: Any = NOW) -> None:
    (attempt, *_) = store.write_now(step, "telegram", "token", BUTTONS, (), 1, (), now).attempts
    store.write_now(settle, [Outcome(attempt.row, now, "1" if failure is None else "", failure)], now)


def test_a_sent_row_loses_its_content_and_the_next_piece_and_other_rows_do_not(
    store: Store, address: int
) -> None:
    sent_one(store)
    assert contents(store) == {
        "reply:e:0.0": ("sent", {}),
        "reply:e:0.1": ("waiting", CONTENT),
        "reply:f:0.0": ("waiting", CONTENT),
    }
    sent_one(store)
    sent_one(store)
    assert list(contents(store).values()) == [("sent", {}), ("sent", {}), ("sent", CONTENT)]


def test_a_refused_row_and_the_pieces_behind_it_lose_their_content(store: Store, address: int) -> None:
    sent_one(store, Rejected("too big"))
    assert contents(store) == {
        "reply:e:0.0": ("refused", {}),
        "reply:e:0.1": ("refused", {}),
        "reply:f:0.0": ("waiting", CONTENT),
    }


def test_a_row_that_is_tried_again_keeps_its_content_until_it_ends(store: Store, address: int) -> None:
    sent_one(store, Throttled(1))
    assert contents(store)["reply:e:0.0"] == ("waiting", CONTENT)
    sent_one(store, Gone("blocked"), now=NOW + timedelta(minutes=1))
    assert contents(store)["reply:e:0.0"] == ("refused", {})
    assert contents(store)["reply:e:0.1"] == ("refused", {})


def test_expired_rows_lose_their_content(store: Store, address: int) -> None:
    late = LATER + timedelta(seconds=1)
    for _ in range(3):
        store.write_now(claims.claim, "telegram", "token", late, 5)
    found = contents(store)
    assert {state for state, _ in found.values()} == {"expired"}
    assert [content for _, content in found.values()] == [{}, {}, CONTENT]


def test_an_outcome_that_cannot_be_settled_ends_its_row_without_content(store: Store, address: int) -> None:
    (attempt, *_) = store.write_now(step, "telegram", "token", BUTTONS, (), 1, (), NOW).attempts
    store.write_now(end, Outcome(attempt.row, NOW, "1"))
    assert contents(store)["reply:e:0.0"] == ("sent", {})


def test_withdrawn_and_cancelled_rows_lose_their_content(store: Store) -> None:
    (met,) = store.write_now(meet, 1)
    store.write_now(put, met, SCHEDULED)
    store.write_now(queue.withdraw, ["reply:e:0.0"], NOW, "asked for")
    assert contents(store)["reply:e:0.0"] == ("cancelled", {})
    store.write_now(queue.cancel, met, NOW, "asked")
    assert [content for _, content in contents(store).values()] == [{}, {}, CONTENT]


def test_the_rest_of_a_cancelled_message_loses_its_content(store: Store) -> None:
    (met,) = store.write_now(meet, 1)
    store.write_now(put, met, SCHEDULED)
    (row,) = claim(store, places=1)
    store.write_now(claims.mark, [Mark(row.id, met, "waiting", NOW, reason="Uncertain: ?", retry_at=NOW)])
    store.write_now(queue.cancel, met, NOW, "asked")
    found = contents(store)
    assert [found[key] for key in ("reply:e:0.0", "reply:e:0.1")] == [("cancelled", {})] * 2


@pytest.mark.parametrize(
    "drop",
    [lambda tx, met: erased.drop(tx, [met]), lambda tx, met: erased.drop_unsent(tx, met)],
    ids=["all", "unsent"],
)
def test_dropped_rows_are_gone(store: Store, address: int, drop: Callable[[Tx, int], int]) -> None:
    store.write_now(drop, address)
    assert contents(store) == {}


def test_a_row_for_a_channel_that_nobody_runs_is_blanked_once_it_may_leave_no_more(
    store: Store, address: int
) -> None:
    assert store.write_now(queue.blank_late, NOW) == 0
    assert store.write_now(queue.blank_late, LATER) == 2
    assert store.write_now(queue.blank_late, LATER) == 0
    assert contents(store) == {
        "reply:e:0.0": ("waiting", {}),
        "reply:e:0.1": ("waiting", {}),
        "reply:f:0.0": ("waiting", CONTENT),
    }
    store.write_now(claims.claim, "telegram", "token", LATER, 5)
    assert contents(store)["reply:e:0.0"] == ("expired", {})
