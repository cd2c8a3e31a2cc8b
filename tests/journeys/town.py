# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Where do these stories happen? In a town with an emulated Telegram, a bot as a process, and people."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from tests.journeys import proof, teaching
from tests.journeys.program import Program
from tests.telegram import PUBLIC, Emulator, Person, Shown, Telegram
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from tests.journeys.database import Course

PATIENCE = 30.0
"""Seconds to wait for what must come: generous, since it ends with what is waited for."""
MAYOR = 990_000_001
"""The number of the admin."""
FIRST = 7_316_094_582_001
"""The number of the first person: no number that is drawn, measured or counted holds it."""
ALIKE = 11
"""Digits with which the numbers of many people begin."""
SEARCHED = 20
"""Of what was typed, so many texts are searched: the longest."""

YES = "Oui, je commence"


@dataclass(slots=True)
class Town:
    """The emulator, the program, and everyone who came."""

    telegram: Telegram
    bot: Program
    """The one that runs: whoever replaces it has stopped the one before."""
    people: list[Citizen] = field(default_factory=list)
    admins: tuple[str, ...] = ()
    """As the setting has them: their numbers stay, in it and among the staff."""
    kept: set[Path] = field(default_factory=set)
    """Files that a story made for itself: copies hold whoever was erased since."""

    async def person(self, name: str, language: str = "fr", number: int = 0, username: str = "") -> Citizen:
        """Someone whom the bot has not met."""
        citizen = Citizen(self.telegram, number or FIRST + len(self.people), name)
        self.people.append(citizen)
        await self.telegram.person(citizen.id, name, username, language=language, started=False)
        return citizen

    @property
    def marks(self) -> list[str]:
        """What tells of the people: their numbers, their names, and what nobody else would have typed."""
        people = [one for one in self.people if f"telegram:{one.id}" not in self.admins]
        numbers = {str(one.id)[:ALIKE] for one in people}
        names = {re.sub(r" \d+$", "", one.name)[:40] for one in people}
        typed = {text for one in people for text in one.said if is_own(text)}
        return [*sorted(numbers), *sorted(names), *sorted(typed, key=len)[-SEARCHED:]]

    async def learner(self, name: str, number: int = 0) -> Citizen:
        """Someone who accepted the notice and reads the first lesson."""
        citizen = await self.person(name, number=number)
        await citizen.begins()
        return citizen

    async def mayor(self) -> Citizen:
        """The admin, who is a learner too."""
        return await self.learner("Madame la maire", MAYOR)

    def left(self, folder: Path) -> dict[str, list[str]]:
        """What tells of the people, by the place where it stands."""
        return proof.search(self.marks, self.bot.url, folder, kept=self.kept)

    def state_of(self, person: Person) -> tuple[str, str]:
        """Whether someone is active or paused, and why."""
        ((state, reason),) = self.bot.rows(
            "SELECT state, pause_reason FROM learner JOIN address ON learner_id = learner.id WHERE address = :address",
            address=str(person.id),
        )
        return state, reason

    def repeats(self, person: Person, messages: Sequence[Shown]) -> int:
        """How many messages a person was shown more than were to be sent."""
        sent = self.bot.rows(
            "SELECT content FROM outbox JOIN address ON address.id = address_id "
            "WHERE address = :address AND state = 'sent'",
            address=str(person.id),
        )
        return len(messages) - sum(shows(content) for (content,) in sent)

    async def settled(self) -> None:
        """Wait until nothing is left to answer or to leave, and all that left is written down."""
        waits = "SELECT 1 FROM pending UNION ALL SELECT 1 FROM outbox WHERE state = 'waiting' LIMIT 1"
        await until(lambda: not self.bot.rows(waits))

    async def logged(self, action: str) -> None:
        """Wait until the log tells of something."""
        await until(lambda: action in self.bot.output)

    async def noted(self, number: int) -> None:
        """Wait until so many events are noted and not answered."""
        await until(lambda: self.bot.rows("SELECT count(*) FROM pending") == [(number,)])

    async def becomes(self, person: Person, state: str, reason: str) -> None:
        """Wait until someone is in a state."""
        await until(lambda: self.state_of(person) == (state, reason))

    async def struck(self, method: str) -> None:
        """Wait until a call was hit by a fault."""

        async def hit() -> bool:
            return any(call.fault for call in await self.telegram.calls(method))

        await until(hit)


def shows(content: str) -> bool:
    """Whether what the outbox holds shows a message, and does not change one."""
    return "of" not in json.loads(content)


class Citizen(Person):
    """Someone of the town, who waits patiently."""

    def __init__(self, telegram: Telegram, number: int, name: str) -> None:
        super().__init__(telegram, number, name)
        self.said: list[str] = []

    async def says(self, text: str, reply_to: int | None = None) -> int:
        self.said.append(text)
        return await super().says(text, reply_to)

    async def asks(self, text: str) -> Shown:
        """Say something, and read the one message that answers it."""
        await self.says(text)
        return await self.next_message()

    async def begins(self) -> Shown:
        """From the first word to the first lesson: the notice and one tap."""
        await self.starts()
        notice = await self.next_message()
        await self.presses(notice.id, YES)
        return await self.next_message()

    async def edited(self, message: Shown) -> Shown:
        """The message once it was changed (again)."""
        return await self.sees(lambda now: now.id == message.id and now.edits > message.edits, PATIENCE)

    async def taps(self, message: Shown, *choices: str) -> str:
        """Press what stands for choices, one after the other; the notice of the last press."""
        query = ""
        for choice in choices:
            query = await self.presses(message.id, label_of(message, choice))
        return await self.notice(query, PATIENCE)


def is_own(text: str) -> bool:
    """Whether what was typed is somebody's own words: neither a command nor a choice of a lesson."""
    return len(text) >= 12 and " " in text and text.casefold() not in taught()


@cache
def taught() -> str:
    """All that lessons say."""
    return json.dumps([teaching.lesson(slug) for slug in teaching.SLUGS], ensure_ascii=False).casefold()


def label_of(message: Shown, choice: str) -> str:
    """The label of the button that stands for a choice: it says its beginning, or the number that it has in the text."""
    labels = [label for row in message.buttons for label in row]
    for line in message.text.splitlines():
        number, _, text = line.partition(". ")
        if number.isdecimal() and text.startswith(choice):
            return next(label for label in labels if label.endswith(number))
    return next((label for label in labels if label.startswith(choice)), choice)


async def posted(telegram: Telegram) -> dict[str, Any]:
    """The settings of a webhook, behind a public address."""
    port = await telegram.free_address()
    return {"mode": "webhook", "webhook": {"url": f"{PUBLIC}/telegram", "listen": f"127.0.0.1:{port}"}}


@asynccontextmanager
async def town(
    course: Course, folder: Path, *, webhook: bool = False, key: str = "", **settings: Any
) -> AsyncIterator[Town]:
    """A bot that teaches `course`, started, and stopped at the end. `webhook`: what people do is posted to it.
    `key`: seals addresses. `settings`: as of `Program`.

    At the end the bot must stop cleanly, must have asked nothing of Telegram that Telegram would not like, and must have
    written neither its token nor anyone's name or number. Then everybody is erased: nothing may tell of them.
    """
    url = await asyncio.to_thread(course, folder)
    settings.setdefault("admins", [f"telegram:{MAYOR}"])
    async with Emulator() as telegram:
        if webhook:
            settings.setdefault("account", {}).update(await posted(telegram))
        bot = Program(folder, telegram, url, **settings)
        bot.variables["TMPDIR"] = str(folder / "temporary")
        (folder / "temporary").mkdir()
        if key:
            bot.variables["IAVENTURE_PRIVACY__KEY"] = key
        await bot.start()
        here = Town(telegram, bot, admins=tuple(settings["admins"]))
        try:
            yield here
            if here.bot.running:
                assert await here.bot.stop() == 0
        except BaseException:
            await here.bot.kill()
            print(here.bot.output[-4000:])  # noqa: T201 (what pytest shows of a failed test)
            raise
        assert await telegram.violations() == []
        output = here.bot.output
        assert here.bot.token not in output
        assert "Traceback" not in output
        told = [word for person in here.people for word in (str(person.id), person.name) if word in output]
        assert told == []
        await asyncio.to_thread(proof.erase_everybody, here.bot.url, key)
        assert await asyncio.to_thread(here.left, folder) == {}
