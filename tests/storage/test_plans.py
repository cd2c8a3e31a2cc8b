# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""On PostgreSQL, what is done for one person or one message finds its rows by an index, as its planner says."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from lessons.review import delivered
from storage import accounts, erasure, events, learners
from storage.database import open_database, upgrade
from storage.outbox import claims, queue
from storage.outbox.rows import SCHEDULED, Draft, Mark
from storage.progress import enrolments, lesson_prompts, prompts, recalls, reminders
from storage.progress.enrolments import Delivery, Move

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.store import Store
    from storage.types import Tx
    from tests.postgres import Postgres

NOW = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
PEOPLE = 20_000
GROWING = (
    "learner",
    "address",
    "enrolment",
    "prompt",
    "outbox",
    "conversation",
    "recall",
    "delivered",
    "seen",
)

_TOWN = """
INSERT INTO course VALUES ('c', '{}');
INSERT INTO learner SELECT 'l' || i, 'fr', 'agent', 'active', '', '1', now(), now() FROM generate_series(1, %(n)s) i;
INSERT INTO address SELECT i, 'telegram', i::text, 'l' || i FROM generate_series(1, %(n)s) i;
SELECT setval('address_id_seq', %(n)s);
INSERT INTO enrolment (id, learner_id, course_id, position, schedule, next_at, slot, silent, slots)
    SELECT i, 'l' || i, 'c', NULL, '{}', timestamptz '2026-11-24 07:30Z' + i * interval '1 second', NULL, 0, ''
    FROM generate_series(1, %(n)s) i;
INSERT INTO prompt (id, learner_id, topic, content, chosen, message, created_at, shown_at)
    SELECT 'p' || i, 'l' || i, 'quiz', '{}', '[]', 'lesson:' || i, now(), now() FROM generate_series(1, %(n)s) i;
INSERT INTO recall SELECT 'l' || i, 'a' || j, NULL, date '2026-11-20', NULL, '{}'
    FROM generate_series(1, %(n)s) i, generate_series(1, 5) j;
INSERT INTO delivered SELECT i, 'a', now() FROM generate_series(1, %(n)s) i;
INSERT INTO seen SELECT 'telegram', 'e' || i, now(), false FROM generate_series(1, %(n)s) i;
INSERT INTO outbox (key, address_id, priority, kind, content, enrolment_id, prompt, state, attempts, reason, created_at)
    SELECT 'lesson:' || i, i, 1, 'lesson', '{}', i, 'p' || i, 'waiting', 0, '', now() FROM generate_series(1, %(n)s) i;
INSERT INTO conversation SELECT i, 'telegram', 1, timestamptz '2026-11-24 07:30Z' + i * interval '1 millisecond', NULL, NULL
    FROM generate_series(1, %(n)s) i;
ANALYZE;
"""


@pytest.fixture(scope="module")
def town(postgres: Postgres) -> Iterator[Store]:
    """A town in which everybody waits for a lesson, and whose sizes the planner knows."""
    url = postgres.database()
    upgrade(url)
    postgres.run(_TOWN % {"n": PEOPLE}, url.rpartition("/")[2])
    with open_database(url) as store:
        yield store
    postgres.drop(url)


def claim_and_mark(tx: Tx) -> None:
    later = NOW + timedelta(hours=1)
    rows, _ = claims.claim(tx, "telegram", "token", later, 30, resting=(1, 2))
    assert len(rows) == 30
    claims.mark(tx, [Mark(row.id, row.address_id, "sent", later, ref="1") for row in rows])
    claims.next_ready(tx, "telegram")
    claims.hand_back(tx, [1, 2])
    claims.next_ready(tx, "telegram", [1, 2])
    enrolments.deliver(tx, [Delivery(row.enrolment_id or 0, "b", "v", later.date()) for row in rows], later)
    enrolments.use_slots(tx, [(row.enrolment_id or 0, NOW.date()) for row in rows])


def answer(tx: Tx) -> None:
    events.first_time(tx, "telegram", "new", NOW)
    learner = learners.by_address(tx, "telegram", "77")
    assert learner is not None
    prompt = prompts.newest_typed(tx, learner.id, ("quiz",), NOW)
    assert prompt is not None
    prompts.end_menus(tx, learner.id, ("quiz",), NOW)
    lesson_prompts.answer(tx, prompt, "a1", ["a"], "right", NOW)
    recalls.remember(tx, learner.id, "a1", delivered(NOW.date()))
    recalls.of_some(tx, learner.id, {"a1", "a2"})
    recalls.unasked(tx, learner.id, {"a1", "a2"}, 1, since=NOW, lately=NOW, due=NOW.date())
    enrolments.change(tx, 77, silent=0)
    queue.enqueue(tx, [Draft("reply:new:0.0", learner.address_id, "telegram", {})], NOW)


def plan(tx: Tx) -> None:
    due = enrolments.due(tx, NOW + timedelta(days=1), 30)
    assert len(due) == 30
    assert len(enrolments.delivered_of(tx, [one.id for one in due])) == 30
    found = recalls.first_due(tx, [one.learner_id for one in due], {"a1", "a2", "a3"}, NOW.date(), 2)
    assert [len(recalled) for recalled in found.values()] == [2] * 30
    reminders.newest_questions(tx, [one.learner_id for one in due])
    assert not reminders.noted(tx, [one.learner_id for one in due], "later", "2026-11-24")
    lesson_prompts.left_open(tx, [one.learner_id for one in due], NOW)
    enrolments.move_on(tx, [Move(one.id, NOW + timedelta(days=1), NOW.date()) for one in due])
    drafts = [Draft(f"lesson:{one.id}:x", one.address_id, "telegram", {}, priority=SCHEDULED) for one in due]
    queue.enqueue(tx, drafts, NOW)


def leave(tx: Tx) -> None:
    queue.cancel(tx, 77, NOW, "stop")
    learners.pause(tx, "l77", "asked")
    erasure.erase(tx, "l77", NOW)
    erasure.erase_rest(tx, "telegram", "ann")
    erasure.leave_overdue(tx, erasure.overdue(tx, NOW, 50), NOW)


def follow(tx: Tx) -> None:
    accounts.learners_of(tx, "telegram", "ann")
    accounts.fill_in(tx, "telegram", [("77", "ann")])
    learner = learners.by_address(tx, "telegram", "77")
    assert learner is not None
    assert accounts.rows_of_person(tx, learner) == [learner]
    accounts.move(tx, learner, "78b", "ann", NOW)
    events.note_misread(tx, "telegram", "78b", "m1", NOW)
    assert events.forget_misread(tx, "telegram", "78b", "m1")
    queue.content_of(tx, "reply:new:0.0")


@pytest.mark.parametrize("f", [claim_and_mark, answer, plan, follow, leave])
def test_nothing_that_is_done_all_day_reads_a_whole_table(town: Store, f: Callable[[Tx], None]) -> None:
    def explained(tx: Tx) -> dict[str, str]:
        with statements(tx) as ran:
            f(tx)
        return {statement: plan_of(tx, statement, values) for statement, values in ran}

    plans = town.write_now(explained)

    assert len(plans) >= 3
    whole = re.compile(rf"Seq Scan on ({'|'.join(GROWING)})\b")
    assert {statement: plan for statement, plan in plans.items() if whole.search(plan)} == {}


def test_a_claim_is_a_range_scan_of_its_index(town: Store) -> None:
    def scan(tx: Tx) -> str:
        with statements(tx) as ran:
            claims.claim(tx, "telegram", "token", NOW + timedelta(hours=1), 30)
        return plan_of(tx, *ran[0])

    plan = town.write_now(scan)
    assert plan.count("Index Scan using ix_conversation_ready") == 3
    assert "Sort" not in plan


@contextmanager
def statements(tx: Tx) -> Iterator[list[tuple[str, Any]]]:
    """What is run in the block: each statement with the values of one of its rows."""
    ran: list[tuple[str, Any]] = []

    def note(_: object, __: object, statement: str, values: Any, ___: object, many: bool) -> None:
        ran.append((statement, values[0] if many else values))

    event.listen(tx, "before_cursor_execute", note)
    try:
        yield ran
    finally:
        event.remove(tx, "before_cursor_execute", note)


def plan_of(tx: Tx, statement: str, values: Any) -> str:
    return "\n".join(tx.exec_driver_sql(f"EXPLAIN {statement}", values).scalars())
