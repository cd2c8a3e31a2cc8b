# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Pictures as they are sent, of any size."""

from __future__ import annotations

import io

from PIL import Image

from bot.messages import Picture


def png(width: int = 24, height: int = 16) -> bytes:
    """A picture of one colour."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), "#1f5aa6").save(file, "PNG")
    return file.getvalue()


def picture(
    width: int = 24, height: int = 16, alternative: str = "Douze leçons suivies", *, weight: int = 0
) -> Picture:
    """One that can be sent. `weight`: bytes that it has at least."""
    content = png(width, height)
    # What follows the end of a PNG is not read.
    content += b"\0" * (weight - len(content))
    return Picture("progression.png", "image/png", content, width, height, alternative)
