# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Messages to the admins: something needs them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.messages import Limits, Message
from bot.service.outgoing import queue_replies
from bot.wording import Markdown, words_of
from storage import courses, learners
from storage.learners import Learner
from storage.types import Tx

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
    """Queue a sentence for every admin who has written to the bot, on any channel. Return how many messages."""
    queued = 0
    for learner, limits in _those_who_wrote(tx, admins):
        text = words_of(learner.language)(key, about=about)
        stem = f"{key}:{about}:{now:%Y%m%d%H}:{learner.address_id}"  # once an hour is enough
        queued += queue_replies(tx, learner, [Message(text)], limits, stem, now)
    return queued


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


def tell_of_pin(tx: Tx, admins: Sequence[Reached], who: str, identity: str, now: datetime) -> int:
    """Queue for every admin that another one was recognised for the first time. Return how many messages."""
    queued = 0
    for learner, limits in _those_who_wrote(tx, admins):
        text = words_of(learner.language)("alert.pin", who=who)
        # The pin is what is told once: an admin whose identity changed is pinned anew, and told anew.
        stem = f"alert.pin:{identity}:{learner.address_id}"
        queued += queue_replies(tx, learner, [Message(text)], limits, stem, now)
    return queued


def _those_who_wrote(tx: Tx, admins: Sequence[Reached]) -> Iterator[tuple[Learner, Limits]]:
    for admin in admins:
        candidates = (learners.by_address(tx, admin.channel, address) for address in admin.addresses)
        learner = next((candidate for candidate in candidates if candidate is not None), None)
        if learner is not None:
            yield learner, admin.limits
