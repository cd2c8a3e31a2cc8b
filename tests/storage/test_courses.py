# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What is published is read each time, and worked out anew only when it has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from storage import courses, witnesses
from storage.catalogue import Catalogue
from tests.bot.builders import Town, lesson, push

if TYPE_CHECKING:
    from storage.store import Store


def read(store: Store) -> Catalogue:
    published = store.read_now(courses.catalogue)
    assert published is not None
    return published


def test_the_same_rows_give_the_same_catalogue_and_any_change_another(store: Store) -> None:
    Town(store).teach(lesson("un"), lesson("deux"))
    first = read(store)
    assert read(store) is first
    assert first.path("agent") == ("un", "deux")

    store.write_now(witnesses.hold, first.entries["un"].version, "too long")
    held = read(store)
    assert (held.entries["un"].held, held.entries["deux"].held) == (True, False)

    store.write_now(push, lesson("trois"))
    assert read(store).path("agent") == ("un", "deux", "trois")

    store.write_now(lambda tx: tx.execute(text("UPDATE course SET content = '{'")))
    assert read(store).damage == (first.course.id,)
