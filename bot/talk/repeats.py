# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The messages that showed one quiz before the newest one: their buttons serve until one is ticked, or it is answered."""

from __future__ import annotations

from typing import Any

from bot.talk import showing
from storage.progress.prompts import Prompt

_OLDER, MOST = "older", 5
"""What is kept of these messages with the quiz, and how many."""


def older(prompt: Prompt) -> list[str]:
    """Return the keys of the messages that showed a quiz before the newest one, the oldest first."""
    kept = prompt.content.get(_OLDER)
    return [str(one) for one in kept] if isinstance(kept, list) else []


def moved(prompt: Prompt) -> dict[str, Any]:
    """Return what is kept of a quiz whose newest message is about to be another one."""
    content = {name: value for name, value in prompt.content.items() if name != showing.ABOVE}
    if prompt.message:
        content[_OLDER] = [*older(prompt), prompt.message][-MOST:]
    return content


def alone(prompt: Prompt) -> dict[str, Any]:
    """Return what is kept of a quiz of which only the newest message serves."""
    return {name: value for name, value in prompt.content.items() if name != _OLDER}
