# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A card to draw."""

from __future__ import annotations

from bot.messages import Art, Drawing

CARD = Drawing(
    Art.CARD,
    {"title": "Votre progression"},
    "Votre progression :\n12 leçons sur 53.",
    "progression.png",
)
