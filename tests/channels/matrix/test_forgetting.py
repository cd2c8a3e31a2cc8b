# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Who is erased leaves nothing in the store of the channel: neither account, nor room, nor keys, nor the bot in the room."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from nio.store import models
from sqlalchemy import delete

from bot.channels import Uncertain
from bot.channels.matrix import forgetting
from bot.service import departures
from storage import tables
from storage.database import open_database
from tests import traces
from tests.channels.matrix.gate import cutting, only, refusing
from tests.channels.matrix_case import asked, channel_of, meets, serving
from tests.matrix import Learner, Synapse
from tests.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

    from bot.channels.matrix import MatrixChannel
    from bot.channels.matrix.account import Account
    from tests.channels.matrix.gate import Gate

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget and scrub at once."""
    monkeypatch.setattr(departures, "LINGER", timedelta(seconds=0.2))
    monkeypatch.setattr(departures, "REST", 0.5)


async def begins(learner: Learner, account: Account) -> str:
    """From a new room to the first lesson; the room's id."""
    room = await learner.opens_room(account)
    await learner.next_message()
    await learner.says("oui")
    await learner.next_message()
    await asked(learner)
    return room


async def members(learner: Learner, room: str) -> set[str]:
    return set((await learner.asks("GET", f"rooms/{room}/joined_members"))["joined"])


async def test_nothing_is_left_in_any_file_while_the_service_runs(
    sqlite_url: str, account: Account, ann: Learner, synapse: Synapse, tmp_path: Path
) -> None:
    with open_database(sqlite_url) as store:
        async with serving(store, account), await Learner.arrives(synapse, "carl") as carl:
            room, other = await begins(ann, account), await begins(carl, account)
            assert traces.of(ann.user_id, tmp_path) != []
            assert traces.of(room, tmp_path) != []
            await ann.says("oublier")
            await ann.next_message()
            await ann.says("effacer")
            assert "Je quitte ce salon" in (await ann.next_message()).text
            await until(lambda: traces.of(ann.user_id, tmp_path) == [] == traces.of(room, tmp_path))
            assert await members(ann, room) == {ann.user_id}
            for kept in (carl.user_id, other):
                assert traces.of(kept, tmp_path) != []
            await carl.says("aide")
            assert "oublier" in (await carl.next_message()).text
            await ann.opens_room(account)
            assert "Ce que je garde" in (await ann.next_message()).text
            await ann.says("oui")
            await ann.next_message()
            await asked(ann)


async def test_an_erasure_leaves_nothing_of_the_former_rooms_of_a_course(
    sqlite_url: str, account: Account, ann: Learner, tmp_path: Path
) -> None:
    """An earlier version did not keep the first room in the database: the store of the channel still has it."""

    async def goes_on_in_a_new_room() -> str:
        room = await ann.opens_room(account)
        assert "écrivez-moi un mot" in (await ann.next_message()).text
        await ann.says("progression")
        assert "Leçons suivies" in (await ann.next_message()).text
        assert (await ann.next_message()).file is not None
        return room

    with open_database(sqlite_url) as store:
        async with serving(store, account):
            rooms = [await begins(ann, account), await goes_on_in_a_new_room()]
        at_first = tables.address.c.address == rooms[0]
        assert await store.write(lambda tx: tx.execute(delete(tables.address).where(at_first)).rowcount) == 1
        async with serving(store, account):
            rooms.append(await goes_on_in_a_new_room())
            await ann.says("oublier")
            await ann.next_message()
            await ann.says("effacer")
            assert "Je quitte ce salon" in (await ann.next_message()).text
            await until(lambda: not any(traces.of(trace, tmp_path) for trace in (ann.user_id, *rooms)))
            for room in rooms:
                assert await members(ann, room) == {ann.user_id}


async def test_forgetting_twice_and_after_a_restart_changes_nothing_more(
    channel: MatrixChannel, account: Account, ann: Learner, room: str
) -> None:
    await channel.forget(room)
    await channel.forget(room)
    await channel.close()
    await channel.open()
    await channel.forget(room)
    await channel.compact()
    assert traces.of(ann.user_id, account.store) == []
    assert traces.of(room, account.store) == []
    assert await members(ann, room) == {ann.user_id}


async def test_a_room_that_the_homeserver_does_not_let_us_leave_is_forgotten_all_the_same(
    channel: MatrixChannel, account: Account, gate: Gate, ann: Learner, room: str
) -> None:
    """We were put out of it, or an administrator deleted it. Only silence and outages are tried again later."""
    assert channel._opened is not None
    for passing in (refusing(502), refusing(500, "M_UNKNOWN"), cutting):
        gate.rule = only("/leave", passing)
        with pytest.raises(Uncertain):
            await channel.forget(room)
    assert traces.of(room, account.store) != []
    refusals = [(403, "M_FORBIDDEN"), (404, "M_NOT_FOUND"), (404, "M_UNKNOWN"), (400, "M_UNKNOWN")]
    for status, code in refusals:
        for call in ("/leave", "/forget"):
            gate.rule = only(call, refusing(status, code))
            await forgetting.leave(channel._opened.client, room)
    await channel.forget(room)
    assert traces.of(room, account.store) == []


async def test_an_account_with_another_room_keeps_its_devices(
    channel: MatrixChannel, account: Account, ann: Learner, room: str
) -> None:
    other = await meets(ann, channel, account)
    await channel.forget(room)
    assert traces.of(room, account.store) == []
    assert traces.of(ann.user_id, account.store) != []
    assert await members(ann, room) == {ann.user_id}
    await channel.forget(other)
    assert traces.of(ann.user_id, account.store) == []


async def test_a_standby_deletes_what_its_own_store_holds(
    channel: MatrixChannel, account: Account, ann: Learner, room: str
) -> None:
    await channel.close()
    standby = channel_of(account)
    try:
        await standby.follow(pages)
        assert standby.own_device
        assert traces.of(ann.user_id, account.store) != []
        await standby.forget(room)
        assert traces.of(ann.user_id, account.store) == []
        assert traces.of(room, account.store) == []
    finally:
        await standby.close()
    await channel.open()
    await ann.says("bonjour")


async def pages() -> int:
    return 0


async def test_the_keys_of_others_stay(
    channel: MatrixChannel, account: Account, ann: Learner, room: str, synapse: Synapse
) -> None:
    async with await Learner.arrives(synapse, "carl") as carl:
        await meets(carl, channel, account)
        assert channel._opened is not None
        client = channel._opened.client
        await channel.forget(room)
        assert forgetting.stored_users(client) >= {carl.user_id}
        assert ann.user_id not in forgetting.stored_users(client)
        with client.store.database.bind_ctx(client.store.models):
            assert {row.room_id for row in models.EncryptedRooms.select()} == {carl.room}
