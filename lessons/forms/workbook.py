# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Lesson as a workbook: empty with its drop-downs and an example, or filled in."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import openpyxl
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from lessons.forms.keys import RIGHT
from lessons.forms.layout import (
    ANSWERS,
    AUDIENCES,
    EXAMPLE,
    FORM,
    KINDS,
    LESSON,
    LISTS,
    QUESTION,
    QUESTIONS,
    SEEN,
    SOURCE,
    SOURCES,
    TOPS,
    folded,
    rule,
)
from lessons.forms.schema import part
from lessons.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from lessons.forms.layout import Column
    from lessons.model import Lesson, Question

_HEAD = PatternFill("solid", fgColor="FFE3E8F0")
_BOLD, _SOFT = Font(bold=True), Font(italic=True, color="FF555555")
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_TEXT = "@"
"""Number format of all cells: « 2026 », « 1,3 » and « 85 % » stay what was typed."""
_ROWS = {SOURCES: part("sources")["maxItems"], QUESTIONS: part("questions")["maxItems"]}
_ESCAPED = re.compile("_x[0-9A-Fa-f]{4}_")
_HEIGHT = 16.0
"""Points of a line."""
_WIDE = {"title": 60, "body": 90, "url": 50, "id": 12, "kind": 18, "date": 14, "checked": 14, "unit": 12}


def workbook(lesson: Lesson | None, themes: Mapping[str, str], example: Lesson, lesson_id: str = "") -> bytes:
    """Return a workbook with a lesson in it, or an empty one for `lesson_id`. `themes`: their titles by their ids."""
    book = openpyxl.Workbook()
    form = book.active
    form.title = LESSON
    listed = {title: theme for theme, title in themes.items()}
    filled = (
        _form(lesson, themes) if lesson else {"id": lesson_id, "level": "1", "audience": "agents et élus"}
    )
    _write_form(form, 1, filled)
    sources, questions = book.create_sheet(SOURCES), book.create_sheet(QUESTIONS)
    _write_table(sources, 1, SOURCE, _sources(lesson) if lesson else [])
    rows = _questions(lesson) if lesson else [{("id", 0): f"q{number}"} for number in (1, 2, 3)]
    _write_table(questions, 1, QUESTION, rows)
    for sheet in (sources, questions):
        sheet.freeze_panes = "A2"
    _show(book.create_sheet(EXAMPLE), example, themes)
    _list(book.create_sheet(LISTS), listed)
    _offer(form, sources, questions, len(listed))
    book.properties.creator = "IAventure"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


# --- what a lesson says, in the words of the workbook


def _form(lesson: Lesson, themes: Mapping[str, str]) -> dict[str, str]:
    made = lesson.authorship
    return {
        "id": lesson.id,
        "title": lesson.title,
        "theme": themes.get(lesson.theme, lesson.theme),
        "audience": _word(AUDIENCES, tuple(lesson.audience)),
        "level": str(lesson.level),
        "objective": lesson.objective,
        "body": lesson.body,
        "takeaway": lesson.takeaway,
        "facts": ", ".join(lesson.facts),
        "review_by": lesson.review_by.isoformat(),
        "authorship.ai_assisted": _word(ANSWERS, str(made.ai_assisted).lower()),
        "authorship.reviewed_by": made.reviewed_by or "",
        "authorship.reviewed_on": made.reviewed_on.isoformat() if made.reviewed_on else "",
    }


def _sources(lesson: Lesson) -> list[dict[tuple[str, int], str]]:
    return [
        {
            ("title", 0): source.title,
            ("publisher", 0): source.publisher,
            ("url", 0): source.url,
            ("date", 0): source.date,
            ("checked", 0): source.checked.isoformat(),
            ("seen", 0): _word(SEEN, source.seen) if source.seen else "",
        }
        for source in lesson.sources
    ]


def _questions(lesson: Lesson) -> list[dict[tuple[str, int], str]]:
    return [
        {
            ("id", 0): question.id,
            ("kind", 0): _word(KINDS, question.kind),
            ("text", 0): question.text,
            ("right", 0): _right(question),
            ("explanation", 0): question.explanation,
            ("tolerance", 0): _comma(question.tolerance) if question.tolerance else "",
            ("unit", 0): question.unit,
            **{("text", number): choice.text for number, choice in enumerate(question.choices, 1)},
            **{("feedback", number): choice.feedback for number, choice in enumerate(question.choices, 1)},
        }
        for question in lesson.questions
    ]


def _right(question: Question) -> str:
    """Return a number, or the places of the right choices; their letters where a choice's text is a number."""
    if question.kind is Kind.NUMBER:
        return _comma(question.answer)
    rights = [place for place, choice in enumerate(question.choices) if choice.correct]
    if question.kind is Kind.TRUE_FALSE:
        return question.choices[rights[0]].text
    texts = {folded(choice.text) for choice in question.choices}
    numbers = [str(place + 1) for place in range(len(question.choices))]
    names = numbers if texts.isdisjoint(numbers) else list("ABCDEF")
    return ", ".join(names[place] for place in rights)


def _comma(number: object) -> str:
    return str(number).replace(".", ",")


def _word(words: Mapping[str, object], meant: object) -> str:
    return next(word for word, value in words.items() if value == meant)


# --- sheets


def _put(sheet: Worksheet, row: int, column: int, text: str) -> None:
    cell = sheet.cell(row, column)
    cell.number_format, cell.alignment = _TEXT, _WRAPPED
    if text:
        # A text stays one, also where it begins like a formula, or has what spreadsheets take for an escaped sign.
        cell.value, cell.data_type = _ESCAPED.sub(r"_x005F\g<0>", text), "s"


def _head(sheet: Worksheet, row: int, column: int, text: str) -> None:
    cell = sheet.cell(row, column, text)
    cell.font, cell.fill, cell.alignment = _BOLD, _HEAD, _WRAPPED


def _write_form(sheet: Worksheet, top: int, filled: Mapping[str, str]) -> None:
    for at, word in enumerate(TOPS, 1):
        _head(sheet, top, at, word)
    for row, column in enumerate(FORM, top + 1):
        _head(sheet, row, 1, column.heading)
        _put(sheet, row, 2, filled.get(column.path, ""))
        told = sheet.cell(row, 3, rule(column.path))
        told.font, told.alignment = _SOFT, _WRAPPED
        sheet.row_dimensions[row].height = _HEIGHT * (20 if column.path == "body" else 3)
    for letter, width in (("A", 20), ("B", 90), ("C", 60)):
        sheet.column_dimensions[letter].width = width


def _write_table(
    sheet: Worksheet, top: int, columns: Sequence[Column], rows: Sequence[Mapping[tuple[str, int], str]]
) -> None:
    for at, column in enumerate(columns, 1):
        name = column.path.rpartition(".")[2]
        _head(sheet, top, at, column.heading)
        sheet.column_dimensions[get_column_letter(at)].width = _WIDE.get(name, 34)
        for row in range(_ROWS[SOURCES if columns is SOURCE else QUESTIONS]):
            said = rows[row] if row < len(rows) else {}
            _put(sheet, top + 1 + row, at, said.get((name, column.number), ""))


def _show(sheet: Worksheet, example: Lesson, themes: Mapping[str, str]) -> None:
    """Write the example: the three sheets below each other, and what each heading of the tables means."""
    _write_form(sheet, 1, _form(example, themes))
    row = len(FORM) + 3
    for name, columns, rows in (
        (SOURCES, SOURCE, _sources(example)),
        (QUESTIONS, QUESTION, _questions(example)),
    ):
        sheet.cell(row, 1, f"Feuille « {name} »").font = _BOLD
        for at, column in enumerate(columns, 1):
            _head(sheet, row + 1, at, column.heading)
            for below, said in enumerate(rows, row + 2):
                _put(sheet, below, at, said.get((column.path.rpartition(".")[2], column.number), ""))
        row += len(rows) + 3
    for column in (*SOURCE, *(column for column in QUESTION if column.number < 2)):
        _put(sheet, row, 1, column.heading)
        path = column.path
        if column.heading == RIGHT:
            path = "questions.choices.correct"
        told = sheet.cell(row, 2, rule(path))
        told.font, told.alignment = _SOFT, _WRAPPED
        row += 1


def _list(sheet: Worksheet, themes: Mapping[str, str]) -> None:
    for at, word in enumerate(("Thème", "Identifiant"), 1):
        _head(sheet, 1, at, word)
    for row, (title, theme) in enumerate(themes.items(), 2):
        _put(sheet, row, 1, title)
        _put(sheet, row, 2, theme)
    sheet.column_dimensions["A"].width = sheet.column_dimensions["B"].width = 50


def _offer(form: Worksheet, sources: Worksheet, questions: Worksheet, themes: int) -> None:
    """Add the drop-downs, and the limits of texts."""
    rows = {column.path: row for row, column in enumerate(FORM, 2)}
    level = part("level")
    levels = map(str, range(level["minimum"], level["maximum"] + 1))
    if themes:
        _choose(form, f"B{rows['theme']}", f"{LISTS}!$A$2:$A${themes + 1}")
    _choose(form, f"B{rows['audience']}", _inline(AUDIENCES))
    _choose(form, f"B{rows['level']}", _inline(levels))
    _choose(form, f"B{rows['authorship.ai_assisted']}", _inline(ANSWERS))
    for column in FORM:
        _limit(form, f"B{rows[column.path]}", column.path)
    for sheet, columns, name in ((sources, SOURCE, SOURCES), (questions, QUESTION, QUESTIONS)):
        for at, column in enumerate(columns, 1):
            letter = get_column_letter(at)
            cells = f"{letter}2:{letter}{_ROWS[name] + 1}"
            if column.path in ("sources.seen", "questions.kind"):
                _choose(sheet, cells, _inline(SEEN if name == SOURCES else KINDS))
            else:
                _limit(sheet, cells, column.path)


def _inline(words: Iterable[str]) -> str:
    return f'"{",".join(words)}"'


def _choose(sheet: Worksheet, cells: str, words: str) -> None:
    # Words that are not in the list are let in with a warning: what the reader takes is more than the list.
    offered = DataValidation(
        type="list", formula1=words, allow_blank=True, errorStyle="warning", showErrorMessage=True
    )
    offered.errorTitle, offered.error = "Valeur", "Choisissez dans la liste."
    sheet.add_data_validation(offered)
    offered.add(cells)


def _limit(sheet: Worksheet, cells: str, path: str) -> None:
    most = None if path == "questions.right" else part(path).get("maxLength")
    if most is None:
        return
    bound = DataValidation(
        type="textLength",
        operator="lessThanOrEqual",
        formula1=str(most),
        allow_blank=True,
        errorStyle="warning",
        showErrorMessage=True,
    )
    bound.errorTitle, bound.error = "Trop long", f"{most} caractères au plus."
    sheet.add_data_validation(bound)
    bound.add(cells)
