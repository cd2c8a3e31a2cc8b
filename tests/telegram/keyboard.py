# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What buttons may be under a message: inline keyboards with the limits and errors of Telegram."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.telegram.errors import bad

if TYPE_CHECKING:
    from tests.telegram.requests import Request

BUTTONS = 100
ROW = 8
DATA_BYTES = 64
ACTIONS = ("callback_data", "url", "copy_text", "web_app", "switch_inline_query")

Rows = list[list[dict[str, Any]]]


def read(request: Request) -> Rows:
    """The rows of `reply_markup`; empty without one. Raises `Refused`."""
    markup = request.json("reply_markup", {}, "Bad Request: can't parse reply keyboard markup JSON object")
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    rows = markup.get("inline_keyboard", [])
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    for row in rows:
        for button in row:
            _check(button)
    if sum(map(len, rows)) > BUTTONS or any(len(row) > ROW for row in rows):
        raise bad("reply markup is too long")
    return [row for row in rows if row]


def _check(button: object) -> None:
    trouble = "can't parse inline keyboard button: "
    if not isinstance(button, dict):
        raise bad(f"{trouble}InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise bad(f'{trouble}Can\'t find field "text"')
    if not button["text"].strip():
        raise bad("inline keyboard button text must be non-empty")
    if not any(action in button for action in ACTIONS):
        raise bad(f"{trouble}Text buttons are unallowed in the inline keyboard")
    if "callback_data" not in button:
        return
    data = button["callback_data"]
    if not isinstance(data, str):
        raise bad(f'{trouble}Field "callback_data" must be of type String')
    if not 1 <= len(data.encode()) <= DATA_BYTES:
        raise bad("BUTTON_DATA_INVALID")
