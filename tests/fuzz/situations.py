# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Every situation in which somebody may write, each prepared once as a file and copied for each example.

In each, `1` is who writes, and `2` is a neighbour who reads a lesson and has the settings open.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.messages import Kind, Limits
from storage.database import open_database, upgrade
from tests.bot.builders import Person, Town, lesson, setting
from tests.lessons import builders as lessons
from tests.lessons.builders import as_yaml

WRITER, NEIGHBOUR, ADMIN = "1", "2", "mairie"
SETTINGS = 8
"""Lines of the list of settings."""


def stranger(town: Town) -> Person:
    return town.person(WRITER)


def noticed(town: Town) -> Person:
    person = town.person(WRITER)
    person.types("bonjour")
    return person


def learning(town: Town) -> Person:
    return town.learner(WRITER)


def several(town: Town) -> Person:
    person = town.learner(WRITER)
    person.types(person.right())
    return person


def number(town: Town) -> Person:
    person = several(town)
    person.types(person.right())
    town.tick(person.next_at)
    return person


def finished(town: Town) -> Person:
    """Someone who is asked how often questions are to come."""
    person = town.learner(WRITER)
    for _ in range(6):
        while person.waits:
            person.types(person.right())
        if person.enrolment.finished_at is not None:
            break
        town.tick(person.next_at)
    return person


def typing(*words: str) -> Callable[[Town], Person]:
    """A learner who wrote some more."""

    def made(town: Town) -> Person:
        person = town.learner(WRITER)
        for word in words:
            person.types(word)
        return person

    return made


def choosing(line: int) -> Callable[[Town], Person]:
    """A learner who opened one of the settings."""

    def made(town: Town) -> Person:
        person = town.learner(WRITER)
        setting(person, str(line))
        return person

    return made


def gone(town: Town) -> Person:
    person = town.learner(WRITER)
    person.does(kind=Kind.LEFT)
    return person


def silent(town: Town) -> Person:
    person = town.learner(WRITER)
    for _ in range(30):
        if person.state != "active":
            break
        town.tick(person.next_at)
    return person


def publishing(town: Town) -> Person:
    admin = town.learner(ADMIN)
    admin.sends("05-cinq.yaml", as_yaml(lesson("cinq").model_dump(mode="json", exclude_defaults=True)))
    return admin


def announcing(town: Town) -> Person:
    admin = town.learner(ADMIN)
    admin.types("annonce")
    return admin


def confirming(town: Town) -> Person:
    admin = town.learner(ADMIN)
    admin.types("annonce Bonjour")
    return admin


SITUATIONS: dict[str, Callable[[Town], Person]] = {
    "stranger": stranger,
    "noticed": noticed,
    "learning": learning,
    "several": several,
    "number": number,
    "finished": finished,
    "settings": typing("reglages"),
    **{f"setting {line}": choosing(line) for line in range(1, SETTINGS + 1)},
    "stopping": typing("stop"),
    "stopped": typing("stop", "1"),
    "forgetting": typing("oublier"),
    "paused": typing("pause"),
    "paused until": typing("pause deux semaines"),
    "put off": typing("plus tard"),
    "gone": gone,
    "silent": silent,
    "publishing": publishing,
    "announcing": announcing,
    "confirming": confirming,
}
ADMINS = {"publishing", "announcing", "confirming"}
WOKEN = {"gone", "silent"}
"""Where any word at all resumes, on purpose."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A situation as it is stored, and what its people were shown."""

    name: str
    file: Path
    town: Town
    """Its store is closed; a copy gets another."""
    writer: str

    @contextmanager
    def opened(self, file: Path) -> Iterator[tuple[Person, Person]]:
        """The one who writes and the neighbour, on a copy in this file, which is gone afterwards."""
        file.write_bytes(self.file.read_bytes())
        try:
            with open_database(f"sqlite:///{file}") as store:
                town = Town(
                    store, self.town.limits, self.town.now, events=self.town.events, sent=self.town.sent
                )
                for address, person in self.town.people.items():
                    town.people[address] = Person(town, address, dict(person.about), copy.copy(person.shown))
                yield town.person(self.writer), town.person(NEIGHBOUR)
        finally:
            for left in file.parent.glob(f"{file.name}*"):
                left.unlink()


def prepare(name: str, limits: Limits, folder: Path) -> Prepared:
    """Live a situation through, and keep it as a file."""
    file = folder / f"{name}-{limits.ask}.db"
    upgrade(f"sqlite:///{file}")
    with open_database(f"sqlite:///{file}") as store:
        town = Town(store, limits).teach(
            lesson("un"),
            lesson("deux", questions=[lessons.number(id="q1"), lessons.multiple()]),
            lesson("trois"),
        )
        setting(town.learner(NEIGHBOUR))
        writer = SITUATIONS[name](town).address
    return Prepared(name, file, town, writer)
