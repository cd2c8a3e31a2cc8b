# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How Telegram refuses: a status, a description in its words, sometimes a time to wait or the chat that came after."""

from __future__ import annotations


class Refused(Exception):
    """A call that is answered with an error. `after` is in seconds."""

    def __init__(
        self, status: int, description: str, after: int | None = None, migrated: int | None = None
    ) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.after = after
        self.migrated = migrated

    def body(self) -> dict[str, object]:
        answer: dict[str, object] = {"ok": False, "error_code": self.status, "description": self.description}
        if self.after is not None:
            answer["parameters"] = {"retry_after": self.after}
        if self.migrated is not None:
            answer["parameters"] = {"migrate_to_chat_id": self.migrated}
        return answer


def bad(reason: str) -> Refused:
    return Refused(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> Refused:
    return Refused(403, f"Forbidden: {reason}")


def too_many(after: int) -> Refused:
    return Refused(429, f"Too Many Requests: retry after {after}", after)


CONFLICT = Refused(
    409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)
WEBHOOK_ACTIVE = Refused(
    409,
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
)
SET_WEBHOOK = Refused(409, "Conflict: terminated by setWebhook request")
BLOCKED = forbidden("bot was blocked by the user")
UPGRADED = "Bad Request: group chat was upgraded to a supergroup chat"
UNAUTHORIZED = Refused(401, "Unauthorized")
NOT_FOUND = Refused(404, "Not Found")

# The server's own sentences, from tdlib/telegram-bot-api and TDLib; in capitals, what Telegram's core says, passed on.
LEFT = (
    "Forbidden: bot was blocked by the user",
    "Forbidden: user is deactivated",
    "Forbidden: the user was deactivated",
    "Forbidden: bot can't initiate conversation with a user",
    "Forbidden: bot was kicked from the group chat",
    "Forbidden: bot was kicked from the supergroup chat",
    "Forbidden: bot is not a member of the supergroup chat",
    "Forbidden: bot is not a member of the channel chat",
    "Forbidden: the group chat was deleted",
)
"""A chat is closed to the bot for good."""
REFUSES = (
    "Bad Request: chat not found",
    "Bad Request: private chat not found",
    "Bad Request: user not found",
    "Bad Request: PEER_ID_INVALID",
    "Bad Request: USER_IS_BLOCKED",
    "Bad Request: INPUT_USER_DEACTIVATED",
    "Bad Request: CHAT_WRITE_FORBIDDEN",
    "Bad Request: CHAT_RESTRICTED",
    "Bad Request: CHAT_SEND_PLAIN_FORBIDDEN",
    "Bad Request: CHAT_SEND_MEDIA_FORBIDDEN",
    "Bad Request: CHAT_SEND_POLL_FORBIDDEN",
    "Bad Request: USER_MESSAGE_FORBIDDEN",
    "Bad Request: PEER_TEXT_INVALID",
    "Bad Request: can't send it: CHAT_SEND_PHOTOS_FORBIDDEN",
    "Bad Request: CHANNEL_PRIVATE",
    "Bad Request: TOPIC_CLOSED",
    "Bad Request: TOPIC_DELETED",
    "Bad Request: message thread not found",
    "Bad Request: not enough rights to send text messages to the chat",
    "Bad Request: not enough rights to send photos to the chat",
    "Bad Request: have no rights to send a message",
    "Bad Request: need administrator rights in the channel chat",
    "Bad Request: can't access the chat",
    "Bad Request: the chat is restricted",
    "Bad Request: group chat was deactivated",
    "Forbidden: CHAT_WRITE_FORBIDDEN",
    "Forbidden: user privacy settings do not allow this",
    "Forbidden: something that nobody has seen yet",
)
"""A chat refuses what is sent to it; it may take the next."""
TOO_MUCH = (
    "Bad Request: message is too long",
    "Bad Request: MESSAGE_TOO_LONG",
    "Bad Request: message text is empty",
    "Bad Request: message caption is too long",
    "Bad Request: MEDIA_CAPTION_TOO_LONG",
    'Bad Request: can\'t parse entities: Unsupported start tag "br" at byte offset 12',
    "Bad Request: can't parse reply keyboard markup JSON object",
    "Bad Request: ENTITIES_TOO_LONG",
    "Bad Request: ENTITY_MENTION_USER_INVALID",
    "Bad Request: BUTTON_DATA_INVALID",
    "Bad Request: BUTTON_USER_INVALID",
    "Bad Request: REPLY_MARKUP_TOO_LONG",
    "Bad Request: inline keyboard button URL 'x' is invalid: Wrong HTTP URL",
    "Bad Request: file must be non-empty",
    "Bad Request: wrong file identifier/HTTP URL specified",
    "Bad Request: FILE_PART_0_MISSING",
    "Bad Request: caption is too long",
    "Bad Request: PHOTO_INVALID_DIMENSIONS",
    "Bad Request: PHOTO_EXT_INVALID",
    "Bad Request: PHOTO_SAVE_FILE_INVALID",
    "Bad Request: IMAGE_PROCESS_FAILED",
)
"""Telegram refuses the content, whatever the chat."""
TOO_BIG = (
    "Bad Request: file is too big",
    "Bad Request: file of size 18247428 bytes is too big for a photo; the maximum size is 10485760 bytes",
    'Bad Request: file "/tmp/1/photo.png" of size 18247428 bytes is too big for a photo',
    "Request Entity Too Large",
)
"""The file is too large."""
UNKNOWN = ("Bad Request: something that nobody has seen yet", "Bad Request: SOMETHING_NEW", "Bad Request", "")
"""In Telegram's form, and of no known meaning."""


def refusal(description: str) -> Refused:
    """What is answered to whatever is sent, from the sentence alone."""
    statuses = {"Bad Request": 400, "Forbidden": 403, "Request Entity Too Large": 413}
    status = statuses[description.partition(":")[0]]
    return Refused(status, description, migrated=-1_000_000_000_001 if description == UPGRADED else None)
