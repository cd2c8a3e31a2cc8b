# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Quizzes to show and to answer."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from bot.messages import Choice, Form, Question

KEYS = "abcdefgh"
labels = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)


def asked(*said: str, prompt: str = "p", **other: object) -> Question:
    """A quiz with these labels, keyed a, b, c… in order."""
    choices = tuple(Choice(KEYS[place], label) for place, label in enumerate(said))
    return replace(Question(prompt, Form.QUIZ, "Que faire ?", choices), **other)  # type: ignore[arg-type]


TRIO = asked("Un texte publié", "Une lettre", "L’arrêté en préparation")
SEVERAL = replace(TRIO, multiple=True)
