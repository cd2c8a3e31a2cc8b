# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Is what changed named, and is what people are told of told apart from the rest?"""

from __future__ import annotations

from typing import Any

import pytest

from bot.notice.facts import Facts, differences
from config.settings import Settings

NAMED = {"name": "Ville", "address": "1 place", "contact": "a@exemple.org"}
BEFORE: dict[str, Any] = {
    "privacy": {"controller": NAMED, "dpo": "none"},
    "channels": {"telegram": {"token": "123456:ABC-test"}},
}
MATRIX = {"homeserver": "https://matrix.exemple.org", "user_id": "@a:exemple.org", "store_key": "none"}


def facts(**changed: Any) -> Facts:
    return Facts.of(Settings.model_validate({**BEFORE, **changed}))


def privacy(**changed: Any) -> dict[str, Any]:
    return {"privacy": {**BEFORE["privacy"], **changed}}


@pytest.mark.parametrize(
    ("changed", "name", "material"),
    [
        (privacy(controller={**NAMED, "contact": "b@exemple.org"}), "controller.contact", False),
        (privacy(dpo={"contact": "dpo@exemple.org"}), "dpo", False),
        (privacy(controller={**NAMED, "name": "Département"}), "controller", True),
        (privacy(ground="consent"), "ground", True),
        (privacy(host={"name": "x", "country": "FR"}), "host", True),
        (privacy(recipients=["y"]), "recipients", True),
        (privacy(backups="31d"), "backups", True),
        (privacy(backups="29d"), "backups", False),
        ({"retention": {"messages": "14d"}}, "messages", False),
        ({"retention": {"answers": "401d"}}, "answers", True),
        ({"retention": {"attestations": "2000d"}}, "attestations", True),
        (privacy(inactive="90d"), "inactive", False),
        (privacy(inactive="181d"), "inactive", True),
        (privacy(audit="1096d"), "audit", True),
        (privacy(key="c2l4dGVlbiBieXRlcyB0d2ljZSBvdmVyIGhlcmUhISE="), "sealed", False),
        ({"access": "code"}, "newcomers", False),
        ({"channels": {**BEFORE["channels"], "console": {}}}, "channels", True),
    ],
)
def test_each_difference_between_two_notices_is_named(
    changed: dict[str, Any], name: str, *, material: bool
) -> None:
    found = {one.name: one for one in differences(facts().record(), facts(**changed).record())}
    assert found[name].material is material
    assert str(found[name]).startswith(f"{name}: ")


def test_nothing_differs_from_itself_and_everything_from_what_was_never_written_down() -> None:
    assert list(differences(facts().record(), facts().record())) == []
    known = {name for name, value in facts().record().items() if value}
    assert {one.name for one in differences(None, facts().record())} == known


def test_the_channels_that_run_are_those_of_the_settings() -> None:
    assert Facts.of(Settings()).channels == ("console",)
    assert not Facts.of(Settings()).serves_messenger
    both = facts(channels={**BEFORE["channels"], "matrix": MATRIX})
    assert (both.channels, both.server) == (("telegram", "matrix"), "matrix.exemple.org")
    assert both.serves_messenger
