# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Whether pictures come beside the texts that say the same: a setting, and « texte seul » at any time."""

from __future__ import annotations

from bot.answers import is_one_of
from bot.messages import Choice, Kind, Message
from bot.talk.turn import Turn, says
from storage import learners
from storage.progress.prompts import Prompt

TOPIC = "settings.pictures"
WISHES = ("off", "on")
"""By whether pictures are wanted."""


def shown(turn: Turn) -> str:
    """Return what is wanted now, as the list of settings says it."""
    return turn.words.plain(f"settings.pictures.{WISHES[turn.learner.pictures]}")


def choices_of(turn: Turn) -> list[Choice]:
    """Return what can be wanted."""
    words = turn.words
    return [
        Choice(
            one,
            words.plain(f"settings.pictures.{one}.label"),
            words.phrases(f"settings.pictures.{one}.words"),
        )
        for one in reversed(WISHES)
    ]


def named(turn: Turn) -> str | None:
    """Return what somebody wants who typed it where the list of settings was shown; None for « images » and « 10 »."""
    names = [*turn.words.phrases("settings.pictures.words")][:2]
    if turn.event.kind is not Kind.TEXT or is_one_of(names, turn.event.text):
        return None
    typed = turn.event.text
    return next(
        (one.key for one in choices_of(turn) if is_one_of((one.label, *one.words), typed)),
        None,
    )


def answer(turn: Turn, prompt: Prompt, keys: tuple[str, ...]) -> list[Message]:
    """Set whether pictures come."""
    return _set(turn, keys[0], prompt.message)


def with_pictures(turn: Turn) -> list[Message]:
    """Answer « avec images »."""
    return _set(turn, "on")


def text_only(turn: Turn) -> list[Message]:
    """Answer « texte seul »."""
    return _set(turn, "off")


def _set(turn: Turn, wish: str, edits: str | None = None) -> list[Message]:
    learners.change(turn.tx, turn.learner.id, pictures=wish == "on")
    return says(turn.words(f"settings.pictures.done.{wish}"), edits=edits)
