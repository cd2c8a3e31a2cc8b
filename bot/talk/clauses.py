# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The words of a text with the marks between them: where its clauses, sentences and lines begin."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.talk import dates
from lessons import typed

LOOKED = 600
"""Characters of a text that are looked through: its first lines, of which none is cut."""
_QUOTED = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
_TOKEN = re.compile(
    r"(?P<mark>,(?![0-9])|(?<![0-9]),|[;!?()\[\]{}\"=]|(?<=\s)-+>?(?=\s)|/(?=\s))"
    r"|(?:[^\s,;!?()\[\]{}\"=]|(?<=[0-9]),(?=[0-9]))+"
)
_LABEL = re.compile(r"\s*[A-Za-z][.)]\s")
_SOFT = frozenset(',:()[]{}"=->/')
"""Marks that part clauses of one sentence; all others end it."""
REASONS = frozenset(("car", "parce", "puisque", "because"))


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, and what stands before it."""

    said: str
    """Folded; empty for the end of the text."""
    parted: str = ""
    """The marks between the word before and this one; `\\n` for a new line."""
    named: bool = False
    """Whether it begins as names do, with a capital or a digit."""

    @property
    def ends(self) -> bool:
        """Whether a sentence or a line ended before it."""
        return not set(self.parted) <= _SOFT


def unquoted(text: str) -> str:
    """Return a text without the lines that it quotes, as mail does."""
    return _QUOTED.sub("", text)


def first_lines(text: str, most: int = LOOKED) -> list[str]:
    """Return the first lines of a text that are not quoted, cleaned: whole ones, of so many characters in all."""
    lines: list[str] = []
    for line in unquoted(text).splitlines():
        lines.append(typed.clean(line))
        most -= len(lines[-1])
        if most < 0:
            return lines[:-1]
    return lines


def words_of(text: str) -> list[Word]:
    """Return the words of the first lines, each with what parts it from the one before, and an empty one at the end."""
    words: list[Word] = []
    parted = ""
    for line in first_lines(text):
        tokens = list(_TOKEN.finditer(line))
        for at, match in enumerate(tokens):
            word = "" if match["mark"] else match[0].rstrip(".:")
            said, dots = typed.fold(word), match[0][len(word) :]
            said = "résumé" if said == "resume" and not word.isascii() else said  # a summary
            if said:
                parted += "," if said in REASONS else ""
                words.append(Word(said, parted or ("" if words else "\n"), not word[:1].islower()))
                parted = ""
            after = typed.fold(tokens[at + 1][0]) if dots == "." and at + 1 < len(tokens) else ""
            parted += "," if (word and not said) or (dots == "." and _shortens(words, after)) else dots
        parted += "\n"
    return [*words, Word("", parted or "\n")]


def is_labelled(text: str) -> bool:
    """Tell whether a text begins as a line of a question does: « A. Pause », « b) Stop »."""
    return _LABEL.match(text) is not None


def _shortens(words: list[Word], after: str) -> bool:
    """Tell a dot that ends no sentence: « 5 déc. », « jusqu'au 5. janvier », « A. Martin »."""
    before = words[-1].said if words else ""
    return before in dates.ABBREVIATED or (before.isdigit() and len(before) < 3 and after in dates.MONTHS)


def clause_starts(words: list[Word]) -> list[int]:
    """Return where clauses begin."""
    return [at for at, word in enumerate(words[:-1]) if word.parted]


def joined(words: list[Word], first: int, last: int) -> str:
    """Return the words from `first`, before `last`, without the marks between them."""
    return " ".join(word.said for word in words[first:last]).strip()


def unsigned(text: str) -> str:
    """Return the first sentence or clause of a text that has nothing else in it but thanks and a name; else nothing."""
    words = words_of(text)
    starts = clause_starts(words)
    told = [at for at in starts[1:] if not _thanks(words, at)]
    if not told or not all(
        word.named and not word.said[:1].isdigit() for word in words[told[0] : -1] if not _polite(word)
    ):
        return ""
    return joined(words, 0, starts[1])


def _thanks(words: list[Word], at: int) -> bool:
    after = at + 1
    while not words[after].parted:
        after += 1
    return not typed.bare(joined(words, at, after), typed.COURTESY)


def _polite(word: Word) -> bool:
    return not typed.bare(word.said, typed.COURTESY)
