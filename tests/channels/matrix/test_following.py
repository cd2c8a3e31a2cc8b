# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Does a machine that stands by read minutes when it takes over, every message of them, and nothing less than it must?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.channels import Failure
from bot.channels.matrix import MatrixChannel
from bot.channels.matrix.account import Account
from bot.channels.matrix.position import Position
from bot.channels.matrix.session import Vault
from bot.messages import Kind
from bot.service import owning
from storage.database import open_database
from tests.channels.matrix.gate import Gate, only, refusing
from tests.channels.matrix.keys import claim, keys_left
from tests.channels.matrix_case import KEY, account_of, channel_of, kinds, meets, overheard, serving, texts
from tests.matrix import Learner, Synapse


@pytest.fixture
async def accounts(synapse: Synapse, tmp_path: Path) -> tuple[Account, Account]:
    """One account, a device on each of two machines."""
    owned = synapse.account("bot")
    return await account_of(synapse, tmp_path / "one", owned), await account_of(
        synapse, tmp_path / "two", owned
    )


@pytest.fixture
async def owner(accounts: tuple[Account, Account]) -> AsyncIterator[MatrixChannel]:
    made = channel_of(accounts[0])
    await made.open()
    yield made
    await made.close()


@pytest.fixture
def waiting(accounts: tuple[Account, Account]) -> Account:
    return accounts[1]


@pytest.fixture
async def second(waiting: Account) -> AsyncIterator[MatrixChannel]:
    made = channel_of(waiting)
    yield made
    await made.close()


def pages(number: int) -> Callable[[], Awaitable[int]]:
    async def stored() -> int:
        return number

    return stored


async def until(there: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not there():  # noqa: ASYNC110 - what another service does
            await asyncio.sleep(0.05)


def token(account: Account) -> str:
    return Position.load(account.position, account.user_id).token


async def test_the_position_passes_what_the_owner_has_stored_and_nothing_else(
    owner: MatrixChannel, second: MatrixChannel, waiting: Account, ann: Learner
) -> None:
    await meets(ann, owner, waiting)
    begun = token(waiting)
    await ann.says("un")
    await overheard(owner, 1)
    await second.follow(pages(7))
    await ann.says("deux")
    await second.follow(pages(8))
    assert token(waiting) == begun  # one page more may have been asked for before "un"
    await second.follow(pages(9))
    assert token(waiting) != begun
    # "deux" was said after the mark that is saved: nobody knows yet that it was stored.
    await second.open()
    assert texts(await overheard(second, 1)) == ["deux"]


async def test_what_no_owner_stored_is_heard_by_whoever_takes_over(
    second: MatrixChannel, owner: MatrixChannel, waiting: Account, ann: Learner
) -> None:
    await meets(ann, owner, waiting)
    await owner.close()
    said = [f"mot {number}" for number in range(5)]
    for text in said:
        await ann.says(text)
        await second.follow(pages(3))
    await second.open()
    assert texts(await overheard(second, 6)) == ["", *said]


async def test_the_keys_that_came_while_it_stood_by_open_what_comes_after(
    owner: MatrixChannel, second: MatrixChannel, waiting: Account, ann: Learner
) -> None:
    """Room keys are sent once, to each device: here they came to a process that has ended since."""
    await meets(ann, owner, waiting)
    await ann.says("un")
    for number in range(2):
        await second.follow(pages(2 * number))
    await second.close()
    await ann.says("deux")  # with the same room key
    third = channel_of(waiting)
    await third.open()
    heard = await overheard(third, 1)
    await third.close()
    assert texts(heard) == ["deux"]


async def test_keys_for_others_are_made_anew_while_it_stands_by(
    synapse: Synapse, owner: MatrixChannel, second: MatrixChannel, waiting: Account, ann: Learner
) -> None:
    """P2: nobody new could write to a device whose keys were used up before it is in service."""
    await meets(ann, owner, waiting)
    with Vault(waiting.store, KEY) as vault:
        session = vault.session
    assert session is not None
    await claim(synapse, ann.account, waiting.user_id, session.device_id)
    await second.follow(pages(0))
    left = await keys_left(synapse, waiting)
    assert left["device_one_time_keys_count"]["signed_curve25519"] >= 50
    assert left["device_unused_fallback_key_types"] == ["signed_curve25519"]


async def test_an_invitation_that_the_owner_did_not_get_to_is_accepted_by_who_takes_over(
    owner: MatrixChannel, second: MatrixChannel, waiting: Account, ann: Learner
) -> None:
    await meets(ann, owner, waiting)
    await owner.close()
    room = await ann.invites(waiting.user_id)
    for number in range(2):
        await second.follow(pages(2 * number))
    assert Position.load(waiting.position, waiting.user_id).invited == (room,)
    await second.open()
    assert (room, Kind.GREETING) in {(event.address, event.kind) for event in await overheard(second, 1)}


async def test_an_invitation_that_the_owner_accepted_is_forgotten(
    owner: MatrixChannel, second: MatrixChannel, waiting: Account, ann: Learner
) -> None:
    await ann.invites(waiting.user_id)
    await second.follow(pages(0))
    assert kinds(await overheard(owner, 1)) == [Kind.GREETING]
    for number in range(1, 3):
        await second.follow(pages(2 * number))
    assert Position.load(waiting.position, waiting.user_id).invited == ()


async def test_an_older_position_does_not_come_back_after_a_time_in_service(
    owner: MatrixChannel, second: MatrixChannel, waiting: Account, ann: Learner
) -> None:
    await meets(ann, owner, waiting)
    await second.follow(pages(0))
    await second.open()
    await overheard(second, 1)
    await second.close()
    left_at = token(waiting)
    await second.follow(pages(9))
    assert token(waiting) == left_at


async def test_after_a_failure_the_store_is_let_go_of(waiting: Account, synapse: Synapse) -> None:
    async with Gate(synapse.url) as gate:
        second = channel_of(replace(waiting, homeserver=gate.url))
        gate.rule = only("/sync", refusing(502), times=1)
        with pytest.raises(Failure):
            await second.follow(pages(0))
        with Vault(waiting.store, KEY):
            pass
        await second.follow(pages(0))
        await second.close()


async def test_a_machine_that_stands_by_keeps_up_and_takes_over_without_repeating(
    postgres_url: str,
    accounts: tuple[Account, Account],
    waiting: Account,
    ann: Learner,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(owning, "FIRST_FOLLOW", 0.5)
    monkeypatch.setattr(owning, "FOLLOW", 0.3)
    with open_database(postgres_url) as one, open_database(postgres_url) as two:
        async with serving(one, accounts[0]) as first:
            await ann.opens_room(waiting.user_id)
            await ann.next_message()
            async with serving(two, waiting) as second:
                await until(lambda: "matrix" in second.pulse.standby)
                begun = token(waiting)
                async with asyncio.timeout(60):
                    while token(waiting) == begun:
                        await ann.says("aide")
                        await ann.next_message()
                assert "matrix" in second.pulse.standby
                await ann.says("aide")
                await ann.next_message()
                await ann.sees_nothing_new(1)
                await first.channels["matrix"].close()
                await until(lambda: "matrix" in second.pulse.owned)
                await ann.says("aide")
                await ann.next_message()
                await ann.sees_nothing_new(1)
                failures = [
                    record for record in caplog.records if record.__dict__.get("action") == "follow-owner"
                ]
                assert failures == []
