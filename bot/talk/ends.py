# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What may be the end of a pause from a word of a text on, across brackets and lines, up to a reason or a signature."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.talk import dates
from bot.talk.clauses import Word, joined
from lessons import typed

LONGEST = 12
"""Words of the longest end."""
_TAIL = re.compile(
    r"(?:mini(?:mum)?|maxi(?:mum)?|min|max|environ|a peu pres|(?:au|a) (?:moins|plus(?: tard)?)|at (?:least|most)|or so"
    r"|si possible|(?:pour(?: cause de)?|en|for) (?:les |mes |la |my )?(?:conges?|vacances|maladie|formation|deplacement"
    r"|fetes|leave|holidays?|vacation)(?: \w+)?|je (?:suis|pars|serai|reviens)\b.*|i(?:'m| am)\b.*)"
)
"""What may follow an end without a mark."""


_NOW = re.compile(
    r"(?:des )?(?:aujourd'hui|today|ce (?:matin|midi|soir|jour)|cet apres[- ]midi|tonight|this (?:morning|afternoon|evening)"
    r"|(?:(?:dans la )?journee)|cette semaine|this week|ce mois(?:[- ]ci)?|this month)"
)
"""The day of a return that is today's, or soon: it is no time to wait for."""


_TODAY = re.compile(r"\b(?:ce jour|aujourd'hui|maintenant|today|now)\b")


def beside(words: list[Word], at: int, *, back: bool = False) -> Iterator[str]:
    """Yield what can be read as an end from a word on, the longest first: in its sentence, else in the next one too."""
    stops = [place for place in range(at + 1, min(at + LONGEST, len(words) - 1) + 1) if words[place].ends]
    most = min(at + LONGEST, len(words) - 1)
    first, second = [*stops, most, most][:2]
    # « pause 5 janvier »: in a sentence of its own a mere date may be when the pause begins.
    mere = back or not words[at].ends
    for last in (*range(min(first, most), at, -1), *range(min(second, most), first, -1)):
        said = joined(words, at, last)
        if day_of(said, date.min, back=back) is None:
            continue
        stands = words[last].parted or _may_follow(words, last)
        if stands and (mere or dates.until_of(said, date.min, led=True) is not None):
            yield said


def _may_follow(words: list[Word], at: int) -> bool:
    """Tell whether what follows an end without a mark is a reason, a courtesy or a name: « jusqu'au 5 janvier Jean »."""
    after = at
    while after < len(words) - 1 and (after == at or not words[after].parted):
        after += 1
    rest = typed.bare(joined(words, at, after), typed.COURTESY)
    if not rest or _TAIL.fullmatch(rest):
        return True
    named = all(word.named for word in words[at:after]) and after - at <= 4
    return named and not dates.names_time(rest, barely=True)


def is_today(said: str) -> bool:
    """Tell whether the day of a return is today, or so soon that there is nothing to wait for: « ce soir »."""
    return _NOW.fullmatch(said) is not None


def day_of(said: str, today: date, *, back: bool = False) -> date | None:
    """Read an end; `back`: the day of a return, « reprendre lundi »."""
    if back and is_today(said):
        return today
    day = dates.until_of(said, today)
    if day is None and back:
        day = dates.until_of(f"jusqu'a {typed.led(said, ['dans', 'des', 'in', 'from', 'le'])}", today)
    return day


def weekday_of(text: str) -> int | None:
    """Return the day of the week that a text names, Monday as 0; nothing when it names none, or several."""
    named = {dates.WEEKDAYS[word] for word in typed.words(text) if word in dates.WEEKDAYS}
    return named.pop() if len(named) == 1 else None


def begins_now(said: str, today: date) -> bool:
    """Tell whether a clause says that something begins today: « à compter de ce jour », « du lundi 23 au lundi 30 »."""
    rest = typed.led(
        said, ["a", "partir", "compter", "du", "de", "des", "le", "from", "starting", "beginning", "as", "of"]
    )
    dated = re.match(rf"(?:(?:{'|'.join(dates.WEEKDAYS)}) )?{today.day} (?:au|to|until|jusqu)\b", rest)
    return bool(_TODAY.search(said) or dated) or any(
        dates.until_of(" ".join(rest.split(" ")[:many]), today) == today for many in range(1, 5)
    )
