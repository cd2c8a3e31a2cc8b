# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Which pictures does Telegram take, and what does it say of the others?"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image

from tests.telegram.errors import bad

if TYPE_CHECKING:
    from tests.telegram.requests import Upload

LARGEST = 10 * 2**20
SIDES = 10_000
RATIO = 20


def size_of(upload: Upload) -> tuple[int, int]:
    """Width and height of an uploaded picture, in pixels. Raises `Refused` with Telegram's words."""
    if not upload.content:
        raise bad("file must be non-empty")
    if len(upload.content) > LARGEST:
        raise bad(
            f"file of size {len(upload.content)} bytes is too big for a photo; the maximum size is {LARGEST} bytes"
        )
    try:
        with Image.open(io.BytesIO(upload.content)) as picture:
            width, height = picture.size
            picture.verify()
    except (OSError, SyntaxError, ValueError):
        raise bad("IMAGE_PROCESS_FAILED") from None
    if width + height > SIDES or max(width, height) > RATIO * min(width, height):
        raise bad("PHOTO_INVALID_DIMENSIONS")
    return width, height
