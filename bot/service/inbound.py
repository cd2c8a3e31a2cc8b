# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The inbound loop's transactions: note the event, find the learner, answer, queue the answer; or note that it waits."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.messages import Doubt, Event, Kind, Limits
from bot.service import people
from bot.service.alerts import Reached
from bot.service.outgoing import queue_goodbye, queue_passing, queue_replies
from bot.service.packing import pack
from bot.service.recognising import recognised, recognised_still
from bot.talk import access, enrol, reception, verifying
from bot.talk.notice import CONSENT
from bot.talk.reception import Needs
from bot.talk.rights import is_admin
from bot.talk.topics import FREE, WORDS
from bot.talk.turn import Rules, Turn, says
from bot.wording import LANGUAGES, words_of
from storage import accounts, devices, erasure, events, inactivity, learners, pending
from storage.learners import Learner
from storage.outbox import queue
from storage.outbox.rows import REPLY, STRANGER
from storage.progress import prompts
from storage.types import Tx

STRANGE = frozenset({"invited", "erased"})
"""States of those who have not accepted the notice."""
RETURN, RETURNING = "return", timedelta(minutes=1)
"""The request of somebody who is back without a word, and how long it answers the first one, too."""
MOST_PENDING = 20
"""Events of one admin that wait: files beyond are refused, words beyond are answered at once."""


@dataclass(frozen=True, slots=True)
class Received:
    """What an event led to: how many messages wait, what to tell whoever pressed a button, how many planned ones went."""

    queued: int
    brief: str
    cancelled: int = 0
    again: bool = False
    """Whether it had come before."""
    erased: bool = False
    """Whether somebody was erased."""
    pending: bool = False
    """Whether it waits, noted, for work beside the loop."""
    pinned: bool = False
    """Whether it was the first trusted word of an admin, whose identity is pinned with it."""
    doubted: bool = False
    """Whether it bears an admin's name, and an identity that is not the pinned one."""


NOTHING = Received(0, "")
AGAIN = Received(0, "", again=True)


def receive(
    tx: Tx,
    event: Event,
    rules: Rules,
    limits: Limits,
    now: datetime,
    others: Sequence[Reached] = (),
    delivered: Collection[int] = (),
) -> Received:
    """Answer one event, or note that it waits for its work. An event that comes twice is answered once.

    `others`: the other admins, who are told when this is an admin's first trusted word. `delivered`: rows of the outbox that
    have arrived and are not marked yet.
    """
    if not _first_time(tx, event, now):
        return AGAIN
    event, pinned = recognised(tx, event, rules.admins, others, now)
    waits = _wait(tx, event, rules, limits, now) if is_admin(event, rules.admins) else None
    received = _answer(tx, event, rules, limits, now, delivered) if waits is None else waits
    return replace(received, pinned=pinned, doubted=event.doubt is Doubt.CHANGED)


def _first_time(tx: Tx, event: Event, now: datetime) -> bool:
    """Note an event; return False when it came before.

    The id of an admin's encrypted word is its place in its session, that of other words is their message. Both are noted:
    the sender may have become an admin since, or ceased to be one.
    """
    if not events.first_time(tx, event.channel, event.id, now):
        return False
    if not event.id.startswith(events.REPEATABLE) or event.corrects or not event.message:
        return True
    return events.first_time(tx, event.channel, event.message, now)


def put_off(tx: Tx, crowd: Sequence[Event], now: datetime) -> list[str]:
    """Note events of strangers who come in great number: they are answered beside the loop. None is noted twice.

    Return the address of each that is noted.
    """
    if not crowd:
        return []
    channel = crowd[0].channel
    fresh = events.first_times(tx, channel, [event.id for event in crowd], now)
    noted = {event.id: (event.address, pack(event)) for event in crowd if event.id in fresh}
    pending.add(tx, channel, list(noted.values()), now, crowd=True)
    return [address for address, _ in noted.values()]


def answer_pending(
    tx: Tx, waiting: int, event: Event, rules: Rules, limits: Limits, now: datetime
) -> Received:
    """Answer an event that waited, unless it waits no more: it was answered, or its sender was erased."""
    if not pending.take(tx, waiting):
        return NOTHING
    return _answer(tx, recognised_still(tx, event, rules.admins), rules, limits, now)


def apologise_pending(
    tx: Tx, waiting: int, event: Event, rules: Rules, limits: Limits, now: datetime
) -> Received:
    """Apologise for an event that waited and cannot be answered."""
    return apologise(tx, event, rules, limits, now) if pending.take(tx, waiting) else NOTHING


def _wait(tx: Tx, event: Event, rules: Rules, limits: Limits, now: datetime) -> Received | None:
    """Note an admin's event that needs work, or that comes behind one that does; nothing for one to be answered now."""
    needed = reception.needs(event, rules) is not Needs.NOTHING
    before = pending.of_address(tx, event.channel, event.address)
    if not needed and not (before and reception.waits(event)):
        return None
    if len(before) >= MOST_PENDING:
        # A word is answered out of turn rather than dropped.
        return _tell(tx, event, rules, limits, now, "publish.enough") if needed else None
    pending.add(tx, event.channel, [(event.address, pack(event))], now)
    kinds = [one.event.get("kind", Kind.TEXT) for one in before]
    if needed or Kind.FILE not in kinds or Kind.TEXT in kinds[kinds.index(Kind.FILE) :]:
        return Received(0, "", pending=True)
    told = _tell(tx, event, rules, limits, now, "publish.reading")
    return Received(told.queued, "", pending=True)


def _tell(tx: Tx, event: Event, rules: Rules, limits: Limits, now: datetime, key: str) -> Received:
    """Say something about an event that is not its answer, under a key of its own."""
    found = people.find(tx, event, language=_language(event, rules), now=now)
    if found is None:
        return NOTHING
    messages = says(words_of(found.learner.language)(key))
    stem = f"{_stem(event)}:wait"
    return Received(queue_replies(tx, found.learner, messages, limits, stem, now, (), event.thread), "")


def _answer(
    tx: Tx, event: Event, rules: Rules, limits: Limits, now: datetime, delivered: Collection[int] = ()
) -> Received:
    if event.corrects and not _was_misread(tx, event):
        return NOTHING  # what was understood was answered
    found = people.find(tx, event, language=_language(event, rules), now=now)
    if found is None or (event.kind is Kind.GROUP and _was_told(found)):
        return NOTHING
    learner = found.learner
    # Who verifies somebody's paper, and is nobody's learner, leaves nothing behind: see `erasure.let_pass`.
    passing = event.command in verifying.NAMES and (found.new or learner.state == "erased")
    if learner.state == "erased" and not passing:
        if event.kind not in (Kind.TEXT, Kind.FILE):
            # A second press on the button that erased is no word of somebody who comes back.
            return Received(0, words_of(_language(event, rules)).plain("forget.brief"))
        learner = _back_at(tx, learner, event, rules, now)
    if found.new or found.moved:
        devices.keep(tx, event.channel, event.address)
    if event.kind in WORDS or event.kind is Kind.BACK:
        inactivity.heard(tx, learner, now)
    turn = Turn(tx, learner, event, now, rules, limits.bot)
    if found.moved:
        turn = enrol.found_again(turn)
    request = _request(turn)
    if request and _is_answered(turn, request, delivered) and not reception.decides(turn):
        return NOTHING
    messages = reception.respond(turn)
    if turn.tally["misread"] and event.message:
        events.note_misread(tx, event.channel, learner.id, event.message, now)
    brief = next((message.brief for message in messages if message.brief), "")
    if turn.tally["erased"]:
        queued, unsent = queue_goodbye(tx, turn.learner, messages, limits, _stem(event), now)
        return Received(queued, brief, unsent, erased=True)
    if passing:
        return Received(queue_passing(tx, learner, messages, limits, _stem(event), now, _thread(turn)), brief)
    queued = queue_replies(
        tx,
        turn.learner,
        messages,
        limits,
        _stem(event),
        now,
        turn.asked,
        _thread(turn),
        priority=STRANGER if _is_stranger(turn) else REPLY,
        request=request,
    )
    return Received(queued, brief, turn.tally["cancelled"])


def _was_misread(tx: Tx, event: Event) -> bool:
    """Tell whether the message that an event corrects was not understood, and forget that it was not."""
    sender = learners.by_address(tx, event.channel, event.address)
    return sender is not None and events.forget_misread(tx, event.channel, sender.id, event.message)


def _back_at(tx: Tx, erased: Learner, event: Event, rules: Rules, now: datetime) -> Learner:
    """Return the stranger whom somebody is who writes before the goodbye has ended."""
    language = _language(event, rules)
    erasure.come_back(tx, erased.id, language, now)
    if event.sender:
        accounts.note(tx, erased.channel, erased.address_id, event.sender)
    return replace(erased, state="invited", language=language, created_at=now, account=event.sender or None)


def _request(turn: Turn) -> str:
    """Return what an event asks for, if it asks for the same each time; empty when it does not."""
    event = turn.event
    if event.kind is Kind.BACK:
        return RETURN
    if event.command in verifying.NAMES:
        return ""  # what it asks for stands behind it, for strangers too
    request = reception.request_of(event)
    if event.kind is not Kind.TEXT or turn.learner.state not in STRANGE or turn.by_admin or turn.doubted:
        return request
    if request != "start" and request in FREE:
        return request
    if access.is_closed(turn) and access.code_in(event.text):
        return ""
    # Whatever else a stranger says is answered with the notice, unless it answers the one that they were shown.
    answers = not event.command and prompts.newest_open(turn.tx, turn.learner.id, CONSENT) is not None
    return "" if answers else "start"


def _is_answered(turn: Turn, request: str, delivered: Collection[int]) -> bool:
    """Tell whether a request has its answer on the way: the same one's, and nothing was said since.

    Applications say `start` when somebody unblocks the bot: the return was answered. Whoever left or was paused since, which
    nobody is told, is not where that answer says.
    """
    state = turn.learner.state
    if request == RETURN or state == ("active" if request == "pause" else "paused"):
        return False
    last = queue.last_request(turn.tx, turn.learner.address_id, delivered)
    if last is None:
        return False
    before, unsent, at = last
    if before == RETURN and request == "start":
        return turn.now - at < RETURNING
    return unsent and before == request


def _is_stranger(turn: Turn) -> bool:
    """Tell whether the sender had not accepted the notice, and has not done so now."""
    if turn.learner.state not in STRANGE or turn.by_admin:
        return False
    return learners.state_of(turn.tx, turn.learner.id) != "active"


def apologise(tx: Tx, event: Event, rules: Rules, limits: Limits, now: datetime) -> Received:
    """Note an event that could not be answered, and queue an apology."""
    events.note_failed(tx, event.channel, event.id, now)
    if event.kind in (Kind.LEFT, Kind.BACK, Kind.GROUP, Kind.CLEAR):
        return NOTHING
    found = people.find(tx, event, language=_language(event, rules), now=now)
    if found is None:
        return NOTHING
    words = words_of(found.learner.language)
    queued = queue_replies(
        tx, found.learner, says(words("failed")), limits, _stem(event), now, (), event.thread
    )
    return Received(queued, words.plain("failed"))


def _was_told(found: people.Found) -> bool:
    """Return whether this group is one already: it was told then how to reach the bot."""
    learner = found.learner
    return not found.new and learner.state == "invited" and learner.account is None


def _language(event: Event, rules: Rules) -> str:
    return event.language if event.language in LANGUAGES else rules.language


def _thread(turn: Turn) -> str:
    """Return the thread in which an event is answered; a vote names no thread, that of its sender's own poll is used."""
    event = turn.event
    if event.thread or not (event.refers and event.sender):
        return event.thread
    prompt = prompts.by_id(turn.tx, event.refers)
    if prompt is None or prompt.message is None or prompt.learner_id != turn.learner.id:
        return ""
    return str(queue.content_of(turn.tx, prompt.message).get("thread", ""))


def _stem(event: Event) -> str:
    """Return the event's part of an outbox key: short enough to be one, and no other event's."""
    stem = f"{event.channel}:{event.id}"
    if len(stem) <= 100:
        return stem
    return f"{event.channel}:{hashlib.blake2b(event.id.encode(), digest_size=16).hexdigest()}"
