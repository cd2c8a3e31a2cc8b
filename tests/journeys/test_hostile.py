# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What can strange people and a bad network do to the bot? Nothing that others would notice."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from tests.journeys.town import PATIENCE, town
from tests.lessons.workbooks import FORM, lying, packed
from tests.telegram import Fault, Kind

if TYPE_CHECKING:
    from pathlib import Path

    from tests.journeys.database import Course

TRICK = "<b>Zoé</b> **gras** [lien](http://exemple.fr) & _co_"


async def test_a_name_is_kept_and_shown_nowhere_however_long_or_tricky(
    course: Course, tmp_path: Path
) -> None:
    async with town(course, tmp_path) as here:
        endless, tricky = await asyncio.gather(here.learner("Ÿ" * 65_536), here.learner(TRICK))
        for citizen, part in ((endless, "ŸŸ"), (tricky, "Zoé")):
            await citizen.taps(await citizen.asks("/reglages"), "Mes données")
            file = await citizen.next_message()
            assert json.loads(file.content)["Ce fichier"]["adresse"] == f"telegram:{citizen.id}"
            assert part not in file.content.decode()
            assert not [shown.text for shown in await citizen.messages() if part in shown.text]


async def test_markup_in_an_answer_is_shown_as_it_is(course: Course, tmp_path: Path) -> None:
    async with town(course, tmp_path) as here:
        mayor = await here.mayor()
        asked = await mayor.asks(f"/annonce {TRICK}")
        assert TRICK in asked.text
        assert {entity["type"] for entity in asked.entities} <= {"bold"}


async def test_a_press_that_is_not_ones_own_changes_nothing(course: Course, tmp_path: Path) -> None:
    async with town(course, tmp_path) as here:
        claire, denis = await asyncio.gather(here.learner("Claire Duval"), here.learner("Denis Roy"))
        lesson = await claire.sees("Que faire de un ?")
        own = await denis.sees("Que faire de un ?")
        stolen = await denis.forges(lesson.data[0][0], own.id)
        assert "n’attend plus de réponse" in await denis.notice(stolen, PATIENCE)
        elsewhere = await denis.forges(lesson.data[0][0], lesson.id, chat=claire.id)
        for garbage in ("x", "c::", "c:preview:a", f"{lesson.data[0][0]}z", "é" * 32, "s:" + "0" * 16):
            await denis.forges(garbage, own.id)
        assert here.bot.rows("SELECT * FROM prompt WHERE verdict IS NOT NULL") == []
        assert "✅" in await claire.taps(lesson, "Le bon choix")
        assert "déjà répondu" in await claire.notice(
            await claire.forges(lesson.data[0][1], lesson.id), PATIENCE
        )
        assert "✅" in await denis.taps(own, "Le bon choix")
        assert elsewhere in await here.telegram.unanswered()
        assert here.bot.rows("SELECT count(*) FROM prompt WHERE verdict = 'right'") == [(2,)]


async def test_files_that_are_too_big_or_bombs_are_refused(course: Course, tmp_path: Path) -> None:
    async with town(course, tmp_path) as here:
        mayor = await here.mayor()
        await mayor.sends_file("enorme.yaml", b"id: un", size=30 * 2**20)
        assert "au plus 256" in (await mayor.next_message()).text
        assert await here.telegram.calls("getFile") == []
        # What is larger than it is said to be is not read to its end.
        await mayor.sends_file("menteur.yaml", b"#" * 600_000, size=1000)
        assert "au plus 256" in (await mayor.next_message()).text
        bomb = lying(packed({FORM: b" " * (40 << 20)}), FORM, 1_000)
        await mayor.sends_file("bombe.xlsx", bomb)
        assert "abîmé ou incomplet" in (await mayor.next_message()).text
        levels = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12))
        for text in (f"a0: &a0 [boum]\n{levels}", "[" * 200_000, "\0\xff"):
            await mayor.sends_file("bombe.yaml", text.encode())
            assert "bombe.yaml:1:" in (told := (await mayor.next_message()).text) or "bombe.yaml:2:" in told


async def test_an_update_told_twice_is_answered_once(course: Course, tmp_path: Path) -> None:
    async with town(course, tmp_path) as here:
        claire = await here.learner("Claire Duval")
        await claire.says("1")
        await claire.sees("Que garder de un ?", PATIENCE)
        await claire.says("/lecon")
        await claire.sees("Titre de deux", PATIENCE)
        await here.settled()
        before = await claire.messages()
        await here.telegram.repeats()
        assert await here.bot.stop() == 0
        await here.telegram.repeats()
        await here.bot.start()
        await claire.says("/aide")
        await claire.sees("Voici ce que vous pouvez", PATIENCE)
        assert (await claire.messages())[:-1] == before
        assert here.bot.rows("SELECT count(*) FROM delivered") == [(2,)]


async def test_a_flood_from_one_does_not_keep_the_others_waiting(course: Course, tmp_path: Path) -> None:
    async with town(course, tmp_path) as here:
        noisy, claire = await asyncio.gather(here.learner("Bruno Fort"), here.learner("Claire Duval"))
        flood = [{"do": "says", "chat": noisy.id, "text": f"blabla {number}"} for number in range(300)]
        await here.telegram.together([*flood, {"do": "says", "chat": claire.id, "text": "/progression"}])
        assert "Votre progression" in (await claire.next_message()).text
        assert len(await noisy.messages()) < 30
        assert "personnes inscrites" not in (await claire.asks("/stats")).text
        assert await here.bot.stop() == 0  # each minute, and when it stops, it writes how many were dropped
        ((dropped,),) = here.bot.rows("SELECT n FROM counter WHERE name = 'event.dropped'")
        assert 200 < dropped < 300


async def test_one_chat_told_to_wait_does_not_hold_up_another(course: Course, tmp_path: Path) -> None:
    async with town(course, tmp_path) as here:
        slow, claire = await asyncio.gather(here.learner("Lent Martin"), here.learner("Claire Duval"))
        await here.settled()
        await here.telegram.fault(Fault(Kind.THROTTLE, "sendMessage", slow.id, seconds=15))
        await slow.says("/aide")
        await here.struck("sendMessage")
        for command in ("/progression", "/aide"):
            await claire.asks(command)
        await slow.sees_nothing_new(0)
        assert "Voici" in (await slow.next_message()).text
        await here.settled()
        assert here.repeats(slow, await slow.messages()) == 0


async def test_an_account_told_to_wait_loses_nothing(course: Course, tmp_path: Path) -> None:
    async with town(course, tmp_path) as here:
        learners = await asyncio.gather(*(here.learner(f"Quidam {number}") for number in range(6)))
        await here.settled()
        await here.telegram.fault(
            Fault(Kind.THROTTLE, "sendMessage", times=5, seconds=1),
            Fault(Kind.THROTTLE, "answerCallbackQuery", times=2, seconds=1),
            Fault(Kind.THROTTLE, "getUpdates", times=1, seconds=1),
        )
        told = await asyncio.gather(*(learner.asks("/aide") for learner in learners))
        assert all("Voici" in one.text for one in told)
        await here.settled()
        assert [here.repeats(learner, await learner.messages()) for learner in learners] == [0] * 6


async def test_whatever_breaks_on_the_way_the_message_arrives(course: Course, tmp_path: Path) -> None:
    async with town(course, tmp_path) as here:
        kinds = (Kind.BAD_GATEWAY, Kind.SERVER_ERROR, Kind.PAGE, Kind.HANG, Kind.CUT)
        cases = [(kind, False) for kind in kinds] + [(Kind.BAD_GATEWAY, True), (Kind.CUT, True)]
        learners = await asyncio.gather(*(here.learner(f"Quidam {n}") for n, _ in enumerate(cases)))
        await here.settled()
        await here.telegram.fault(
            *(
                Fault(kind, "sendMessage", learner.id, seconds=1, recorded=recorded)
                for (kind, recorded), learner in zip(cases, learners, strict=True)
            )
        )
        told = await asyncio.gather(*(learner.asks("/aide") for learner in learners))
        assert all("Voici" in one.text for one in told)
        await here.settled()
        repeats = [here.repeats(learner, await learner.messages()) for learner in learners]
        assert repeats == [int(recorded) for _, recorded in cases]
        assert here.bot.rows("SELECT count(*) FROM learner WHERE state = 'active'") == [(len(cases),)]


async def test_a_filtering_proxy_pauses_nobody(course: Course, tmp_path: Path) -> None:
    async with town(course, tmp_path) as here:
        learners = await asyncio.gather(*(here.learner(f"Quidam {number}") for number in range(3)))
        await here.settled()
        await here.telegram.fault(Fault(Kind.PROXY_FORBIDDEN, "sendMessage", times=None))
        for learner in learners:
            await learner.says("/aide")
        await here.logged("open-breaker")
        assert {here.state_of(learner) for learner in learners} == {("active", "")}
        assert await here.bot.stop() == 0
        await here.telegram.clear_faults()
        here.bot.edit("UPDATE conversation SET ready_at = '2020-01-01 00:00:00.000000'")  # an hour later
        await here.bot.start()
        told = await asyncio.gather(*(learner.next_message() for learner in learners))
        assert all("Voici" in one.text for one in told)


async def test_whoever_is_gone_is_paused_and_nobody_else(course: Course, tmp_path: Path) -> None:
    async with town(course, tmp_path) as here:
        gone, claire = await asyncio.gather(here.learner("Parti Loin"), here.learner("Claire Duval"))
        await here.settled()
        await gone.deactivates()
        await gone.says("/aide")
        await here.becomes(gone, "paused", "gone")
        assert "Voici" in (await claire.asks("/aide")).text
        assert here.state_of(claire) == ("active", "")


async def test_a_wrong_token_ends_the_process_with_one_sentence(course: Course, tmp_path: Path) -> None:
    secret = "4242:AAfalse-token-that-nobody-may-read"
    async with town(course, tmp_path, token=secret) as here:
        assert await here.bot.ends() == 1
        last = here.bot.output.splitlines()[-1]
        assert last.startswith("Telegram does not know this bot")
        assert "channels.telegram.token" in last


async def test_what_is_no_message_of_a_person_is_passed_over(course: Course, tmp_path: Path) -> None:
    async with town(course, tmp_path) as here:
        claire = await here.person("Claire Duval")
        about = {"id": claire.id, "is_bot": False, "first_name": "Claire Duval"}
        chat = {"id": claire.id, "type": "private"}
        for strange in (
            {"message": {"text": "sans date"}},
            {
                "message": {
                    "message_id": 900,
                    "date": 1,
                    "chat": chat,
                    "from": about | {"id": 1},
                    "text": "un autre",
                }
            },
            {
                "message": {
                    "message_id": 901,
                    "date": 1,
                    "chat": chat,
                    "from": about | {"is_bot": True},
                    "text": "robot",
                }
            },
            {"callback_query": {"id": "1", "from": about, "chat_instance": "1"}},
        ):
            await here.telegram.inject(strange)
        lesson = await claire.begins()
        assert "Titre de un" in lesson.text
        assert len(await claire.messages()) == 2
