# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What is taught in these tests: three short lessons as files, whose texts say which choice is right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lessons import source
from storage import courses
from tests.lessons import builders

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from storage.types import Tx

NEVER = "2999-12-31"
"""A review date that no run of these tests will see."""
SLUGS = ("un", "deux", "trois")


def lesson(slug: str, **other: Any) -> dict[str, Any]:
    """A lesson as its file says it: one choice to make, then several."""
    first = builders.single(
        text=f"Que faire de {slug} ?",
        choices=[
            builders.choice("Le bon choix", correct=True, feedback=f"Bien vu pour {slug}."),
            builders.choice("Un mauvais choix", feedback=f"Non pour {slug}."),
            builders.choice("Un autre mauvais choix", feedback=f"Toujours pas pour {slug}."),
        ],
        explanation=f"Pourquoi {slug}.",
    )
    second = builders.multiple(
        text=f"Que garder de {slug} ?",
        choices=[
            builders.choice("Ceci", correct=True, feedback="Ceci se garde."),
            builders.choice("Cela", correct=True, feedback="Cela se garde."),
            builders.choice("Rien", feedback="Rien ne sert à rien."),
        ],
        explanation=f"Pourquoi garder {slug}.",
    )
    described = {"id": slug, "title": f"Titre de {slug}", "questions": [first, second], "review_by": NEVER}
    return builders.content(**(described | other))


def write(folder: Path) -> Path:
    """The course and its lessons as files in a folder."""
    folder.mkdir(exist_ok=True)
    (folder / "course.yaml").write_bytes(builders.as_yaml(builders.course_content(id="essai")))
    for place, slug in enumerate(SLUGS, 1):
        (folder / f"{place:02}-{slug}.yaml").write_bytes(builders.as_yaml(lesson(slug)))
    return folder


def publish(tx: Tx, folder: Path, *, now: datetime) -> None:
    """The course that ships is held back some day, lesson by lesson; where this one is taught, it is not shipped."""
    taught = source.read([write(folder)])
    courses.publish(tx, taught.course, taught.lessons, by="cli:test", now=now)
