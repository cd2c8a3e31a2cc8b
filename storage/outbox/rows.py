# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The rows of the outbox: queued, claimed, marked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, literal, literal_column

from storage.tables import outbox
from storage.types import UNREADABLE

REPLY, SCHEDULED, STRANGER = 0, 1, 2
"""Priorities. Replies, for which a learner waits, go first. Replies to strangers, who have not accepted the notice, take
turns with planned messages: neither a broadcast nor 2,500 strangers at once hold the others up."""


REFERENCE = 255
"""Characters kept of the reference that a channel gives."""
GOODBYE = "goodbye"
"""The kind of a reply that is the last word to somebody erased: what ends it deletes the address."""

# A literal, not a parameter: SQLite uses a partial index only when it can see the condition.
WAITING = literal_column("outbox.state") == literal_column("'waiting'")
TRANSIENT: ColumnElement[bool] = literal_column("outbox.transient")
ENDED_CONTENT = case((TRANSIENT, literal({}, outbox.c.content.type)), else_=outbox.c.content)
"""What each statement that ends a row leaves of its content: nothing of a transient one."""


def stem_of(key: str) -> str:
    """Return what the keys of the pieces of one message have in common: all up to their last separator."""
    return key.rpartition("." if key.startswith("reply:") else ":")[0]


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
    transient: bool = False
    """Whether its content is blanked when it ends, however it ends."""


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
    """Empty when it is sealed and cannot be opened."""
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
    newest: str | None = None
    """For a row with a target, the key of the last message that was sent to the address."""
    transient: bool = False
    """Whether its content is blanked when it ends."""
    drawing_refused: bool = False
    """Whether the channel refused what it draws: its text leaves instead."""
    asked_before: bool = False
    """Whether its prompt counted as shown before this claim: an earlier attempt may have left, or another message did."""
    tells: bool = False
    """Whether it says, above its own text, that the notice has changed."""

    @property
    def sending_key(self) -> str:
        """The key under which the channel sends it.

        The text of a refused drawing has another one: a service that knows keys may answer to the same as it did before.
        """
        return f"{self.key}:text" if self.drawing_refused else self.key

    @property
    def leaves_nothing(self) -> bool:
        """Whether its end erases something, which the database's log still holds."""
        return self.transient or self.kind == GOODBYE

    @property
    def readable(self) -> bool:
        """Whether its instants and its address can be read: otherwise nobody knows until when it may leave, or where to."""
        return bool(self.address) and UNREADABLE not in (self.created_at, self.not_after)

    @property
    def may_witness(self) -> bool:
        """Whether its outcome tells for the first time whether channels take the lesson that it shows.

        A row that left although the lesson is held does not show it.
        """
        return self.version is not None and self.given_at is None and not self.held

    @property
    def answers_newest(self) -> bool:
        """Whether its target is a piece of the last message that was sent to the address."""
        if self.target is None or self.newest is None:
            return False
        return stem_of(self.target) == stem_of(self.newest)


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
