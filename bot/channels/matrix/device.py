# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The client library, opened on the account's device and its keys."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from nio import AsyncClient, AsyncClientConfig
from nio.store import SqliteStore
from vodozemac import LibolmPickleException, PickleException

from bot.channels import ChannelFault

if TYPE_CHECKING:
    from pathlib import Path

    from bot.channels.matrix.session import Session, Vault


def client_of(
    url: str, vault: Vault, session: Session, patience: float = 30.0, kind: type[AsyncClient] = AsyncClient
) -> AsyncClient:
    """Make a client with its keys loaded; it retries nothing itself. End it with `close`.

    `patience`: seconds for a request. `kind`: the class that is made.

    Raises:
        ChannelFault: a fatal one: the keys cannot be read.
    """
    _for_the_owner_only(vault.folder / f"{session.user_id}_{session.device_id}.db")
    client = kind(
        url.rstrip("/"),
        session.user_id,
        session.device_id,
        str(vault.folder),
        AsyncClientConfig(
            store=SqliteStore,
            encryption_enabled=True,
            store_sync_tokens=False,
            pickle_key=vault.pickle_key,
            max_limit_exceeded=0,
            max_timeouts=0,
            request_timeout=patience,
        ),
    )
    try:
        client.restore_login(session.user_id, session.device_id, session.access_token)
    except (PickleException, LibolmPickleException, ValueError):
        raise ChannelFault(
            f"the keys in {vault.folder} do not fit together: restore the whole folder from one backup, or move it "
            "aside and run `iaventure matrix login` for a new device",
            fatal=True,
        ) from None
    return client


async def close(client: AsyncClient) -> None:
    """Let go of connections and of the database of keys."""
    try:
        await client.close()
    finally:
        if client.store is not None:
            client.store.database.close()


def _for_the_owner_only(file: Path) -> None:
    """Make the database before the library opens it: SQLite gives its companions the rights of the file."""
    os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600))
    file.chmod(0o600)
