# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A document as Markdown. What it holds is text of the operator's, of authors' and of ours: none of it is markup.

A claim ends with a number in brackets; the tests that it stands for are listed at the end, since few readers can use them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from bot.reports.document import Block, Bullets, Claim, Document, Limit, Note, Said, Table, claims, parts

BRIEF, UNSAID = "En bref", "Ce que ce document ne dit pas"
TESTS = "Les essais cités"
_HOW = (
    (
        "Un numéro entre parenthèses, par exemple (E1), renvoie à des essais automatiques du programme : ils échouent si la "
        "phrase cesse d’être vraie là où ils la regardent. Pour les relancer, une personne technique prend les sources de "
        "la même version et écrit « make test »."
    ),
    (
        "Le programme installé ne connaît pas le résultat du dernier lancement. À joindre par l’exploitant : procès-verbal "
        "daté (version, date, qui l’a lancé, nombre d’essais réussis et échoués)."
    ),
)
_MARKS = re.compile(r"([\\`*\[\]<>|~&]|(?<![^\W_])_|_(?![^\W_]))")
_STARTS = re.compile(r"^(?:([-+=#])|(\d{1,9})([.)])(?= |$))")
_BEFORE = re.compile(r" ([:;?!»%€])")


def render(document: Document) -> str:
    """Return a document as one Markdown text."""
    numbers = numbered(document)
    lines = [f"# {text(document.title)}"]
    for warning in document.warnings:
        lines += ["", f"**Attention.** {_said(warning, numbers)}"]
    lines += ["", f"## {BRIEF}", "", *(f"- {_said(line, numbers)}" for line in document.brief)]
    for section in document.sections:
        lines += ["", f"## {text(section.title)}"]
        for block in section.blocks:
            lines += ["", *_block(block, numbers)]
    lines += ["", f"## {UNSAID}", "", *(f"- {_said(line, numbers)}" for line in document.unsaid)]
    if numbers:
        lines += ["", f"## {TESTS}", ""]
        lines += [*(line for how in _HOW for line in (text(how), ""))]
        lines += [
            f"- E{number} : {', '.join(f'`{name}`' for name in names)}" for names, number in numbers.items()
        ]
    if document.made:
        lines += ["", text(document.made)]
    return "\n".join(lines) + "\n"


def numbered(document: Document) -> dict[tuple[str, ...], int]:
    """Return the number of each group of tests, in the order in which claims name them."""
    found: dict[tuple[str, ...], int] = {}
    for claim in claims(document):
        found.setdefault(claim.tests, len(found) + 1)
    return found


def _block(block: Block, numbers: Mapping[tuple[str, ...], int]) -> Iterator[str]:
    match block:
        case Bullets():
            for item in block.items:
                yield f"- {_said(item, numbers)}"
        case Table():
            yield _row([text(column) for column in block.columns])
            yield _row(["---"] * len(block.columns))
            for row in block.rows:
                yield _row([_said(cell, numbers, starts=False) for cell in row])
        case _:
            yield _said(block, numbers)


def _said(said: Said, numbers: Mapping[tuple[str, ...], int], *, starts: bool = True) -> str:
    """Return a text in one line; `starts`: it begins a line, and then no list and no heading."""
    line = " ".join(_part(part, numbers) for part in parts(said))
    return (
        _STARTS.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", line)
        if starts
        else line
    )


def _part(part: str | Claim | Limit | Note, numbers: Mapping[tuple[str, ...], int]) -> str:
    if not isinstance(part, Claim):
        return text(part if isinstance(part, str) else part.text)
    said, end = text(part.text), ""
    if said[-1:] in (".", ";"):
        said, end = said[:-1].rstrip("\u00a0 "), said[-1]
    return f"{said} (E{numbers[part.tests]}){end}"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def text(plain: str) -> str:
    """Return a text in one line, so that it is shown as it is; French signs keep their no-break space."""
    return _MARKS.sub(r"\\\1", french(plain))


def french(plain: str) -> str:
    """Return a text in one line, without signs that show nothing, with no-break spaces where French has them."""
    shown = "".join(" " if sign.isspace() and sign != "\u00a0" else sign for sign in plain)
    shown = "".join(sign for sign in shown if unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co"))
    shown = re.sub(r" +", " ", shown).strip(" ")
    return _BEFORE.sub("\u00a0\\1", shown).replace("« ", "«\u00a0")
