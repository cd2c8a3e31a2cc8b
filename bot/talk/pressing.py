# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Presses that decide nothing: ticking one of several choices, or a button that no longer works."""

from __future__ import annotations

from dataclasses import replace

from bot.messages import Message
from bot.talk import meant, quiz
from bot.talk.turn import Turn, menu_question
from storage.progress import prompts
from storage.progress.prompts import Prompt


def toggled(turn: Turn, prompt: Prompt) -> list[Message]:
    """Switch one choice of several on or off, and show the question again."""
    if not quiz.can_be_shown(turn, prompt):
        return briefly(turn, "prompt.closed")
    question = meant.question_of(turn, prompt)
    keys = [choice.key for choice in question.choices]
    if not question.multiple or len(turn.event.keys) != 1 or turn.event.keys[0] not in keys:
        return briefly(turn, "prompt.closed")
    chosen = set(prompt.chosen) ^ set(turn.event.keys)
    prompt = replace(prompt, chosen=tuple(key for key in keys if key in chosen))
    prompts.choose(turn.tx, prompt.id, prompt.chosen)
    if prompt.topic == quiz.TOPIC:
        return quiz.ticked(turn, prompt)
    return [Message(question=menu_question(turn.words, prompt), edits=prompt.message or "")]


def late(turn: Turn, prompt: Prompt) -> list[Message]:
    """Say that a question has its answer already."""
    if prompt.topic == quiz.TOPIC:
        return quiz.too_late(turn, quiz.quiz_of(turn.tx, prompt))
    return briefly(turn, "prompt.closed")


def briefly(turn: Turn, key: str) -> list[Message]:
    """Say one sentence: over the chat for somebody who pressed a button, else as a message."""
    return [Message("" if turn.event.receipt else turn.words(key), brief=turn.words.plain(key))]
