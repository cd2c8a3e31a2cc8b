# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Whose drawings may start in a step of the outbound loop."""

from __future__ import annotations

import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Turns:
    """By default each may start."""

    places: int = sys.maxsize
    """For messages with a drawing."""
    waiting: frozenset[int] = frozenset()
    """Addresses whose drawing waits for a place: they are not claimed."""
    as_text: frozenset[int] = frozenset()
    """Addresses whose drawing has waited long enough: what it shows is said."""


ALL = Turns()
