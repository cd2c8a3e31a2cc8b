# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What does a learner live on Telegram, from the first word to the last, with the bot as a process of its own?"""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from lessons.source import PlacedLesson
from storage import courses
from storage.database import open_database
from storage.progress.days import SLOTS, with_day
from tests import traces
from tests.bot import papers
from tests.journeys import teaching
from tests.journeys.town import PATIENCE, YES, Citizen, Town, town
from tests.lessons import builders as lessons
from tests.telegram import Fault, Kind
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from storage.types import Tx
    from tests.journeys.database import Course
    from tests.telegram import Shown


async def test_two_taps_lead_from_a_link_to_the_first_lesson(course: Course, tmp_path: Path) -> None:
    async with town(course, tmp_path, anew=True) as here:
        claire = await here.person("Claire Duval")
        await claire.starts("affiche-mairie")
        notice = await claire.next_message()
        assert "Ce que je garde" in notice.text
        await claire.presses(notice.id, YES)
        lesson = await claire.next_message()
        assert "Titre de un" in lesson.text
        assert "Que faire de un ?" in lesson.text
        assert lesson.buttons == (("1", "2", "3"),)
        accepted = await claire.sees("Bienvenue", PATIENCE)
        assert accepted.id == notice.id
        assert accepted.buttons == ()


async def test_a_tap_is_judged_in_the_message_that_asked(course: Course, tmp_path: Path) -> None:
    async with town(course, tmp_path) as here:
        claire, denis = await asyncio.gather(here.learner("Claire Duval"), here.learner("Denis Roy"))

        async def taps(citizen: Citizen, choice: str, toast: str, *judged: str) -> None:
            lesson = await citizen.sees("Que faire de un ?")
            notice = await citizen.taps(lesson, choice)
            assert toast in notice
            assert len(notice) <= 200
            shown = await citizen.edited(lesson)
            assert shown.buttons == ()
            for text in ("Titre de un", "Pourquoi un.", *judged):
                assert text in shown.text
            second = await citizen.next_message()
            assert "Que garder de un ?" in second.text
            assert "Titre de un" not in second.text

        await asyncio.gather(
            taps(claire, "Le bon choix", "✅", "Le bon choix ✅", "Bien vu pour un."),
            taps(denis, "Un mauvais choix", "❌", "Un mauvais choix ❌", "Le bon choix ✅", "Non pour un."),
        )


async def test_what_comes_again_and_what_is_offered_is_answered_with_its_buttons(
    course: Course, tmp_path: Path
) -> None:
    async with town(course, tmp_path) as here:
        claire, denis, jeanne = await asyncio.gather(
            *(here.learner(name) for name in ("Claire Duval", "Denis Roy", "Jeanne Petit"))
        )
        said = await jeanne.asks("plus tard dans une minute")
        assert "je vous repose la question à" in said.text
        await here.settled()
        assert await here.bot.stop() == 0
        lessons = {citizen: await citizen.sees("Que faire de un ?") for citizen in (claire, denis, jeanne)}
        comes_again(here, denis)
        await here.bot.start()

        async def is_reminded() -> None:
            reminder = await claire.next_message()
            assert "rien ne presse" in reminder.text
            assert "Que faire de un ?" in reminder.text
            assert reminder.buttons == (("1", "2", "3"), ("Relire la leçon",))
            await claire.taps(reminder, "Relire la leçon")
            lesson = await claire.next_message()
            assert "Titre de un" in lesson.text
            await claire.taps(reminder, "Le bon choix")
            await unbuttoned(claire, lessons[claire], reminder, lesson)

        async def is_offered_fewer_days() -> None:
            offer = await denis.sees("Vous répondez surtout", PATIENCE)
            assert "le lundi et le jeudi" in offer.text
            assert offer.buttons == (("Oui, ces jours-là",), ("Non, comme avant",))
            await denis.taps(offer, "Oui")
            changed = await denis.edited(offer)
            assert "Jours\u00a0: lundi, jeudi." in changed.text
            assert changed.buttons == ()
            assert schedule_of(here, denis)["days"] == ["mon", "thu"]

        async def is_asked_later() -> None:
            later = await jeanne.sees("Comme demandé", PATIENCE)
            assert later.buttons == (("1", "2", "3"), ("Relire la leçon",))
            await jeanne.taps(later, "Le bon choix")
            await unbuttoned(jeanne, lessons[jeanne], later)

        await asyncio.gather(is_reminded(), is_offered_fewer_days(), is_asked_later())


async def unbuttoned(citizen: Citizen, *messages: Shown) -> None:
    """Wait until some messages have no button any more."""
    for message in messages:
        await citizen.sees(partial(_is_unbuttoned, message.id), PATIENCE)


def _is_unbuttoned(id_: int, message: Shown) -> bool:
    return message.id == id_ and not message.buttons


def comes_again(here: Town, habitual: Citizen) -> None:
    """It is the hour of what was put off, and of everybody else's reminder; `habitual` answers on two days of the week."""
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    of = "learner_id IN (SELECT learner_id FROM address WHERE address = :address)"
    put_off = "learner_id IN (SELECT learner_id FROM prompt WHERE content LIKE '%\"later\"%')"
    here.bot.edit("UPDATE enrolment SET next_at = :at", at=now)
    here.bot.edit("UPDATE outbox SET key = 'before:' || key WHERE key LIKE 'lesson:%'")
    here.bot.edit(f"UPDATE enrolment SET slot = NULL, silent = 2 WHERE NOT {put_off}")  # noqa: S608
    slots = answered = ""
    for ago in range(28, 0, -1):
        day = now.date() - timedelta(days=ago)
        slots = with_day(slots, day, SLOTS)
        answered = with_day(answered, day) if day.weekday() in (0, 3) else answered
    address = str(habitual.id)
    here.bot.edit(f"UPDATE enrolment SET slots = :slots WHERE {of}", slots=slots, address=address)  # noqa: S608
    here.bot.edit(
        'INSERT INTO tally (learner_id, "right", partly, wrong, days) '
        "SELECT learner_id, 1, 0, 0, :days FROM address WHERE address = :address",
        days=answered,
        address=address,
    )


async def test_a_typed_answer_is_judged_in_a_new_message(course: Course, tmp_path: Path) -> None:
    async with town(course, tmp_path) as here:
        claire = await here.learner("Claire Duval")
        lesson = await claire.sees("Que faire de un ?")
        verdict = await claire.asks("le bon choix")
        assert "Bonne réponse" in verdict.text
        assert "Pourquoi un." in verdict.text
        second = await claire.next_message()
        assert "Que garder de un ?" in second.text
        bare = await claire.sees(
            lambda message: "Que faire de un ?" in message.text and not message.buttons, PATIENCE
        )
        assert (bare.id, bare.text) == (lesson.id, lesson.text)
        assert "Je n’ai pas reconnu" in (await claire.asks("peut-être")).text
        places = [line[0] for line in second.text.splitlines() if line[3:] in ("Ceci", "Cela")]
        assert "Bonne réponse" in (await claire.asks(" et ".join(places))).text


async def test_several_choices_are_switched_on_and_off_before_they_count(
    course: Course, tmp_path: Path
) -> None:
    async with town(course, tmp_path) as here:
        claire = await here.learner("Claire Duval")
        await claire.taps(await claire.sees("Que faire de un ?"), "Le bon choix")
        asked = await claire.next_message()
        assert asked.buttons[-1] == ("Valider",)
        assert "Choisissez d’abord" in await claire.taps(asked, "Valider")
        await claire.taps(asked, "Rien")
        with_nothing = await claire.edited(asked)
        assert [label[0] for label in with_nothing.buttons[0]].count("☑") == 1
        await claire.taps(with_nothing, "Rien")
        without = await claire.edited(with_nothing)
        assert without.buttons == asked.buttons
        await claire.taps(without, "Ceci", "Cela")
        chosen = await claire.sees(
            lambda message: [label[0] for row in message.buttons for label in row].count("☑") == 2, PATIENCE
        )
        assert "✅" in await claire.taps(chosen, "Valider")
        judged = await claire.edited(chosen)
        assert "Bonne réponse" in judged.text
        assert "C’est tout pour aujourd’hui" in judged.text
        assert judged.buttons == ()


async def test_lessons_questions_and_progress_come_when_they_are_asked_for(
    course: Course, tmp_path: Path
) -> None:
    async with town(course, tmp_path) as here:
        claire, denis = await asyncio.gather(here.learner("Claire Duval"), here.learner("Denis Roy"))

        async def reads() -> None:
            first = await claire.sees("Que faire de un ?")
            again = await claire.asks("/lecon")
            assert (again.text, again.data) == (first.text, first.data)
            await claire.asks("1")
            await claire.next_message()
            await claire.asks("1 et 2")
            assert "Titre de deux" in (await claire.asks("Leçon")).text
            assert "Leçons suivies\u00a0: 1 sur 3" in (await claire.asks("/progression")).text

        async def is_asked() -> None:
            first = await denis.sees("Que faire de un ?")
            assert (await denis.asks("quiz")).data == first.data
            await denis.taps(first, "Le bon choix")
            await denis.taps(await denis.next_message(), "Ceci", "Cela", "Valider")
            told = (await denis.asks("!progression")).text
            assert "2 réponses données, toutes justes." in told
            assert "Pas encore de question à revoir" in (await denis.asks("/quiz")).text  # it was asked today
            assert "IAventure" not in (await denis.asks("/aide")).text

        await asyncio.gather(reads(), is_asked())


def schedule_of(here: Town, citizen: Citizen) -> dict[str, Any]:
    """When a learner wants lessons, as it is stored."""
    ((schedule,),) = here.bot.rows(
        "SELECT schedule FROM enrolment JOIN address USING (learner_id) WHERE address = :address",
        address=str(citizen.id),
    )
    found: dict[str, Any] = json.loads(schedule)
    return found


async def test_every_setting_can_be_changed(course: Course, tmp_path: Path) -> None:
    async with town(course, tmp_path) as here:

        async def setting(citizen: Citizen, item: str) -> Any:
            """What is asked once a setting was chosen from the list."""
            shown = await citizen.asks("/reglages")
            await citizen.taps(shown, item)
            return await citizen.next_message()

        async def hour(citizen: Citizen) -> None:
            assert "À quelle heure" in (await setting(citizen, "Heure")).text
            assert "Je n’ai pas reconnu d’heure" in (await citizen.asks("25h")).text
            assert "09:15" in (await citizen.asks("9h15")).text
            assert schedule_of(here, citizen)["time"] == "09:15"

        async def quiet(citizen: Citizen) -> None:
            await setting(citizen, "Heures calmes")
            assert "C’est noté" in (await citizen.asks("21:00-06:30")).text
            assert schedule_of(here, citizen)["quiet"] == "21:00-06:30"
            await setting(citizen, "Heure\u00a0:")
            assert "heures calmes (21:00-06:30)" in (await citizen.asks("23:00")).text

        async def days(citizen: Citizen) -> None:
            asked = await setting(citizen, "Jours\u00a0:")
            await citizen.taps(asked, "☑ samedi", "☑ dimanche", "Valider")
            await citizen.sees("C’est noté", PATIENCE)
            assert schedule_of(here, citizen)["days"] == ["mon", "tue", "wed", "thu", "fri"]

        async def zone(citizen: Citizen) -> None:
            await citizen.taps(await setting(citizen, "Fuseau"), "La Réunion")
            await citizen.sees("C’est noté", PATIENCE)
            assert schedule_of(here, citizen)["time_zone"] == "Indian/Reunion"
            await setting(citizen, "Fuseau")
            assert "C’est noté" in (await citizen.asks("Europe/Brussels")).text
            assert schedule_of(here, citizen)["time_zone"] == "Europe/Brussels"

        async def holidays(citizen: Citizen) -> None:
            await citizen.taps(await setting(citizen, "Jours fériés"), "Alsace")
            await citizen.sees("C’est noté", PATIENCE)
            assert schedule_of(here, citizen)["holidays"] == "Alsace"

        async def role(citizen: Citizen) -> None:
            await citizen.taps(await setting(citizen, "Vous êtes"), "élu ou élue")
            await citizen.sees("le parcours des élus", PATIENCE)

        async def language(citizen: Citizen) -> None:
            await citizen.taps(await setting(citizen, "Langue"), "anglais")
            await citizen.sees("English", PATIENCE)
            assert "Here is what" in (await citizen.asks("help")).text

        async def data(citizen: Citizen) -> None:
            file = await setting(citizen, "Mes données")
            kept = json.loads(file.content)
            assert kept["Ce fichier"]["adresse"] == f"telegram:{citizen.id}"
            assert citizen.name not in str(file.content)
            assert str(citizen.id) in file.text

        stories = (hour, quiet, days, zone, holidays, role, language, data)
        citizens = await asyncio.gather(*(here.learner(f"Quidam {n}") for n, _ in enumerate(stories)))
        await asyncio.gather(*(story(citizen) for story, citizen in zip(stories, citizens, strict=True)))


async def test_a_learner_pauses_comes_back_and_leaves_for_good(course: Course, tmp_path: Path) -> None:
    async with town(course, tmp_path) as here:
        claire = await here.learner("Claire Duval")
        assert "C’est en pause" in (await claire.asks("/pause")).text
        assert here.state_of(claire) == ("paused", "asked")
        assert here.bot.rows("SELECT next_at FROM enrolment") == [(None,)]
        assert "Quel plaisir" in (await claire.asks("/reprendre")).text
        assert here.bot.rows("SELECT next_at FROM enrolment") != [(None,)]
        asked = await claire.asks("stop")
        await claire.taps(asked, "Non, continuer")
        assert "on continue" in (await claire.edited(asked)).text
        assert here.state_of(claire)[0] == "active"
        asked = await claire.asks("/stop")
        await claire.taps(asked, "Oui, et effacer")
        assert "effacés" in (await claire.edited(asked)).text
        await until(lambda: here.bot.rows("SELECT * FROM address") == [])
        for kept in ("enrolment", "prompt", "recall", "tally", "outbox", "learner"):
            assert here.bot.rows(f"SELECT * FROM {kept}") == []  # noqa: S608 (names of ours)
        assert "Ce que je garde" in (await claire.asks("/start")).text


async def test_the_name_on_an_attestation_is_in_no_file_once_it_has_left_while_the_bot_runs(
    course_file: Course, tmp_path: Path
) -> None:
    """The bot is killed while the first paper leaves; Telegram refuses the second one, whose text names them."""
    name = "Apolline Kerguélen-Zubiri"
    async with town(course_file, tmp_path) as here:
        claire = await here.learner("Claire Duval")
        await here.settled()
        assert await here.bot.stop() == 0
        with open_database(here.bot.url) as store:
            store.write_now(teach_twelve_more, str(claire.id))
        await here.bot.start()
        await claire.taps(await claire.sees("Que faire de un ?"), "Le bon choix")
        await claire.taps(await claire.sees("Que garder de un ?"), "Ceci", "Cela", "Valider")
        await claire.sees("écrivez attestation", PATIENCE)

        async def gives_the_name() -> int:
            asked = await claire.says("attestation")
            await claire.sees("Quel nom écrire", after=asked)
            return await claire.says(name)

        await here.telegram.fault(Fault(Kind.DELAY, "sendDocument", seconds=60))
        typed = await gives_the_name()
        await until(lambda: traces.of(name, tmp_path) != [])
        await here.bot.kill()
        await here.telegram.clear_faults()
        assert traces.of(name, tmp_path) != []
        await here.bot.start()
        paper = await claire.sees(lambda shown: shown.document is not None, PATIENCE, after=typed)
        assert (paper.document, paper.content[:5]) == ("attestation.pdf", b"%PDF-")
        assert "Voici votre attestation" in paper.text
        assert name not in paper.text

        await here.telegram.fault(Fault(Kind.REFUSED, "sendDocument", description="Request Entity Too Large"))
        said = await claire.sees(name, PATIENCE, after=await gives_the_name())
        assert said.document is None
        await here.settled()
        await until(lambda: traces.of(name, tmp_path) == [])
        assert here.bot.running
        assert name not in here.bot.output
        assert here.bot.rows("SELECT count(*) FROM attestation") == [(2,)]


def teach_twelve_more(tx: Tx, address: str) -> None:
    """Teach twelve lessons more, and have somebody answer all there are but what they have been sent."""
    now = datetime.now(UTC)
    for place in range(1, 13):
        more = lessons.lesson(id=f"plus-{place:02}", title=f"Plus {place}", review_by=teaching.NEVER)
        courses.publish(tx, None, [PlacedLesson(more, 10 + place)], by="cli:test", now=now)
    papers.follow_what_is_to_come(tx, address, now)


async def test_killed_after_the_commit_or_after_the_append_the_goodbye_comes_and_the_journal_is_whole(
    course: Course, tmp_path: Path
) -> None:
    async with town(course, tmp_path) as here:
        claire, denis = await here.learner("Claire Duval"), await here.learner("Denis Roy")
        await here.settled()
        journal = tmp_path / "erasures.log"
        await until(journal.exists)
        journal.unlink()
        journal.mkdir()
        await claire.taps(await claire.asks("/oublier"), "Tout effacer")
        await here.logged("write-journal")
        await here.bot.kill()
        journal.rmdir()
        assert times_said(await claire.messages(), "sont effacés") == 0
        await here.bot.start()
        await claire.sees("sont effacés", PATIENCE)

        asked = await denis.asks("/oublier")
        await here.telegram.fault(Fault(Kind.DELAY, "editMessageText", times=None, seconds=30))
        await denis.presses(asked.id, "Tout effacer")
        await until(lambda: len(journal.read_text().splitlines()) == 2)
        await here.bot.kill()
        assert times_said(await denis.messages(), "sont effacés") == 0
        await here.telegram.clear_faults()
        erased = [who for (who,) in here.bot.rows("SELECT learner_id FROM erasure ORDER BY n")]
        assert [line.split()[2] for line in journal.read_text().splitlines()] == erased
        await here.bot.start()
        await denis.sees("sont effacés", PATIENCE)
        await until(lambda: here.bot.rows("SELECT 1 FROM address") == [])
        assert [line.split()[2] for line in journal.read_text().splitlines()] == erased


def times_said(messages: Sequence[Shown], text: str) -> int:
    return sum(text in message.text for message in messages)


async def test_the_bot_speaks_english_to_those_who_do(course: Course, tmp_path: Path) -> None:
    async with town(course, tmp_path) as here:
        ann = await here.person("Ann Smith", language="en-GB")
        await ann.starts()
        notice = await ann.next_message()
        await ann.presses(notice.id, "Yes, let’s begin")
        lesson = await ann.next_message()
        assert "Question:" in lesson.text
        assert "That is right!" in await ann.taps(lesson, "Le bon choix")
        await ann.next_message()
        assert "Here is what" in (await ann.asks("/help")).text
        assert "Your progress" in (await ann.asks("/progress")).text


async def test_the_menu_of_commands_is_set_in_both_languages(course: Course, tmp_path: Path) -> None:
    async with town(course, tmp_path) as here:
        claire = await here.person("Claire Duval")
        await claire.starts()
        await claire.next_message()
        async with asyncio.timeout(PATIENCE):
            while len(menus := (await here.telegram.profile()).get("commands", {})) < 3:
                await here.telegram.updates()
        names = {language: [each["command"] for each in menu] for language, menu in menus.items()}
        assert names["default/"] == names["default/fr"]
        assert {"lecon", "aide", "reglages"} <= set(names["default/fr"])
        assert {"lesson", "help", "settings"} <= set(names["default/en"])


async def test_blocking_pauses_and_coming_back_resumes(course: Course, tmp_path: Path) -> None:
    async with town(course, tmp_path) as here:
        claire = await here.learner("Claire Duval")
        await claire.blocks()
        await claire.unblocks()
        assert "Quel plaisir" in (await claire.next_message()).text
        assert here.state_of(claire) == ("active", "")
        await claire.blocks()
        await here.becomes(claire, "paused", "gone")


async def test_a_group_is_told_once_where_to_talk(course: Course, tmp_path: Path) -> None:
    async with town(course, tmp_path) as here:
        claire = await here.person("Claire Duval")
        room = await here.telegram.group(-100_200_300, "Conseil municipal")
        await room.adds_bot(claire)
        told = await room.next_message(PATIENCE)
        assert "conversation privée" in told.text
        for said in ("/start", "/lecon@emulated_bot", "bonjour à tous"):
            await room.hears(claire, said)
        await claire.begins()  # whatever the group was to be told would have come before
        await room.sees_nothing_new(0.5)
        assert here.bot.rows("SELECT count(*) FROM enrolment") == [(1,)]


async def test_a_scheduled_lesson_comes_once_at_its_hour(course: Course, tmp_path: Path) -> None:
    async with town(course, tmp_path) as here:
        claire = await here.learner("Claire Duval")
        assert await here.bot.stop() == 0
        due = datetime.now(UTC) - timedelta(minutes=10)
        here.bot.edit("UPDATE enrolment SET slot = NULL, next_at = :due", due=due)
        await here.bot.start()
        lesson = await claire.next_message()
        assert "Titre de deux" in lesson.text
        assert "Que faire de deux ?" in lesson.text
        assert await here.bot.stop() == 0
        await here.bot.start()
        await claire.asks("/aide")
        assert len([one for one in await claire.messages() if "Titre de deux" in one.text]) == 1
        later = "SELECT count(*) FROM enrolment WHERE next_at > :now"
        assert here.bot.rows(later, now=datetime.now(UTC)) == [(1,)]


async def test_a_slot_that_was_missed_by_hours_is_left_out(course: Course, tmp_path: Path) -> None:
    async with town(course, tmp_path, schedule={"grace": "1m", "quiet": "none"}) as here:
        claire = await here.learner("Claire Duval")
        assert await here.bot.stop() == 0
        due = datetime.now(UTC) - timedelta(hours=5)
        here.bot.edit("UPDATE enrolment SET slot = NULL, next_at = :due", due=due)
        await here.bot.start()
        await claire.asks("/aide")
        assert not [one for one in await claire.messages() if "Titre de deux" in one.text]
        assert here.bot.rows("SELECT n FROM counter WHERE name = 'slot.missed'") == [(1,)]
