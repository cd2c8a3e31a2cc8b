# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What rooms say of themselves and of who was in them, read from what the homeserver sent: the library keeps none of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nio import MatrixRoom

from bot.channels.cleaning import LONGEST_NAME
from bot.channels.matrix.inbound import is_user
from bot.channels.matrix.news import ROOM_ID


def is_typed(sources: Iterable[Any]) -> bool:
    """Return whether a room is something else than a conversation (a space, say), by its state."""
    for source in sources:
        if not isinstance(source, dict) or source.get("type") != "m.room.create":
            continue
        content = source.get("content")
        if isinstance(content, dict) and content.get("type") not in (None, ""):
            return True
    return False


def _before(source: dict[str, Any]) -> object:
    """Return what a membership was before, as homeservers add it; None where they do not."""
    for part in ("unsigned", "prev_content"):
        inner = source.get(part)
        if not isinstance(inner, dict):
            return None
        source = inner
    return source.get("membership")


class Rooms:
    """The types and successors of the rooms that we are in, and who was in them."""

    def __init__(self, me: str) -> None:
        self._me = me
        self._typed: set[str] = set()
        self._successors: dict[str, str] = {}
        self._came: dict[str, set[str]] = {}
        self._creators: dict[str, str] = {}

    def note(self, room: str, sources: Iterable[Any]) -> None:
        """Note what events of a room say, in their order."""
        sources = [source for source in sources if isinstance(source, dict)]
        if is_typed(sources):
            self._typed.add(room)
        for source in sources:
            content, key = source.get("content"), source.get("state_key")
            if not isinstance(content, dict) or not isinstance(key, str):
                continue
            if source.get("type") == "m.room.create" and not key:
                self._creators[room] = str(source.get("sender"))
            elif source.get("type") == "m.room.tombstone" and not key:
                self._succeed(room, content.get("replacement_room"))
            elif source.get("type") == "m.room.member":
                self._move(room, key, content.get("membership"), _before(source))

    def forget(self, room: str) -> None:
        """Forget a room that we left."""
        self._typed.discard(room)
        self._successors.pop(room, None)
        self._came.pop(room, None)
        self._creators.pop(room, None)

    def is_typed(self, room: str) -> bool:
        """Return whether a room is something else than a conversation."""
        return room in self._typed

    def others(self, room: MatrixRoom) -> list[str]:
        """Return who else is in a room or invited to it."""
        return [user for user in room.users if user != self._me]

    def is_crowd(self, room: MatrixRoom) -> bool:
        """Return whether more than two people are in a conversation, those who are only invited among them."""
        return len(self.others(room)) > 1 and not self.is_typed(room.room_id)

    def account(self, room: MatrixRoom) -> str:
        """Return the account that a conversation belongs to: the only one that ever joined beside us, or the room's creator.

        Empty when that is unknown: a course that began there is not that of an account that joined later. Accounts that were
        only invited, or banned without having joined, count only where no account joined: they have read nothing.
        """
        if self._me not in room.users:
            return ""  # the homeserver has not sent the members
        here = {user for user, member in room.users.items() if not member.invited} - {self._me}
        came = here | self._came.get(room.room_id, set()) or set(self.others(room))
        if len(came) == 1:
            (account,) = came
        else:
            account = self._creators.get(room.room_id, "")
        return account if account in came and is_user(account) else ""

    def former(self, room: str, user: str, rooms: Iterable[MatrixRoom]) -> str:
        """Return a room of an account that names this one as its successor; empty when there is none."""
        for one in rooms:
            names_it = self._successors.get(one.room_id) == room != one.room_id
            if names_it and self.account(one) == user:
                return str(one.room_id)
        return ""

    def names(self, room: MatrixRoom) -> tuple[str, ...]:
        """Return what we are called in a room: the account's id, its first part, and the name that is shown."""
        member = room.users.get(self._me)
        shown = getattr(member, "display_name", None)
        name = shown if isinstance(shown, str) else ""
        name = name[:LONGEST_NAME].strip()
        # Tchap shows « IAventure [Ministère] », and people write « IAventure ».
        return self._me, self._me[1:].partition(":")[0], name, name.partition("[")[0].strip()

    def _succeed(self, room: str, successor: object) -> None:
        if isinstance(successor, str) and ROOM_ID.fullmatch(successor):
            self._successors[room] = successor

    def _move(self, room: str, user: str, membership: object, before: object) -> None:
        """Note accounts that are or were in a room. A ban alone proves nothing; leaving does, unless after an invitation."""
        was = before == "join" or (before in ("leave", "ban") and membership == "invite")
        left = membership == "leave" and before not in ("invite", "knock", "ban")
        if user != self._me and is_user(user) and (membership == "join" or was or left):
            self._came.setdefault(room, set()).add(user)
