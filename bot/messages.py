# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What is said, whatever the channel: messages, questions, events, answers; and `fit`, which cuts one for a channel.

Texts are Markdown in the small subset of `lessons.markup`. Nothing here knows a channel, a database or a clock.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from lessons import grading, markup


class Form(StrEnum):
    """How a question wants to be answered."""

    QUIZ = "quiz"
    """Choices are sentences: numbered in the text, and buttons or polls say the numbers."""
    MENU = "menu"
    """Choices are words: buttons say them; without buttons they are numbered in the text."""
    NUMBER = "number"
    """A number is typed."""
    TEXT = "text"
    """Any text is an answer."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer: `key` is stored, `label` is shown (plain text), `words` are other ways to type it."""

    key: str
    label: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """Something that can be answered, as shown to one learner once."""

    prompt: str
    """Names the prompt that the answer comes back to."""
    form: Form
    text: str = ""
    choices: tuple[Choice, ...] = ()
    """In the order shown."""
    multiple: bool = False
    """Several choices may be chosen."""
    free: bool = False
    """A text that names no choice is an answer too."""
    chosen: frozenset[str] = frozenset()
    """Keys switched on so far, where several may be chosen."""
    hint: str = ""
    """How to answer by typing; shown where there is nothing to press."""
    submit: str = ""
    """The label of the button that ends a choice of several."""
    unit: str = ""
    """What a number is counted in."""


@dataclass(frozen=True, slots=True)
class Document:
    """A text file in UTF-8; where files cannot be sent, what it holds is said."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """What `talk` says. With `edits` (the outbox key of an earlier message) it replaces that one where it can."""

    text: str = ""
    question: Question | None = None
    document: Document | None = None
    edits: str = ""
    brief: str = ""
    """The same in at most 200 characters of plain text, for those who pressed a button and look at it."""
    answers: str = ""
    """The outbox key of the message that this one answers, shown as a reply where nothing can be edited."""
    reply: str = ""
    """What is said instead of an edit where nothing can be edited: the message above still shows what it showed."""


@dataclass(frozen=True, slots=True)
class Send:
    """One new message: exactly one call to a channel."""

    text: str
    question: Question | None = None
    document: Document | None = None
    replies_to: str = ""
    """The outbox key of the message this one answers, on channels that reply rather than edit."""
    asks: str = ""
    """The prompt that the text asks, where what is pressed comes in a message of its own."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A message sent before, shown anew: exactly one call to a channel."""

    of: str
    """The outbox key of the message to change."""
    text: str
    question: Question | None = None


Piece = Send | Edit


class Ask(StrEnum):
    """What a channel offers to answer with, beside typing."""

    BUTTONS = "buttons"
    POLL = "poll"
    """A quiz with one right answer is voted on in a message of its own, after the text; the rest is typed."""
    TYPING = "typing"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a channel can show. Pure data, so that `fit` needs no channel."""

    text: int = 4096
    """Longest text of one message, in UTF-16 units after formatting; what is measured is never less."""
    caption: int = 1024
    """Longest text beside a document, likewise."""
    ask: Ask = Ask.TYPING
    label: int = 64
    """Longest label of a button; choices with longer ones are numbered instead."""
    edits: bool = False
    """Whether a message already sent can be changed."""
    documents: bool = False
    """Whether files can be sent."""
    button_rows: int = 25
    button_columns: int = 8


class Kind(StrEnum):
    """What happened in a conversation."""

    TEXT = "text"
    """Something was typed."""
    CHOOSE = "choose"
    """Choices were given by a button or a vote: `refers` and `keys` say which."""
    TOGGLE = "toggle"
    """One choice of several was switched on or off."""
    SUBMIT = "submit"
    """The choice of several is done."""
    FILE = "file"
    """A file was sent; its caption, if any, is `text`."""
    LEFT = "left"
    """The person blocked the bot or left."""
    BACK = "back"
    """The person came back, without a word yet."""
    GROUP = "group"
    """The bot was added to, or addressed in, a place that is not a direct conversation."""
    UNREADABLE = "unreadable"
    """Something was said that cannot be decrypted. At most one a day has the same id."""
    VERIFY = "verify"
    """The person asks to compare devices, which a program cannot. At most one a day has the same id."""


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file that a person sent and that was not downloaded yet. `size` is in bytes, as the channel says."""

    ref: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a person did, bounded by the channel. Nothing in it is safe to show as it is."""

    channel: str
    id: str
    """Unique in its channel; the same event told twice has the same id. At most 200 characters."""
    address: str
    """Where the person is reached in that channel. At most 255 characters."""
    at: datetime
    kind: Kind = Kind.TEXT
    text: str = ""
    """At most 4,096 characters; channels cut the rest."""
    refers: str = ""
    """The prompt that a button or a vote names."""
    reply_to: str = ""
    """The channel's reference of the message that this one replies to."""
    keys: tuple[str, ...] = ()
    file: FileRef | None = None
    content: bytes | None = None
    """What the file holds, once it was downloaded."""
    figures: Mapping[str, Mapping[str, int]] | None = None
    """What an admin asks for, once it was counted."""
    name: str = ""
    """The display name the person chose. At most 64 characters."""
    sender: str = ""
    """Who did it, where an address names a place rather than a person. At most 255 characters."""
    elsewhere: tuple[str, ...] = ()
    """Other addresses at which the channel is sure to reach the same person, the newest first: conversations may move."""
    language: str = ""
    """The language of the person's application, as a two-letter code, where the channel tells."""
    age: timedelta = field(default=timedelta(), compare=False)
    """How long ago it happened, where a channel may tell of what is long past: by its own clock alone, since a person whose
    homeserver has a wrong one must not be mute. Told again it is older, and still the same event."""
    receipt: str = ""
    """What `Channel.acknowledge` needs to answer this event at once, e.g. Telegram's callback query id."""

    @property
    def author(self) -> str:
        """Who did it, as `admins` lists people: `telegram:4711`, `matrix:@a:example.org`."""
        return f"{self.channel}:{self.sender or self.address}"


@dataclass(frozen=True, slots=True)
class Answer:
    """The choices (their keys) that answer a prompt; for numbers and free text, the one text given."""

    prompt: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A text that cannot be read as an answer to the question it must mean."""

    prompt: str


def numbered(question: Question, limits: Limits) -> bool:
    """Whether the text numbers the choices: always where nothing can be pressed, or where labels are sentences."""
    if question.form is Form.QUIZ or limits.ask is not Ask.BUTTONS:
        return bool(question.choices)
    return any(len(choice.label) > limits.label for choice in question.choices)


def fit(message: Message, limits: Limits) -> tuple[Piece, ...]:
    """Cut a message into what a channel can carry: one piece is one call.

    The question stays with the last piece, so that it is read after the text; where it is voted on, the vote is a
    piece of its own after that. An edit that has become too long is continued in new messages; where nothing can be
    edited it is a reply.
    """
    if message.reply and not limits.edits:
        message = replace(message, text=message.reply, reply="")
    document = message.document if limits.documents else None
    alternative = ""
    if message.document is not None and document is None:
        alternative = markup.escape(message.document.content.decode(errors="replace"))
    text = "\n\n".join(part for part in (message.text, alternative, _asked(message.question, limits)) if part)
    parts = _parts(text, limits, with_document=document is not None)
    poll = message.question if _voted(message.question, limits) else None
    answered = "" if limits.edits else message.answers
    pieces: list[Piece] = []
    for place, part in enumerate(parts):
        last = place == len(parts) - 1
        question = message.question if last and poll is None else None
        if place == 0 and message.edits and limits.edits and document is None:
            pieces.append(Edit(message.edits, part, question))
        else:
            first = place == 0
            pieces.append(
                Send(
                    part,
                    question,
                    document if first else None,
                    (message.edits or answered) if first else "",
                    asks=poll.prompt if last and poll is not None else "",
                ),
            )
    if poll is not None:
        pieces.append(Send(next(iter(markup.split(poll.text, limits.text)), ""), poll))
    return tuple(pieces)


def _voted(question: Question | None, limits: Limits) -> bool:
    return limits.ask is Ask.POLL and is_poll(question)


def is_poll(question: Question | None) -> bool:
    """Whether a question may be voted on: a quiz with one answer is; a menu is words to type.

    With several answers no vote says that it is complete: some applications send one choice in place of the last,
    others a vote for each choice that is switched.
    """
    return (
        question is not None
        and question.form is Form.QUIZ
        and bool(question.choices)
        and not question.multiple
    )


def _parts(text: str, limits: Limits, *, with_document: bool) -> tuple[str, ...]:
    if not with_document:
        return markup.split(text, limits.text)
    return markup.split(text, min(limits.caption, limits.text)) or ("",)


def _asked(question: Question | None, limits: Limits) -> str:
    if question is None:
        return ""
    lines = [question.text] if question.text else []
    if numbered(question, limits):
        lines += [
            f"{place}. {markup.escape(choice.label)}{' ✓' if choice.key in question.chosen else ''}"
            for place, choice in enumerate(question.choices, 1)
        ]
    if question.hint and (limits.ask is not Ask.BUTTONS or not question.choices):
        lines.append(question.hint)
    return "\n".join(lines)


def answer_of(event: Event, prompts: Sequence[Question]) -> Answer | Unreadable | None:
    """What an event answers among the open prompts, the newest first; nothing when no question can be meant.

    A button, a vote or a reply names its prompt in `refers`; a text without one means the newest.
    """
    if event.refers:
        question = next((open_ for open_ in prompts if open_.prompt == event.refers), None)
    else:
        question = prompts[0] if prompts else None
    if question is None:
        return None
    if event.kind is Kind.TEXT:
        keys = read(question, event.text)
    elif event.kind is Kind.CHOOSE:
        keys = _known(question, event.keys)
    else:
        return None
    return Unreadable(question.prompt) if keys is None else Answer(question.prompt, keys)


def _known(question: Question, keys: Sequence[str]) -> tuple[str, ...] | None:
    known = tuple(choice.key for choice in question.choices if choice.key in keys)
    if len(known) != len(set(keys)) or not known:
        return None
    return known if question.multiple or len(known) == 1 else None


_SEPARATORS = re.compile(r"\s*(?:[,;+/&-]|\s(?:et|and)\s|\s)\s*")
_RANGE = re.compile(r"(\w+) (?:à|a|to) (\w+)")
_CLOSING = ".)]:! "
_LONGEST = 1000
"""Characters of the longest text that is looked through for choices: more than six labels have."""


def read(question: Question, text: str) -> tuple[str, ...] | None:
    """The keys that a typed answer names, in the order shown; nothing when it names none.

    "2", "2.", "b", "B)" and the label are one choice; "1 et 3", "1-3", "a, c" and "1 à 3" are several, where several
    may be chosen. The position shown wins over a label that looks like a number.
    """
    if question.form is Form.TEXT:
        return (text.strip(),) if text.strip() else None
    if question.form is Form.NUMBER:
        number = grading.read_number(text, question.unit)
        return None if number is None else (str(number),)
    said = _plain(text[:_LONGEST])
    if not said:
        return None
    if len(text) <= _LONGEST:
        one = _named(question, said)
        if one is not None:
            return (one,)
        if question.multiple and (several := _several(question, said)):
            return several
    return (text.strip(),) if question.free else None


def _several(question: Question, said: str) -> tuple[str, ...] | None:
    order = [choice.key for choice in question.choices]
    if ends := _RANGE.fullmatch(said):
        first, last = (_named(question, end) for end in ends.groups())
        if first is None or last is None:
            return None
        return tuple(order[order.index(first) : order.index(last) + 1]) or None
    words = [word for word in _SEPARATORS.split(said) if word and word not in {"et", "and"}]
    named = {_named(question, word) for word in words}
    if not named or None in named:
        return None
    return tuple(key for key in order if key in named)


def _named(question: Question, said: str) -> str | None:
    said = _unclosed(said)
    for place, choice in enumerate(question.choices, 1):
        if said == str(place) or (place <= 26 and said == chr(ord("a") + place - 1)):
            return choice.key
    for choice in question.choices:
        if said in {_unclosed(_plain(word)) for word in (choice.label, *choice.words)}:
            return choice.key
    return None


def _unclosed(said: str) -> str:
    """Without the marks that people end a choice with; a text of nothing else stays as it is."""
    return said.rstrip(_CLOSING) or said


def _plain(text: str) -> str:
    """A text as it is compared: no case, no typographic variants, single spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return " ".join(folded.split())
