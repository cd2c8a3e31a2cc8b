# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The JSON Schema says what the model says: all that ships passes, and whatever is beyond a limit is refused by both."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from lessons import source
from lessons.forms.keys import KEYS
from lessons.forms.schema import part, schema
from lessons.forms.text import EXAMPLE
from lessons.source import Problems, read_lesson
from tests.lessons import builders

SCHEMA = jsonschema.Draft202012Validator(schema(), format_checker=jsonschema.FormatChecker())


class _Editor(yaml.SafeLoader):
    """Reads YAML as editors do, by version 1.2: a date is a text, and « no » too."""


_Editor.yaml_implicit_resolvers = {
    sign: [(tag, pattern) for tag, pattern in resolvers if tag.rpartition(":")[2] != "timestamp"]
    for sign, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def as_an_editor_reads(path: Path) -> Any:
    return yaml.load(path.read_text("utf-8"), _Editor)  # noqa: S506 - a safe one


FULL: dict[str, Any] = as_an_editor_reads(EXAMPLE)
FULL["questions"][0]["choices"][0]["correct"] = False
FULL["authorship"] |= {"reviewed_by": "Zoé", "reviewed_on": "2026-12-01"}


def takes(content: Any) -> tuple[bool, bool]:
    """Whether the schema takes a lesson, and whether the reader does."""
    try:
        read_lesson(builders.as_yaml(content), "lecon.yaml")
    except Problems:
        return SCHEMA.is_valid(content), False
    return SCHEMA.is_valid(content), True


def leaves(
    content: Any, path: str = "", where: tuple[Any, ...] = ()
) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Every key of a lesson as `KEYS` names it, with where it stands; of a list the first item only."""
    for name, value in content.items():
        at, here = f"{path}.{name}".removeprefix("."), (*where, name)
        yield at, here
        inner, there = (value[0], (*here, 0)) if isinstance(value, list) and value else (value, here)
        if isinstance(inner, dict):
            yield from leaves(inner, at, there)


def with_value(where: tuple[Any, ...], value: Any) -> Any:
    content = copy.deepcopy(FULL)
    *groups, name = where
    group = content
    for step in groups:
        group = group[step]
    group[name] = value
    return content


def places() -> dict[str, tuple[Any, ...]]:
    found = dict(leaves(FULL))
    number = ("questions", 3)
    return found | {f"questions.{name}": (*number, name) for name in ("answer", "tolerance", "unit")}


PLACES = places()


def value_at(where: tuple[Any, ...]) -> Any:
    found: Any = FULL
    for step in where:
        found = found[step]
    return found


def beyond(path: str) -> Iterator[tuple[str, Any, bool]]:
    """Values on both sides of each limit of a key: the limit, the value, whether it may stand there."""
    limits, value = part(path), value_at(PLACES[path])
    if "maxLength" in limits:
        most = limits["maxLength"]
        stem = "https://exemple.fr/" if path == "sources.url" else ""
        yield "longest", stem + "x" * (most - len(stem)), path != "body"
        yield "too long", stem + "x" * (most - len(stem) + 1), False
    if limits.get("minLength"):
        yield "empty", "", False
        yield "blank", " \n", False
        yield "control", "a\u0007b", False
        yield "direction", "a\u202eb", False
    if "enum" in limits:
        yield from (("one of them", one, True) for one in limits["enum"] if path != "questions.kind")
        yield "none of them", "autre", False
    if "minItems" in limits or "maxItems" in limits:
        many = [value[0]] if path in ("audience", "facts") else value
        yield "too many", [many[0]] * (limits["maxItems"] + 1), False
        if limits["minItems"]:
            yield "too few", value[: limits["minItems"] - 1], False
        if limits.get("uniqueItems"):
            yield "twice", [many[0], many[0]], False
    if "minimum" in limits and "maximum" in limits:
        yield from (("inside", one, True) for one in (limits["minimum"], limits["maximum"]))
        yield from (("outside", one, False) for one in (limits["minimum"] - 1, limits["maximum"] + 1))
    if limits.get("pattern", "").startswith("^[a-z0-9-]"):
        yield from (("id", one, path != "questions.id" or True) for one in ("a", "x" * 64))
        yield from (("no id", one, False) for one in ("x" * 65, "É", "a b", "A"))
    if limits.get("format") == "date":
        yield from (("no date", one, False) for one in ("2026-02-31", "2026-3-1", "hier", "", 2026))
    if limits.get("type") == "boolean":
        yield from (("no truth", one, False) for one in ("oui", 1, None))
    if path == "sources.date":
        yield from (("dated", one, True) for one in ("2026-03-01", "2026-03", 2026, "2026"))
        yield from (("not dated", one, False) for one in ("mars 2026", "2026-3", 26, "01/03/2026"))
    if path in ("questions.answer", "questions.tolerance"):
        yield from (("number", one, True) for one in (0, 7.5, "45.25", 999_999_999_999))
        yield from (("no number", one, False) for one in ("sept", "1,5", 10**12, "1" * 13))
    if path == "questions.tolerance":
        yield from (("below zero", one, False) for one in (-1, "-1"))
    if path == "sources.url":
        yield from (
            ("no address", one, False) for one in ("http://exemple.fr", "exemple.fr", "https://a b.fr")
        )
    if path == "facts":
        yield "no fact", ["2"], False


def test_the_walk_meets_every_key() -> None:
    assert set(PLACES) == set(KEYS)
    assert takes(FULL) == (True, True)


@pytest.mark.parametrize("path", KEYS)
def test_schema_and_reader_agree_on_both_sides_of_each_limit(path: str) -> None:
    met = list(beyond(path))
    assert met or path in ("authorship", "questions.choices.correct")
    for limit, value, fits in met:
        assert takes(with_value(PLACES[path], value)) == (
            fits or (path, limit) == ("body", "longest"),
            fits,
        ), (
            limit,
            value,
        )


@pytest.mark.parametrize("path", KEYS)
def test_a_key_that_is_missing_or_unknown_is_refused_by_both(path: str) -> None:
    *groups, name = PLACES[path]
    without = copy.deepcopy(FULL)
    group = without
    for step in groups:
        group = group[step]
    del group[name]
    by_schema, by_reader = takes(without)
    assert by_schema is by_reader or path.startswith("authorship.reviewed")
    group[name], group["autre"] = value_at(PLACES[path]), 1
    assert takes(without) == (False, False)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "multiple"},
        {"kind": "number"},
        {"kind": "true_false"},
        {"answer": 3},
        {"unit": "%"},
        {"tolerance": 1},
        {"choices": []},
    ],
)
def test_a_question_has_what_its_kind_needs(change: dict[str, Any]) -> None:
    content = copy.deepcopy(FULL)
    content["questions"][0] |= change
    assert takes(content) == (False, False)


@pytest.mark.parametrize("right", [0, 1, 2, 3, 4])
def test_the_right_choices_are_counted(right: int) -> None:
    content = copy.deepcopy(FULL)
    for question, fits in ((0, right == 1), (1, 2 <= right < 4)):
        choices = content["questions"][question]["choices"]
        for number, choice in enumerate(choices):
            choice["correct"] = number < min(right, len(choices))
        tried = copy.deepcopy(FULL)
        tried["questions"][question] = content["questions"][question]
        assert takes(tried) == (fits, fits), question


def test_every_shipped_lesson_passes() -> None:
    files = [path for path in source.library().rglob("*.yaml") if path.name != "course.yaml"]
    assert len(files) > 80
    assert [path.name for path in files if not SCHEMA.is_valid(as_an_editor_reads(path))] == []


def test_every_key_says_in_french_what_it_is() -> None:
    text = json.dumps(schema(), ensure_ascii=False)
    assert all(key.meaning.partition(" ;")[0] in text for key in KEYS.values())
    assert "shown" not in text
    jsonschema.Draft202012Validator.check_schema(schema())
