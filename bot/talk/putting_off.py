# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""« Plus tard »: today's slot at another hour; or, once it has come, its open question once more at that hour.

A slot that is put off is `next_at` on its own date. So is a question that is put off: it takes the slot of its date, so that
`next_at` is no slot any more, and the question says which date it comes back on. What replaces or cancels the one does the
other.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.messages import Message
from bot.talk import commands, outlook, quiz, recalling
from bot.talk.delays import Delay, delay_of
from bot.talk.turn import Turn, says
from bot.wording import Markdown
from config.schedule import is_day_off, local_date, quiet_until
from storage import courses
from storage.outbox import queue
from storage.progress import enrolments, prompts

USUAL = timedelta(hours=1)
"""How long something is put off when nobody says until when."""


def command(turn: Turn) -> list[Message]:
    """Answer `plustard`, with an hour or a duration of today or without."""
    words = turn.words
    if turn.learner.state != "active":
        return says(outlook.paused(turn))
    asked = _asked(turn.event.text)
    if asked is None:
        turn.tally["misread"] += 1
        return says(words("later.unread"))
    if asked.other_day:
        return says(words("later.other_day"))
    if is_day_off(turn.schedule, turn.today):
        return says(words("later.day_off"))
    comes = _slot_comes(turn)
    question = None if comes else quiz.newest_open(turn, quiz.TOPIC)
    if not comes and question is None:
        return says(words("later.nothing", next=outlook.upcoming(turn)))
    if question is not None and not queue.missing(turn.tx, [quiz.later_key(turn.enrolment.id, turn.today)]):
        return says(words("later.once"))
    at = _instant(turn, asked)
    if (refused := _refused(turn, at)) is not None:
        stays = words("later.stays" if comes else "later.stays.question")
        return says(Markdown(f"{refused} {stays}"))
    if question is None:
        enrolments.change(turn.tx, turn.enrolment.id, next_at=at)
    else:  # it takes today's slot, even one that brought nothing: else the tick plans that slot at this hour
        slot = max(turn.today, turn.enrolment.slot or turn.today)
        enrolments.change(turn.tx, turn.enrolment.id, next_at=at, slot=slot)
        content = {**question.content, quiz.LATER: turn.today.isoformat()}
        prompts.change_content(turn.tx, question.id, content)
    hour = words.hour(at.astimezone(ZoneInfo(turn.schedule.time_zone)))
    return says(words("later.done" if comes else "later.done.question", hour=hour))


def _asked(text: str) -> Delay | None:
    """Read the delay in a text, or in its first part: « Pas maintenant, je suis en réunion »."""
    if commands.is_marked(text) and len(text.split()) == 1:
        return Delay()
    found = (delay_of(part) for part in (text, *commands.parts(text)))
    return next((delay for delay in found if delay is not None), None)


def _slot_comes(turn: Turn) -> bool:
    """Tell whether today's slot is still to come, and brings something."""
    enrolment = turn.enrolment
    if (
        enrolment.next_at is None
        or local_date(turn.schedule, enrolment.next_at) != turn.today
        or turn.puts_off
    ):
        return False
    published = courses.catalogue(turn.tx)
    if published is None or not recalling.is_over(turn, published):
        return published is not None
    questions = recalling.questions_at(turn, published)
    return questions is not None and local_date(turn.schedule, questions) == turn.today


def _instant(turn: Turn, asked: Delay) -> datetime:
    """Return when something comes that is put off, in whole minutes: what is said is what happens."""
    if asked.hour is not None:
        return _at(turn, asked.hour, exact=asked.exact)
    if asked.minutes is not None:
        at = turn.now + timedelta(minutes=asked.minutes)
    else:
        planned = turn.enrolment.next_at
        today = planned is not None and local_date(turn.schedule, planned) == turn.today
        at = (max(turn.now, planned) if today and planned is not None else turn.now) + USUAL
    begun = timedelta(seconds=at.second, microseconds=at.microsecond)
    return at + timedelta(minutes=1) - begun if begun else at


def _at(turn: Turn, hour: time, *, exact: bool) -> datetime:
    """Return an hour of today; « 2 h », said in the morning, is the one of the afternoon."""
    at = datetime.combine(turn.today, hour, ZoneInfo(turn.schedule.time_zone)).astimezone(turn.now.tzinfo)
    afternoon = at + timedelta(hours=12)
    if at <= turn.now and not exact and hour.hour < 12 and _refused(turn, afternoon) is None:
        return afternoon
    return at


def _refused(turn: Turn, at: datetime) -> Markdown | None:
    """Return why nothing can come at an instant; nothing when it can."""
    words, schedule = turn.words, turn.schedule
    if at <= turn.now:
        return words("later.past")
    if quiet_until(schedule, at) is not None:
        return words("later.quiet", quiet=str(schedule.model_dump(mode="json")["quiet"]))
    if local_date(schedule, at) != turn.today:
        return words("later.other_day")
    return None
