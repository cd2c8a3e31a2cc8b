# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Enrolment and goodbye: notice and consent, the first lesson, pause, return, stop."""

from __future__ import annotations

from datetime import date, timedelta
from typing import get_args

from bot.messages import Choice, Kind, Message
from bot.talk import access, lesson, notice, pausing, personal, quiz, recalling
from bot.talk.notice import CONSENT
from bot.talk.outlook import UNTIL, pause_end, paused, upcoming
from bot.talk.turn import Turn, cancelling, fresh, menu, says
from bot.wording import Markdown
from config.schedule import Day, due_after, local_date
from lessons import typed
from storage import accounts, courses, learners
from storage.learners import OUT
from storage.outbox import queue
from storage.progress import enrolments, prompts
from storage.progress.days import SLOTS, days_of, with_day
from storage.progress.prompts import Prompt

STOP = "stop"
LEAVING = frozenset({CONSENT, STOP, personal.FORGET})
"""Topics whose answers say themselves whether the course goes on."""

LONGEST_PAUSE = timedelta(days=366)
DECIDING = frozenset({"start", "reprendre", "resume", "pause", "stop"})
"""Commands that say themselves whether the course goes on."""


def start(turn: Turn) -> list[Message]:
    """Answer `start`: the notice for a newcomer, a resumption for a paused learner, where they are for the others."""
    match turn.learner.state:
        case "active" | "paused" if notice.waits(turn):
            return notice.ask(turn)
        case "active":
            return says(turn.words("start.already", next=upcoming(turn)))
        case "paused":
            return _go_on(turn)  # what stands behind it in a link is no date
        case _:
            return notice.ask(turn)


def greet(turn: Turn) -> list[Message]:
    """Answer a greeting without a word: a stranger gets the notice, somebody we know is told where their course is."""
    match turn.learner.state:
        case "active" if turn.event.succeeds:
            return says(turn.words("room.moved", next=upcoming(turn)))
        case "active":
            return says(turn.words("start.already", next=upcoming(turn)))
        case "paused":
            return back(turn) or says(paused(turn))
        case "stopped" | "opposed" | "limited" if turn.event.succeeds:
            return []
        case "invited" if _has_course(turn):
            return says(turn.words("room.elsewhere"))
        case _:
            return notice.ask(turn)


def _has_course(turn: Turn) -> bool:
    rows = accounts.rows_of_person(turn.tx, turn.learner)
    return any(row.state in accounts.ENROLLED for row in rows)


def found_again(turn: Turn) -> Turn:
    """Go on with the course of somebody who seemed gone, and is heard from elsewhere. Return the turn as it is then."""
    gone = turn.learner.state == "paused" and turn.learner.pause_reason == "gone"
    if not gone or turn.event.kind is Kind.GREETING or turn.event.command in DECIDING:
        return turn
    come_back(turn)
    return fresh(turn)


def answer_consent(turn: Turn, prompt: Prompt, keys: tuple[str, ...]) -> list[Message]:
    """Begin at once, or keep nothing; who withdraws a consent that is asked anew gets nothing more."""
    if access.is_closed(turn):
        return access.closed(turn)
    if keys != ("yes",):
        if turn.learner.state == "stopped":
            return says(turn.words("stop.kept"), edits=prompt.message)
        if turn.learner.state in OUT:
            return says(turn.words("objection.stays"), edits=prompt.message)
        if notice.waits(turn):
            halt(turn, "", state="stopped")
            return says(turn.words("notice.refused"), edits=prompt.message)
        if turn.learner.state != "invited":
            return says(turn.words("stop.continued", next=upcoming(turn)), edits=prompt.message)
        return personal.erase(turn, prompt.message, turn.words("consent.declined"))
    version, published = notice.version_of(prompt), courses.catalogue(turn.tx)
    if not version or notice.has_changed(turn, prompt, version):
        return notice.ask(turn)  # what it showed is in force no more
    if published is None:
        return says(turn.words("consent.no_course"), edits=prompt.message)
    notice.accept(turn, version)
    learners.change(turn.tx, turn.learner.id, state="active", pause_reason="")
    # The lesson that comes at once takes today's slot.
    if turn.learner.enrolment is None:
        schedule = turn.schedule
        next_at = due_after(schedule, turn.now, turn.learner.id, turn.today + timedelta(days=1))
        enrolments.enrol(
            turn.tx, turn.learner.id, published.course.id, schedule.model_dump_json(), next_at, turn.today
        )
    else:
        slot = max(
            turn.today, turn.enrolment.slot or turn.today
        )  # today may be yesterday in the zone of the slot
        enrolments.change(turn.tx, turn.enrolment.id, slot=slot)
        _plan_again(fresh(turn))
    begun = fresh(turn)
    lessons = lesson.following(begun)
    first = turn.learner.enrolment is None and lessons
    welcome = turn.words("consent.accepted" if first else "resume.done", next=upcoming(begun))
    if prompt.message:
        # The notice stays in sight: it is what was agreed to.
        welcome = Markdown(f"{prompt.content['text']}\n\n✅ {welcome}")
    return [*says(welcome, edits=prompt.message), *lessons]


def _plan_again(turn: Turn) -> None:
    enrolment = turn.enrolment
    not_before = None if enrolment.slot is None else enrolment.slot + timedelta(days=1)
    next_at = due_after(turn.schedule, turn.now, turn.learner.id, not_before)
    enrolments.change(turn.tx, enrolment.id, next_at=next_at, until=None, silent=0)


def pause(turn: Turn) -> list[Message]:
    """Answer `pause`: plan nothing more until the learner comes back, or until the day that they say.

    A question about a pause, or an end that cannot be kept in the place of one that can, changes nothing.
    """
    text, today, lasts = turn.event.text, turn.today, pause_end(turn)
    if pausing.wonders(text):
        return says(turn.words("pause.how") if turn.learner.state == "active" else paused(turn))
    until = pausing.end_of(text, today, since=lasts)
    if until is not None and today < until <= today + LONGEST_PAUSE:
        return _pause_until(turn, until)
    unread = until is not None or pausing.names_time(text)
    turn.tally["misread"] += unread  # a correction of what was typed is read
    if unread and lasts is not None:
        return says(turn.words("pause.kept", paused=paused(turn)))
    if until == today:
        return says(turn.words("pause.today"))
    already = turn.learner.state == "paused" and lasts is None and not is_gone(turn)
    halt(turn, "asked")
    if until is not None:
        return says(turn.words("pause.past" if until < today else "pause.too_long"))
    if unread:
        return says(turn.words("pause.not_yet" if pausing.begins(text) else "pause.no_date"))
    return says(turn.words("pause.already" if already else "pause.done"))


def _pause_until(turn: Turn, until: date) -> list[Message]:
    """Plan the next lesson for the first slot from a day on, and nothing before. That slot makes them active."""
    halt(turn, UNTIL)
    next_at = due_after(turn.schedule, turn.now, turn.learner.id, until)
    if turn.learner.enrolment is not None:
        enrolments.change(turn.tx, turn.learner.enrolment.id, next_at=next_at, until=until, silent=0)
    day = turn.words.weekday(local_date(turn.schedule, next_at), since=turn.today)
    said = turn.words("pause.until", day=day, next=upcoming(fresh(turn)))
    if (given := pausing.other_day(turn.event.text, until)) is not None:
        turn.tally["misread"] += 1  # a correction of what was typed is read
        named = turn.words.plain(f"day.{get_args(Day)[given.weekday()]}")
        said = Markdown(f"{turn.words('pause.other_day', day=named)} {said}")
    return says(said)


def hinting(turn: Turn, text: Markdown) -> Markdown:
    """Return what is said to a text that was not understood, with where a pause stands, or how one is asked for."""
    if turn.learner.state == "paused":
        return Markdown(f"{text}\n{paused(turn)}")
    if turn.learner.state == "active" and pausing.speaks(turn.event.text):
        return Markdown(f"{text}\n{turn.words('pause.how')}")
    return text


def halt(turn: Turn, reason: str, state: str = "paused") -> None:
    """Plan nothing more, and cancel what is planned and unsent."""
    learners.change(turn.tx, turn.learner.id, state=state, pause_reason=reason)
    if turn.learner.enrolment is not None:
        enrolments.change(turn.tx, turn.learner.enrolment.id, next_at=None, until=None)
    turn.tally["cancelled"] += queue.cancel(turn.tx, turn.learner.address_id, turn.now, reason)


def resume(turn: Turn) -> list[Message]:
    """Answer `reprendre`: the course goes on where it was, at once or from the day that they say.

    On a day that brought nothing, what is due is asked at once.
    """
    if turn.learner.state == "active" and turn.enrolment.next_at is not None:
        return says(turn.words("resume.already", next=upcoming(turn)))
    text = turn.event.text
    if pausing.wonders(text):
        return says(paused(turn))
    until = pausing.end_of(text, turn.today)
    if until is not None and turn.today < until <= turn.today + LONGEST_PAUSE:
        return _pause_until(turn, until)
    if until != turn.today and (until is not None or pausing.names_time(text)):
        turn.tally["misread"] += 1
        return says(turn.words("pause.kept", paused=paused(turn)))
    return _go_on(turn)


def _go_on(turn: Turn) -> list[Message]:
    """Make somebody active who was paused, and ask at once what is due."""
    come_back(turn)
    back = fresh(turn)
    asked = _ask_at_once(back)
    return [*says(turn.words("resume.done", next=upcoming(fresh(back)))), *asked]


def _ask_at_once(turn: Turn) -> list[Message]:
    """Ask a question that is due, and a second one after its verdict, if today's slot is free. They take it."""
    published, enrolment = courses.catalogue(turn.tx), turn.enrolment
    if published is None or any(day >= turn.today for day in days_of(enrolment.slots)):
        return []
    today = f"lesson:{enrolment.id}:{turn.today.isoformat()}:"
    newest = prompts.newest_open(turn.tx, turn.learner.id, quiz.TOPIC)
    if newest is not None and (newest.message or "").startswith(today):
        return []  # today's message is just leaving, or may have arrived
    recalled = recalling.next_of(turn, published)
    if recalled is None:
        return []
    slots = with_day(enrolment.slots, turn.today, SLOTS)
    slot = max(turn.today, enrolment.slot or turn.today)  # its date never goes back
    enrolments.change(turn.tx, enrolment.id, slot=slot, slots=slots)
    _plan_again(fresh(turn))
    return [quiz.ask_again(turn, recalled, step=1)]


def awake(turn: Turn, topic: str) -> Turn:
    """Return the turn of somebody who was paused for silence and answers: the course goes on. `topic`: what they answer.

    A press or an answer that itself decides whether the course goes on resumes nothing.
    """
    learner = turn.learner
    if (learner.state, learner.pause_reason) != ("paused", "silent") or topic in LEAVING:
        return turn
    come_back(turn)
    turn.tally["resumed"] += 1
    return fresh(turn)


def resumed(turn: Turn) -> list[Message]:
    """Say that the course goes on after a silence, if it does since this event."""
    if not turn.tally["resumed"]:
        return []
    return says(turn.words("resume.answered", next=upcoming(fresh(turn))))


def come_back(turn: Turn) -> None:
    """Plan again for someone who paused or had left."""
    learners.change(turn.tx, turn.learner.id, state="active", pause_reason="")
    _plan_again(turn)


def stop(turn: Turn) -> list[Message]:
    """Answer `stop`: ask first, for a word is easily typed. Who has not begun declines with it, once the notice was seen."""
    match turn.learner.state:
        case "stopped":
            turn.close(CONSENT)
            return says(turn.words("stop.already"))
        case "opposed" | "limited":
            turn.close(CONSENT)
            return says(turn.words("objection.stays"))
        case "invited":
            if "?" in typed.clean(turn.event.text):
                return notice.ask(turn)  # « comment me désinscrire ? »: the notice says how
            elsewhere = len(accounts.rows_of_person(turn.tx, turn.learner)) > 1
            if prompts.newest_open(turn.tx, turn.learner.id, CONSENT) is None and not elsewhere:
                return says(turn.words("stop.already.erased"))
            turn.close(CONSENT)
            return personal.erase(turn, None, turn.words("consent.declined"))
        case _:
            return _confirm_stop(turn)


def _confirm_stop(turn: Turn) -> list[Message]:
    words = turn.words
    turn.close(STOP)
    question = menu(
        turn,
        STOP,
        personal.with_attestations(turn, words("stop.confirm")),
        (
            # Neither yes nor ok: they are said to many things.
            Choice("keep", words.plain("stop.keep"), words.phrases("answer.keep")),
            Choice("erase", words.plain("stop.erase"), words.phrases("answer.erase")),
            Choice("no", words.plain("stop.no"), cancelling(words)),
        ),
        hint=words("stop.hint"),
    )
    return [Message(question=question)]


def answer_stop(turn: Turn, prompt: Prompt, keys: tuple[str, ...]) -> list[Message]:
    """Stop and keep, stop and erase, or go on."""
    match keys:
        case ("keep",):
            halt(turn, "", state="stopped")
            return says(turn.words("stop.kept"), edits=prompt.message)
        case ("erase",):
            return personal.erase(turn, prompt.message)
        case _ if turn.learner.state == "paused":
            return says(paused(turn), edits=prompt.message)
        case _:
            return says(turn.words("stop.continued", next=upcoming(turn)), edits=prompt.message)


def left(turn: Turn) -> list[Message]:
    """Plan nothing and say nothing: the person blocked the bot."""
    if turn.learner.state == "active":
        halt(turn, "gone")
    return []


def is_gone(turn: Turn) -> bool:
    """Tell whether the learner is paused because nothing reached them."""
    return turn.learner.state == "paused" and turn.learner.pause_reason == "gone"


def found(turn: Turn) -> Turn:
    """Return the turn of somebody who seemed gone and writes all the same: the course goes on, without a word about it."""
    come_back(turn)
    return fresh(turn)


def back(turn: Turn) -> list[Message]:
    """Go on where they were: the person came back."""
    if not is_gone(turn):
        return []
    come_back(turn)
    return says(turn.words("resume.done", next=upcoming(fresh(turn))))
