# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The tables of a document as CSV, for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from bot.reports.document import Cell, Document, Table, said
from bot.reports.markdown import french


def sheets(document: Document) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each table that has a name. A byte order mark tells spreadsheets that it is UTF-8."""
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Table) and block.name:
                yield block.name, f"\ufeff{_sheet(block)}"


def _sheet(table: Table) -> str:
    written = io.StringIO()
    out = csv.writer(written, delimiter=";", lineterminator="\n")  # as French spreadsheets read them
    out.writerow(table.columns)
    out.writerows([_harmless(cell) for cell in row] for row in table.rows)
    return written.getvalue()


def _harmless(cell: Cell) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    shown = french(said(cell))
    return f"'{shown}" if shown[:1] in ("=", "+", "-", "@") else shown
