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
class Law:
    """Texts by name, each with the facts that it rests on, by their numbers in docs/faits.md."""

    checked: date
    review_by: date
    texts: Mapping[str, str]
    facts: Mapping[str, tuple[str, ...]]

    def says(self, name: str, today: date) -> tuple[str, str]:
        """Return a text, and until when it can be relied on; once that has passed, that it was not read again."""
        if today > self.review_by:
            age = (
                f"Attention : ce texte, relu le {self.checked:%d/%m/%Y}, devait être relu avant le "
                f"{self.review_by:%d/%m/%Y}. Il ne l’a pas été : vérifiez-le avant de vous en servir."
            )
        else:
            age = f"Texte relu le {self.checked:%d/%m/%Y}, à relire avant le {self.review_by:%d/%m/%Y}."
        return self.texts[name], age


@cache
def law() -> Law:
    """Return the file that comes with the program."""
    found = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return Law(
        found["checked"],
        found["review_by"],
        {name: one["text"] for name, one in found["texts"].items()},
        {name: tuple(one["facts"]) for name, one in found["texts"].items()},
    )
