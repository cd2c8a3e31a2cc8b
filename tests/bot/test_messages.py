# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What an event says of itself."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.messages import Event


def test_an_author_is_whoever_speaks_in_a_room() -> None:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    assert Event("telegram", "e", "4711", at).author == "telegram:4711"
    assert Event("matrix", "e", "!room:x", at, sender="@ann:x").author == "matrix:@ann:x"
