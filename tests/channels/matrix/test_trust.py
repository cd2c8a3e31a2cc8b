# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The bot's device is signed by its account, whoever made the account: everybody sees that it is the account's own."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web

from bot.channels import ChannelFault
from bot.channels.matrix import recovery
from bot.channels.matrix.account import Account, log_in, problems_of, verify
from bot.channels.matrix.session import Vault
from bot.channels.matrix.signing import SigningKey
from tests.channels.matrix.gate import Gate, only, refusing
from tests.channels.matrix.keys import claim
from tests.matrix import Account as Person
from tests.matrix import Identity, Learner, Synapse, makes_identity, signatures

KEY = "correct horse battery staple"
OTHER_KEY = recovery.written(bytes(range(32)))


class Bot:
    """An account on the homeserver, its store, and what an onlooker is told of it."""

    def __init__(self, synapse: Synapse, store: Path) -> None:
        self.synapse = synapse
        self.person: Person = synapse.account("bot")
        self.onlooker = synapse.account("ann")
        self.account = Account(synapse.url, self.person.user_id, store, KEY, password=self.person.password)

    async def seen(self) -> Identity:
        return await signatures(self.synapse, token=self.onlooker.access_token, of=self.person)

    @property
    def device_id(self) -> str:
        with Vault(self.account.store, KEY) as vault:
            assert vault.session is not None
            return vault.session.device_id


@pytest.fixture
async def bot(synapse: Synapse, tmp_path: Path) -> Bot:
    """Logged in and not verified."""
    made = Bot(synapse, tmp_path / "store")
    await log_in(made.account)
    return made


def key_in(said: object) -> str:
    """The recovery key among the sentences of `verify`."""
    assert isinstance(said, list)
    (line,) = [sentence for sentence in said if sentence.startswith("Recovery key")]
    return str(line.partition(": ")[2])


async def test_an_account_without_signing_keys_gets_its_own(bot: Bot) -> None:
    assert [*await problems_of(bot.account)] == [
        "the account has no signing keys: run `iaventure matrix verify`, which makes them"
    ]
    assert (await verify(bot.account))[0].startswith("The account had no signing keys")
    seen = await bot.seen()
    assert None not in (seen.master, seen.self_signing)
    assert seen.signed == {bot.device_id}
    assert await problems_of(bot.account) == []


async def test_verifying_again_changes_nothing(bot: Bot) -> None:
    first = await verify(bot.account)
    seen = await bot.seen()
    for _ in range(2):
        again = await verify(bot.account)
        assert again[0] == "The device was already signed."
        assert not any(sentence.startswith("Recovery key") for sentence in again)
    assert await bot.seen() == seen
    assert key_in(first)


async def test_a_crash_between_publishing_and_signing_is_made_good(bot: Bot, gate: Gate) -> None:
    gate.rule = only("/keys/signatures/upload", refusing(502))
    with pytest.raises(ChannelFault):
        await verify(replace(bot.account, homeserver=gate.url))
    seen = await bot.seen()
    assert seen.master
    assert seen.signed == frozenset()
    assert "not signed" in (await problems_of(bot.account))[0]
    assert "which are in the store" in (await verify(bot.account))[0]
    assert (await bot.seen()).master == seen.master
    assert (await bot.seen()).signed == {bot.device_id}


async def test_a_crash_before_publishing_uses_the_same_keys(bot: Bot, gate: Gate) -> None:
    gate.rule = only("/keys/device_signing/upload", refusing(502))
    with pytest.raises(ChannelFault):
        await verify(replace(bot.account, homeserver=gate.url))
    with Vault(bot.account.store, KEY) as vault:
        seeds = vault.seeds
    assert seeds is not None
    await verify(bot.account)
    assert (await bot.seen()).master == SigningKey(seeds.master).public


async def test_an_account_made_by_a_person_is_signed_with_its_recovery_key(
    synapse: Synapse, tmp_path: Path
) -> None:
    bot = Bot(synapse, tmp_path)
    recovery_key = await makes_identity(synapse, bot.person)
    made_by_person = await bot.seen()
    await log_in(bot.account)
    with pytest.raises(ChannelFault, match=r"recovery_key.*code de récupération"):
        await verify(bot.account)
    said = await verify(replace(bot.account, recovery_key=recovery_key))
    assert said[0] == "The device is signed with the account's recovery key."
    assert not any(sentence.startswith("Recovery key") for sentence in said)
    seen = await bot.seen()
    assert seen.signed == {bot.device_id}
    assert (seen.master, seen.self_signing) == (made_by_person.master, made_by_person.self_signing)
    with Vault(bot.account.store, KEY) as vault:
        assert vault.seeds is None
    assert (await verify(bot.account))[0] == "The device was already signed."


WRONG_KEYS = [
    (OTHER_KEY, "is not this account's"),
    (OTHER_KEY[:-5], "is not complete"),
    (OTHER_KEY.swapcase(), "is not (complete|a recovery key)"),
    ("0OIl", "a letter that none has"),
    ("1" * 5000, "is not complete"),
    ("é", "a letter that none has"),
]


async def test_a_wrong_recovery_key_is_told_in_one_sentence_and_signs_nothing(
    synapse: Synapse, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    bot = Bot(synapse, tmp_path)
    await makes_identity(synapse, bot.person)
    await log_in(bot.account)
    before = await bot.seen()
    for wrong, said in WRONG_KEYS:
        with subtests.test(wrong=wrong[:60]):
            with pytest.raises(ChannelFault, match=said) as caught:
                await verify(replace(bot.account, recovery_key=wrong))
            assert caught.value.fatal
            assert "\n" not in str(caught.value)
            assert wrong not in str(caught.value)
            assert await bot.seen() == before


async def test_a_recovery_key_for_an_account_without_keys_makes_none(bot: Bot) -> None:
    with pytest.raises(ChannelFault, match="no signing keys yet"):
        await verify(replace(bot.account, recovery_key=OTHER_KEY))
    assert (await bot.seen()).master is None


async def test_a_secret_storage_without_signing_keys_is_told(bot: Bot, synapse: Synapse) -> None:
    """The identity was reset in another client, which made no storage, or another one."""
    recovery_key = await makes_identity(synapse, bot.person)
    for kind, said in (
        ("m.cross_signing.self_signing", "does not hold its signing keys"),
        ("m.secret_storage.default_key", "has no Secret Storage"),
    ):
        path = f"/_matrix/client/v3/user/{bot.person.user_id}/account_data/{kind}"
        await synapse.call("PUT", path, {}, token=bot.person.access_token)
        with pytest.raises(ChannelFault, match=said):
            await verify(replace(bot.account, recovery_key=recovery_key))


async def test_a_lost_store_is_a_new_device_of_the_same_identity(bot: Bot, tmp_path: Path) -> None:
    recovery_key = key_in(await verify(bot.account))
    before = await bot.seen()
    lost = bot.device_id
    bot.account = replace(bot.account, store=tmp_path / "new", recovery_key=recovery_key)
    await log_in(bot.account)
    assert (await verify(bot.account))[0] == "The device is signed with the account's recovery key."
    after = await bot.seen()
    assert (after.master, after.self_signing) == (before.master, before.self_signing)
    assert after.signed == {lost, bot.device_id}


async def test_a_lost_store_without_recovery_key_resets_nothing(bot: Bot, tmp_path: Path) -> None:
    await verify(bot.account)
    before = await bot.seen()
    bot.account = replace(bot.account, store=tmp_path / "new")
    await log_in(bot.account)
    with pytest.raises(ChannelFault, match=r"signing keys that are not in the store.*recovery_key"):
        await verify(bot.account)
    assert (await bot.seen()).master == before.master


async def test_the_recovery_key_we_make_opens_for_other_clients_too(bot: Bot, synapse: Synapse) -> None:
    recovery_key = key_in(await verify(bot.account))
    assert len(recovery.read(recovery_key)) == 32
    assert recovery.written(recovery.read(recovery_key)) == recovery_key
    stored = {}
    for kind in ("master", "self_signing", "user_signing"):
        path = f"/_matrix/client/v3/user/{bot.person.user_id}/account_data/m.cross_signing.{kind}"
        _, stored[kind] = await synapse.call("GET", path, token=bot.person.access_token)
    assert all(set(secret) == {"encrypted"} for secret in stored.values())
    assert len({json.dumps(secret) for secret in stored.values()}) == 3


async def test_a_learner_who_excludes_unsigned_devices_is_served_once_the_device_is_signed(
    bot: Bot, synapse: Synapse
) -> None:
    """The rule of MSC4153, on the bot's own device: shunned before, welcome after, no warning then."""
    async with await Learner.arrives(synapse, "ann", only_signed=True) as ann:
        assert bot.device_id not in (await ann.trust(bot.person)).signed
        await verify(bot.account)
        assert bot.device_id in (await ann.trust(bot.person)).signed


async def test_a_homeserver_cannot_have_a_device_of_its_own_signed(bot: Bot, gate: Gate) -> None:
    device_id = bot.device_id

    async def swap(request: web.Request) -> web.Response:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        status, told = await bot.synapse.call("POST", request.path, await request.json(), token=token)
        told["device_keys"][bot.person.user_id][device_id]["keys"][f"curve25519:{device_id}"] = "A" * 43
        return web.json_response(told, status=status)

    gate.rule = only("/keys/query", swap)
    with pytest.raises(ChannelFault, match="does not show this device with its own keys"):
        await verify(replace(bot.account, homeserver=gate.url))
    assert (await bot.seen()).signed == frozenset()


async def test_keys_that_run_out_are_told(bot: Bot, synapse: Synapse) -> None:
    await verify(bot.account)
    await claim(synapse, bot.onlooker, bot.person.user_id, bot.device_id, most=50)
    assert "used up" in (await problems_of(bot.account))[0]
