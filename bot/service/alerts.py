# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Telling the admins that something needs them."""

from __future__ import annotations

from datetime import datetime

from bot.messages import Limits, Message
from bot.outgoing import queue_replies
from bot.talk.turn import Rules
from bot.wording import words_of
from storage import learners
from storage.engine import Tx


def tell_admins(tx: Tx, rules: Rules, key: str, about: str, now: datetime) -> int:
    """Queue a sentence for every admin who has written to the bot, on whichever channel; how many."""
    told = 0
    for admin in sorted(rules.admins):
        channel, _, address = admin.partition(":")
        learner = learners.by_address(tx, channel, address)
        if learner is None:
            continue
        text = words_of(learner.language)(key, about=about)
        stem = f"{key}:{about}:{now:%Y%m%d%H}:{learner.address_id}"  # once an hour is enough
        told += queue_replies(tx, learner, [Message(text)], Limits(), stem, now)
    return told
