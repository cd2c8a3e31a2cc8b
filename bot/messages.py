# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The vocabulary between talk and channels: messages and their questions, the pieces that leave, the events that come in.

`bot.fitting` makes pieces of a message, `bot.answers` reads an event as an answer. Texts are Markdown in the small subset
of `lessons.markup`. Nothing here knows a channel, a database or a clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lessons.source import PlacedLesson, Problems


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
    vote: str = ""
    """How to answer, where a poll below the text shows the whole question."""
    submit: str = ""
    """The label of the button that ends a choice of several."""
    unit: str = ""
    """What a number is counted in."""
    beside: tuple[Choice, ...] = ()
    """Actions that answer nothing: buttons in a row of their own. Elsewhere `hint` and `vote` name their words."""
    positive: bool = False
    """A number below zero is not an answer: its dash is a slip, or a bullet of a list."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file. Where files cannot be sent, its `alternative` is said; a text in UTF-8 needs none: what it holds is said."""

    name: str
    media_type: str
    content: bytes
    alternative: str = ""
    """The same in plain text."""
    keys: str = ""
    """Of a JSON object: under which name a channel adds the keys that its own store holds of the reader."""

    def __post_init__(self) -> None:
        if not self.alternative and not self.media_type.startswith(("text/", "application/json")):
            raise ValueError("a document that is no text needs an alternative")


class Art(StrEnum):
    """What can be drawn. Each kind has its template: see `bot.drawing`."""

    CARD = "card"
    """The progress card, a picture (PNG). The text that it comes with says the same."""
    ATTESTATION = "attestation"
    """A paper (PDF), sent as a file. Its facts hold the name of a person: a row loses them when it ends."""

    @property
    def is_paper(self) -> bool:
        """Whether it is sent as a file, and holds what no text beside it says."""
        return self is Art.ATTESTATION


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn when its row leaves. The same facts give the same bytes: a retry shows the same."""

    kind: Art
    facts: Mapping[str, Any]
    """What the template shows, as JSON. What no row holds (see `bot.facts`) is not drawn: what stands for it is said."""
    alternative: str
    """The same in plain text: read to those who do not see it, and said where it cannot be drawn or shown."""
    name: str
    """Of the file."""

    @property
    def is_private(self) -> bool:
        """Whether its facts name a person: they are kept until its row ends, and no longer."""
        return self.kind is Art.ATTESTATION


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is sent. `width` and `height` are in pixels."""

    name: str
    media_type: str
    content: bytes
    width: int
    height: int
    alternative: str
    """Read to those who do not see it; one line of plain text."""


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
    closes: str = ""
    """The outbox key of a message that loses its buttons, and nothing else: what it asked was answered or replaced."""
    aside: str = ""
    """What few read at once, e.g. sources: it comes last, folded where the channel can fold. Its first line is its title."""
    picture: Drawing | None = None
    """Comes with the text, or after it. A message with one edits nothing."""


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
    aside: str = ""
    """Shown after the text, folded where the channel can fold: see `Message.aside`."""
    thread: str = ""
    """The channel's reference of the thread that it belongs to, on channels that have some."""
    drawing: Drawing | None = None
    """Still to be drawn: no channel sees it. The outbound loop puts what was drawn in `picture` or `document`."""
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """A message sent before, shown anew: exactly one call to a channel."""

    of: str
    """The outbox key of the message to change."""
    text: str
    """Empty: the text stays, and the buttons go."""
    question: Question | None = None
    aside: str = ""
    """As in `Send`."""


Piece = Send | Edit


class Ask(StrEnum):
    """What a channel offers to answer with, beside typing."""

    BUTTONS = "buttons"
    POLL = "poll"
    """A quiz with one right answer is voted on in a message of its own, after the text; the rest is typed."""
    TYPING = "typing"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a channel can show. Pure data, so that `bot.fitting` needs no channel."""

    text: int = 4096
    """Longest text of one message, in UTF-16 units after formatting; what is measured is never less."""
    caption: int = 1024
    """Longest text beside a document, likewise; 0: a text stands above its document, in a message of its own."""
    ask: Ask = Ask.TYPING
    label: int = 64
    """Longest label of a button or of a poll's answer; choices with longer ones are numbered in the text."""
    title: int = 0
    """Longest title of a poll, in UTF-16 units; a longer question stands in the text above it."""
    edits: bool = False
    """Whether a message already sent can be changed."""
    documents: bool = False
    """Whether files can be sent."""
    pictures: bool = False
    """Whether pictures can be sent."""
    button_columns: int = 8
    bot: str = ""
    """How people find the bot there, as `@name`; empty where nobody else does, or until the channel is open."""


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
    GREETING = "greeting"
    """The bot or the person entered the conversation, without a word yet: a course moves nowhere for it."""
    GROUP = "group"
    """The bot was added to, or addressed in, a place that is not a direct conversation."""
    UNREADABLE = "unreadable"
    """Something was said that cannot be decrypted. At most one a day has the same id."""
    CLEAR = "clear"
    """Something was said in clear where everything is encrypted: whoever runs the service may have said it. At most one a
    day has the same id."""
    VERIFY = "verify"
    """The person asks to compare devices, which a program cannot. At most one a day has the same id."""


class Doubt(StrEnum):
    """Why the sender of an event may be somebody else than `Event.author` says."""

    CLEAR = "clear"
    """It came in clear: whoever runs the service can write such an event in anybody's name."""
    UNSIGNED = "unsigned"
    """It came from a device that its owner did not sign, or whose it is was not looked at."""
    UNANSWERED = "unanswered"
    """Whose device it is could not be asked."""
    CHANGED = "changed"
    """The device is signed by another identity than the one that is known of this person."""


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file that a person sent and that was not downloaded yet. `size` is in bytes, as the channel says."""

    ref: str
    name: str
    size: int


class Unfetched(StrEnum):
    """Why a file that a person sent could not be read."""

    TOO_BIG = "too_big"
    UNREACHABLE = "unreachable"
    """Its channel did not give it, or not in time."""
    UNREAD = "unread"
    """What it holds could not be read to its end: reading it failed, or took too much."""
    LATE = "late"
    """It was not read in time, or no child process could start: it may be read later."""


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
    command: str | None = None
    """The command that the text is: its name, empty when it is none, `?` for one that nobody knows. Nothing until
    `talk.reception.read` has looked."""
    lesson: PlacedLesson | Problems | Unfetched | None = None
    """What the file holds, once it was downloaded and read; or why it was not."""
    figures: Mapping[str, Mapping[str, int]] | None = None
    """What an admin asks for, once it was counted."""
    sender: str = ""
    """Who did it, where an address names a place rather than a person: their account. At most 255 characters."""
    succeeds: str = ""
    """For a greeting: the address of the same person that this one takes the place of, as that place itself says."""
    message: str = ""
    """The channel's reference of the message, by which a correction names it. At most 255 characters."""
    corrects: bool = False
    """Whether this is the new text of a message that was sent before."""
    thread: str = ""
    """The channel's reference of the thread, or topic, that it was said in: it is answered there."""
    language: str = ""
    """The language of the person's application, as a two-letter code, where the channel tells."""
    age: timedelta = field(default=timedelta(), compare=False)
    """How long ago it happened, where a channel may tell of what is long past: by its own clock alone, since a person whose
    homeserver has a wrong one must not be mute. Told again it is older, and still the same event."""
    receipt: str = ""
    """What `Channel.acknowledge` needs to answer this event at once, e.g. Telegram's callback query id."""
    doubt: Doubt | None = None
    """Why the sender is not trusted; nothing where the service itself vouches for them, as Telegram does."""
    hurried: bool = False
    """Whether more was asked of this kind than is looked up in a minute: the answer says so."""
    identity: str = ""
    """The key that vouches for the sender's device, where the service does not: the same person keeps the same one."""

    @property
    def trusted(self) -> bool:
        """Whether it is sure that the sender is who `author` says: who may publish must be."""
        return self.doubt is None

    @property
    def author(self) -> str:
        """Who did it, as `admins` lists people: `telegram:4711`, `matrix:@a:example.org`."""
        return f"{self.channel}:{self.sender or self.address}"
