# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Whatever somebody writes or presses, in every situation: an answer that can be shown, and nobody else's rows touched."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.cleaning import paragraphs
from bot.channels.matrix import MatrixChannel
from bot.channels.matrix.content import poll_content, text_content
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.keyboard import keyboard
from bot.fitting import is_poll
from bot.messages import Ask, Edit, Kind, Limits, Piece
from bot.talk.topics import ADMIN_COMMANDS, COMMANDS
from lessons import markup
from storage import tables
from tests.bot.builders import Person
from tests.fuzz import fuzzed
from tests.fuzz.hostile import ODD, TEXT
from tests.fuzz.situations import ADMINS, SITUATIONS, WOKEN, Prepared, prepare

MOST = 6
"""Messages that one event may be answered with; buttons that go are none."""
LONGEST = 2.0
"""Seconds of the processor for one event and what shows its answer, on a machine that does other things too."""
FARTHEST = 366 + 14
"""Days until the next slot: a pause lasts a year at most, then come days off."""
MESSENGERS = {"telegram": TelegramChannel.limits, "matrix": MatrixChannel.limits}

WORDS = [
    *COMMANDS,
    *ADMIN_COMMANDS,
    *(
        "oui",
        "non",
        "ok",
        "merci",
        "bonjour",
        "salut",
        "pas",
        "je veux",
        "svp",
        "tous",
        "aucun",
        "annuler",
        "relire",
    ),
    *(
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
        "7",
        "8",
        "a",
        "b",
        "c",
        "la 2e",
        "1 et 3",
        "1-3",
        "0",
        "-1",
        "99999999999999999999",
    ),
    *(
        "9h",
        "25:00",
        "08:30",
        "24h",
        "à 14 h",
        "dans 2 heures",
        "après",
        "jusqu’au",
        "jusqu’à",
        "pendant",
        "du",
        "au",
    ),
    *(
        "31 février",
        "29/02",
        "5 janvier",
        "31/12/9999",
        "01/01/0001",
        "demain",
        "lundi",
        "vendredi",
        "week-end",
        "hier",
    ),
    *(
        "deux semaines",
        "10000000000 jours",
        "999999999999 ans",
        "0 minute",
        "un siècle",
        "la fin du monde",
        "Noël",
    ),
    *(
        "Europe/Paris",
        "Etc/GMT+12",
        "../../etc/passwd",
        "UTC",
        "Tahiti",
        "agent",
        "elu",
        "en",
        "fr",
        "20:00-07:00",
    ),
    *(
        "45",
        "45 mL",
        "45,5",
        "72.000",
        "1/0",
        "1e9",
        "environ 45",
        "²",
        "٤٥",
        "quarante-cinq",
        "{0}",
        "{1}",
        "{2}",
    ),
]
JOINTS = [" ", " ", " ", ", ", "\n", "", " et ", " ou ", " : ", "\u00a0!", " ? ", "… ", " « ", " / ", "\t"]


@st.composite
def texts(draw: st.DrawFn) -> str:
    """What somebody types: words that mean something, joined somehow, among odd ones, sometimes at full length."""
    parts = draw(st.lists(st.sampled_from(WORDS) | st.sampled_from(ODD) | TEXT, min_size=1, max_size=6))
    text = "".join(part + draw(st.sampled_from(JOINTS)) for part in parts)
    text = draw(st.sampled_from(["", "", "", "/", "!", "> "])) + text
    return text * draw(st.sampled_from([1, 1, 1, 1, 1, 3, 2000]))


@dataclass(frozen=True, slots=True)
class Step:
    """Something that a person does. `of` and `at` pick a question and a choice of those that were shown."""

    kind: Kind
    text: str = ""
    of: int = 0
    at: int = 0
    key: str = ""
    strange: bool = False
    """The question is the neighbour's."""
    later: float = 0.0
    """Hours after the one before."""


TYPED = st.builds(Step, st.just(Kind.TEXT), texts(), later=st.sampled_from([0.0, 0.0, 0.01, 30.0]))
PRESSED = st.builds(
    Step,
    st.sampled_from([Kind.CHOOSE, Kind.CHOOSE, Kind.TOGGLE, Kind.SUBMIT]),
    st.just(""),
    st.integers(0, 30),
    st.integers(0, 8),
    st.sampled_from(["", "", "", "yes", "no", "x", "!"]) | st.text("!~:abc", min_size=1, max_size=40),
    st.booleans(),
)
OTHER = st.builds(
    Step,
    st.sampled_from(
        [kind for kind in Kind if kind not in (Kind.TEXT, Kind.CHOOSE, Kind.TOGGLE, Kind.SUBMIT, Kind.FILE)]
    ),
)
STEPS = st.lists(TYPED | TYPED | PRESSED | OTHER, min_size=1, max_size=4)


def does(person: Person, step: Step, neighbour: Person, event: str) -> None:
    """Take a step, as a channel would tell of it."""
    asked = neighbour if step.strange else person
    shown = [piece.question for _, _, piece in asked.shown if piece.question is not None]
    question = shown[step.of % len(shown)] if shown else None
    labels = [choice.label for choice in question.choices] if question is not None else []
    if step.kind not in (Kind.CHOOSE, Kind.TOGGLE, Kind.SUBMIT):
        text = step.text
        for place in range(3):
            text = text.replace(f"{{{place}}}", labels[place % len(labels)] if labels else "")
        person.does(event, kind=step.kind, text=paragraphs(text, 4096))
        return
    keys = [choice.key for choice in (*question.choices, *question.beside)] if question is not None else []
    key = step.key or (keys[step.at % len(keys)] if keys else "a")
    given = () if step.kind is Kind.SUBMIT else (key,)
    person.does(event, kind=step.kind, refers=question.prompt if question else "abc", keys=given, receipt="r")


def cannot_be_shown(piece: Piece, limits: Limits) -> str:
    """Why a messenger would refuse a piece; empty when it would not."""
    document = None if isinstance(piece, Edit) else piece.document
    longest = limits.caption if document is not None else limits.text
    if not (markup.plain(piece.text).strip() or isinstance(piece, Edit) or document is not None):
        return "it says nothing"
    whole = f"{piece.text}\n\n{piece.aside}" if piece.aside else piece.text
    if markup.length(whole) > longest:
        return f"{markup.length(whole)} units"
    (piece.text + piece.aside).encode()
    if limits.ask is Ask.BUTTONS:
        keyboard(piece.question, limits)
    elif is_poll(piece.question) and piece.question is not None:
        poll_content(piece.text, piece.question, limits)
    else:
        text_content(piece.text, "", piece.aside)
    return ""


# --- what is stored


Rows = dict[str, list[dict[str, Any]]]


class File:
    """The file of a town, read beside its store: through the store, reading all of it took half of the run."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def rows(self) -> Rows:
        """All that is stored, by table, as SQLite keeps it."""
        with closing(sqlite3.connect(self.path)) as connection:
            connection.row_factory = sqlite3.Row
            return {
                name: [dict(row) for row in connection.execute(f"SELECT * FROM {name}")]  # noqa: S608 - names of ours
                for name in tables.metadata.tables
            }


def of_person(stored: Rows, person: str) -> Rows:
    """What is stored of one person: each row that names them, their address or their enrolment."""
    mine = {row["id"] for row in stored["address"] if row["address"] == person}
    learners = {row["learner_id"] for row in stored["address"] if row["id"] in mine}
    enrolled = {row["id"] for row in stored["enrolment"] if row["learner_id"] in learners}
    names = {"learner_id": learners, "address_id": mine, "enrolment_id": enrolled}
    found = {
        name: [row for row in some if any(row.get(column) in ids for column, ids in names.items() if ids)]
        for name, some in stored.items()
    }
    found["learner"] = [row for row in stored["learner"] if row["id"] in learners]
    return found


TAUGHT = ("course", "lesson", "broadcast", "audit", "pin")
"""What only who may publish changes."""


def taught(stored: Rows) -> list[Any]:
    return [stored[name] for name in TAUGHT]


# --- the tests


@pytest.fixture(scope="session")
def situation(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Prepared]:
    """Prepares each situation once for each messenger."""
    folder = tmp_path_factory.mktemp("situations")
    kept: dict[tuple[str, str], Prepared] = {}

    def get(name: str, messenger: str) -> Prepared:
        if (name, messenger) not in kept:
            (folder / messenger).mkdir(exist_ok=True)
            kept[name, messenger] = prepare(name, MESSENGERS[messenger], folder / messenger)
        return kept[name, messenger]

    return get


@pytest.mark.parametrize("name", SITUATIONS)
def test_every_situation_can_be_lived(situation: Callable[[str, str], Prepared], name: str) -> None:
    for messenger in MESSENGERS:
        prepared = situation(name, messenger)
        with prepared.opened(prepared.file.with_suffix(".copy")) as (person, neighbour):
            assert neighbour.waits
            assert person.state == EXPECTED.get(name, "active")


EXPECTED = {
    "stranger": "nobody",
    "noticed": "invited",
    "stopped": "stopped",
    "paused": "paused",
    "paused until": "paused",
    "gone": "paused",
    "silent": "paused",
}


@fuzzed
@given(name=st.sampled_from(list(SITUATIONS)), messenger=st.sampled_from(list(MESSENGERS)), steps=STEPS)
def test_whatever_is_said_is_answered_and_touches_nobody_else(
    situation: Callable[[str, str], Prepared], name: str, messenger: str, steps: list[Step]
) -> None:
    prepared = situation(name, messenger)
    file = File(prepared.file.with_suffix(".copy"))
    with prepared.opened(file.path) as (person, neighbour):
        town = person.town
        before = file.rows()
        for place, step in enumerate(steps):
            town.now = _after(town.now, step.later)
            shown = len(person.shown)
            consent = consented(file.rows(), person.address)
            began = time.process_time()
            does(person, step, neighbour, f"f{place}")
            assert time.process_time() - began < LONGEST
            said = [piece for _, _, piece in person.shown[shown:]]
            assert len(said) <= MOST
            assert [why for piece in said if (why := cannot_be_shown(piece, town.limits))] == []
            stored = file.rows()
            if step.kind is Kind.TEXT:
                assert said or person.unbuttoned, "a word without any answer"
            again = consented(stored, person.address)
            assert all(again.get(learner, at) == at for learner, at in consent.items() if at is not None)
            planned_soon(stored, person)
            # The same event told twice changes nothing, and says nothing.
            does(person, step, neighbour, f"f{place}")
            assert len(person.shown) == shown + len(said)
            assert file.rows() == stored
        after = file.rows()
        assert of_person(after, neighbour.address) == of_person(before, neighbour.address)
        assert name in ADMINS or taught(after) == taught(before)


def _after(now: datetime, hours: float) -> datetime:
    return now + timedelta(hours=hours)


def consented(stored: Rows, address: str) -> dict[str, Any]:
    """When each learner at an address accepted the notice."""
    return {row["id"]: row["consented_at"] for row in of_person(stored, address)["learner"]}


def planned_soon(stored: Rows, person: Person) -> None:
    """Hold that the next slot is within what a pause may last, a year, and a fortnight of days off."""
    for row in of_person(stored, person.address)["enrolment"]:
        if row["next_at"] is not None:
            next_at = datetime.fromisoformat(row["next_at"]).replace(tzinfo=UTC)
            assert (next_at - person.town.now).days <= FARTHEST


NOISE = [
    "тук",
    "дзинь",
    "雨",
    "木",
    "गा",
    "🌧",
    "🧱",
    "🪵",
    "—",
    "…",
    ";",
    "tartine",
    "parapluie",
    "girafe",
    "étagère",
    "brouette",
]


@fuzzed
@given(
    name=st.sampled_from([name for name in SITUATIONS if name not in WOKEN | ADMINS]),
    messenger=st.sampled_from(list(MESSENGERS)),
    said=st.lists(
        st.lists(st.sampled_from(NOISE), min_size=1, max_size=6).map(" ".join), min_size=1, max_size=3
    ),
)
def test_noise_pauses_stops_erases_and_accepts_nothing(
    situation: Callable[[str, str], Prepared], name: str, messenger: str, said: list[str]
) -> None:
    prepared = situation(name, messenger)
    file = File(prepared.file.with_suffix(".copy"))
    with prepared.opened(file.path) as (person, _):
        before = decided(file.rows(), person)
        for text in said:
            assert person.types(text)
        assert decided(file.rows(), person) == before


def decided(everything: Rows, person: Person) -> dict[str, Any]:
    """What somebody decided: their state, their consent, their schedule and their pause. Strangers decided nothing."""
    stored = of_person(everything, person.address)
    learner = [
        {name: value for name, value in row.items() if name != "created_at"} for row in stored["learner"]
    ]
    enrolment = [
        {name: row[name] for name in ("schedule", "next_at", "until", "rhythm", "position", "slot")}
        for row in stored["enrolment"]
    ]
    return {"learner": learner, "enrolment": enrolment} if learner and learner[0]["consented_at"] else {}
