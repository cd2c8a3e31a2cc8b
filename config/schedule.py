# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Schedules of learners: days, hour, zone, public holidays, quiet hours. Pure: the instant is an argument.

Every local hour becomes an instant by one rule, `_first`: the first instant at which the clock on the wall
shows that hour or a later one. So an hour that does not exist becomes the first instant after the gap, and
one that exists twice, the first. It never decreases as the hour grows: the order of slots and nights rests
on that.

What a person wrote and must correct is refused with a French sentence and a stable error type.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from config.holidays import Calendar, public_holidays
from config.hours import (
    HOUR,
    DurationSchema,
    DurationText,
    Hour,
    Quiet,
    duration,
    known_zone,
    parse_quiet,
    write_hour,
    write_quiet,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_WEEK: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_KEPT = timedelta(hours=1)
"""Left free by `spread` before quiet hours or midnight: a change of clock may take it; sending takes time."""


def _in_week_order(days: tuple[Day, ...]) -> tuple[Day, ...]:
    return tuple(day for day in _WEEK if day in days)


_NIGHT = Quiet(time(20), time(7))


class Schedule(BaseModel):
    """When lessons may reach a learner. Hashable; its JSON form has the same strings as the YAML."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    days: Annotated[tuple[Day, ...], Field(min_length=1, max_length=7), AfterValidator(_in_week_order)] = (
        _WEEK[:5]
    )
    """Days of the week with a lesson, in the week's order."""
    time: Hour = time(8, 30)
    """Local hour of the lesson."""
    time_zone: Annotated[str, AfterValidator(known_zone)] = "Europe/Paris"
    """IANA name of the zone that `time` and `quiet` are in."""
    holidays: Annotated[Calendar, BeforeValidator(lambda value: "none" if value == "" else value)] = "FR"
    """Whose public holidays are days off: France, a part of it that has others, or nobody's."""
    window: Annotated[timedelta, duration("0m", "4h"), DurationText, DurationSchema] = timedelta(0)
    """How long after `time` the sends of all learners may be spread; see `spread`."""
    grace: Annotated[timedelta, duration("1m", "12h"), DurationText, DurationSchema] = timedelta(hours=3)
    """How long after its instant a lesson may still leave."""
    quiet: Annotated[
        Quiet | None,
        PlainValidator(parse_quiet),
        PlainSerializer(write_quiet, when_used="json"),
        WithJsonSchema({"type": "string", "pattern": f"^({HOUR}-{HOUR}|none)?$"}),
    ] = _NIGHT
    """Local hours in which nothing scheduled is sent; `None` (written `none`): there are none."""

    @model_validator(mode="after")
    def _not_in_quiet_hours(self) -> Self:
        if self.quiet is not None and self.quiet.holds(self.time):
            raise PydanticCustomError(
                "time_in_quiet_hours",
                "{time} tombe dans les heures calmes ({start}-{end}), pendant lesquelles rien n’est envoyé ; "
                "choisissez une heure à partir de {end} et avant {start}",
                {
                    "time": write_hour(self.time),
                    "start": write_hour(self.quiet.start),
                    "end": write_hour(self.quiet.end),
                },
            )
        return self


@lru_cache(maxsize=4096)
def schedule_of(text: str) -> Schedule | None:
    """Return a schedule from its stored JSON; None where it cannot be read: no JSON, a zone that is no more, no day.

    Cached, because most learners share a few.
    """
    try:
        return Schedule.model_validate_json(text)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Slot:
    """Local date on which a learner is due, and the instant (UTC) at which the learner's hour comes."""

    day: date
    at: datetime


def next_slot(schedule: Schedule, after: datetime, not_before: date | None = None) -> Slot:
    """Return the first slot strictly after the instant `after`, on a local date that is `not_before` or later.

    There always is one: a day of the week is allowed, and no calendar makes it a holiday every week. A date
    that the zone skipped (Apia, 2011-12-30), or whose hour fell into a gap that lasts until the next date,
    has no slot: so no local date ever has two. Cached per (schedule, after, not_before): all the learners of
    a tick with the same schedule share one search.

    Raises:
        ValueError: `after` is naive.
        OverflowError: the slot would be after year 9999.
    """
    return _next_slot(schedule, _aware(after), not_before)


def spread(schedule: Schedule, seed: str) -> timedelta:
    """Return how long after a slot's instant the learner named by `seed` is due: whole seconds, in [0, `window`).

    The same in every process and on every day, so a learner keeps an hour. Add it to `Slot.at`: it reaches
    neither quiet hours nor the next date, since the window ends one hour before them at the latest.
    """
    clock = datetime.combine(date.min, schedule.time)
    ends = [datetime.combine(date.min, time(0)) + timedelta(days=1)]
    if schedule.quiet is not None and schedule.quiet.start > schedule.time:
        ends.append(datetime.combine(date.min, schedule.quiet.start))
    seconds = min(schedule.window, min(ends) - clock - _KEPT) // timedelta(seconds=1)
    if seconds <= 0:
        return timedelta(0)
    digest = hashlib.blake2b(seed.encode(), digest_size=8).digest()
    return timedelta(seconds=int.from_bytes(digest) % seconds)


def due_after(
    schedule: Schedule, after: datetime, learner_id: str, not_before: date | None = None
) -> datetime:
    """Return when a learner is due next after an instant: the first slot, moved by the learner's place in the window."""
    place = spread(schedule, learner_id)
    return next_slot(schedule, after - place, not_before).at + place


def expiry(schedule: Schedule, slot_at: datetime) -> datetime:
    """Return the instant (UTC) from which what was due at `slot_at` must no longer leave.

    It is the end of grace, of the local date, or the start of quiet hours, whichever comes first; `slot_at` itself inside
    quiet hours.
    """
    at = _aware(slot_at)
    return min(at + schedule.grace, day_end(schedule, at))


def day_end(schedule: Schedule, at: datetime) -> datetime:
    """Return the instant (UTC) at which the local date of `at` ends, or at which quiet hours begin, if that is sooner.

    `at` itself inside quiet hours.
    """
    at = _aware(at)
    midnight = _first(ZoneInfo(schedule.time_zone), local_date(schedule, at) + timedelta(days=1), time(0))
    end = max(midnight, at)  # a clock put back over midnight shows a date again that was over
    for start, night_end in _nights(schedule, at):
        if max(at, start) < night_end:
            end = min(end, max(at, start))
    return end


def missed(schedule: Schedule, due_at: datetime, tick: datetime) -> bool:
    """Return whether what was due at `due_at` can no longer leave at the instant `tick`."""
    return _aware(tick) >= expiry(schedule, due_at)


def quiet_until(schedule: Schedule, at: datetime) -> datetime | None:
    """Return when the quiet hours that are on at the instant `at` end (UTC); `None` when they are not on.

    A night ends once: when the clock goes back over its end, the hour that comes again is not quiet again.
    """
    at = _aware(at)
    return next((end for start, end in _nights(schedule, at) if start <= at < end), None)


def is_day_off(schedule: Schedule, day: date) -> bool:
    """Return whether nothing scheduled is sent on that local date: no day of the schedule, or a public holiday."""
    return _WEEK[day.weekday()] not in schedule.days or day in public_holidays(schedule.holidays, day.year)


def local_date(schedule: Schedule, at: datetime) -> date:
    """Return the local date of the learner at the instant `at`."""
    return _aware(at).astimezone(ZoneInfo(schedule.time_zone)).date()


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"a naive datetime is no instant: {at!r}")
    return at.astimezone(UTC)


@lru_cache(maxsize=1024)
def _next_slot(schedule: Schedule, after: datetime, not_before: date | None) -> Slot:
    zone = ZoneInfo(schedule.time_zone)
    today = after.astimezone(zone).date()
    start = today if not_before is None else max(today, not_before)
    for ordinal in range(start.toordinal(), date.max.toordinal()):
        day = date.fromordinal(ordinal)
        if is_day_off(schedule, day):
            continue
        at = _first(zone, day, schedule.time)
        if at > after and at.astimezone(zone).date() == day:
            return Slot(day, at)
    raise OverflowError("the calendar ends before the next slot")


@lru_cache(maxsize=4096)
def _first(zone: ZoneInfo, day: date, hour: time) -> datetime:
    """Return the first instant (UTC) at which the zone's clock shows that date and hour, or later ones."""
    wall = datetime.combine(day, hour, zone)
    at = wall.astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return at
    # In a gap the two offsets that `fold` gives frame the change of clock: bisect it to the second.
    before, after = wall.replace(fold=1).astimezone(UTC), at
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // timedelta(seconds=2) * timedelta(seconds=1)
        if middle.astimezone(zone).replace(tzinfo=None) < wall.replace(tzinfo=None):
            before = middle
        else:
            after = middle
    return after


def _nights(schedule: Schedule, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the quiet hours (start, end) that begin on the local date of `at` or beside it, in order.

    The date after too: a clock put back over midnight shows again a date that was already over.
    """
    if schedule.quiet is None:
        return
    zone = ZoneInfo(schedule.time_zone)
    today = at.astimezone(zone).date()
    for offset in (-1, 0, 1):
        day = today + timedelta(days=offset)
        last = day if schedule.quiet.start < schedule.quiet.end else day + timedelta(days=1)
        yield _first(zone, day, schedule.quiet.start), _first(zone, last, schedule.quiet.end)
