# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The sentences that people read, in gettext catalogues: one `.po` file a language, one key a sentence."""

from __future__ import annotations

import datetime as dt
import gettext
import io
import re
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from lessons import markup

LANGUAGES = ("fr", "en")
_DATES = {"en": "en_GB"}
"""Whose dates are written, where it is not the language's first country: the day comes first, as in `weekday`."""


class Markdown(str):
    """A value that is Markdown already; every other text is escaped when it enters a sentence."""

    __slots__ = ()


class Words:
    """The sentences of one language: `words("help.hello", name=…)`."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._dates = _DATES.get(language, language)
        catalogue = io.BytesIO()
        with (Path(__file__).parent / f"{language}.po").open("rb") as source:
            write_mo(catalogue, read_po(source, locale=language))
        catalogue.seek(0)
        self._catalogue = gettext.GNUTranslations(catalogue)
        self._locale = Locale.parse(language)
        # What no value changes is made once: the keys are those of the catalogue, and nothing of a person is among them.
        self._plain: dict[str, str] = {}
        self._phrases: dict[str, tuple[str, ...]] = {}

    def __call__(self, key: str, **values: object) -> Markdown:
        """Return a sentence, with its `{values}` escaped.

        Raises:
            KeyError: the catalogue has no such key.
        """
        return self._filled(key, self._catalogue.gettext(key), values)

    def many(self, key: str, number: int, **values: object) -> Markdown:
        """Return a sentence that changes with a number, which it shows as `{n}`.

        Raises:
            KeyError: the catalogue has no such key.
        """
        return self._filled(key, self._catalogue.ngettext(key, f"{key}+", number), {"n": number, **values})

    def plain(self, key: str, **values: object) -> str:
        """Return a sentence as it is read, for buttons and labels.

        Raises:
            KeyError: the catalogue has no such key.
        """
        if values:
            return markup.plain(self(key, **values))
        if key not in self._plain:
            self._plain[key] = markup.plain(self(key))
        return self._plain[key]

    def phrases(self, key: str) -> tuple[str, ...]:
        """Return what people may type, from a list with commas.

        Raises:
            KeyError: the catalogue has no such key.
        """
        if key not in self._phrases:
            self._phrases[key] = tuple(self.plain(key).split(", "))
        return self._phrases[key]

    def date(self, day: dt.date) -> str:
        """Write a date in full: 23 novembre 2026, 1er décembre 2026; 23 November 2026."""
        return self._first(_dated(day, "long", self._dates))

    def dated(self, day: str) -> str:
        """Write a date as precise as it is known: 2026, mars 2026, 1er mars 2026."""
        year, *rest = (int(part) for part in day.split("-"))
        if len(rest) == 2:
            return self.date(dt.date(year, rest[0], rest[1]))
        return _dated(dt.date(year, rest[0], 1), "MMMM y", self._dates) if rest else str(year)

    def weekday(self, day: dt.date, *, since: dt.date | None = None) -> str:
        """Write a date with its day: lundi 23 novembre; with its year too where that is not the year of `since`."""
        year = "" if since is None or since.year == day.year else " y"
        return self._first(_dated(day, f"EEEE d MMMM{year}", self._dates))

    def _first(self, day: str) -> str:
        """Write the first of a month as French does: « 1er » where Babel writes « 1 »."""
        return re.sub(r"(?<!\d)1 ", "1er ", day, count=1) if self.language == "fr" else day

    def series(self, items: list[str]) -> str:
        """Write several things in a row: lundi, mardi et jeudi; Mondays, Tuesdays, and Thursdays."""
        return _row(len(items), self._locale).format(*items)

    def hour(self, at: dt.time | dt.datetime) -> str:
        """Write an hour: 08:30."""
        return at.strftime("%H:%M")

    def number(self, value: Decimal | float) -> str:
        """Write a number without needless digits: 2,5 in French, 2.5 in English; 28\u202f000 and 28,000, but 2026."""
        whole, point, decimals = f"{Decimal(str(value)).normalize():f}".partition(".")
        if len(whole.lstrip("-")) > 4:
            whole = f"{int(whole):,}"
        if self.language == "fr":
            whole, point = whole.replace(",", "\u202f"), point.replace(".", ",")
        return f"{whole}{point}{decimals}"

    def sole_number(self, value: Decimal) -> str:
        """Write a number so that it can be read in one way: 72\u202f000, and 1,2340 for what could be 1234."""
        sign = "-" if value < 0 else ""
        whole, point, decimals = f"{abs(value).normalize():f}".partition(".")
        if self.language == "fr":  # English parts thousands with the comma, a decimal sign in French
            whole, point = f"{int(whole):,}".replace(",", "\u202f"), point.replace(".", ",")
        return f"{sign}{whole}{point}{decimals}{'0' if len(decimals) == 3 else ''}"

    def when(self, at: dt.datetime, zone: str, *, since: dt.date | None = None) -> str:
        """Write a moment in the learner's zone: lundi 23 novembre à 08:30; with its year as `weekday` writes it."""
        local = at.astimezone(ZoneInfo(zone))
        return self.plain("time.when", day=self.weekday(local.date(), since=since), hour=self.hour(local))

    @staticmethod
    def _filled(key: str, sentence: str, values: dict[str, object]) -> Markdown:
        if sentence in (key, f"{key}+"):
            raise KeyError(key)
        shown = {
            name: value if isinstance(value, Markdown) else markup.escape(str(value))
            for name, value in values.items()
        }
        return Markdown(sentence.format_map(shown))


@lru_cache(maxsize=1024)
def _dated(day: dt.date, form: str, locale: Locale) -> str:
    """Write a date, once for all who are told of it: most are told of the next few days."""
    return format_date(day, form, locale=locale)


@lru_cache(maxsize=64)
def _row(number: int, locale: Locale) -> str:
    """Return what stands between so many things in a row: « {0}, {1} et {2} »."""
    return format_list([f"{{{place}}}" for place in range(number)], locale=locale)


@cache
def words_of(language: str) -> Words:
    """Return the sentences of a language; French for one that is not known."""
    return Words(language if language in LANGUAGES else LANGUAGES[0])
