# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Is the pace kept, and no more waited than it takes?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pacing import BURST, Bucket, Pace, Pacing, Quota, Senders

rates = st.floats(0.5, 50)


@given(rates, st.integers(1, 10), st.lists(st.floats(0, 2), min_size=1, max_size=60))
def test_a_bucket_never_gives_more_than_its_rate_and_its_size(
    rate: float, size: int, pauses: list[float]
) -> None:
    bucket, now, taken = Bucket(rate, size), 0.0, 0
    for pause in pauses:
        now += pause
        while bucket.tokens(now):
            bucket.take(now)
            taken += 1
        assert taken <= rate * now + size + 1e-6


@given(rates, st.integers(1, 10), st.integers(1, 30))
def test_after_the_wait_there_is_a_token_and_not_before(rate: float, size: int, taken: int) -> None:
    bucket = Bucket(rate, size)
    for _ in range(taken):
        bucket.take(5.0)
    wait = bucket.wait(5.0)
    assert bucket.tokens(5.0 + wait + 1e-6) >= 1
    assert (wait < 1e-6) == (bucket.tokens(5.0) > 0)
    if wait > 1e-3:
        assert bucket.tokens(5.0 + wait - 1e-3 / rate) == 0


def test_a_bucket_without_a_rate_has_no_limit() -> None:
    bucket = Bucket(0, 1)
    for _ in range(1000):
        bucket.take(0.0)
    assert bucket.tokens(0.0) > 1000
    assert bucket.wait(0.0) == 0


def test_an_account_sends_at_its_rate_in_bursts_of_a_tenth_of_a_second() -> None:
    pacing = Pacing(Pace(rate=30, in_flight=100, address_rate=0))
    assert pacing.places(0.0, 0) == int(30 * BURST) == 3
    sent, now = 0, 0.0
    while now < 10:
        for _ in range(pacing.places(now, 0)):
            pacing.took(sent, now)
            sent += 1
        now += 0.01
    assert sent == pytest.approx(300, abs=4)


def test_a_slow_account_still_sends_one_at_a_time() -> None:
    pacing = Pacing(Pace(rate=1, in_flight=8))
    assert pacing.places(0.0, 0) == 1
    pacing.took(1, 0.0)
    assert pacing.places(0.5, 0) == 0
    assert pacing.wait(0.5) == pytest.approx(0.5)
    assert pacing.places(1.0, 0) == 1


def test_what_is_under_way_takes_places() -> None:
    pacing = Pacing(Pace(rate=0, in_flight=8))
    assert [pacing.places(0.0, under_way) for under_way in (0, 5, 8, 9)] == [8, 3, 0, 0]


def test_an_address_rests_after_its_burst_and_the_others_go_on() -> None:
    pacing = Pacing(Pace(rate=0, in_flight=8, address_rate=1.0, address_burst=3))
    for _ in range(3):
        assert pacing.resting(0.0) == frozenset()
        pacing.took(1, 0.0)
    pacing.took(2, 0.0)
    assert pacing.resting(0.0) == {1}
    assert pacing.wait(0.0) == pytest.approx(1.0)
    assert pacing.resting(1.01) == frozenset()


def test_a_held_account_starts_nothing() -> None:
    pacing = Pacing(Pace(rate=0, in_flight=8))
    pacing.hold(5, 10.0)
    pacing.hold(1, 10.0)
    assert pacing.places(14.9, 0) == 0
    assert pacing.wait(12.0) == pytest.approx(3.0)
    assert pacing.places(15.0, 0) == 8


def test_a_flood_from_one_sender_costs_the_others_nothing() -> None:
    senders = Senders(rate=2.0, size=20)
    assert sum(senders.allow("flood", 0.0) for _ in range(100)) == 20
    assert senders.allow("someone else", 0.0)
    assert not senders.allow("flood", 0.4)
    assert senders.allow("flood", 0.6)


def test_a_first_command_in_ten_seconds_is_allowed_amid_a_flood_and_its_repeats_are_one() -> None:
    senders = Senders(rate=2.0, size=20)
    for _ in range(100):
        senders.allow("someone", 0.0)
    assert not senders.allow("someone", 0.1)
    for command in ("stop", "pause"):
        assert sum(senders.allow("someone", 0.1, command) for _ in range(10)) == 1
    for _ in range(100):
        senders.allow("someone", 10.0)
    assert not senders.allow("someone", 10.0, "stop")
    assert senders.allow("someone", 10.2, "stop")


def test_the_log_tells_of_a_sender_once_a_minute_and_of_all_that_were_dropped() -> None:
    senders = Senders(rate=2.0, size=20)
    assert [senders.dropped("flood", second / 10) for second in range(600)] == [1] + [0] * 599
    assert senders.dropped("other", 30.0) == 1
    assert senders.dropped("flood", 60.0) == 600


def test_senders_who_are_silent_again_are_forgotten() -> None:
    senders = Senders(rate=2.0, size=20)
    for number in range(10_000):
        senders.allow(number, 0.0)
    senders.allow("late", 60.0)
    assert len(senders._known) == 1


def test_a_token_that_is_given_back_can_be_taken_again() -> None:
    senders = Senders(rate=2.0, size=20)
    for _ in range(100):
        assert senders.allow("repeated", 0.0)
        senders.give_back("repeated")
    assert sum(senders.allow("repeated", 0.0) for _ in range(100)) == 20
    senders.give_back("nobody")
    Senders(rate=0, size=1).give_back("anyone")


def test_a_quota_counts_each_sender_and_all_of_them_in_a_minute() -> None:
    quota = Quota(each=5, all=12)
    assert [quota.allow("a", 0.0) for _ in range(7)] == [True] * 5 + [False] * 2
    assert [quota.allow("b", 0.0) for _ in range(5)] == [True] * 5
    assert [quota.allow(sender, 0.0) for sender in "cdef"] == [True, True, False, False]
    assert quota.allow("e", 5.0), "one of all is free every five seconds"
    assert not quota.allow("a", 6.0)
    assert quota.allow("a", 13.0)
    assert quota.allow("a", 80.0)


def test_a_quota_forgets_who_asks_no_more() -> None:
    quota = Quota(each=5, all=10)
    for number in range(1000):
        assert quota.allow(number, 7.0 * number)
    assert len(quota._known) <= 20
