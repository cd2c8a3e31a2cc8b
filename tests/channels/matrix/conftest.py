# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Fixtures of the Matrix tests: the bot's account, a gate before its homeserver, its channel, a learner in a room."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.channels.matrix import MatrixChannel
from bot.channels.matrix.account import Account
from tests.channels.matrix.gate import Gate
from tests.channels.matrix.pages import Pages
from tests.channels.matrix_case import account_of, channel_of, meets
from tests.matrix import Account as Owned
from tests.matrix import Learner, Synapse


@pytest.fixture
def owned(synapse: Synapse) -> Owned:
    """The bot's account as its owner knows it, with a device of its own."""
    return synapse.account("bot")


@pytest.fixture
async def account(synapse: Synapse, owned: Owned, tmp_path: Path) -> Account:
    """The bot's account, logged in and not verified: its device is not signed."""
    return await account_of(synapse, tmp_path, owned)


@pytest.fixture
async def gate(synapse: Synapse) -> AsyncIterator[Gate]:
    """A gate before the homeserver."""
    async with Gate(synapse.url) as opened:
        yield opened


@pytest.fixture
async def pages() -> AsyncIterator[Pages]:
    """A homeserver whose answers are written by hand."""
    async with Pages() as written:
        yield written


@pytest.fixture
def gated(account: Account, gate: Gate) -> Account:
    """The bot's account, with the gate for a homeserver."""
    return replace(account, homeserver=gate.url)


@pytest.fixture
async def channel(gated: Account) -> AsyncIterator[MatrixChannel]:
    """An open channel of the account, through the gate."""
    made = channel_of(gated)
    await made.open()
    yield made
    await made.close()


@pytest.fixture
async def ann(synapse: Synapse) -> AsyncIterator[Learner]:
    """A learner whose rooms are encrypted."""
    async with await Learner.arrives(synapse, "ann") as learner:
        yield learner


@pytest.fixture
async def bob(synapse: Synapse) -> AsyncIterator[Learner]:
    """A learner whose rooms are not encrypted."""
    async with await Learner.arrives(synapse, "bob", encrypted=False) as learner:
        yield learner


@pytest.fixture
async def room(ann: Learner, channel: MatrixChannel, account: Account) -> str:
    """Ann's direct room, in which the bot is; it has heard that it is to greet her."""
    return await meets(ann, channel, account)
