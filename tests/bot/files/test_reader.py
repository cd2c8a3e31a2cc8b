# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A lesson file is read in a child process: what it does there, nobody else notices."""

from __future__ import annotations

import asyncio

import pytest

from bot.children import Bounds
from bot.files.reader import BOUNDS, Reader, Unread, open_workbook
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
    with pytest.raises(Unread):
        await Reader(ODD, PATIENT).read(do.encode(), "lecon.xlsx")
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
        with pytest.raises(Unread, match=r"not done in 0\.7 s"):
            await task


def test_a_child_has_five_seconds_and_half_a_gigabyte() -> None:
    assert (BOUNDS.seconds, BOUNDS.processor, BOUNDS.memory) == (5.0, 5, 512 << 20)


def test_a_command_reads_a_workbook_with_the_places_of_its_values() -> None:
    opened = open_workbook(WORKBOOK, "lecon.xlsx")
    assert opened.placed.lesson == LESSON
    told = opened.document.problem(("questions", 0, "choices", 1, "text"), "à revoir")
    assert str(told) == "lecon.xlsx: Questions!G2 (Choix 2) : à revoir"
