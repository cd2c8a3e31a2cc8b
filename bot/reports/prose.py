# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The French text of a document, from a file of `words/`, with what the running system knows put in its places.

    claim: …, tests: [test_…]     what we say of ourselves: without a test the file is refused
    limit: …                      what the program does not do
    note: …                       names the program, and promises nothing of it
    ask: …                        what the organisation has to say, with how
    say: […]                      a paragraph of several of these
    list: […]   fields: [[label, text]]   table: {columns, rows, name}   insert: a block by its name

Any of them may have `when`, one or several words of which all must be true (`not x`: must not be). `{name}` is a value.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.reports.document import (
    TO_COMPLETE,
    Block,
    Bullets,
    Claim,
    Document,
    Limit,
    Note,
    Said,
    Section,
    Table,
    fields,
)

FOLDER = Path(__file__).with_name("words")


@dataclass(frozen=True, slots=True)
class Filling:
    """What a text is filled with. `values`: by name; `true`: the words that hold; `blocks`: what `insert` asks for."""

    values: Mapping[str, str]
    true: Collection[str]
    blocks: Mapping[str, Collection[Block]] = field(default_factory=dict)


@cache
def words(name: str) -> Any:
    """Return a file of words by its name without an ending."""
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def document(name: str, file: str, filling: Filling) -> Document:
    """Return the document that a file of words describes. `name`: of the document's own file.

    Raises:
        Untested: a claim of it names no test.
        KeyError: it asks for a value or a block that there is not.
    """
    found = words(file)
    return Document(
        name,
        _filled(found["title"], filling),
        list(said_of(found["brief"], filling)),
        [
            Section(_filled(one["title"], filling), list(blocks_of(one["blocks"], filling)))
            for one in found["sections"]
            if _holds(one, filling)
        ],
        list(said_of(found["unsaid"], filling)),
    )


def blocks_of(entries: Collection[Any], filling: Filling) -> Iterator[Block]:
    """Yield the blocks that entries describe."""
    for entry in entries:
        if not _holds(entry, filling):
            continue
        if not isinstance(entry, dict):
            yield said(entry, filling)
        elif "list" in entry:
            yield Bullets(list(said_of(entry["list"], filling)))
        elif "fields" in entry:
            rows = [
                (_filled(label, filling), said(text, filling))
                for label, text in _rows(entry["fields"], filling)
            ]
            yield fields(*rows, name=entry.get("name", ""))
        elif "table" in entry:
            table = entry["table"]
            cells = [[said(cell, filling) for cell in row] for row in _rows(table["rows"], filling)]
            yield Table(table["columns"], cells, table.get("name", ""))
        elif "insert" in entry:
            yield from filling.blocks[entry["insert"]]
        else:
            yield said(entry, filling)


def _rows(rows: Collection[Any], filling: Filling) -> Iterator[Any]:
    """Yield rows; one may be `{row: […], when: …}`."""
    for row in rows:
        if _holds(row, filling):
            yield row["row"] if isinstance(row, dict) else row


def said_of(entries: Collection[Any], filling: Filling) -> Iterator[Said]:
    """Yield the texts that entries describe; `insert` puts in the texts of that name."""
    for entry in entries:
        if not _holds(entry, filling):
            continue
        if isinstance(entry, dict) and "insert" in entry:
            yield from (
                one for one in filling.blocks[entry["insert"]] if not isinstance(one, Bullets | Table)
            )
        else:
            yield said(entry, filling)


def said(entry: Any, filling: Filling) -> Said:
    """Return the text that an entry describes; for none, that it is to be completed."""
    if entry is None:
        return TO_COMPLETE
    if not isinstance(entry, dict):
        return _filled(str(entry), filling)
    if "claim" in entry:
        return Claim(_filled(entry["claim"], filling), tuple(entry.get("tests") or ()))
    if "limit" in entry:
        return Limit(_filled(entry["limit"], filling))
    if "ask" in entry:
        return f"{TO_COMPLETE} : {_filled(entry['ask'], filling)}"
    if "note" in entry:
        return Note(_filled(entry["note"], filling))
    if "text" in entry:
        return _filled(entry["text"], filling)
    return tuple(said_of(entry["say"], filling))


def _filled(text: str, filling: Filling) -> str:
    return text.format_map(filling.values)


def _holds(entry: Any, filling: Filling) -> bool:
    if not isinstance(entry, dict) or "when" not in entry:
        return True
    asked = entry["when"]
    return all(
        (word.removeprefix("not ") in filling.true) != word.startswith("not ")
        for word in ([asked] if isinstance(asked, str) else asked)
    )
