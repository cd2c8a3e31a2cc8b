# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What can be done to the emulated Telegram from outside: the actions of the control port.

`POST /control` takes a JSON list of actions, each an object with its name in `do` and its arguments beside
it, and answers the list of their results; at the first that cannot be done, 409 with `{"error": …}`. The
actions are the methods of `People` and `Backstage` below that have no underscore.
"""

from __future__ import annotations

import asyncio
import base64
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tests.telegram import entities
from tests.telegram.faults import Fault, Faults, Kind
from tests.telegram.world import Chat, Object, Rate, World

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.telegram.journal import Journal
    from tests.telegram.webhooks import Webhooks

CHAT_WINDOW = 3.0
NOT_STARTED = "bot can't initiate conversation with a user"
DEACTIVATED = "user is deactivated"


class Undoable(Exception):
    """An action that cannot be done; says why."""


class People:
    """What people do and see."""

    def __init__(self, world: World) -> None:
        self._world = world

    def person(self, number: int, first_name: str, username: str, language: str, started: bool) -> None:
        user: Object = {"id": number, "is_bot": False, "first_name": first_name}
        about: Object = {"id": number, "type": "private", "first_name": first_name}
        if username:
            user["username"] = about["username"] = username
        if language:
            user["language_code"] = language
        self._world.people[number] = user
        self._world.chats[number] = Chat(number, about, "" if started else NOT_STARTED)

    def crowd(self, count: int, first: int) -> None:
        for number in range(first, first + count):
            self.person(number, f"Person {number}", "", "fr", started=True)

    def group(self, number: int, title: str) -> None:
        self._world.chats[number] = Chat(number, {"id": number, "type": "group", "title": title})

    def says(self, chat: int, text: str, reply_to: int | None = None, person: int | None = None) -> int:
        found = entities.commands(text)
        place = self._chat(chat)
        if place.away == NOT_STARTED:
            place.away = ""
        message: Object = {"text": text, **({"entities": found} if found else {})}
        return self._told(place, chat if person is None else person, message, reply_to)

    def sends_file(self, chat: int, name: str, content: str, caption: str, size: int) -> int:
        document = self._world.keep(name, "application/octet-stream", base64.b64decode(content), size)
        message: Object = {"document": document.told(), **({"caption": caption} if caption else {})}
        return self._told(self._chat(chat), chat, message, None)

    def presses(self, chat: int, message: int, button: str) -> str:
        place = self._chat(chat)
        posted = place.posted.get(message)
        if posted is None:
            raise Undoable(f"there is no message {message} of the bot in chat {chat}")
        shown = [each for row in posted.buttons for each in row]
        pressed = [each for each in shown if each["text"] == button] or [
            each for each in shown if each.get("callback_data") == button
        ]
        if not pressed or "callback_data" not in pressed[0]:
            labels = [each["text"] for each in shown]
            raise Undoable(f"message {message} has no button {button!r} to press, only {labels}")
        return self.forges(chat, chat, message, pressed[0]["callback_data"])

    def forges(self, person: int, chat: int, message: int, data: str) -> str:
        place = self._chat(chat)
        told = self._world.message(place, message) or {
            "message_id": message,
            "chat": place.about,
            "date": 0,
        }
        return self._world.ask(place, {"from": self._person(person), "message": told, "data": data})

    async def notice(self, query: str, seconds: float) -> str:
        asked = self._world.queries.get(query)
        if asked is None:
            raise Undoable(f"nobody asked the query {query}")
        try:
            await asyncio.wait_for(asked.answered.wait(), seconds)
        except TimeoutError:
            raise Undoable(f"the query {query} was not answered in {seconds} s") from None
        return asked.notice or ""

    def blocks(self, chat: int) -> None:
        self._moves(chat, chat, "member", "kicked", "blocked")

    def unblocks(self, chat: int) -> None:
        self._moves(chat, chat, "kicked", "member", "")

    def adds_bot(self, chat: int, person: int) -> None:
        self._moves(chat, person, "left", "member", "")

    def deactivates(self, chat: int) -> None:
        self._chat(chat).away = DEACTIVATED

    def refuses(self, chats: Sequence[int], description: str) -> None:
        for chat in chats:
            self._chat(chat).refuses = description

    async def look(self, chat: int, after: int, seconds: float) -> Object:
        """The screen once its version is above `after`, or when the seconds are over."""
        place = self._chat(chat)
        if place.version <= after and seconds > 0:
            looker: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            place.lookers.add(looker)
            await asyncio.wait({looker}, timeout=seconds)
            place.lookers.discard(looker)
        messages = [posted.shown() for posted in place.posted.values()]
        return {"version": place.version, "messages": messages}

    def lose(self, chat: int, messages: Sequence[int]) -> None:
        place = self._chat(chat)
        for message in messages:
            place.posted.pop(message, None)
        place.touch()

    def _chat(self, chat: int) -> Chat:
        place = self._world.chats.get(chat)
        if place is None:
            raise Undoable(f"there is no chat {chat}")
        return place

    def _person(self, person: int) -> Object:
        if person not in self._world.people:
            raise Undoable(f"there is no person {person}")
        return self._world.people[person]

    def _told(self, place: Chat, person: int, what: Object, reply_to: int | None) -> int:
        message: Object = {
            "message_id": place.next_id(),
            "from": self._person(person),
            "chat": place.about,
            "date": int(time.time()),
            **what,
        }
        if reply_to is not None:
            original = self._world.message(place, reply_to)
            if original is None:
                raise Undoable(f"there is no message {reply_to} in chat {place.id} to reply to")
            message["reply_to_message"] = original
        place.said[message["message_id"]] = message
        if len(place.said) > KEPT_SAID:
            del place.said[next(iter(place.said))]
        self._world.updates.push({"message": message})
        return int(message["message_id"])

    def _moves(self, chat: int, person: int, before: str, now: str, away: str) -> None:
        place = self._chat(chat)
        place.away = away
        self._world.updates.push(
            {
                "my_chat_member": {
                    "chat": place.about,
                    "from": self._person(person),
                    "date": int(time.time()),
                    "old_chat_member": self._member(before),
                    "new_chat_member": self._member(now),
                }
            }
        )

    def _member(self, status: str) -> Object:
        until = {"until_date": 0} if status == "kicked" else {}
        return {"user": self._world.author, "status": status, **until}


KEPT_SAID = 200


class Backstage:
    """What a test arranges and reads."""

    def __init__(self, world: World, webhooks: Webhooks, faults: Faults, journal: Journal) -> None:
        self._world = world
        self._webhooks = webhooks
        self._faults = faults
        self._journal = journal

    def inject(self, update: Object) -> int:
        message = update.get("message") or update.get("edited_message") or {}
        if topic := message.get("message_thread_id"):
            self._world.chats[message["chat"]["id"]].topics.add(topic)
        return self._world.updates.push(update)

    def repeats(self, update_id: int | None) -> int:
        number = self._world.updates.repeat(update_id)
        if number is None:
            raise Undoable("there is no such update to repeat")
        return number

    def updates(self) -> list[Object]:
        return list(self._world.updates.waiting)

    def polled(self) -> bool:
        return self._world.updates.polled

    def route(self, public: str, behind: str) -> None:
        self._webhooks.routes[public] = behind

    def webhook(self) -> Object:
        return self._webhooks.info()

    def deliveries(self) -> list[Object]:
        return [asdict(delivery) for delivery in self._journal.deliveries]

    def renumber(self) -> None:
        self._world.updates.renumber()

    def expire_queries(self) -> None:
        for query in self._world.queries.values():
            query.stale = True

    def unanswered(self) -> list[str]:
        return [query.id for query in self._world.queries.values() if query.notice is None]

    def waits(self) -> list[tuple[float | None, float | None]]:
        found = []
        for query in self._world.queries.values():
            posted = self._world.chats[query.chat].posted.get(query.message)
            changed = posted is not None and posted.edited_at > query.at
            found.append(
                (
                    query.answered_at - query.at if query.notice is not None else None,
                    posted.edited_at - query.at if posted is not None and changed else None,
                )
            )
        return found

    def rates(self, account: float | None, chat: float | None) -> None:
        self._world.account_rate = Rate(account, 1.0) if account else None
        self._world.chat_rate = Rate(chat, CHAT_WINDOW) if chat else None

    def faults(self, faults: Sequence[Mapping[str, Any]]) -> None:
        for fault in faults:
            self._faults.add(Fault(**{**fault, "kind": Kind(fault["kind"])}))

    def clear_faults(self) -> None:
        self._faults.clear()

    def calls(self, method: str | None, chat: int | None) -> list[Object]:
        return [
            asdict(call)
            for call in self._journal.calls
            if (method is None or call.method.lower() == method.lower())
            and (chat is None or call.chat == chat)
        ]

    def violations(self) -> list[str]:
        return self._journal.violations

    def counters(self) -> dict[str, Object]:
        return {method: asdict(counter) for method, counter in self._journal.counters.items()}

    def forget(self) -> None:
        self._journal.forget()

    def profile(self) -> Object:
        return self._world.profile
