# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The tables and columns of the database in words: for a person who asks for their data, and for documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("tables.yaml")
LANGUAGES = "fr", "en"


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `label` by language. `untold`: the name of the reason why a person is not shown it; else empty."""

    label: Mapping[str, str]
    untold: str = ""


@dataclass(frozen=True, slots=True)
class Described:
    """A table. `title` by language; `about`, in French: whom its rows speak of, empty for nobody."""

    title: Mapping[str, str]
    about: str
    kept: str
    """The name of a duration of `bot.reports.data`."""
    untold: str
    """The name of the reason why a person is shown nothing of it; else empty."""
    columns: Mapping[str, Column]


@cache
def described() -> Mapping[str, Described]:
    """Return the words of each table, by its name."""
    return {name: _described(one) for name, one in _file()["tables"].items()}


@cache
def reasons() -> Mapping[str, Mapping[str, str]]:
    """Return why something is not shown to the person whom it is about, by the reason's name, then by language."""
    return {name: _by_language(text)[0] for name, text in _file()["reasons"].items()}


@cache
def _file() -> Any:
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def _described(one: Any) -> Described:
    columns = {name: Column(*_by_language(text)) for name, text in one.get("columns", {}).items()}
    title, _ = _by_language(one["title"])
    return Described(title, one["about"], one["kept"], one.get("untold", ""), columns)


def _by_language(text: str) -> tuple[dict[str, str], str]:
    """Return a text by language, and what stands after both."""
    *said, rest = text.split(" | ") if text.count(" | ") == len(LANGUAGES) else (*text.split(" | "), "")
    return dict(zip(LANGUAGES, said, strict=True)), rest
