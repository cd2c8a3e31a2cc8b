# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What the emulated Telegram remembers: chats and their messages, updates, presses, files, rates."""

from __future__ import annotations

import asyncio
import base64
import math
import secrets
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.telegram.errors import BLOCKED, bad, forbidden, refusal, too_many
from tests.telegram.updates import Updates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Object = dict[str, Any]


@dataclass(slots=True)
class Document:
    """A file, whoever sent it. `size` is what Telegram says of it."""

    id: str
    name: str
    media_type: str
    content: bytes
    size: int

    def told(self) -> Object:
        return {
            "file_id": self.id,
            "file_unique_id": self.id[-8:],
            "file_name": self.name,
            "mime_type": self.media_type,
            "file_size": self.size,
        }


@dataclass(slots=True)
class Photo:
    """A picture of the bot, in pixels. Telegram itself keeps no name, and makes JPEG of it; here the bytes stay."""

    file: Document
    width: int
    height: int

    def told(self) -> list[Object]:
        kept = ("file_id", "file_unique_id", "file_size")
        size = {name: value for name, value in self.file.told().items() if name in kept}
        return [{**size, "width": self.width, "height": self.height}]


@dataclass(slots=True)
class Posted:
    """A message of the bot, as it is now."""

    id: int
    text: str
    html: str
    entities: list[Object]
    buttons: list[list[Object]]
    reply_to: int | None
    at: float
    document: Document | None = None
    photo: Photo | None = None
    edits: int = 0
    edited_at: float = 0.0

    @property
    def file(self) -> Document | None:
        """What the text is the caption of."""
        return self.photo.file if self.photo else self.document

    def shown(self) -> Object:
        """The message for a screen."""
        content = self.file.content if self.file else b""
        return {
            "id": self.id,
            "text": self.text,
            "html": self.html,
            "entities": self.entities,
            "buttons": self.buttons,
            "edits": self.edits,
            "reply_to": self.reply_to,
            "document": self.document.name if self.document else None,
            "photo": [self.photo.width, self.photo.height] if self.photo else None,
            "content": base64.b64encode(content).decode(),
            "at": self.at,
        }


@dataclass(slots=True)
class Chat:
    """A conversation; `away` is why the bot cannot write to it, `refuses` what it answers to everything all the same."""

    id: int
    about: Object
    away: str = ""
    refuses: str = ""
    last_id: int = 0
    posted: dict[int, Posted] = field(default_factory=dict)
    said: dict[int, Object] = field(default_factory=dict)
    topics: set[int] = field(default_factory=set)
    version: int = 0
    lookers: set[asyncio.Future[None]] = field(default_factory=set)

    def next_id(self) -> int:
        self.last_id += 1
        return self.last_id

    def touch(self) -> None:
        """The screen has changed."""
        self.version += 1
        for looker in self.lookers:
            if not looker.done():
                looker.set_result(None)
        self.lookers.clear()


@dataclass(slots=True)
class Query:
    """A press that wants an answer."""

    id: str
    chat: int
    message: int
    at: float
    stale: bool = False
    notice: str | None = None
    answered_at: float = 0.0
    answered: asyncio.Event = field(default_factory=asyncio.Event)


class Rate:
    """How many messages may go in any window of some seconds."""

    def __init__(self, count: float, seconds: float) -> None:
        self._count = max(1, int(count * seconds))
        self._seconds = seconds
        self._sent: dict[int, deque[float]] = {}

    def wait(self, key: int, now: float) -> float:
        """Seconds until one more may go; 0 when it may now."""
        sent = self._sent.setdefault(key, deque())
        while sent and sent[0] <= now - self._seconds:
            sent.popleft()
        return sent[0] + self._seconds - now if len(sent) >= self._count else 0.0

    def spend(self, key: int, now: float) -> None:
        self._sent[key].append(now)


class World:
    """Everything that one bot's Telegram remembers. `kept` bounds the messages remembered of a chat."""

    def __init__(self, token: str, kept: int | None = None) -> None:
        bot = int(token.partition(":")[0])
        self.bot: Object = {
            "id": bot,
            "is_bot": True,
            "first_name": "Emulated",
            "username": "emulated_bot",
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }
        self.author: Object = {name: self.bot[name] for name in ("id", "is_bot", "first_name", "username")}
        self.updates = Updates()
        self.chats: dict[int, Chat] = {}
        self.people: dict[int, Object] = {}
        self.queries: dict[str, Query] = {}
        self.files: dict[str, Document] = {}
        self.profile: dict[str, Any] = {}
        self.account_rate: Rate | None = None
        self.chat_rate: Rate | None = None
        self._kept = kept

    def reach(self, chat_id: str) -> Chat:
        """The chat that a call names, if the bot may write to it. Raises `Refused`."""
        raw = chat_id.strip()
        if not raw:
            raise bad("chat_id is empty")
        chat = self.chats.get(int(raw)) if raw.removeprefix("-").isdecimal() else None
        if chat is None:
            raise bad("chat not found")
        if chat.refuses:
            raise refusal(chat.refuses)
        if chat.away == "blocked":
            raise BLOCKED
        if chat.away:
            raise forbidden(chat.away)
        return chat

    def pace(self, chat: Chat) -> None:
        """Count a new message against the rates. Raises `Refused` with the time to wait."""
        now = time.monotonic()
        rates = [(self.account_rate, 0), (self.chat_rate, chat.id)]
        wait = max((rate.wait(key, now) for rate, key in rates if rate), default=0.0)
        if wait > 0:
            raise too_many(max(1, math.ceil(wait)))
        for rate, key in rates:
            if rate:
                rate.spend(key, now)

    def post(self, chat: Chat, posted: Posted) -> Object:
        """Show a new message of the bot."""
        chat.posted[posted.id] = posted
        if self._kept is not None and len(chat.posted) > self._kept:
            del chat.posted[next(iter(chat.posted))]
        chat.touch()
        return self.told(chat, posted)

    def told(self, chat: Chat, posted: Posted) -> Object:
        """A message of the bot as the API tells it."""
        message: Object = {
            "message_id": posted.id,
            "from": self.author,
            "chat": chat.about,
            "date": int(posted.at),
        }
        name = "caption" if posted.file else "text"
        if posted.document:
            message["document"] = posted.document.told()
        if posted.photo:
            message["photo"] = posted.photo.told()
        if posted.text:
            message[name] = posted.text
        if posted.entities:
            message["caption_entities" if posted.file else "entities"] = posted.entities
        if posted.buttons:
            message["reply_markup"] = {"inline_keyboard": posted.buttons}
        if posted.edits:
            message["edit_date"] = int(time.time())
        if posted.reply_to is not None and (original := self.message(chat, posted.reply_to)):
            message["reply_to_message"] = original
        return message

    def message(self, chat: Chat, message_id: int) -> Object | None:
        """A message of either side as the API tells it, without what it replied to."""
        posted = chat.posted.get(message_id)
        told = self.told(chat, posted) if posted else chat.said.get(message_id)
        if told is None:
            return None
        return {name: value for name, value in told.items() if name != "reply_to_message"}

    def keep(self, name: str, media_type: str, content: bytes, size: int) -> Document:
        """Store a file."""
        document = Document(secrets.token_urlsafe(30), name, media_type, content, size)
        self.files[document.id] = document
        return document

    def ask(self, chat: Chat, update: Mapping[str, Any]) -> str:
        """Queue a press; returns the query's id."""
        query = Query(str(secrets.randbits(62)), chat.id, int(update["message"]["message_id"]), time.time())
        self.queries[query.id] = query
        self.updates.push({"callback_query": {"id": query.id, "chat_instance": str(chat.id), **update}})
        return query.id

    def remember(self, what: str, key: str, value: str | Sequence[Object]) -> None:
        """What the bot says of itself: commands by scope and language, descriptions by language."""
        if what == "commands":
            self.profile.setdefault("commands", {})[key] = value
        else:
            self.profile[f"{what}/{key}"] = value
