# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""People who have followed their path, and the papers that they are given."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from bot.messages import Drawing, Event, Message
from bot.notice.facts import Facts
from bot.talk import attesting, paper, reception
from bot.talk.turn import Rules, Turn
from config.privacy import Controller, Privacy
from lessons import review
from lessons.grading import Verdict
from storage import courses, learners, sealing, tables
from storage.outbox import queue
from storage.outbox.rows import Draft
from storage.progress import enrolments, recalls, tallies
from storage.progress.enrolments import Delivery
from tests.bot.builders import Person, Town, lesson

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from storage.store import Store
    from storage.types import Tx

NAME = "Camille Martin-Lefebvre"
SLUGS = tuple(f"l{place:02}" for place in range(1, paper.FEWEST + 1))


def issued_by(name: str) -> Facts:
    """The facts of an operator who names who answers for the data."""
    controller = Controller(name=name, address="1, place de la Mairie", contact="dpo@example.org")
    return Facts(Privacy(controller=controller), channels=("telegram",))


def course(store: Store, number: int = paper.FEWEST, **about: Any) -> Town:
    """A town whose course has as many lessons as an attestation takes, or another number."""
    return Town(store, **about).teach(*(lesson(f"l{place:02}") for place in range(1, number + 1)))


def follow(
    tx: Tx, address: str, now: datetime, besides: Collection[str] = (), channel: str = "telegram"
) -> None:
    """Have somebody receive each lesson of their path, and answer its first question right, but those of some lessons."""
    learner, published = learners.by_address(tx, channel, address), courses.catalogue(tx)
    assert learner is not None
    assert learner.enrolment is not None
    assert published is not None
    day = now.date()
    for one in published.path(learner.role):
        entry = published.entries[one]
        enrolments.deliver(tx, [Delivery(learner.enrolment.id, one, entry.version, day)], now)
        if one in besides:
            continue
        questions = [question.id for question in entry.lesson.questions]
        answered = review.answered(None, questions[0], Verdict.RIGHT, day, questions)
        recalls.remember(tx, learner.id, one, answered)
        tallies.count_answer(tx, learner.id, Verdict.RIGHT, day)


def follow_what_is_to_come(tx: Tx, address: str, now: datetime, channel: str = "telegram") -> None:
    """The same of what has not reached somebody yet: what has, they answer themselves."""
    learner = learners.by_address(tx, channel, address)
    assert learner is not None
    assert learner.enrolment is not None
    follow(tx, address, now, [one for one, *_ in enrolments.deliveries(tx, learner.enrolment.id)], channel)


def follower(town: Town, address: str = "1", *, besides: Collection[str] = (), **about: str) -> Person:
    """Somebody who has followed their path, but some lessons."""
    person = town.learner(address, **about)
    town.store.write_now(follow, address, town.now, besides)
    return person


def drawn(person: Person, name: str = NAME, *, channel: str = "telegram", bot: str = "") -> Drawing:
    """What is drawn for somebody under a name, as the conversation decides it: nothing is queued."""

    def decide(tx: Tx) -> list[Message]:
        learner = learners.by_address(tx, "telegram", person.address)
        assert learner is not None
        town = person.town
        rules = Rules(town.schedule, "fr", town.admins, town.facts)
        event = reception.read(Event(channel, "?", person.address, town.now, text=name), rules)
        (asked,) = attesting.command(turn := Turn(tx, learner, event, town.now, rules, bot))
        assert asked.question is not None, asked.text
        return attesting.answer(turn, turn.asked[0], (name,))

    (message,) = person.town.store.write_now(decide)
    assert message.picture is not None, message.question
    return message.picture


def all_texts(store: Store) -> str:
    """All that the database holds, as text. A row of the library itself would leave out the middle of what is long."""
    return store.read_now(
        lambda tx: str(
            [tuple(row) for table in tables.metadata.sorted_tables for row in tx.execute(select(table))]
        )
    )


def leave_unsent(tx: Tx, channel: str, address: str, name: str, now: datetime) -> None:
    """Put a message that names somebody into the outbox, as a process leaves it that stops before it is sent."""
    found = learners.by_address(tx, channel, address)
    assert found is not None
    content, last = sealing.seal_piece(tx, {"text": f"Attestation de {name}"}), now + timedelta(hours=1)
    draft = Draft("reply:p:0.0", found.address_id, channel, content, not_after=last, transient=True)
    queue.enqueue(tx, [draft], now)
