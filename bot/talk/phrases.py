# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Sentences that mean a command, by the grammar of `wording/requests.txt`: « je voudrais me désinscrire », "my data"."""

from __future__ import annotations

import re
from pathlib import Path

import bot.wording
from lessons import typed

LONGEST = 160
"""Characters of the longest sentence that is read."""


def asks_for(text: str) -> str:
    """Return the command that a sentence asks for, by its French name; empty when it asks for none."""
    if len(text) > LONGEST:
        return ""
    if re.fullmatch(r"[!¿\s]*[?][?!\s]*", typed.clean(text)):
        return "aide"
    said = " ".join(typed.words(typed.bare(text, typed.COURTESY), signs=False))
    return next((command for command, pattern in _COMMANDS if said and pattern.fullmatch(said)), "")


def _commands() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return (command, pattern) in the order in which they are tried."""
    grammar = (Path(bot.wording.__file__).parent / "requests.txt").read_text("utf-8")
    rules: dict[str, str] = {}
    for name, lines in re.findall(r"^(\w+):\n((?:  .+\n)+)", grammar, flags=re.MULTILINE):
        above = re.compile("|".join(sorted(rules, key=len, reverse=True)) or "$^")
        said = (above.sub(lambda rule: rules[rule[0]], line[2:]) for line in lines.splitlines())
        rules[name] = f"(?:{'|'.join(said)})"
    return tuple((name, re.compile(pattern)) for name, pattern in rules.items() if name.islower())


# Now, at 0.1 s, and not for the first person who writes: everybody else would wait with them.
_COMMANDS = _commands()
