# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A learner on Matrix gets what a learner gets, from the first word to the verdict."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest

from bot.channels.matrix.account import Account
from storage.store import Store
from tests.channels.matrix_case import asked, serving
from tests.journeys import teaching
from tests.lessons.builders import as_yaml
from tests.matrix import Learner, Synapse


@pytest.fixture(params=[True, False], ids=["encrypted", "plain"])
async def ann(synapse: Synapse, request: pytest.FixtureRequest) -> AsyncIterator[Learner]:
    async with await Learner.arrives(synapse, "ann", encrypted=request.param) as learner:
        yield learner


async def test_the_first_lesson_is_two_words_away(store: Store, account: Account, ann: Learner) -> None:
    async with serving(store, account):
        await ann.opens_room(account.user_id)
        notice = await ann.next_message()
        assert "oui" in notice.text.casefold()
        assert notice.poll is None
        await ann.says("oui")
        welcome = await ann.next_message()
        assert notice.text not in welcome.text
        lesson, poll = await asked(ann)
        assert "<b>" in lesson.html
        assert poll.poll is not None
        assert all(
            label.startswith(f"{place}. ") for place, label in enumerate(poll.poll.answers.values(), 1)
        )
        await ann.votes(poll, next(iter(poll.poll.answers.values())))
        verdict = await ann.next_message()
        assert verdict.reply_to == poll.id
        assert lesson.text not in verdict.text
        assert (await ann.next_message()).poll is None  # several answers are right: they are typed
        await ann.votes(poll, list(poll.poll.answers.values())[-1])
        refusal = await ann.next_message()
        assert len(refusal.text) < 200
        await ann.sees_nothing_new(0.3)
        wire = {one.type for one in await ann.wire(sender=account.user_id) if not one.state}
        assert wire == (
            {"m.room.encrypted"} if ann.encrypted else {"m.room.message", "org.matrix.msc3381.poll.start"}
        )


async def test_an_answer_may_be_typed_to_the_text_or_to_the_poll(
    store: Store, account: Account, ann: Learner
) -> None:
    async with serving(store, account):
        await ann.opens_room(account.user_id)
        await ann.next_message()
        await ann.says("!start")
        await ann.next_message()
        await ann.says("oui")
        await ann.next_message()
        _, poll = await asked(ann)
        await ann.says("1", reply_to=poll.id)
        await ann.next_message()
        text = await ann.next_message()
        await ann.says("b)", reply_to=text.id)
        assert "C’est tout pour aujourd’hui" in (await ann.next_message()).text


async def test_messages_of_one_conversation_keep_their_order(
    store: Store, account: Account, ann: Learner
) -> None:
    """P9: sends beside each other arrive in any order."""
    async with serving(store, account):
        await ann.opens_room(account.user_id)
        await ann.next_message()
        for word in ("aide", "oui", "aide", "reglages", "aide"):
            await ann.says(word)
        shown = [await ann.next_message(timeout=15) for _ in range(7)]
        help_pages = [
            place for place, one in enumerate(shown) if "reprendre" in one.text and "pause" in one.text
        ]
        assert len(help_pages) == 3, [one.text[:60] for one in shown]
        assert shown[help_pages[0] + 1].text != shown[help_pages[0]].text
        polls = [place for place, one in enumerate(shown) if one.poll]
        assert len(polls) == 1
        assert re.search(r"(?m)^1\. ", shown[polls[0] - 1].text)


async def test_an_admin_sends_a_lesson_file(store: Store, account: Account, ann: Learner) -> None:
    async with serving(store, account, f"matrix:{ann.user_id}"):
        await ann.opens_room(account.user_id)
        await ann.next_message()
        await ann.sends_file("04-quatre.yaml", as_yaml(teaching.lesson("quatre")))
        assert "📘" in (await ann.next_message(timeout=10)).text


async def test_a_lesson_file_of_someone_else_is_not_even_downloaded(
    store: Store, account: Account, ann: Learner
) -> None:
    async with serving(store, account):
        await ann.opens_room(account.user_id)
        await ann.next_message()
        await ann.sends_file("lecon.yaml", b"id: x")
        assert "📘" not in (await ann.next_message()).text
