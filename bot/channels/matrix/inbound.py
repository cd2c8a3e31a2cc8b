# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What does an event of a direct room say, as an `Event`? Bounded, cleaned, or dropped.

Events are read from what the homeserver sent, not from the library's classes: those throw some of what is odd away
unseen, and hold the rest unbounded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from bot.channels.cleaning import LONGEST_NAME, LONGEST_TEXT, file_name, line, paragraphs
from bot.channels.matrix.content import AUTOMATED, MESSAGE, selection
from bot.channels.matrix.files import attachment_of
from bot.messages import Event, FileRef, Kind

LONGEST_ID = 200
MOST_ANSWERS = 20
"""A poll of MSC3381 has no more."""
VERIFICATION = "m.key.verification.request"

_POLL_RESPONSES = {"org.matrix.msc3381.poll.response", "m.poll.response"}
_SPOKEN = {"m.text", "m.emote"}
_WORDLESS = {"m.image", "m.audio", "m.video", "m.location"}
_EVENT_ID = re.compile(r"\$[!-~]{1,254}")
_USER_ID = re.compile(r"@[!-9;-~]{0,254}:[A-Za-z0-9.:\[\]-]{1,255}")
_FALLBACK = re.compile(r"(?:>[^\n]*\n)+\n?")


@dataclass(frozen=True, slots=True)
class Raw:
    """An event with the parts that every event has."""

    id: str
    type: str
    sender: str
    at: datetime
    content: dict[str, Any]
    state_key: str | None
    before: str
    """For a membership, what it was before."""

    @property
    def membership(self) -> str:
        """What became of whom `state_key` names; empty when this is about something else."""
        found = self.content.get("membership")
        return found if self.type == "m.room.member" and isinstance(found, str) else ""


@dataclass(frozen=True, slots=True)
class Person:
    """Who is at the other end of a direct room."""

    room: str
    user: str
    name: str


def raw(source: object, now: datetime, since: float = 0.0) -> Raw | None:
    """An event as the homeserver sent it, or as it was once decrypted; nothing when a part is missing.

    `since`: when we last looked, in seconds of our own clock. What is news now did not happen earlier, whatever
    the clock of the sender's homeserver says.
    """
    if not isinstance(source, dict):
        return None
    id_, type_, sender = source.get("event_id"), source.get("type"), source.get("sender")
    content, key = source.get("content"), source.get("state_key")
    if not (isinstance(id_, str) and isinstance(type_, str) and isinstance(content, dict)):
        return None
    if not isinstance(sender, str) or not is_user(sender):
        return None
    unsigned = source.get("unsigned")
    previous = unsigned.get("prev_content") if isinstance(unsigned, dict) else None
    before = previous.get("membership") if isinstance(previous, dict) else None
    sound = len(id_) <= LONGEST_ID and id_.isprintable()
    return Raw(
        id_ if sound else blake2b(id_.encode(errors="replace"), digest_size=32).hexdigest(),
        type_,
        sender,
        _at(source.get("origin_server_ts"), since, now),
        content,
        key if isinstance(key, str) else None,
        before if isinstance(before, str) else "",
    )


def event(found: Raw, person: Person) -> Event | None:
    """What a person did in their direct room; nothing for what says nothing to us."""
    if found.sender != person.user:
        return None
    said = Event(
        "matrix",
        found.id,
        person.room,
        found.at,
        name=line(person.name, LONGEST_NAME),
        sender=person.user,
    )
    if found.state_key is not None:
        return _membership(found, said)
    if found.content.get(AUTOMATED) is True or found.content.get("m.automated") is True:
        return None
    if found.type == MESSAGE:
        return _message(found.content, said)
    if found.type in _POLL_RESPONSES:
        return _vote(found.content, said)
    return said if found.type == "m.sticker" else None


def once_a_day(kind: Kind, person: Person, at: datetime) -> Event:
    """Something that is answered once a day at most, whatever its number: its id says the day and hides the room."""
    room = blake2b(person.room.encode(), digest_size=8).hexdigest()
    return Event(
        "matrix",
        f"{kind}-{room}-{at:%Y-%m-%d}",
        person.room,
        at,
        kind,
        name=line(person.name, LONGEST_NAME),
        sender=person.user,
    )


def is_user(user: str) -> bool:
    """Whether this can be the id of an account."""
    return len(user) <= 255 and _USER_ID.fullmatch(user) is not None


def _membership(found: Raw, said: Event) -> Event | None:
    if found.state_key != said.sender:
        return None
    if found.membership in ("leave", "ban"):
        return replace(said, kind=Kind.LEFT)
    came_back = found.membership == "join" and found.before in ("leave", "ban", "invite", "knock")
    return replace(said, kind=Kind.BACK) if came_back else None


def _message(content: dict[str, Any], said: Event) -> Event | None:
    relation = _relation(content)
    if relation.get("rel_type") == "m.replace" or "m.new_content" in content:
        return None
    kind, body = content.get("msgtype"), content.get("body")
    if kind == VERIFICATION:
        return once_a_day(Kind.VERIFY, Person(said.address, said.sender, said.name), said.at)
    if not (isinstance(kind, str) and isinstance(body, str)):
        return None
    reply_to = _reply_to(relation)
    if kind in _SPOKEN:
        text = _FALLBACK.sub("", body[: 4 * LONGEST_TEXT], count=1) if reply_to and body[:1] == ">" else body
        return replace(said, text=paragraphs(text, LONGEST_TEXT), reply_to=reply_to)
    if kind == "m.file":
        return replace(_file(content, body, said), reply_to=reply_to)
    # A photo or a voice message is an empty text, answered with help; a notice is a program's, answered by nobody.
    return replace(said, reply_to=reply_to) if kind in _WORDLESS else None


def _file(content: dict[str, Any], body: str, said: Event) -> Event:
    found = attachment_of(content)
    if found is None:
        return said
    named, info = content.get("filename"), content.get("info")
    size = info.get("size") if isinstance(info, dict) else None
    caption = body if isinstance(named, str) and named != body else ""
    return replace(
        said,
        kind=Kind.FILE,
        text=paragraphs(caption, LONGEST_TEXT),
        file=FileRef(
            found.ref(),
            file_name((named if isinstance(named, str) else body)[:LONGEST_TEXT]),
            size if isinstance(size, int) and size > 0 else 0,
        ),
    )


def _vote(content: dict[str, Any], said: Event) -> Event | None:
    """A vote: MSC3381 puts its answers in one place, the version that became stable in another."""
    inner = content.get("org.matrix.msc3381.poll.response", content.get("m.poll.response"))
    answers = inner.get("answers") if isinstance(inner, dict) else content.get("m.selections")
    if not isinstance(answers, list) or not 0 < len(answers) <= MOST_ANSWERS:
        return None
    chosen = [selection(answer) for answer in answers]
    prompts = {one[0] for one in chosen if one is not None}
    if None in chosen or len(prompts) != 1:
        return None
    keys = tuple(dict.fromkeys(one[1] for one in chosen if one is not None))
    return replace(said, kind=Kind.CHOOSE, refers=prompts.pop(), keys=keys)


def _relation(content: dict[str, Any]) -> dict[str, Any]:
    relation = content.get("m.relates_to")
    return relation if isinstance(relation, dict) else {}


def _reply_to(relation: dict[str, Any]) -> str:
    """The event that a message replies to; a message of a thread names one only for clients that know no threads."""
    replied = relation.get("m.in_reply_to")
    target = replied.get("event_id") if isinstance(replied, dict) else None
    if not isinstance(target, str) or relation.get("is_falling_back") is True:
        return ""
    return target if _EVENT_ID.fullmatch(target) else ""


def _at(milliseconds: object, since: float, now: datetime) -> datetime:
    """When the sender's homeserver says it was, as far as that can be; now, for what cannot be a time."""
    if not isinstance(milliseconds, int):
        return now
    try:
        return datetime.fromtimestamp(min(max(milliseconds / 1000, since), now.timestamp()), UTC)
    except (ValueError, OverflowError, OSError):
        return now
