# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Lesson as a YAML file: its content in the order of the keys, or a file to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from lessons.forms.keys import KEYS
from lessons.forms.schema import limit
from lessons.model import Lesson

if TYPE_CHECKING:
    from collections.abc import Iterable

EXAMPLE = Path(__file__).with_name("example.yaml")
"""The lesson that the workbook and the documentation show."""
WIDTH = 110

_BLANK: dict[str, Any] = {
    "title": "",
    "theme": "",
    "audience": ["agent", "elu"],
    "level": 1,
    "objective": "",
    "body": "",
    "takeaway": "",
    "sources": [{"title": "", "publisher": "", "url": "", "date": "", "checked": "", "seen": "page"}],
    "review_by": "",
    "authorship": {"ai_assisted": "", "reviewed_by": None, "reviewed_on": None},
    "questions": [
        {
            "id": f"q{number}",
            "kind": "single",
            "text": "",
            "choices": [
                {"text": "", "correct": right, "feedback": ""} if right else {"text": "", "feedback": ""}
                for right in (True, False, False)
            ],
            "explanation": "",
        }
        for number in (1, 2, 3)
    ],
}


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as such, and lists of words on one line."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's name
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else '"' if not text or not text.isascii() or " " in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _list(dumper: yaml.SafeDumper, values: list[Any]) -> yaml.SequenceNode:
    words = all(isinstance(value, str) for value in values)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", values, flow_style=words)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(list, _list)


def written(lesson: Lesson) -> str:
    """Return the file of a lesson: read again, it is equal."""
    content = lesson.model_dump(mode="json", exclude_defaults=True)
    return yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDTH)


def blank(lesson_id: str, themes: Iterable[str]) -> str:
    """Return a file to fill in: what each key means, and its limit, stands above it the first time. `themes`: their ids."""
    written = yaml.dump(
        {"id": lesson_id, **_BLANK}, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDTH
    )
    told: set[str] = set()
    lines = [_TOP]
    groups: list[tuple[int, str]] = []
    for line in written.splitlines():
        bare = line.lstrip(" -")
        indent, name = len(line) - len(bare), bare.partition(":")[0]
        groups = [group for group in groups if group[0] < indent]
        path = ".".join([*(group for _, group in groups), name])
        if bare.endswith(":"):
            groups.append((indent, name))
        if path in KEYS and path not in told:
            told.add(path)
            comments = [_comment(path), *([f"thèmes : {', '.join(themes)}"] if path == "theme" else ())]
            lines += [f"{' ' * indent}# {comment}" for comment in comments]
        lines.append(line)
    return "\n".join([*lines, *_BOTTOM, ""])


def _comment(path: str) -> str:
    most = limit(path)
    return f"{KEYS[path].meaning} ({most})" if most else KEYS[path].meaning


_TOP = "# Une leçon d’IAventure. Vérifier ce fichier : iaventure lessons check FICHIER"
_BOTTOM = (
    "# Une question de nombre n’a pas de choix :",
    "#   - id: q4",
    "#     kind: number",
    '#     text: "…"',
    "#     answer: 7.5",
    "#     tolerance: 0.5",
    '#     unit: "%"',
    '#     explanation: "…"',
)
