# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Lessons that wait for a new yes, where the ground is consent: whose, and what asks for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from bot.notice.texts import SHORT
from bot.talk.notice import asking
from storage import notices
from storage.progress.enrolments import Due
from storage.progress.prompts import Prompt
from storage.types import Tx


def unsure(tx: Tx, batch: Collection[Due]) -> set[str]:
    """Return the learners of a batch whose lessons wait."""
    change = notices.change(tx)
    if change is None or not change.asks:
        return set()
    return notices.waiting(tx, [due.learner_id for due in batch], change)


def prompts(tx: Tx, waiting: Collection[tuple[Due, str]], tick: datetime) -> Mapping[int, Prompt]:
    """Return, by enrolment, the prompt that asks those who were not asked in the last 30 days.

    `waiting`: each with the outbox key of the message that shows it. What is shown is the published notice, of the archive.
    """
    change = notices.change(tx) if waiting else None
    if change is None:
        return {}
    untold = notices.untold(tx, [due.learner_id for due, _ in waiting], change, tick)
    texts, asked = notices.texts_of(tx, change.asks), {}
    for due, key in waiting:
        shown = texts.get(due.language, {}).get(due.channel, {}).get(SHORT)
        if due.learner_id in untold and shown is not None:
            asked[due.id] = asking(due.learner_id, due.language, change.asks, shown, tick, key)
    return asked
