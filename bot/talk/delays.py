# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Delays within a day as people type them: « plus tard », « dans une heure », « rappelle-moi à 14 h », "later at 2 pm"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from bot.talk import dates, hours, phrases
from lessons import numerals, typed

LONGEST = 160
"""Characters of a text that is read."""
_SHORTEST = 4
_WORDS = 9
"""Words of the longest hour or duration."""
NAMES = ("plustard", "later")
"""The command that takes an hour or a duration behind it."""
_ASKING = (*NAMES, "relance")


@dataclass(frozen=True, slots=True)
class Delay:
    """How something is put off; without minutes or hour, nothing was said about when."""

    minutes: int | None = None
    """From now."""
    hour: time | None = None
    exact: bool = True
    """Whether the hour is one of the morning or of the afternoon for sure: « 2 h » may be two in the afternoon."""
    at_least: bool = False
    """Whether it may come after the hour too: « pas ce matin »."""
    other_day: bool = False
    unread: bool = False
    """Whether something was said about when that cannot be read: « plus tard après ma réunion »."""


_PART = re.compile(
    r"(?:(?P<morning>ce matin|dans la matinee|this morning)"
    r"|(?P<later>cet(?:te)? (?:apres midi|aprem)|(?:dans )?l'(?:apres midi|aprem)|this afternoon|in the afternoon"
    r"|ce soir|dans la soiree|this evening|tonight|in the evening)"
    r"|aujourd'hui|dans la journee|today|ce jour)\b,? *"
)
_NAMED = {
    **dict.fromkeys(("ce midi", "at lunch", "at lunchtime", "a l'heure du dejeuner"), time(12)),
    **dict.fromkeys(
        ("apres le dejeuner", "apres dejeuner", "apres manger", "apres le repas", "after lunch"), time(13, 30)
    ),
    **dict.fromkeys(("cet apres midi", "cette apres midi", "dans l'apres midi", "l'apres midi"), time(14)),
    **dict.fromkeys(("cet aprem", "cette aprem", "dans l'aprem", "l'aprem"), time(14)),
    **dict.fromkeys(("this afternoon", "in the afternoon"), time(14)),
    **dict.fromkeys(
        ("en fin d'apres midi", "en fin de journee", "fin de journee", "at the end of the day"), time(17)
    ),
    **dict.fromkeys(("ce soir", "dans la soiree", "this evening", "tonight", "in the evening"), time(18)),
    **dict.fromkeys(
        ("dans la matinee", "en fin de matinee", "fin de matinee", "ce matin", "this morning"), time(11)
    ),
}
_SOMETIME = re.compile(
    r"tout a l'heure|tantot|(?:dans|in) (?:un (?:petit )?moment|un instant|a (?:little )?while|a moment|la journee)"
    r"|aujourd'hui|dans la journee|today|in the day|d'ici ce soir"
)
_OTHER_DAY = re.compile(
    rf"(?:(?:le|on|pour|for|des|a partir de) )?(?:demain|tomorrow|apres demain|the day after tomorrow"
    rf"|(?:next |this )?(?:{'|'.join(sorted(dates.WEEKDAYS))})|(?:la )?semaine prochaine|next week"
    r"|(?:ce |le )?week ?end|(?:at )?(?:the |this )?weekend|un autre jour|another day)"
    r"(?: (?:prochaine?|matin|soir|midi|apres midi|morning|afternoon|evening|noon|qui vient|des|vers|a|at|around|by"
    r"|[0-9]{1,2} ?(?:h|heures?|am|pm)?(?: ?[0-9]{2})?))*"
)
_ALONE = re.compile(
    r"demain|tomorrow|(?:(?:je n'ai|j'ai|i have|i've) )?(?:pas|no|not) (?:le temps |time )?(?:aujourd'hui|today)"
)
"""What says without any other word that it is not for today."""
_NOT_MORNING = re.compile(
    r"(?:(?:je n'ai|j'ai|i have|i've) )?(?:pas|no|not) (?:le temps |time )?(?:ce matin|this morning)"
)
_IN = re.compile(r"(?:dans|ds|in)(?: (?:environ|a peu pres|about|around|encore|another))? ")
_BY = re.compile(
    r"(?P<lead>d'ici a |d'ici |apres |after |d'|de |by |pour |for |)(?:(?:environ|about|encore|another) )?"
)
"""What may stand before a duration, or before an hour."""
_UNIT = re.compile(r"heure|hour|minute|(?:h|hrs?|mins?|mn|m)(?![a-z])")
_HOURS = re.compile(r"(?P<hours>[0-9]{1,2}|[a-z]+(?: [a-z]+)?) ?(?P<unit>heures?|h)(?![a-z])")
_LATER_BY = re.compile(r"(?P<length>.+) (?:plus? ?tards?|later)")
_FROM = re.compile(r"entre |between |de |from |[0-9]")
_WITHIN = ("d'ici ", "apres ", "after ")
_DURATION = ("d'", "de ")
"""Behind these stands no hour: « repousse de 2 h »."""
_NOON = 12
_HOURS_AND = re.compile(
    r"(?P<hours>[0-9]{1,2}|[a-z]+(?: [a-z]+)?) ?(?:heures?|hours?|hrs?|h)(?: ?(?:et |and )?"
    r"(?P<minutes>[0-9]{1,2}|[a-z]+(?: [a-z]+){0,3}?)(?: ?(?:minutes?|mins?|mn|m))?)?"
)
_MINUTES = re.compile(r"(?P<minutes>[0-9]{1,4}|[a-z]+(?: [a-z]+){0,3}?) ?(?:minutes?|mins?|mn|m)")
_DAYS = re.compile(r"(?:[0-9]{1,3}|[a-z]+(?: [a-z]+)?) (?:jours?|semaines?|mois|days?|weeks?|months?)")
_FRACTIONS = {
    **dict.fromkeys(
        ("une demi heure", "une petite demi heure", "demi heure", "half an hour", "a half hour"), 30
    ),
    **dict.fromkeys(
        ("un quart d'heure", "un petit quart d'heure", "quart d'heure", "a quarter of an hour"), 15
    ),
    **dict.fromkeys(("trois quarts d'heure", "trois quart d'heure", "three quarters of an hour"), 45),
    **dict.fromkeys(("une petite heure", "une bonne heure"), 60),
    **dict.fromkeys(("quelques minutes", "a few minutes"), 10),
    **dict.fromkeys(("quelques heures", "a few hours", "a couple of hours", "une heure ou deux"), 120),
    **dict.fromkeys(("an hour and a half", "one and a half hours", "une heure et demie"), 90),
}
_PARTS_OF_HOUR = {
    "demi": 30,
    "demie": 30,
    "half": 30,
    "a half": 30,
    "quart": 15,
    "quarter": 15,
    "a quarter": 15,
}
_HALVES = re.compile(r"(?<![a-z])(?:am|a\.m|pm|p\.m|matin|mat|soir|apres midi|morning|afternoon|evening)\b")
_AT = re.compile(
    r"(?:a partir de|pas avant|not before|jusqu'a|jusque|until|till|d'ici a|d'ici|a|at|vers|around|about|by|to|pour|for|des"
    r"|from|apres|after) "
)
_ASKED = r"(?:un peu )?(?:plus? ?tard|later|rappel|remind|pas maintenant|not now)"
_LEAD = re.compile(
    r"(?:(?:ok|okay|d'accord|bon|non|no|finalement|plutot|peut[ -]etre|maybe|perhaps|actually)\b[,.]? +)+"
    rf"(?={_ASKED})"
    r"|(?:(?:je suis|i'm|i am) |busy|occupee?|en reunion|in a meeting|j'ai (?:une |un )?(?:reunion|rendez|rdv|appel)"
    rf"|i have a (?:meeting|call))[^,.;:!]{{0,40}}[,.;:!]+ +(?={_ASKED})"
)
"""What people say before they put something off: « finalement », « je suis en réunion, »."""
_TRAIL = re.compile(r",? +(?:plutot|finalement|si possible|instead|if possible)$")
_NO_TIME = re.compile(r"(?:temps|time)$")
_UNREAD = re.compile(
    r"(?:plus? ?tards?|later|rappell?e[sz]? moi|remind me),? "
    r"(?:[0-9]|(?:a|at|vers|apres|after|dans|ds|in|d'ici|des|quand|when|avant|before|entre|between|cet|cette|ce soir"
    r"|ce midi|this|by|around|pour|for|jusqu'a|until|en fin|si|if|once)\b(?! qu[aeio])"
    r"|une fois)[^,.;:!]*"
)
_UNREAD_WORDS = 8


def delay_of(text: str) -> Delay | None:
    """Read a text that puts something off, and says nothing else; nothing for any other text."""
    if not _SHORTEST <= len(text) <= LONGEST:
        return None
    whole = _TRAIL.sub("", _LEAD.sub("", typed.bare(text, typed.COURTESY).lstrip("/!"), count=1))
    said = whole.split(" ")
    if _ALONE.fullmatch(whole):
        return Delay(other_day=True)
    if phrases.asks_for(whole) in NAMES or whole in NAMES:
        return Delay()
    for at in range(max(0, len(said) - _WORDS), len(said)):
        found = _behind(" ".join(said[:at]), " ".join(said[at:]))
        if found is not None:
            return found
    asks = _UNREAD.fullmatch(whole.replace("-", " "))
    return Delay(unread=True) if asks and len(said) <= _UNREAD_WORDS else None


def _behind(before: str, rest: str) -> Delay | None:
    """Read when something is put off to, behind what asks for it; a duration asks for it by itself."""
    if not before:  # « dans une heure » alone
        found = _when(rest)
        return found if found and (found.minutes is not None or found.at_least) else None
    minutes, found = _length(_plain(rest)), _when(rest)
    if minutes is None and found is None:
        return None
    asks = before if before in NAMES else phrases.asks_for(before)
    if _NO_TIME.search(before):  # « pas le temps ce soir » asks for no evening
        return None
    if asks in NAMES:
        return found if minutes is None else Delay(minutes=minutes)
    led = minutes is None or _plain(rest).startswith(_WITHIN)  # « je lis une heure » puts nothing off
    return found if asks in _ASKING and led and not rest[0].isdigit() else None


def _plain(said: str) -> str:
    return re.sub(r"[-,]+ *| {2,}", " ", said).strip()


def _when(rest: str) -> Delay | None:
    """Read when something is put off to."""
    said = _plain(rest)
    if _SOMETIME.fullmatch(said):
        return Delay()
    if said in _NAMED:
        return Delay(hour=_NAMED[said])
    if _NOT_MORNING.fullmatch(said):
        return Delay(hour=time(12), at_least=True)
    if (later := _LATER_BY.fullmatch(said)) is not None:
        minutes = _minutes(later["length"])
        return None if minutes is None else Delay(minutes=minutes)
    if (lead := _IN.match(said)) is not None:
        length = said[lead.end() :]
        if (minutes := _minutes(length)) is not None:
            return Delay(minutes=minutes)
        if _DAYS.fullmatch(length):
            return Delay(other_day=True)
    if said.startswith(_WITHIN):
        if (minutes := _length(said)) is not None:
            return Delay(minutes=minutes)
        if _DAYS.fullmatch(said.split(" ", 1)[1].removeprefix("a ")):
            return Delay(other_day=True)
    if _OTHER_DAY.fullmatch(said):
        return Delay(other_day=True)
    part = _PART.match(said)
    clock = said[part.end() :] if part else said
    if (lead := _AT.match(clock)) is not None:
        clock = clock[lead.end() :]
    hour = hours.hour_of(clock) if clock else ""
    if not hour and _FROM.match(clock):  # « entre 14 h et 15 h »
        hour = (hours.span_of(clock) or "").partition("-")[0]
    if not hour:
        return None
    at = time.fromisoformat(hour)
    if part is not None and part["later"] and at.hour < 12:
        at = at.replace(hour=at.hour + 12)
    exact = (
        bool(_HALVES.search(said)) or bool(part and (part["morning"] or part["later"])) or at.hour in (0, 12)
    )
    return Delay(hour=at, exact=exact)


def _length(said: str) -> int | None:
    """Read a duration behind « plus tard », « de » or « après », where « 10 h » and « 14 heures » are hours of the day."""
    if not _UNIT.search(said):
        return None
    lead = _BY.match(said)
    before, length = ("", said) if lead is None else (lead["lead"], said[lead.end() :])
    minutes = _minutes(length)
    if minutes is None or before in _DURATION or (clock := _HOURS.match(length)) is None:
        return minutes
    number = _number(clock["hours"])
    if clock["unit"] == "h" or (number or 0) >= _NOON or (number != 1 and before == "apres "):
        return None
    return minutes


def _minutes(length: str) -> int | None:
    """Read a duration of minutes and hours."""
    if length in _FRACTIONS:
        return _FRACTIONS[length]
    if (said := _MINUTES.fullmatch(length)) is not None:
        return _number(said["minutes"])
    if (said := _HOURS_AND.fullmatch(length)) is None:
        return None
    number, more = _number(said["hours"]), said["minutes"]
    part = 0 if more is None else _PARTS_OF_HOUR.get(more, _number(more))
    return None if number is None or part is None else 60 * number + part


def _number(said: str) -> int | None:
    if said.isdigit():
        return int(said)
    return 1 if said in ("a", "an") else numerals.number_of(said.split(" "))
