# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The topic that answers an event: commands first, then the question it must mean, then help."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum

from bot.answers import Answer, Unreadable, answer_of
from bot.messages import Event, Kind, Message, Question
from bot.talk import admin, enrol, help_page, lesson, preferences, quiz, showing
from bot.talk import progress as progress_talk
from bot.talk.quiz import Quiz
from bot.talk.rights import in_name_of_admin, is_admin
from bot.talk.turn import Rules, Turn, menu_question, says
from storage.progress import enrolments, prompts
from storage.progress.prompts import Prompt

COMMANDS: dict[str, Callable[[Turn], list[Message]]] = {
    "start": enrol.start,
    "aide": help_page.command,
    "help": help_page.command,
    "lecon": lesson.command,
    "lesson": lesson.command,
    "quiz": quiz.command,
    "progression": progress_talk.command,
    "progress": progress_talk.command,
    "reglages": preferences.command,
    "settings": preferences.command,
    "pause": enrol.pause,
    "reprendre": enrol.resume,
    "resume": enrol.resume,
    "stop": enrol.stop,
}
ADMIN_COMMANDS: dict[str, Callable[[Turn], list[Message]]] = {
    "publier": admin.publish,
    "publish": admin.publish,
    "stats": admin.stats,
    "annonce": lambda turn: admin.announce(turn, _argument(turn.event.text)),
    "announce": lambda turn: admin.announce(turn, _argument(turn.event.text)),
}
FREE = frozenset({"start", "aide", "help"})
"""Commands for those who have not accepted the notice."""

ANSWERS: dict[str, Callable[[Turn, Prompt, tuple[str, ...]], list[Message]]] = {
    enrol.CONSENT: enrol.answer_consent,
    enrol.STOP: enrol.answer_stop,
    **preferences.ANSWERS,
}
ADMIN_ANSWERS: dict[str, Callable[[Turn, Prompt, tuple[str, ...]], list[Message]]] = {
    admin.PUBLISH: admin.answer_publish,
    admin.ANNOUNCE: admin.answer_announce,
    f"{admin.ANNOUNCE}.text": admin.answer_announce_text,
}


class Needs(StrEnum):
    """What an event needs before its transaction, because it takes long."""

    NOTHING = "nothing"
    FILE = "file"
    """The lesson file that an admin sent, downloaded and read: `Event.lesson`."""
    FIGURES = "figures"
    """The counts that an admin asked for: `Event.figures`."""


def read(event: Event, rules: Rules) -> Event:
    """Return the event with the command that its text is. Call it once for each event, before `needs` and `respond`."""
    # An admin's command that is not trusted is still known as one, so that it is refused in words.
    return replace(event, command=command_of(event.text, by_admin=in_name_of_admin(event, rules.admins)))


def needs(event: Event, rules: Rules) -> Needs:
    """Return what has to be fetched or counted before `respond` can answer an event that was `read`."""
    if not is_admin(event, rules.admins):
        return Needs.NOTHING
    if event.kind is Kind.FILE:
        return Needs.FILE if admin.may_be_lesson(event.file) else Needs.NOTHING
    return Needs.FIGURES if event.kind is Kind.TEXT and event.command == "stats" else Needs.NOTHING


def respond(turn: Turn) -> list[Message]:
    """Answer an event that was `read`. Reads and writes rows; sends nothing."""
    match turn.event.kind:
        case Kind.LEFT:
            return enrol.left(turn)
        case Kind.BACK:
            return enrol.back(turn)
        case Kind.GROUP:
            return [*enrol.left(turn), *says(turn.words("group.private"))]
        case Kind.UNREADABLE:
            _alive(turn)
            return says(turn.words("device.unreadable"))
        case Kind.CLEAR:
            return says(turn.words("device.clear"))
        case Kind.VERIFY:
            return says(turn.words("device.verify"))
        case Kind.FILE if turn.by_admin:
            _alive(turn)
            return admin.receive_file(turn)
        case Kind.FILE if turn.doubted:
            return admin.refuse(turn)
        case Kind.CHOOSE | Kind.TOGGLE | Kind.SUBMIT:
            return _pressed(turn)
        case _:
            return _said(turn)


def command_of(text: str, *, by_admin: bool) -> str:
    """Return the command that a text is: one of ours alone, or after `/` or `!` with anything behind; empty when it is none.

    An admin's command typed by someone else is none.
    """
    words = text.split(maxsplit=1)
    if not words:
        return ""
    marked = words[0][0] in "/!"
    name = _bare(words[0].lstrip("/!"))
    if len(words) > 1 and not marked and not (by_admin and name in ("annonce", "announce")):
        return ""
    if name in COMMANDS or (by_admin and name in ADMIN_COMMANDS):
        return name
    return "?" if marked else ""


def _bare(word: str) -> str:
    """Return a word without case and accents: Leçon, LECON and leçon are one."""
    split = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in split if not unicodedata.combining(letter)).rstrip(".!")


def _argument(text: str) -> str:
    return text.split(maxsplit=1)[1] if len(text.split(maxsplit=1)) > 1 else ""


def _alive(turn: Turn) -> None:
    """Start the count of silent slots again: the learner answered or wrote."""
    enrolment = turn.learner.enrolment
    if enrolment is not None and enrolment.silent:
        enrolments.change(turn.tx, enrolment.id, silent=0)


def _said(turn: Turn) -> list[Message]:
    _alive(turn)
    name = turn.event.command
    if name is None:
        raise LookupError("this event was not read: see `read`")
    if name in ADMIN_COMMANDS:
        return ADMIN_COMMANDS[name](turn) if turn.by_admin else admin.refuse(turn)
    enrolled = turn.learner.state in ("active", "paused") and turn.learner.enrolment is not None
    if name in COMMANDS and (enrolled or name in FREE):
        return COMMANDS[name](turn)
    prompt = None if name else _meant(turn)
    if prompt is not None:
        return _answered(turn, prompt)
    return help_page.unknown(turn) if enrolled else enrol.notice(turn)


def _meant(turn: Turn) -> Prompt | None:
    """Return the prompt that a typed text means: the one it replies to, else the newest open one."""
    if turn.event.reply_to:
        shown = prompts.shown_in(turn.tx, turn.learner.id, turn.event.reply_to)
        if shown is not None:
            return shown
    return prompts.newest_open(turn.tx, turn.learner.id)


def _pressed(turn: Turn) -> list[Message]:
    if turn.event.refers == admin.PREVIEW:
        return _briefly(turn, "publish.preview.press")
    prompt = prompts.by_id(turn.tx, turn.event.refers)
    if prompt is None or prompt.learner_id != turn.learner.id:
        if turn.learner.state == "invited":
            return enrol.notice(turn)  # a notice that is left without an answer is forgotten after a month
        return _briefly(turn, "prompt.closed")
    _alive(turn)
    if prompt.answered_at is not None:
        return _late(turn, prompt)
    match turn.event.kind:
        case Kind.TOGGLE:
            return _toggled(turn, prompt)
        case Kind.SUBMIT if not prompt.chosen:
            return _briefly(turn, "prompt.choose_first")
        case Kind.SUBMIT:
            done = replace(turn, event=replace(turn.event, kind=Kind.CHOOSE, keys=prompt.chosen))
            return _answered(done, prompt)
        case _:
            return _answered(turn, prompt)


def _late(turn: Turn, prompt: Prompt) -> list[Message]:
    return _briefly(turn, "quiz.answered" if prompt.topic == quiz.TOPIC else "prompt.closed")


def _briefly(turn: Turn, key: str) -> list[Message]:
    """Say one sentence: over the chat for somebody who pressed a button, else as a message."""
    return [Message("" if turn.event.receipt else turn.words(key), brief=turn.words.plain(key))]


def _toggled(turn: Turn, prompt: Prompt) -> list[Message]:
    """Switch one choice of several on or off, and show the question again."""
    question = _question(turn, prompt)
    keys = [choice.key for choice in question.choices]
    if not question.multiple or len(turn.event.keys) != 1 or turn.event.keys[0] not in keys:
        return _briefly(turn, "prompt.closed")
    chosen = set(prompt.chosen) ^ set(turn.event.keys)
    prompt = replace(prompt, chosen=tuple(key for key in keys if key in chosen))
    prompts.choose(turn.tx, prompt.id, prompt.chosen)
    if prompt.topic == quiz.TOPIC:
        (shown,) = quiz.again(turn, prompt)
    else:
        shown = Message(question=menu_question(turn.words, prompt))
    return [replace(shown, edits=prompt.message or "")]


def _question(turn: Turn, prompt: Prompt) -> Question:
    """Return a remembered prompt as the question it was shown as."""
    if prompt.topic != quiz.TOPIC:
        return menu_question(turn.words, prompt)
    return _quiz_question(turn, quiz.quiz_of(turn.tx, prompt))


def _quiz_question(turn: Turn, posed: Quiz) -> Question:
    prompt = posed.prompt
    return showing.question_of(turn.words, posed.asked, prompt.id, prompt.content["order"], prompt.chosen)


def _answered(turn: Turn, prompt: Prompt) -> list[Message]:
    """Read the answer to a prompt, judge it, and say what follows."""
    posed = quiz.quiz_of(turn.tx, prompt) if prompt.topic == quiz.TOPIC else None
    question = menu_question(turn.words, prompt) if posed is None else _quiz_question(turn, posed)
    match answer_of(turn.event, question):
        case Answer(keys=keys) if posed is not None:
            return quiz.answer(turn, posed, keys)
        case Answer(keys=keys):
            return _chosen(turn, prompt, keys)
        case Unreadable() if prompt.answered_at is None:
            return says(turn.words("prompt.format", hint=question.hint or turn.words("hint.one")))
        case _:
            return _late(turn, prompt)


def _chosen(turn: Turn, prompt: Prompt, keys: tuple[str, ...]) -> list[Message]:
    """Do what follows from an answer to a menu."""
    if prompt.topic in ADMIN_ANSWERS and not turn.by_admin:
        return admin.refuse(turn) if turn.doubted else help_page.unknown(turn)
    if not prompts.answer(turn.tx, prompt.id, keys, None, turn.now):
        return _late(turn, prompt)
    handler = ANSWERS.get(prompt.topic) or ADMIN_ANSWERS[prompt.topic]
    if turn.event.kind is Kind.TEXT:
        # A typed answer gets a new message: an edit further up would go unseen.
        prompt = replace(prompt, message=None)
    return handler(turn, prompt, keys)
