# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Messages to the admins: something needs them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from textwrap import shorten

from bot.messages import Limits, Message
from bot.service.outgoing import queue_replies
from bot.wording import Markdown, words_of
from storage import counters, courses, learners
from storage.learners import Learner
from storage.outbox import queue
from storage.reconciliation import Day
from storage.types import Tx

TROUBLES = {"alert.fault": "alert.fault.over", "alert.deaf": "alert.deaf.over"}
"""Sentences about what lasts, told once, and the one that tells the end of each."""
APART = 3600
"""Seconds between two times that the same trouble is told."""
LONGEST_TITLE = 60
"""Characters of a lesson's title."""
MOST_NAMED = 10
"""Lessons named in one message; the others are counted."""


@dataclass(frozen=True, slots=True)
class Reached:
    """Where an admin is reached, on a channel that runs."""

    channel: str
    addresses: tuple[str, ...]
    """The first of them that is a learner's is it."""
    limits: Limits


def tell_admins(tx: Tx, admins: Sequence[Reached], key: str, about: str, now: datetime) -> int:
    """Queue a sentence for every admin who has written to the bot, on any channel. Return how many messages.

    The same about the same thing is told once an hour.
    """
    queued = 0
    for learner, limits in _those_who_wrote(tx, admins):
        stem = f"{key}:{_digest(about)}:{now:%Y%m%d%H}:{learner.address_id}"
        queued += _tell(tx, learner, limits, key, about, stem, now)
    return queued


def tell_trouble(
    tx: Tx, admins: Sequence[Reached], key: str, channel: str, now: datetime, sentence: str = ""
) -> bool:
    """Tell that a channel is in trouble, once for as long as it lasts. Return whether it is told.

    A trouble that comes back within an hour is told when the hour is over, if it lasts until then. `key`: one of `TROUBLES`,
    and its sentence, unless there is a better `sentence`. Whether a trouble lasts is kept in the database: a restart does
    not tell it again.
    """
    began = counters.value(tx, _name(key, channel))
    if began <= 0:
        moment = int(now.timestamp())
        if moment < APART - began:
            return False
        began = moment
        counters.put(tx, _name(key, channel), began)
    for learner, limits in _those_who_wrote(tx, admins):
        _tell(tx, learner, limits, sentence or key, channel, _stem(key, channel, began, learner), now)
    return True


def tell_end(tx: Tx, admins: Sequence[Reached], key: str, channel: str, now: datetime) -> int:
    """Tell the end of a trouble to those who were told of it. Who was not told yet never is. Return how many messages."""
    began = counters.value(tx, _name(key, channel))
    if began <= 0:
        return 0
    counters.put(tx, _name(key, channel), -began)
    concerned = list(_those_who_wrote(tx, admins))
    keys = {
        learner.id: f"reply:{_stem(key, channel, began, learner)}:0.0" for learner, _ in concerned
    }  # a sentence is one piece
    over = TROUBLES[key]
    told = queue.withdraw(tx, list(keys.values()), now, "it is over")
    return sum(
        _tell(tx, learner, limits, over, channel, _stem(over, channel, began, learner), now)
        for learner, limits in concerned
        if keys[learner.id] in told
    )


def _tell(tx: Tx, learner: Learner, limits: Limits, key: str, about: str, stem: str, now: datetime) -> int:
    text = words_of(learner.language)(key, about=about)
    return queue_replies(tx, learner, [Message(text)], limits, stem, now)


def _name(key: str, channel: str) -> str:
    """Name the moment since which a trouble lasts; negative when it is over."""
    return f"{key}.{channel}"


def _stem(key: str, channel: str, began: int, learner: Learner) -> str:
    return f"{key}:{channel}:{began}:{learner.address_id}"


def _digest(about: str) -> str:
    """Return what stands for a title or an address in a key, which is short."""
    return blake2b(about.encode(), digest_size=8).hexdigest()


def tell_overdue(tx: Tx, admins: Sequence[Reached], now: datetime) -> int:
    """Queue, once a week for every admin, the list of lessons past their review date. Return how many messages."""
    published = courses.catalogue(tx)
    late = published.overdue(now.date()) if published is not None else ()
    if not late:
        return 0
    queued = 0
    for learner, limits in _those_who_wrote(tx, admins):
        words = words_of(learner.language)
        lines = [
            words(
                "alert.overdue.lesson",
                title=entry.lesson.title,
                id=entry.id,
                when=words.date(entry.lesson.review_by),
            )
            for entry in late[:MOST_NAMED]
        ]
        if len(late) > MOST_NAMED:
            lines.append(words.many("alert.overdue.others", len(late) - MOST_NAMED))
        text = Markdown(
            "\n".join([words.many("alert.overdue", len(late)), *lines, words("alert.overdue.how")])
        )
        stem = f"alert.overdue:{now:%G-%V}:{learner.address_id}"
        queued += queue_replies(tx, learner, [Message(text)], limits, stem, now)
    return queued


def tell_damage(tx: Tx, admins: Sequence[Reached], damage: Sequence[str], now: datetime) -> int:
    """Queue, once a day for every admin, the ids of what is published and cannot be read. Return how many messages."""
    named = ", ".join(damage[:MOST_NAMED]) + (", …" if len(damage) > MOST_NAMED else "")
    seal = blake2b(" ".join(damage).encode(), digest_size=8).hexdigest()
    queued = 0
    for learner, limits in _those_who_wrote(tx, admins):
        text = words_of(learner.language).many("alert.unreadable", len(damage), ids=named)
        stem = f"alert.unreadable:{now:%Y%m%d}:{seal}:{learner.address_id}"
        queued += queue_replies(tx, learner, [Message(text)], limits, stem, now)
    return queued


def tell_of_lesson(
    tx: Tx, admins: Sequence[Reached], key: str, version: str, title: str, now: datetime
) -> int:
    """Queue for every admin the alert that a lesson is held, or released. Return how many messages.

    Call it in the transaction that decides it: a killed process neither loses nor repeats the alert.
    """
    about, queued = shorten(title, LONGEST_TITLE, placeholder="…"), 0
    for learner, limits in _those_who_wrote(tx, admins):
        # With the time: a released lesson may be held again.
        stem = f"{key}:{version[:8]}:{now:%Y%m%d%H%M%S}:{learner.address_id}"
        queued += _tell(tx, learner, limits, key, about, stem, now)
    return queued


def tell_difference(tx: Tx, admins: Sequence[Reached], day: Day, now: datetime) -> int:
    """Queue for every admin that a day does not add up, once. Return how many messages."""
    queued = 0
    for learner, limits in _those_who_wrote(tx, admins):
        words = words_of(learner.language)
        ended = day.planned - day.difference
        text = words("alert.difference", day=words.date(day.day), planned=day.planned, ended=ended)
        stem = f"alert.difference:{day.day}:{learner.address_id}"
        queued += queue_replies(tx, learner, [Message(text)], limits, stem, now)
    return queued


def tell_of_silence(tx: Tx, admins: Sequence[Reached], warned: int, unwarned: int, now: datetime) -> int:
    """Queue for every admin that many would be erased for their silence, at most once an hour. Return how many messages.

    `warned`: those who were told a month ago; `unwarned`: those whom messages do not reach, or who objected.
    """
    queued = 0
    for learner, limits in _those_who_wrote(tx, admins):
        words = words_of(learner.language)
        text = words("alert.inactive", about=warned + unwarned, warned=warned, unwarned=unwarned)
        stem = f"alert.inactive:{warned}.{unwarned}:{now:%Y%m%d%H}:{learner.address_id}"
        queued += queue_replies(tx, learner, [Message(text)], limits, stem, now)
    return queued


def tell_unnamed(
    tx: Tx, admins: Sequence[Reached], missing: Sequence[str], until: datetime, now: datetime
) -> int:
    """Queue for every admin, once a day, which settings are missing of what is done with data. Return how many messages."""
    queued = 0
    for learner, limits in _those_who_wrote(tx, admins):
        words = words_of(learner.language)
        text = words("alert.notice", which=", ".join(missing), about=words.date(until.date()))
        stem = f"alert.notice:{now:%Y%m%d}:{learner.address_id}"
        queued += queue_replies(tx, learner, [Message(text)], limits, stem, now)
    return queued


def tell_of_pin(tx: Tx, admins: Sequence[Reached], who: str, identity: str, now: datetime) -> int:
    """Queue for every admin that another one was recognised for the first time. Return how many messages."""
    queued = 0
    for learner, limits in _those_who_wrote(tx, admins):
        text = words_of(learner.language)("alert.pin", who=who)
        # The pin is what is told once: an admin whose identity changed is pinned anew, and told anew.
        stem = f"alert.pin:{identity}:{learner.address_id}:{now:%Y%m%d%H%M%S}"
        queued += queue_replies(tx, learner, [Message(text)], limits, stem, now)
    return queued


def _those_who_wrote(tx: Tx, admins: Sequence[Reached]) -> Iterator[tuple[Learner, Limits]]:
    for admin in admins:
        found = (learners.by_address(tx, admin.channel, address) for address in admin.addresses)
        known = [learner for learner in found if learner is not None]
        if known:
            # Who follows the course is told there, not in the room to which they invited the bot since.
            yield min(known, key=lambda learner: learner.state == "invited"), admin.limits
