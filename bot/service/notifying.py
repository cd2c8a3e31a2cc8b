# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A changed notice, told at the head of the next message that leaves for each person; and lessons that wait for a yes.

It is decided when a row leaves and written down when it has arrived, so nothing is planned for it and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.messages import Limits, Piece, Send
from bot.talk.notice import CONSENT, READ
from bot.wording import words_of
from lessons import markup
from storage import notices
from storage.outbox.rows import GOODBYE, SCHEDULED, Claimed
from storage.types import Tx

FIRST = (".0", ":0")
"""How the key of the first piece of a message ends."""
NO_LESSON = (CONSENT, "notice", "pause", "inactive")
"""Kinds of planned messages that teach nothing."""


class Notifying:
    """What some rows that leave now have to say of the notice. Two look-ups, and none where nothing changed."""

    def __init__(self, tx: Tx, rows: Sequence[Claimed], now: datetime) -> None:
        self._untold: set[str] = set()
        self._unsure: set[str] = set()
        change = notices.change(tx) if rows else None
        if change is None:
            return
        ids = {row.learner_id for row in rows}
        if change.asks:
            self._unsure = notices.waiting(tx, ids, change)
        else:
            self._untold = notices.untold(tx, ids, change, now)

    def holds(self, row: Claimed) -> str | None:
        """Return why a planned row is not to leave: its reader has not said yes to the notice that is in force."""
        teaches = row.priority == SCHEDULED and row.kind not in NO_LESSON
        return "the notice waits for a yes" if teaches and row.learner_id in self._unsure else None

    def headed(
        self, row: Claimed, pieces: Sequence[Piece], limits: Limits
    ) -> tuple[Claimed, Sequence[Piece]]:
        """Return a row and its pieces, with the line above once for each reader; where it has no room, the next has it."""
        first = pieces[0]
        if row.learner_id not in self._untold or not isinstance(first, Send) or row.kind == GOODBYE:
            return row, pieces
        if row.content.get("request") == READ:
            self._untold.discard(row.learner_id)
            return replace(row, tells=True), pieces
        if not first.text or not row.key.endswith(FIRST):
            return row, pieces
        text = f"{words_of(row.language)('notice.changed')}\n\n{first.text}"
        room = (
            limits.text
            if first.document is None and first.picture is None and first.drawing is None
            else limits.caption
        )
        if markup.length(text) + (markup.length(first.aside) + 2 if first.aside else 0) > room:
            return row, pieces
        self._untold.discard(row.learner_id)
        return replace(row, tells=True), (replace(first, text=text), *pieces[1:])
