# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""An admin is obeyed from devices that they signed, under the identity of their first word; nobody else is in their name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import audit, pins, tables
from storage.store import Store
from storage.types import Tx
from tests.channels.matrix_case import account_of, serving
from tests.journeys import teaching
from tests.lessons.builders import as_yaml
from tests.matrix import Learner, Owner, Synapse, WebLearner

RESPONSE = "org.matrix.msc3381.poll.response"
STATS = "trop peu de personnes"
"""What only an admin reads."""


def begun(tx: Tx) -> int:
    return len(tx.execute(tables.broadcast.select()).all())


def open_menu(tx: Tx) -> str:
    found = tx.execute(tables.prompt.select().where(tables.prompt.c.topic == "announce")).all()
    return str(found[-1].id)


def audited(tx: Tx) -> list[tuple[str, str, str]]:
    return [(one.who, one.action, one.subject) for one in audit.entries(tx) if one.action != "push"]


async def says(admin: Learner | WebLearner, text: str) -> str:
    """What the bot answers."""
    await admin.says(text)
    return (await admin.next_message()).text


@pytest.fixture
async def zoe(synapse: Synapse) -> AsyncIterator[WebLearner]:
    """Whose client is that of Element and Tchap Web, and signs its own device."""
    async with await WebLearner.arrives(synapse, synapse.account("zoe")) as learner:
        yield learner


async def test_an_admin_is_obeyed_in_their_own_name_only(
    synapse: Synapse, store: Store, tmp_path: Path, ann: Learner, bob: Learner, zoe: WebLearner
) -> None:
    owned = synapse.account("bot")
    one, two = (
        await account_of(synapse, tmp_path / "1", owned),
        await account_of(synapse, tmp_path / "2", owned),
    )
    admins = [f"matrix:{person.user_id}" for person in (ann, bob, zoe)]
    async with serving(store, one, *admins):
        home = await ann.opens_room(one)
        await ann.next_message()
        assert "n’est pas vérifié" in await says(ann, "stats")
        await ann.sends_file("04-quatre.yaml", as_yaml(teaching.lesson("quatre")))
        assert "n’est pas vérifié" in (await ann.next_message()).text
        assert "Bienvenue" in await says(ann, "oui")  # to learn she needs no signature
        await ann.sees(lambda shown: shown.poll is not None)

        # Bob is an admin whose room is not encrypted.
        await bob.opens_room(one)
        await bob.next_message()
        for text in ("stats", "annonce Bonjour"):
            assert "conversation chiffrée" in await says(bob, text)
        await bob.sends_file("04-quatre.yaml", as_yaml(teaching.lesson("quatre")))
        assert "conversation chiffrée" in (await bob.next_message()).text
        assert await store.read(pins.of, admins[0]) is None

        # Zoé's word tells the others that she is known from now on; her client signed its device long ago.
        await zoe.opens_room(one)
        await zoe.next_message()
        assert STATS in await says(zoe, "stats")
        assert zoe.user_id in (await bob.next_message()).text
        await ann.sees(zoe.user_id)
        owner = await Owner.of(synapse, ann.account)
        await owner.signs(ann.device_id)
        await ann.says("stats")
        await ann.sees(STATS)
        assert await store.read(pins.of, admins[0]) == owner.identity
        assert (admins[0], "pin-identity", owner.identity) in await store.read(audited)

        # Her announcement waits for her word: whoever runs the homeserver cannot give it.
        await ann.says("annonce Les inscriptions sont ouvertes.")
        await ann.sees("Les inscriptions sont ouvertes.")
        menu = await store.read(open_menu)
        for text in ("envoyer", "oui", "1"):
            await ann.forges("m.room.message", {"msgtype": "m.text", "body": text})
        await ann.forges(RESPONSE, {RESPONSE: {"answers": [f"{menu}:send"]}})
        await ann.forges("m.poll.response", {"m.selections": [f"{menu}:send"]})
        await ann.sees("en clair")
        plain = await ann.invites(one.user_id, encrypted=False)
        await ann.met(one.user_id)
        await ann.forges(RESPONSE, {RESPONSE: {"answers": [f"{menu}:send"]}}, room=plain)
        await ann.sees("Écrivez-moi depuis une conversation chiffrée")
        ann.room = home
        async with await ann.again() as thief:
            await thief.met(one.user_id)
            await thief.says("stats")
            await thief.sees("n’est pas vérifié")
        assert await store.read(begun) == 0
        await ann.leaves(plain)

    # Another machine, with a device of its own, knows the same identity and no other.
    async with serving(store, two, *admins):
        room = await ann.opens_room(two)
        await zoe.says("annonce Bonjour à tous.")
        await zoe.sees("Bonjour à tous.")
        changed = await Owner.of(synapse, ann.account)
        await changed.signs(ann.device_id)
        await ann.says("stats", room=room)
        refused = await ann.sees("staff trust")
        assert admins[0] in refused.text
        assert await store.read(pins.of, admins[0]) == owner.identity
        await store.write(pins.forget, admins[0])  # what `iaventure staff trust` does
        await ann.says("stats", room=room)
        await ann.sees(lambda shown: STATS in shown.text and shown.at > refused.at)
        assert await store.read(pins.of, admins[0]) == changed.identity
        assert await store.read(begun) == 0
