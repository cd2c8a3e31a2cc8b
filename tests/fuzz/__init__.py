# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Whatever comes from outside, drawn by Hypothesis: 200 examples a target, 10,000 in `make fuzz`."""

from __future__ import annotations

from hypothesis import settings

LEAST = 200
"""Examples of a target, whatever the profile says."""

fuzzed = settings(max_examples=max(LEAST, settings().max_examples))
"""Draws the examples of a target: at least `LEAST`, more where the profile of the run wants more."""
