# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What a typed text is about: the question that it means, and when a menu can no longer be answered by typing."""

from __future__ import annotations

from datetime import timedelta

from bot.answers import named
from bot.messages import Question
from bot.talk import commands, enrol, quiz, showing
from bot.talk.quiz import Quiz
from bot.talk.turn import Turn, menu_question
from storage.progress import prompts
from storage.progress.prompts import Prompt

LASTING = (quiz.TOPIC, enrol.CONSENT)
"""Prompts on these topics can be answered by typing until they are closed. All others are menus: see `MENU_LASTS`."""
MENU_LASTS = timedelta(hours=1)
"""How long a menu can be answered by typing after it was shown; less when something else is asked or said meanwhile."""


def end_menus(turn: Turn, *besides: str) -> None:
    """End the open menus, but those of the topics `besides`: a word typed later does not mean them."""
    prompts.end_menus(turn.tx, turn.learner.id, (*LASTING, *besides), turn.now)


def says_own_word(turn: Turn, prompt: Prompt) -> bool:
    """Tell whether a text that is a command is also a choice of the menu that was asked last, as « arrêter » may be."""
    return (
        prompt.topic != quiz.TOPIC and not commands.is_marked(turn.event.text) and names_choice(turn, prompt)
    )


def names_choice(turn: Turn, prompt: Prompt) -> bool:
    """Tell whether a text names a choice of a prompt."""
    question = question_of(turn, prompt)
    return bool(question.choices) and named(question, turn.event.text) is not None


def prompt_of(turn: Turn, *, enrolled: bool) -> Prompt | None:
    """Return the prompt that a typed text means: what it replies to, what its thread is about, or the newest that counts."""
    if turn.event.reply_to:
        shown = prompts.shown_in(turn.tx, turn.learner.id, turn.event.reply_to)
        if shown is not None:
            return shown
    if turn.event.thread:
        # A thread goes on with the questions that follow the one it began with.
        begun = prompts.shown_in(turn.tx, turn.learner.id, turn.event.thread)
        if begun is not None and begun.answered_at is None:
            return begun
    # Whoever has stopped is asked nothing more; the buttons of an open quiz still serve.
    besides = () if enrolled else (quiz.TOPIC,)
    since = turn.now - MENU_LASTS
    while prompt := prompts.newest_typed(turn.tx, turn.learner.id, LASTING, since, besides=besides):
        if quiz.can_be_shown(turn, prompt):
            break
    return prompt


def question_of(turn: Turn, prompt: Prompt) -> Question:
    """Return a remembered prompt as the question it was shown as."""
    if prompt.topic != quiz.TOPIC:
        return menu_question(turn.words, prompt)
    return quiz_question(turn, quiz.quiz_of(turn.tx, prompt))


def quiz_question(turn: Turn, posed: Quiz) -> Question:
    """Return a quiz as the question it was shown as."""
    prompt = posed.prompt
    return showing.question_of(turn.words, posed.asked, prompt.id, prompt.content["order"], prompt.chosen)
