# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Help: the commands, and one short sentence for what was not understood."""

from __future__ import annotations

from bot.messages import Message
from bot.talk import enrol
from bot.talk.turn import Turn, says
from bot.wording import Markdown, Words

MENU = (
    *("start", "lesson", "quiz", "progress", "settings", "later", "pause", "resume", "stop"),
    *("attestation", "data", "rectify", "object", "forget", "privacy", "help"),
)
"""The commands that applications show in their own menu, in order."""


def command(turn: Turn) -> list[Message]:
    """Answer `aide`: every command with what it does."""
    words = turn.words
    lines = [words("help.title")]
    lines += [
        words("help.line", command=words(f"command.{name}"), does=words(f"command.{name}.does"))
        for name in MENU
    ]
    if turn.by_admin:
        lines.append(words("help.admin"))
    return says(words("help.page", lines=Markdown("\n".join(lines))))


def unknown(turn: Turn) -> list[Message]:
    """Say, in one short message, what can be typed: what was typed means nothing here."""
    if turn.event.command != "?":
        return says(enrol.hinting(turn, turn.words("help.unknown")))
    words = turn.words
    named = ", ".join(f"**{words(f'command.{name}')}**" for name in MENU)
    return says(words("help.unknown.command", commands=Markdown(named)))


def commands(words: Words) -> dict[str, str]:
    """Return the menu of one language: command → what it does, plain text."""
    return {words.plain(f"command.{name}"): words.plain(f"command.{name}.does") for name in MENU}
