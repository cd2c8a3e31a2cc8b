# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The inbound loop's transaction: note the event, find the learner, answer, queue the answer."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from bot.messages import Event, Kind, Limits
from bot.service.outgoing import queue_replies
from bot.talk import reception
from bot.talk.turn import Rules, Turn, says
from bot.wording import LANGUAGES, words_of
from storage import events, learners
from storage.types import Tx


@dataclass(frozen=True, slots=True)
class Received:
    """What an event led to: how many messages wait, what to tell whoever pressed a button, how many planned ones went."""

    queued: int
    brief: str
    cancelled: int = 0
    again: bool = False
    """Whether it had come before."""


NOTHING = Received(0, "")
AGAIN = Received(0, "", again=True)


def receive(tx: Tx, event: Event, rules: Rules, limits: Limits, now: datetime) -> Received:
    """Answer one event. An event that comes twice is answered once."""
    if not events.first_time(tx, event.channel, event.id, now):
        return AGAIN
    learner = learners.by_address(tx, event.channel, event.address)
    if learner is None:
        if event.kind in (Kind.LEFT, Kind.BACK, Kind.CLEAR):
            return NOTHING
        # Wherever a person speaks is where their lessons come, and what they have learnt comes along.
        learner = learners.move_address(tx, event.channel, event.address, event.elsewhere) or learners.meet(
            tx, event.channel, event.address, language=_language(event, rules), now=now
        )
    elif event.kind is Kind.GROUP and learner.state == "invited":
        return (
            NOTHING  # a group is told once how to reach the bot; a conversation that became one is left, too
        )
    turn = Turn(tx, learner, event, now, rules)
    messages = reception.respond(turn)
    queued = queue_replies(tx, learner, messages, limits, _stem(event), now, turn.asked)
    brief = next((message.brief for message in messages if message.brief), "")
    return Received(queued, brief, turn.tally["cancelled"])


def apologise(tx: Tx, event: Event, rules: Rules, limits: Limits, now: datetime) -> Received:
    """Note an event that could not be answered, and queue an apology."""
    events.note_failed(tx, event.channel, event.id, now)
    if event.kind in (Kind.LEFT, Kind.BACK, Kind.GROUP, Kind.CLEAR):
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
