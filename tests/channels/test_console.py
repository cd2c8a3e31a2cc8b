# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Lines as terminals and pipes give them."""

from __future__ import annotations

import io

from bot.channels.console import ConsoleChannel


async def test_a_mark_at_the_beginning_of_what_is_piped_is_no_letter() -> None:
    for piped in ("start\noui\n", "\ufeffstart\noui\n", "\ufeffstart\r\noui\r\n"):
        channel = ConsoleChannel(io.BytesIO(piped.encode()), io.StringIO())
        assert [event.text async for page in channel.listen() for event in page] == ["start", "oui"]
