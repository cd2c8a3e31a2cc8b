# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Values of a schedule as they are written: hours, quiet hours, durations, time zones, with what refuses them in French."""

from __future__ import annotations

import re
from datetime import time, timedelta
from functools import lru_cache
from typing import Annotated, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

HOUR = r"([01][0-9]|2[0-3]):([0-5][0-9])"
_DURATION = r"(0|[1-9][0-9]{0,3})([mh])"
_ZONE = r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9][A-Za-z0-9_+-]*){0,2}"
_NOT_ZONES = ("localtime", "posixrules", "Factory", "posix/", "right/")
"""Files beside the zones: the machine's own zone, or clocks that count leap seconds."""


class Quiet(NamedTuple):
    """Hours in which nothing scheduled is sent: `start` is one, `end` is not. They may cross midnight."""

    start: time
    end: time

    def holds(self, hour: time) -> bool:
        """Return whether an hour of the day is one of them."""
        if self.start < self.end:
            return self.start <= hour < self.end
        return hour >= self.start or hour < self.end


def parse_hour(value: object) -> time:
    """Read an hour. Raises `PydanticCustomError`, as all of these do, for what is none."""
    if isinstance(value, time) and value == value.replace(second=0, microsecond=0, tzinfo=None):
        return value
    if isinstance(value, str) and (match := re.fullmatch(HOUR, value)):
        return time(int(match[1]), int(match[2]))
    raise PydanticCustomError("hour", "une heure s’écrit HH:MM, par exemple 08:30")


def write_hour(value: time) -> str:
    """Write an hour as HH:MM."""
    return f"{value:%H:%M}"


def parse_quiet(value: object) -> Quiet | None:
    """Read quiet hours; None where there are none."""
    if value is None or value in ("", "none"):
        return None
    if isinstance(value, str) and (match := re.fullmatch(f"(?P<start>{HOUR})-(?P<end>{HOUR})", value)):
        value = Quiet(parse_hour(match["start"]), parse_hour(match["end"]))
    if isinstance(value, Quiet) and value.start != value.end:
        return value
    raise PydanticCustomError(
        "quiet",
        "les heures calmes s’écrivent HH:MM-HH:MM avec deux heures différentes, ou none s’il n’y en a pas",
    )


def write_quiet(value: Quiet | None) -> str:
    """Write quiet hours as HH:MM-HH:MM, or none."""
    return "none" if value is None else f"{write_hour(value.start)}-{write_hour(value.end)}"


def duration(least: str, most: str) -> PlainValidator:
    """Return what reads a duration in whole minutes, within bounds."""
    low, high = _read_duration(least), _read_duration(most)

    def parse(value: object) -> timedelta:
        length = _read_duration(value)
        if low <= length <= high and not length % timedelta(minutes=1):
            return length
        raise PydanticCustomError(
            "duration_range", "la durée doit aller de {least} à {most}", {"least": least, "most": most}
        )

    return PlainValidator(parse)


def _read_duration(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    if isinstance(value, str) and (match := re.fullmatch(_DURATION, value)):
        return int(match[1]) * (timedelta(hours=1) if match[2] == "h" else timedelta(minutes=1))
    raise PydanticCustomError("duration", "une durée s’écrit en minutes ou en heures, par exemple 45m ou 3h")


def _write_duration(value: timedelta) -> str:
    minutes = value // timedelta(minutes=1)
    return f"{minutes // 60}h" if minutes and minutes % 60 == 0 else f"{minutes}m"


@lru_cache(maxsize=1024)
def known_zone(name: str) -> str:
    """Check that a time zone exists."""
    refused = PydanticCustomError(
        "time_zone", "fuseau horaire inconnu ; donnez un nom de la base IANA, par exemple Europe/Paris"
    )
    if len(name) > 64 or not re.fullmatch(_ZONE, name) or name.startswith(_NOT_ZONES):
        raise refused
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # no such zone, not a zone's file, or a folder of zones
        raise refused from None
    return name


Hour = Annotated[
    time,
    PlainValidator(parse_hour),
    PlainSerializer(write_hour, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": f"^{HOUR}$"}),
]
DurationText = PlainSerializer(_write_duration, when_used="json")
DurationSchema = WithJsonSchema({"type": "string", "pattern": f"^{_DURATION}$"})
