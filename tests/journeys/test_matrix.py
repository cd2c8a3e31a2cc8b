# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A learner's week in an encrypted room, whatever dies in between."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

import pytest

from bot.channels.matrix.account import Account, log_in, verify
from lessons import source
from storage.database import open_database
from tests import traces
from tests.bot import papers
from tests.journeys import proof
from tests.journeys.database import rows
from tests.journeys.forked import Forked
from tests.journeys.program import ROOT, environment, start
from tests.matrix import Learner, Shown, Synapse
from tests.waiting import until

if TYPE_CHECKING:
    from tests.postgres import Postgres

pytestmark = pytest.mark.timeout(400)

PARIS = ZoneInfo("Europe/Paris")
MONDAY = date(2027, 1, 11)
PATIENCE = 90.0
"""Seconds for what comes after a kill: a process tries a lesson again after a minute."""


class Bot:
    """The service, which can be killed at any moment, and its clock."""

    def __init__(self, account: Account, folder: Path, url: str, key: str = "") -> None:
        """`key`: seals addresses."""
        self.lives = 0
        self._variables = {"IAVENTURE_PRIVACY__KEY": key} if key else {}
        self._url, self._turned, self._log = url, folder / "turned", folder / "log"
        self._config = folder / "iaventure.yaml"
        self._process: asyncio.subprocess.Process | Forked | None = None
        self.moves_to(account)

    def moves_to(self, account: Account) -> None:
        """From its next life on, this is its account and store."""
        self.account = account
        matrix = {
            "homeserver": account.homeserver,
            "user_id": account.user_id,
            "store": str(account.store),
            "store_key": account.store_key,
            "rate": 0,
        }
        privacy = {"journal": str(self._config.with_name("erasures.log"))}
        described = {"database": self._url, "channels": {"matrix": matrix}, "privacy": privacy}
        self._config.write_text(json.dumps(described))

    def turn(self, day: date, hour: str) -> None:
        """It is that hour in Paris from now on."""
        moment = datetime.combine(day, time.fromisoformat(hour), PARIS)
        fresh = self._turned.with_suffix(".new")
        fresh.write_text(str((moment - datetime.now(UTC)).total_seconds()))
        fresh.replace(self._turned)

    async def start(self, *, anew: bool = False) -> None:
        """`anew`: in an interpreter of its own, which takes two seconds."""
        self._process = await start(
            "tests.journeys.service",
            str(self._config),
            str(self._turned),
            folder=ROOT,
            environment=environment(**self._variables),
            log=self._log,
            anew=anew,
        )
        self.lives += 1

    async def rests(self) -> None:
        """Waits until all that left is written down."""
        async with asyncio.timeout(PATIENCE):
            while rows(self._url, "SELECT 1 FROM outbox WHERE state = 'waiting'"):  # noqa: ASYNC110 - of another process
                await asyncio.sleep(0.05)

    async def dies(self) -> None:
        """SIGKILL, and nothing after it."""
        assert self._process is not None
        assert self._process.returncode is None, f"it had died of itself: {self._log.read_text()[-3000:]}"
        os.kill(self._process.pid, signal.SIGKILL)
        await self._process.wait()

    async def dies_and_comes_back(self, after: float = 0.0) -> None:
        """Killed in the middle of what it does `after` so many seconds."""
        await asyncio.sleep(after)
        await self.dies()
        await self.start()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._process is not None and self._process.returncode is None:
            await self.dies()


class Week:
    """Ann, the bot, and what she has read so far."""

    def __init__(self, ann: Learner, bot: Bot, recovery_key: str) -> None:
        self.ann, self.bot, self.recovery_key = ann, bot, recovery_key
        self.read: list[Shown] = []
        self._kills = 0

    async def reads(self, *expected: str, polls: int = 0) -> list[Shown]:
        """The next messages, each holding what is expected; then so many polls. And nothing else."""
        shown = [await self.ann.next_message(PATIENCE) for _ in range(len(expected) + polls)]
        assert all(one.readable for one in shown), shown
        texts, asked = [one for one in shown if not one.poll], [one for one in shown if one.poll]
        assert len(asked) == polls, [one.text for one in shown]
        for text, wanted in zip(texts, expected, strict=True):
            assert wanted.casefold() in text.text.casefold(), (wanted, [one.text for one in shown])
        self.read += shown
        return shown

    async def says(self, text: str) -> str:
        """Types, and the bot dies a little later each time: before it hears, while it answers, after."""
        event = await self.ann.says(text)
        await self._kill()
        return event

    async def votes(self, poll: Shown, *choices: str) -> None:
        """Chooses in a poll; the bot dies as in `says`."""
        await self.ann.votes(poll, *choices)
        await self._kill()

    async def _kill(self) -> None:
        await self.bot.dies_and_comes_back(after=0.07 * (self._kills % 6))
        self._kills += 1

    async def day(self, number: int, hour: str = "08:31") -> None:
        """A later day of the week; the bot dies a moment after its clock was turned."""
        self.bot.turn(MONDAY + timedelta(days=number), hour)
        await self._kill()


@pytest.fixture
async def week(synapse: Synapse, tmp_path: Path, database_url: str) -> AsyncIterator[Week]:
    async with living(synapse, tmp_path, database_url) as week:
        yield week


@asynccontextmanager
async def living(
    synapse: Synapse, folder: Path, url: str, name: str = "ann", key: str = ""
) -> AsyncIterator[Week]:
    """A bot as an operator sets it up, and Ann, whose client shuns unsigned devices. `key`: as of `Bot`."""
    owned = synapse.account("bot")
    account = Account(synapse.url, owned.user_id, folder / "store", "une phrase", password=owned.password)
    await log_in(account)
    (shown_once,) = [said for said in await verify(account) if said.startswith("Recovery key")]
    bot = Bot(account, folder, url, key)
    bot.turn(MONDAY, "10:00")
    async with bot, await Learner.arrives(synapse, name, only_signed=True) as ann:
        yield Week(ann, bot, shown_once.partition(": ")[2])


# A minute: on the engine on which each life takes the account anew. On a file, `make faults` kills a bot on Matrix, too.
@pytest.mark.parametrize("database_url", ["postgres_url"], ids=["postgresql"], indirect=True)
async def test_a_week_whatever_dies(week: Week, synapse: Synapse) -> None:
    """The bot is killed at every step, the homeserver restarts in the middle, Ann changes her device."""
    ann, bot = week.ann, week.bot
    await ann.invites(bot.account)
    await bot.dies_and_comes_back()
    await ann.met(bot.account, timeout=PATIENCE)
    await week.reads("Oui, je commence")

    await week.says("oui")
    *_, poll = await week.reads("Bienvenue", "📘", polls=1)
    # Both are answered wrong, wherever their choices stand: so both come again, in the order of the questions.
    await week.votes(poll, wrong(poll))
    verdict, second = await week.reads("réponse", "Question")
    assert verdict.reply_to is None
    await week.says("-".join(places(second, right=False)))
    typed, *_ = await week.reads("réponse")
    assert typed.reply_to is None
    await week.votes(poll, choice(poll, 2))
    await week.reads("déjà")

    await week.says("reglages")
    await week.reads("Vos réglages")
    await week.says("1")
    await week.reads("quelle heure")
    await week.says("09:15")
    await week.reads("09:15")
    await week.says("!progression")
    await week.reads("Leçons suivies\xa0: 1", "Votre progression")

    await week.day(1, "09:14")
    await ann.sees_nothing_new(1)
    await week.day(1, "09:16")
    *_, poll = await week.reads("📘", polls=1)
    await ann.votes(poll, choice(poll, 3))
    await synapse.restarts()
    _, several = await week.reads("réponse", "Question")
    await week.says(" et ".join(places(several, right=True)))
    await week.reads("bonne réponse")

    await ann.changes_device()
    await week.says("pause")
    await week.reads("en pause")
    await bot.dies()
    await synapse.restarts()
    await bot.start()
    await week.day(2, "09:16")
    await ann.sees_nothing_new(3)
    await week.says("reprendre")
    _, several = await week.reads("retrouver", "🔁")  # what failed two days ago takes the slot of this day
    await week.says(" et ".join(places(several, right=True)))
    await week.reads("bonne réponse")
    await week.day(3, "09:16")
    *_, poll = await week.reads("📘", polls=1)
    await week.votes(poll, choice(poll, 1))
    *_, again = await week.reads("réponse", "🔁", polls=1)
    await week.says(letter(again))
    await week.reads("bonne réponse")

    await week.says("stop")
    await week.reads("arrêter")
    await week.says("1")
    await week.reads("arrêté")
    await week.day(4, "09:16")
    await ann.sees_nothing_new(3)

    sent = [wire for wire in await ann.wire(sender=bot.account.user_id) if not wire.state]
    assert Counter(wire.type for wire in sent) == {"m.room.encrypted": len(week.read)}
    assert {wire.id for wire in sent} == {shown.id for shown in week.read}
    assert bot.lives > 20


async def test_a_lost_store_is_not_noticed(week: Week, tmp_path: Path) -> None:
    """Another device of the same identity, signed with the recovery key: Ann, who shuns others, writes and reads on."""
    ann, bot = week.ann, week.bot
    await ann.opens_room(bot.account, timeout=PATIENCE)
    await week.reads("Oui, je commence")
    await bot.rests()  # else the notice may come twice: another device cannot tell that it was sent
    await bot.dies()
    lost = (await ann.trust(bot.account)).signed

    bot.moves_to(replace(bot.account, store=tmp_path / "new", recovery_key=week.recovery_key))
    await log_in(bot.account)
    await verify(bot.account)
    await bot.start(anew=True)
    (device,) = (await ann.trust(bot.account)).signed - lost
    await ann.knows(bot.account, device)
    await ann.says("oui")
    *_, poll = await week.reads("Bienvenue", "📘", polls=1)
    await ann.votes(poll, choice(poll, 1))
    await week.reads("réponse", "Question")
    assert not any(shown.shield for shown in week.read)


@pytest.mark.parametrize(
    ("database_url", "key", "family"),
    [("sqlite_url", "", "Landévennec-Ibarra"), ("postgres_url", proof.KEY, "Guéméné-Oyarzun")],
    ids=["sqlite, in clear", "postgresql, sealed"],
    indirect=["database_url"],
)
async def test_nothing_tells_of_whoever_was_erased_on_matrix_while_the_bot_runs(
    synapse: Synapse, postgres: Postgres, database_url: str, key: str, family: str, tmp_path: Path
) -> None:
    """Neither in the database, nor in the folder of the account, nor in the log; nor the name on the paper of who stays."""
    began, staying = datetime.now(UTC).timestamp(), f"Carl {family}"
    async with (
        living(synapse, tmp_path, database_url, family.lower().replace("é", "e"), key) as week,
        await Learner.arrives(synapse, "carl", only_signed=True) as carl,
    ):
        ann, bot = week.ann, week.bot
        await asyncio.gather(begins(ann, bot), begins(carl, bot))
        poll = await ann.sees(is_poll, PATIENCE)
        await ann.votes(poll, wrong(poll))
        await ann.sees("réponse", PATIENCE)
        await bot.rests()
        await bot.dies()
        now = datetime.combine(MONDAY, time(10), PARIS).astimezone(
            UTC
        )  # not ahead of the clock: it would wait
        with open_database(database_url, key=proof.sealing_of(key)) as store:
            store.write_now(lambda tx: papers.follow(tx, ann.room, now, channel="matrix"))
            store.write_now(papers.leave_unsent, "matrix", carl.room, staying, now)
        await bot.start()
        await carl.sees(staying, PATIENCE)
        for said, answer in (
            ("attestation", "Quel nom écrire"),
            (f"Apolline {family}", "Voici votre attestation"),
            ("progression", "Leçons suivies"),
            (f"Est-ce bien {family} ?", "Je n’ai pas"),
            ("mesdonnees", "Voici tout ce que je garde"),
        ):
            await ann.says(said)
            await ann.sees(answer, PATIENCE)
        await bot.rests()
        keys = ann.device_keys
        marks = [ann.user_id, ann.user_id[1:].partition(":")[0], ann.room, ann.device_id, family, *keys]

        async def found(*texts: str) -> dict[str, list[str]]:
            await asyncio.sleep(0.3)
            return await asyncio.to_thread(proof.search, texts, database_url, tmp_path)

        for mark in (ann.user_id, ann.room, ann.device_id, *keys):
            assert await found(mark) != {}, "it is there to be found, in the folder of the account at least"
        await ann.says("oublier")
        await ann.sees("Effacer toutes vos données", PATIENCE)
        await ann.says("effacer")
        await ann.sees("Je quitte ce salon", PATIENCE)

        async def is_gone() -> bool:
            return await found(*marks) == {}

        await until(is_gone)
        assert await found(carl.user_id, carl.room) != {}
        if key:
            files = await asyncio.to_thread(proof.server_files, postgres, database_url, began)
            assert traces.among([*marks, carl.user_id, carl.room], *files) == {}
        await carl.says("aide")
        await carl.sees("Voici ce que vous pouvez", PATIENCE)


async def begins(learner: Learner, bot: Bot) -> None:
    """From a new room to the first lesson."""
    await learner.opens_room(bot.account, timeout=PATIENCE)
    await learner.sees("Oui, je commence", PATIENCE)
    await learner.says("oui")
    await learner.sees(is_poll, PATIENCE)


def is_poll(shown: Shown) -> bool:
    return shown.poll is not None


async def test_progress_follows_into_another_room(week: Week, synapse: Synapse) -> None:
    """Ann's application opens a second room, Zoé's upgrades the first: what they have learnt is there."""
    async with await Learner.arrives(synapse, "zoe", only_signed=True) as zoe:
        other = Week(zoe, week.bot, week.recovery_key)
        async with asyncio.TaskGroup() as both:
            both.create_task(moves(week, upgrades=False))
            both.create_task(moves(other, upgrades=True))
        await week.day(1, "08:31")
        for moved in (week, other):
            await moved.reads("📘", polls=1)


async def moves(week: Week, *, upgrades: bool) -> None:
    """A learner begins in one room and goes on in another."""
    learner, bot = week.ann, week.bot
    await learner.opens_room(bot.account, timeout=PATIENCE)
    await week.reads("Oui, je commence")
    await learner.says("oui")
    await week.reads("Bienvenue", "📘", polls=1)
    if upgrades:
        learner.room = await learner.upgrades_room()
        await learner.asks_in(bot.account)
    else:
        await learner.invites(bot.account)
    await learner.met(bot.account, timeout=PATIENCE)
    await week.reads("continue dans cette conversation" if upgrades else "écrivez-moi un mot")
    await learner.says("1")
    await week.reads("réponse", "Question")
    await learner.says("progression")
    await week.reads(
        "Leçons suivies\xa0: 1", "Votre progression"
    )  # the text, then the picture with its alternative


def wrong(poll: Shown) -> str:
    """The label of a choice that is not right."""
    assert poll.poll is not None
    return next(label for label in poll.poll.answers.values() if not is_right(label))


def letter(poll: Shown) -> str:
    """What to type for the right choice of a poll: the bot puts them in an order of its own for each prompt."""
    assert poll.poll is not None
    return next(
        key for key, label in zip("abcd", poll.poll.answers.values(), strict=False) if is_right(label)
    )


def places(question: Shown, *, right: bool) -> list[str]:
    """The numbers of the choices that are right, or of those that are not, of a question that is read."""
    choices = [line for line in question.text.splitlines() if line[:1].isdigit()]
    return [choice.partition(".")[0] for choice in choices if is_right(choice) is right]


@cache
def right_choices() -> tuple[str, ...]:
    """The texts of the library's right choices."""
    lessons = [placed.lesson for placed in source.read([source.library()]).lessons]
    choices = [choice for lesson in lessons for question in lesson.questions for choice in question.choices]
    return tuple(choice.text for choice in choices if choice.correct)


def is_right(label: str) -> bool:
    """Whether the library says so of a choice as it is shown: after its number, and maybe cut."""
    beginning = label.partition(". ")[2].removesuffix("…")
    return any(text.startswith(beginning) for text in right_choices())


def choice(poll: Shown, place: int) -> str:
    """The label at a place of a poll, from one."""
    assert poll.poll is not None
    return list(poll.poll.answers.values())[place - 1]
