# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The offer of fewer days, to somebody who answers on a few days of the week only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.messages import Choice, Message
from bot.talk import outlook, preferences
from bot.talk.turn import Turn, new_menu, says, yes_no
from bot.wording import words_of
from config.schedule import Day
from storage.progress.prompts import Prompt

TOPIC = "rhythm"


def offer(learner_id: str, language: str, days: Sequence[Day], now: datetime, message: str) -> Prompt:
    """Return the menu that offers some days of the week, to be shown by a planned message."""
    words = words_of(language)
    listed = words.series([words.plain(f"day.{day}.usual") for day in days])
    yes, no = yes_no(words, words.many("rhythm.yes", len(days)), words.plain("rhythm.no"))
    named = words.series([words.plain(f"day.{day}") for day in days])
    return new_menu(
        learner_id,
        TOPIC,
        words.many("rhythm.offer", len(days), days=listed),
        (Choice(yes.key, yes.label, (*yes.words, listed, named)), no),
        now,
        hint=words("consent.hint"),
        data={"days": list(days)},
        message=message,
    )


def answer(turn: Turn, prompt: Prompt, keys: tuple[str, ...]) -> list[Message]:
    """Change the days as the settings do, or nothing."""
    if keys != ("yes",):
        return says(turn.words("stop.continued", next=outlook.upcoming(turn)), edits=prompt.message)
    data = prompt.content.get("data")
    return preferences.change(turn, prompt, "days", days=data.get("days") if isinstance(data, dict) else None)
