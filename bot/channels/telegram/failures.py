# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The library's errors, and ours for each.

The library's error tree is no guide: `BadRequest` and `TimedOut` are both `NetworkError`s, and a proxy's page would be the
same `Forbidden` as a person who blocked the bot, the same `InvalidToken` as a wrong token, the same `Conflict` as another
poller: `request.Foreign` tells it apart by its form.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from urllib.parse import quote

from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, TelegramError

from bot.channels import (
    ChannelError,
    ChannelFault,
    Contested,
    Failure,
    Gone,
    Oversized,
    Refused,
    Rejected,
    Throttled,
    Uncertain,
    Unexplained,
    Unreachable,
)
from bot.channels.telegram.request import Foreign, Halted, NothingLeft, TooLarge

LONGEST = 200
"""Characters of a failure's text."""

_LEFT = (
    "bot was blocked by the user",
    "user is deactivated",
    "the user was deactivated",
    "bot can't initiate conversation",
    "bot was kicked",
    "bot is not a member",
    "the group chat was deleted",
)
"""403: nothing more can reach the chat."""
_ERROR_CODE = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+")
"""An error of Telegram's core, PEER_ID_INVALID for example. The library leaves a capital to the first letter only."""
_CONTENT_WORD = re.compile(
    r"\b(?:button|captions?|content|data|document|emoji|emoticon|entit(?:y|ies)|file|image|keyboard|markup|media|message"
    r"|msg|photo|poll|quiz|reply|sticker|text|url|webpage)\b"
)
"""Words by which an error in capitals is about what was sent: BUTTON_USER_INVALID, not CHAT_SEND_MEDIA_FORBIDDEN."""
_CONTENT = (
    "message is too long",
    "message text is empty",
    "message caption",
    "message must be",
    "text must be",
    "text is too long",
    "text buttons",
    "caption",
    "can't parse",
    "can't find end",
    "unsupported",
    "button",
    "buttons",
    "inline keyboard",
    "reply markup",
    "wrong http url",
    "wrong file",
    "wrong remote file",
    "wrong type of the web page",
    "wrong type of file",
    "file ",
    "failed to get http url",
    "can't use file",
    "document",
    "media",
    "photo",
    "poll",
    "strings must be",
)
"""How Telegram's sentences about content begin."""
_CHAT = re.compile(
    r"\b(?:admin\w*|allow|blocked|bots?|channels?|chats?|contact|deactivated|forbidden|forum|groups?|kicked"
    r"|members?|participants?|peers?|permissions?|premium|privacy|restricted|rights?|slowmode|supergroups?|threads?|topics?"
    r"|users?|you)\b"
)
"""Words that make a refusal one about the chat: in a sentence that does not begin like one about content, or in an error in
capitals without an earlier word about content."""
_ONE_CALL = (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_TIMEOUT)
"""Statuses that a proxy may answer to one call and not to the next."""
_UNCHANGED = "message is not modified"
_TOO_BIG = re.compile(r"file (?:\S+ )?(?:of size \d+ bytes )?is too big\b")
"""Also « file of size 18247428 bytes is too big for a photo; the maximum size is 10485760 bytes »."""
_LOST = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message to edit",  # it showed a document
)
_PARAMETERS = ". the server response contained"
# What the library adds to Telegram's sentence: a proxy's page, an exception with the address in it.
_ADDED = (". Parsing the server response", ". The server response contained", "Unknown error in HTTP")


class Unchanged(Rejected):
    """The message already shows this."""


class TargetLost(Rejected):
    """The message to change is gone, or cannot be changed."""


def failure(error: Exception, token: str) -> ChannelError:
    """Make ours of one of the library's. Anything not known may have left.

    A refusal in the Bot API's own form is about the bot, the chat or the content; a page in its place is a proxy's.
    """
    text = describe(error, token)
    match error:
        case Foreign(status=status) if status not in _ONE_CALL:
            return ChannelFault(
                f"A proxy answers in Telegram's place and forbids every call ({text}): "
                "check channels.telegram.base_url and the proxy of this network"
            )
        case Forbidden():
            return Gone(text) if _sentence(error).startswith(_LEFT) else Refused(text)
        case InvalidToken():
            return ChannelFault(
                f"Telegram does not know this bot ({text}): check channels.telegram.token and base_url",
                fatal=True,
            )
        case Conflict():
            return Contested(
                f"another process receives with this token ({text}): stop it, or give each its own token"
            )
        case BadRequest():
            return _refusal(_sentence(error), text)
        case ChatMigrated():
            return Gone("the group became a supergroup")
        case Halted():
            return Throttled(error.after)
        case NothingLeft():
            return Unreachable(text)
        case TooLarge():
            return Oversized(text)
        case _:
            return Uncertain(text)


def _sentence(error: TelegramError) -> str:
    """Return what Telegram said, in small letters and without what it or the library adds."""
    said, _, _ = error.message.casefold().partition(_PARAMETERS)
    return said.removeprefix("bad request: ").removeprefix("forbidden: ").strip()


def _refusal(reason: str, text: str) -> Failure:
    if reason.startswith(_UNCHANGED):
        return Unchanged(text)
    if reason.startswith(_LOST):
        return TargetLost(text)
    if _TOO_BIG.match(reason):
        return Oversized(text)
    words = reason.replace("_", " ")
    content, chat = _CONTENT_WORD.search(words), _CHAT.search(words)
    is_code = _ERROR_CODE.fullmatch(reason) is not None
    # In an error in capitals, the first known word decides.
    comes_first = content is not None and (chat is None or content.start() < chat.start())
    if comes_first if is_code else reason.startswith(_CONTENT):
        return Rejected(text)
    return Refused(text) if chat is not None else Unexplained(text)


def describe(error: Exception, token: str) -> str:
    """Tell the class and Telegram's own sentence on one line, without the token: errors quote addresses."""
    name = type(error).__name__
    if not isinstance(error, TelegramError):
        return name
    sentence = error.message
    for added in _ADDED:
        sentence = sentence.partition(added)[0]
    for secret in (token, quote(token, safe="")):
        sentence = sentence.replace(secret, "…")
    sentence = " ".join(sentence.split())
    return f"{name}: {sentence}"[:LONGEST] if sentence else name
