# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What was leaving when a process died: when does the next one send it again?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.messages import Event
from bot.service.inbound import receive
from bot.service.outbound import Step, step, take_over
from bot.talk import reception
from bot.talk.turn import Rules
from storage import counters
from storage.outbox import claims
from tests.bot.builders import BUTTONS, Town

OLD = claims.token_of("DEVICE-A", "11111111")


def claim(town: Town, token: str) -> Step:
    return town.store.write_now(step, "telegram", token, BUTTONS, (), 8, (), town.now)


@pytest.fixture
def leaving(town: Town) -> Town:
    """An answer was claimed by a process that was killed before it marked it."""
    event = Event("telegram", "e1", "claire", town.now, text="aide")
    rules = Rules(town.schedule, "fr", town.admins)
    town.store.write_now(receive, reception.read(event, rules), rules, BUTTONS, town.now)
    assert len(claim(town, OLD).attempts) == 1
    return town


@pytest.mark.parametrize("process", ["11111111", "22222222"])
def test_from_the_same_device_it_leaves_again_at_once(leaving: Town, process: str) -> None:
    token = claims.token_of("DEVICE-A", process)
    assert claim(leaving, token).attempts == ()
    assert leaving.store.write_now(take_over, "telegram", token, leaving.now) == 1
    assert len(claim(leaving, token).attempts) == 1
    assert leaving.store.read_now(counters.read) == {"sent.taken-over": 1}


def test_from_another_device_it_is_uncertain_and_waits_as_such(leaving: Town) -> None:
    token = claims.token_of("DEVICE-B", "22222222")
    assert leaving.store.write_now(take_over, "telegram", token, leaving.now) == 1
    turned = claim(leaving, token)
    assert turned.attempts == ()
    assert turned.next_ready == leaving.now + timedelta(seconds=5)
    leaving.wait(seconds=5)
    (attempt,) = claim(leaving, token).attempts
    assert attempt.row.attempts == 1
    assert leaving.store.read_now(counters.read) == {"sent.taken-over": 1, "sent.uncertain": 1}


def test_nothing_was_leaving(town: Town) -> None:
    assert town.store.write_now(take_over, "telegram", OLD, town.now) == 0
    assert town.store.read_now(counters.read) == {}
