# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Telling the admins that something needs them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.messages import Limits, Message
from bot.outgoing import queue_replies
from bot.wording import words_of
from storage import learners
from storage.engine import Tx


@dataclass(frozen=True, slots=True)
class Reached:
    """Where an admin is reached, on a channel that runs."""

    channel: str
    address: str
    limits: Limits


def tell_admins(tx: Tx, admins: Sequence[Reached], key: str, about: str, now: datetime) -> int:
    """Queue a sentence for every admin who has written to the bot, on whichever channel; how many."""
    told = 0
    for admin in admins:
        learner = learners.by_address(tx, admin.channel, admin.address)
        if learner is None:
            continue
        text = words_of(learner.language)(key, about=about)
        stem = f"{key}:{about}:{now:%Y%m%d%H}:{learner.address_id}"  # once an hour is enough
        told += queue_replies(tx, learner, [Message(text)], admin.limits, stem, now)
    return told
