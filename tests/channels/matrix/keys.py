# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The keys that the homeserver holds for the bot's device: how many are left, and somebody who takes them."""

from __future__ import annotations

import itertools
from typing import Any

from bot.channels.matrix.account import Account
from bot.channels.matrix.session import read, session_in
from tests.matrix import Account as Owned
from tests.matrix import Synapse

_timeouts = itertools.count(1)


async def keys_left(synapse: Synapse, account: Account) -> dict[str, Any]:
    """What the homeserver tells the bot of its own keys."""
    session = session_in(read(account.store, account.store_key) or {})
    assert session is not None
    # Another time-out each time: homeservers give the same first answer for some minutes.
    path = f"/_matrix/client/v3/sync?timeout={next(_timeouts)}"
    _, answer = await synapse.call("GET", path, token=session.access_token)
    found: dict[str, Any] = answer
    return found


async def claim(synapse: Synapse, by: Owned, of: str, device: str, most: int = 80) -> list[str]:
    """Somebody takes one-time keys of an account, up to the fallback key; the names of those they got."""
    taken: list[str] = []
    body = {"one_time_keys": {of: {device: "signed_curve25519"}}}
    for _ in range(most):
        _, answer = await synapse.call("POST", "/_matrix/client/v3/keys/claim", body, token=by.access_token)
        keys = answer["one_time_keys"].get(of, {}).get(device, {})
        taken += list(keys)
        if not keys or any("fallback" in key for key in keys.values()):
            break
    return taken
