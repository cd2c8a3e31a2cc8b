# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Planned messages that are not to leave any more."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bot.talk.notice import CONSENT
from storage.outbox.rows import SCHEDULED, Claimed
from storage.progress.prompts import Prompt


def reason_of(row: Claimed, shown: Mapping[str, Prompt], silent: Collection[int]) -> str | None:
    """Return why a planned row is not to leave any more; nothing when it is.

    `silent`: the enrolments, among those of pauses, whose learners said nothing since.
    """
    if row.priority != SCHEDULED:
        return None
    if row.kind == "inactive":
        return "the reader decided" if row.state in ("limited", "erased") else None
    if row.state != "active":
        return "the reader stopped"
    if row.kind == "pause":
        return None if row.enrolment_id in silent else "the reader answered"
    prompt = shown.get(row.prompt or "")
    # A review that has a verdict may have arrived and been answered: its message is still to be known.
    if prompt is None or prompt.answered_at is None:
        return None
    again = row.kind in ("later", CONSENT) or (row.kind == "review" and prompt.verdict is None)
    return "answered" if again else None
