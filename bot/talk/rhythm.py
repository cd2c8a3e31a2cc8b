# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The offer of fewer days, to somebody who answers on a few days of the week only."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache

from bot.answers import is_one_of
from bot.messages import Choice, Message
from bot.talk import commands, dates, delays, outlook, preferences, weekdays
from bot.talk.turn import Turn, new_menu, says, yes_no
from bot.wording import Markdown, words_of
from config.schedule import Day
from lessons import typed
from storage.progress.prompts import Prompt

TOPIC = "rhythm"
LONGEST = 80
"""Characters of a text that is read as an answer to an offer."""


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


def read(turn: Turn) -> str | frozenset[Day]:
    """Return what a typed text says to an offer: yes, no, later, or the days that it names; empty for anything else."""
    text = turn.event.text
    if len(text) > LONGEST or commands.is_marked(text) or "?" in typed.clean(text):
        return ""
    if delays.delay_of(text) == delays.Delay():
        return "later"
    words = turn.words
    if is_one_of((*words.phrases("answer.yes"), *words.phrases("rhythm.yes.words")), text):
        return "yes"
    if is_one_of((*words.phrases("answer.no"), *words.phrases("rhythm.no.words")), text):
        return "no"
    around = _folded(words.phrases("rhythm.around.words")) | _folded(words.phrases("rhythm.doubt.words"))
    said = [word for word in typed.words(typed.bare(text, typed.COURTESY), signs=False) if word not in around]
    named = [word if word in dates.WEEKDAYS else word.removesuffix("s") for word in said]
    if not all(word in dates.WEEKDAYS for word in named):
        return ""
    return frozenset(weekdays.WEEK[dates.WEEKDAYS[word]] for word in named)


@cache  # two lists a language, for every text that is typed
def _folded(phrases: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(typed.fold, phrases))


def doubts(turn: Turn) -> bool:
    """Tell whether a text that names days does not accept them all: « non, lundi et jeudi », « lundi ou jeudi »."""
    doubtful = _folded(turn.words.phrases("rhythm.doubt.words"))
    return not doubtful.isdisjoint(typed.words(turn.event.text, signs=False))


def is_offered(prompt: Prompt, days: Collection[Day]) -> bool:
    """Tell whether some days are those that an offer names."""
    data = prompt.content.get("data")
    offered = data.get("days") if isinstance(data, dict) else None
    return isinstance(offered, list) and set(map(str, offered)) == set(days)


def answer(turn: Turn, prompt: Prompt, keys: tuple[str, ...]) -> list[Message]:
    """Change the days as the settings do, or nothing."""
    if keys != ("yes",):
        kept = turn.words("stop.continued", next=outlook.upcoming(turn))
        return says(Markdown(f"{kept} {turn.words('rhythm.others')}"), edits=prompt.message)
    data = prompt.content.get("data")
    return preferences.change(turn, prompt, "days", days=data.get("days") if isinstance(data, dict) else None)
