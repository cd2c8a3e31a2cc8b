# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Who is our Matrix channel compared with? The library as it ships, which keeps no queue and checks nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from nio import AsyncClient, AsyncClientConfig, JoinResponse, RoomSendResponse, SyncResponse
from nio.store import SqliteStore

from bot.channels.matrix.content import MESSAGE, text_content
from tests.bench.peers import BARE
from tests.matrix import Synapse

LINE = text_content(BARE)
"""What our channel makes of the same line."""


class Library:
    """An account of its own on matrix-nio."""

    def __init__(self, synapse: Synapse, folder: Path) -> None:
        account = synapse.account("library")
        store = folder / "library"
        store.mkdir()
        self.user_id = account.user_id
        self._client = AsyncClient(
            synapse.url,
            account.user_id,
            account.device_id,
            str(store),
            AsyncClientConfig(store=SqliteStore, encryption_enabled=True, store_sync_tokens=False),
        )
        self._client.restore_login(account.user_id, account.device_id, account.access_token)

    async def enters(self, rooms: Sequence[str], within: float = 120.0) -> None:
        """Join the rooms, and know who is there with which devices."""
        client = self._client
        await client.keys_upload()
        for room in rooms:
            joined = await client.join(room)
            assert isinstance(joined, JoinResponse), joined
        async with asyncio.timeout(within):
            while not set(rooms) <= {room for room, known in client.rooms.items() if known.encrypted}:
                told = await client.sync(timeout=1000, full_state=True)
                assert isinstance(told, SyncResponse), told
        if client.should_query_keys:
            await client.keys_query()

    async def sends(self, room: str, _: str) -> None:
        """One line. The library claims and hands out keys by itself, the first time."""
        sent = await self._client.room_send(room, MESSAGE, LINE, ignore_unverified_devices=True)
        assert isinstance(sent, RoomSendResponse), sent

    async def closes(self) -> None:
        """Let go of connections and keys."""
        await self._client.close()
        self._client.store.database.close()
