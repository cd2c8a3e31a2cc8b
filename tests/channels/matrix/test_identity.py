# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A course on Matrix belongs to an account, wherever its person writes, whoever else comes into their rooms."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot.channels.matrix.account import Account
from storage import accounts, learners
from storage.store import Store
from storage.tables import address
from storage.types import Tx
from tests.channels.matrix_case import account_of, asked, serving
from tests.matrix import Learner, Shown, Synapse
from tests.matrix.reader import PATIENCE

# Which row an account has is asked of both databases in `tests/bot/talk/test_rooms.py`.
pytestmark = pytest.mark.parametrize("database_url", ["postgres_url"], ids=["postgresql"], indirect=True)


async def enrols(learner: Learner, account: Account) -> str:
    """A learner in a direct room, with the first question open; the room's id."""
    room = await learner.opens_room(account)
    assert "Ce que je garde" in (await learner.next_message()).text
    await learner.says("c’est parti !")
    assert "Bienvenue" in (await learner.next_message()).text
    await asked(learner)
    return room


async def hears(learner: Learner, room: str, what: str) -> Shown:
    """The next message, which is in that room."""
    shown = await learner.next_message()
    assert shown.room == room, shown
    assert what in shown.text, shown.text
    return shown


async def is_left(learner: Learner, room: str, account: Account) -> None:
    """Waits until the bot is out of the room."""
    path = f"rooms/{room}/state/m.room.member/{account.user_id}"
    async with asyncio.timeout(PATIENCE):
        while (await learner.asks("GET", path))["membership"] != "leave":  # noqa: ASYNC110 - of the homeserver
            await asyncio.sleep(0.05)


async def test_an_invitation_moves_no_course_and_a_group_is_told_and_left(
    store: Store, account: Account, synapse: Synapse, ann: Learner, bob: Learner
) -> None:
    """Ann invites the bot into a team room, and a colleague after it; Bob, who is a stranger, does the same."""
    async with serving(store, account):
        home = await enrols(ann, account)
        team = await ann.invites(account, direct=False)
        await hears(ann, team, "écrivez-moi un mot")
        await ann.asks_in(bob, room=team)
        await hears(ann, team, "conversation privée")
        await is_left(ann, team, account)
        await sees_progress(ann, home)

        group = await bob.invites(account, direct=False)
        await hears(bob, group, "Ce que je garde")
        await bob.asks_in(ann, room=group)
        await hears(bob, group, "conversation privée")
        await is_left(bob, group, account)
        await ann.sees_nothing_new()
        await bob.sees_nothing_new()


async def says_in(learner: Learner, room: str, text: str) -> Shown:
    await learner.says(text, room=room)
    return await hears(learner, room, "")


async def sees_progress(learner: Learner, room: str) -> None:
    """Asks for it, and gets the text, then the picture."""
    assert "Leçons suivies" in (await says_in(learner, room, "progression")).text
    assert (await hears(learner, room, "")).file is not None


async def test_a_course_whose_room_ended_is_found_again_by_a_word_in_a_new_one(
    store: Store, account: Account, ann: Learner, bob: Learner
) -> None:
    """Ann leaves her room; in Bob's, a third person is merely invited; a team room took Bob's course by a word before."""
    async with serving(store, account):
        home, bobs = await enrols(ann, account), await enrols(bob, account)
        await ann.leaves(home)

        team = await bob.invites(account, direct=False)
        await hears(bob, team, "écrivez-moi un mot")
        await sees_progress(bob, team)
        await bob.asks_in(ann, room=team)
        await hears(bob, team, "conversation privée")
        await sees_progress(bob, bobs)
        await bob.asks_in(ann, room=bobs)
        await hears(bob, bobs, "conversation privée")
        await is_left(bob, bobs, account)

        for learner, word in ((ann, "Bonjour !"), (bob, "lecon")):
            new = await learner.invites(account)
            await hears(learner, new, "écrivez-moi un mot")
            assert "Ce que je garde" not in (await says_in(learner, new, word)).text
            found = await store.read(learners.by_address, "matrix", new)
            assert found is not None
            assert (found.state, found.account) == ("active", learner.user_id)
            assert (await store.read(accounts.rows_of_person, found))[0] == found


async def test_accounts_that_an_earlier_version_did_not_keep_are_filled_in(
    store: Store, account: Account, synapse: Synapse, tmp_path: Path, ann: Learner, bob: Learner
) -> None:
    """With them, courses even go on with another account of the bot, which is in no room."""

    def forget(tx: Tx) -> None:
        tx.execute(update(address).values(account=None))

    async with serving(store, account):
        rooms = [await enrols(learner, account) for learner in (ann, bob)]
        await ann.leaves(rooms[0])
        while True:
            left = await store.read(learners.by_address, "matrix", rooms[0])
            if left is not None and left.pause_reason == "gone":
                break
            await asyncio.sleep(0.05)
    await store.write(forget)
    async with serving(store, account):
        new = await ann.invites(account)
        await hears(ann, new, "écrivez-moi un mot")
        await sees_progress(ann, new)
    found = await store.read(learners.by_address, "matrix", rooms[1])
    assert found is not None
    assert found.account == bob.user_id
    other = await account_of(synapse, tmp_path / "other")
    async with serving(store, other):
        new = await bob.invites(other)
        await hears(bob, new, "écrivez-moi un mot")
        await sees_progress(bob, new)


async def test_names_threads_and_corrections_are_read_as_people_mean_them(
    store: Store, account: Account, ann: Learner, bob: Learner
) -> None:
    def in_thread(root: str, body: str) -> dict[str, Any]:
        fallback = {"is_falling_back": True, "m.in_reply_to": {"event_id": root}}
        return {
            "msgtype": "m.text",
            "body": body,
            "m.relates_to": {"rel_type": "m.thread", "event_id": root, **fallback},
        }

    async def is_in_thread(learner: Learner, shown: Shown, root: str) -> None:
        (wire,) = [one for one in await learner.wire() if one.id == shown.id]
        related = wire.content.get("m.relates_to", {})
        assert (related.get("rel_type"), related.get("event_id", "")) == ((root and "m.thread") or None, root)

    async def enters(learner: Learner) -> Shown:
        await learner.opens_room(account)
        notice = await learner.next_message()
        await learner.says("Bonjour !")
        assert "oui ou non" in (await learner.next_message()).text
        return notice

    async def types(learner: Learner) -> None:
        await enters(learner)
        await learner.says("C’est parti !")
        await learner.next_message()
        text, _ = await asked(learner)
        name = account.user_id[1:].partition(":")[0]
        typo = await learner.says("progretion")
        await learner.next_message()
        await learner.edits(typo, f"@{name} progression")
        assert "Leçons suivies" in (await learner.next_message()).text
        assert (await learner.next_message()).file is not None
        await learner.edits(typo, "progression.")
        pill = f"[{name}](https://matrix.to/#/{account.user_id}): progression"
        mentions = {"m.mentions": {"user_ids": [account.user_id]}}
        await learner.sends("m.room.message", {"msgtype": "m.text", "body": pill, **mentions})
        assert "Leçons suivies" in (await learner.next_message()).text
        assert (await learner.next_message()).file is not None
        # In a thread under the question: what is wrong, then the answer; the verdict and the next question stand there.
        for said, answers in (("charabia", 1), (f"{name}: 1", 2)):
            await learner.sends("m.room.message", in_thread(text.id, said))
            for _ in range(answers):
                await is_in_thread(learner, await learner.next_message(), text.id)
        await learner.says("aide")
        await is_in_thread(learner, await learner.next_message(), "")
        await learner.sees_nothing_new()

    async def votes(learner: Learner) -> None:
        notice = await enters(learner)
        await learner.sends("m.room.message", in_thread(notice.id, "je commence"))
        await learner.next_message()
        text, poll = await asked(learner)
        assert poll.poll is not None
        await learner.votes(poll, next(iter(poll.poll.answers.values())))
        for shown in (text, poll, await learner.next_message(), await learner.next_message()):
            await is_in_thread(learner, shown, notice.id)

    async with serving(store, account), asyncio.TaskGroup() as both:
        for tells, learner in ((types, ann), (votes, bob)):
            both.create_task(tells(learner))
