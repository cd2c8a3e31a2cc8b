# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Does the sheet of facts count right what it holds? The course leans on it."""

from __future__ import annotations

import re
from collections import Counter

from lessons import source
from lessons.model import Seen
from tests.lessons import editorial

SHEET = editorial.FACTS.read_text()
FACTS = {
    name: dict(re.findall(r"^- \*\*(.+?)\*\* : (.+)$", text, re.MULTILINE))
    for name, text in re.findall(r"^#### ([A-Z]+-\d+)\n(.*?)(?=^#|\Z)", SHEET, re.MULTILINE | re.DOTALL)
}
CERTAINTIES = ("CONF-P", "CONF-S", "CG", "CALC")
THEMES = {
    "Propriété intellectuelle": "PI",
    "Données personnelles": "DP",
    "Souveraineté": "SV",
    "Labels et confiance": "LB",
    "IA frugale et mesure": "FR",
    "LLM de l’État": "ET",
    "Cas d’usage": "UC",
    "AI Act": "RIA",
    "Éducation": "ED",
    "Conduite du changement": "CC",
    "Erreurs et biais": "EB",
    "Transparence et accessibilité": "TR",
    "Assistants, agents et pièges": "AS",
}


def counted(names: list[str]) -> list[int]:
    """How many facts there are, then by the first certainty that each gives, others last."""
    first = [re.match(r"[A-Z-]+", FACTS[name]["Sûreté"]) for name in names]
    kinds = Counter(found[0] if found and found[0] in CERTAINTIES else "" for found in first)
    return [len(names), *(kinds[kind] for kind in (*CERTAINTIES, ""))]


def test_each_fact_has_its_five_fields() -> None:
    fields = {"Fait", "Source", "Sûreté", "Validité", "Idée reçue"}
    assert {name: fields - set(fact) for name, fact in FACTS.items() if fields - set(fact)} == {}


def test_a_fact_has_one_number_and_the_numbers_follow_each_other() -> None:
    names = re.findall(r"^#### ([A-Z]+-\d+)$", SHEET, re.MULTILINE)
    for prefix in THEMES.values():
        mine = [name for name in names if name.startswith(f"{prefix}-")]
        assert mine == [f"{prefix}-{place:02d}" for place in range(1, len(mine) + 1)]


def test_the_table_of_certainties_counts_the_facts() -> None:
    rows = [
        (theme.strip("* "), [int(cell) for cell in cells.split("|")])
        for theme, cells in re.findall(
            r"^\| ([^|]+?) \| (\d+ \| \d+ \| \d+ \| \d+ \| \d+ \| \d+) \|$", SHEET, re.MULTILINE
        )
    ]
    assert dict(rows) == {
        **{
            theme: counted([name for name in FACTS if name.startswith(f"{prefix}-")])
            for theme, prefix in THEMES.items()
        },
        "Total": counted(list(FACTS)),
    }


def test_the_sheet_counts_how_the_sources_of_the_lessons_were_read() -> None:
    seen = Counter(
        one.seen for placed in source.read([source.library()]).lessons for one in placed.lesson.sources
    )
    said = {
        kind: int(number)
        for kind, number in re.findall(r"`(page|copy|quoted)` : [^.]*?\((\d+)(?: sources?)?\)", SHEET)
    }
    assert said == {str(kind): seen[kind] for kind in Seen}
