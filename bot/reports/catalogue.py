# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Every document by the word that asks for it, and the files that it becomes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from bot.reports import (
    accessibility,
    aipd,
    breach,
    guide,
    hierarchy,
    literacy,
    notice,
    processor,
    register,
    sbom,
    security,
)
from bot.reports.document import Document
from bot.reports.markdown import render
from bot.reports.sheets import sheets
from bot.reports.situation import Situation

DOCUMENTS: Mapping[str, Callable[[Situation], Document]] = {
    "guide": guide.document,
    "register": register.document,
    "notice": notice.document,
    "aipd": aipd.document,
    "literacy": literacy.document,
    "hierarchy": hierarchy.document,
    "breach": breach.document,
    "processor": processor.document,
    "sbom": sbom.document,
    "security": security.document,
    "accessibility": accessibility.document,
}
ALL = "all"


def files(name: str, situation: Situation) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of each file of a document: Markdown, its tables as CSV, a bill of materials as JSON.

    Raises:
        KeyError: there is no such document.
    """
    document = DOCUMENTS[name](situation)
    yield f"{document.name}.md", render(document).encode()
    for sheet, content in sheets(document):
        # Several documents have the same table: each keeps its own, so that a document alone is whole.
        yield f"{_sheet_name(document.name, sheet)}.csv", content.encode()
    if name == "sbom":
        yield f"{document.name}.cdx.json", sbom.bill(situation).encode()


def _sheet_name(document: str, sheet: str) -> str:
    return sheet if sheet.startswith(document) else f"{document}-{sheet}"
