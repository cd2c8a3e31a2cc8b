# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What the law asks for, at a date: the file `law.yaml`, which is replaced without touching code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("law.yaml")


@dataclass(frozen=True, slots=True)
class Text:
    """What a text of the law asks for, where it is published, and how sure that is."""

    text: str
    source: str
    certainty: str
    facts: tuple[str, ...]
    """The facts that it rests on, by their numbers in docs/faits.md."""


@dataclass(frozen=True, slots=True)
class Law:
    """Texts by name, as they were read on one day."""

    checked: date
    review_by: date
    texts: Mapping[str, Text]

    def says(self, name: str, today: date) -> tuple[str, str]:
        """Return a text, then its source, its certainty and until when it can be relied on."""
        found = self.texts[name]
        return found.text, f"Source : {found.source}. Sûreté : {found.certainty} {self.age(today)}"

    def age(self, today: date) -> str:
        """Return who read the texts when, and until when to rely on it; past that day, that nobody read them again."""
        read = f"ésumé rédigé le {self.checked:%d/%m/%Y} par les auteurs du logiciel, sans juriste"
        if self.is_late(today):
            return (
                f"Attention : r{read}, il devait être relu avant le {self.review_by:%d/%m/%Y} et ne l’a pas été : "
                "vérifiez-le avant de vous en servir."
            )
        return (
            f"R{read} ; à relire par votre délégué ou votre service juridique, et avant le "
            f"{self.review_by:%d/%m/%Y} en tout cas."
        )

    def is_late(self, today: date) -> bool:
        """Tell whether the day has passed before which to read the texts again."""
        return today > self.review_by


@cache
def law() -> Law:
    """Return the file that comes with the program."""
    found = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return Law(
        found["checked"],
        found["review_by"],
        {
            name: Text(one["text"], one["source"], one["certainty"], tuple(one["facts"]))
            for name, one in found["texts"].items()
        },
    )
