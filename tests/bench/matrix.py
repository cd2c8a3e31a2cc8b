# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How fast is the bot in encrypted rooms, and how large with both channels? Against a real homeserver.

The homeserver takes most of the time, and most of the machine: what is ours shows in the ratios and the CPU time.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from bot.channels.matrix import MatrixChannel
from bot.channels.matrix.account import Account
from bot.channels.matrix.channel import IN_FLIGHT
from bot.service import Service
from bot.service.outgoing import pack
from storage.outbox import ledger, queue
from storage.outbox.rows import Draft
from storage.types import Tx
from tests.bench.figure import Figure
from tests.bench.matrix_peer import Library
from tests.bench.peers import ONE_LINE
from tests.bench.process import resident
from tests.bench.scale import Scale
from tests.bench.start import COMMAND, REST
from tests.bench.town import MORNING, RULES, Clock, database, emulator
from tests.channels.matrix_case import account_of, channel_of, overheard
from tests.matrix import Account as Owned
from tests.matrix import Learner, Synapse
from tests.telegram import Telegram

WORD = "aide"
PAUSE = 1.1
"""Seconds between two words: one message a second goes to a room."""
PATIENCE = 60.0
ENCRYPTED = "m.room.encrypted"


async def measure_replies(scale: Scale) -> list[Figure]:
    """From a word that a person types until their own client has decrypted the answer; nobody else is there."""
    seen, kept = [], []
    async with _homeserver() as (synapse, folder):
        account = await account_of(synapse, folder)
        async with (
            await Learner.arrives(synapse, "ann") as ann,
            _running({"matrix": _matrix(account)}, folder),
        ):
            await ann.opens_room(account.user_id, timeout=PATIENCE)
            await ann.next_message(PATIENCE)
            for _ in range(scale.words):
                await asyncio.sleep(PAUSE)
                said, began = time.time(), time.perf_counter()
                await ann.says(WORD)
                answer = await ann.next_message(PATIENCE)
                seen.append(time.perf_counter() - began)
                kept.append(answer.at - said)
                if not answer.readable or answer.wire_type != ENCRYPTED or f"{WORD}\xa0:" not in answer.text:
                    raise RuntimeError(f"this is no answer: {answer}")
    return [
        Figure("Matrix, word to answer, encrypted", tuple(seen), "s", at_most=0.25),
        Figure("  until the homeserver has the answer", tuple(kept), "s"),
    ]


async def measure_outbound(scale: Scale) -> list[Figure]:
    """The same line to the same number of rooms, the keys of which were handed out before.

    Meanwhile this process does nothing but send: its CPU time is that of the messages.
    """
    durable, channel_alone, library, durable_cpu, channel_cpu, library_cpu = [], [], [], [], [], []
    number = scale.rooms * scale.to_each
    async with _homeserver() as (synapse, folder), await Learner.arrives(synapse, "ann") as ann:
        await ann.goes_offline()
        ours = await account_of(synapse, folder)
        channel = channel_of(ours)
        theirs = Library(synapse, folder)
        await channel.open()
        try:
            rooms = await _joined(ann, channel, ours, scale.rooms)
            their_rooms = await _invited(synapse, ann.account, theirs.user_id, scale.rooms)
            await theirs.enters(their_rooms)
            await _each(rooms, lambda room, key: channel.send(room, ONE_LINE, f"first-{key}"), scale.rooms)
            await _each(their_rooms, theirs.sends, scale.rooms)
            for turn in range(scale.repeats):
                rate, cpu = await _each(their_rooms, theirs.sends, number)
                library.append(rate)
                library_cpu.append(cpu)
                rate, cpu = await _queued(channel, rooms, scale.to_each, turn)
                durable.append(rate)
                durable_cpu.append(cpu)
                rate, cpu = await _each(rooms, _sends(channel, turn), number)
                channel_alone.append(rate)
                channel_cpu.append(cpu)
        finally:
            await channel.close()
            await theirs.closes()
    ratios = [tuple(a / b for a, b in zip(some, library, strict=True)) for some in (durable, channel_alone)]
    return [
        Figure("Matrix, outbound / library, encrypted", ratios[0], at_least=0.8),
        Figure("  our channel alone / library", ratios[1]),
        Figure("Matrix, outbound, durable", tuple(durable), "messages/s"),
        Figure("  our channel alone", tuple(channel_alone), "messages/s"),
        Figure("  library", tuple(library), "messages/s"),
        Figure("Matrix, CPU of a message, durable", tuple(durable_cpu), "ms", at_most=10),
        Figure("  our channel alone", tuple(channel_cpu), "ms"),
        Figure("  library", tuple(library_cpu), "ms"),
    ]


async def measure_start(scale: Scale) -> list[Figure]:
    """A bot that has written in many rooms starts again: with Matrix alone, and with both channels.

    The rooms are all of one person; the keys of each are in the store. The devices of many people are not measured.
    """
    took, alone, took_both, both = [], [], [], []
    async with _homeserver() as (synapse, folder), emulator(1) as telegram:
        account = await account_of(synapse, folder)
        async with await Learner.arrives(synapse, "ann") as ann:
            await ann.goes_offline()
            channel = channel_of(account)
            await channel.open()
            try:
                rooms = await _joined(ann, channel, account, scale.joined)
                await _each(rooms, lambda room, key: channel.send(room, ONE_LINE, key), len(rooms))
            finally:
                await channel.close()
        matrix = {"matrix": _matrix(account)}
        async with _running(matrix, folder):
            pass  # the very first makes the database
        for _ in range(scale.repeats):
            async with _running(matrix, folder) as (seconds, pid):
                took.append(seconds)
                await asyncio.sleep(REST)
                alone.append(resident(pid))
            async with _running(matrix | {"telegram": _telegram(telegram)}, folder) as (seconds, pid):
                took_both.append(seconds)
                await asyncio.sleep(REST)
                both.append(resident(pid))
    return [
        Figure(f"Matrix, restart with {scale.joined} rooms", tuple(took), "s", at_most=5),
        Figure("  until both channels are open", tuple(took_both), "s"),
        Figure("memory at rest, both channels", tuple(both), "MB", at_most=150),
        Figure("  Matrix alone", tuple(alone), "MB"),
    ]


async def measure_invitations(scale: Scale) -> list[Figure]:
    """So many people invite the bot while it is away, each to an encrypted room; then it answers them all, once each."""
    async with _homeserver() as (synapse, folder):
        account = await account_of(synapse, folder)
        people = [await asyncio.to_thread(synapse.account, "quidam") for _ in range(scale.inviting)]
        rooms = [(await _invited(synapse, person, account.user_id, 1))[0] for person in people]
        async with _running({"matrix": _matrix(account)}, folder):
            began = time.perf_counter()
            async with asyncio.timeout(PATIENCE + scale.inviting):
                while _sent(folder) < len(rooms):  # noqa: ASYNC110 - in another process's database
                    await asyncio.sleep(0.2)
            took = time.perf_counter() - began
        greetings = [
            await _told(synapse, person, account, room) for person, room in zip(people, rooms, strict=True)
        ]
    once = sum(told == [ENCRYPTED] for told in greetings) / len(rooms)
    return [
        Figure(f"Matrix, answered once of {scale.inviting:,} who invite at once", (once,), at_least=1),
        Figure("  until the last was answered", (took,), "s"),
    ]


def _sent(folder: Path) -> int:
    """Messages that left, as the bot's own database says."""
    with closing(sqlite3.connect(f"file:{folder}/iaventure.db?mode=ro", uri=True)) as looked_at:
        return int(looked_at.execute("SELECT count(*) FROM outbox WHERE state = 'sent'").fetchone()[0])


async def _told(synapse: Synapse, person: Owned, bot: Account, room: str) -> list[str]:
    """The types of the events, state aside, that the bot has sent to a person's room."""
    query = "dir=b&limit=20&filter=" + quote(json.dumps({"senders": [bot.user_id]}))
    path = f"/_matrix/client/v3/rooms/{room}/messages?{query}"
    status, found = await synapse.call("GET", path, token=person.access_token)
    if status != 200:
        raise RuntimeError(f"the room cannot be read: {found}")
    return [event["type"] for event in found["chunk"] if "state_key" not in event]


@asynccontextmanager
async def _homeserver() -> AsyncIterator[tuple[Synapse, Path]]:
    """A homeserver without limits, and a folder for whoever talks to it."""
    with TemporaryDirectory() as name:
        synapse = Synapse(Path(name) / "synapse")
        await synapse.starts()
        try:
            yield synapse, Path(name)
        finally:
            await synapse.stops()


def _matrix(account: Account) -> dict[str, object]:
    return {
        "homeserver": account.homeserver,
        "user_id": account.user_id,
        "store": str(account.store),
        "store_key": account.store_key,
        "rate": 0,
    }


def _telegram(telegram: Telegram) -> dict[str, object]:
    return {
        "token": telegram.token,
        "base_url": telegram.base_url,
        "base_file_url": telegram.base_file_url,
    }


@asynccontextmanager
async def _running(channels: dict[str, Any], folder: Path) -> AsyncIterator[tuple[float, int]]:
    """The bot as operators run it: seconds from the command until every channel is open, and its process id."""
    settings = folder / "settings.json"  # JSON is YAML
    database = f"sqlite:///{folder}/iaventure.db"
    privacy = {"controller": "none", "dpo": "none", "key": "none"}
    chosen = {"database": database, "channels": channels, "privacy": privacy, "log": {"format": "json"}}
    settings.write_text(json.dumps(chosen))
    log = folder / "log"
    began = time.perf_counter()
    with log.open("wb") as written:
        process = await asyncio.create_subprocess_exec(
            COMMAND,
            "run",
            "--config",
            settings,
            cwd=folder,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=written,
        )
    try:
        async with asyncio.timeout(PATIENCE):
            while log.read_bytes().count(b"The channel is open.") < len(channels):
                if process.returncode is not None:
                    raise RuntimeError(f"the bot does not run: {log.read_text()[-2000:]}")
                await asyncio.sleep(0.01)
        yield time.perf_counter() - began, process.pid
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _invited(synapse: Synapse, host: Owned, guest: str, number: int) -> list[str]:
    """Encrypted direct rooms with a guest, who is still to come."""
    encrypted = {"algorithm": "m.megolm.v1.aes-sha2"}
    wanted = {
        "preset": "trusted_private_chat",
        "is_direct": True,
        "invite": [guest],
        "initial_state": [{"type": "m.room.encryption", "state_key": "", "content": encrypted}],
    }
    rooms = []
    for _ in range(number):
        status, made = await synapse.call(
            "POST", "/_matrix/client/v3/createRoom", wanted, token=host.access_token
        )
        if status != 200:
            raise RuntimeError(f"a room was refused: {made}")
        rooms.append(str(made["room_id"]))
    return rooms


async def _joined(ann: Learner, channel: MatrixChannel, account: Account, number: int) -> list[str]:
    """Rooms in which our channel is, with every greeting heard and none sent."""
    rooms = await _invited(ann.synapse, ann.account, account.user_id, number)
    greeted = await overheard(channel, number, seconds=PATIENCE + number)
    if {event.address for event in greeted} != set(rooms):
        raise RuntimeError(f"the bot came into {len(greeted)} of {number} rooms")
    return rooms


def _sends(channel: MatrixChannel, turn: int) -> Callable[[str, str], Awaitable[object]]:
    return lambda room, key: channel.send(room, ONE_LINE, f"alone-{turn}-{key}")


async def _each(
    rooms: list[str], send: Callable[[str, str], Awaitable[object]], messages: int
) -> tuple[float, float]:
    """One line after the other to the rooms in turn: messages a second, and milliseconds of CPU for one."""
    numbers: Iterator[int] = iter(range(messages))

    async def one_after_the_other() -> None:
        for number in numbers:
            await send(rooms[number % len(rooms)], str(number))

    began, worked = time.perf_counter(), time.process_time()
    await asyncio.gather(*(one_after_the_other() for _ in range(IN_FLIGHT)))
    return _speed(messages, began, worked)


async def _queued(channel: MatrixChannel, rooms: list[str], to_each: int, turn: int) -> tuple[float, float]:
    """As `_each`, from the outbox, where each message is claimed before and marked after it left."""
    with database(len(rooms)) as store:
        await store.write(_queue, rooms, to_each, turn)
        pump = Service(store, [channel], RULES, Clock()).pumps["matrix"]
        began, worked = time.perf_counter(), time.process_time()
        running = asyncio.create_task(pump.run())
        await pump.drained()
        speed = _speed(len(rooms) * to_each, began, worked)
        pump.stop()
        await running
        left = await store.read(ledger.outcomes)
    if left != {"reply": {"sent": len(rooms) * to_each}}:
        raise RuntimeError(f"not every message was sent: {left}")
    return speed


def _queue(tx: Tx, rooms: list[str], to_each: int, turn: int) -> None:
    """The line for everybody, whose addresses are rooms from now on."""
    for place, room in enumerate(rooms, 1):
        tx.exec_driver_sql("UPDATE address SET channel = 'matrix', address = ? WHERE id = ?", (room, place))
    drafts = [
        Draft(f"bench:{turn}:{line}:{place}", place, "matrix", pack(ONE_LINE))
        for line in range(to_each)
        for place in range(1, len(rooms) + 1)
    ]
    queue.enqueue(tx, drafts, MORNING)


def _speed(messages: int, began: float, worked: float) -> tuple[float, float]:
    return messages / (time.perf_counter() - began), 1000 * (time.process_time() - worked) / messages
