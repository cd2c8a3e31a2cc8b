# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Dates and durations as people type them: « jusqu'au 5 janvier », « deux semaines », "until next Monday"."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta

from lessons import numerals, typed

LONGEST = 160
"""Characters of a text in which a date is looked for."""
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
_WEEKDAY_OF = {name: number for number, names in enumerate(_WEEK) for name in names.split("|")}
WEEKDAYS = frozenset(_WEEKDAY_OF)
"""The names of the days of the week, folded."""


def _any(names: dict[str, int]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


_MONTH, _WEEKDAY = rf"(?P<month>{_any(_MONTH_OF)})\.?", rf"(?P<weekday>{_any(_WEEKDAY_OF)})"
_DAY = r"(?P<day>[0-9]{1,2})(?:er|st|nd|rd|th)?"
_YEAR = r"(?:,? (?P<year>[0-9]{4}))?"
_NUMBER = r"(?P<number>[0-9]{1,3}|[a-z]+(?:[ -][a-z]+){0,3}?)"
_UNIT = r"(?P<unit>jours?|days?|semaines?|sem|weeks?|mois|months?|ans?|annees?|years?)"
_UNTIL = re.compile(
    r"(?:jusqu'|jusque? |until |till |til )(?:a |au |aux |en |le |la |les |l'|the |cette |this )*"
)
"""What leads to the day of the return."""
_FOR = re.compile(r"(?:(?:pendant|pour|durant|encore|for|de|the|les|next) |d')*")
"""What leads to how long it lasts."""
_INCLUDED = re.compile(r" (?:inclus|compris|included|inclusive)$")
_BEGINS = re.compile(r"(?:jusqu|until\b|till?\b|pendant\b|durant\b|for\b|pour\b)")


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
    """Return the first such day after today; 29 February may be years away."""
    years = (_exists(year, month, day) for year in range(today.year, min(today.year + 9, date.max.year)))
    return next((at for at in years if at is not None and at > today), None)


def _on_day(said: re.Match[str], today: date) -> date | None:
    month, day = _MONTH_OF[said["month"]], int(said["day"])
    return _exists(int(said["year"]), month, day) if said["year"] else _next(today, month, day)


def _on_day_of_month(said: re.Match[str], today: date) -> date | None:
    day = int(said["day"])
    months = (
        _exists(today.year + (today.month - 1 + more) // 12, (today.month - 1 + more) % 12 + 1, day)
        for more in range(3)
    )
    return next((at for at in months if at is not None and at > today), None)


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
    match (said["part"] or "").split():
        case ["fin" | "end", *_]:
            return _next(today, month % 12 + 1, 1)
        case [_, *_]:
            return _next(today, month, 15)
        case _:
            return _next(today, month, 1)


_Reader = Callable[[re.Match[str], date], date | None]
_LASTS: tuple[tuple[str, _Reader], ...] = (
    (
        r"(?:une )?quinzaine(?: de jours)?|a fortnight",
        lambda _said, today: today + timedelta(days=14),
    ),
    (rf"{_NUMBER} (?:prochaine?s |next )?{_UNIT}", _in_days),
    (r"aujourd'hui|today|la journee|the day", lambda _said, today: today + timedelta(days=1)),
)
_DATES: tuple[tuple[str, _Reader], ...] = (
    (rf"(?:(?:{_any(_WEEKDAY_OF)}) )?{_DAY} (?:of )?{_MONTH}{_YEAR}", _on_day),
    (rf"(?:(?:{_any(_WEEKDAY_OF)}),? )?{_MONTH} {_DAY}{_YEAR}", _on_day),
    (
        r"(?:le )?(?P<day>[0-9]{1,2})[/.](?P<month>[0-9]{1,2})(?:[/.](?P<year>[0-9]{4}|[0-9]{2}))?",
        _in_figures,
    ),
    (r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})", _iso),
)
_DAYS: tuple[tuple[str, _Reader], ...] = (
    (rf"(?:next )?{_WEEKDAY}(?: prochain| qui vient)?", _on_weekday),
    (r"demain(?: matin)?|tomorrow", lambda _said, today: today + timedelta(days=1)),
    (r"apres[- ]demain|day after tomorrow", lambda _said, today: today + timedelta(days=2)),
    (r"semaine prochaine|next week|fin de (?:la|cette) semaine|end of (?:the|this) week", _monday),
    (r"mois prochain|next month|fin du mois|fin de ce mois|end of (?:the|this) month", _first_of_month),
    (
        r"annee prochaine|l'an prochain|an prochain|next year|fin de (?:l'|cette )annee|end of (?:the|this) year",
        lambda _said, today: _exists(today.year + 1, 1, 1),
    ),
    (rf"(?P<part>mi[- ]|mid[- ]|fin (?:de )?|end of )?{_MONTH}", _within_month),
    (r"(?P<day>[0-9]{1,2})(?:er|st|nd|rd|th)?", _on_day_of_month),
)
_LASTING, _DATED, _DAILY = (
    [(re.compile(pattern), reader) for pattern, reader in group] for group in (_LASTS, _DATES, _DAYS)
)


def until_of(text: str, today: date) -> date | None:
    """Read until when something lasts: the day on which it ends, « jusqu'au 5 janvier » the 5th.

    Return nothing when the text says no such thing; the day may be past when the text gives a year.
    """
    said = _INCLUDED.sub("", typed.bare(text, typed.POLITE))
    if (lead := _UNTIL.match(said)) is not None:
        # Not the shortest lead: « jusqu'à la fin du mois » keeps its « fin », « jusqu'au 5 » its 5.
        return _read(said[lead.end() :], today, *_DATED, *_DAILY)
    return _read(_FOR.sub("", said, count=1), today, *_LASTING, *_DATED)


def _read(said: str, today: date, *forms: tuple[re.Pattern[str], _Reader]) -> date | None:
    for pattern, reader in forms:
        if (match := pattern.fullmatch(said)) is not None:
            return reader(match, today)
    return None


def ends_with_date(text: str) -> list[str]:
    """Return what may stand before a date, or the beginning of one, at the end of a text; the longest first."""
    said = typed.fold(text[:LONGEST]).split(" ") if len(text) <= LONGEST else []
    return [
        " ".join(said[:at])
        for at in range(len(said) - 1, 0, -1)
        if _BEGINS.match(rest := " ".join(said[at:])) or until_of(rest, date.min) is not None
    ]


def until_in(text: str, today: date, asks: Callable[[str], bool]) -> date | None:
    """Read until when something lasts, right behind what asks for it: « pause, je pars le 20 » says no end."""
    said = typed.fold(text).split(" ") if len(text) <= LONGEST else []
    for at in range(1, len(said)):
        if (day := until_of(" ".join(said[at:]), today)) is not None and asks(" ".join(said[:at])):
            return day
    return None


def begins_date(text: str) -> bool:
    """Tell whether a text ends with a date, a duration, or words that lead to one: « pause jusqu'à la rentrée »."""
    return bool(ends_with_date(text))
