# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The page of threats claims only what a test holds, and says of each threat what does not hold."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "menaces.md").read_text(encoding="utf-8")
HOLDS, HOLDS_NOT = "| ce qui tient | le test |", "Ce qui ne tient pas\u00a0:"

_NAMED = re.compile(r"`(test_\w+)`")


def sections() -> dict[str, str]:
    """Each threat with what is said of it."""
    parts = re.split(r"^## (.+)$", PAGE, flags=re.MULTILINE)[1:]
    found = dict(zip(parts[::2], parts[1::2], strict=True))
    return {title: text for title, text in found.items() if HOLDS in text}


def claims(text: str) -> list[str]:
    """The rows of the table of what holds."""
    table = text.partition(HOLDS)[2].strip().split("\n\n")[0]
    return table.splitlines()[1:]


def known() -> set[str]:
    """The name of every test that is run."""
    return {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^ *(?:async )?def (test_\w+)\(", path.read_text("utf-8"), flags=re.MULTILINE)
    }


def test_every_test_that_the_page_names_exists() -> None:
    named = set(_NAMED.findall(PAGE))
    assert len(named) > 50
    assert sorted(named - known()) == []


def test_every_claim_names_the_test_that_holds_it() -> None:
    rows = [row for text in sections().values() for row in claims(text)]
    assert len(rows) > 40
    assert [row for row in rows if not _NAMED.search(row.rsplit("|", 2)[1])] == []


def test_every_threat_says_what_does_not_hold() -> None:
    assert len(sections()) == 11
    silent = [
        title
        for title, text in sections().items()
        if not re.search(rf"^{HOLDS_NOT}\n\n- \S", text, re.MULTILINE)
    ]
    assert silent == []
