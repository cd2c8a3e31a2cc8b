# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The library's client on the session in the store, and its end."""

from __future__ import annotations

from bot import logs
from bot.channels import ChannelFault
from bot.channels.matrix.account import Account, logged_in
from bot.channels.matrix.client import Client
from bot.channels.matrix.device import client_of, close
from bot.channels.matrix.failures import checked
from bot.channels.matrix.session import Vault


def opened_client(account: Account, vault: Vault, patience: float) -> Client:
    """Return a client of the account's device; nothing is asked of the homeserver yet.

    `patience`: seconds that the homeserver may be silent.

    Raises:
        ChannelFault: nobody is logged in.
    """
    session = logged_in(account, vault)
    logs.hide(session.access_token)
    client: Client = client_of(account.homeserver, vault, session, patience, Client)
    client.retire_keys()
    return client


async def check(account: Account, client: Client) -> None:
    """Check that the token is still this device's: another device's messages could not be read.

    Raises:
        ChannelFault: it is not.
        ChannelError: the homeserver refuses or is silent.
    """
    owner = await checked(client.whoami())
    if (owner.user_id, owner.device_id) != (account.user_id, client.device_id):
        raise ChannelFault(
            "the token belongs to another account or device: run `iaventure matrix login`", fatal=True
        )


async def let_go(client: Client, vault: Vault) -> None:
    """Close the connections and the keys."""
    try:
        await close(client)
    finally:
        vault.close()
