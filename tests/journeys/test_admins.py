# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What can an admin do in the chat that nobody else can?"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from lessons.forms.workbook import workbook
from lessons.model import Lesson
from tests.journeys import teaching
from tests.journeys.town import PATIENCE, Town, town
from tests.lessons.builders import as_yaml
from tests.lessons.workbooks import LESSON
from tests.telegram import Fault, Kind
from tests.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.journeys.database import Course

FRESH = teaching.lesson("quatre")


async def test_a_faulty_lesson_is_answered_with_the_place_of_every_fault(
    course: Course, tmp_path: Path
) -> None:
    async with town(course, tmp_path) as here:
        mayor = await here.mayor()
        faulty = as_yaml(teaching.lesson("quatre", level=7, titre="Oups"))
        await mayor.sends_file("04-quatre.yaml", faulty)
        told = await mayor.next_message()
        assert "Rien n’est publié. 2 problèmes" in told.text
        level = faulty.decode().splitlines().index("level: 7") + 1
        assert f"04-quatre.yaml:{level}:8: level:" in told.text
        assert "titre" in told.text
        assert here.bot.rows("SELECT count(*) FROM lesson") == [(3,)]


async def test_a_lesson_is_shown_first_then_published_or_dropped(course: Course, tmp_path: Path) -> None:
    async with town(course, tmp_path) as here:
        mayor = await here.mayor()
        await mayor.sends_file("04-quatre.yaml", as_yaml(FRESH))
        preview = await mayor.next_message()
        assert "Titre de quatre" in preview.text
        assert "aperçu" in await mayor.taps(preview, "Le bon choix")
        assert "Que garder de quatre ?" in (await mayor.next_message()).text
        asked = await mayor.next_message()
        assert await mayor.taps(asked, "Annuler") == ""
        assert "C’est annulé" in (await mayor.edited(asked)).text
        assert here.bot.rows("SELECT count(*) FROM lesson") == [(3,)]
        await mayor.sends_file("04-quatre.xlsx", workbook(Lesson.model_validate(FRESH), {}, LESSON))
        for _ in range(2):
            await mayor.next_message()
        asked = await mayor.next_message()
        await mayor.taps(asked, "Publier\u00a0: ")
        assert "«\u00a0Titre de quatre\u00a0» est publiée" in (await mayor.edited(asked)).text
        assert here.bot.rows("SELECT theme, place FROM lesson WHERE id = 'quatre'") == [
            ("donnees-personnelles", 4)
        ]
        ((by, action),) = here.bot.rows(
            "SELECT who, action FROM audit JOIN staff ON staff.id = staff_id WHERE subject = 'quatre'"
        )
        assert (by, action) == (f"telegram:{mayor.id}", "publish-publish")


async def test_what_is_sent_now_reaches_the_learners(course: Course, tmp_path: Path) -> None:
    async with town(course, tmp_path) as here:
        mayor, claire = await asyncio.gather(here.mayor(), here.learner("Claire Duval"))
        await mayor.sends_file("04-quatre.yaml", as_yaml(FRESH))
        for _ in range(2):
            await mayor.next_message()
        await mayor.taps(await mayor.next_message(), "Publier et envoyer")
        await mayor.sees("Elle part maintenant", PATIENCE)
        lesson = await claire.next_message()
        assert "Titre de quatre" in lesson.text
        assert "✅" in await claire.taps(lesson, "Le bon choix")


async def test_an_announcement_is_confirmed_first_and_reaches_everyone(
    course: Course, tmp_path: Path
) -> None:
    async with town(course, tmp_path) as here:
        mayor, claire = await asyncio.gather(here.mayor(), here.learner("Claire Duval"))
        asked = await mayor.asks(
            "/annonce Réunion <b>jeudi</b> à 10 h, **salle** [des fêtes](http://exemple.fr)"
        )
        await mayor.taps(asked, "Oui, l’envoyer")
        await mayor.sees("L’annonce part", PATIENCE)
        told = await claire.next_message()
        assert "Réunion <b>jeudi</b> à 10 h, **salle** [des fêtes](http://exemple.fr)" in told.text
        assert "text_link" not in {entity["type"] for entity in told.entities}


async def test_figures_and_files_are_for_admins_only(course: Course, tmp_path: Path) -> None:
    async with town(course, tmp_path) as here:
        mayor, claire = await asyncio.gather(here.mayor(), here.learner("Claire Duval"))
        assert "trop peu de personnes" in (await mayor.asks("/stats")).text
        await claire.asks("1")
        await claire.next_message()
        await claire.asks("1 et 2")
        unknown = (await claire.asks("/nimporte")).text
        for command in ("/stats", "/publier", "/annonce Bonjour"):
            assert (await claire.asks(command)).text == unknown
        not_understood = (await claire.asks("charabia")).text
        await claire.sends_file("04-quatre.yaml", as_yaml(FRESH))
        assert (await claire.next_message()).text == not_understood
        assert await here.telegram.calls("getFile") == []
        assert here.bot.rows("SELECT count(*) FROM lesson") == [(3,)]


async def test_while_a_file_is_fetched_its_sender_is_told_and_nobody_else_waits(
    course: Course, tmp_path: Path
) -> None:
    async with town(course, tmp_path) as here:
        mayor, claire = await asyncio.gather(here.mayor(), here.learner("Claire Duval"))
        await here.telegram.fault(Fault(Kind.DELAY, "getFile", seconds=4))
        await mayor.sends_file("04-quatre.yaml", as_yaml(FRESH))
        await here.noted(1)
        said = [(await claire.asks(text)).text for text in ("/aide", "/progression", "/nimporte")]
        assert "Voici ce que vous pouvez" in said[0]
        await mayor.says("/progression")
        assert "Je lis encore votre fichier" in (await mayor.next_message()).text
        await mayor.says("/aide")
        await here.noted(3)
        await mayor.asks("stop")
        assert here.bot.rows("SELECT count(*) FROM pending") == [(3,)]
        shown = [(await mayor.next_message(PATIENCE)).text for _ in range(5)]
        for text, part in zip(
            shown,
            ("Titre de quatre", "Que garder", "Que faut-il faire", "Votre progression", "Voici ce"),
            strict=True,
        ):
            assert part in text
        await here.settled()
        assert here.bot.rows("SELECT count(*) FROM pending") == [(0,)]


async def test_killed_while_files_are_fetched_it_fetches_again_and_shows_each_once_in_order(
    course: Course, tmp_path: Path
) -> None:
    async with town(course, tmp_path) as here:
        mayor = await here.mayor()
        for _ in range(2):
            await here.telegram.fault(Fault(Kind.HANG, "getFile", seconds=60))
        slugs = ("quatre", "cinq", "six")
        for slug in slugs:
            await mayor.sends_file(f"{slug}.yaml", as_yaml(teaching.lesson(slug)))
        await here.noted(3)
        await here.bot.restart()
        await here.logged("take-up-events")
        await until_called(here, "getFile", 2)
        await here.bot.restart()
        shown = [(await mayor.next_message(PATIENCE)).text for _ in range(9)]
        assert [text for text in shown if "Titre de" in text] == [
            next(text for text in shown if f"Titre de {slug}" in text) for slug in slugs
        ]
        await here.settled()
        assert len(await mayor.messages()) == 1 + 1 + 9
        assert here.bot.rows("SELECT count(*) FROM pending") == [(0,)]


async def test_a_file_that_cannot_be_had_is_answered_once(course: Course, tmp_path: Path) -> None:
    async with town(course, tmp_path) as here:
        mayor = await here.mayor()
        for fault in (
            Fault(Kind.BAD_GATEWAY, "download"),
            Fault(Kind.SERVER_ERROR, "getFile"),
            Fault(Kind.PAGE, "getFile"),
        ):
            await here.telegram.fault(fault)
            await mayor.sends_file("quatre.yaml", as_yaml(FRESH))
            assert "Je n’ai pas pu récupérer ce fichier" in (await mayor.next_message(PATIENCE)).text
        await here.settled()
        assert here.bot.rows("SELECT count(*) FROM pending") == [(0,)]


async def test_who_erases_everything_while_their_file_is_fetched_hears_no_more_of_it(
    course: Course, tmp_path: Path
) -> None:
    async with town(course, tmp_path) as here:
        mayor, claire = await asyncio.gather(here.mayor(), here.learner("Claire Duval"))
        await here.telegram.fault(Fault(Kind.DELAY, "getFile", seconds=2))
        await mayor.sends_file("quatre.yaml", as_yaml(FRESH))
        await here.noted(1)
        asked = await mayor.asks("/stop")
        await mayor.taps(asked, "Oui, et effacer")
        goodbye = await mayor.edited(asked)
        assert here.bot.rows("SELECT count(*) FROM pending") == [(0,)]
        await until_called(here, "download", 1)
        await claire.asks("/aide")
        await here.settled()
        assert (await mayor.messages())[-1].id == goodbye.id


async def until_called(here: Town, method: str, times: int) -> None:
    async def called() -> bool:
        return len(await here.telegram.calls(method)) >= times

    await until(called)
