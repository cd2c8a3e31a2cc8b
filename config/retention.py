# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Retention periods of rows that are of use for a while only. What must stay for each learner has no setting."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

MARGIN = timedelta(days=2)
"""How much longer erasures are kept than copies: those are deleted at night, and a service is not always running."""

_DAYS = r"([1-9][0-9]{0,3})d"
_MOST = 3650


def at_least(least: int) -> PlainValidator:
    """Return what reads a number of days such as `30d`, from `least` to 3650."""

    def parse(value: object) -> timedelta:
        days = _read(value)
        if least <= days <= _MOST:
            return timedelta(days=days)
        raise PydanticCustomError(
            "days_range", "la durée doit aller de {least}d à {most}d", {"least": least, "most": _MOST}
        )

    return PlainValidator(parse)


def _read(value: object) -> int:
    if isinstance(value, timedelta) and not value % timedelta(days=1):
        return value.days
    if isinstance(value, str) and (match := re.fullmatch(_DAYS, value)):
        return int(match[1])
    raise PydanticCustomError("days", "une durée de conservation s’écrit en jours, par exemple 30d")


DaysText = PlainSerializer(lambda value: f"{value.days}d", return_type=str, when_used="json")
DaysSchema = WithJsonSchema({"type": "string", "pattern": f"^{_DAYS}$"})


class Retention(BaseModel):
    """Whole days; the nightly job drops what is older."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    messages: Annotated[timedelta, at_least(14), DaysText, DaysSchema] = timedelta(days=30)
    """What came in and what left: events seen, rows of the outbox that ended, menus. Some events stay: see `storage.events`.

    At least two weeks: a broadcast lasts one, and knows by its rows whom it reached; the events of a channel may be told
    again after a restored backup.
    """
    answers: Annotated[timedelta, at_least(30), DaysText, DaysSchema] = timedelta(days=400)
    """Questions with the answers given to them; a learner's totals and days stay."""
    attestations: Annotated[timedelta, at_least(30), DaysText, DaysSchema] = timedelta(days=1095)
    """What an attestation is verified by, since it was issued: it holds neither the name nor the code. The paper says so."""
