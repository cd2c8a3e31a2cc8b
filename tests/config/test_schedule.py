# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

import json
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise, product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from config.hours import Quiet
from config.schedule import (
    Schedule,
    Slot,
    expiry,
    is_day_off,
    local_date,
    missed,
    next_slot,
    quiet_until,
    spread,
)

EVERY_DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ZONES = [
    "Europe/Paris",
    "America/Martinique",
    "America/Miquelon",
    "America/Scoresbysund",
    "America/St_Johns",
    "Indian/Reunion",
    "Pacific/Noumea",
    "Pacific/Apia",
    "Pacific/Marquesas",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Antarctica/Troll",
    "Asia/Kathmandu",
    "UTC",
]
HOURS = st.builds(time, st.integers(0, 23), st.integers(0, 59))
QUIET = st.none() | st.builds(Quiet, HOURS, HOURS).filter(lambda quiet: quiet.start != quiet.end)
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    quiet = draw(QUIET)
    return Schedule(
        days=draw(st.lists(st.sampled_from(EVERY_DAY), min_size=1, max_size=7)),
        time=draw(HOURS.filter(lambda hour: quiet is None or not quiet.holds(hour))),
        time_zone=draw(st.sampled_from(ZONES)),
        holidays=draw(st.sampled_from(["FR", "Alsace", "RE", "none"])),
        window=timedelta(minutes=draw(st.integers(0, 240))),
        grace=timedelta(minutes=draw(st.integers(1, 720))),
        quiet=quiet,
    )


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def daily(**fields: Any) -> Schedule:
    return Schedule(**({"days": EVERY_DAY, "holidays": "none", "quiet": "none"} | fields))


def local(schedule: Schedule, at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(schedule.time_zone))


def refusal(**fields: object) -> tuple[str, str]:
    with pytest.raises(ValidationError) as raised:
        Schedule.model_validate(fields)
    error = raised.value.errors()[0]
    return error["type"], error["msg"]


class TestWriting:
    def test_the_json_form_has_the_strings_of_the_yaml(self) -> None:
        assert Schedule().model_dump(mode="json") == {
            "days": ["mon", "tue", "wed", "thu", "fri"],
            "time": "08:30",
            "time_zone": "Europe/Paris",
            "holidays": "FR",
            "window": "0m",
            "grace": "3h",
            "quiet": "20:00-07:00",
        }

    @given(schedules())
    def test_what_is_stored_comes_back_equal_and_is_stored_the_same(self, schedule: Schedule) -> None:
        stored = json.dumps(schedule.model_dump(mode="json"))

        back = Schedule.model_validate(json.loads(stored))

        assert back == schedule
        assert hash(back) == hash(schedule)
        assert json.dumps(back.model_dump(mode="json")) == stored

    def test_days_are_kept_once_and_in_the_order_of_the_week(self) -> None:
        assert Schedule(days=["fri", "mon", "fri"]).days == ("mon", "fri")

    @pytest.mark.parametrize(
        ("written", "kept"), [("60m", "1h"), ("90m", "90m"), ("120m", "2h"), ("0h", "0m"), ("4h", "4h")]
    )
    def test_a_duration_is_kept_in_one_way(self, written: str, kept: str) -> None:
        assert Schedule.model_validate({"window": written}).model_dump(mode="json")["window"] == kept

    def test_no_holidays_and_no_quiet_hours_may_be_written_empty(self) -> None:
        schedule = Schedule.model_validate({"holidays": "", "quiet": ""})

        assert schedule.model_dump(mode="json")["holidays"] == "none"
        assert schedule.model_dump(mode="json")["quiet"] == "none"

    def test_the_json_schema_shows_defaults_as_they_are_written(self) -> None:
        properties = Schedule.model_json_schema(mode="serialization")["properties"]

        assert {name: field["default"] for name, field in properties.items()} == Schedule().model_dump(
            mode="json"
        )


class TestRefusals:
    def test_an_hour_inside_quiet_hours_is_refused_with_the_reason(self) -> None:
        kind, message = refusal(time="21:15")

        assert kind == "time_in_quiet_hours"
        assert message == (
            "21:15 tombe dans les heures calmes (20:00-07:00), pendant lesquelles rien n’est envoyé ; "
            "choisissez une heure à partir de 07:00 et avant 20:00"
        )

    @pytest.mark.parametrize(
        ("hour", "allowed"), [("06:59", False), ("07:00", True), ("19:59", True), ("20:00", False)]
    )
    def test_quiet_hours_hold_their_start_and_not_their_end(self, hour: str, *, allowed: bool) -> None:
        if allowed:
            assert Schedule.model_validate({"time": hour})
        else:
            assert refusal(time=hour)[0] == "time_in_quiet_hours"

    def test_quiet_hours_within_one_day_refuse_only_what_lies_between(self) -> None:
        assert refusal(time="13:00", quiet="12:00-14:00")[0] == "time_in_quiet_hours"
        assert Schedule.model_validate({"time": "22:00", "quiet": "12:00-14:00"})

    def test_an_hour_is_two_digits_a_colon_and_two_digits(self, subtests: pytest.Subtests) -> None:
        for hour in ("8:30", "08:30:00", "24:00", "08:60", "0830", "08:30\n", "٠٨:٣٠", 830, None, ""):
            with subtests.test(hour=hour):
                assert refusal(time=hour)[0] == "hour"

    def test_a_duration_is_a_whole_number_of_minutes_or_hours(self, subtests: pytest.Subtests) -> None:
        for length in ("45", "045m", "-5m", "1.5h", "3 h", "3H", "1h30m", "99999m", "", "3h\n", 3, None):
            with subtests.test(length=length):
                assert refusal(grace=length)[0] == "duration"

    @pytest.mark.parametrize(
        ("field", "length"), [("window", "241m"), ("window", "5h"), ("grace", "0m"), ("grace", "13h")]
    )
    def test_a_duration_keeps_within_its_bounds(self, field: str, length: str) -> None:
        kind, message = refusal(**{field: length})

        assert kind == "duration_range"
        assert message.startswith("la durée doit aller de ")

    @pytest.mark.parametrize(
        "quiet", ["20:00", "20:00-20:00", "20-7", "20:00-7:00", "20:00 - 07:00", "no", 20]
    )
    def test_quiet_hours_are_two_different_hours(self, quiet: object) -> None:
        assert refusal(quiet=quiet)[0] == "quiet"

    def test_a_zone_is_a_name_of_the_iana_base(self, subtests: pytest.Subtests) -> None:
        for name in (
            "Paris", "Europe", "europe/nowhere", "../../etc/passwd", "/etc/localtime", "localtime",
            "right/Europe/Paris", "posixrules", "Factory", "", "A" * 5000, "Europe/Paris\n", "Europe/Paris\0",
        ):  # fmt: skip
            with subtests.test(name=name[:40]):
                assert refusal(time_zone=name)[0] == "time_zone"

    @pytest.mark.parametrize(
        "fields",
        [{"days": []}, {"days": "mon"}, {"days": ["lundi"]}, {"days": ["mon"] * 8}, {"holidays": "GES"},
         {"holidays": None}, {"jours": ["mon"]}],
    )  # fmt: skip
    def test_unknown_days_calendars_and_keys_are_refused(self, fields: dict[str, object]) -> None:
        refusal(**fields)

    def test_a_naive_instant_is_refused(self) -> None:
        with pytest.raises(ValueError, match="naive"):
            next_slot(Schedule(), datetime(2026, 11, 23, 8))  # noqa: DTZ001


class TestNextSlot:
    def test_it_is_strictly_after(self) -> None:
        eight_thirty = utc(2026, 11, 23, 7, 30)

        before = next_slot(Schedule(), eight_thirty - timedelta(microseconds=1))
        at = next_slot(Schedule(), eight_thirty)

        assert before == Slot(date(2026, 11, 23), eight_thirty)
        assert at == Slot(date(2026, 11, 24), utc(2026, 11, 24, 7, 30))

    def test_it_skips_weekends_and_holidays(self) -> None:
        # Thursday 24 December 2026; the 25th is a holiday, then a weekend.
        assert next_slot(Schedule(), utc(2026, 12, 24, 12)).day == date(2026, 12, 28)

    def test_alsace_rests_on_good_friday_where_france_works(self) -> None:
        thursday_evening = utc(2027, 3, 25, 18)

        assert next_slot(Schedule(), thursday_evening).day == date(2027, 3, 26)
        assert next_slot(Schedule(holidays="Alsace"), thursday_evening).day == date(2027, 3, 30)

    def test_it_waits_for_the_date_it_must_not_come_before(self) -> None:
        now = utc(2026, 11, 23, 6)

        assert next_slot(Schedule(), now, date(2026, 11, 24)).day == date(2026, 11, 24)
        assert next_slot(Schedule(), now, date(2026, 11, 28)).day == date(2026, 11, 30)
        assert next_slot(Schedule(), now, date(2020, 1, 1)).day == date(2026, 11, 23)

    def test_an_hour_that_does_not_exist_becomes_the_first_instant_after_the_gap(self) -> None:
        schedule = daily(time="02:30")

        assert next_slot(schedule, utc(2026, 3, 28, 12)) == Slot(date(2026, 3, 29), utc(2026, 3, 29, 1))
        assert local(schedule, utc(2026, 3, 29, 1)).time() == time(3)

    def test_an_hour_that_exists_twice_is_the_first(self) -> None:
        assert next_slot(daily(time="02:30"), utc(2026, 10, 24, 12)).at == utc(2026, 10, 25, 0, 30)

    def test_between_both_passages_of_an_hour_that_exists_twice_the_next_is_tomorrow(self) -> None:
        assert next_slot(daily(time="02:30"), utc(2026, 10, 25, 1)).day == date(2026, 10, 26)

    def test_lord_howe_moves_its_clock_by_half_an_hour(self) -> None:
        schedule = daily(time="02:15", time_zone="Australia/Lord_Howe")

        slot = next_slot(schedule, utc(2026, 10, 3, 0))

        assert slot.day == date(2026, 10, 4)
        assert local(schedule, slot.at).time() == time(2, 30)

    def test_apia_had_no_30th_of_december_2011(self) -> None:
        schedule = daily(time_zone="Pacific/Apia")
        slot = next_slot(schedule, utc(2011, 12, 29, 0))
        dates = []
        for _ in range(3):
            dates.append(slot.day)
            slot = next_slot(schedule, slot.at)

        assert dates == [date(2011, 12, 29), date(2011, 12, 31), date(2012, 1, 1)]

    def test_a_gap_that_lasts_until_midnight_leaves_that_date_without_a_slot(self) -> None:
        # Scoresbysund goes from 23:00 to 24:00 on Saturday 28 March 2026.
        schedule = daily(time="23:30", time_zone="America/Scoresbysund")

        assert next_slot(schedule, utc(2026, 3, 28, 12)).day == date(2026, 3, 29)

    def test_moving_the_zone_between_slots_cannot_bring_a_second_one_on_a_date_already_served(self) -> None:
        served = next_slot(Schedule(time_zone="Pacific/Noumea"), utc(2026, 11, 22, 12))
        moved = Schedule(time_zone="America/Martinique")

        after = next_slot(moved, served.at, served.day + timedelta(days=1))

        assert after.day == date(2026, 11, 24)

    def test_the_calendar_has_an_end(self) -> None:
        with pytest.raises(OverflowError):
            next_slot(Schedule(), utc(9999, 12, 31, 20))

    @given(schedules(), INSTANTS)
    def test_every_slot_keeps_what_the_schedule_says(self, schedule: Schedule, after: datetime) -> None:
        slot = next_slot(schedule, after)
        shown = local(schedule, slot.at)

        assert slot.at > after
        assert slot.at.tzinfo is UTC
        assert shown.date() == slot.day == local_date(schedule, slot.at)
        assert not is_day_off(schedule, slot.day)
        assert EVERY_DAY[slot.day.weekday()] in schedule.days
        wanted = datetime.combine(slot.day, schedule.time, ZoneInfo(schedule.time_zone))
        if shown.replace(tzinfo=None) != wanted.replace(tzinfo=None):
            a_second_before = local(schedule, slot.at - timedelta(seconds=1)).replace(tzinfo=None)
            assert a_second_before < wanted.replace(tzinfo=None) < shown.replace(tzinfo=None)
        assert shown.fold == 0 or shown.replace(fold=0).utcoffset() == shown.utcoffset()

    @given(schedules(), INSTANTS)
    def test_no_working_day_is_left_out(self, schedule: Schedule, after: datetime) -> None:
        slot = next_slot(schedule, after)
        first = local_date(schedule, after) + timedelta(days=1)
        between = [first + timedelta(days=days) for days in range((slot.day - first).days)]

        left_out = [day for day in between if not is_day_off(schedule, day)]

        assert all(next_slot(schedule, after, day).day != day for day in left_out)
        assert len(left_out) <= 1  # only a date whose hour fell into a gap that lasted until midnight

    @given(schedules(), INSTANTS, st.dates(date(2000, 1, 1), date(2060, 1, 1)))
    def test_it_never_comes_before_the_date_it_was_given(
        self, schedule: Schedule, after: datetime, not_before: date
    ) -> None:
        assert next_slot(schedule, after, not_before).day >= not_before

    def test_over_two_years_of_clock_changes_each_date_has_one_slot(self, subtests: pytest.Subtests) -> None:
        for zone, hour in product(ZONES, ["00:00", "01:15", "02:15", "02:30", "08:30", "23:30"]):
            skipped = {timedelta(days=2)} if (zone, hour) == ("America/Scoresbysund", "23:30") else set()
            with subtests.test(zone=zone, hour=hour):
                schedule = daily(time=hour, time_zone=zone)
                slot = next_slot(schedule, utc(2026, 1, 1))
                days = [slot.day]
                while slot.at < utc(2028, 1, 1):
                    slot = next_slot(schedule, slot.at)
                    days.append(slot.day)
                steps = {later - earlier for earlier, later in pairwise(days)}
                assert steps == {timedelta(days=1)} | skipped


class TestQuietHours:
    @pytest.mark.parametrize(
        ("at", "until"),
        [
            (utc(2026, 11, 23, 18, 59), None),
            (utc(2026, 11, 23, 19), utc(2026, 11, 24, 6)),
            (utc(2026, 11, 24, 5, 59), utc(2026, 11, 24, 6)),
            (utc(2026, 11, 24, 6), None),
        ],
    )
    def test_a_night_crosses_midnight(self, at: datetime, until: datetime | None) -> None:
        assert quiet_until(Schedule(), at) == until

    def test_a_night_in_which_the_clock_goes_forward_is_an_hour_shorter(self) -> None:
        saturday_evening = utc(2026, 3, 28, 19)

        assert quiet_until(Schedule(), saturday_evening) == saturday_evening + timedelta(hours=10)

    def test_a_night_in_which_the_clock_goes_back_is_an_hour_longer(self) -> None:
        saturday_evening = utc(2026, 10, 24, 18)

        assert quiet_until(Schedule(), saturday_evening) == saturday_evening + timedelta(hours=12)

    def test_a_night_ends_once_when_the_clock_goes_back_over_its_end(self) -> None:
        schedule = daily(time="12:00", quiet="20:00-02:30")

        assert quiet_until(schedule, utc(2026, 10, 25, 0, 29)) == utc(2026, 10, 25, 0, 30)
        assert quiet_until(schedule, utc(2026, 10, 25, 1, 15)) is None

    def test_without_quiet_hours_it_is_never_quiet(self) -> None:
        assert quiet_until(daily(), utc(2026, 11, 24, 2)) is None

    @given(schedules(), INSTANTS)
    def test_when_they_end_it_is_no_longer_quiet(self, schedule: Schedule, at: datetime) -> None:
        until = quiet_until(schedule, at)

        if until is not None:
            assert at < until <= at + timedelta(hours=27)
            assert quiet_until(schedule, until) is None
        elif schedule.quiet is not None and schedule.quiet.holds(local(schedule, at).time()):
            # The clock went back over the end of the night.
            assert local(schedule, at).utcoffset() != local(schedule, at - timedelta(hours=3)).utcoffset()


class TestExpiry:
    def test_a_lesson_may_leave_until_the_end_of_grace(self) -> None:
        assert expiry(Schedule(), utc(2026, 11, 23, 7, 30)) == utc(2026, 11, 23, 10, 30)

    def test_quiet_hours_end_it_earlier(self) -> None:
        assert expiry(Schedule(time="19:00"), utc(2026, 11, 23, 18)) == utc(2026, 11, 23, 19)

    @pytest.mark.parametrize("quiet", ["00:30-07:00", "none"])
    def test_midnight_ends_it_where_quiet_hours_do_not(self, quiet: str) -> None:
        schedule = daily(time="23:00", quiet=quiet, grace="12h")

        assert expiry(schedule, utc(2026, 11, 23, 22)) == utc(2026, 11, 23, 23)

    def test_quiet_hours_that_a_change_of_clock_skips_end_nothing(self) -> None:
        schedule = daily(time="01:30", quiet="02:15-02:45")

        assert expiry(schedule, utc(2026, 3, 29, 0, 30)) == utc(2026, 3, 29, 3, 30)
        assert expiry(schedule, utc(2026, 3, 30, 23, 30)) == utc(2026, 3, 31, 0, 15)

    def test_inside_quiet_hours_nothing_may_leave(self) -> None:
        at = utc(2026, 11, 23, 21)

        assert expiry(Schedule(), at) == at

    def test_a_slot_is_missed_once_it_has_expired(self) -> None:
        due = utc(2026, 11, 23, 7, 30)

        assert not missed(Schedule(), due, due + timedelta(hours=3) - timedelta(microseconds=1))
        assert missed(Schedule(), due, due + timedelta(hours=3))

    @given(schedules(), INSTANTS)
    def test_nothing_may_leave_from_the_start_of_quiet_hours_on(
        self, schedule: Schedule, at: datetime
    ) -> None:
        end = expiry(schedule, at)

        assert at <= end <= at + schedule.grace
        if end > at:
            assert quiet_until(schedule, end - timedelta(microseconds=1)) is None
            assert quiet_until(schedule, at) is None
        if at <= end < at + schedule.grace and local_date(schedule, end) == local_date(schedule, at):
            assert quiet_until(schedule, end) is not None


class TestSpread:
    def test_without_a_window_everyone_is_due_at_the_hour(self) -> None:
        assert spread(Schedule(), "a1") == timedelta(0)

    def test_it_is_the_same_in_every_process(self) -> None:
        program = (
            "from config.schedule import Schedule, spread; "
            "print(spread(Schedule.model_validate({'window': '1h'}), 'a1').total_seconds())"
        )

        ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

        assert float(ran.stdout) == spread(Schedule(window="1h"), "a1").total_seconds()

    def test_learners_fill_the_window_evenly(self) -> None:
        schedule = Schedule(window="1h")

        offsets = [spread(schedule, f"learner-{n}") for n in range(6000)]

        by_ten_minutes = [
            sum(n <= offset / timedelta(minutes=10) < n + 1 for offset in offsets) for n in range(6)
        ]
        assert sum(by_ten_minutes) == 6000
        assert all(850 < count < 1150 for count in by_ten_minutes)

    def test_the_last_hour_before_quiet_hours_is_left_free(self) -> None:
        schedule = Schedule(time="18:30", window="4h")

        assert max(spread(schedule, str(n)) for n in range(2000)) < timedelta(minutes=30)
        assert spread(Schedule(time="19:30", window="4h"), "a1") == timedelta(0)

    @given(schedules(), INSTANTS, st.text(max_size=30))
    def test_it_pushes_nobody_into_quiet_hours_or_the_next_date(
        self, schedule: Schedule, after: datetime, seed: str
    ) -> None:
        slot = next_slot(schedule, after)
        offset = spread(schedule, seed)

        assert timedelta(0) <= offset <= schedule.window
        two_hours_at_once = schedule.time_zone == "Antarctica/Troll"
        if offset and quiet_until(schedule, slot.at) is None and not two_hours_at_once:
            assert local_date(schedule, slot.at + offset) == slot.day
            assert expiry(schedule, slot.at + offset) > slot.at + offset


class TestDays:
    def test_a_day_off_is_no_day_of_the_schedule_or_a_holiday(self) -> None:
        assert is_day_off(Schedule(), date(2026, 11, 22))
        assert is_day_off(Schedule(), date(2026, 11, 11))
        assert not is_day_off(Schedule(), date(2026, 11, 23))
        assert not is_day_off(Schedule(holidays="none"), date(2026, 11, 11))

    def test_the_local_date_is_that_of_the_zone(self) -> None:
        at = utc(2026, 11, 23, 23, 30)

        assert local_date(Schedule(), at) == date(2026, 11, 24)
        assert local_date(Schedule(time_zone="America/Martinique"), at) == date(2026, 11, 23)
