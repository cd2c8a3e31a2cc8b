# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What does an answer cost that is judged for somebody who remembers two hundred lessons?"""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import timedelta
from statistics import median

from bot.messages import Event, Kind
from bot.talk import quiz
from bot.talk.turn import Turn
from lessons import grading
from lessons.review import Asked, Memory, Recall
from storage import courses, learners
from storage.catalogue import Catalogue
from storage.learners import Learner
from storage.progress import enrolments, lesson_prompts, prompts, recalls
from storage.progress.enrolments import Delivery
from storage.store import Store
from storage.types import Tx
from tests.bench.figure import Figure
from tests.bench.scale import Scale
from tests.bench.town import MORNING, RULES, database, know_sizes, postgres

MEMORIES = 200
"""More than the course has lessons: the others were taken out of it."""
PEOPLE = 1_000
ANSWERS = 200
"""Of each kind; none is kept."""
SLOT = {"a review follows": 1, "the slot ends": 2}
"""What follows, by the place of the question in its slot."""


class Undone(Exception):
    """What was answered is not kept."""


async def measure(scale: Scale) -> list[Figure]:
    """Answer the first question of a lesson, then the second one, on each database."""
    figures = []
    with database(min(PEOPLE, scale.enrolments)) as store:
        figures += _measured("SQLite", store, min(ANSWERS, scale.presses))
    with postgres() as server, database(min(PEOPLE, scale.enrolments), server=server) as store:
        figures += _measured("PostgreSQL", store, min(ANSWERS, scale.presses))
    return figures


def _measured(engine: str, store: Store, answers: int) -> list[Figure]:
    store.write_now(_remember)
    know_sizes(store)
    figures = []
    for what, step in SLOT.items():
        took = [_timed(store, step) for _ in range(answers)]
        whole, after = (
            tuple(1000 * median(part) for part in zip(*runs, strict=True)) for runs in zip(*took, strict=True)
        )
        figures += [
            Figure(f"{engine}, {MEMORIES} memories: after a verdict, {what}", after[:1], "ms", at_most=1),
            Figure("  our processor", after[1:], "ms"),
            Figure("  with the verdict and its message", whole[:1], "ms"),
        ]
    return figures


Took = tuple[float, float]
"""Seconds, and seconds of the processor."""


def _timed(store: Store, step: int) -> tuple[Took, Took]:
    """A whole answer, and what follows its verdict."""
    took: list[Took] = []
    for f in (_answer, _follow):
        with suppress(Undone):
            store.write_now(f, step, took)
    whole, after = took
    return whole, after


def _answer(tx: Tx, step: int, took: list[Took]) -> None:
    turn, posed, key = _asked(tx, step)
    began, used = time.perf_counter(), time.thread_time()
    quiz.answer(turn, posed, [key])
    took.append((time.perf_counter() - began, time.thread_time() - used))
    raise Undone


def _follow(tx: Tx, step: int, took: list[Took]) -> None:
    turn, posed, key = _asked(tx, step)
    verdict = grading.grade(posed.asked, [key])
    lesson_prompts.answer(tx, posed.prompt, posed.lesson.id, [key], verdict, turn.now)
    began, used = time.perf_counter(), time.thread_time()
    quiz.follow(turn, posed, verdict)
    took.append((time.perf_counter() - began, time.thread_time() - used))
    raise Undone


def _asked(tx: Tx, step: int) -> tuple[Turn, quiz.Quiz, str]:
    """A question with choices of the lesson that came last, and the key of its first choice."""
    learner, published = _learner(tx), _published(tx)
    position = learner.enrolment.position if learner.enrolment is not None else None
    entry = published.entries[position or ""]
    asked = next(one for one in entry.lesson.questions if one.keyed())
    prompt = quiz.new_prompt(
        learner.id, entry.version, asked, MORNING, purpose="lesson", step=step, message="bench"
    )
    prompts.add(tx, [prompt])
    key = asked.keyed()[0][0]
    event = Event("telegram", "bench", "1", MORNING, Kind.CHOOSE, refers=prompt.id, keys=(key,))
    return Turn(tx, learner, event, MORNING, RULES), quiz.quiz_of(tx, prompt), key


def _remember(tx: Tx) -> None:
    """All but one lesson of the path behind the first learner, and as many memories as wanted, half of them due."""
    learner, published = _learner(tx), _published(tx)
    if learner.enrolment is None:
        raise LookupError("nobody is enrolled")
    path = published.path(learner.role)[:-1]
    came = [
        Delivery(learner.enrolment.id, one, published.entries[one].version, MORNING.date()) for one in path
    ]
    enrolments.deliver(tx, came, MORNING)
    gone = [f"lecon-retiree-{number}" for number in range(MEMORIES - len(published.entries))]
    for place, lesson_id in enumerate((*published.entries, *gone)):
        last = MORNING.date() - timedelta(days=place % 60 + 1)
        due = MORNING.date() + timedelta(days=place % 20 - 10)
        asked = {question: Asked(1, last) for question in ("q1", "q2")}
        recalls.remember(tx, learner.id, lesson_id, Recall(due, Memory(20.5, 5.25, last), None, asked))


def _learner(tx: Tx) -> Learner:
    learner = learners.by_address(tx, "telegram", "1")
    if learner is None:
        raise LookupError("nobody is there")
    return learner


def _published(tx: Tx) -> Catalogue:
    published = courses.catalogue(tx)
    if published is None:
        raise LookupError("no course is published")
    return published
