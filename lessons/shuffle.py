# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The order in which the choices of a question are shown: another one for each prompt."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from lessons.model import Kind

if TYPE_CHECKING:
    from lessons.model import Question


def order_of(question: Question, seed: str) -> list[str]:
    """Return the keys of a question's choices, shuffled by a seed; Vrai and Faux stay where people expect them."""
    keys = [key for key, _ in question.keyed()]
    if question.kind is not Kind.TRUE_FALSE:
        random.Random(seed).shuffle(keys)  # noqa: S311 - an order, no secret
    return keys
