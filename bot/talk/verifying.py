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
_SAYS = re.compile(r"\W*(?:v[eé]rifi[eé]r?|verify)\b[\s:,]*(.*)", re.IGNORECASE | re.DOTALL)


def argument(text: str) -> str:
    """Return what stands behind the command."""
    said = _SAYS.match(text)
    return said[1].strip() if said is not None else ""


def names_code(text: str) -> bool:
    """Tell whether a text without a mark is the command with a code: « vérifier les sources » is none."""
    first, _, rest = typed.clean(text).partition(" ")
    return typed.fold(first) in NAMES and codes.begins(rest.lstrip(" :"))


def command(turn: Turn) -> list[Message]:
    """Answer `verifier`: say what is known of a code. Nothing is kept of it, and the name on the paper is never said."""
    words = turn.words
    if turn.event.hurried:
        return says(words("verify.too_many"))
    asked = argument(turn.event.text)
    if not asked:
        return says(words("verify.how"))
    code, name = codes.read(asked)
    if not code:
        return says(words("verify.mistyped"))
    found = attestations.of_code(turn.tx, code)
    if found is None:
        return says(words("verify.unknown", lasts=paper.lasts(turn)))
    return says(
        Markdown("\n".join((_known(turn, found), _name(turn, found, code, name), words("verify.scope"))))
    )


def _known(turn: Turn, found: Attestation) -> Markdown:
    words, facts = turn.words, found.facts
    day = words.date(found.issued_at.astimezone(ZoneInfo(turn.schedule.time_zone)).date())
    path = words.plain(f"paper.path.{found.path}") if found.path in tuple(Role) else found.path
    try:
        first, last = (words.date(date.fromisoformat(facts[end])) for end in ("first", "last"))
        lessons, course = int(facts["lessons"]), str(facts["course"])
    except (LookupError, ValueError, TypeError):
        return words("verify.known.only", day=day, path=path)
    return words("verify.known", day=day, path=path, course=course, n=lessons, first=first, last=last)


def _name(turn: Turn, found: Attestation, code: str, name: str) -> Markdown:
    words = turn.words
    if not attestations.folded(name):
        return words("verify.no_name")
    return words("verify.name" if found.names(code, name) else "verify.other_name")
