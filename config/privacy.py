# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What a public body says of its processing: who answers for it, on which ground, who sees the data, how long it is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, WrapValidator
from pydantic_core import PydanticCustomError

from config.fields import WAIVED, Group, Key, Line
from config.retention import DaysSchema, DaysText, at_least

NAME = 80
"""Characters of the controller's name: it stands in the notice's first layer, which is read on a phone."""
REQUIRED = ("controller", "dpo", "key")
"""What must be given, or waived, before a messenger is served."""
Waived = Literal["none"]
"""Written in the place of a group: the operator does without, and says so."""
Ground = Literal["public_interest", "legal_obligation", "consent"]
"""The legal ground of the processing: article 6.1 (e), (c) or (a) of the GDPR."""


def _check_name(name: str) -> str:
    if len(name) <= NAME:
        return name
    raise PydanticCustomError("name", "doit tenir en {most} caractères", {"most": NAME})


def _check_country(country: str) -> str:
    if len(country) == 2 and country.isascii() and country.isalpha() and country.isupper():
        return country
    raise PydanticCustomError("country", "un pays s’écrit par son code de deux lettres, par exemple FR")


Name = Annotated[Line, AfterValidator(_check_name)]


class Controller(Group):
    """Who decides why and how data are processed, and answers for it: GDPR article 13.1 (a)."""

    name: Name
    address: Line
    """Where it is reached by post."""
    contact: Line
    """An e-mail address, a telephone number or a page."""


class Dpo(Group):
    """The data-protection officer: GDPR article 13.1 (b)."""

    contact: Line


class Host(Group):
    """Whose machine the service and its database are on."""

    name: Name
    country: Annotated[str, AfterValidator(_check_country)]
    """Two capitals: ISO 3166-1."""


def _or_waived(group: type[Group]) -> WrapValidator:
    """Return what reads a group or `none`. A union would report what is wrong once for each of its members."""

    def read(value: Any, _: Callable[[Any], Any]) -> Any:
        return value if value is None or value == "none" else group.model_validate(value)

    return WrapValidator(read)


class Privacy(Group):
    """What the notice says beside durations and channels, and what keeps an erasure true after the database."""

    controller: Annotated[Controller | Waived | None, _or_waived(Controller)] = None
    """Required to serve a messenger; `none` does without, and the notice says so."""
    dpo: Annotated[Dpo | Waived | None, _or_waived(Dpo)] = None
    """Likewise."""
    ground: Ground = "public_interest"
    """For a public body: its task or its obligation, participation being voluntary. An employer hardly has consent."""
    legal_text: Line | None = None
    """The text that the task or the obligation comes from."""
    host: Host | None = None
    recipients: Annotated[tuple[Line, ...], Field(max_length=50)] = ()
    """Who sees the data besides those who run the service, the host and the messengers."""
    inactive: Annotated[timedelta, at_least(30), DaysText, DaysSchema] = timedelta(days=180)
    """How long somebody may be silent."""
    audit: Annotated[timedelta, at_least(30), DaysText, DaysSchema] = timedelta(days=1095)
    """How long it is kept who administered."""
    journal: Line = "erasures.log"
    """The file that lists erasures for restored copies, beside a SQLite file or in the current folder."""
    backups: Annotated[timedelta, at_least(1), DaysText, DaysSchema] = timedelta(days=30)
    """How long copies of the database are kept: goodbyes say so, and the journal reaches two days further back."""
    key: Key | None = None
    """Seals addresses in the database; `none`, as without it, leaves them in clear. Required likewise."""

    @property
    def sealed(self) -> bool:
        """Whether addresses are sealed in the database."""
        return self.key is not None and self.key.get_secret_value() != WAIVED

    @property
    def missing(self) -> tuple[str, ...]:
        """The settings without which no messenger is served."""
        return tuple(name for name in REQUIRED if getattr(self, name) is None)

    @property
    def waived(self) -> tuple[str, ...]:
        """The settings that the operator does without."""
        unsealed = self.key is not None and not self.sealed
        return tuple(
            name for name in REQUIRED if getattr(self, name) == WAIVED or (name == "key" and unsealed)
        )
