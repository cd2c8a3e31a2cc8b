# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The literacy file: what everybody did together, and no number that would speak of a few."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as draw

from bot.reports.counts import HIDDEN, median, shown
from bot.talk.admin import FEWEST_COUNTED
from storage import literacy
from tests.bot.builders import MONDAY, lesson
from tests.bot.reports.situations import of, text

if TYPE_CHECKING:
    from tests.bot.builders import Town


def people(town: Town, number: int, *, answering: int | None = None) -> None:
    for place in range(number):
        person = town.learner(f"{place}")
        if answering is None or place < answering:
            person.types(person.right())


def numbers(said: str) -> dict[str, str]:
    """The rows of the table of measures."""
    part = said.partition("## 3. ")[2].partition("## 4. ")[0]
    return dict(re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", part, re.MULTILINE))


def test_no_count_of_few_people_stands_in_the_literacy_file(town: Town) -> None:
    people(town, FEWEST_COUNTED - 1)
    said = text("literacy", of(town.store))
    assert numbers(said) == {}
    assert "aucun résultat n’est donné" in said
    town.learner("another")
    said = text("literacy", of(town.store))
    rows = numbers(said)
    assert rows["Personnes inscrites"] == str(FEWEST_COUNTED)
    assert rows["ont répondu à au moins une question"] == HIDDEN
    assert "Réponses données en tout" not in rows
    assert "aucun résultat n’est donné" in said


def test_what_everybody_did_is_counted_once(town: Town) -> None:
    people(town, 7)
    said = text("literacy", of(town.store))
    rows = numbers(said)
    assert rows["ont répondu à au moins une question"] == "7"
    assert rows["Leçons reçues en tout"] == "7"
    assert rows["Leçons reçues par personne (médiane)"] == "1"
    assert rows["Réponses données en tout"] == "7"
    assert rows["Leçons reçues de"] == f"{MONDAY:%m/%Y} à {MONDAY:%m/%Y}"
    assert "| justes | 7 | 100\u00a0% |" in said


def test_who_objected_is_in_no_count_of_the_literacy_file(town: Town) -> None:
    people(town, 6)
    before = town.store.read_now(literacy.read)
    town.people["0"].types("opposition")
    town.people["1"].types("oublier")
    town.people["1"].types("oublier")
    after = town.store.read_now(literacy.read)
    assert (before.enrolled, after.enrolled) == (6, 4)
    assert (before.answered, after.answered) == (6, 4)
    assert (before.received, after.received) == ({1: 6}, {1: 4})
    assert (before.deliveries, after.deliveries) == ({"un": 6}, {"un": 4})
    assert (before.verdicts["right"], after.verdicts["right"]) == (6, 4)


def test_nobody_is_named_and_no_address_stands_in_it(town: Town) -> None:
    people(town, 6)
    said = text("literacy", of(town.store))
    ids = [town.people[f"{place}"].learner.id for place in range(6)]
    assert not [one for one in ids if one in said]
    assert "telegram:" not in said


def test_content_is_that_of_the_database_with_its_dates(town: Town) -> None:
    town.teach(lesson("un", review_by="2026-11-25"), lesson("deux"))
    said = text("literacy", of(town.store))
    assert re.search(r"\| Titre de un \|.*\| 25/11/2026 \| envoyée \|", said)
    late = text("literacy", of(town.store, now=MONDAY.replace(month=12)))
    assert re.search(r"\| Titre de un \|.*\| retirée\u00a0: périmée \|", late)
    assert "Leçons retirées aujourd’hui car périmées\u00a0: 1" in late


def test_it_says_that_it_is_no_proof_of_a_level(town: Town) -> None:
    said = text("literacy", of(town.store))
    assert "ni une présomption de conformité" in said
    assert "2026/1744" in said
    assert "ne contraint pas à garantir un niveau" in said


def test_a_count_that_a_subtraction_would_give_is_hidden() -> None:
    assert shown([20, 18, 10, 0, 3], 5) == [20, None, 10, 0, None]
    assert shown([20, 20, 15], 5) == [20, 20, 15]


@given(draw.lists(draw.integers(0, 60), max_size=8), draw.integers(2, 9))
def test_no_two_counts_that_are_shown_differ_by_few(counts: list[int], fewest: int) -> None:
    kept = [0, *(count for count in shown(counts, fewest) if count is not None)]
    assert not [(a, b) for a in kept for b in kept if 0 < abs(a - b) < fewest]


@pytest.mark.parametrize(
    ("of_people", "middle"), [({}, 0), ({3: 1}, 3), ({1: 2, 4: 2}, 2.5), ({1: 1, 2: 5, 9: 1}, 2)]
)
def test_the_median_is_that_of_the_people(of_people: dict[int, int], middle: float) -> None:
    assert median(of_people) == middle
