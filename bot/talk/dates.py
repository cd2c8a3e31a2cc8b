# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Dates and durations as people type them: « jusqu'au 5 janvier », « deux semaines », "until next Monday"."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta

from lessons import numerals, typed

_MONTHS = (
    *("janvier|janv|january|jan", "fevrier|fevr|fev|february|feb", "mars|march|mar", "avril|avr|april|apr"),
    *("mai|may", "juin|june|jun", "juillet|juil|july|jul", "aout|august|aug"),
    *(
        "septembre|sept|sep|september",
        "octobre|oct|october",
        "novembre|nov|november",
        "decembre|dec|december",
    ),
)
_MONTH_OF = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split("|")}
_WEEK = (
    *("lundi|monday", "mardi|tuesday", "mercredi|wednesday", "jeudi|thursday", "vendredi|friday"),
    *("samedi|saturday", "dimanche|sunday"),
)
_WHOLE = ("mars", "march", "avril", "april", "mai", "may", "juin", "june", "july", "aout")
_WISHES = re.compile(
    rf"(?<![\w'-])(?:a (?:{'|'.join(_WEEK)}|demain)|bon week-?end|bonne (?:semaine|annee|journee))\b"
)
"""What people wish at the end of a message: no time of anything."""
_WEEKDAY_OF = {name: number for number, names in enumerate(_WEEK) for name in names.split("|")}


def _any(names: dict[str, int]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


_MONTH, _WEEKDAY = rf"(?P<month>{_any(_MONTH_OF)})\.?", rf"(?P<weekday>{_any(_WEEKDAY_OF)})"
_WORDS = r"[a-z]+(?:[ -][a-z]+){0,3}?"
_DAY = rf"(?:(?P<day>[0-9]{{1,2}})(?:er|st|nd|rd|th)?|(?P<spelled>{_WORDS}))"
_YEAR = r"(?:,? (?P<year>[0-9]{4}))?"
_PART_OF_MONTH = (
    r"mi[- ]|mid[- ]|fin (?:de |d')?|early |end of |debut (?:du mois )?(?:de |d')?|mois (?:de |d')"
)
_YEARS = "[0-9]{4}|[0-9]{2}"
_NEXT = r"(?: prochaine?| suivante?| qui vient)?"
_UNITS = r"jours?|jrs?|journees?|days?|semaines?|sem\.?|weeks?|wks?|mois|months?|ans?|annees?|years?"
_WORD = r"(?:[0-9]{1,3}|[a-z]+)"
_NUMBER = rf"(?P<number>[0-9]{{1,3}}|{_WORDS})"
_UNIT = rf"(?P<unit>{_UNITS})"
_UNTIL = re.compile(
    r"(?:jusqu(?:'|e)? ?|until |till |til |(?P<through>through |thru )|to |(?:je (?:reviens|rentre|reprends"
    r"|(?:reviendrai|rentrerai|reprendrai))|(?:je serai )?(?:de |mon )?retour|reprise"
    r"|(?:i'm |i am |i'll be |i will be )?(?:back|returning))(?: on)? )"
    r"(?:a |au |aux |en |le |la |les |l'|the |ce |cette |this |on |(?:mon |ma |my )?(?:retour|reprise|return) )*"
)
"""What leads to the day of the return."""
_FOR = re.compile(r"(?:(?:pendant|pour|durant|encore|prolong\w*|extend|for|by|de|the|les|next|another) |d')*")
"""What leads to how long it lasts."""
_WHY = (
    r"(?:conges?|vacances|absente?s?|arret|repos|rtts?|formation|deplacement|mission|malade|maladie|away|leave|holidays?"
    r"|vacation|off|sick|out of (?:the )?office)"
    r"(?: (?:maladie|maternite|paternite|annuels?|parental|de travail|du (?:bureau|travail)|leave"
    r"|from (?:work|the office)))?"
)
_AWAY = re.compile(
    r"(?:(?:je (?:suis|serai|pars)|je m'absente|j'ai|nous sommes|on est|i'm|i am|i'll be|i will be|we are) )?"
    rf"(?:(?:(?:en|on|des|un|une|mes|mon|de|my|a) )*{_WHY}(?:[ ,:]+|$)|(?<=je pars )|(?<=je m'absente ))"
)
"""Why somebody makes a pause, before until when: nothing about anybody else."""
_FOR_WHY = re.compile(rf",? (?:(?:en|on|pour|for|de|mes|des|my) )+{_WHY}$")
_ROUGH = re.compile(
    r"^(?:(?:au moins|at least|environ|about) )|,? (?:au moins|minimum|environ|si possible|at least|or so|if possible)$"
)
_INCLUDED = re.compile(r",? (?:y )?(?:incluse?|comprise?|included|inclusive)$")
_PART = re.compile(
    r",? (?:(?:au|le|dans la|in the|a|at|vers|des) )?"
    r"(?:(?P<early>matin|matinee|morning|(?:0?[0-9]|1[01]) ?(?:h|:|am)(?: ?[0-5][0-9])?)"
    r"|midi|noon|apres-midi|afternoon|soir|soiree|evening|night|minuit|midnight|(?:1[2-9]|2[0-3]) ?[h:](?: ?[0-5][0-9])?"
    r"|[0-9]{1,2} ?pm)$"
)
"""The part of a day. A pause until noon, or later, leaves out the lesson of that day."""
_UNREAD = (
    r"(?:(?:grandes? |prochaines? |fin des? |end of |apres |after |les |the )*(?:vacances|conges?|rentree|fetes?|noel|paques"
    r"|toussaint|nouvel an|ete|hiver|printemps|automne|carnaval|holidays?|vacation|leave|christmas|easter|new year|summer"
    r"|winter|spring|autumn)(?: (?:scolaires?|d'ete|d'hiver|de \w+|prochaine?s?))?"
    r"|(?:mon |ma |my )?(?:retour|reprise|return)|nouvel ordre|further notice|plus tard|later|i'm back|i am back"
    r"|(?:quelques|plusieurs|a few|several|a couple of) (?:jours|semaines|mois|days|weeks|months))"
)
_LEADS = r"(?:jusqu(?:'|e)? ?|(?:until|till?|through|thru) )"
_VAGUE = re.compile(
    rf"(?:{_LEADS}|(?:pendant|durant|for|pour|over|during) )?(?:(?:a|au|aux|en|le|la|les|the|mes|mon|ma|my) |l')*{_UNREAD}"
    rf"|{_LEADS}(?:(?:a|au|aux|en|le|la|les|the) |l')*(?:[0-9][0-9:./-]*|{_any(_MONTH_OF)}|{_any(_WEEKDAY_OF)})"
    rf"(?: (?:h|[0-9]\S*|[a-z]?eme|vers|{_any(_MONTH_OF)}|prochaine?|suivant|en huit|en quinze|heures?|jours?|days?"
    rf"|(?:ou|or) {_WORD})){{0,4}}"
    rf"|{_LEADS}(?:au|the) [0-9]{{1,2}}(?:er|th)? [a-z]+"
    rf"|(?:pendant|durant|for|pour) (?:la |les |the )?(?:[0-9]{{1,4}}|{_WORDS}) (?:{_UNITS}|h|heures?|hours?|minutes?)"
    rf"|(?:de |d')?{_WORD}(?: (?:ou|a|or|to) {_WORD})? (?:{_UNITS})(?: (?:et demie?|and a half|ou [a-z]+|or [a-z]+))"
    rf"|(?:de |d')?{_WORD} (?:ou|a|or|to) {_WORD} (?:{_UNITS})"
)
"""An end that may be meant and is not read: « jusqu'à la rentrée », « jusqu'au 31/02 ». No purpose: « pour vérifier »."""
_TIME = (
    rf"(?:[0-9]{{1,2}}[/.][0-9]{{1,2}}\b|[0-9]{{4}}-[0-9]|\b(?:{_any(_MONTH_OF)}|{_any(_WEEKDAY_OF)}|demain|tomorrow"
    rf"|week-?end|(?:[0-9]+ ?|[a-z]+ )(?:{_UNITS}))\b)"
)
_DAY_OR_DURATION = re.compile(_TIME)
_TIMES = re.compile(
    rf"{_TIME}|[0-9]|\b(?:{_UNITS}|jusqu\w*|until|till?|avant|apres|retour|rentree|vacances|before|after|back|quinzaine"
    r"|fortnight|aujourd'hui|today|tonight|soir|evening|journee|noel|fetes?|ete|hiver|paques|christmas|easter|summer|winter)\b"
)
_STARTS = re.compile(
    r"\b(?:a partir|a compter|des|dans|du|from|starting|as of|je pars|le|on|in|demain|tomorrow"
    rf"|(?:{_any(_WEEKDAY_OF)})|(?:semaine|mois|week|month)s? prochaine?|next)\b"
)


def _in_days(said: re.Match[str], today: date) -> date | None:
    number = int(said["number"]) if said["number"].isdigit() else _spelled(said["number"])
    if not number or number > 999:
        return None
    match said["unit"][0]:
        case "j" | "d":
            return today + timedelta(days=number)
        case "s" | "w":
            return today + timedelta(weeks=number)
        case unit:
            month = today.month - 1 + (number if unit == "m" else 12 * number)
            return _exists(today.year + month // 12, month % 12 + 1, today.day, clip=True)


def _spelled(text: str) -> int | None:
    return 1 if text in ("a", "an") else numerals.number_of(re.split("[ -]", text))


def _exists(year: int, month: int, day: int, *, clip: bool = False) -> date | None:
    if not (1 <= month <= 12 and date.min.year <= year < date.max.year):
        return None
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(day, last) if clip else day) if clip or 1 <= day <= last else None


def _next(today: date, month: int, day: int) -> date | None:
    """Return the first such day from today on; 29 February may be years away."""
    years = (_exists(year, month, day) for year in range(today.year, min(today.year + 9, date.max.year)))
    return next((at for at in years if at is not None and at >= today), None)


def _day_of(said: re.Match[str]) -> int:
    if said["day"]:
        return int(said["day"])
    if said["spelled"] in ("a", "an"):  # a number before a unit only: « jusqu'à »
        return 0
    return 1 if said["spelled"] in ("premier", "first") else _spelled(said["spelled"]) or 0


def _on_day(said: re.Match[str], today: date) -> date | None:
    month, day = _MONTH_OF[said["month"]], _day_of(said)
    return _exists(int(said["year"]), month, day) if said["year"] else _next(today, month, day)


def _on_day_of_month(said: re.Match[str], today: date) -> date | None:
    day, weekday = _day_of(said), said["weekday"]
    months = (
        _exists(today.year + (today.month - 1 + more) // 12, (today.month - 1 + more) % 12 + 1, day)
        for more in range(12 if weekday else 3)
    )
    fitting = (
        at for at in months if at is not None and (not weekday or at.weekday() == _WEEKDAY_OF[weekday])
    )
    return next((at for at in fitting if at >= today), None)


def _in_figures(said: re.Match[str], today: date) -> date | None:
    month, day, year = int(said["month"]), int(said["day"]), said["year"]
    if year:
        return _exists(int(year) if len(year) == 4 else 2000 + int(year), month, day)
    return _next(today, month, day)


def _iso(said: re.Match[str], _today: date) -> date | None:
    return _exists(int(said["year"]), int(said["month"]), int(said["day"]))


def _on_weekday(said: re.Match[str], today: date) -> date:
    return today + timedelta(days=(_WEEKDAY_OF[said["weekday"]] - today.weekday() - 1) % 7 + 1)


def _monday(_said: re.Match[str], today: date) -> date:
    return today + timedelta(days=7 - today.weekday())


def _first_of_month(_said: re.Match[str], today: date) -> date | None:
    return _exists(today.year + today.month // 12, today.month % 12 + 1, 1)


def _within_month(said: re.Match[str], today: date) -> date | None:
    month = _MONTH_OF[said["month"]]
    if said["year"]:
        year = int(said["year"])
        if not date.min.year <= year < date.max.year - 1:
            return None
        today = date(year, month, 1)
    match (said["part"] or "").split():
        case ["fin" | "end", *_]:
            return _next(today + timedelta(days=1), month % 12 + 1, 1)
        case ["mi" | "mi-" | "mid" | "mid-", *_]:
            return _next(today, month, 15)
        case _:
            return _next(today, month, 1)


_Reader = Callable[[re.Match[str], date], date | None]
_LASTS: tuple[tuple[str, _Reader], ...] = (
    (
        r"(?:une )?quinzaine(?: de jours)?|a fortnight",
        lambda _said, today: today + timedelta(days=14),
    ),
    (r"une dizaine de jours", lambda _said, today: today + timedelta(days=10)),
    (
        rf"{_NUMBER} (?:prochaine?s |next |more |autres? )?{_UNIT}(?: de plus| supplementaires?| more)?",
        _in_days,
    ),
    (rf"(?P<number>[0-9]{{1,3}}) ?(?P<unit>{_UNITS}|j|d|w)", _in_days),
    (
        r"(?P<number>24|48|72) ?(?:h|heures|hours)",
        lambda said, today: today + timedelta(hours=int(said["number"])),
    ),
    (r"aujourd'hui|today|la journee|the day", lambda _said, today: today + timedelta(days=1)),
    (r"cette semaine|this week", _monday),
    (r"ce mois(?:[- ]ci)?|this month", _first_of_month),
)
_DATES: tuple[tuple[str, _Reader], ...] = (
    (rf"(?:{_WEEKDAY},? (?:le |the )?)?{_DAY}\.? (?:of )?{_MONTH}{_YEAR}{_NEXT}", _on_day),
    (rf"(?:{_WEEKDAY},? )?{_MONTH} {_DAY}{_YEAR}", _on_day),
    (
        rf"(?:le )?(?:{_WEEKDAY},? )?(?P<day>[0-9]{{1,2}})[/.](?P<month>[0-9]{{1,2}})(?:[/.](?P<year>{_YEARS}))?",
        _in_figures,
    ),
    (rf"(?P<day>[0-9]{{1,2}})-(?P<month>[0-9]{{1,2}})(?:-(?P<year>{_YEARS}))?", _in_figures),
    (r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})", _iso),
)
_DAYS: tuple[tuple[str, _Reader], ...] = (
    (rf"(?:next )?{_WEEKDAY}(?: prochain| qui vient)?", _on_weekday),
    (r"aujourd'hui|today", lambda _said, today: today),
    (r"demain(?: matin)?|tomorrow", lambda _said, today: today + timedelta(days=1)),
    (r"soir|tonight|evening", lambda _said, today: today + timedelta(days=1)),
    (r"apres[- ]demain|day after tomorrow", lambda _said, today: today + timedelta(days=2)),
    (rf"(?:{_WEEKDAY},? (?:le |the )?)?{_DAY}", _on_day_of_month),
)
_PERIODS: tuple[tuple[str, _Reader], ...] = (
    (r"week-?end", lambda _said, today: today + timedelta(days=(4 - today.weekday()) % 7 + 1)),
    (
        r"semaine prochaine|next week|fin de (?:la |cette )?semaine|end of (?:the|this) week|fin du week-?end",
        _monday,
    ),
    (
        r"fin de (?:la )?semaine prochaine|end of next week",
        lambda said, today: _monday(said, today) + timedelta(days=7),
    ),
    (r"mois prochain|next month|fin (?:du|de ce) mois|end of (?:the|this) month", _first_of_month),
    (
        r"fin (?:du|de) mois prochain|end of next month",
        lambda said, today: _first_of_month(said, _first_of_month(said, today) or today),
    ),
    (
        r"annee prochaine|(?:l')?an prochain|next year|fin (?:de (?:l'|cette )|d')an(?:nee)?|end of (?:the|this) year",
        lambda _said, today: _exists(today.year + 1, 1, 1),
    ),
    (
        rf"(?P<part>{_PART_OF_MONTH})?{_MONTH}{_YEAR}{_NEXT}",
        _within_month,
    ),
    (r"(?P<year>20[0-9]{2})", lambda said, _today: date(int(said["year"]), 1, 1)),
)
_LASTING, _DATED, _DAILY, _PERIODIC = (
    [(re.compile(pattern), reader) for pattern, reader in group]
    for group in (_LASTS, _DATES, _DAYS, _PERIODS)
)
_COUNTED = [form for form in _LASTING if form[1] is _in_days]
"""« jusqu'à 2 semaines » is how long."""


def until_of(text: str, today: date, *, led: bool = False) -> date | None:
    """Read until when something lasts: the day on which it ends, « jusqu'au 5 janvier » the 5th.

    Why somebody is away may stand first: « en congés deux semaines ». With `led`, a mere date, « 5 janvier », is no end.
    Return nothing when the text says no such thing; the day may be past when the text gives a year.
    """
    if not _TIMES.search(typed.fold(text)):  # most words of a sentence are tried here
        return None
    bare = _ROUGH.sub("", typed.bare(text, typed.COURTESY))
    said = _FOR_WHY.sub("", bare[away.end() :] if (away := _AWAY.match(bare)) is not None else bare)
    if (lead := _UNTIL.match(said)) is not None:
        # Not the shortest lead: « jusqu'à la fin du mois » keeps its « fin », « jusqu'au 5 » its 5.
        day = said[lead.end() :]
        return _until(f"{day} included" if lead["through"] else day, today)
    dated = [] if led or said != bare else _DATED  # « je pars 5 janvier » says no end either
    return _read(_FOR.sub("", said, count=1), today, *_LASTING, *dated)


def _until(said: str, today: date) -> date | None:
    """Read a day of return, « lundi matin », or a day off that is the last: « lundi soir », « lundi inclus »."""
    if (end := _INCLUDED.search(said) or _PART.search(said)) is None:
        return _read(said, today, *_DATED, *_DAILY, *_PERIODIC, *_COUNTED)
    rest, whole = said[: end.start()], not end.groupdict().get("early")
    day = _read(rest, today, *_DATED, *_DAILY)
    if day is not None:
        return day + timedelta(days=1) if whole else day
    return _read(f"fin de {rest}", today, *_PERIODIC) or _read(rest, today, *_PERIODIC)


def _read(said: str, today: date, *forms: tuple[re.Pattern[str], _Reader]) -> date | None:
    for pattern, reader in forms:
        if (match := pattern.fullmatch(said)) is not None and (day := reader(match, today)) is not None:
            return day
    return None


def may_end(text: str) -> bool:
    """Tell whether a text is an end that is meant and cannot be read: « jusqu'à la rentrée », « 5 »."""
    bare = typed.bare(text, typed.POLITE)
    return bare.isdigit() or _VAGUE.fullmatch(bare) is not None


def names_time(text: str, *, barely: bool = False) -> bool:
    """Tell whether a text has a day or a duration in it; with `barely`, any number or word of time."""
    bare = _WISHES.sub("", typed.bare(text, typed.POLITE))
    return (_TIMES if barely else _DAY_OR_DURATION).search(bare) is not None


def begins(text: str) -> bool:
    """Tell whether a text that has a time in it says when something begins: « à partir de lundi », « le 5 janvier »."""
    return _STARTS.search(typed.fold(text)) is not None


ABBREVIATED = frozenset(name for name in _MONTH_OF if len(name) <= 5 and name not in _WHOLE) | {
    "sem",
    "jrs",
    "wks",
}
"""Words that a dot may shorten: it ends no sentence."""
MONTHS = frozenset(_MONTH_OF)
WEEKDAYS = _WEEKDAY_OF
"""The names of the days of the week, folded; Monday is 0."""
