# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A document as Markdown. What it holds is text of the operator's, of authors' and of ours: none of it is markup."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from bot.reports.document import Block, Bullets, Cell, Claim, Claims, Document, Table, Text, claims_of

CLAIMED, MEASURE = "Ce qui est affirmé", "La mesure"
FOUND = "Constaté"
"""Where it was looked at: what was found may be that it is not in force."""
HELD = "Essai"
ANNEX = "Annexe : les essais"
ABOUT_ANNEX = (
    "Chaque affirmation sur le programme porte le numéro de l’essai automatique qui doit la tenir. Les "
    "essais se lancent dans les sources de la même version, par « make test » ; ils ne sont pas installés "
    "avec le programme, et leur dernier résultat n’est pas connu ici : demandez-le, daté, à qui exploite le "
    "service."
)
_MARKS = re.compile(r"([\\`*_\[\]<>#|~&!])")
_STARTS = re.compile(r"^(?:([-+=])|(\d{1,9})([.)])(?= |$))")
_BEFORE = re.compile(r" ([:;?!»%€])")


def render(document: Document) -> str:
    """Return a document as one Markdown text. Tests are numbered, and named at the end."""
    numbers = {test: f"E{place}" for place, test in enumerate(_tests(document), 1)}
    lines = [f"# {text(document.title)}"]
    for section in document.sections:
        lines += ["", f"## {text(section.title)}"]
        for block in section.blocks:
            lines += ["", *_block(block, numbers)]
    if numbers:
        lines += ["", f"## {text(ANNEX)}", "", _line(ABOUT_ANNEX), ""]
        lines += [f"- {number}\u00a0: `{test}`" for test, number in numbers.items()]
    return "\n".join(lines) + "\n"


def _tests(document: Document) -> dict[str, None]:
    return dict.fromkeys(test for claim in claims_of(document) for test in claim.tests)


def _held(claim: Claim, numbers: Mapping[str, str]) -> str:
    return ", ".join(numbers[test] for test in claim.tests)


def _block(block: Block, numbers: Mapping[str, str]) -> Iterator[str]:
    match block:
        case Text() | Claim():
            yield _item(block, numbers)
        case Bullets():
            for item in block.items:
                yield f"- {_item(item, numbers)}"
        case Table():
            yield _row([text(column) for column in block.columns])
            yield _row(["---"] * len(block.columns))
            for row in block.rows:
                yield _row([_cell(cell, numbers) for cell in row])
        case Claims():
            yield from _claims(block, numbers)


def _item(item: Text | Claim, numbers: Mapping[str, str]) -> str:
    if isinstance(item, Text):
        return _line(item.text)
    return f"{_line(item.text)} ({_held(item, numbers)})"


def _cell(cell: Cell, numbers: Mapping[str, str]) -> str:
    return f"{text(cell.text)} ({_held(cell, numbers)})" if isinstance(cell, Claim) else text(cell)


def _claims(claims: Claims, numbers: Mapping[str, str]) -> Iterator[str]:
    looked = any(claim.found for claim in claims.claims)
    yield _row([MEASURE, FOUND, HELD] if looked else [CLAIMED, HELD])
    yield _row(["---"] * (3 if looked else 2))
    for claim in claims.claims:
        yield _row([text(claim.text), *([text(claim.found)] if looked else []), _held(claim, numbers)])


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
