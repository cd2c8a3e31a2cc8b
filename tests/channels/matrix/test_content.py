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
from bot.messages import Choice, Document, Form, Kind, Message, Question, Send
from lessons import markup
from tests.channels.matrix_case import QUIZ, meets, overheard
from tests.matrix import Learner

KEYS = st.text("abcdefghijklmnopqrstuvwxyzABCXYZ0123456789_.-", min_size=1, max_size=40)
PROMPTS = st.text("abcdefghijklmnopqrstuvwxyzABCXYZ0123456789_-", min_size=1, max_size=16)


async def test_markdown_is_shown_as_formatting(channel: MatrixChannel, ann: Learner, room: str) -> None:
    await channel.send(room, Send("**Gras**\n<b> & [CNIL](https://cnil.fr/a?b=1&c=2)"), "k1")
    shown = await ann.next_message()
    assert shown.text == "Gras\n<b> & CNIL (https://cnil.fr/a?b=1&c=2)"
    assert shown.html == (
        '<p><b>Gras</b><br>&lt;b&gt; &amp; <a href="https://cnil.fr/a?b=1&amp;c=2">CNIL</a></p>'
    )


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


async def test_a_poll_holds_the_whole_question_and_the_text_says_to_vote(
    channel: MatrixChannel, ann: Learner, room: str
) -> None:
    pieces = fit(Message("**Leçon**", replace(QUIZ, vote="Votez ci-dessous.")), channel.limits)
    assert len(pieces) == 2
    for place, piece in enumerate(pieces):
        await channel.send(room, piece, f"k{place}")
    text, poll = await ann.next_message(), await ann.next_message()
    assert (text.text, text.poll) == ("Leçon\n\nVotez ci-dessous.", None)
    assert poll.poll is not None
    assert poll.poll.question == "Que faites-vous ?"
    whole = [f"{place}. {choice.label}" for place, choice in enumerate(QUIZ.choices, 1)]
    assert list(poll.poll.answers.values()) == whole
    assert max(map(len, whole)) > 150
    assert poll.poll.most == 1


async def test_a_label_too_long_for_a_poll_is_cut_and_stands_whole_in_the_text(
    channel: MatrixChannel, ann: Learner, room: str
) -> None:
    long = replace(QUIZ, vote="Votez.", choices=(*QUIZ.choices, Choice("d", "Long " * 80)))
    for place, piece in enumerate(fit(Message("Leçon", long), channel.limits)):
        await channel.send(room, piece, f"k{place}")
    text, poll = await ann.next_message(), await ann.next_message()
    assert f"4. {'Long ' * 80}".rstrip() in text.text
    assert poll.poll is not None
    *_, last = poll.poll.answers.values()
    assert len(last) <= 340
    assert last.endswith("…")


async def test_a_document_keeps_its_name_below_its_text(
    channel: MatrixChannel, ann: Learner, room: str
) -> None:
    message = Message("Voici vos données.", document=Document("données.json", "application/json", b"{}"))
    for place, piece in enumerate(fit(message, channel.limits)):
        await channel.send(room, piece, f"k{place}")
    text, file = await ann.next_message(), await ann.next_message()
    assert (text.text, text.file) == ("Voici vos données.", None)
    assert file.file is not None
    assert (file.text, file.file.name, file.file.content) == ("données.json", "données.json", b"{}")


async def test_sources_fold_below_a_lesson(channel: MatrixChannel, ann: Learner, room: str) -> None:
    await channel.send(room, Send("**Leçon**\n\n- un", aside="Sources :\n- [a](https://a.fr)"), "k1")
    shown = await ann.next_message()
    assert shown.text == "Leçon\n\n• un\n\nSources :\n• a (https://a.fr)"
    assert shown.html == (
        "<h4>Leçon</h4><ul><li>un</li></ul><details><summary>Sources :</summary>"
        '<ul><li><a href="https://a.fr">a</a></li></ul></details>'
    )


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
