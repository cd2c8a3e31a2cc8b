# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The messages that showed one quiz before the newest one: which they are, and how each shows it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.talk import showing
from storage.progress.prompts import Prompt

_OLDER, MOST = "older", 5
"""What is kept of these messages with the quiz, and how many keep their buttons in step with it until the answer."""


def older(prompt: Prompt) -> list[str]:
    """Return the keys of the messages that showed a quiz before the newest one, the oldest first."""
    return [str(one[0]) if isinstance(one, list) and one else str(one) for one in _kept(prompt)]


def shown(prompt: Prompt) -> list[Prompt]:
    """Return the quiz as each of those messages shows it. Of some that were kept by a version before nothing is known."""
    found = []
    for one in _kept(prompt):
        match one:
            case [str(key), bool(with_lesson), str(above)]:
                content = {**prompt.content, "with_lesson": with_lesson, showing.ABOVE: above}
                found.append(replace(prompt, content=content, message=key))
            case _:
                pass
    return found


def moved(prompt: Prompt) -> dict[str, Any]:
    """Return what is kept of a quiz whose newest message is about to be another one."""
    content = {name: value for name, value in prompt.content.items() if name != showing.ABOVE}
    if prompt.message:
        above = prompt.content.get(showing.ABOVE)
        with_lesson = bool(prompt.content.get("with_lesson"))
        now = [prompt.message, with_lesson, above if isinstance(above, str) else ""]
        content[_OLDER] = [*_kept(prompt), now][-MOST:]
    return content


def _kept(prompt: Prompt) -> list[Any]:
    kept = prompt.content.get(_OLDER)
    return kept if isinstance(kept, list) else []
