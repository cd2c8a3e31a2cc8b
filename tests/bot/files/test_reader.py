# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A lesson file is read in a child process: what it does there, nobody else notices."""

from __future__ import annotations

import asyncio

import pytest

from bot.children import Bounds
from bot.files.reader import BOUNDS, ON_COMMAND, Late, Reader, Unread, open_workbook
from lessons.source import PlacedLesson, Problems
from tests.bot.offspring import children
from tests.lessons import builders
from tests.lessons.workbooks import LESSON, WORKBOOK, with_cells

PATIENT = Bounds(seconds=60)
"""For machines that are busy."""
ODD = "tests.bot.odd_reader"


async def test_a_workbook_and_a_text_are_read_in_a_child(tmp_path: object) -> None:
    del tmp_path
    reader = Reader(bounds=PATIENT)
    assert await reader.read(WORKBOOK, "07-lecon.xlsx") == PlacedLesson(LESSON, 7, "07-lecon.xlsx")
    text = builders.as_yaml(builders.content())
    assert await reader.read(text, "lecon.yaml") == PlacedLesson(builders.lesson(), None, "lecon.yaml")
    assert children() == []


async def test_every_problem_comes_back_with_its_cell() -> None:
    found = await Reader(bounds=PATIENT).read(with_cells("Questions", C2=None, Q2="x" * 401), "l.xlsx")
    assert isinstance(found, Problems)
    assert found.lines == (
        "l.xlsx: Questions!C2 (Question) : champ obligatoire",
        "l.xlsx: Questions!Q2 (Explication) : trop long : 401 caractères, 400 au plus",
    )


@pytest.mark.parametrize("do", ["die", "fill memory", "babble", "lie", "write a file"])
async def test_a_child_that_fails_is_told_as_such(do: str) -> None:
    with pytest.raises(Unread) as told:
        await Reader(ODD, PATIENT).read(do.encode(), "lecon.xlsx")
    assert not isinstance(told.value, Late)
    assert children() == []


async def test_files_are_read_one_at_a_time_and_none_waits_for_ever() -> None:
    reader = Reader(ODD, Bounds(seconds=0.7))
    reading = [asyncio.create_task(reader.read(b"hang", f"{number}.xlsx")) for number in range(2)]
    most = 0
    while not all(task.done() for task in reading):
        most = max(most, len(children()))
        await asyncio.sleep(0.05)
    assert most == 1
    for task in reading:
        with pytest.raises(Late, match=r"not done in 0\.7 s"):
            await task


def test_a_child_has_five_seconds_of_processor_half_a_gigabyte_and_time_where_others_work() -> None:
    assert (BOUNDS.seconds, BOUNDS.processor, BOUNDS.memory) == (30, 5, 512 << 20)
    assert (ON_COMMAND.seconds, ON_COMMAND.processor, ON_COMMAND.memory) == (60, 5, 512 << 20)


@pytest.mark.parametrize(
    ("do", "told"),
    [
        ("hang", "à temps : recommencer dans quelques minutes"),
        ("die", "jusqu’au bout : recopier la leçon dans un nouveau classeur"),
    ],
)
def test_a_command_says_whether_to_try_again_or_to_copy_the_lesson(do: str, told: str) -> None:
    with pytest.raises(Problems) as refused:
        open_workbook(do.encode(), "l.xlsx", Reader(ODD, Bounds(seconds=0.7 if do == "hang" else 60)))
    assert refused.value.lines == (f"l.xlsx: ce classeur n’a pas pu être lu {told}",)


def test_a_command_reads_a_workbook_with_the_places_of_its_values() -> None:
    opened = open_workbook(WORKBOOK, "lecon.xlsx")
    assert opened.placed.lesson == LESSON
    told = opened.document.problem(("questions", 0, "choices", 1, "text"), "à revoir")
    assert str(told) == "lecon.xlsx: Questions!G2 (Choix 2) : à revoir"
