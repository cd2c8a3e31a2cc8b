# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Reading of events of a direct room: what one says becomes an `Event`, bounded and cleaned, or is dropped.

Events are read from what the homeserver sent, not from the library's classes: those throw some of what is odd away
unseen, and hold the rest unbounded.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from bot.channels.cleaning import LONGEST_TEXT, file_name, paragraphs, unaddressed
from bot.channels.matrix.content import AUTOMATED, MESSAGE, selection
from bot.channels.matrix.files import attachment_of
from bot.messages import Event, FileRef, Kind

LONGEST_ID = 200
MOST_ANSWERS = 20
"""A poll of MSC3381 has no more."""
LARGEST_SIZE = 2**53
"""Upper limit of a file's size: canonical JSON has no larger integer."""
VERIFICATION = "m.key.verification.request"

_POLL_RESPONSES = {"org.matrix.msc3381.poll.response", "m.poll.response"}
_SPOKEN = {"m.text", "m.emote"}
_MEDIA = {"m.image", "m.audio", "m.video"}
_WORDLESS = {"m.location"}
_UNSPOKEN = {"m.notice", "m.server_notice"}
"""Said by programs."""
_SERVICE = ("m.room.", "m.call", "m.rtc", "m.key.", "m.reaction", "m.beacon", "m.dummy", "m.poll.end")
_UNSTABLE = (
    "org.matrix.msc3381.poll.end",
    "org.matrix.msc3672.",
    "org.matrix.msc3401.",
    "org.matrix.msc4075.",
)
_POLLS = {"org.matrix.msc3381.poll.start", "m.poll.start"}
_EVENT_ID = re.compile(r"\$[!-~]{1,254}")
_USER_ID = re.compile(r"@[!-9;-~]{0,254}:[A-Za-z0-9.:\[\]-]{1,255}")
_FALLBACK = re.compile(r"(?:>[^\n]*\n)+\n?")

log = logging.getLogger(__name__)


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
    stamp: object = None
    """When it was by the sender's homeserver, as that says it: what was encrypted opens once under each."""
    sealed: Raw | None = None
    """The same event as it came, when it came encrypted and could be opened."""

    @property
    def membership(self) -> str:
        """What became of whom `state_key` names; empty when this is about something else."""
        membership = self.content.get("membership")
        return membership if self.type == "m.room.member" and isinstance(membership, str) else ""


@dataclass(frozen=True, slots=True)
class Person:
    """Who is at the other end of a direct room."""

    room: str
    user: str
    names: tuple[str, ...] = ()
    """What we are called in that room."""


def raw_of(source: object, now: datetime, since: float = 0.0) -> Raw | None:
    """Read an event as the homeserver sent it, or as it was once decrypted; nothing when a part is missing.

    `since`: when we last looked, in seconds of our own clock. What is news now did not happen earlier, whatever
    the clock of the sender's homeserver says.
    """
    if not isinstance(source, dict):
        return None
    id_, type_, sender = source.get("event_id"), source.get("type"), source.get("sender")
    content, key = source.get("content"), source.get("state_key")
    if not (isinstance(id_, str) and isinstance(type_, str) and isinstance(content, dict)):
        return None
    if not id_:
        return None  # two of them would be one event told twice
    if not isinstance(sender, str) or not is_user(sender):
        return None
    unsigned = source.get("unsigned")
    previous = unsigned.get("prev_content") if isinstance(unsigned, dict) else None
    before = previous.get("membership") if isinstance(previous, dict) else None
    return Raw(
        _id(id_),
        type_,
        sender,
        _at(source.get("origin_server_ts"), since, now),
        content,
        key if isinstance(key, str) else None,
        before if isinstance(before, str) else "",
        source.get("origin_server_ts"),
    )


def opened_of(source: object, sealed: Raw, now: datetime, since: float = 0.0) -> Raw | None:
    """Read an event that was decrypted; nothing when a part is missing. It is no state: that is never encrypted."""
    raw = raw_of(source, now, since)
    return None if raw is None else replace(raw, state_key=None, before="", sealed=sealed)


def events_of(raw: Raw, person: Person) -> list[Event]:
    """Return what a person did, as `event_of`; nothing for what cannot be read, whatever it holds: others come after it."""
    try:
        event = event_of(raw, person)
    except Exception as error:  # noqa: BLE001  whatever it holds, it must not stop what comes after it
        log.warning(
            "An event could not be read and is dropped: %s",
            type(error).__name__,
            extra={"action": "discard-event"},
        )
        return []
    return [] if event is None else [event]


def event_of(raw: Raw, person: Person) -> Event | None:
    """Return what a person did in their direct room; nothing for what says nothing to us."""
    if raw.sender != person.user:
        return None
    event = Event(
        "matrix",
        raw.id,
        person.room,
        raw.at,
        sender=person.user,
        message=raw.id,
    )
    if raw.state_key is not None:
        return _membership(raw, event)
    if raw.content.get(AUTOMATED) is True or raw.content.get("m.automated") is True:
        return None
    if raw.type == MESSAGE:
        return _message(raw.content, event, person.names)
    if raw.type in _POLL_RESPONSES:
        return _vote(raw.content, event)
    return event if _is_word(raw) else None


def _is_word(raw: Raw) -> bool:
    """Tell whether an event is something that a person shows us: a sticker, a poll, or what carries a text for people.

    What clients tell one another about calls, keys, reactions and the like is none.
    """
    if raw.type == "m.sticker" or raw.type in _POLLS:
        return True
    return not raw.type.startswith((*_SERVICE, *_UNSTABLE)) and isinstance(raw.content.get("body"), str)


def once_a_day(kind: Kind, person: Person, at: datetime) -> Event:
    """Make an event that is answered once a day at most, however often it comes: its id says the day, hides the room."""
    room = blake2b(person.room.encode(), digest_size=8).hexdigest()
    return Event(
        "matrix",
        f"{kind}-{room}-{at:%Y-%m-%d}",
        person.room,
        at,
        kind,
        sender=person.user,
    )


def is_user(user: str) -> bool:
    """Return whether this can be the id of an account."""
    return len(user) <= 255 and _USER_ID.fullmatch(user) is not None


def _membership(raw: Raw, event: Event) -> Event | None:
    if raw.state_key != event.sender:
        return None
    if raw.membership in ("leave", "ban"):
        return replace(event, kind=Kind.LEFT)
    came_back = raw.membership == "join" and raw.before in ("leave", "ban", "invite", "knock")
    return replace(event, kind=Kind.GREETING) if came_back else None


def _message(content: dict[str, Any], event: Event, names: tuple[str, ...]) -> Event | None:
    relation = _relation(content)
    if relation.get("rel_type") == "m.replace" or "m.new_content" in content:
        return _correction(content, relation, event, names)
    event = replace(event, thread=_thread(relation))
    kind, body = content.get("msgtype"), content.get("body")
    if kind == VERIFICATION:
        return once_a_day(Kind.VERIFY, Person(event.address, event.sender), event.at)
    if not (isinstance(kind, str) and isinstance(body, str)):
        return None
    reply_to = _reply_to(relation)
    if kind in _UNSPOKEN or kind.startswith("m.key."):
        return None
    if kind in _MEDIA or kind == "m.file":
        # A photo without a caption is an empty text, answered with help.
        event = replace(event, text=_caption(content, body, names), reply_to=reply_to)
        return _file(content, body, event) if kind == "m.file" else event
    if kind not in _WORDLESS:  # what we do not know has a text for those who do not
        # Matched at the beginning only: searched everywhere, a line of quotation marks took 0.1 s.
        quoted = _FALLBACK.match(body[: 4 * LONGEST_TEXT]) if reply_to else None
        text = body[quoted.end() :] if quoted else body
        text = unaddressed(paragraphs(text, LONGEST_TEXT), names)
        return replace(event, text=text, reply_to=reply_to)
    return replace(event, reply_to=reply_to)


def _caption(content: dict[str, Any], body: str, names: tuple[str, ...]) -> str:
    """Return the caption of a file; empty where `body` is the name of the file."""
    named = content.get("filename")
    caption = body if isinstance(named, str) and named != body else ""
    return unaddressed(paragraphs(caption, LONGEST_TEXT), names)


def _correction(
    content: dict[str, Any], relation: dict[str, Any], event: Event, names: tuple[str, ...]
) -> Event | None:
    """Read the new text of an earlier message, or of the caption of a file; None when there is no new text."""
    new, corrected = content.get("m.new_content"), relation.get("event_id")
    if not isinstance(new, dict) or not isinstance(corrected, str) or new.get("msgtype") == VERIFICATION:
        return None
    # The corrected message says which one it replies to; a correction cannot change that, nor the file.
    said = _message({name: new.get(name) for name in ("msgtype", "body", "filename")}, event, names)
    if said is None or not (said.text or new["msgtype"] in _SPOKEN):
        return None
    return replace(said, message=_id(corrected), corrects=True, thread=_thread(_relation(new)))


def _file(content: dict[str, Any], body: str, event: Event) -> Event:
    attachment = attachment_of(content)
    if attachment is None:
        return event
    named, info = content.get("filename"), content.get("info")
    size = info.get("size") if isinstance(info, dict) else None
    return replace(
        event,
        kind=Kind.FILE,
        file=FileRef(
            attachment.ref(),
            file_name((named if isinstance(named, str) else body)[:LONGEST_TEXT]),
            size if isinstance(size, int) and 0 < size < LARGEST_SIZE else 0,
        ),
    )


def _vote(content: dict[str, Any], event: Event) -> Event | None:
    """Read a vote: MSC3381 puts its answers in one place, the version that became stable in another."""
    inner = content.get("org.matrix.msc3381.poll.response", content.get("m.poll.response"))
    answers = inner.get("answers") if isinstance(inner, dict) else content.get("m.selections")
    if not isinstance(answers, list) or not 0 < len(answers) <= MOST_ANSWERS:
        return None
    chosen = [selection(answer) for answer in answers]
    prompts = {choice[0] for choice in chosen if choice is not None}
    if None in chosen or len(prompts) != 1:
        return None
    keys = tuple(dict.fromkeys(choice[1] for choice in chosen if choice is not None))
    return replace(event, kind=Kind.CHOOSE, refers=prompts.pop(), keys=keys)


def _relation(content: dict[str, Any]) -> dict[str, Any]:
    relation = content.get("m.relates_to")
    return relation if isinstance(relation, dict) else {}


def _thread(relation: dict[str, Any]) -> str:
    """Return the event that a message's thread began with; empty outside of threads."""
    root = relation.get("event_id") if relation.get("rel_type") == "m.thread" else None
    return root if isinstance(root, str) and _EVENT_ID.fullmatch(root) else ""


def _id(event: str) -> str:
    """Return an event's id; or its hash, when it is too long for the database or has characters that cannot be stored."""
    if len(event) <= LONGEST_ID and event.isprintable():
        return event
    return blake2b(event.encode(errors="replace"), digest_size=32).hexdigest()


def _reply_to(relation: dict[str, Any]) -> str:
    """Return the event that a message replies to; a message of a thread names one only for clients without threads."""
    replied = relation.get("m.in_reply_to")
    target = replied.get("event_id") if isinstance(replied, dict) else None
    if not isinstance(target, str) or relation.get("is_falling_back") is True:
        return ""
    return target if _EVENT_ID.fullmatch(target) else ""


def _at(milliseconds: object, since: float, now: datetime) -> datetime:
    """Return when the sender's homeserver says it was, as far as that can be; now, for what cannot be a time."""
    if not isinstance(milliseconds, int):
        return now
    try:
        return datetime.fromtimestamp(min(max(milliseconds / 1000, since), now.timestamp()), UTC)
    except (ValueError, OverflowError, OSError):
        return now
