# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Reading of updates: what one says becomes an `Event`, bounded and cleaned, or is dropped."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from telegram import CallbackQuery, Chat, ChatMemberUpdated, Message, Update, User
from telegram.constants import ChatMemberStatus, ChatType, MessageEntityType

from bot.channels.cleaning import LONGEST_TEXT, file_name, line, paragraphs, unaddressed
from bot.channels.telegram.keyboard import press
from bot.messages import Event, FileRef, Kind

LONGEST_RECEIPT = 64
"""Characters of a callback query's id."""

_COMMAND = re.compile(r"(/\w{1,32})@(\w{1,64})")
_FILE_ID = re.compile(r"[A-Za-z0-9_-]{1,255}")
_LANGUAGE = re.compile(r"([a-z]{2})(?:-.*)?", re.IGNORECASE)
_PRESENT = {
    ChatMemberStatus.OWNER,
    ChatMemberStatus.ADMINISTRATOR,
    ChatMemberStatus.MEMBER,
    ChatMemberStatus.RESTRICTED,
}
_GROUPS = {ChatType.GROUP, ChatType.SUPERGROUP}


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is: its account's number and user name."""

    id: int
    name: str


def event_of(update: Update, me: Identity, now: datetime) -> Event | None:
    """Return what a person did; nothing for what says nothing to us. `now`: for presses, which carry no time."""
    if update.message is not None:
        return _message(update.update_id, update.message, me)
    if update.edited_message is not None:
        return _correction(update.update_id, update.edited_message, me)
    if update.callback_query is not None:
        return _press(update.update_id, update.callback_query, now)
    if update.my_chat_member is not None:
        return _membership(update.update_id, update.my_chat_member)
    return None


def _id(update_id: int, about: int) -> str:
    # Update ids start anew at random after an idle week; with the message's number (or the second) beside it,
    # no pair comes again. The chat's number would do as well, but leave a person's address among the ids.
    return f"u{update_id}.{about}"


def _person(event_id: str, chat: Chat, user: User | None, at: datetime) -> Event | None:
    """Make an event of someone who speaks for themselves in their own direct chat, yet without its content."""
    if user is None or user.is_bot or chat.type != ChatType.PRIVATE or user.id != chat.id:
        return None
    language = _LANGUAGE.fullmatch(user.language_code or "")
    return Event(
        "telegram",
        event_id,
        str(chat.id),
        at,
        language=language[1].lower() if language else "",
    )


def _group(event_id: str, chat: Chat, at: datetime) -> Event:
    return Event("telegram", event_id, str(chat.id), at, Kind.GROUP)


def _message(update_id: int, message: Message, me: Identity) -> Event | None:
    event_id = _id(update_id, message.message_id)
    if message.chat.type in _GROUPS:
        sender = message.from_user
        if sender is None or sender.is_bot or not _addressed(message, me):
            return None
        return _group(event_id, message.chat, message.date)
    event = _person(event_id, message.chat, message.from_user, message.date)
    if event is None:
        return None
    text = _without_own_name(paragraphs(message.text or message.caption or "", LONGEST_TEXT), me)
    event = replace(
        event,
        text=text,
        reply_to=_reply_to(message, me),
        message=str(message.message_id),
        thread=_thread(message),
    )
    if message.document is not None and _FILE_ID.fullmatch(message.document.file_id):
        name = file_name(message.document.file_name or "")
        return replace(
            event,
            kind=Kind.FILE,
            file=FileRef(message.document.file_id, name, max(message.document.file_size or 0, 0)),
        )
    # A photo, a voice message or a sticker is an empty text, answered with help; a pinned message is no word.
    spoken = message.text is not None or message.effective_attachment is not None
    return event if spoken else None


def _correction(update_id: int, message: Message, me: Identity) -> Event | None:
    """Read the new text of a message; nothing for another kind of message, and for what is said in a group."""
    if message.text is None or message.chat.type in _GROUPS:
        return None
    event = _message(update_id, message, me)
    return None if event is None else replace(event, at=message.edit_date or message.date, corrects=True)


def _thread(message: Message) -> str:
    """Return the topic that a message is in, where the bot's chat has topics."""
    return str(message.message_thread_id) if message.is_topic_message and message.message_thread_id else ""


def _press(update_id: int, query: CallbackQuery, now: datetime) -> Event | None:
    pressed = press(query.data or "")
    if pressed is None or query.message is None:
        return None
    event = _person(_id(update_id, query.message.message_id), query.message.chat, query.from_user, now)
    if event is None:
        return None
    return replace(
        event,
        kind=pressed.kind,
        refers=pressed.prompt,
        keys=pressed.keys,
        thread=_thread(query.message) if isinstance(query.message, Message) else "",
        receipt=line(query.id, LONGEST_RECEIPT),
    )


def _membership(update_id: int, change: ChatMemberUpdated) -> Event | None:
    event_id = _id(update_id, int(change.date.timestamp()))
    status = change.new_chat_member.status
    if change.chat.type in _GROUPS:
        came = status in _PRESENT and change.old_chat_member.status not in _PRESENT
        return _group(event_id, change.chat, change.date) if came else None
    event = _person(event_id, change.chat, change.from_user, change.date)
    if event is None:
        return None
    if status == ChatMemberStatus.BANNED:
        return replace(event, kind=Kind.LEFT)
    return replace(event, kind=Kind.BACK) if status == ChatMemberStatus.MEMBER else None


def _addressed(message: Message, me: Identity) -> bool:
    """Return whether a word in a group is for the bot: a command (no one else's), its name, or a reply to it."""
    if _reply_to(message, me):
        return True
    for entity, word in message.parse_entities(
        [MessageEntityType.BOT_COMMAND, MessageEntityType.MENTION]
    ).items():
        command, _, name = word.partition("@")
        if name.casefold() == me.name.casefold() or (
            entity.type == MessageEntityType.BOT_COMMAND and not name and command
        ):
            return True
    return False


def _reply_to(message: Message, me: Identity) -> str:
    answered = message.reply_to_message
    if answered is None or answered.from_user is None or answered.from_user.id != me.id:
        return ""
    return str(answered.message_id)


def _without_own_name(text: str, me: Identity) -> str:
    """Make `/aide` of `/aide@OurBot`, and `aide` of `@OurBot aide`."""
    command = _COMMAND.match(text)
    if command is None or command[2].casefold() != me.name.casefold():
        return unaddressed(text, (me.name,))
    return command[1] + text[command.end() :]
