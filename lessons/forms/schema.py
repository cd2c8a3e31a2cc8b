# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""JSON Schema of a lesson file, for editors; and each limit in French words. Both come from the model, typed once."""

from __future__ import annotations

from functools import cache
from typing import Any

from lessons.forms.keys import KEYS
from lessons.model import BODY, FEWEST_CHOICES, FEWEST_RIGHT, Kind, Lesson

Schema = dict[str, Any]


@cache
def schema() -> Schema:
    """Return the schema (draft 2020-12). It takes what an editor reads in YAML: 2026 is a number there, 2026-03-01 a text.

    It knows every length, count, pattern and list of values. It cannot say the visible length of a body, that a date follows
    another, or that ids and choices differ: `iaventure lessons check` does.
    """
    whole = Lesson.model_json_schema()
    _describe(whole, whole, "")
    body = whole["properties"]["body"]
    body["description"] += f" ; {BODY} caractères visibles au plus"
    question = whole["$defs"]["Question"]
    question["allOf"] = [
        _when(Kind.NUMBER, {"required": ["answer"], "properties": _ANSWERED}),
        *(_when(kind, _chosen(kind)) for kind in Kind if kind is not Kind.NUMBER),
    ]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **whole}


_ANSWERED: Schema = {"answer": {"not": {"type": "null"}}, "choices": {"maxItems": 0}}


def _when(kind: Kind, then: Schema) -> Schema:
    return {"if": {"required": ["kind"], "properties": {"kind": {"const": kind.value}}}, "then": then}


def _chosen(kind: Kind) -> Schema:
    """Return what holds for a question with choices."""
    right = {"required": ["correct"], "properties": {"correct": {"const": True}}}
    counts: Schema = {"minContains": 1, "maxContains": 1}
    if kind is Kind.MULTIPLE:
        counts = {"minContains": FEWEST_RIGHT, "not": {"items": right}}
    most = {"maxItems": FEWEST_CHOICES} if kind is Kind.TRUE_FALSE else {}
    return {
        "required": ["choices"],
        "properties": {
            "choices": {"minItems": FEWEST_CHOICES, **most, "contains": right, **counts},
            "answer": {"type": "null"},
            "tolerance": {"enum": [0, "0"]},
            "unit": {"maxLength": 0},
        },
    }


def _describe(whole: Schema, part: Schema, path: str) -> None:
    """Give each key its heading and its meaning instead of those of the code, which are in English."""
    for name, inner in part.get("properties", {}).items():
        at = f"{path}.{name}".removeprefix(".")
        target = _target(whole, inner)
        for described in (inner, target, _target(whole, inner.get("items", {}))):
            described.pop("title", None)
            described.pop("description", None)
        inner["title"] = KEYS[at].heading or name
        inner["description"] = KEYS[at].meaning
        for nested in (target, _target(whole, inner.get("items", {}))):
            if nested is not inner:
                _describe(whole, nested, at)
    part.pop("description", None)


def _target(whole: Schema, part: Schema) -> Schema:
    """Return what a reference names, alone or beside null; the part itself when it is none."""
    for option in (part, *part.get("anyOf", ())):
        if "$ref" in option:
            found: Schema = whole["$defs"][option["$ref"].rpartition("/")[2]]
            return found
    return part


def part(path: str) -> Schema:
    """Return the schema of a key of `KEYS`, without null: `sources.title`.

    Raises:
        KeyError: there is no such key.
    """
    group, name = _group(path)
    found = _target(schema(), group["properties"][name])
    options = [option for option in found.get("anyOf", ()) if option.get("type") != "null"]
    return options[0] if options else found


def is_required(path: str) -> bool:
    """Tell whether a key must be given where its group is."""
    group, name = _group(path)
    return name in group["required"]


def _group(path: str) -> tuple[Schema, str]:
    """Return the schema of the group that holds a key, and the key's name in it."""
    whole = schema()
    *groups, name = path.split(".")
    found: Schema = whole
    for group in groups:
        inner = found["properties"][group]
        found = _target(whole, inner.get("items", inner))
    return found, name


def limit(path: str) -> str:
    """Return the limit of a key in French: « 100 caractères au plus »; empty when no number says anything of it."""
    found = part(path)
    if path == "body":
        return f"{BODY} caractères visibles au plus, {found['maxLength']} avec les signes et les adresses"
    if "maxLength" in found:
        return f"{found['maxLength']} caractères au plus"
    if "maxItems" in found:
        least = found.get("minItems", 0)
        return f"de {least} à {found['maxItems']}" if least else f"{found['maxItems']} au plus"
    return f"de {found['minimum']} à {found['maximum']}" if "maximum" in found else ""
