# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Workbooks to start from: the example, as people change it in a spreadsheet, and as others change its bytes."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl

from lessons.forms.text import EXAMPLE
from lessons.forms.workbook import workbook
from lessons.source import Opened, Problems, open_lesson, read_lesson

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LESSON = read_lesson(EXAMPLE.read_bytes(), EXAMPLE.name).lesson
THEMES = {"usages": "L’IA dans les collectivités", "erreurs-decisions": "Erreurs, biais et décisions"}
WORKBOOK = workbook(LESSON, THEMES, LESSON)
"""The example, filled in: a question of each kind."""
FORM, SOURCES, QUESTIONS = (f"xl/worksheets/sheet{number}.xml" for number in (1, 2, 3))


def edited(change: Callable[[Any], object], content: bytes = WORKBOOK) -> bytes:
    """A workbook after somebody changed it: `change` is given the open book."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    change(book)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def with_cells(sheet: str, **cells: object) -> bytes:
    """The example with other values in some cells: as a spreadsheet stores what is typed in a cell of no format."""

    def change(book: Any) -> None:
        for name, value in cells.items():
            book[sheet][name].number_format = "General"
            book[sheet][name].value = value

    return edited(change)


def parts(content: bytes = WORKBOOK) -> dict[str, bytes]:
    """The files in a workbook."""
    with ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(changed: Mapping[str, bytes], *, without: str = "", method: int = ZIP_DEFLATED) -> bytes:
    """The example with other files in it."""
    written = io.BytesIO()
    with ZipFile(written, "w", method) as archive:
        for name, content in (parts() | dict(changed)).items():
            if name != without:
                archive.writestr(name, content)
    return written.getvalue()


def sheet(rows: bytes, before: bytes = b"") -> bytes:
    """The XML of a sheet."""
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return (
        b'<?xml version="1.0"?>'
        + before
        + b'<worksheet xmlns="'
        + main
        + b'"><sheetData>'
        + rows
        + b"</sheetData></worksheet>"
    )


def lying(content: bytes, name: str, size: int) -> bytes:
    """A workbook that declares another size for one of its files, in both of its headers."""
    raw, named = bytearray(content), name.encode()
    for mark, length, declared, start in ((b"PK\x03\x04", 26, 22, 30), (b"PK\x01\x02", 28, 24, 46)):
        at = -1
        while (at := raw.find(mark, at + 1)) >= 0:
            (long,) = struct.unpack_from("<H", raw, at + length)
            if raw[at + start : at + start + long] == named:
                struct.pack_into("<I", raw, at + declared, size)
    return bytes(raw)


def opened(content: bytes, name: str = "lecon.xlsx") -> Opened:
    return open_lesson(content, name)


def problems(content: bytes, name: str = "lecon.xlsx") -> list[str]:
    """What is wrong with a file, without its name; nothing when it is a lesson."""
    try:
        open_lesson(content, name)
    except Problems as refused:
        return [line.removeprefix(f"{name}: ") for line in refused.lines]
    return []
