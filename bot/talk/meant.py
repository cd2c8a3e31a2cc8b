# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Which question a typed text is about, how it answers it, and until when a menu can be answered by typing."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from bot.answers import Answer, Doubtful, Unreadable, answer_of, is_one_of, refuses
from bot.messages import Form, Kind, Question
from bot.talk import (
    admin,
    clauses,
    commands,
    courtesy,
    delays,
    enrol,
    grave,
    notice,
    pausing,
    personal,
    phrases,
    preferences,
    quiz,
    repeats,
    rhythm,
    showing,
)
from bot.talk.quiz import Quiz
from bot.talk.turn import Turn, menu_question
from bot.wording import Markdown
from lessons import typed
from storage.progress import prompts
from storage.progress.prompts import Prompt

LASTING = (quiz.TOPIC, notice.CONSENT)
"""Prompts on these topics can be answered by typing until they are closed. All others are menus: see `MENU_LASTS`."""
PLANNED = (rhythm.TOPIC,)
"""Topics of menus that come by themselves, and are answered when people see them: only something else said ends them, and
no answer to a question does."""
GRAVE = (enrol.STOP, personal.FORGET, admin.PUBLISH, admin.ANNOUNCE)
"""Topics of menus that stop, erase, publish or announce: see `grave`."""
PUBLISHING = ("publier", "publish")
UNDECIDED = ("undecided", "relance")
"""What `phrases` calls a text that leaves a question without an answer."""
_PLACED = re.compile(r"(?:[1-9]|[a-z]) ?[.):-] ?[^\W_]")
TYPED = (Kind.TEXT, Kind.FILE)
"""Kinds of events that say something in words; a file may by its caption."""
MENU_LASTS = timedelta(hours=1)
"""How long a menu can be answered by typing after it was shown; less when something else is asked or said meanwhile."""


def end_menus(turn: Turn, *besides: str) -> None:
    """End the open menus, but those of the topics `besides`: a word typed later does not mean them."""
    prompts.end_menus(turn.tx, turn.learner.id, (*LASTING, *besides), turn.now)


def says_own_word(turn: Turn, prompt: Prompt) -> bool:
    """Tell whether a text that is a command is also a choice of the menu that was asked last, as « arrêter » may be.

    « publier » is always about the preview or announcement shown last, even where its menu asks for another word.
    The whole label of a choice of a quiz is its answer, « Mettre en pause le projet »; a single word is the command.
    The text of an announcement, which is shown before it is sent, may say how long something pauses: « Pause jusqu’à 14 h ».
    """
    if commands.is_marked(turn.event.text):
        return False
    if turn.event.command in delays.NAMES:
        return _puts_nothing_off(turn, prompt)
    if prompt.topic == quiz.TOPIC:
        said = typed.bare(turn.event.text, typed.COURTESY)
        if len(typed.words(said)) < 2 or not quiz.can_be_shown(turn, prompt):
            return False
        if _PLACED.match(said):  # « a) La pause », as the question shows it
            return names_choice(turn, prompt)
        return any(
            typed.bare(choice.label, typed.COURTESY) == said for choice in question_of(turn, prompt).choices
        )
    if prompt.topic == f"{admin.ANNOUNCE}.text":
        return commands.says_more_than_pause(turn.event)
    shown = prompt.topic in (admin.PUBLISH, admin.ANNOUNCE) and turn.event.command in PUBLISHING
    return shown or names_choice(turn, prompt)


def leaves_open(turn: Turn, prompt: Prompt | None) -> bool:
    """Tell whether a text leaves the notice unanswered: « plus tard », « je commencerai lundi ». It declines nothing."""
    if prompt is None or prompt.topic != notice.CONSENT or prompt.answered_at is not None:
        return False
    if turn.event.command:
        return turn.event.command in delays.NAMES
    text = turn.event.text
    if "?" in typed.clean(text):
        return False
    return phrases.asks_for(text) in UNDECIDED or commands.nearly(text, delays.NAMES) in delays.NAMES


def _puts_nothing_off(turn: Turn, prompt: Prompt) -> bool:
    """Tell whether « plus tard » or « dans 30 minutes » is an answer: « non » to a menu, a number, an announcement."""
    if prompt.topic.startswith(preferences.TOPIC):
        return preferences.is_given_up(turn)
    return may_answer(turn, prompt)


def names_choice(turn: Turn, prompt: Prompt) -> bool:
    """Tell whether a text names a choice of a prompt."""
    question = replace(question_of(turn, prompt), free=False)
    return bool(question.choices) and isinstance(answer(turn, prompt, question), Answer)


def may_answer(turn: Turn, prompt: Prompt) -> bool:
    """Tell whether a text can be read as the answer to a prompt."""
    return isinstance(answer(turn, prompt, question_of(turn, prompt)), Answer | Doubtful)


def beside(turn: Turn, prompt: Prompt | None, names: Collection[str]) -> str:
    """Return the command that a text that means nothing else has in it; empty beside an answer to the `prompt`."""
    name = commands.nearly(turn.event.text, names)
    if not name and turn.learner.state == "paused":
        name = pausing.in_pause(turn.event.text)
    return "" if name and prompt is not None and _answers_in_part(turn, prompt) else name


def _answers_in_part(turn: Turn, prompt: Prompt) -> bool:
    """Tell whether a sentence or a clause of a text can be read as the answer to a prompt."""
    text, question = turn.event.text, question_of(turn, prompt)
    lead = typed.clean(text[: clauses.LOOKED])
    for part in commands.parts(text):
        # What follows may be a signature.
        if not lead.startswith(part.strip()) and _may_sign(part, prompt):
            continue
        found = answer(replace(turn, event=replace(turn.event, text=part)), prompt, question)
        if isinstance(found, Doubtful) or (
            isinstance(found, Answer) and preferences.reads(turn, prompt.topic, found.keys)
        ):
            return True
    return False


def _may_sign(part: str, prompt: Prompt) -> bool:
    """Tell whether a part is how people sign: « A. Martin », « Bien cordialement », or a town where a zone is asked for."""
    said = typed.fold(part)
    initial = len(said) == 1 and not said.isdigit()
    return (
        initial or said != typed.bare(part, typed.POLITE) or prompt.topic.startswith(f"{preferences.TOPIC}.")
    )


def answer(turn: Turn, prompt: Prompt, question: Question) -> Answer | Doubtful | Unreadable | None:
    """Return the answer of an event to a prompt, which is shown as `question`: see `bot.answers.answer_of`.

    The settings may be answered with a signature on a line of its own, or behind thanks: « 9 h. Merci, Jean ». Not the
    notice: words with capitals may refuse what stands above them, and to be asked again costs one « oui ».
    """
    found = _answer(turn, prompt, question)
    if (
        not prompt.topic.startswith(preferences.TOPIC)
        or turn.event.kind not in TYPED
        or _is_value(turn, prompt, found)
    ):
        return found
    said = clauses.signed(turn.event.text)
    if not said or refuses(question, turn.event.text) or commands.nearly(turn.event.text, commands.HEARD):
        return found
    values = []
    for part in said:
        alone = replace(turn, event=replace(turn.event, text=part))
        if _is_value(alone, prompt, value := _answer(alone, prompt, question)):
            values.append(value)
    return values[0] if len(values) == 1 else found  # « oui. Non » is asked again


def _is_value(turn: Turn, prompt: Prompt, found: Answer | Doubtful | Unreadable | None) -> bool:
    return isinstance(found, Answer) and preferences.reads(turn, prompt.topic, found.keys)


def _answer(turn: Turn, prompt: Prompt, question: Question) -> Answer | Doubtful | Unreadable | None:
    event = turn.event
    if event.kind not in TYPED:
        return answer_of(event, question)
    about = event.reply_to or prompt.topic == notice.CONSENT
    if question.choices and (_wonders(event.text) or (about and _asks(event.text))):
        return Unreadable(prompt.id)
    if prompt.topic.startswith(preferences.TOPIC):
        if len(typed.clean(event.text)) > clauses.LOOKED:  # one character may become 18 letters
            return Unreadable(prompt.id)
        return answer_of(replace(event, text=preferences.value_in(turn, prompt.topic)), question)
    if prompt.topic not in GRAVE:
        return answer_of(event, question)
    keys = grave.read(question, event.text)
    return Unreadable(prompt.id) if keys is None else Answer(prompt.id, keys)


def _asks(text: str) -> bool:
    """Tell whether a text is a question: « c’est vrai ? », « oui ? ». « 2 ? » is a hesitant answer, not a question."""
    return "?" in typed.clean(text) and len(typed.fold(text)) > 1


def _wonders(text: str) -> bool:
    """Tell a question that may mean no answer in any place: « c’est vrai ? »."""
    said = typed.led(typed.fold(text), typed.COURTESY)
    return "?" in typed.clean(text) and said != typed.led(said, ["c'est", "c est", "cest", "it's", "is it"])


def hint(turn: Turn, prompt: Prompt, question: Question) -> Markdown:
    """Say how to answer. A menu may be shown as buttons without numbers: its hint names the choices."""
    if prompt.topic == quiz.TOPIC or question.form is not Form.MENU:
        return Markdown(question.hint or turn.words("hint.text"))
    if own := str(prompt.content["hint"]):
        return Markdown(own)
    listed = prompt.topic == preferences.TOPIC  # its labels contain the current values
    names = [choice.words[0] if listed and choice.words else choice.label for choice in question.choices]
    return turn.words("hint.menu", choices=", ".join(names))


def settle(turn: Turn, prompt: Prompt, question: Question) -> None:
    """End what waited for typed words, and take away the buttons of a question that was answered by typing.

    Older previews keep their buttons. The list of settings can still be answered by typing after one setting was changed,
    except after a change of the language, in which its words would differ.
    """
    if prompt.answered_at is not None:
        return
    goes_on = prompt.topic.startswith(preferences.TOPIC) and prompt.topic != f"{preferences.TOPIC}.language"
    end_menus(turn, *(preferences.TOPIC,) * goes_on, *PLANNED * (prompt.topic == quiz.TOPIC))
    if question.choices or question.beside:
        turn.closed.extend(repeats.older(prompt))
        if turn.event.kind in TYPED and prompt.message:
            turn.closed.append(prompt.message)


def prompt_of(turn: Turn, *, enrolled: bool) -> Prompt | None:
    """Return the prompt that a typed text means: what it replies to, what its thread is about, or the newest that counts."""
    if turn.event.reply_to:
        shown = prompts.shown_in(turn.tx, turn.learner.id, turn.event.reply_to)
        if shown is not None:
            open_ = shown.answered_at is None or not quiz.can_be_shown(turn, shown)
            # A remark in reply to an answered question is neither a second answer to it nor an answer to another one.
            return shown if open_ or may_answer(turn, shown) else None
    if turn.event.thread:
        # A thread goes on with the questions that follow the one it began with.
        begun = prompts.shown_in(turn.tx, turn.learner.id, turn.event.thread)
        if begun is not None and begun.answered_at is None:
            return begun
    # Whoever has stopped is asked nothing more; the buttons of an open quiz still serve.
    besides = () if enrolled else (quiz.TOPIC,)
    since = turn.now - MENU_LASTS
    while prompt := prompts.newest_typed(
        turn.tx, turn.learner.id, LASTING, since, besides=besides, unhurried=PLANNED
    ):
        if quiz.can_be_shown(turn, prompt):
            break
    if turn.event.reply_to and prompt is not None and not may_answer(turn, prompt):
        return None  # a remark about the message that it replies to
    return prompt


def offer_of(turn: Turn, prompt: Prompt | None, *, days: bool) -> Prompt | None:
    """Return the offer of fewer days that « oui » or, naming `days`, « lundi et jeudi » means.

    `prompt`: what the text means else. Beside a question that reads it, or that is true or false, it means no earlier offer;
    nor does a mere « ok », or a word said about another message.
    """
    if prompt is not None and prompt.topic == rhythm.TOPIC:
        return prompt if prompt.answered_at is None and quiz.can_be_shown(turn, prompt) else None
    if turn.event.reply_to or turn.event.thread or turn.event.command or courtesy.of(turn.event.text):
        return None
    if prompt is not None and (prompt.topic != quiz.TOPIC or may_answer(turn, prompt)):
        return None
    if prompt is not None and not days and any(choice.words for choice in question_of(turn, prompt).choices):
        return None
    since = turn.now - MENU_LASTS
    found = prompts.newest_typed(turn.tx, turn.learner.id, (), since, besides=LASTING, unhurried=PLANNED)
    return found if found and found.topic == rhythm.TOPIC and quiz.can_be_shown(turn, found) else None


def question_of(turn: Turn, prompt: Prompt) -> Question:
    """Return a remembered prompt as the question it was shown as."""
    if prompt.topic != quiz.TOPIC:
        return menu_question(turn.words, prompt)
    return quiz_question(turn, quiz.quiz_of(turn.tx, prompt))


def quiz_question(turn: Turn, posed: Quiz) -> Question:
    """Return a quiz as the question it was shown as."""
    return showing.quiz_question(turn.words, posed.lesson, posed.prompt)


def asks_for_lesson(turn: Turn, prompt: Prompt | None) -> bool:
    """Tell whether an event asks for a lesson again rather than answers what waits: « relire », or a quiz's button."""
    if turn.event.kind not in TYPED:
        return prompt is not None and prompt.topic == quiz.TOPIC and turn.event.keys == (showing.REREAD,)
    said = turn.event.text.strip().lstrip("/!")
    if not is_one_of(turn.words.phrases("quiz.reread.words"), said):
        return False
    return prompt is None or not quiz.can_be_shown(turn, prompt) or not names_choice(turn, prompt)
