# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Reading of updates: what one says becomes an `Event`, bounded and cleaned, or is dropped."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from telegram import CallbackQuery, Chat, ChatMemberUpdated, Message, Update, User
from telegram.constants import ChatMemberStatus, ChatType, MessageEntityType

from bot.channels.cleaning import LONGEST_TEXT, file_name, line, number, paragraphs, unaddressed
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
_SERVICE = (
    "boost_added",
    "channel_chat_created",
    "chat_background_set",
    "chat_owner_changed",
    "chat_owner_left",
    "chat_shared",
    "checklist_tasks_added",
    "checklist_tasks_done",
    "connected_website",
    "delete_chat_photo",
    "direct_message_price_changed",
    "forum_topic_closed",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_reopened",
    "general_forum_topic_hidden",
    "general_forum_topic_unhidden",
    "gift",
    "gift_upgrade_sent",
    "giveaway_completed",
    "giveaway_created",
    "group_chat_created",
    "left_chat_member",
    "managed_bot_created",
    "message_auto_delete_timer_changed",
    "migrate_from_chat_id",
    "migrate_to_chat_id",
    "new_chat_members",
    "new_chat_photo",
    "new_chat_title",
    "paid_message_price_changed",
    "passport_data",
    "pinned_message",
    "poll_option_added",
    "poll_option_deleted",
    "proximity_alert_triggered",
    "refunded_payment",
    "successful_payment",
    "suggested_post_approval_failed",
    "suggested_post_approved",
    "suggested_post_declined",
    "suggested_post_paid",
    "suggested_post_refunded",
    "supergroup_chat_created",
    "unique_gift",
    "users_shared",
    "video_chat_ended",
    "video_chat_participants_invited",
    "video_chat_scheduled",
    "video_chat_started",
    "web_app_data",
    "write_access_allowed",
)
"""Fields of service messages: Bot API 9.5, as `telegram.ext.filters.StatusUpdate` of 22.8 lists them."""
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


def essential(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return a raw update with no more than what is read of it, and with what the library insists on."""
    kept: dict[str, Any] = {"update_id": raw["update_id"]}
    if (message := raw.get("message")) is not None:
        kept["message"] = _essential_message(message)
    elif (edited := raw.get("edited_message")) is not None:
        kept["edited_message"] = {**_essential_message(edited), **_some(edited, "edit_date")}
    elif (query := raw.get("callback_query")) is not None:
        kept["callback_query"] = {
            **_some(query, "id", "data"),
            "from": _account(query.get("from")),
            "message": _essential_message(query.get("message") or {}),
            "chat_instance": "",
        }
    elif (change := raw.get("my_chat_member")) is not None:
        kept["my_chat_member"] = {
            **_some(change, "date", "chat"),
            "from": _account(change.get("from")),
            **{name: _member(change.get(name)) for name in ("old_chat_member", "new_chat_member")},
        }
    return kept


def _essential_message(message: Mapping[str, Any]) -> dict[str, Any]:
    words = (message.get(name) for name in ("text", "caption"))
    kept = {
        **_some(message, "message_id", "date"),
        "chat": _some(message.get("chat") or {}, "id", "type"),
        "from": _account(message.get("from")),
        "text": next((text for text in words if isinstance(text, str)), ""),
    }
    document, answered = message.get("document"), message.get("reply_to_message")
    if isinstance(document, dict) and isinstance(document.get("file_id"), str):
        name, size = document.get("file_name"), document.get("file_size")
        kept["document"] = {
            "file_id": document["file_id"],
            "file_unique_id": "",
            "file_name": name if isinstance(name, str) else "",
            "file_size": size if isinstance(size, int) else 0,
        }
    if isinstance(answered, dict) and isinstance(answered.get("message_id"), int):
        author = _account(answered.get("from"))
        kept["reply_to_message"] = {
            **_some(kept, "chat", "date"),
            "message_id": answered["message_id"],
            "from": author,
        }
    return kept


def _some(of: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: of[name] for name in names if name in of}


def _account(account: object) -> dict[str, Any] | None:
    if not isinstance(account, dict) or not isinstance(account.get("id"), int):
        return None
    language = account.get("language_code")
    return {
        "id": account["id"],
        "is_bot": account.get("is_bot") is True,
        "first_name": "",
        "language_code": language if isinstance(language, str) else "",
    }


def _member(member: object) -> dict[str, Any]:
    """Return whether somebody is there: a restricted member is, and the library wants a dozen fields of one."""
    if not isinstance(member, dict):
        return {"status": ChatMemberStatus.LEFT, "user": None}
    there = member.get("status") in _PRESENT
    status = ChatMemberStatus.MEMBER if there else member.get("status")
    return {"status": status, "user": _account(member.get("user")), "until_date": 0}


def _id(update_id: int, about: int) -> str:
    # Update ids start anew at random after an idle week; with the message's number (or the second) beside it,
    # no pair comes again. The chat's number would do as well, but leave a person's address among the ids.
    update, what = number(update_id), number(about)
    return f"u{update}.{what}" if update and what else ""


def _person(event_id: str, chat: Chat, user: User | None, at: datetime) -> Event | None:
    """Make an event of someone who speaks for themselves in their own direct chat, yet without its content."""
    if user is None or user.is_bot or chat.type != ChatType.PRIVATE or user.id != chat.id:
        return None
    language = _LANGUAGE.fullmatch(user.language_code or "")
    if not event_id or not number(chat.id) or not at:  # the library makes nothing of a date that is null
        return None
    return Event(
        "telegram",
        event_id,
        str(chat.id),
        at,
        language=language[1].lower() if language else "",
    )


def _group(event_id: str, chat: Chat, at: datetime) -> Event | None:
    if not event_id or not number(chat.id) or not at:  # the library makes nothing of a date that is null
        return None
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
    text = _without_own_name(paragraphs(_with_links(message), LONGEST_TEXT), me)
    event = replace(
        event,
        text=text,
        reply_to=_reply_to(message, me),
        message=number(message.message_id),
        thread=_thread(message),
    )
    if message.document is not None and _FILE_ID.fullmatch(message.document.file_id):
        name = file_name(message.document.file_name or "")
        return replace(
            event,
            kind=Kind.FILE,
            file=FileRef(message.document.file_id, name, max(message.document.file_size or 0, 0)),
        )
    # A photo, a checklist, or what the library does not know yet is an empty text, answered with help.
    return None if _is_service(message) else event


def _is_service(message: Message) -> bool:
    """Tell a message that Telegram itself writes into a chat, as when something is pinned: nobody says it."""
    return any(getattr(message, name, None) or name in message.api_kwargs for name in _SERVICE)


def _with_links(message: Message) -> str:
    """Return the text with the address behind each link that hides one: what an admin announces keeps its links."""
    text = message.text or message.caption or ""
    hidden = [
        entity
        for entity in message.entities or message.caption_entities
        if entity.type == MessageEntityType.TEXT_LINK and entity.url
    ]
    units = text.encode("utf-16-le", "surrogatepass")  # what offsets count, two bytes each
    for entity in sorted(hidden, key=lambda entity: entity.offset, reverse=True):
        start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
        label, url = units[start:end].decode("utf-16-le", "replace"), str(entity.url)
        if label.strip().rstrip("/") not in (url.rstrip("/"), url.partition("://")[2].rstrip("/")):
            units = units[:end] + f" ({url})".encode("utf-16-le", "surrogatepass") + units[end:]
    return units.decode("utf-16-le", "surrogatepass")


def _correction(update_id: int, message: Message, me: Identity) -> Event | None:
    """Read the new text of a message or of a caption; None without a text, and in groups."""
    if not (message.text or message.caption) or message.chat.type in _GROUPS:
        return None
    event = _message(update_id, message, me)
    if event is None:
        return None
    # The file was read when the message came; only its caption is new.
    at = message.edit_date or message.date
    return replace(event, kind=Kind.TEXT, file=None, at=at, corrects=True)


def _thread(message: Message) -> str:
    """Return the topic that a message is in, where the bot's chat has topics."""
    return number(message.message_thread_id) if message.is_topic_message and message.message_thread_id else ""


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
    return number(answered.message_id)


def _without_own_name(text: str, me: Identity) -> str:
    """Make `/aide` of `/aide@OurBot`, and `aide` of `@OurBot aide`."""
    command = _COMMAND.match(text)
    if command is None or command[2].casefold() != me.name.casefold():
        return unaddressed(text, (me.name,))
    return command[1] + text[command.end() :]
