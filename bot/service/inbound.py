# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The inbound loop's transaction: note the event, find the learner, answer, queue the answer."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from bot.messages import Event, Kind, Limits
from bot.service.outgoing import queue_goodbye, queue_replies
from bot.talk import reception
from bot.talk.turn import Rules, Turn, says
from bot.wording import LANGUAGES, words_of
from storage import devices, erasure, events, learners
from storage.learners import Learner
from storage.types import Tx


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


NOTHING = Received(0, "")
AGAIN = Received(0, "", again=True)


def receive(tx: Tx, event: Event, rules: Rules, limits: Limits, now: datetime) -> Received:
    """Answer one event. An event that comes twice is answered once."""
    if not events.first_time(tx, event.channel, event.id, now):
        return AGAIN
    learner = learners.by_address(tx, event.channel, event.address)
    if learner is None:
        if event.kind in (Kind.LEFT, Kind.BACK):
            return NOTHING
        devices.keep(tx, event.channel, event.address)
        # Wherever a person speaks is where their lessons come, and what they have learnt comes along.
        learner = learners.move_address(tx, event.channel, event.address, event.elsewhere) or learners.meet(
            tx, event.channel, event.address, language=_language(event, rules), now=now
        )
    elif learner.state == "erased":
        if event.kind not in (Kind.TEXT, Kind.FILE, Kind.UNREADABLE):
            # A second press on the button that erased is no word of somebody who comes back.
            return Received(0, words_of(_language(event, rules)).plain("forget.brief"))
        learner = _back_at(tx, learner, event, rules, now)
    elif event.kind is Kind.GROUP and learner.state == "invited":
        return (
            NOTHING  # a group is told once how to reach the bot; a conversation that became one is left, too
        )
    turn = Turn(tx, learner, event, now, rules)
    messages = reception.respond(turn)
    brief = next((message.brief for message in messages if message.brief), "")
    if turn.tally["erased"]:
        queued, unsent = queue_goodbye(tx, learner, messages, limits, _stem(event), now)
        return Received(queued, brief, unsent, erased=True)
    queued = queue_replies(tx, learner, messages, limits, _stem(event), now, turn.asked)
    return Received(queued, brief, turn.tally["cancelled"])


def _back_at(tx: Tx, erased: Learner, event: Event, rules: Rules, now: datetime) -> Learner:
    """Return the stranger whom somebody is who writes before the goodbye has ended."""
    language = _language(event, rules)
    erasure.come_back(tx, erased.id, language, now)
    return replace(erased, state="invited", language=language, created_at=now)


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
