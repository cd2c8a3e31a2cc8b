# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""One's own data as they are sent: every table that leads to a person, in their words, and what is left out, with why.

Nothing is listed here by hand. What the tables hold comes from `storage.personal`, what it is called and what is left out
from `bot.wording.tables`; a column that nobody described is shown under its own name.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from bot.talk.turn import Turn
from bot.wording import Words
from bot.wording.tables import Described, described, reasons
from storage import accounts, personal
from storage.personal import MOST, Rows
from storage.progress.days import days_of
from storage.tables import metadata
from storage.types import UNREADABLE

LONGEST = 200
"""Characters of a part of a menu or a message, beside its text, that is shown: an admin's menu holds a whole lesson."""


def own_data(turn: Turn) -> dict[str, Any]:
    """Return all that the database holds of a person, in each conversation of theirs, and what they did as staff.

    Who may publish and writes from a device that is not trusted gets nothing of what they administer.
    """
    words, learner = turn.words, turn.learner
    ids = dict.fromkeys([learner.id, *(row.id for row in accounts.rows_of_person(turn.tx, learner))])
    here, *others = personal.of_learners(turn.tx, ids).values()
    more = personal.of_sender(
        turn.tx, learner.channel, learner.address, learner.account, acts=turn.event.trusted
    )
    return {
        words.plain("data.file.about"): _about(turn),
        **_tables(words, personal.ways(), here),
        **_tables(words, (name for name in more if more[name]), more),
        **({words.plain("data.file.others"): [_tables(words, one, one) for one in others]} if others else {}),
        words.plain("data.file.without"): _without(words),
    }


def _about(turn: Turn) -> dict[str, str]:
    """Return what is no column: when the file was made, of whom, and what the next hour in the tables means."""
    words, learner = turn.words, turn.learner
    about = {
        words.plain("data.file.made"): turn.now.isoformat(timespec="seconds"),
        words.plain("data.file.of"): f"{learner.channel}:{learner.address}",
    }
    if turn.next_at is not None:
        about[words.plain("data.file.next")] = turn.next_at.isoformat(timespec="seconds")
    if turn.puts_off and turn.enrolment.next_at is not None:
        about[words.plain("data.file.again")] = turn.enrolment.next_at.isoformat(timespec="seconds")
    return about


def _tables(words: Words, names: Iterable[str], rows: Rows) -> dict[str, Any]:
    """Return tables by their titles: one with a row at most as that row, the others as rows below their labels."""
    shown: dict[str, Any] = {}
    for name in names:
        table, known = metadata.tables[name], described().get(name)
        if known is not None and known.untold:
            continue
        title = name if known is None else known.title[words.language]
        labels = _labels(words, name)
        found = [_values(name, labels, row) for row in rows.get(name, [])[-MOST:]]
        if personal.is_single(table):
            shown[title] = dict(zip(labels.values(), found[0], strict=True)) if found else None
            continue
        shown[title] = [list(labels.values()), *found]
        if len(rows.get(name, [])) > MOST:
            shown[words.plain("data.file.cut", title=title)] = words.plain("data.file.cut.why", most=MOST)
    return shown


def _labels(words: Words, table: str) -> dict[str, str]:
    """Return the label of each column that is shown, by the column's name."""
    known = described().get(table)
    columns = {} if known is None else known.columns
    shown = {}
    for column in metadata.tables[table].columns:
        described_as = columns.get(column.name)
        if described_as is None:
            shown[column.name] = column.name
        elif not described_as.untold:
            shown[column.name] = described_as.label[words.language]
    return shown


def _values(table: str, labels: Mapping[str, str], row: Mapping[str, Any]) -> list[Any]:
    return [VALUES.get((table, name), _plain)(row[name]) for name in labels]


def written(data: Mapping[str, Any]) -> bytes:
    """Return the file: JSON, a row of a table on each line, as people read tables."""
    parts = ",\n".join(f"  {_json_of(name)}: {_part(value)}" for name, value in data.items())
    return f"{{\n{parts}\n}}\n".encode()


def _part(value: Any) -> str:
    if not isinstance(value, list) or not value:
        return json.dumps(value, ensure_ascii=False, indent=2).replace("\n", "\n  ")
    lines = ",\n    ".join(map(_json_of, value))
    return f"[\n    {lines}\n  ]"


def _json_of(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _without(words: Words) -> dict[str, list[str]]:
    """Return what is left out, by the reason."""
    left: dict[str, list[str]] = defaultdict(list)
    for one in described().values():
        if one.untold:
            left[one.untold].append(one.title[words.language])
        else:
            _leave_out(words, one, left)
    return {reasons()[why][words.language]: left[why] for why in reasons() if left[why]}


def _leave_out(words: Words, one: Described, left: dict[str, list[str]]) -> None:
    by_reason: dict[str, list[str]] = defaultdict(list)
    for column in one.columns.values():
        if column.untold:
            by_reason[column.untold].append(column.label[words.language])
    for why, labels in by_reason.items():
        left[why].append(f"{one.title[words.language]} ({', '.join(labels)})")


# --- values


def _plain(value: Any) -> Any:
    """Return a value as JSON has it; nothing in the place of an instant or a date that cannot be read."""
    if isinstance(value, datetime):
        return None if value == UNREADABLE else value.isoformat(timespec="seconds")
    if isinstance(value, bytes):
        return None
    if isinstance(value, date):
        return None if value == UNREADABLE.date() else value.isoformat()
    return value


def _days(text: Any) -> list[str]:
    return sorted(day.isoformat() for day in days_of(text if isinstance(text, str) else ""))


def _json(text: Any) -> Any:
    try:
        return json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return text


def _content(content: Any) -> Any:
    """Return what a person reads of a menu or a message: its text, its choices, a file's name, and what is short beside."""
    if not isinstance(content, dict):
        return None
    shown: dict[str, Any] = {}
    for name, value in content.items():
        if name == "text" or name == "order":
            shown[name] = value
        elif name == "choices" and isinstance(value, list):
            shown[name] = [one[1] if isinstance(one, list) and len(one) > 1 else one for one in value]
        elif name in ("question", "document", "drawing") and isinstance(value, dict):
            shown[name] = {part: one for part, one in value.items() if part in ("name", "kind", "form")}
        elif isinstance(value, bool | int | float) or (isinstance(value, str) and 0 < len(value) <= LONGEST):
            shown[name] = value
    return shown


def _event(event: Any) -> Any:
    if not isinstance(event, dict):
        return None
    return {name: event[name] for name in ("at", "kind", "text", "keys", "file") if event.get(name)}


VALUES: dict[tuple[str, str], Callable[[Any], Any]] = {
    ("enrolment", "schedule"): _json,
    ("enrolment", "slots"): _days,
    ("tally", "days"): _days,
    ("prompt", "content"): _content,
    ("outbox", "content"): _content,
    ("pending", "event"): _event,
}
"""How columns are shown that hold more than a value."""
