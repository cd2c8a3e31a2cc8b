# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The bot's account logs in once, on one device, and loses neither with its store."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.channels import ChannelFault
from bot.channels.matrix.account import Account, log_in, logged_in, problems_of, verify
from bot.channels.matrix.session import Vault
from tests.channels.matrix.stores import everything_in, rights
from tests.matrix import Account as Person
from tests.matrix import Synapse, signatures

KEY = "correct horse battery staple"


def account_of(synapse: Synapse, person: Person, store: Path) -> Account:
    return Account(synapse.url, person.user_id, store, KEY, password=person.password)


def names_in(folder: Path, pattern: str) -> list[str]:
    return [file.name for file in folder.glob(pattern)]


async def test_logging_in_makes_one_device_with_keys_and_is_done_once(
    synapse: Synapse, tmp_path: Path
) -> None:
    person = synapse.account("bot")
    account = account_of(synapse, person, tmp_path / "store")
    said = await log_in(account)
    assert "logged in on device" in said[0]
    found = await signatures(synapse, token=person.access_token, of=person)
    assert len(found.devices) == 1
    assert "nothing to do" in (await log_in(account))[0]
    assert await signatures(synapse, token=person.access_token, of=person) == found
    assert {rights(file) for file in account.store.iterdir()} == {0o600}
    kept = everything_in(account.store)
    with Vault(account.store, KEY) as vault:
        assert logged_in(account, vault).device_id in found.devices
        assert logged_in(account, vault).access_token.encode() not in kept


async def test_a_token_logs_in_its_own_device(synapse: Synapse, tmp_path: Path) -> None:
    person = synapse.account("bot")
    account = Account(
        synapse.url,
        person.user_id,
        tmp_path,
        KEY,
        access_token=person.access_token,
        device_id=person.device_id,
    )
    await log_in(account)
    found = await signatures(synapse, token=person.access_token, of=person)
    assert found.devices == {person.device_id}
    with pytest.raises(ChannelFault, match="used by another application"):
        await log_in(replace(account, store=tmp_path / "other"))


async def test_a_login_that_cannot_be_is_told_in_one_sentence(synapse: Synapse, tmp_path: Path) -> None:
    person, other = synapse.account("bot"), synapse.account("other")
    account = account_of(synapse, person, tmp_path)
    token = replace(account, password=None, access_token=person.access_token)
    for wrong, said in (
        (replace(account, password="wrong"), "refuses this password"),
        (replace(account, password=None), "password, or access_token"),
        (replace(token, access_token="syt_nothing"), "does not know"),
        (replace(token, access_token=other.access_token), "is not of"),
        (replace(token, device_id="ELSEWHERE"), "not of ELSEWHERE"),
        (replace(account, homeserver="http://127.0.0.1:9"), "cannot be reached"),
    ):
        with pytest.raises(ChannelFault, match=said) as caught:
            await log_in(wrong)
        assert "\n" not in str(caught.value)
        assert "syt_" not in str(caught.value)
    assert names_in(tmp_path, "secrets*") == []


async def test_a_store_is_of_one_account(synapse: Synapse, tmp_path: Path) -> None:
    await log_in(account_of(synapse, synapse.account("bot"), tmp_path))
    other = account_of(synapse, synapse.account("bot"), tmp_path)
    for action in (log_in, verify, problems_of):
        with pytest.raises(ChannelFault, match="give each account its own store"):
            await action(other)


async def test_nothing_is_done_without_a_session(synapse: Synapse, tmp_path: Path) -> None:
    account = account_of(synapse, synapse.account("bot"), tmp_path)
    for action in (verify, problems_of):
        with pytest.raises(ChannelFault, match="run `iaventure matrix login`"):
            await action(account)


async def test_a_revoked_token_is_told_and_a_new_login_keeps_the_identity(
    synapse: Synapse, tmp_path: Path
) -> None:
    person, onlooker = synapse.account("bot"), synapse.account("ann")
    account = account_of(synapse, person, tmp_path)
    await log_in(account)
    await verify(account)
    before = await signatures(synapse, token=onlooker.access_token, of=person)

    await synapse.revokes(person)
    for action in (verify, problems_of):
        with pytest.raises(ChannelFault, match="no longer accepts") as caught:
            await action(account)
        assert caught.value.fatal
    said = await log_in(account)
    assert any("takes the place" in sentence for sentence in said)
    await verify(account)
    after = await signatures(synapse, token=onlooker.access_token, of=person)
    assert after.master == before.master
    assert after.signed == after.devices != before.devices
    assert await problems_of(account) == []
    assert len(names_in(tmp_path, "*.db")) == 1


async def test_a_moved_store_is_the_same_device(synapse: Synapse, tmp_path: Path) -> None:
    person = synapse.account("bot")
    account = account_of(synapse, person, tmp_path / "here")
    await log_in(account)
    await verify(account)
    before = await signatures(synapse, token=person.access_token, of=person)
    account.store.rename(tmp_path / "there")
    moved = replace(account, store=tmp_path / "there", password=None)
    assert "already signed" in (await verify(moved))[0]
    assert await problems_of(moved) == []
    assert await signatures(synapse, token=person.access_token, of=person) == before


async def test_a_store_put_together_from_two_backups_is_refused(synapse: Synapse, tmp_path: Path) -> None:
    person = synapse.account("bot")
    account = account_of(synapse, person, tmp_path / "store")
    await log_in(account)
    with Vault(tmp_path / "other", KEY) as other, Vault(account.store, KEY) as vault:
        other.keep_session(logged_in(account, vault))
    (tmp_path / "other" / "secrets").replace(account.store / "secrets")
    with pytest.raises(ChannelFault, match="do not fit together"):
        await verify(account)
