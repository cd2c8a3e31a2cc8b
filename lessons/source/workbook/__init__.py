# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Reader of a lesson's workbook: the values that a YAML file would have, and the cell of each."""

from __future__ import annotations

from lessons.source.document import Document, Problem, Problems
from lessons.source.workbook.archive import Refused
from lessons.source.workbook.cells import Cells
from lessons.source.workbook.grid import sheets
from lessons.source.workbook.lesson import Reading, kind

__all__ = ["load"]


def load(content: bytes, file: str) -> Document:
    """Read a workbook; what is wrong in its cells is kept, to report all of it at once.

    Raises:
        Problems: the file as a whole is refused.
    """
    try:
        found = sheets(content, kind)
    except Refused as refused:
        raise Problems([Problem(file, 0, 0, "", str(refused))]) from None
    return Reading(Cells(file)).document(found)
