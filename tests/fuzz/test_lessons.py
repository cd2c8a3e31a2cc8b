# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Files of lessons and courses of any content: a lesson, or `Problems` with their places, within a second."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from lessons import markup
from lessons.model import Lesson
from lessons.source import Problem, Problems, read, read_lesson
from lessons.source.bounds import SIZE
from tests.fuzz import fuzzed
from tests.fuzz.hostile import JSON, ODD, TEXT, altered, changed
from tests.lessons import builders
from tests.lessons.workbooks import WORKBOOK, packed, parts

LONGEST = 1.0
"""Seconds of the processor for one file, on a machine that does other things too; a bomb that goes off takes minutes."""
LONGEST_LINE = 600
"""Bytes of one problem, as a chat shows it."""

CONTENT: dict[str, Any] = builders.content(
    questions=[builders.single(), builders.multiple(), builders.true_false(), builders.number()]
)
COURSE: dict[str, Any] = builders.course_content(
    paths=[{"id": "elu", "title": "Élus", "lessons": ["donnees-coller"]}]
)
SCALARS = [
    *ODD,
    "~",
    "null",
    "12:30",
    "no",
    "1e400",
    "-" * 30,
    "2026-02-30",
    "9999-12-31",
    "0000-01-01",
    "https://" + "a." * 100 + "fr",
    "https://[::1",
    "http://exemple.fr:99999/",
    "*" * 500,
    "[" * 300 + "](" * 300,
    "x" * 5000,
]
TOKENS = [
    *(
        "&a ",
        "*a",
        "!!python/object:os.system ",
        "!x ",
        "? ",
        "- ",
        ": ",
        "| ",
        ">\n",
        "{",
        "}",
        "[",
        "]",
        ", ",
    ),
    *(
        "\n",
        "\t",
        "\n  ",
        "---\n",
        "...\n",
        "%YAML 9.9\n",
        "%TAG ! x\n",
        "<<: ",
        "# ",
        '"',
        "'",
        "\\x00",
        "\ufeff",
    ),
]


PARTS = {name: content for name, content in parts().items() if not name.startswith(("docProps", "xl/theme"))}
PIECES = [
    *(
        b"<v>1e999</v>",
        b"<v>NaN</v>",
        b"<f>A1</f>",
        b"<c/>",
        b'<c r="A1"><v>1</v></c>',
        b'<c r="ZZ99"><v>2</v></c>',
    ),
    *(
        b' t="s"',
        b' t="e"',
        b' t="b"',
        b' t="d"',
        b' t="inlineStr"',
        b' s="9"',
        b' s="-1"',
        b' hidden="1"',
        b' r="A0"',
    ),
    *(
        b"<row>",
        b"</row>",
        b"</worksheet>",
        b"<!DOCTYPE a [",
        b"<!ENTITY a 'b'>",
        b"&a;",
        b"&#0;",
        b"<![CDATA[",
        b"<!--",
    ),
    *(b'<row r="99999999999">', b'numFmtId="14"', b'numFmtId="99999"', b"\xff\xfe", b"\0", b'"', b"<", b">"),
]


def within_bounds(content: bytes, folder: Path | None = None, name: str = "01-x.yaml") -> None:
    """Read a file; hold that it is a lesson which can be stored, or a list of problems that can be shown."""
    began = time.process_time()
    problems: tuple[Problem, ...] | None = None
    try:
        if folder is None:
            lesson = read_lesson(content, name).lesson
            assert Lesson.model_validate_json(lesson.canonical()) == lesson
            markup.plain(lesson.body)
        else:
            (folder / "course.yaml").write_bytes(content)
            read([folder])
    except Problems as refused:
        problems = refused.problems
    spent = time.process_time() - began
    assert problems is None or problems, "refused without a reason"
    for problem in problems or ():
        assert min(problem.line, problem.column) >= (0 if name.endswith(".xlsx") else 1)
        assert problem.message
        assert len(str(problem).encode()) <= LONGEST_LINE
    assert spent < LONGEST


def as_yaml(described: Any) -> bytes:
    """The file that says this, as far as YAML can."""
    return yaml.safe_dump(described, allow_unicode=True, sort_keys=False).encode("utf-8", "surrogatepass")


VALUES = JSON | st.sampled_from(SCALARS)


@st.composite
def described(draw: st.DrawFn, whole: dict[str, Any]) -> bytes:
    """A file with some fields replaced by anything, and pieces of YAML put anywhere."""
    odd = draw(altered([whole]))
    if draw(st.booleans()) and isinstance(odd, dict) and odd:
        odd = changed(odd, (draw(st.sampled_from(sorted(odd, key=str))),), draw(VALUES))
    content = as_yaml(odd)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(content)))
        content = content[:at] + draw(st.sampled_from(TOKENS)).encode() + content[at:]
    return content


@st.composite
def bombs(draw: st.DrawFn) -> bytes:
    """A few pieces of YAML, each repeated up to as often as the largest file has room."""
    parts = draw(st.lists(st.tuples(st.sampled_from(TOKENS) | TEXT, st.integers(1, 60_000)), max_size=3))
    content = "".join(
        part * min(times, SIZE // max(len(part.encode("utf-8", "replace")), 1)) for part, times in parts
    )
    return content.encode("utf-8", "surrogatepass")[: SIZE + 1]


@st.composite
def workbooks(draw: st.DrawFn) -> bytes:
    """A workbook with pieces of XML, or of anything, put anywhere in one of its parts, or in its bytes."""
    name = draw(st.sampled_from([*PARTS, ""]))
    content = PARTS[name] if name else WORKBOOK
    for _ in range(draw(st.integers(1, 3))):
        at, long = draw(st.integers(0, len(content))), draw(st.integers(0, 40))
        piece = draw(st.sampled_from(PIECES) | st.binary(max_size=8)) * draw(st.sampled_from([1, 1, 1, 1000]))
        content = content[:at] + piece + content[at + long :]
    return packed({name: content}) if name else content


@fuzzed
@given(workbooks())
def test_a_workbook_is_a_lesson_or_problems_in_bounded_time(content: bytes) -> None:
    within_bounds(content, name="01-x.xlsx")


@fuzzed
@given(described(CONTENT) | bombs() | st.binary(max_size=400))
def test_a_lesson_file_is_a_lesson_or_problems_in_bounded_time(content: bytes) -> None:
    within_bounds(content)


@fuzzed
@given(content=described(COURSE) | bombs())
def test_a_course_file_is_a_course_or_problems_in_bounded_time(tmp_path_factory: Any, content: bytes) -> None:
    folder = tmp_path_factory.getbasetemp() / "course"
    folder.mkdir(exist_ok=True)
    (folder / "01-coller.yaml").write_bytes(builders.as_yaml(builders.content()))
    within_bounds(content, folder)
