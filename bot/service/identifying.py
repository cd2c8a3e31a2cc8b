# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The accounts behind addresses that were stored without: an earlier version did not keep them."""

from __future__ import annotations

from bot.channels import Channel, Identifying
from bot.service.owning import as_owner
from storage import accounts
from storage.store import Store

BATCH = 500
"""Addresses in one transaction."""


async def fill_in(store: Store, channel: Channel) -> None:
    """Note who is reached at each address of an open channel, where it knows.

    Raises:
        DatabaseError: the database does not answer, or another process runs the account.
    """
    if not isinstance(channel, Identifying):
        return
    known, after = channel.accounts(), 0
    while rows := await store.read(accounts.unknown, channel.name, after, BATCH):
        after = rows[-1][0]
        found = [(where, known[where]) for _, where in rows if where in known]
        if found:
            await store.write(as_owner, channel.account, accounts.fill_in, channel.name, found)
