# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What do learners lose, or read twice, when updates are posted and the process, the database or the proxy fails?"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.channels.telegram import secret_of
from tests.journeys.database import locked
from tests.journeys.program import Program, iaventure
from tests.journeys.town import PATIENCE, Citizen, Town, posted, town
from tests.telegram import PUBLIC, Fault, Kind
from tests.waiting import until, until_all

if TYPE_CHECKING:
    from pathlib import Path

    from tests.journeys.database import Course
    from tests.telegram import Delivery

HELP = "Voici ce que vous pouvez"


def received(here: Town) -> tuple[int, int]:
    """How many events were seen, and how many of them could not be answered."""
    seen = here.bot.rows("SELECT failed FROM seen")
    return len(seen), sum(failed for (failed,) in seen)


async def since(here: Town, count: int) -> list[Delivery]:
    """The attempts to post after so many."""
    return (await here.telegram.deliveries())[count:]


async def sends(here: Town) -> int:
    """How many messages the bot has sent, or tried to."""
    counter = (await here.telegram.counters()).get("sendMessage")
    return 0 if counter is None else counter.calls


async def answered_once(here: Town, citizen: Citizen, text: str) -> None:
    """Once everything has been posted and sent, a text was shown exactly once."""
    await citizen.sees(text, 2 * PATIENCE)

    async def nothing_waits() -> bool:
        return not await here.telegram.updates()

    await until(nothing_waits)
    await here.settled()
    assert len([message for message in await citizen.messages() if text in message.text]) == 1


async def test_a_day_with_taps_and_typed_answers(course: Course, tmp_path: Path) -> None:
    async with town(course, tmp_path, webhook=True, anew=True) as here:
        claire = await here.learner("Claire Duval")
        lesson = await claire.sees("Que faire de un ?")
        assert "✅" in await claire.taps(lesson, "Le bon choix")
        assert "Bien vu pour un." in (await claire.edited(lesson)).text
        second = await claire.next_message()
        places = [line[0] for line in second.text.splitlines() if line[3:] in ("Ceci", "Cela")]
        assert "Bonne réponse" in (await claire.asks(" et ".join(places))).text
        await claire.blocks()
        await here.becomes(claire, "paused", "gone")
        await claire.unblocks()
        assert "Quel plaisir" in (await claire.next_message()).text
        assert await here.telegram.calls("getUpdates") == []
        assert {delivery.status for delivery in await here.telegram.deliveries()} == {200}
        assert secret_of(here.telegram.token, f"{PUBLIC}/telegram") not in here.bot.output


async def test_what_was_posted_when_the_process_died_before_its_commit_is_answered_once(
    course: Course, tmp_path: Path
) -> None:
    async with town(course, tmp_path, webhook=True) as here:
        claire = await here.learner("Claire Duval")
        await here.settled()
        before = len(await here.telegram.deliveries())
        with locked(here.bot.url):
            await claire.says("/aide")

            async def under_way() -> bool:
                return any(delivery.status is None for delivery in await since(here, before))

            await until(under_way)
            await asyncio.sleep(0.5)  # it is with the writer, which waits for the lock
            await here.bot.kill()
            assert 200 not in {delivery.status for delivery in await since(here, before)}
        await here.bot.start()
        await answered_once(here, claire, HELP)
        attempts = await since(here, before)
        assert len({delivery.update_id for delivery in attempts}) == 1
        assert [delivery.status for delivery in attempts].count(200) == 1
        assert len(attempts) > 1


async def test_what_was_kept_when_the_process_died_before_it_said_so_is_answered_once(
    course: Course, tmp_path: Path
) -> None:
    async with town(course, tmp_path, webhook=True) as here:
        claire = await here.learner("Claire Duval")
        await here.settled()
        await here.telegram.fault(Fault(Kind.CUT, "webhook", times=2, recorded=True))
        await claire.says("/aide")
        await claire.sees(HELP, PATIENCE)
        await here.settled()  # else what it sent without noting it would come twice
        await here.bot.restart()
        await claire.says("/progression")
        await claire.sees("Votre progression", PATIENCE)
        await answered_once(here, claire, HELP)


async def test_a_database_that_is_locked_for_a_while_delays_and_loses_nothing(
    course: Course, tmp_path: Path
) -> None:
    async with town(course, tmp_path, webhook=True) as here:
        claire, denis = await asyncio.gather(here.learner("Claire Duval"), here.learner("Denis Roy"))
        await here.settled()
        before = len(await here.telegram.deliveries())
        lesson = await denis.sees("Que faire de un ?")
        with locked(here.bot.url):
            await claire.says("/aide")
            await denis.presses(lesson.id, "1")

            async def refused_twice() -> bool:
                return [delivery.status for delivery in await since(here, before)].count(500) >= 2

            await until(refused_twice)
            assert {delivery.status for delivery in await since(here, before)} <= {500, None}
        await answered_once(here, claire, HELP)
        await denis.edited(lesson)
        assert here.bot.rows("SELECT count(*) FROM prompt WHERE verdict IS NOT NULL") == [(1,)]


async def test_five_hundred_people_at_once_are_all_answered_once(course: Course, tmp_path: Path) -> None:
    async with town(course, tmp_path, webhook=True) as here:
        await here.telegram.crowd(500)
        await here.telegram.together({"do": "says", "chat": chat, "text": "/start"} for chat in range(1, 501))
        await until_all(partial(sends, here), 500)
        await here.settled()
        sent = [call.chat for call in await here.telegram.calls("sendMessage")]
        assert sorted(chat for chat in sent if chat is not None) == list(range(1, 501))
        assert received(here) == (500, 0)


async def test_people_who_come_while_the_process_is_killed_again_and_again_are_all_answered(
    course: Course, tmp_path: Path
) -> None:
    in_flight, people, kills = 4, 200, 3
    async with town(course, tmp_path, webhook=True, account={"in_flight": in_flight}) as here:
        await here.telegram.crowd(people)
        # Slowly enough that each kill finds some posts unanswered, others kept and not sent, others under way.
        await here.telegram.fault(Fault(Kind.DELAY, "sendMessage", times=None, seconds=0.05))
        await here.telegram.together(
            {"do": "says", "chat": chat, "text": "/start"} for chat in range(1, 1 + people)
        )
        for number in range(1, 1 + kills):
            await until_all(partial(sends, here), number * people // (2 * kills))
            await here.bot.restart()
        await until_all(partial(sends, here), people)

        async def nothing_waits() -> bool:
            return not await here.telegram.updates()

        await until(nothing_waits)
        await here.settled()
        chats = [call.chat for call in await here.telegram.calls("sendMessage")]
        assert {chat for chat in chats if chat is not None} == set(range(1, 1 + people))
        assert len(chats) <= people + kills * in_flight
        assert received(here) == (people, 0)


async def test_what_is_said_while_the_bot_is_down_is_answered_when_it_is_back(
    course: Course, tmp_path: Path
) -> None:
    async with town(course, tmp_path, webhook=True) as here:
        claire = await here.learner("Claire Duval")
        assert await here.bot.stop() == 0
        before = len(await here.telegram.deliveries())
        await claire.says("/aide")

        async def retried() -> bool:
            return [delivery.status for delivery in await since(here, before)].count(502) >= 2

        await until(retried)
        await here.bot.start()
        await answered_once(here, claire, HELP)


async def test_changing_from_polling_to_a_webhook_and_back_loses_nothing(
    course: Course, tmp_path: Path
) -> None:
    async with town(course, tmp_path) as here:
        claire = await here.learner("Claire Duval")
        webhook = await posted(here.telegram)
        webhook["webhook"]["secret"] = "of-the-operators-choosing"
        ways: tuple[dict[str, Any], ...] = (webhook, {}, webhook, {})
        for account in ways:
            last = (await claire.messages())[-1].id
            await claire.says("/progression")
            # What was not answered yet waits at Telegram, whichever way it leaves it next.
            assert await here.bot.stop() == 0
            await claire.says("/aide")
            here.bot = Program(tmp_path, here.telegram, here.bot.url, account=account)
            await here.bot.start()
            await claire.sees("Votre progression", PATIENCE, after=last)
            await claire.sees(HELP, PATIENCE, after=last)
            await here.settled()
            assert bool((await here.telegram.webhook())["url"]) == bool(account)
        await here.settled()
        told = [message.text for message in await claire.messages()]
        assert len([text for text in told if "Votre progression" in text]) == len(ways)
        assert len([text for text in told if HELP in text]) == len(ways)
        assert here.bot.rows("SELECT count(*) FROM seen") == [(2 + 2 * len(ways),)]
        assert "of-the-operators-choosing" not in here.bot.output


async def test_check_looks_at_the_webhook_beside_the_service(course: Course, tmp_path: Path) -> None:
    async with town(course, tmp_path, webhook=True) as here:

        async def check() -> tuple[int, str]:
            done = await asyncio.to_thread(
                iaventure,
                "check",
                "--config",
                here.bot.config,
                folder=tmp_path,
                IAVENTURE_CHANNELS__TELEGRAM__TOKEN=here.telegram.token,
            )
            return done.returncode, done.stderr.decode()

        claire = await here.learner("Claire Duval")
        assert await check() == (0, "")
        assert await here.bot.stop() == 0
        await claire.says("/aide")
        code, told = await check()
        assert code == 1
        assert "telegram: Telegram could not deliver (Wrong response from the webhook: 502" in told
        assert "1 updates wait" in told
        await here.bot.start()
        await answered_once(here, claire, HELP)
        assert await check() == (0, "")
