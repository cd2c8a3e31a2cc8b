# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The inbound loop's transaction: note the event, find the learner, answer, queue the answer."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from bot.messages import Event, Kind, Limits
from bot.service import people
from bot.service.outgoing import queue_replies
from bot.talk import enrol, reception
from bot.talk.turn import Rules, Turn, says
from bot.wording import LANGUAGES, words_of
from storage import events
from storage.outbox import queue
from storage.progress import prompts
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
    if event.corrects and not events.forget_misread(tx, event.channel, event.address, event.message):
        return NOTHING  # what was understood was answered
    found = people.find(tx, event, language=_language(event, rules), now=now)
    if found is None or (event.kind is Kind.GROUP and _was_told(found)):
        return NOTHING
    turn = Turn(tx, found.learner, event, now, rules)
    if found.moved:
        turn = enrol.found_again(turn)
    messages = reception.respond(turn)
    if turn.tally["misread"] and event.message:
        events.note_misread(tx, event.channel, event.address, event.message, now)
    queued = queue_replies(
        tx, turn.learner, messages, limits, _stem(event), now, turn.asked, _thread(tx, event)
    )
    brief = next((message.brief for message in messages if message.brief), "")
    return Received(queued, brief, turn.tally["cancelled"])


def apologise(tx: Tx, event: Event, rules: Rules, limits: Limits, now: datetime) -> Received:
    """Note an event that could not be answered, and queue an apology."""
    events.note_failed(tx, event.channel, event.id, now)
    if event.kind in (Kind.LEFT, Kind.BACK, Kind.GROUP):
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


def _thread(tx: Tx, event: Event) -> str:
    """Return the thread that an event is answered in: a vote names none, and is answered beside the poll."""
    if event.thread or not (event.refers and event.sender):
        return event.thread
    prompt = prompts.by_id(tx, event.refers)
    if prompt is None or prompt.message is None:
        return ""
    return str(queue.content_of(tx, prompt.message).get("thread", ""))


def _stem(event: Event) -> str:
    """Return the event's part of an outbox key: short enough to be one, and no other event's."""
    stem = f"{event.channel}:{event.id}"
    if len(stem) <= 100:
        return stem
    return f"{event.channel}:{hashlib.blake2b(event.id.encode(), digest_size=16).hexdigest()}"
