# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A course that moves while something is under way to the newcomer who was met in its new place breaks nothing."""

from __future__ import annotations

from bot.channels import Gone, Throttled
from bot.messages import Event, Kind
from bot.service.inbound import receive
from bot.service.outbound import Outcome, settle, step
from bot.talk import reception
from bot.talk.turn import Rules
from tests.bot.builders import BUTTONS, Town


def test_what_was_under_way_to_a_row_that_went_is_settled_to_nothing(town: Town) -> None:
    rules = Rules(town.schedule, "fr", frozenset())
    for number, failure in enumerate((None, Gone("left"), Throttled(3))):
        account, room = f"@ann{number}:x", f"second {number}"
        first = town.learner(f"first {number}", sender=account)
        greeting = Event("telegram", f"g{number}", room, town.now, Kind.GREETING, sender=account)
        town.store.write_now(receive, reception.read(greeting, rules), rules, BUTTONS, town.now)
        (attempt,) = town.store.write_now(step, "telegram", "token", BUTTONS, (), 8, (), town.now).attempts
        assert attempt.row.address == room
        word = Event("telegram", f"w{number}", room, town.now, text="progression", sender=account)
        town.store.write_now(receive, reception.read(word, rules), rules, BUTTONS, town.now)
        town.store.write_now(settle, [Outcome(attempt.row, town.now, "ref", failure)], town.now)
        town.deliver()
        second = town.person(room)
        assert "Leçons reçues" in second.heard()
        assert "écrivez-moi un mot" not in second.heard()
        assert second.learner.state == "active"
        assert first.heard().count("Leçons reçues") == 0
