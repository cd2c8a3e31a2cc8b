# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""« Plus tard »: today's slot at another hour; or, once it has come, its open question once more at that hour.

A slot that is put off is `next_at` on its own date. So is a question that is put off: it takes the slot of its date, so that
`next_at` is no slot any more, and the question says which date it comes back on. What replaces or cancels the one does the
other.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.messages import Message
from bot.talk import commands, outlook, quiz, recalling
from bot.talk.delays import Delay, delay_of
from bot.talk.turn import Turn, says
from bot.wording import Markdown
from config.schedule import Schedule, due_after, is_day_off, local_date, quiet_until
from storage import courses
from storage.outbox import queue
from storage.progress import enrolments, prompts, reminders

USUAL = timedelta(hours=1)
"""How long something is put off when nobody says until when."""


def command(turn: Turn) -> list[Message]:
    """Answer `plustard`, with an hour or a duration of today or without."""
    words = turn.words
    if turn.learner.state != "active":
        return says(outlook.paused(turn))
    asked = _asked(turn.event.text) or Delay(unread=True)
    turn.tally["misread"] += asked.unread
    day_off = is_day_off(turn.schedule, turn.today)
    comes = not day_off and _slot_comes(turn)
    question = None if comes else quiz.newest_open(turn, quiz.TOPIC)
    if asked.other_day:
        return says(_joined(words("later.other_day"), _stands(turn, comes=comes)))
    if day_off:
        return says(words("later.day_off"))
    if not comes and question is None:
        return says(words("later.nothing", next=outlook.upcoming(turn)))
    if asked.unread:
        return says(_joined(words("later.unread"), _advice(turn), _stays(turn, comes=comes)))
    if question is not None and not queue.missing(turn.tx, [quiz.later_key(turn.enrolment.id, turn.today)]):
        return says(words("later.once"))
    at = _instant(turn, asked)
    if (refused := _refused(turn, at)) is not None:
        if asked.minutes is None and (asked.hour is None or asked.at_least):  # no hour was named
            stands = _stands(turn, comes=comes)
            return says(_joined(words("later.latest"), stands) if stands else words("later.evening"))
        return says(_joined(refused, at <= turn.now and _advice(turn), _stays(turn, comes=comes)))
    if question is None:
        enrolments.change(turn.tx, turn.enrolment.id, next_at=at)
    else:  # it takes today's slot, even one that brought nothing: else the tick plans that slot at this hour
        slot = max(turn.today, turn.enrolment.slot or turn.today)
        enrolments.change(turn.tx, turn.enrolment.id, next_at=at, slot=slot)
        content = {**question.content, quiz.LATER: turn.today.isoformat()}
        prompts.change_content(turn.tx, question.id, content)
    return says(words("later.done" if comes else "later.done.question", hour=_hour(turn, at)))


def kept(turn: Turn, schedule: Schedule) -> datetime | None:
    """Return when what was put off to later today comes under a new schedule; None when it does not, or nothing was.

    It comes when it was said, or at the end of the quiet hours that are on then, on the same date.
    """
    planned = turn.enrolment.next_at
    if planned is None:
        return None
    at, day = quiet_until(schedule, planned) or planned, local_date(turn.schedule, planned)
    if local_date(schedule, at) != day:
        return None
    usual = due_after(turn.schedule, planned - timedelta(seconds=1), turn.learner.id)
    is_lesson = day == turn.today and planned != usual and not is_day_off(schedule, day)
    return at if turn.puts_off or is_lesson else None


def moved(turn: Turn, schedule: Schedule) -> Markdown | None:
    """Say what a new schedule changes for an open question that was put off to later today; nothing if nothing."""
    planned, at = turn.enrolment.next_at, kept(turn, schedule)
    if planned is None or not turn.puts_off or at == planned:
        return None
    day = local_date(turn.schedule, planned).isoformat()
    if not reminders.noted(turn.tx, [turn.learner.id], quiz.LATER, day):
        return None
    if at is None:
        return turn.words("later.evening")
    hour = turn.words.hour(at.astimezone(ZoneInfo(schedule.time_zone)))
    return turn.words("later.done.question", hour=hour)


def _joined(*sentences: Markdown | Literal[False] | None) -> Markdown:
    return Markdown(" ".join(sentence for sentence in sentences if sentence))


def _hour(turn: Turn, at: datetime) -> str:
    return turn.words.hour(at.astimezone(ZoneInfo(turn.schedule.time_zone)))


def _stands(turn: Turn, *, comes: bool) -> Markdown | None:
    """Say when the lesson comes today, or the question that was put off; nothing when neither does."""
    at = turn.enrolment.next_at
    if at is None or (not comes and (not turn.puts_off or at <= turn.now)):
        return None
    return turn.words("later.stays" if comes else "later.comes_back", hour=_hour(turn, at))


def _stays(turn: Turn, *, comes: bool) -> Markdown:
    return _stands(turn, comes=comes) or turn.words("later.stays.question")


def _advice(turn: Turn) -> Markdown | None:
    """Say what can be asked for, when it can."""
    return None if _refused(turn, turn.now + USUAL) else turn.words("later.try")


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
    if asked.hour is not None and not asked.at_least:
        return _at(turn, asked.hour, exact=asked.exact)
    if asked.minutes is not None:
        at = turn.now + timedelta(minutes=asked.minutes)
    else:
        planned = turn.enrolment.next_at
        today = planned is not None and local_date(turn.schedule, planned) == turn.today
        after = max(turn.now, planned) if today and planned is not None else turn.now
        at = after + USUAL
        if asked.hour is not None:  # « pas ce matin » is true of what comes in the afternoon as it is
            noon = _at(turn, asked.hour, exact=True)
            at = max(noon, after if after > turn.now else at)
        ends = quiet_until(turn.schedule, at)
        if ends is not None and local_date(turn.schedule, ends) == turn.today:
            at = ends
    begun = timedelta(seconds=at.second, microseconds=at.microsecond)
    return at + timedelta(minutes=1) - begun if begun else at


def _at(turn: Turn, hour: time, *, exact: bool) -> datetime:
    """Return an hour of today; « 2 h », said in the morning, is the one of the afternoon."""
    at = datetime.combine(turn.today, hour, ZoneInfo(turn.schedule.time_zone)).astimezone(turn.now.tzinfo)
    if at <= turn.now and hour.hour == 0:
        return at + timedelta(days=1)  # the midnight that comes
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
