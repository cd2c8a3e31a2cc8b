# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How a piece looks in a Matrix client: formatting, polls, numbered choices, replies."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import Rejected
from bot.channels.matrix import MatrixChannel
from bot.channels.matrix.account import Account
from bot.channels.matrix.content import poll_content, selection
from bot.fitting import fit
from bot.messages import Choice, Form, Kind, Message, Question, Send
from lessons import markup
from tests.channels.matrix_case import QUIZ, meets, overheard
from tests.matrix import Learner

KEYS = st.text("abcdefghijklmnopqrstuvwxyzABCXYZ0123456789_.-", min_size=1, max_size=40)
PROMPTS = st.text("abcdefghijklmnopqrstuvwxyzABCXYZ0123456789_-", min_size=1, max_size=16)


async def test_markdown_is_shown_as_formatting(channel: MatrixChannel, ann: Learner, room: str) -> None:
    await channel.send(room, Send("**Gras**\n<b> & [CNIL](https://cnil.fr/a?b=1&c=2)"), "k1")
    shown = await ann.next_message()
    assert shown.text == "Gras\n<b> & CNIL (https://cnil.fr/a?b=1&c=2)"
    assert shown.html == ('<b>Gras</b><br>&lt;b&gt; &amp; <a href="https://cnil.fr/a?b=1&amp;c=2">CNIL</a>')


async def test_a_message_pings_nobody_and_says_that_a_program_wrote_it(
    account: Account, channel: MatrixChannel, bob: Learner
) -> None:
    room = await meets(bob, channel, account)
    await channel.send(room, Send("Bob @room"), "k1")
    await channel.send(room, Send("Laquelle ?", QUIZ), "k2")
    for one in await bob.wire(sender=account.user_id):
        if not one.state:
            assert one.content["org.matrix.msc1767.automated"] is True
            assert one.content["m.mentions"] == {}


async def test_a_quiz_is_a_numbered_text_and_a_poll_of_the_numbers(
    channel: MatrixChannel, ann: Learner, room: str
) -> None:
    pieces = fit(Message("**Leçon**", QUIZ), channel.limits)
    assert len(pieces) == 2
    for place, piece in enumerate(pieces):
        await channel.send(room, piece, f"k{place}")
    text, poll = await ann.next_message(), await ann.next_message()
    assert "1. J’y colle tout\n2. Je demande d’abord" in text.text
    assert text.poll is None
    assert poll.poll is not None
    assert poll.poll.question == "Que faites-vous ?"
    labels = list(poll.poll.answers.values())
    assert labels[0] == "1. J’y colle tout"
    assert labels[1].startswith("2. Je demande d’abord")
    assert labels[1].endswith("…")
    assert all(len(label) <= 60 for label in labels)
    assert poll.poll.most == 1


async def test_a_vote_names_its_prompt_and_choice(
    channel: MatrixChannel, ann: Learner, room: str, subtests: pytest.Subtests
) -> None:
    await channel.send(room, Send("Laquelle ?", QUIZ), "k1")
    poll = await ann.next_message()
    for stable in (False, True):
        with subtests.test(stable=stable):
            await ann.votes(poll, "3. Rien", stable=stable)
            (event,) = await overheard(channel, 1)
            assert (event.kind, event.refers, event.keys) == (Kind.CHOOSE, "p7", ("c",))


async def test_a_question_with_several_answers_is_typed(
    channel: MatrixChannel, ann: Learner, room: str
) -> None:
    several = replace(QUIZ, multiple=True, hint="Répondez par exemple 1 et 3.")
    (piece,) = fit(Message(question=several), channel.limits)
    await channel.send(room, piece, "k1")
    shown = await ann.next_message()
    assert shown.poll is None
    assert shown.text.endswith("3. Rien\nRépondez par exemple 1 et 3.")


async def test_a_menu_is_words_to_type(channel: MatrixChannel, ann: Learner, room: str) -> None:
    menu = Question(
        "p1", Form.MENU, "Et maintenant ?", (Choice("a", "Oui"), Choice("b", "Non")), hint="Répondez."
    )
    (piece,) = fit(Message(question=menu), channel.limits)
    await channel.send(room, piece, "k1")
    shown = await ann.next_message()
    assert shown.poll is None
    assert shown.text == "Et maintenant ?\n1. Oui\n2. Non\nRépondez."


async def test_a_verdict_replies_to_what_it_judges(channel: MatrixChannel, ann: Learner, room: str) -> None:
    ref = await channel.send(room, Send("Laquelle ?", QUIZ), "k1")
    (piece,) = fit(Message("tout", edits="k1", reply="Bonne réponse"), channel.limits)
    await channel.send(room, piece, "k2", ref)
    shown = await ann.sees("Bonne réponse")
    assert shown.reply_to == ref


async def test_a_key_that_no_vote_can_carry_is_refused(channel: MatrixChannel, room: str) -> None:
    bad = replace(QUIZ, choices=(Choice("é:", "x"),))
    with pytest.raises(Rejected):
        await channel.send(room, Send("Laquelle ?", bad), "k1")


async def test_the_longest_text_arrives_whatever_it_is_made_of(
    channel: MatrixChannel, ann: Learner, room: str, subtests: pytest.Subtests
) -> None:
    for mark in ("é", "&", "😀", "漢", "\\*"):
        with subtests.test(mark=mark):
            text = f"**x**{mark * (channel.limits.text // markup.units(markup.plain(mark)) - 1)}"
            (piece,) = fit(Message(text), channel.limits)
            await channel.send(room, piece, f"k{mark}")
            assert (await ann.next_message()).text == markup.plain(text)


@given(PROMPTS, KEYS)
def test_an_answer_of_a_poll_is_read_as_it_was_written(prompt: str, key: str) -> None:
    question = Question(prompt, Form.QUIZ, "?", (Choice(key, "x"),))
    content = poll_content("?", question, MatrixChannel.limits)
    (answer,) = content["org.matrix.msc3381.poll.start"]["answers"]
    assert selection(answer["id"]) == (prompt, key)
