# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How long things are kept is told in days, within bounds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import ValidationError

from config.retention import Retention
from storage import broadcasts


def refusal(**given: object) -> tuple[str, str]:
    """The type and the sentence of the one error."""
    with pytest.raises(ValidationError) as refused:
        Retention.model_validate(given)
    (error,) = refused.value.errors()
    return error["type"], error["msg"]


def test_days_come_back_as_they_were_written() -> None:
    kept = Retention.model_validate({"messages": "14d", "answers": "3650d"})
    assert kept == Retention(messages=timedelta(days=14), answers=timedelta(days=3650))
    written = {"messages": "14d", "answers": "3650d", "attestations": "1095d"}
    assert kept.model_dump(mode="json") == written


def test_the_json_schema_shows_defaults_as_they_are_written() -> None:
    properties = Retention.model_json_schema(mode="serialization")["properties"]
    assert {name: field["default"] for name, field in properties.items()} == Retention().model_dump(
        mode="json"
    )


def test_a_length_is_a_whole_number_of_days(subtests: pytest.Subtests) -> None:
    told = ("days", "une durée de conservation s’écrit en jours, par exemple 30d")
    lengths = ["30", "030d", "0d", "-5d", "1.5d", "30 d", "30D", "4w", "99999d", "", "30d\n", 30, None, "24h"]
    for length in lengths:
        with subtests.test(length=length):
            assert refusal(messages=length) == told


def test_hours_are_no_days() -> None:
    assert refusal(answers=timedelta(days=30, hours=1))[0] == "days"


@pytest.mark.parametrize(
    ("field", "length", "least"), [("messages", "13d", 14), ("answers", "29d", 30), ("answers", "3651d", 30)]
)
def test_a_length_keeps_within_its_bounds(field: str, length: str, least: int) -> None:
    assert refusal(**{field: length}) == ("days_range", f"la durée doit aller de {least}d à 3650d")


def test_messages_outlive_the_broadcast_that_knows_by_them_whom_it_reached() -> None:
    assert refusal(messages=broadcasts.LASTS)[0] == "days_range"
