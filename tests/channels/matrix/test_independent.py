# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The bot is understood and trusted by a client that shares nothing with its own: that of Element and Tchap Web."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.matrix.account import Account, log_in, verify
from storage.learners import by_address
from storage.store import Store
from tests.channels.matrix_case import KEY, account_of, asked, serving
from tests.matrix import Shown, Synapse, WebLearner, signatures


@pytest.fixture
async def ann(synapse: Synapse) -> AsyncIterator[WebLearner]:
    """Whose client shows every message, with a shield where it warns."""
    async with await WebLearner.arrives(synapse, synapse.account("ann")) as learner:
        yield learner


@pytest.fixture
async def zoe(synapse: Synapse) -> AsyncIterator[WebLearner]:
    """Whose client neither reads devices that their owner did not sign nor writes to them (MSC4153)."""
    async with await WebLearner.arrives(synapse, synapse.account("zoe"), only_signed=True) as learner:
        yield learner


async def is_taught(learner: WebLearner, bot: Account) -> None:
    """From the first word to the last verdict, by a vote and by a typed answer; nothing is hidden or warned of."""
    await learner.opens_room(bot)
    assert "oui" in (await learner.next_message()).text.casefold()
    await learner.says("oui")
    assert "Bienvenue" in (await learner.next_message()).text
    lesson, poll = await asked(learner)
    assert lesson.html.startswith("<h4>")
    assert "<details><summary>" in lesson.html
    assert poll.poll is not None
    await learner.votes(poll, next(iter(poll.poll.answers.values())))
    assert (await learner.next_message()).reply_to is None
    assert "1 et 3" in (await learner.next_message()).text
    await learner.says("1 et 3")
    assert "C’est tout pour aujourd’hui" in (await learner.next_message()).text
    messages = await learner.messages()
    assert len(messages) == 7
    assert_trusted(*messages)


def assert_trusted(*messages: Shown) -> None:
    """They are read, and no shield is on them, be it red or grey."""
    assert [(one.readable, one.shield, one.reason) for one in messages] == [(True, False, "")] * len(messages)


async def test_a_learner_is_taught_without_a_warning(store: Store, account: Account, ann: WebLearner) -> None:
    await verify(account)
    async with serving(store, account):
        await is_taught(ann, account)


async def test_a_learner_who_excludes_unsigned_devices_is_taught_too(
    store: Store, account: Account, zoe: WebLearner
) -> None:
    await verify(account)
    async with serving(store, account):
        await is_taught(zoe, account)


async def test_without_a_signature_a_learner_is_warned(
    store: Store, account: Account, ann: WebLearner
) -> None:
    """What the tests above would show if the device were not signed; and the signature alone mends it."""
    async with serving(store, account):
        await ann.opens_room(account)
        notice = await ann.next_message()
        assert (notice.readable, notice.shield, notice.reason) == (True, True, "UNSIGNED_DEVICE")
    await verify(account)
    await ann.trusts(account)
    async with serving(store, account):
        await ann.says("aide")
        assert_trusted(await ann.next_message())


async def test_without_a_signature_a_learner_who_excludes_such_devices_neither_reads_nor_is_read(
    store: Store, account: Account, zoe: WebLearner
) -> None:
    async with serving(store, account):
        await zoe.opens_room(account)
        hidden = [await zoe.next_message()]
        await zoe.says("oui")
        hidden.append(await zoe.next_message())
        assert [(one.readable, one.reason) for one in hidden] == [(False, "UNSIGNED_SENDER_DEVICE")] * 2
        learner = await store.read(by_address, "matrix", zoe.room)
        assert learner
        assert learner.notice == ""
    await verify(account)
    await zoe.trusts(account)
    async with serving(store, account):
        await zoe.says("oui")
        assert_trusted(await zoe.next_message(), *await asked(zoe))


async def test_an_account_made_by_a_person_is_trusted_once_its_recovery_key_signed_the_bot(
    synapse: Synapse, store: Store, tmp_path: Path, zoe: WebLearner
) -> None:
    owned = synapse.account("bot")
    async with await WebLearner.arrives(synapse, owned) as person:
        recovery_key = await person.makes_recovery_key()
    account = Account(
        synapse.url, owned.user_id, tmp_path / "store", KEY, owned.password, recovery_key=recovery_key
    )
    await log_in(account)
    assert (await verify(account))[0] == "The device is signed with the account's recovery key."
    async with serving(store, account):
        await is_taught(zoe, account)


async def test_the_recovery_key_of_the_bot_serves_a_person_too(synapse: Synapse, tmp_path: Path) -> None:
    owned = synapse.account("bot")
    account = await account_of(synapse, tmp_path, owned)
    (shown_once,) = [said for said in await verify(account) if said.startswith("Recovery key")]
    before = await signatures(synapse, token=owned.access_token, of=owned)
    async with await WebLearner.arrives(synapse, owned, identity=False) as person:
        found = await person.recovers(shown_once.partition(": ")[2])
        assert found == {"masterKey": True, "selfSigningKey": True, "userSigningKey": True}
        after = await signatures(synapse, token=owned.access_token, of=owned)
    assert after.master == before.master
    assert len(after.signed - before.signed) == 1
