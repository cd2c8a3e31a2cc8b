# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The inbound loop's transactions: note the event, find the learner, answer, queue the answer; or note that it waits."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.messages import Event, Kind, Limits
from bot.service.outgoing import queue_replies
from bot.service.packing import pack
from bot.talk import reception
from bot.talk.reception import Needs
from bot.talk.rights import is_admin
from bot.talk.turn import Rules, Turn, says
from bot.wording import LANGUAGES, words_of
from storage import events, learners, pending
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
    pending: bool = False
    """Whether it waits, noted, for work beside the loop."""


NOTHING = Received(0, "")
AGAIN = Received(0, "", again=True)


def receive(tx: Tx, event: Event, rules: Rules, limits: Limits, now: datetime) -> Received:
    """Answer one event, or note that it waits for its work. An event that comes twice is answered once."""
    if not events.first_time(tx, event.channel, event.id, now):
        return AGAIN
    if is_admin(event, rules.admins):
        waits = _wait(tx, event, rules, limits, now)
        if waits is not None:
            return waits
    return _answer(tx, event, rules, limits, now)


def put_off(tx: Tx, crowd: Sequence[Event], now: datetime) -> None:
    """Note events of strangers who come in great number: they are answered beside the loop. None is noted twice."""
    if not crowd:
        return
    channel = crowd[0].channel
    fresh = events.first_times(tx, channel, [event.id for event in crowd], now)
    noted = {event.id: (event.address, pack(event)) for event in crowd if event.id in fresh}
    pending.add(tx, channel, list(noted.values()), now, crowd=True)


def answer_pending(
    tx: Tx, waiting: int, event: Event, rules: Rules, limits: Limits, now: datetime
) -> Received:
    """Answer an event that waited, unless it waits no more: it was answered, or its sender was erased."""
    return _answer(tx, event, rules, limits, now) if pending.take(tx, waiting) else NOTHING


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
    learner = _learner(tx, event, rules, now)
    messages = says(words_of(learner.language)(key))
    return Received(queue_replies(tx, learner, messages, limits, f"{_stem(event)}:wait", now), "")


def _learner(tx: Tx, event: Event, rules: Rules, now: datetime) -> Learner:
    # Wherever a person speaks is where their lessons come, and what they have learnt comes along.
    return (
        learners.by_address(tx, event.channel, event.address)
        or learners.move_address(tx, event.channel, event.address, event.elsewhere)
        or learners.meet(tx, event.channel, event.address, language=_language(event, rules), now=now)
    )


def _answer(tx: Tx, event: Event, rules: Rules, limits: Limits, now: datetime) -> Received:
    learner = learners.by_address(tx, event.channel, event.address)
    if learner is None:
        if event.kind in (Kind.LEFT, Kind.BACK):
            return NOTHING
        learner = _learner(tx, event, rules, now)
    elif event.kind is Kind.GROUP and learner.state == "invited":
        return (
            NOTHING  # a group is told once how to reach the bot; a conversation that became one is left, too
        )
    turn = Turn(tx, learner, event, now, rules)
    request = _request(turn)
    if request and _is_answered(turn, request):
        return NOTHING
    messages = reception.respond(turn)
    priority = STRANGER if _is_stranger(turn) else REPLY
    queued = queue_replies(
        tx, learner, messages, limits, _stem(event), now, turn.asked, priority=priority, request=request
    )
    brief = next((message.brief for message in messages if message.brief), "")
    return Received(queued, brief, turn.tally["cancelled"])


def _request(turn: Turn) -> str:
    """Return what an event asks for, if it asks for the same each time; empty when it does not."""
    event = turn.event
    if event.kind is Kind.BACK:
        return RETURN
    request = reception.request_of(event)
    if event.kind is not Kind.TEXT or turn.learner.state not in STRANGE or turn.by_admin:
        return request
    if request in ("aide", "help"):
        return request
    # Whatever else a stranger says is answered with the notice, unless it answers the one that they were shown.
    answers = not event.command and prompts.newest_open(turn.tx, turn.learner.id) is not None
    return "" if answers else "start"


def _is_answered(turn: Turn, request: str) -> bool:
    """Tell whether a request has its answer on the way: the same one's, and nothing was said since.

    Applications say `start` when somebody unblocks the bot: the return was answered. Whoever left or was paused since, which
    nobody is told, is not where that answer says.
    """
    state = turn.learner.state
    if request == RETURN or state == ("active" if request == "pause" else "paused"):
        return False
    last = queue.last_request(turn.tx, turn.learner.address_id)
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
    if event.kind in (Kind.LEFT, Kind.BACK, Kind.GROUP):
        return NOTHING
    language = _language(event, rules)
    learner = learners.by_address(tx, event.channel, event.address) or learners.meet(
        tx, event.channel, event.address, language=language, now=now
    )
    words = words_of(learner.language)
    queued = queue_replies(tx, learner, says(words("failed")), limits, _stem(event), now)
    return Received(queued, words.plain("failed"))


def _language(event: Event, rules: Rules) -> str:
    return event.language if event.language in LANGUAGES else rules.language


def _stem(event: Event) -> str:
    """Return the event's part of an outbox key: short enough to be one, and no other event's."""
    stem = f"{event.channel}:{event.id}"
    if len(stem) <= 100:
        return stem
    return f"{event.channel}:{hashlib.blake2b(event.id.encode(), digest_size=16).hexdigest()}"
