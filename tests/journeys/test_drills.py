# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Do the drills of docs/exploitation.md work? A backup is put back, the bot moves to another host: who loses what?"""

from __future__ import annotations

import asyncio
import re
import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from storage import access, attestations, learners
from storage.database import open_database
from storage.dialects import is_server
from storage.filelock import own
from tests.journeys import proof
from tests.journeys.database import file_of, rows
from tests.journeys.program import ROOT, Program, iaventure
from tests.journeys.town import PATIENCE, YES, Citizen, Town, town
from tests.postgres import client
from tests.telegram import Emulator, Fault, Kind
from tests.waiting import until, until_all

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from storage.types import Tx
    from tests.journeys.database import Course
    from tests.telegram import Shown

pytestmark = pytest.mark.timeout(240)

RUNBOOK = (ROOT / "docs" / "exploitation.md").read_text(encoding="utf-8")
LEARNERS = 12


def command(here: Program, *arguments: str | Path) -> str:
    """Run a command of the runbook on the program's settings; what it says."""
    documented = f"iaventure {arguments[0]} {arguments[1]}"
    assert documented in RUNBOOK, "the drill is the one that operators read"
    done = iaventure(
        *arguments,
        "--config",
        here.config,
        folder=here.folder,
        IAVENTURE_CHANNELS__TELEGRAM__TOKEN=here.token,
        **here.variables,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def lose(here: Program) -> None:
    """The disk is gone."""
    assert not here.running
    if is_server(here.url):
        server, _, name = here.url.rpartition("/")
        client("dropdb", f"--maintenance-db={server}/postgres", name)
    else:
        for file in here.folder.glob("iaventure.db*"):
            file.unlink()


def put_back(copy: Path, here: Program) -> None:
    """A copy becomes the database that is gone."""
    if is_server(here.url):
        server, _, name = here.url.rpartition("/")
        client(
            *("createdb", "--encoding=UTF8", "--template=template0"),
            *(f"--maintenance-db={server}/postgres", name),
        )
        assert "iaventure db copy" in RUNBOOK
        copied = iaventure("db", "copy", f"sqlite:///{copy}", here.url, folder=here.folder)
        assert copied.returncode == 0, copied.stderr.decode()
    else:
        shutil.copy(copy, file_of(here.url))


def make_due(here: Program) -> None:
    """The hour of everybody's next lesson has just come; what was sent before was sent on an earlier day."""
    here.edit("UPDATE outbox SET key = 'before:' || key WHERE key LIKE 'lesson:%'")
    here.edit("UPDATE enrolment SET slot = NULL, next_at = :at", at=datetime.now(UTC) - timedelta(minutes=2))


def times_shown(messages: Sequence[Shown], text: str) -> int:
    return sum(text in message.text for message in messages)


def remembered(url: str) -> list[list[tuple[Any, ...]]]:
    """What a database knows of its learners."""
    return [
        rows(url, query)
        for query in (
            "SELECT id, language, role, state, pause_reason, notice, consented_at FROM learner ORDER BY id",
            "SELECT learner_id, position, schedule, silent FROM enrolment ORDER BY id",
            "SELECT enrolment_id, lesson_id, at FROM delivered ORDER BY 1, 2",
            "SELECT id, answered_at, given, verdict FROM prompt WHERE answered_at IS NOT NULL ORDER BY id",
            "SELECT learner_id, lesson_id, memory, due, failed, asked FROM recall ORDER BY 1, 2",
            "SELECT channel, event_id FROM seen ORDER BY 1, 2",
            "SELECT id, lesson_id, content FROM lesson_version ORDER BY id",
        )
    ]


async def answers(citizen: Citizen) -> None:
    """Answer the first question of the lesson that is shown."""
    await citizen.taps(await citizen.sees("Que faire de un ?"), "Le bon choix")
    await citizen.sees("Que garder de un ?", PATIENCE)


async def test_a_backup_made_amid_a_broadcast_is_put_back(course: Course, tmp_path: Path) -> None:
    async with town(course, tmp_path, account={"in_flight": 2}) as here:
        learners = await asyncio.gather(*(here.learner(f"Quidam {number}") for number in range(LEARNERS)))
        await asyncio.gather(*(answers(citizen) for citizen in learners[:4]))
        await here.settled()
        assert await here.bot.stop() == 0
        make_due(here.bot)
        await here.telegram.fault(Fault(Kind.DELAY, "sendMessage", times=None, seconds=1.5))
        await here.bot.start()
        copy = tmp_path / "copie.db"
        here.kept.add(copy)
        await some_of(here, "Que faire de deux ?", learners)
        # However long the copy takes to begin, the others still wait in it: nothing more leaves until it is made.
        await here.telegram.fault(Fault(Kind.THROTTLE, "sendMessage", times=None, seconds=1))
        await asyncio.to_thread(command, here.bot, "db", "backup", copy)
        await here.telegram.clear_faults()
        for citizen in learners:
            await citizen.sees("Que faire de deux ?", PATIENCE)
        await answers(learners[4])  # after the copy: this answer is lost with the disk
        await here.settled()
        await here.bot.kill()

        lose(here.bot)
        put_back(copy, here.bot)
        known = remembered(here.bot.url)
        journals = ("--journal", f"{copy}.erasures.log")
        said = await asyncio.to_thread(command, here.bot, "db", "restored", *journals)
        waiting = int(re.findall(r"Taken as sent: (\d+) messages", said)[0])
        assert 0 < waiting < LEARNERS, said
        now = remembered(here.bot.url)
        assert now[0] == known[0]
        assert [now[3], *now[5:]] == [known[3], *known[5:]]
        assert set(known[4]) < set(now[4]), "a lesson that is taken as sent comes back if nobody answers it"

        await here.bot.start()
        await asks(learners[0], "/aide", "Voici ce que vous pouvez")
        await here.settled()
        assert {times_shown(await one.messages(), "Que faire de deux ?") for one in learners} == {1}
        await asks(learners[0], "/progression", "1 réponse donnée, et juste.")
        received = rows(here.bot.url, "SELECT count(*) FROM delivered WHERE lesson_id = 'deux'")
        assert received == [(LEARNERS,)]
        taps = await learners[0].sees("Que faire de deux ?")
        assert "✅" in await learners[0].taps(taps, "Le bon choix"), (
            "what was shown before the loss can be answered"
        )

        assert await here.bot.stop() == 0
        make_due(here.bot)
        await here.bot.start()
        for citizen in learners:
            await citizen.sees("Que faire de trois ?", PATIENCE)
        await here.settled()
        # Whose message had not left when the copy was made gets the verdict as a new one: nothing knows what to edit.
        for text, readers in (("Que faire de deux ?", learners[1:]), ("Que faire de trois ?", learners)):
            assert {times_shown(await one.messages(), text) for one in readers} == {1}


async def asks(citizen: Citizen, text: str, answer: str) -> None:
    """Say something, and wait for what answers it among all that comes."""
    await citizen.says(text)
    await citizen.sees(answer, PATIENCE)


async def some_of(here: Town, text: str, learners: Sequence[Citizen]) -> None:
    """Wait until some of them were shown something."""

    async def shown() -> int:
        return len([one for one in learners if times_shown(await one.messages(), text)])

    await until_all(shown, LEARNERS // 3)


async def test_a_lesson_that_left_after_the_backup_does_not_come_again(
    course: Course, tmp_path: Path
) -> None:
    async with town(course, tmp_path) as here:
        claire, denis = await asyncio.gather(here.learner("Claire Duval"), here.learner("Denis Roy"))
        await here.settled()
        assert await here.bot.stop() == 0
        make_due(here.bot)
        copy = tmp_path / "copie.db"
        here.kept.add(copy)
        await asyncio.to_thread(command, here.bot, "db", "backup", copy)
        await here.bot.start()
        for citizen in (claire, denis):
            await citizen.sees("Que faire de deux ?", PATIENCE)
        await here.settled()
        await here.bot.kill()
        lose(here.bot)
        put_back(copy, here.bot)
        said = await asyncio.to_thread(command, here.bot, "db", "restored", "--no-journal")
        assert "2 that came due since" in said
        await here.bot.start()
        for citizen in (claire, denis):
            await asks(citizen, "/aide", "Voici ce que vous pouvez")
            assert times_shown(await citizen.messages(), "Que faire de deux ?") == 1


async def test_a_backup_brings_nobody_back_who_was_erased_since(course: Course, tmp_path: Path) -> None:
    """It is put back on another machine, beside another one's journal: with a key, codes of access and attestations."""
    folders = [tmp_path / name for name in ("old", "other", "new")]
    for folder in folders:
        folder.mkdir()
    async with town(course, folders[0], key=proof.KEY, access="code") as here:
        claire, denis, emma = [
            await here.person(name) for name in ("Claire Duval", "Denis Roy", "Emma Petit")
        ]
        assert "demande un code" in (await claire.asks("/start")).text
        with open_database(here.bot.url, key=proof.sealing_of(proof.KEY)) as store:
            store.write_now(access.add, CODE, until=None, by="cli:test", now=datetime.now(UTC))
            await asyncio.gather(*(enters(one) for one in (claire, denis, emma)))
            await forgets(emma)
            await answers(claire)
            for one in (claire, denis):
                store.write_now(attest, one)
            gone = store.read_now(learners.by_address, "telegram", str(claire.id))
        assert gone is not None
        await here.settled()
        copy, journal = tmp_path / "copie.db", folders[0] / "erasures.log"
        await asyncio.to_thread(command, here.bot, "db", "backup", copy)
        beside = copy.with_name("copie.db.erasures.log")
        assert beside.read_text() == journal.read_text()
        assert beside.stat().st_mode & 0o777 == 0o600
        await forgets(claire)
        assert len(journal.read_text().splitlines()) == 2
        carried = await of_another_machine(here, folders[1])
        await here.settled()
        await here.bot.kill()
        said = await here.telegram.calls(chat=claire.id)

        new = Program(folders[2], here.telegram, course(folders[2]), access="code")
        new.variables = here.bot.variables
        lose(new)
        put_back(copy, new)
        assert mentions(new.url, gone.id) != []
        shutil.copy(carried, folders[2] / "erasures.log")
        await new.start()
        assert await new.ends() == 3
        assert "db restored --journal" in new.output.splitlines()[-1]
        refused = iaventure(
            *("db", "restored", "--config", new.config),
            folder=new.folder,
            IAVENTURE_CHANNELS__TELEGRAM__TOKEN=new.token,
            **new.variables,
        )
        assert refused.returncode == 2
        assert str(folders[2] / "erasures.log").encode() in refused.stderr
        told = await asyncio.to_thread(
            command, new, "db", "restored", *("--journal", carried, "--journal", beside)
        )
        assert "Erased again: 1 person." in told
        make_due(new)
        here.bot = new
        await new.start()
        await denis.sees("Que faire de deux ?", PATIENCE)
        await asks(denis, "/aide", "Voici ce que vous pouvez")
        await here.settled()
        assert await here.telegram.calls(chat=claire.id) == said
        # Nothing is left of her, planned or kept: the line that names nobody is.
        assert mentions(new.url, gone.id) == ["erasure"]
        assert new.rows("SELECT n FROM erasure ORDER BY n") == [(1,), (2,)]
        assert (
            new.rows("SELECT count(*) FROM attestation") == new.rows("SELECT count(*) FROM learner") == [(1,)]
        )
        assert new.rows("SELECT address FROM address") == [
            (proof.stored_as(proof.KEY, "telegram", str(denis.id)),)
        ]
        await asks(claire, "/start", "demande un code")
        await asks(claire, CODE, "Ce que je garde")


CODE = "K7QF-M2XW-9TRA"


async def enters(citizen: Citizen) -> None:
    """From the code of access to the first lesson."""
    await citizen.says(CODE)
    await citizen.presses((await citizen.sees("Ce que je garde", PATIENCE)).id, YES)
    await citizen.sees("Que faire de un ?", PATIENCE)


def attest(tx: Tx, citizen: Citizen) -> None:
    """Give somebody an attestation."""
    found = learners.by_address(tx, "telegram", str(citizen.id))
    assert found is not None
    about: dict[str, Any] = {"path": "agent", "course_version": "v", "facts": {"lessons": 12}}
    attestations.issue(tx, found.id, f"{citizen.id}", citizen.name, now=datetime.now(UTC), **about)


async def of_another_machine(here: Town, folder: Path) -> Path:
    """The journal of another machine: of a standby process, where a server has one; else what was carried there."""
    journal = folder / "erasures.log"
    if not is_server(here.bot.url):
        shutil.copy(here.bot.folder / "erasures.log", journal)
        return journal
    second = Program(folder, here.telegram, here.bot.url, access="code")
    second.variables = here.bot.variables
    await second.start()
    try:
        await until(lambda: journal.exists() and len(journal.read_text().splitlines()) == 2)
        await until(lambda: "standing by" in second.output)
    finally:
        await second.kill()
    return journal


def mentions(url: str, learner: str) -> list[str]:
    """The tables that name a learner."""
    return sorted({name.strip('"') for name, content in proof.tables(url) if learner.encode() in content})


async def forgets(citizen: Citizen) -> None:
    """Have everything erased, and read the receipt."""
    await citizen.says("/oublier")
    asked = await citizen.sees("Effacer toutes vos données", PATIENCE)
    await citizen.taps(asked, "Tout effacer")
    assert "sont effacés" in (await citizen.edited(asked)).text


async def test_the_bot_moves_to_another_host_and_nobody_notices(course: Course, tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()
    async with town(course, tmp_path / "old") as here:
        claire, denis = await asyncio.gather(here.learner("Claire Duval"), here.learner("Denis Roy"))
        await answers(claire)
        await here.settled()
        assert await here.bot.stop() == 0
        make_due(here.bot)
        await denis.says("/aide")  # it waits at Telegram while the bot moves
        known = remembered(here.bot.url)

        new = Program(tmp_path / "new", here.telegram, course(tmp_path / "new"))
        lose(new)
        copy = tmp_path / "copie.db"
        await asyncio.to_thread(command, here.bot, "db", "backup", copy)
        put_back(copy, new)
        assert remembered(new.url) == known
        await new.start()
        try:
            for citizen in (claire, denis):
                await citizen.sees("Que faire de deux ?", PATIENCE)
            await denis.sees("Voici ce que vous pouvez", PATIENCE)
            await asks(claire, "/progression", "1 réponse donnée, et juste.")
            await until(lambda: not new.rows("SELECT 1 FROM outbox WHERE state = 'waiting' LIMIT 1"))
            for citizen in (claire, denis):
                assert times_shown(await citizen.messages(), "Que faire de deux ?") == 1
            assert times_shown(await denis.messages(), "Voici ce que vous pouvez") == 1
            assert await new.stop() == 0
        finally:
            await new.kill()


async def test_a_banned_bot_is_replaced_and_whoever_opens_the_new_one_goes_on(
    course: Course, tmp_path: Path
) -> None:
    async with town(course, tmp_path) as here:
        claire, denis = await asyncio.gather(here.learner("Claire Duval"), here.learner("Denis Roy"))
        await answers(claire)
        await here.settled()
        assert await here.bot.stop() == 0
        make_due(here.bot)
        async with Emulator() as other:
            for citizen in (claire, denis):
                await other.person(citizen.id, citizen.name, started=False)
            new = Program(tmp_path, other, here.bot.url)
            await new.start()
            try:
                for citizen in (claire, denis):
                    await here.becomes(citizen, "paused", "gone")
                claire_there = Citizen(other, claire.id, claire.name)
                await claire_there.starts()
                await here.becomes(claire, "active", "")
                await asks(claire_there, "/progression", "1 réponse donnée, et juste.")
                assert here.state_of(denis) == ("paused", "gone")
                assert await new.stop() == 0
            finally:
                await new.kill()


def test_a_database_in_use_cannot_be_said_to_be_restored(course: Course, tmp_path: Path) -> None:
    url = course(tmp_path)
    with own(url), open_database(url):
        refused = iaventure("db", "restored", "--no-journal", folder=tmp_path, IAVENTURE_DATABASE=url)
    assert refused.returncode == 3
    assert b"Another iaventure run uses this database" in refused.stderr


@pytest.mark.parametrize("when", ["hier", "2026-13-01T10:00", "2999-01-01T10:00", "0001-01-01T00:00"])
def test_a_moment_of_loss_that_makes_no_sense_is_refused(course: Course, tmp_path: Path, when: str) -> None:
    url = course(tmp_path)
    refused = iaventure(
        "db", "restored", "--no-journal", "--lost-at", when, folder=tmp_path, IAVENTURE_DATABASE=url
    )
    assert refused.returncode == 2
    (line,) = refused.stderr.decode().splitlines()
    assert when in line
