# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The words of a text with the marks between them: where its clauses, sentences and lines begin."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.talk import dates
from lessons import typed

LOOKED = 600
"""Characters of a text that are looked through: its first lines; the first of all is cut at a mark."""
MOST = 40
"""Clauses of a text that are looked through."""
_QUOTED = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
_TOKEN = re.compile(
    r"(?P<mark>,(?![0-9])|(?<![0-9]),|[;!?()\[\]{}\"=]|(?<=\s)-+>?(?=\s)|/(?=\s))"
    r"|(?:[^\s,;!?()\[\]{}\"=]|(?<=[0-9]),(?=[0-9]))+"
)
_CUT = re.compile(r".*[.;!?,](?=\s)")
_LABEL = re.compile(r"\s*[A-Za-z][.)]\s")
_SOFT = frozenset(',:()[]{}"=->/')
"""Marks that part clauses of one sentence; all others end it."""
_NAME = 4
"""Words of the longest name."""
_NO_NAME = re.compile(
    r"(?:je|tu|ils?|elles?|on|nous|vous|me|moi|te|toi|se|ce|cela|ca|ne|pas|plus|non|oui|si|mais|sauf|et|ou|car|puis|sans|avec"
    r"|pour|jamais|rien|aucune?|seulement|uniquement|enfin|sinon|plutot|avant|apres|peut-etre|refuse[rz]?|stop|pause|trop"
    r"|encore|sous|quand|comment|pourquoi|que|qui|quoi|attends?|tout|toute|tous|toutes|en|au|aux|le|les|un|une|des|mon|ma|mes"
    r"|i|we|you|he|she|they|it|this|that|not|no|yes|but|except|only|if|unless|and|or|without|never|nothing|wait|please"
    r"|(?:the|my|in|on|at|for|to))$|(?:[cjlmnst]|qu)'|[0-9]"
)
"""Words that are in sentences and in no name."""
_LIMIT = re.compile(
    r"(?!(?:clement|froment|sarment)$)[a-z]{3,}ment"
    r"|(?!(?:billy|beverly|carly|charly|elly|emily|holly|kelly|kimberly|lilly|lily|molly|nelly|polly|reilly|sally|willy)$)"
    r"[a-z]{2,}ly"
    r"|(?:provisoire|temporaire|exception|definiti|habitu|occasionn|ponctuel|possible|variable|flexible|approximati|tentative)\w*"
    r"|demain|hier|bientot|ensuite|souvent|parfois|quelquefois|toujours|desormais|dorenavant|maintenant|presque|environ"
    r"|minimum|maximum|maxi|mini|idem|bof|hormis|excepte\w*|malgre|selon|depuis|pendant|durant|chez|vers|urgent|test|essai"
    r"|teletravail|conges?|absente?|formation|feries?|jours?|heures?|tot|tard|tantot|erreur|correction|confirmer|voir|sur"
    r"|sometimes|always|often|maybe|perhaps|soon|then|later|instead|tonight|tomorrow|today|morning|afternoon|evening|trial"
    r"|asap|tb[cd]|ish|sharp|usual|again|until|till|while|during|after|before|from|please|correct|mistake|really|vraiment"
)
"""Words that change or question what stands above them, also with a capital: « 9 h. Temporairement » is signed by nobody."""
_CLOSING = [
    "tres cordialement",
    "amicalement",
    "sincerement",
    "respectueusement",
    "chaleureusement",
    "sincerely",
    "yours",
]
_AROUND = (_CLOSING, typed.COURTESY)
"""What may stand between what is said and the name."""
_ORDER = re.compile(r".*(?:ez|-moi)")
"""How a sentence begins that tells somebody to do something."""
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
    loud: bool = False
    """Whether it is all capitals, « DUPONT »; a letter alone is not."""

    @property
    def ends(self) -> bool:
        """Whether a sentence or a line ended before it."""
        return not set(self.parted) <= _SOFT


def unquoted(text: str) -> str:
    """Return a text without the lines that it quotes, as mail does."""
    return _QUOTED.sub("", text)


def first_lines(text: str, most: int = LOOKED) -> list[str]:
    """Return the first lines of a text that are not quoted, cleaned, of so many characters in all."""
    lines: list[str] = []
    for line in unquoted(text).splitlines():
        said = typed.clean(line)
        if len(said) > most:
            cut = None if any(lines) else _CUT.match(said[:most])
            return lines if cut is None else [*lines, cut[0]]
        lines.append(said)
        most -= len(said)
    return lines


def words_of(text: str) -> list[Word]:
    """Return the words of the first lines, each with what parts it from the one before, and an empty one at the end."""
    words: list[Word] = []
    parted, clauses = "", 0
    for line in first_lines(text):
        tokens = list(_TOKEN.finditer(line))
        for at, match in enumerate(tokens):
            word = "" if match["mark"] else match[0].rstrip(".:")
            said, dots = typed.fold(word), match[0][len(word) :]
            said = "résumé" if said == "resume" and not word.isascii() else said  # a summary
            if said:
                parted += "," if said in REASONS else ""
                clauses += bool(parted)
                if clauses > MOST:
                    return [*words, Word("", f"{parted}\n")]
                loud = len(word) > 1 and word.isupper()
                named = not word[:1].islower() and word not in ("À", "Ô")
                words.append(Word(said, parted or ("" if words else "\n"), named, loud))
                parted = ""
            after = typed.fold(tokens[at + 1][0]) if dots == "." and at + 1 < len(tokens) else ""
            if dots == "." and len(said) == 1 and said.isalpha():
                continue  # an initial
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


def clauses_of(words: list[Word]) -> list[tuple[int, int]]:
    """Return the clauses as (first, after): the words from `first`, before `after`."""
    starts = [at for at, word in enumerate(words[:-1]) if word.parted]
    return list(zip(starts, [*starts[1:], len(words) - 1], strict=False))


def joined(words: list[Word], first: int, last: int) -> str:
    """Return the words from `first`, before `last`, without the marks between them."""
    return " ".join(word.said for word in words[first:last]).strip()


def is_name(words: list[Word]) -> bool:
    """Tell whether words may be how somebody signs: « Jean DUPONT », « A. Martin ».

    In a text in capitals any words begin as names do: all capitals are none.
    """
    said = [word.said for word in words]
    if not 0 < len(words) <= _NAME or all(word.loud for word in words) or _ORDER.fullmatch(said[0]):
        return False
    if any(map(_LIMIT.fullmatch, said)):
        return False
    return all(word.named and not _NO_NAME.match(word.said) for word in words) and not dates.names_time(
        " ".join(said), barely=True
    )


def signed(text: str) -> list[str]:
    """Return the clauses of a text that has nothing behind the first one but thanks and a name; else nothing.

    The name stands on a line of its own, or behind thanks: « 9 h. Sous réserve » may be no name, whatever its words. What is
    asked or quoted is signed by nobody.
    """
    words = words_of(text)
    clauses = [joined(words, *place) for place in clauses_of(words)]
    told = [at for at, after in clauses_of(words) if typed.bare(joined(words, at, after), *_AROUND)]
    if told[:1] != [0] or len(told) < 2 or any({"?", '"'} & set(word.parted) for word in words):
        return []
    behind = [word for word in words[told[1] : -1] if typed.bare(word.said, *_AROUND)]
    thanks = behind[:1] != [words[told[1]]] or any(
        at < told[1] for at, _ in clauses_of(words) if at not in told
    )
    return clauses if (thanks or "\n" in words[told[1]].parted) and is_name(behind) else []
