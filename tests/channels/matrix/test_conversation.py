# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A learner on Matrix gets what a learner gets, from the first word to the verdict, in an encrypted room and a plain one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.channels.matrix.account import Account
from storage.store import Store
from tests.channels.matrix_case import asked, serving
from tests.journeys import teaching
from tests.lessons.builders import as_yaml
from tests.matrix import Learner, Owner


@pytest.fixture
def people(ann: Learner, bob: Learner) -> tuple[Learner, Learner]:
    """One learner whose rooms are encrypted, and one whose rooms are not."""
    return ann, bob


async def each(people: tuple[Learner, ...], story: Callable[[Learner], Awaitable[None]]) -> None:
    """Tell the story of each learner at the same time; every failure is shown."""
    told = await asyncio.gather(*(story(learner) for learner in people), return_exceptions=True)
    if failures := [failure for failure in told if isinstance(failure, Exception)]:
        raise ExceptionGroup(story.__name__, failures)


async def test_the_first_lesson_is_two_words_away(
    store: Store, account: Account, people: tuple[Learner, Learner]
) -> None:
    async def two_words(learner: Learner) -> None:
        await learner.opens_room(account)
        notice = await learner.next_message()
        assert "oui" in notice.text.casefold()
        assert notice.poll is None
        await learner.says("oui")
        welcome = await learner.next_message()
        assert notice.text not in welcome.text
        lesson, poll = await asked(learner)
        assert "<b>" in lesson.html
        assert poll.poll is not None
        assert all(
            label.startswith(f"{place}. ") for place, label in enumerate(poll.poll.answers.values(), 1)
        )
        await learner.votes(poll, next(iter(poll.poll.answers.values())))
        verdict = await learner.next_message()
        assert verdict.reply_to is None  # the question is right above
        assert lesson.text not in verdict.text
        assert (await learner.next_message()).poll is None  # several answers are right: they are typed
        await learner.votes(poll, list(poll.poll.answers.values())[-1])
        refusal = await learner.next_message()
        assert len(refusal.text) < 200
        assert refusal.reply_to == lesson.id  # never the poll: clients would show it whole again
        await learner.sees_nothing_new(0.3)
        wire = {one.type for one in await learner.wire(sender=account) if not one.state}
        plain = {"m.room.message", "org.matrix.msc3381.poll.start"}
        assert wire == ({"m.room.encrypted"} if learner.encrypted else plain)

    async with serving(store, account):
        await each(people, two_words)


async def test_an_answer_may_be_typed_to_the_text_or_to_the_poll(
    store: Store, account: Account, people: tuple[Learner, Learner]
) -> None:
    async def typed(learner: Learner) -> None:
        await learner.opens_room(account)
        await learner.next_message()
        await learner.says("!start")
        await learner.next_message()
        await learner.says("oui")
        await learner.next_message()
        _, poll = await asked(learner)
        await learner.says("1", reply_to=poll.id)
        await learner.next_message()
        text = await learner.next_message()
        await learner.says("b)", reply_to=text.id)
        assert "C’est tout pour aujourd’hui" in (await learner.next_message()).text

    async with serving(store, account):
        await each(people, typed)


async def test_messages_of_one_conversation_keep_their_order(
    store: Store, account: Account, people: tuple[Learner, Learner]
) -> None:
    """P9: sends beside each other arrive in any order."""

    async def in_order(learner: Learner) -> None:
        await learner.opens_room(account)
        await learner.next_message()
        for word in ("aide", "oui", "aide", "reglages", "aide"):
            await learner.says(word)
        shown = [await learner.next_message() for _ in range(7)]
        help_pages = [
            place for place, one in enumerate(shown) if "reprendre" in one.text and "pause" in one.text
        ]
        assert len(help_pages) == 3, [one.text[:60] for one in shown]
        assert shown[help_pages[0] + 1].text != shown[help_pages[0]].text
        polls = [place for place, one in enumerate(shown) if one.poll]
        assert len(polls) == 1
        assert "Votez ci-dessous" in shown[polls[0] - 1].text

    async with serving(store, account):
        await each(people, in_order)


async def test_an_admin_sends_a_lesson_file_from_a_device_that_they_signed(
    store: Store, account: Account, ann: Learner
) -> None:
    await (await Owner.of(ann.synapse, ann.account)).signs(ann.device_id)
    async with serving(store, account, f"matrix:{ann.user_id}"):
        await ann.opens_room(account)
        await ann.next_message()
        await ann.sends_file("04-quatre.yaml", as_yaml(teaching.lesson("quatre")))
        assert "📘" in (await ann.next_message()).text


async def test_a_lesson_file_of_someone_else_is_not_even_downloaded(
    store: Store, account: Account, people: tuple[Learner, Learner]
) -> None:
    async def is_refused(learner: Learner) -> None:
        await learner.opens_room(account)
        await learner.next_message()
        await learner.sends_file("lecon.yaml", b"id: x")
        assert "📘" not in (await learner.next_message()).text

    async with serving(store, account):
        await each(people, is_refused)
