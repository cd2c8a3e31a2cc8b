# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How Telegram refuses: a status, a description in its words, sometimes a time to wait."""

from __future__ import annotations


class Refused(Exception):
    """A call that is answered with an error. `after` is in seconds."""

    def __init__(self, status: int, description: str, after: int | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.after = after

    def body(self) -> dict[str, object]:
        answer: dict[str, object] = {"ok": False, "error_code": self.status, "description": self.description}
        if self.after is not None:
            answer["parameters"] = {"retry_after": self.after}
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
UNAUTHORIZED = Refused(401, "Unauthorized")
NOT_FOUND = Refused(404, "Not Found")
