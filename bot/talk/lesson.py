# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Lessons on demand: the current one again, then the next."""

from __future__ import annotations

from bot.messages import Message
from bot.talk import outlook, quiz
from bot.talk.turn import Turn, says
from storage import courses
from storage.catalogue import Entry
from storage.outbox import queue
from storage.progress import enrolments, prompts
from storage.progress.days import SLOTS, with_day
from storage.progress.enrolments import Delivery


def command(turn: Turn) -> list[Message]:
    """Answer `lecon`: the current lesson again while its question is open, else the next one."""
    position = turn.enrolment.position
    if position is not None:
        prompt = prompts.newest_of_lesson(turn.tx, turn.learner.id, position)
        if (
            prompt is not None
            and prompt.answered_at is None
            and prompt.content.get("with_lesson")
            and quiz.can_be_shown(turn, prompt)
        ):
            return quiz.repeat(turn, prompt)
    return following(turn) or says(turn.words("lesson.finished", next=outlook.upcoming(turn)))


def following(turn: Turn) -> list[Message]:
    """Return the next lesson with its first question; nothing when the course is finished."""
    published = courses.catalogue(turn.tx)
    if published is None:
        return []
    enrolment = turn.enrolment
    done = enrolments.delivered_lessons(turn.tx, enrolment.id)
    entry = published.after(enrolment.position, done, turn.learner.role, turn.now.date())
    if entry is None:
        return []
    waiting = queue.planned_lesson(turn.tx, turn.learner.address_id, entry.id)
    # The lesson of the day comes now instead; one that is just leaving uses its slot itself. One sent to all has none.
    withdrawn = waiting and waiting - queue.withdraw(turn.tx, waiting, turn.now, "asked for")
    if any(key.startswith("lesson:") for key in withdrawn):
        enrolments.change(turn.tx, enrolment.id, slots=with_day(enrolment.slots, turn.today, SLOTS))
    enrolments.deliver(turn.tx, [Delivery(enrolment.id, entry.id, entry.version, turn.today)], turn.now)
    return [show(turn, entry)]


def show(turn: Turn, entry: Entry) -> Message:
    """Return a published lesson and its first question, as one message."""
    first = entry.lesson.questions[0]
    return quiz.ask(turn, entry.version, entry.lesson, first, purpose="lesson", with_lesson=True)
