# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Keyboards: a question's buttons, and what a press says."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.channels import Rejected
from bot.fitting import numbered
from bot.messages import Form, Kind, Limits, Question

SHORT = 12
"""Characters. Two labels of this length share a row on a narrow phone without being cut."""

# 2 + 16 + 1 + 40 bytes at most; Telegram allows 64.
_CHOICE = re.compile(r"([ct]):([A-Za-z0-9_-]{1,16}):([!-~]{1,40})")
_SUBMIT = re.compile(r"s:([A-Za-z0-9_-]{1,16})")
_KINDS = {"c": Kind.CHOOSE, "t": Kind.TOGGLE}


@dataclass(frozen=True, slots=True)
class Press:
    """What a button says."""

    kind: Kind
    prompt: str
    keys: tuple[str, ...] = ()


Button = dict[str, str]
Keyboard = dict[str, list[list[Button]]]
"""An InlineKeyboardMarkup of the Bot API, row by row. The library's objects for it cost 0.2 ms a lesson."""


def keyboard(question: Question | None, limits: Limits) -> Keyboard | None:
    """Make the buttons of a question, if it has any.

    Raises:
        Rejected: a key is one that no button can carry.
    """
    if question is None:
        return None
    rows = _rows(question, limits) if question.form in (Form.QUIZ, Form.MENU) else []
    if question.beside:
        rows.append(
            [_button(one.label, f"c:{question.prompt}:{one.key}", question) for one in question.beside]
        )
    return {"inline_keyboard": rows} if rows else None


def _rows(question: Question, limits: Limits) -> list[list[Button]]:
    if not question.choices:
        return []
    by_number = numbered(question, limits)
    buttons = []
    for place, choice in enumerate(question.choices, 1):
        act = "t" if question.multiple else "c"
        mark = "☑ " if choice.key in question.chosen else ""
        label = str(place) if by_number else choice.label
        buttons.append(_button(f"{mark}{label}", f"{act}:{question.prompt}:{choice.key}", question))
    wide = _columns(question, limits, by_number=by_number)
    rows = [buttons[start : start + wide] for start in range(0, len(buttons), wide)]
    if question.multiple:
        rows.append([_button(question.submit or "✓", f"s:{question.prompt}", question)])
    return rows


def press(data: str) -> Press | None:
    """Return what a press says; nothing for data that no button of ours carries."""
    if choice := _CHOICE.fullmatch(data):
        act, prompt, key = choice.groups()
        return Press(_KINDS[act], prompt, (key,))
    if submit := _SUBMIT.fullmatch(data):
        return Press(Kind.SUBMIT, submit[1])
    return None


def _columns(question: Question, limits: Limits, *, by_number: bool) -> int:
    if by_number:
        return limits.button_columns
    return 2 if all(len(choice.label) <= SHORT for choice in question.choices) else 1


def _button(label: str, data: str, question: Question) -> Button:
    pressed = press(data)
    if pressed is None or pressed.prompt != question.prompt:
        raise Rejected(f"a button cannot carry {data!r}")
    return {"text": label, "callback_data": data}
