# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The library's errors, and ours for each.

The library's error tree is no guide: `BadRequest` and `TimedOut` are both `NetworkError`s, and a filtering
proxy's 403 is the same `Forbidden` as a person who blocked the bot.
"""

from __future__ import annotations

from urllib.parse import quote

from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, TelegramError

from bot.channels import (
    ChannelError,
    ChannelFault,
    Contested,
    Failure,
    Gone,
    Oversized,
    Rejected,
    Throttled,
    Uncertain,
    Unreachable,
)
from bot.channels.telegram.request import Halted, NothingLeft, TooLarge

LONGEST = 200
"""Characters of a failure's text."""

_LEFT = (
    "Forbidden: bot was blocked by the user",
    "Forbidden: user is deactivated",
    "Forbidden: bot was kicked",
    "Forbidden: bot can't initiate conversation",
)
_UNCHANGED = "message is not modified"
_LOST = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message to edit",  # it showed a document
)
# What the library adds to Telegram's sentence: a proxy's page, an exception with the address in it.
_ADDED = (". Parsing the server response", ". The server response contained", "Unknown error in HTTP")


class Unchanged(Rejected):
    """The message already shows this."""


class TargetLost(Rejected):
    """The message to change is gone, or cannot be changed."""


def failure(error: Exception, token: str) -> ChannelError:
    """Make ours of one of the library's. Anything not known may have left."""
    text = describe(error, token)
    match error:
        case Forbidden() if error.message.startswith(_LEFT):
            return Gone(text)
        case Forbidden():
            return ChannelFault(
                f"Telegram, or a proxy that answers in its place, forbids every call ({text}): "
                "check channels.telegram.base_url and the proxy of this network"
            )
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
            return _refusal(error, text)
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


def _refusal(error: BadRequest, text: str) -> Failure:
    reason = error.message.casefold()
    if reason.startswith("chat not found"):
        return Gone(text)
    if reason.startswith(_UNCHANGED):
        return Unchanged(text)
    if reason.startswith(_LOST):
        return TargetLost(text)
    if reason.startswith("file is too big"):
        return Oversized(text)
    return Rejected(text)


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
