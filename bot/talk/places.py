# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Time zones as people name them: by their identifier, a city in French or English, or a country that has one zone."""

from __future__ import annotations

from collections import Counter
from functools import cache
from importlib.resources import files

from babel.core import Locale, get_global

from bot.wording import LANGUAGES
from lessons import typed

_AROUND = [
    "heure",
    "heures",
    "fuseau horaire",
    "fuseau",
    "a",
    "en",
    "time zone",
    "timezone",
    "time",
    "zone",
    "in",
]


_FRENCH = {
    "Europe/Paris": ["métropole", "hexagone", "France métropolitaine"],
    "America/Guadeloupe": ["Basse-Terre", "Pointe-à-Pitre"],
    "America/Martinique": ["Fort-de-France"],
    "Indian/Mayotte": ["Mamoudzou"],
    "Pacific/Tahiti": ["Papeete", "Polynésie", "Polynésie française"],
    "America/Miquelon": ["St-Pierre-et-Miquelon"],
}
"""What French agents call zones, where no list of cities and countries does."""


def zone_of(text: str) -> str | None:
    """Return the IANA name of the zone that a text names; nothing when it names none, or several."""
    if typed.fold(text) == "en reunion":
        return None  # in a meeting
    identifier = "_".join(typed.clean(text).casefold().split())
    if (zone := _identifiers().get(identifier)) is not None:
        return zone
    around = (typed.COURTESY, typed.ARTICLES, _AROUND)
    for said in (text, typed.bare(text, typed.COURTESY, _AROUND), typed.bare(text, *around)):
        if (zone := _named().get(_key(said))) is not None:
            return zone
    return None


def _key(name: str) -> str:
    return " ".join(typed.words(name.replace("_", " "), signs=False))


@cache
def _identifiers() -> dict[str, str]:
    # The package's own list: a walk through its files takes 283 ms.
    every = files("tzdata").joinpath("zones").read_text("utf-8").split()
    return {zone.casefold(): zone for zone in every if zone != "Factory"}


@cache
def _named() -> dict[str, str]:
    """Zones by the names of their cities and countries, French ones first. Once, in 10 ms."""
    every = [zone for zone in _identifiers().values() if "/" in zone and not zone.startswith("Etc/")]
    territories = get_global("zone_territories")
    known = [zone for zone in every if zone in territories]
    alone = Counter(territories[zone] for zone in known)
    zones: dict[str, str] = {}
    for zone, names in _FRENCH.items():
        for name in names:
            _name(zones, name, zone)
    for zone in known:
        _name(zones, zone.rpartition("/")[2], zone)
    for language in LANGUAGES:
        locale = Locale(language)
        for zone in known:
            if city := locale.time_zones.get(zone, {}).get("city"):
                _name(zones, city, zone)
            if alone[territories[zone]] == 1 and (country := locale.territories.get(territories[zone])):
                _name(zones, country, zone)
    for zone in every:
        _name(zones, zone.rpartition("/")[2], zone)
        _name(zones, zone, zone)
    return zones


def _name(zones: dict[str, str], name: str, zone: str) -> None:
    zones.setdefault(_key(name), zone)
