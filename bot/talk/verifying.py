# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The verification of an attestation by its code, for anybody: known or not, what it attests, whether a name matches."""

from __future__ import annotations

import re
from datetime import date
from zoneinfo import ZoneInfo

from bot import codes
from bot.messages import Message
from bot.talk import paper
from bot.talk.turn import Turn, says
from bot.wording import Markdown
from lessons import typed
from lessons.curriculum import Role
from storage import attestations
from storage.attestations import Attestation

NAMES = ("verifier", "verify")
_SAYS = re.compile(r"\b(?:v[eé]rifi(?:er|[eé]z?)|verify)\b", re.IGNORECASE)
_FILLERS = frozenset(
    {
        *("le", "la", "ce", "cet", "cette", "son", "sa", "mon", "ma", "une", "l", "d", "de", "du", "au"),
        *("nom", "code", "attestation", "puis", "pour"),
        *("the", "this", "its", "my", "an", "of", "then", "name", "for", "with"),
    }
)
"""What people write around the code and the name, as the paper speaks of them."""
_WORD = re.compile(r"(?<![\w-])\w")
_LONGEST = 400
"""Characters of a text in which a code is looked for."""
_WORDS, _CODE = 60, 64
"""Words at which a code may begin, and characters that it may take, with what stands between its groups."""


def _bare(text: str) -> str:
    """Return a text without quotation marks."""
    return typed.clean(text[:_LONGEST])[:_LONGEST].replace('"', " ")  # one sign may become eighteen


def _read(said: str) -> tuple[str, str]:
    """Return what a text has from the code on, and what stands before that: « l’attestation de Zoé Le Goff 7K3M-… »."""
    words = [word.start() for word in _WORD.finditer(said)][:_WORDS]
    found = next((at for at in words if _begins_right(said[at : at + _CODE])), None)
    if found is None:  # mistyped, perhaps
        found = next((at for at in words if not _begins_with_filler(said[at : at + _CODE])), len(said))
    return said[found:], said[:found]


def _begins_right(said: str) -> bool:
    return codes.begins(said) and bool(codes.read(said)[0])


def _begins_with_filler(said: str) -> bool:
    return re.split(r"\W", said, maxsplit=1)[0].casefold() in _FILLERS


def names_code(text: str) -> bool:
    """Tell whether a text without a mark is the command with a code: « vérifier les sources » is none.

    A text that begins otherwise is one where its code is right: « Merci de vérifier 7K3M-… ».
    """
    said = _bare(text)
    asks = _SAYS.search(said)
    if asks is None:
        return False
    code, _ = _read(said[asks.end() :])
    begins = not said[: asks.start()].strip(" .,:;'")
    return codes.begins(code) if begins else _begins_right(code)


def command(turn: Turn) -> list[Message]:
    """Answer `verifier`: say what is known of a code. Nothing is kept of it, and the name on the paper is never said."""
    words = turn.words
    said = _bare(turn.event.text)
    asks = _SAYS.search(said)
    asked, before = _read(said[asks.end() :] if asks else "")
    if not asked:
        return says(words("verify.how"))
    code, behind = codes.read(asked)
    if not code:
        return says(words("verify.mistyped"))
    if turn.event.hurried:
        return says(words("verify.too_many"))
    found = attestations.of_code(turn.tx, code)
    if found is None:
        return says(words("verify.unknown", lasts=paper.lasts(turn)))
    return says(
        Markdown(
            "\n".join(
                (
                    _known(turn, found),
                    _name(turn, found, code, behind if attestations.folded(behind) else before),
                    words("verify.scope"),
                )
            )
        )
    )


def _known(turn: Turn, found: Attestation) -> Markdown:
    words, facts = turn.words, found.facts
    day = words.date(found.issued_at.astimezone(ZoneInfo(turn.schedule.time_zone)).date())
    path = words.plain(f"paper.path.{found.path}") if found.path in tuple(Role) else found.path
    try:
        first, last = (date.fromisoformat(facts[end]) for end in ("first", "last"))
        lessons, course = int(facts["lessons"]), str(facts["course"])
    except (LookupError, ValueError, TypeError):
        return words("verify.known.only", day=day, path=path)
    period = paper.period(words, first, last)
    return words("verify.known", day=day, path=path, course=course, n=lessons, period=period)


def _name(turn: Turn, found: Attestation, code: str, name: str) -> Markdown:
    words, given = turn.words, [name]
    while _begins_with_filler(name := name.lstrip(" ,;:.'-")) and name:
        name = re.sub(r"^\w*", "", name)  # « puis Zoé »; and a name may begin with a filler: « Le Goff »
        given.append(name)
    if not attestations.folded(given[-1]):
        return words("verify.no_name")
    matches = any(attestations.folded(one) and found.names(code, one) for one in given)
    return words("verify.name" if matches else "verify.other_name")
