# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Several people do all that can be done, and are erased while the bot runs: is anything left of them anywhere?

Every other story of a town ends with a smaller proof, once its bot has stopped: see `town`.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import pytest

from lessons.source import PlacedLesson
from storage import courses
from storage.database import open_database
from storage.dialects import is_server
from tests import traces
from tests.bot import papers
from tests.journeys import proof, teaching
from tests.journeys.database import file_of
from tests.journeys.program import iaventure
from tests.journeys.town import MAYOR, PATIENCE, YES, Citizen, Town, town
from tests.lessons import builders as lessons
from tests.ports import KeptPort
from tests.telegram import Fault, Kind
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.types import Tx
    from tests.journeys.database import Course
    from tests.postgres import Postgres
    from tests.telegram import Shown

pytestmark = pytest.mark.timeout(240)

ERASED = "sont effacés"
LOOK = 0.3
"""Seconds before each search: a file's log is emptied once in ten."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What nothing but these people has: no two runs share it, as the files of a server are those of all its databases."""

    family: str
    """The name of all who are erased, which is in whatever they write."""
    user: str
    paper: str
    """The name on the attestation of somebody who stays."""
    stays: int
    """Their number."""
    first: int
    """The number of the first: 99 others begin alike."""
    deputy: int
    """Of an admin who is erased."""

    @property
    def erased(self) -> tuple[str, ...]:
        return str(self.first)[:11], self.family, self.user, self.paper


IN_CLEAR = Marks(
    "Kerguélen-Zubiri",
    "kerguelen_zubiri",
    "Hautefeuille-Roy",
    7_316_094_584_100,
    7_316_094_583_100,
    8_264_905_137_202,
)
SEALED = Marks(
    "Ploërmel-Etxeberria",
    "ploermel_etx",
    "Quintin-Lanvollon",
    7_316_094_585_200,
    7_316_094_583_200,
    8_264_905_137_313,
)


@pytest.mark.parametrize(("key", "marks"), [("", IN_CLEAR), (proof.KEY, SEALED)], ids=["clear", "sealed"])
async def test_nothing_tells_of_whoever_was_erased_on_telegram_while_the_bot_runs(
    course: Course, postgres: Postgres, tmp_path: Path, key: str, marks: Marks
) -> None:
    began, measures = time.time(), KeptPort()
    where, admins = f"127.0.0.1:{measures.number}", [f"telegram:{MAYOR}", f"telegram:{marks.deputy}"]
    async with town(
        course, tmp_path, key=key, admins=admins, access="code", metrics={"listen": where}
    ) as here:
        await here.logged("open-channel")  # a key begins only while nobody else is connected
        crowd = await Crowd.comes(here, marks)
        await here.settled()
        assert await here.bot.stop() == 0
        days_pass(here, key, crowd)
        waits = await asyncio.to_thread(proof.search, [marks.paper], here.bot.url, tmp_path)
        assert bool(waits) is not bool(key), "the name on a paper that has not left"
        await here.bot.start()
        await crowd.lives()
        await here.settled()
        if is_server(here.bot.url):
            postgres.run("ANALYZE", here.bot.url.rpartition("/")[2])

        async def found(*texts: str) -> dict[str, list[str]]:
            return await asyncio.to_thread(proof.search, texts, here.bot.url, tmp_path, await told(where))

        gone = (*marks.erased, *(proof.stored_as(key, "telegram", str(one.id)) for one in crowd.learners))
        stays, number = proof.stored_as(key, "telegram", str(marks.stays)), str(marks.stays)
        assert await found(*gone) != {}
        assert not key or await found(*marks.erased, number) == {}, "what is sealed is nowhere in clear"
        with reading(here.bot.url):
            await crowd.leaves()
        await until(lambda: here.bot.rows("SELECT count(*) FROM learner") == [(2,)])

        async def is_gone() -> bool:
            await asyncio.sleep(LOOK)
            return await found(*gone) == {}

        await until(is_gone)
        await asyncio.to_thread(copies, here, postgres)
        here.kept |= {tmp_path / "copie.db", tmp_path / "dump.sql"}
        assert await found(*gone) == {}
        assert await found(stays) != {}
        assert {Path(place).name for place in await found(str(marks.deputy))} == staff_places(here, key)
        assert here.bot.running
        lines = (tmp_path / "erasures.log").read_text().splitlines()
        erased = here.bot.rows("SELECT learner_id FROM erasure ORDER BY n")
        assert [line.split()[2] for line in lines] == [who for (who,) in erased]
        if is_server(here.bot.url):
            files = await asyncio.to_thread(proof.server_files, postgres, here.bot.url, began)
            raw = traces.among([*marks.erased, str(marks.deputy), number], *files)
            assert bool(raw) is not bool(key), "a server overwrites nothing; what it keeps is sealed"


class Crowd:
    """Those who are erased, by what they do; Denis, who stays; and the mayor."""

    def __init__(self, here: Town, marks: Marks, code: str) -> None:
        self.here, self.marks, self.code = here, marks, code
        self.people: dict[str, Citizen] = {}

    @property
    def learners(self) -> list[Citizen]:
        """Those who are erased, but the admin."""
        return [one for part, one in self.people.items() if part not in ("denis", "deputy")]

    @property
    def denis(self) -> Citizen:
        return self.people["denis"]

    @classmethod
    async def comes(cls, here: Town, marks: Marks) -> Crowd:
        """Everybody begins; who refuses is asked to."""
        crowd = cls(here, marks, (await asyncio.to_thread(command, here, "access", "code")).strip())
        parts = ("refuser", "learner", "attester", "objector", "prankster", "blocker")
        for place, part in enumerate(parts):
            crowd.people[part] = await here.person(
                f"{part} {marks.family}", number=marks.first + place, username=f"{marks.user}_{place}"
            )
        crowd.people["deputy"] = await here.person(f"Adjoint {marks.family}", number=marks.deputy)
        crowd.people["denis"] = await here.person("Denis Roy", number=marks.stays)
        await asyncio.gather(
            here.mayor(),
            crowd.people["deputy"].begins(),
            crowd._refuses(),
            *(crowd._enters(crowd.people[part]) for part in (*parts[1:], "denis")),
        )
        return crowd

    async def _enters(self, one: Citizen) -> None:
        await one.starts(self.marks.user)
        assert "demande un code" in (await one.next_message()).text
        notice = await one.asks(f"C’est {self.marks.family}, avec le code {self.code}")
        await one.presses(notice.id, YES)
        assert "Que faire de un ?" in (await one.next_message()).text

    async def _refuses(self) -> None:
        one = self.people["refuser"]
        assert "demande un code" in (await one.asks(f"Bonjour, ici {self.marks.family}.")).text
        assert "n’ouvre pas" in (await one.asks(f"K7QF-M2XW-9TRA ({self.marks.family})")).text
        notice = await one.asks(self.code)
        await one.presses(notice.id, "Non merci")
        await one.sees("Je ne vous enverrai rien", PATIENCE)

    async def lives(self) -> None:
        """Everybody does a part of all that can be done, at once."""
        mayor = next(one for one in self.here.people if one.id == MAYOR)
        await asyncio.gather(
            self._learns(self.people["learner"]),
            self._attests(self.people["attester"]),
            self._objects(self.people["objector"]),
            self._pranks(self.people["prankster"]),
            self._blocks(self.people["blocker"]),
            self._publishes(self.people["deputy"]),
            self.denis.sees("rien ne presse", PATIENCE),
            self.denis.sees(self.marks.paper, PATIENCE),
            self._announces(mayor),
        )
        await self.denis.sees("Réunion jeudi", PATIENCE)

    async def _learns(self, one: Citizen) -> None:
        await one.taps(await one.sees("Que faire de un ?", PATIENCE), "Un mauvais choix")
        second = await one.sees("Que garder de un ?", PATIENCE)
        places = [line[0] for line in second.text.splitlines() if line[3:] in ("Ceci", "Cela")]
        await hears(one, f"{' et '.join(places)}", "Bonne réponse")
        for text, answer in (
            ("/progression", "Votre progression"),
            ("mesdonnees", "Voici tout ce que je garde"),
            ("rectifier", "corriger vous-même"),
            (f"Moi, {self.marks.family}, je ne comprends rien", "pas compris"),
            ("pause", "C’est en pause"),
            ("reprendre", "plaisir"),
        ):
            await hears(one, text, answer)

    async def _attests(self, one: Citizen) -> None:
        await hears(one, "attestation", "Quel nom écrire")
        await hears(one, f"Apolline {self.marks.family}", "Voici votre attestation")
        await hears(one, f"verifier 7K3M-92QF-XT4D-8RBN {self.marks.family}", "code")
        assert self.here.bot.rows("SELECT count(*) FROM attestation") == [(1,)]

    async def _objects(self, one: Citizen) -> None:
        await one.sees("rien ne presse", PATIENCE)
        await hears(one, "plus tard dans une minute", "je vous repose la question")
        await one.taps(await hears(one, "opposition", "je ne vous envoie plus rien"), "Garder sans utiliser")
        await one.sees("gardées sans être utilisées", PATIENCE)

    async def _pranks(self, one: Citizen) -> None:
        lesson, family = await one.sees("Que faire de un ?", PATIENCE), self.marks.family
        for text in (
            json.dumps({"nom": family}),
            f"<b>{family}</b>\N{RIGHT-TO-LEFT OVERRIDE}",
            f"/{self.marks.user} {family}",
            f"/start {self.marks.user}",
            (f"{family} " * 300)[:4000],
            f"verifier {family}",
            f"plus tard {family}",
            f"pause jusqu’à {family}",
        ):
            await one.says(text)
        await one.sends_file(f"{family}.yaml", family.encode(), caption=family)
        await one.forges(f"c:{self.marks.user}", lesson.id)
        await hears(one, "/aide", "Voici ce que vous pouvez")

    async def _blocks(self, one: Citizen) -> None:
        await one.blocks()
        await one.unblocks()
        await one.sees("plaisir", PATIENCE)

    async def _publishes(self, one: Citizen) -> None:
        await one.sends_file(f"{self.marks.user}.yaml", b"titre: rien")
        await one.sees("Rien n’est publié", PATIENCE)
        await hears(one, "/stats", "En chiffres")

    async def _announces(self, one: Citizen) -> None:
        await one.taps(await hears(one, "/annonce Réunion jeudi", "Voici l’annonce"), "Oui, l’envoyer")
        await one.sees("L’annonce part", PATIENCE)

    async def leaves(self) -> None:
        """Each has everything erased in a way of their own; one blocks the bot before its goodbye."""
        await asyncio.gather(
            self._types(self.people["refuser"]),
            self._types(self.people["learner"]),
            self._taps(self.people["attester"], "/oublier", "Tout effacer"),
            self._taps(self.people["objector"], "opposition", "Tout effacer"),
            self._taps(self.people["prankster"], "/stop", "Oui, et effacer"),
            self._taps(self.people["deputy"], "/oublier", "Tout effacer"),
            self._blocks_first(self.people["blocker"]),
        )
        await hears(self.denis, "/aide", "Voici ce que vous pouvez")

    async def _types(self, one: Citizen) -> None:
        await hears(one, "oublier", "Effacer toutes vos données")
        await hears(one, "oublier", ERASED)

    async def _taps(self, one: Citizen, text: str, choice: str) -> None:
        await one.says(text)
        asked = await one.sees(lambda shown: any(choice in row[0] for row in shown.buttons), PATIENCE)
        await one.taps(asked, choice)
        await one.sees(ERASED, PATIENCE)

    async def _blocks_first(self, one: Citizen) -> None:
        asked = await hears(one, "/oublier", "Effacer toutes vos données")
        await self.here.telegram.fault(Fault(Kind.DELAY, "editMessageText", one.id, seconds=1))
        await one.presses(asked.id, "Tout effacer")
        await one.blocks()


async def hears(one: Citizen, text: str, answer: str) -> Shown:
    """Say something, and see the answer among all that comes."""
    last = (await one.messages())[-1].id
    await one.says(text)
    return await one.sees(answer, PATIENCE, after=last)


def command(here: Town, *arguments: str | Path) -> str:
    """Run a command beside the bot; what it says."""
    done = iaventure(
        *arguments,
        "--config",
        here.bot.config,
        folder=here.bot.folder,
        IAVENTURE_CHANNELS__TELEGRAM__TOKEN=here.bot.token,
        **here.bot.variables,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def days_pass(here: Town, key: str, crowd: Crowd) -> None:
    """Somebody has followed the path; a paper waits to leave; and everybody is to be reminded."""
    now = datetime.now(UTC)

    def follow(tx: Tx) -> None:
        for place in range(1, 13):
            more = lessons.lesson(id=f"plus-{place:02}", title=f"Plus {place}", review_by=teaching.NEVER)
            courses.publish(tx, None, [PlacedLesson(more, 10 + place)], by="cli:test", now=now)
        papers.follow(tx, str(crowd.people["attester"].id), now)
        papers.leave_unsent(tx, "telegram", str(crowd.denis.id), crowd.marks.paper, now)

    with open_database(here.bot.url, key=proof.sealing_of(key)) as store:
        store.write_now(follow)
    here.bot.edit("UPDATE outbox SET key = 'before:' || key WHERE key LIKE 'lesson:%'")
    due = now.replace(second=0, microsecond=0) - timedelta(minutes=1)
    here.bot.edit("UPDATE enrolment SET slot = NULL, silent = 2, next_at = :due", due=due)


async def told(where: str) -> dict[str, bytes]:
    """What a bot says of itself to whoever watches it."""
    pages = {}
    async with aiohttp.ClientSession(f"http://{where}") as client:
        for page in ("/metrics", "/health"):
            async with client.get(page) as response:
                pages[page] = await response.read()
    return pages


@contextmanager
def reading(url: str) -> Iterator[None]:
    """Somebody else reads a file meanwhile, which keeps its log from being emptied."""
    if is_server(url):
        yield
        return
    with closing(sqlite3.connect(file_of(url), isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM outbox").fetchall()
        yield


def copies(here: Town, postgres: Postgres) -> None:
    """Copies as operators make them, beside the bot: they are searched like everything in its folder."""
    command(here, "db", "backup", here.bot.folder / "copie.db")
    if is_server(here.bot.url):
        (here.bot.folder / "dump.sql").write_text(postgres.dump(here.bot.url))


def staff_places(here: Town, key: str) -> set[str]:
    """Where an admin's number stays once they are erased: in the setting that names them, and in the table of the staff."""
    if key:
        return {here.bot.config.name}
    files = {"dump.sql"} if is_server(here.bot.url) else {"iaventure.db"}
    return {here.bot.config.name, '"staff"', "copie.db", *files}
