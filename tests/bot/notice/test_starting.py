# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""May a database go without a name for thirty days after its upgrade, and are the admins told each day?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.notice import starting
from bot.notice.facts import Facts
from bot.service import Service
from bot.talk.turn import Rules
from config.privacy import Privacy
from config.schedule import Schedule
from config.settings import SettingsError
from storage import counters
from tests.bot.builders import Town
from tests.bot.service.test_isolating import Reach

UNNAMED = Facts(channels=("telegram", "console"))


def test_only_a_messenger_needs_a_name() -> None:
    assert starting.missing(Facts()) == ()
    assert starting.missing(UNNAMED) == ("privacy.controller", "privacy.dpo", "privacy.key")
    unsealed = Privacy(controller="none", dpo="none")
    assert starting.missing(Facts(unsealed, channels=("matrix",))) == ("privacy.key",)
    waived = Privacy.model_validate({"controller": "none", "dpo": "none", "key": "none"})
    assert starting.missing(Facts(waived, channels=("matrix",))) == ()


def test_a_database_may_do_without_for_thirty_days_after_its_upgrade(town: Town) -> None:
    with pytest.raises(SettingsError):
        town.store.read_now(starting.require, UNNAMED, town.now)
    town.store.write_now(counters.put, starting.UPGRADED, int(town.now.timestamp()))
    until = town.now + starting.GRACE
    for now in (town.now, until - timedelta(seconds=1)):
        assert town.store.read_now(starting.require, UNNAMED, now) == until
    with pytest.raises(SettingsError, match=r"privacy\.dpo: réglage obligatoire"):
        town.store.read_now(starting.require, UNNAMED, until)
    assert town.store.read_now(starting.require, Facts(), until) is None


async def test_the_admins_are_told_once_a_day(town: Town) -> None:
    mayor = town.learner("mairie")
    town.store.write_now(counters.put, starting.UPGRADED, int(town.now.timestamp()))
    rules = Rules(Schedule(), "fr", town.admins, UNNAMED)
    service = Service(town.store, [Reach()], rules, now=lambda: town.now)
    for _ in range(2):
        await service.telling.remind_admins()
    town.deliver()
    assert mayor.heard().count("cessera de fonctionner le 23 décembre 2026") == 1
    town.wait(days=1)
    await service.telling.remind_admins()
    town.deliver()
    assert mayor.heard().count("cessera de fonctionner") == 2
