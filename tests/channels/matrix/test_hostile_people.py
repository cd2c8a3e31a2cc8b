# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Votes, replies, threads and edits that refer to another person's messages, through the whole service."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any

from bot.channels.matrix import MatrixChannel
from bot.channels.matrix.content import POLL_START
from bot.service import Service
from bot.service.service import utc_now
from bot.talk.turn import Rules
from config.schedule import Schedule
from storage.database import open_database
from tests.channels.matrix.pages import ANN, EVE, ME, Pages, account_on, direct, event, joined, member, says
from tests.journeys import teaching
from tests.waiting import until

VOTE = "org.matrix.msc3381.poll.response"


class World:
    """Rooms, and what the bot sent to them."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages

    def sent(self, room: str) -> list[dict[str, Any]]:
        return [content for where, content in self.pages.sent if where == room]

    def heard(self, room: str) -> str:
        return "\n".join(str(content) for content in self.sent(room))

    async def tells(self, room: str, *events: Any, answers: int = 1, state: Any = ()) -> list[dict[str, Any]]:
        """Let events happen in a room; return what the bot sends there, once there are so many answers."""
        before = len(self.sent(room))
        self.pages.tells({room: joined(*events, state=state)})
        await until(lambda: len(self.sent(room)) >= before + answers)
        return self.sent(room)[before:]


async def test_a_reference_to_another_persons_message_reaches_nothing_of_theirs(
    sqlite_url: str, tmp_path: Path
) -> None:
    thread = {"m.relates_to": {"rel_type": "m.thread", "event_id": "$of-ann", "is_falling_back": True}}
    async with Pages() as pages:
        with open_database(sqlite_url) as store:
            await store.write(teaching.publish, tmp_path / "lessons", now=utc_now())
            channel = MatrixChannel(account_on(pages, tmp_path), 0, poll=0.05)
            rules = Rules(Schedule(), "fr", frozenset({f"matrix:{ANN}"}))
            running = asyncio.create_task(Service(store, [channel], rules).run())
            world = World(pages)
            await world.tells("!a:x", member(ME, before="invite"), state=direct(ANN))
            oui = event("m.room.message", {"msgtype": "m.text", "body": "oui", **thread})
            *_, poll = await world.tells("!a:x", oui, answers=3)
            choices = [one["id"] for one in poll[POLL_START]["answers"]]
            await world.tells("!e:x", member(ME, before="invite"), state=direct(EVE))
            quiet = len(world.sent("!a:x"))
            theirs = {"m.relates_to": {"m.in_reply_to": {"event_id": "$sent1"}}}
            new = {"msgtype": "m.text", "body": "stop"}
            await world.tells(
                "!e:x",
                event(
                    VOTE, {VOTE: {"answers": choices[:1]}, "m.relates_to": {"rel_type": "m.reference"}}, EVE
                ),
                event("m.room.message", {"msgtype": "m.text", "body": "1", **theirs}, EVE),
                event(
                    "m.room.message",
                    {
                        **new,
                        "m.new_content": new,
                        "m.relates_to": {"rel_type": "m.replace", "event_id": "$of-ann"},
                    },
                    EVE,
                ),
                event("m.room.tombstone", {"body": "", "replacement_room": "!a:x"}, EVE, state_key=""),
                says("lecon", EVE),
            )
            await world.tells("!a:x", says("stop", EVE), says("oui", EVE), says("aide"))
            assert len(world.sent("!a:x")) == quiet + 1
            await world.tells("!a:x", event(VOTE, {VOTE: {"answers": choices[:1]}}))
            assert "$of-ann" in world.heard("!a:x")
            assert "$of-ann" not in world.heard("!e:x")
            assert POLL_START not in world.heard("!e:x")
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
