# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What is lost, and what comes twice, when the process is killed at any moment? And does it stop when it is asked to?"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.journeys.program import Program, iaventure
from tests.journeys.town import PATIENCE, YES, Citizen, Town, label_of, shows, town
from tests.telegram import Fault, Kind
from tests.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.journeys.database import Course
    from tests.telegram import Shown

Strike = Callable[[], Awaitable[None]]
"""What happens between two steps."""


async def nothing() -> None:
    """All goes well."""


async def live(claire: Citizen, after_acting: Strike, after_reading: Strike) -> None:
    """A few days in a minute: begin, answer by tapping and by typing, read on, change a setting, pause.

    What comes is waited for by what it says: after a crash a message may come twice.
    """

    async def reads(text: str) -> Shown:
        await after_acting()
        shown = await claire.sees(text, PATIENCE)
        await after_reading()
        return shown

    async def taps(message: Shown, choice: str) -> None:
        places = {
            label: data
            for row, of in zip(message.buttons, message.data, strict=True)
            for label, data in zip(row, of, strict=True)
        }
        await claire.forges(places[label_of(message, choice)], message.id)

    await claire.starts()
    await taps(await reads("Ce que je garde"), YES)
    await taps(await reads("Que faire de un ?"), "Le bon choix")
    await reads("Bien vu pour un.")
    asked = await reads("Que garder de un ?")
    for choice in ("Rien", "Ceci", "Cela", "Rien"):
        await taps(asked, choice)
        await after_acting()
    await taps(asked, "Valider")
    await reads("Pourquoi garder un.")
    await claire.says("/lecon")
    await reads("Que faire de deux ?")
    await claire.says("un mauvais choix")
    await reads("Non pour deux.")
    await reads("Que garder de deux ?")
    await claire.says("/reglages")
    await taps(await reads("Vos réglages"), "Heure")
    await reads("À quelle heure")
    await claire.says("10h20")
    await reads("à 10:20")
    await claire.says("/pause")
    await reads("C’est en pause")


def state(here: Town) -> tuple[Any, ...]:
    """All that the bot remembers of its one learner, but for what is drawn at random and when it was."""
    shown = here.bot.rows("SELECT state, content FROM outbox")
    return Counter(state for state, content in shown if shows(content)), *(
        here.bot.rows(query)
        for query in (
            "SELECT language, role, state, pause_reason, notice FROM learner",
            "SELECT position, schedule, next_at, silent FROM enrolment",
            "SELECT lesson_id FROM delivered ORDER BY lesson_id",
            "SELECT topic, version, question, verdict, answered_at IS NULL FROM prompt ORDER BY created_at",
            "SELECT lesson_id, memory IS NULL, failed FROM recall ORDER BY lesson_id",
            "SELECT failed, count(*) FROM seen GROUP BY failed",
        )
    )


@pytest.mark.timeout(240)
async def test_a_process_killed_between_any_two_steps_loses_nothing(course: Course, tmp_path: Path) -> None:
    async def lived(folder: str, *, acting: bool, reading: bool) -> tuple[Any, int, int]:
        (tmp_path / folder).mkdir()
        kills = 0
        async with town(course, tmp_path / folder) as here:

            async def kill() -> None:
                nonlocal kills
                kills += 1
                await here.bot.restart()

            claire = await here.person("Claire Duval")
            await live(claire, kill if acting else nothing, kill if reading else nothing)
            await here.settled()
            return state(here), kills, here.repeats(claire, await claire.messages())

    calm, killed_early, killed_late = await asyncio.gather(
        lived("calm", acting=False, reading=False),
        lived("early", acting=True, reading=False),
        lived("late", acting=False, reading=True),
    )
    assert calm[1:] == (0, 0)
    for remembered, kills, repeats in (killed_early, killed_late):
        assert kills > 10
        assert remembered == calm[0]
        assert 0 <= repeats <= kills


@pytest.mark.parametrize("recorded", [False, True])
async def test_what_was_leaving_when_the_process_died_leaves_again_once(
    course: Course, tmp_path: Path, *, recorded: bool
) -> None:
    async with town(course, tmp_path) as here:
        claire = await here.learner("Claire Duval")
        await here.settled()
        await here.telegram.fault(Fault(Kind.HANG, "sendMessage", seconds=60, recorded=recorded))
        await claire.says("/aide")
        await here.struck("sendMessage")
        await here.bot.restart()
        await claire.says("/progression")
        await claire.sees("Votre progression", PATIENCE)
        await here.settled()
        shown = [message for message in await claire.messages() if "Voici ce que vous pouvez" in message.text]
        assert len(shown) == 1 + recorded
        assert here.bot.rows("SELECT n FROM counter WHERE name = 'sent.taken-over'") == [(1,)]


async def test_killed_amid_many_sends_it_repeats_no_more_than_were_in_flight(
    course: Course, tmp_path: Path
) -> None:
    in_flight, chance = 4, random.Random(41)  # noqa: S311 (no secret)
    async with town(course, tmp_path, account={"in_flight": in_flight}) as here:
        learners = await asyncio.gather(*(here.learner(f"Quidam {number}") for number in range(16)))
        await here.settled()
        assert await here.bot.stop() == 0
        here.bot.edit(
            "UPDATE enrolment SET slot = NULL, next_at = :at", at=datetime.now(UTC) - timedelta(minutes=5)
        )
        await here.telegram.fault(Fault(Kind.DELAY, "sendMessage", times=None, seconds=0.3))
        sent = len(await here.telegram.calls("sendMessage"))
        await here.bot.start()

        async def another() -> bool:
            return len(await here.telegram.calls("sendMessage")) > sent

        kills = 2
        for _ in range(kills):
            await until(another)
            await asyncio.sleep(chance.uniform(0, 0.4))
            await here.bot.restart()
            sent = len(await here.telegram.calls("sendMessage")) + in_flight
        for learner in learners:
            await learner.sees("Que faire de deux ?", PATIENCE)
        await here.settled()
        repeats = [here.repeats(learner, await learner.messages()) for learner in learners]
        assert min(repeats) == 0
        assert max(repeats) <= kills
        assert sum(repeats) <= kills * in_flight


async def test_it_stops_cleanly_at_the_very_moment_at_which_something_leaves(
    course: Course, tmp_path: Path
) -> None:
    async with town(course, tmp_path) as here:
        claire = await here.learner("Claire Duval")
        for number in range(3):
            last = (await claire.messages())[-1].id
            await claire.says("/aide")
            await claire.sees("Voici ce que vous pouvez", PATIENCE, after=last)
            await asyncio.sleep(number / 1000)
            assert await here.bot.stop() == 0
            await here.bot.start()
        await claire.says("/progression")
        await claire.sees("Votre progression", PATIENCE)
        await here.settled()
        assert here.repeats(claire, await claire.messages()) == 0


@pytest.mark.parametrize("method", ["getMe", "getUpdates", "sendMessage"])
async def test_it_stops_cleanly_while_telegram_is_silent(course: Course, tmp_path: Path, method: str) -> None:
    async with town(course, tmp_path) as here:
        claire = await here.learner("Claire Duval")
        await here.settled()
        assert await here.bot.stop() == 0
        await here.telegram.fault(Fault(Kind.HANG, method, times=None, seconds=60))
        await here.bot.start()
        await claire.says("/aide")
        await here.struck(method)
        assert await here.bot.stop() == 0
        await here.telegram.clear_faults()
        await here.bot.start()
        await claire.sees("Voici ce que vous pouvez", PATIENCE)


async def test_it_stops_cleanly_while_telegram_is_down(course: Course, tmp_path: Path) -> None:
    async with town(course, tmp_path) as here:
        claire = await here.learner("Claire Duval")
        await here.telegram.goes_down()
        await here.logged("poll-updates")
        assert await here.bot.stop() == 0
        await here.telegram.comes_up()
        await here.bot.start()
        assert "Voici ce que vous pouvez" in (await claire.asks("/aide")).text


async def test_a_second_process_on_the_same_file_is_refused_in_one_sentence(
    course_file: Course, tmp_path: Path
) -> None:
    async with town(course_file, tmp_path) as here:
        claire = await here.learner("Claire Duval")
        second = await asyncio.to_thread(
            iaventure,
            "run",
            "--config",
            here.bot.config,
            folder=tmp_path,
            IAVENTURE_CHANNELS__TELEGRAM__TOKEN=here.telegram.token,
        )
        assert second.returncode == 3
        (line,) = second.stderr.decode().splitlines()
        assert "Another iaventure run uses this database" in line
        assert "Voici ce que vous pouvez" in (await claire.asks("/aide")).text


async def test_a_second_process_on_the_same_server_stands_by_and_goes_on_when_the_first_dies(
    course_server: Course, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    async with town(course_server, tmp_path) as here:
        claire = await here.learner("Claire Duval")
        second = Program(tmp_path / "other", here.telegram, here.bot.url)
        await second.start()
        try:
            await until(lambda: "Another process runs this account: standing by." in second.output)
            assert "Voici ce que vous pouvez" in (await claire.asks("/aide")).text
            assert "open-channel" not in second.output
            await here.settled()
            await here.bot.kill()
            assert "Votre progression" in (await claire.asks("/progression")).text
            assert "own-account" in second.output
            assert await second.stop() == 0
        finally:
            await second.kill()
