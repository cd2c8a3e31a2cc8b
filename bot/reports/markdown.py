# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A document as Markdown. What it holds is text of the operator's, of authors' and of ours: none of it is markup."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from bot.reports.document import Block, Bullets, Claims, Document, Table

CLAIMED, HELD = "Ce qui est affirmé", "Le test qui le tient"
MEASURE, FOUND = "La mesure", "Constaté"
"""Where it was looked at: what was found may be that it is not in force."""
_MARKS = re.compile(r"([\\`*_\[\]<>#|~&!])")
_STARTS = re.compile(r"^(?:([-+=])|(\d{1,9})([.)])(?= |$))")
_BEFORE = re.compile(r" ([:;?!»%€])")


def render(document: Document) -> str:
    """Return a document as one Markdown text."""
    lines = [f"# {text(document.title)}"]
    for section in document.sections:
        lines += ["", f"## {text(section.title)}"]
        for block in section.blocks:
            lines += ["", *_block(block)]
    return "\n".join(lines) + "\n"


def _block(block: Block) -> Iterator[str]:
    match block:
        case str():
            yield _line(block)
        case Bullets():
            for item in block.items:
                yield f"- {_line(item)}"
        case Table():
            yield from _table(block)
        case Claims():
            yield from _claims(block)


def _table(table: Table) -> Iterator[str]:
    yield _row([text(column) for column in table.columns])
    yield _row(["---"] * len(table.columns))
    for row in table.rows:
        yield _row([text(cell) for cell in row])


def _claims(claims: Claims) -> Iterator[str]:
    looked = any(claim.found for claim in claims.claims)
    yield _row([MEASURE, FOUND, HELD] if looked else [CLAIMED, HELD])
    yield _row(["---"] * (3 if looked else 2))
    for claim in claims.claims:
        names = ", ".join(f"`{name}`" for name in claim.tests)
        yield _row([text(claim.text), *([text(claim.found)] if looked else []), names])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def text(plain: str) -> str:
    """Return a text in one line, so that it is shown as it is; French signs keep their no-break space."""
    return _MARKS.sub(r"\\\1", french(plain))


def _line(plain: str) -> str:
    """Return a text that begins a line: it begins no list and no heading either."""
    return _STARTS.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", text(plain))


def french(plain: str) -> str:
    """Return a text in one line, without signs that show nothing, with no-break spaces where French has them."""
    shown = "".join(" " if sign.isspace() and sign != "\u00a0" else sign for sign in plain)
    shown = "".join(sign for sign in shown if unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co"))
    shown = re.sub(r" +", " ", shown).strip(" ")
    return _BEFORE.sub("\u00a0\\1", shown).replace("« ", "«\u00a0")
