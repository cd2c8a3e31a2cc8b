# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A message of the bot as a learner's screen shows it, and as the server keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXT = "org.matrix.msc1767.text"
POLL = "org.matrix.msc3381.poll"


@dataclass(frozen=True, slots=True)
class Poll:
    """A poll as it is shown."""

    question: str
    answers: Mapping[str, str]
    """Label by id, in the order shown."""
    most: int
    """How many may be chosen."""


@dataclass(frozen=True, slots=True)
class File:
    """A file or a picture that the bot sent, decrypted."""

    name: str
    content: bytes
    media_type: str = ""
    size: tuple[int, int] | None = None
    """Of a picture: width and height in pixels, as the message says."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A message of the bot as a screen shows it now."""

    id: str
    room: str
    text: str
    """What is read: the text, the caption of a file or the alternative of a picture, the question of a poll. Empty when
    not readable."""
    html: str
    """The formatted text; empty when there is none."""
    wire_type: str
    """What the server saw: `m.room.encrypted`, `m.room.message`…"""
    readable: bool = True
    """Whether this device could decrypt it, and (for who excludes unsigned devices) would show it."""
    shield: bool = False
    """Whether a client warns of it: it was encrypted by a device that its owner did not sign."""
    reason: str = ""
    """Why it is not readable or has a shield, in the words of a client that says why."""
    notice: bool = False
    reply_to: str | None = None
    poll: Poll | None = None
    file: File | None = None
    edits: int = 0
    """How often it was changed."""
    at: float = 0.0
    """When the server got it, as a Unix time."""


@dataclass(frozen=True, slots=True)
class Wire:
    """An event as the server keeps it."""

    id: str
    type: str
    sender: str
    content: Mapping[str, Any]
    state: bool
    """Whether it is of the room's state: names, members, encryption."""


def read_text(content: Mapping[str, Any]) -> tuple[str, str]:
    """Text and formatted text of an `m.room.message`."""
    return str(content.get("body", "")), str(content.get("formatted_body", ""))


def read_poll(content: Mapping[str, Any]) -> Poll | None:
    """The poll of the unstable start event; `None` if a client would show none."""
    start = content.get(f"{POLL}.start")
    if not isinstance(start, dict):
        return None
    answers = {str(answer["id"]): str(answer[TEXT]) for answer in start["answers"]}
    assert 1 <= len(answers) <= 20, "a client shows 20 answers at most"
    assert len(answers) == len(start["answers"]), "two answers with the same id"
    assert start["kind"] in (f"{POLL}.disclosed", f"{POLL}.undisclosed")
    assert content.get(TEXT), "no text for who does not see polls"
    return Poll(str(start["question"][TEXT]), answers, int(start.get("max_selections", 1)))
