# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What people write beside a request to pause: why, until when, thanks, a signature."""

from __future__ import annotations

import re
from datetime import date

from bot.talk import dates, phrases
from bot.talk.clauses import REASONS, Word, clauses_of, is_name, joined
from lessons import typed

NO_TIME = r"pas (?:(?:le |de |d')?(?:temps|dispo\w*|envie)|plus|avant)\b"
"""Why somebody pauses, which begins as a refusal does."""
_PERSONAL = re.compile(
    rf"{NO_TIME}|\bon (?:est|sera|part|verra|voit|repren\w*|ferme|n'a|a|se) "
    r"|\b(?:je|j|moi|me|m|mon|ma|mes|nous|notre|nos|vous|vos|votre|tu|i|my|we|our|you|your|merci"
    r"|absente?|conges?|malad\w+|surcharge|debordee?|trop de travail|busy|sick|bon|bonnes?|joyeu\w+|happy)\b"
)
"""Words of what people write beside a request; what has none of them may be about anything."""
_WORK = re.compile(
    r"\b(?:je|on|nous|i|we) (?:ne )?(?:relis\w*|relit|verifie\w*|controle\w*|colle\w*|previens|previent|demande\w*"
    r"|reflechi\w*|check|verify|reread|think)\b"
)
"""What people do with a text or a machine, and no reason for a pause."""
_REASON = re.compile(
    r"(?:je (?:suis|serai|n'ai|n'arrive|n'y arrive|pars|m'absente|ne (?:peux|suis))|j'ai|j'arrive|trop de|conge|vacances"
    r"|malad|debord|pas (?:le |de )|i'm\b|i am\b|i have\b|i don't\b|no time)"
)
"""How a clause begins that says why, before a mere « pause »."""
_OF_TIME = re.compile(
    r"(?:du|de|le|au|a|entre|from|until|jusqu|pendant|pour|for|retour|reprise|back|soit)\b|[0-9]"
)
"""How a clause begins that says when."""
SPEAKS = re.compile(
    r"\b(?:pauses?|breaks?|paused|conges?|vacances|absente?s?|holidays?|vacation|(?:on|my) leave|suspend\w*)\b"
)
"""Words of pauses and of holidays."""


def signs(words: list[Word], at: int, after: int) -> bool:
    """Tell whether a clause is a name; on the line of something else, a word alone is none: « Faire une pause. Relire. »."""
    return is_name(words[at:after]) and (after - at > 1 or "\n" in words[at].parted)


def leads(words: list[Word], at: int) -> bool:
    """Tell whether the clause before a request says until when, or why: « je reviens lundi, pause svp »."""
    start = max((place for place, _ in clauses_of(words) if place < at), default=at)
    said = joined(words, start, at)
    if _REASON.match(said) or (at - start <= 3 and typed.led(said, typed.GREETINGS) != said):
        return True
    return dates.until_of(joined(words, start, at), date.min, led=True) is not None


def is_beside(words: list[Word], at: int, after: int) -> bool:
    """Tell whether a clause is one that people write beside a request: why, until when, thanks, a signature."""
    said = joined(words, at, after)
    if _WORK.search(said):
        return False
    if not typed.bare(said, typed.COURTESY) or _PERSONAL.search(said) or words[at].said in REASONS:
        return True
    if (
        (_OF_TIME.match(said) and dates.names_time(said))
        or dates.may_end(said)
        or SPEAKS.search(said)
        or phrases.asks_for(said)
    ):
        return True
    last = "\n" in words[at].parted and after == len(words) - 1 and after - at <= 2
    return signs(words, at, after) or (last and not words[at].loud)
