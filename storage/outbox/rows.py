# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The rows of the outbox: queued, claimed, marked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import literal_column

REPLY, SCHEDULED = 0, 1
"""Priorities: replies, for which a person waits, go before planned messages."""


# A literal, not a parameter: SQLite uses a partial index only when it can see the condition.
WAITING = literal_column("outbox.state") == literal_column("'waiting'")


@dataclass(frozen=True, slots=True)
class Draft:
    """A row to be queued for one address."""

    key: str
    address_id: int
    channel: str
    content: dict[str, Any]
    kind: str = "reply"
    priority: int = REPLY
    enrolment_id: int | None = None
    version: str | None = None
    prompt: str | None = None
    target: str | None = None
    """Key of the message that this one changes or replies to."""
    not_after: datetime | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row that may be sent now, with what is needed to render it."""

    id: int
    key: str
    kind: str
    priority: int
    attempts: int
    not_after: datetime | None
    content: dict[str, Any]
    version: str | None
    prompt: str | None
    target: str | None
    target_ref: str | None
    enrolment_id: int | None
    address_id: int
    address: str
    learner_id: str
    language: str
    state: str
    """The learner's."""
    held: bool | None
    """Whether the lesson it shows is held back."""
    given_at: datetime | None
    """When anybody first received the lesson version that it shows."""
    refusals: int
    """The address's, in a row, since it received something."""
    created_at: datetime


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A claimed row whose process ended before it marked the row."""

    id: int
    address_id: int
    priority: int
    attempts: int
    token: str

    def same_device(self, token: str) -> bool:
        """Tell whether the device that sends under `token` is the one that claimed it."""
        return self.token[:8] == token[:8]


@dataclass(frozen=True, slots=True)
class Mark:
    """The outcome of one attempt. `state` is `waiting` when the row is retried at `retry_at`."""

    row: int
    address_id: int
    state: str
    at: datetime
    ref: str = ""
    reason: str = ""
    retry_at: datetime | None = None
