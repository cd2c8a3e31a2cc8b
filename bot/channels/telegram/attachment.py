# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What comes with a message: a document or a picture, as the Bot API takes it."""

from __future__ import annotations

from html import escape
from typing import Any

from telegram import InputFile

from bot.channels import Oversized, Rejected
from bot.messages import Edit, Picture, Piece

LARGEST_PICTURE = 10 * 2**20
"""Bytes."""
SIDES = 10_000
"""Pixels of width and height together, at most."""
RATIO = 20
"""How many times longer than the other a side may be."""


def attached(piece: Piece, caption: str, longest: int) -> tuple[str, dict[str, Any]] | None:
    """Return the method that sends what comes with a piece, and its parameters; nothing where the text stands alone.

    `caption` is HTML. A picture has no text for those who do not see it on Telegram: without a caption it gets its
    alternative for one, at most `longest` UTF-16 units of it.

    Raises:
        Rejected: Telegram would refuse the picture; it is not even uploaded.
    """
    if isinstance(piece, Edit):
        return None
    if (picture := piece.picture) is not None:
        _check(picture)
        caption = caption or escape(shortened(picture.alternative, longest), quote=False)
        photo = InputFile(picture.content, picture.name)
        return "sendPhoto", {"caption": caption or None, "photo": photo}
    if (document := piece.document) is not None:
        return "sendDocument", {
            "caption": caption or None,
            "document": InputFile(document.content, document.name),
        }
    return None


def shortened(text: str, units: int) -> str:
    """Return at most so many UTF-16 units of a text, without half a character at the end."""
    return text.encode("utf-16-le", "ignore")[: 2 * units].decode("utf-16-le", "ignore")


def _check(picture: Picture) -> None:
    if len(picture.content) > LARGEST_PICTURE:
        raise Oversized
    shorter, longer = sorted((picture.width, picture.height))
    if shorter + longer > SIDES or longer > RATIO * shorter:
        raise Rejected(f"a picture of {picture.width} × {picture.height} pixels")
