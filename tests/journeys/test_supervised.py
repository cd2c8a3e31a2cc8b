# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What do the service manager and the monitoring system learn of a process that runs, is ill, or stops?"""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager, closing
from functools import partial
from typing import TYPE_CHECKING

import aiohttp
import pytest

from tests.journeys.database import locked
from tests.journeys.program import Program, environment, start
from tests.journeys.town import MAYOR, PATIENCE, Town, town
from tests.ports import KeptPort
from tests.telegram import Emulator, Fault, Kind
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from tests.journeys.database import Course

WATCHDOG = 0.6
"""Seconds in which systemd would want a sign of life."""


class Manager:
    """The socket on which systemd listens, and all that came so far."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notices: list[str] = []
        self._way = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._way.bind(str(path))
        self._way.setblocking(False)

    def close(self) -> None:
        self._way.close()

    @property
    def variables(self) -> dict[str, str]:
        return {"NOTIFY_SOCKET": str(self.path), "WATCHDOG_USEC": str(int(WATCHDOG * 1e6))}

    async def hears(self, line: str) -> None:
        """Read on until a line comes."""
        async with asyncio.timeout(2 * PATIENCE):
            while line not in await self._next():
                pass

    async def hears_for(self, seconds: float) -> list[str]:
        """The lines that come within a time."""
        lines: list[str] = []
        try:
            async with asyncio.timeout(seconds):
                while True:
                    lines += await self._next()
        except TimeoutError:
            return lines

    async def _next(self) -> list[str]:
        notice = (await asyncio.get_running_loop().sock_recv(self._way, 4096)).decode()
        self.notices.append(notice)
        return notice.splitlines()


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Manager]:
    with closing(Manager(tmp_path / "notify")) as listening:
        yield listening


@asynccontextmanager
async def under(manager: Manager, course: Course, folder: Path) -> AsyncIterator[tuple[Emulator, Program]]:
    """A program that is started by a service manager, when the test starts it."""
    url = await asyncio.to_thread(course, folder)
    async with Emulator() as telegram:
        program = Program(folder, telegram, url, anew=True)
        program.variables = manager.variables
        try:
            yield telegram, program
        finally:
            await program.kill()


async def test_it_is_ready_once_its_channel_is_open_then_lives_and_stops(
    course: Course, tmp_path: Path, manager: Manager
) -> None:
    async with under(manager, course, tmp_path) as (telegram, program):
        await telegram.fault(Fault(Kind.DELAY, "getMe", seconds=1))
        await program.start()
        await manager.hears("READY=1")
        assert manager.notices == ["READY=1"]
        assert [call.method for call in await telegram.calls()][:2] == ["getMe", "deleteWebhook"]
        for _ in range(3):
            await manager.hears("WATCHDOG=1")
        stopping = asyncio.create_task(program.stop())
        await manager.hears("STOPPING=1")
        assert await stopping == 0
        # What it said last was said before it ended: a sign of life may follow the word that it stops.
        assert set(await manager.hears_for(0.2)) <= {"WATCHDOG=1", "STATUS=Well."}
        assert await manager.hears_for(0.2) == []


async def test_what_cannot_start_is_never_ready(course: Course, tmp_path: Path, manager: Manager) -> None:
    async with under(manager, course, tmp_path) as (_, program):
        program.token = "4242:AAfalse-token-that-nobody-may-read"
        await program.start()
        assert await program.ends() == 1  # which its unit does not start again
        assert await manager.hears_for(0.2) == []


async def test_a_planner_that_stalls_gives_no_sign_of_life_until_it_goes_on(
    course: Course, tmp_path: Path, manager: Manager
) -> None:
    stalled = tmp_path / "stalled"
    async with under(manager, course, tmp_path) as (_, program):
        process = await start(
            "tests.journeys.supervised",
            str(program.config),
            str(stalled),
            folder=tmp_path,
            environment=environment(IAVENTURE_CHANNELS__TELEGRAM__TOKEN=program.token, **manager.variables),
            log=program.log,
        )
        try:
            await manager.hears("READY=1")
            await manager.hears("WATCHDOG=1")
            stalled.touch()
            await manager.hears("STATUS=Not well: the planner has stalled.")
            while_it_stalls = await manager.hears_for(5 * WATCHDOG)
            assert set(while_it_stalls) == {"STATUS=Not well: the planner has stalled."}
            stalled.unlink()
            await manager.hears("WATCHDOG=1")
        finally:
            process.kill()
            await process.wait()


TEN_MINUTES = 10.0
"""Seconds: in this process a minute lasts one."""


@pytest.mark.timeout(400)
async def test_a_channel_that_is_deaf_for_ten_minutes_is_told_and_neither_closed_nor_started_again(
    course_file: Course, tmp_path: Path, manager: Manager
) -> None:
    async with under(manager, course_file, tmp_path) as (telegram, program):
        program = Program(tmp_path, telegram, program.url, anew=True, admins=[f"telegram:{MAYOR}"])
        process = await start(
            "tests.journeys.supervised",
            str(program.config),
            str(tmp_path / "stalled"),
            folder=tmp_path,
            environment=environment(IAVENTURE_CHANNELS__TELEGRAM__TOKEN=program.token, **manager.variables),
            log=program.log,
        )
        try:
            await manager.hears("READY=1")
            mayor = await Town(telegram, program).mayor()
            for kind, told in (
                (Kind.CONFLICT, "Un autre programme reçoit à la place du bot"),
                (Kind.PROXY_FORBIDDEN, "Le bot n’entend plus le canal telegram"),
            ):
                await telegram.fault(Fault(kind, "getUpdates", times=None))
                await telegram.repeats()  # which ends the poll under way, and is known
                assert told in (await mayor.next_message()).text
                lines = await manager.hears_for(TEN_MINUTES)
                assert lines.count("WATCHDOG=1") >= TEN_MINUTES / WATCHDOG
                status = {line for line in lines if line.startswith("STATUS=")}
                assert any("telegram is deaf, it has heard nothing for" in line for line in status)
                assert not [line for line in status if line.startswith("STATUS=Not well")]
                await telegram.clear_faults()
                assert "entend de nouveau le canal telegram" in (await mayor.next_message()).text
                assert "Voici" in (await mayor.asks("/aide")).text
            assert process.returncode is None
            for once in ("getMe", "deleteWebhook"):
                assert len(await telegram.calls(once)) == 1
        finally:
            process.kill()
            await process.wait()


async def test_its_health_and_measures_can_be_read_and_name_nobody(course: Course, tmp_path: Path) -> None:
    kept = KeptPort()
    where = f"127.0.0.1:{kept.number}"
    async with (
        town(course, tmp_path, metrics={"listen": where}) as here,
        aiohttp.ClientSession(f"http://{where}") as client,
    ):
        claire = await here.learner("Claire Duval")
        await here.settled()
        async with client.get("/health") as response:
            assert await response.json() == {
                "healthy": True,
                "problems": [],
                "channels": {"telegram": "open"},
            }
        async with client.get("/metrics") as response:
            told = await response.text()
        sent = 'iaventure_deliveries_total{channel="telegram",outcome="sent",priority="reply",reason=""}'
        assert f"{sent} " in told
        assert 'iaventure_answer_seconds_count{channel="telegram"}' in told
        assert 'iaventure_owner{channel="telegram"} 1.0' in told
        for secret in (claire.name, str(claire.id), here.bot.token):
            assert secret not in told


async def is_well(client: aiohttp.ClientSession) -> bool:
    async with client.get("/health") as response:
        return response.status == 200


async def test_a_port_that_is_taken_ends_it_with_one_sentence(course: Course, tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        where = f"127.0.0.1:{taken.getsockname()[1]}"
        async with town(course, tmp_path, metrics={"listen": where}) as here:
            assert await here.bot.ends() == 1
            assert here.bot.output.splitlines()[-1].startswith(
                f"metrics.listen: {where} ne peut pas être ouvert"
            )


async def test_a_database_that_is_locked_makes_it_ill_until_it_is_free(
    course: Course, tmp_path: Path
) -> None:
    kept = KeptPort()
    where = f"127.0.0.1:{kept.number}"
    async with (
        town(course, tmp_path, metrics={"listen": where}) as here,
        aiohttp.ClientSession(f"http://{where}") as client,
    ):
        claire = await here.learner("Claire Duval")
        with locked(here.bot.url):
            async with client.get("/health") as response:
                assert response.status == 503
                assert (await response.json())["problems"] == ["the database does not answer"]
        await until(partial(is_well, client))
        assert "Voici" in (await claire.asks("/aide")).text
        await until(lambda: "is well again" in here.bot.output)
