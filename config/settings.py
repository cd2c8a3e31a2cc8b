# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Settings of the operator, with their defaults and bounds; `Settings.load` reads them from every source."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from config.errors import INPUT, IaventureError
from config.fields import (
    WAIVED,
    Admin,
    Database,
    Group,
    HookSecret,
    Line,
    Listen,
    PublicUrl,
    Rate,
    Secret,
    Server,
    Token,
    Url,
    User,
    check_listen,
)
from config.privacy import Privacy
from config.retention import Retention
from config.schedule import Schedule
from config.sources import (
    Layer,
    from_environment,
    from_file,
    from_overrides,
    from_secrets,
    kind_at,
    locate,
    merged,
    problem,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pydantic_core import ErrorDetails


class SettingsError(IaventureError):
    """The settings cannot be used. `problems`: one line each, in French; none holds a secret."""

    exit_code = INPUT

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))

    @property
    def lines(self) -> tuple[str, ...]:
        """The problems, one line each."""
        return self.problems


def _check_endpoint(listen: str) -> str:
    return listen if listen == WAIVED else check_listen(listen)


class Webhook(Group):
    """Where Telegram posts what people do."""

    url: PublicUrl
    """What the world sees; a reverse proxy passes it on, its path unchanged."""
    listen: Listen = "127.0.0.1:8080"
    """Where the reverse proxy passes it on to."""
    secret: HookSecret | None = None
    """What Telegram says to be known by; without it, one is made from the token."""

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of `listen`."""
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)


class Telegram(Group):
    """The account on Telegram."""

    token: Token
    """What BotFather gave: secret."""
    base_url: Url = "https://api.telegram.org/bot"
    """Where the Bot API is; the token follows it."""
    base_file_url: Url = "https://api.telegram.org/file/bot"
    rate: Rate = 30
    """Messages a second; 0: no limit of ours."""
    in_flight: Annotated[int, Field(ge=1, le=1000)] = 8
    """Sends under way at once."""
    mode: Literal["polling", "webhook"] = "polling"
    """Whether what people do is fetched, or posted to us."""
    webhook: Webhook | None = None
    """For the mode `webhook` only."""

    @model_validator(mode="after")
    def _can_be_posted_to(self) -> Self:
        if self.mode == "webhook" and self.webhook is None:
            raise PydanticCustomError(
                "mode", "le mode webhook demande une adresse publique ; ajoutez webhook.url, ou ôtez mode"
            )
        return self


class Matrix(Group):
    """The account on Matrix or Tchap."""

    homeserver: Url
    """Where its homeserver is."""
    user_id: User
    password: Secret | None = None
    """For `iaventure matrix login` only."""
    access_token: Secret | None = None
    """Instead of a password, for `iaventure matrix login` only."""
    device_id: Line | None = None
    """The device that the token belongs to."""
    recovery_key: Secret | None = None
    """Signs our device, for an account that a person made; for `iaventure matrix verify` only."""
    store: Line = "iaventure-matrix"
    """The folder of keys, token and device: one secret."""
    store_key: Secret
    """What encrypts the folder; `none` waives it."""
    rate: Rate = 1
    """Messages, joins and departures a second; 0: no limit of ours."""
    allowed_servers: Annotated[tuple[Server, ...], Field(max_length=1000)] = ()
    """Whose people may invite the bot; empty: anyone's."""


class Console(Group):
    """The terminal, which has nothing to set."""


class Channels(Group):
    """Where the bot talks; a channel that is absent does not run."""

    telegram: Telegram | None = None
    matrix: Matrix | None = None
    console: Console | None = None


class Metrics(Group):
    """What a monitoring system is told."""

    listen: Annotated[str, AfterValidator(_check_endpoint)] = WAIVED
    """Where `/metrics` and `/health` are served, as `address:port`; `none`: nowhere."""


class Log(Group):
    """What is told to the operator, and how."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["console", "json"] = "console"


class Settings(Group):
    """What the operator decides. Built directly, it knows its arguments and defaults only: see `load`."""

    database: Database = Field(default="sqlite:///iaventure.db", repr=False)
    """A SQLite file or a PostgreSQL server; its URL may hold a password."""
    language: Literal["fr", "en"] = "fr"
    """What a learner is spoken to in until they choose."""
    admins: Annotated[tuple[Admin, ...], Field(max_length=1000)] = ()
    """Addresses (`channel:address`) that may publish lessons, read statistics and announce."""
    schedule: Schedule = Schedule()
    """When lessons come, until a learner chooses."""
    channels: Channels = Channels()
    access: Literal["open", "code"] = "open"
    """Whether anybody may begin, or only with a code that `iaventure access code` makes."""
    retention: Retention = Retention()
    """How long what is of use for a while only is kept."""
    privacy: Privacy = Privacy()
    metrics: Metrics = Metrics()
    log: Log = Log()

    @property
    def journal(self) -> Path:
        """Where the erasure journal is."""
        file = self.database.removeprefix("sqlite:///") if self.database.startswith("sqlite:///") else ""
        return (Path(file).parent if file else Path()).absolute() / self.privacy.journal

    @classmethod
    def load(cls, config: Path | None = None, **overrides: Any) -> Settings:
        """Return the settings in force: overrides > environment > secret files > YAML > defaults.

        Groups are merged setting by setting; lists are replaced whole.

        Args:
            config: the YAML file; without it, `iaventure.yaml` in the current folder if there is one.
            overrides: options of the command line, by the name of the setting; `None` counts as not given.

        Raises:
            SettingsError: with every problem of every source.
        """
        layers = (
            from_overrides(overrides),
            from_environment(cls, os.environ),
            from_secrets(cls, os.environ),
            from_file(config or Path("iaventure.yaml"), required=config is not None),
        )
        problems = [line for layer in layers for line in layer.problems]
        try:
            settings = cls.model_validate(merged(layers, cls.model_fields))
        except ValidationError as error:
            details = error.errors(include_input=False, include_url=False)
            raise SettingsError([*problems, *(cls._explain(detail, layers) for detail in details)]) from None
        if problems:
            raise SettingsError(problems)
        return settings

    def masked(self) -> dict[str, Any]:
        """Return the settings in force, in the shape of the YAML file, with `***` for every secret."""
        return self.model_dump(mode="json", exclude_none=True)

    @classmethod
    def schema(cls) -> dict[str, Any]:  # type: ignore[override]
        """Return the JSON Schema of the YAML file."""
        return cls.model_json_schema(mode="serialization")  # the mode that shows defaults as they are written

    @classmethod
    def _explain(cls, error: ErrorDetails, layers: Sequence[Layer]) -> str:
        path, kind = error["loc"], error["type"]
        what = error["msg"]
        if kind in _SENTENCES:
            what = _SENTENCES[kind].format(**error.get("ctx", {})).replace("' or '", "' ou '")
        if kind == "extra_forbidden":
            accepted = ", ".join(kind_at(cls, path[:-1]).model_fields)
            what = f"réglage inconnu ; ici sont acceptés : {accepted or 'aucun'}"
        return problem(locate(layers, path), path, what)


_SENTENCES = {
    "missing": "réglage obligatoire absent ; ajoutez-le",
    "literal_error": "doit valoir {expected}",
    "string_type": "doit être un texte",
    "int_type": "doit être un nombre entier",
    "int_parsing": "doit être un nombre entier",
    "int_parsing_size": "doit être un nombre entier plus petit",
    "int_from_float": "doit être un nombre entier",
    "float_type": "doit être un nombre",
    "float_parsing": "doit être un nombre",
    "finite_number": "doit être un nombre fini",
    "greater_than_equal": "doit être au moins {ge:g}",
    "less_than_equal": "doit être au plus {le:g}",
    "too_short": "doit avoir au moins {min_length} élément",
    "too_long": "doit avoir au plus {max_length} éléments",
    "tuple_type": "doit être une liste, comme [a, b]",
    "model_type": "doit être un groupe de réglages, un par ligne, en retrait",
}
"""What pydantic's own errors say to a French operator. The other types are ours and say it themselves."""
