# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What did the operator decide? The settings, their defaults and bounds; `Settings.load` reads them."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, InitSettingsSource, SettingsConfigDict

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
    problem,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pydantic_core import ErrorDetails
    from pydantic_settings import PydanticBaseSettingsSource

_MASK = "***"
WAIVED = "none"
"""What stands for a key that the operator does without."""


class SettingsError(Exception):
    """The settings cannot be used. `problems`: one line each, in French; none holds a secret."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def _check_database(url: str) -> str:
    if len(url) <= 2000 and re.fullmatch(r"sqlite:///\S.*|postgresql://\S+", url):
        return url
    raise PydanticCustomError(
        "database",
        "base de données inconnue ; écrivez sqlite:///fichier.db ou postgresql://utilisateur@machine/nom",
    )


def _mask_database(url: str) -> str:
    """Greedy up to the last @: a password that was not escaped may hold one."""
    if url.startswith("sqlite:"):
        return url
    masked = re.sub(r"(//[^:/@]*):.*@", rf"\1:{_MASK}@", url)
    return re.sub(r"(?i)([?&][a-z]*password=)[^&]*", rf"\1{_MASK}", masked)


def _check_admin(address: str) -> str:
    if re.fullmatch(r"telegram:[0-9]{1,20}|matrix:\S{1,255}|console:\S{1,255}", address):
        return address
    raise PydanticCustomError(
        "admin",
        "un admin s'écrit canal:adresse, par exemple telegram:4711 (l'identifiant numérique, "
        "pas le pseudonyme) ou matrix:@a:example.org",
    )


def _check_token(token: SecretStr) -> SecretStr:
    if re.fullmatch(r"[0-9]{1,20}:[A-Za-z0-9_-]{3,128}", token.get_secret_value()):
        return token
    raise PydanticCustomError(
        "token",
        "ce n'est pas un jeton de bot Telegram ; recopiez, sans espace, celui que BotFather a donné "
        "(des chiffres, deux-points, des lettres)",
    )


def _check_url(url: str) -> str:
    if len(url) <= 500 and re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", url):
        return url
    raise PydanticCustomError("url", "doit être une adresse http:// ou https://, sans compte ni paramètres")


def _check_public_url(url: str) -> str:
    if len(url) <= 500 and re.fullmatch(r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?", url):
        return url
    raise PydanticCustomError(
        "public_url",
        "doit être une adresse https:// sans compte ni paramètres, par exemple https://bot.example.org/telegram",
    )


def _check_listen(listen: str) -> str:
    found = re.fullmatch(r"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.-]{1,253}):([0-9]{1,5})", listen)
    if found and 1 <= int(found[2]) <= 65535:
        return listen
    raise PydanticCustomError(
        "listen", "s'écrit adresse:port, par exemple 127.0.0.1:8080, avec un port de 1 à 65535"
    )


def _check_hook_secret(secret: SecretStr) -> SecretStr:
    if re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret.get_secret_value()):
        return secret
    raise PydanticCustomError(
        "hook_secret", "doit avoir de 1 à 256 lettres sans accent, chiffres, tirets ou soulignés"
    )


def _check_user(user: str) -> str:
    if len(user) <= 255 and re.fullmatch(r"@[!-9;-~]+:[A-Za-z0-9.:\[\]-]+", user):
        return user
    raise PydanticCustomError(
        "user", "un compte Matrix s'écrit @nom:serveur, par exemple @iaventure:example.org"
    )


def _check_server(server: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9.:\[\]-]{1,255}", server):
        return server
    raise PydanticCustomError(
        "server", "un serveur s'écrit comme après les deux-points d'un compte : example.org"
    )


def _check_endpoint(listen: str) -> str:
    return listen if listen == WAIVED else _check_listen(listen)


def _check_line(line: str) -> str:
    if re.fullmatch(r"\S(.{0,498}\S)?", line):
        return line
    raise PydanticCustomError(
        "line", "doit tenir sur une ligne de 500 caractères, sans espace au début ni à la fin"
    )


def _check_secret(secret: SecretStr) -> SecretStr:
    _check_line(secret.get_secret_value())
    return secret


Database = Annotated[str, AfterValidator(_check_database), PlainSerializer(_mask_database, when_used="json")]
Admin = Annotated[str, AfterValidator(_check_admin)]
Token = Annotated[
    SecretStr,
    AfterValidator(_check_token),
    PlainSerializer(lambda _: _MASK, return_type=str, when_used="json"),
]
Secret = Annotated[
    SecretStr,
    AfterValidator(_check_secret),
    PlainSerializer(lambda _: _MASK, return_type=str, when_used="json"),
]
HookSecret = Annotated[
    SecretStr,
    AfterValidator(_check_hook_secret),
    PlainSerializer(lambda _: _MASK, return_type=str, when_used="json"),
]
Line = Annotated[str, AfterValidator(_check_line)]
Url = Annotated[str, AfterValidator(_check_url)]
PublicUrl = Annotated[str, AfterValidator(_check_public_url)]
Listen = Annotated[str, AfterValidator(_check_listen)]


class _Group(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Webhook(_Group):
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


class Telegram(_Group):
    """The account on Telegram."""

    token: Token
    """What BotFather gave: secret."""
    base_url: Url = "https://api.telegram.org/bot"
    """Where the Bot API is; the token follows it."""
    base_file_url: Url = "https://api.telegram.org/file/bot"
    rate: Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)] = 30
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


class Matrix(_Group):
    """The account on Matrix or Tchap."""

    homeserver: Url
    """Where its homeserver is."""
    user_id: Annotated[str, AfterValidator(_check_user)]
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
    rate: Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)] = 1
    """Messages, joins and departures a second; 0: no limit of ours."""
    allowed_servers: Annotated[
        tuple[Annotated[str, AfterValidator(_check_server)], ...], Field(max_length=1000)
    ] = ()
    """Whose people may invite the bot; empty: anyone's."""


class Console(_Group):
    """The terminal, which has nothing to set."""


class Channels(_Group):
    """Where the bot talks; a channel that is absent does not run."""

    telegram: Telegram | None = None
    matrix: Matrix | None = None
    console: Console | None = None


class Metrics(_Group):
    """What a monitoring system is told."""

    listen: Annotated[str, AfterValidator(_check_endpoint)] = WAIVED
    """Where `/metrics` and `/health` are served, as `address:port`; `none`: nowhere."""


class Log(_Group):
    """What is told to the operator, and how."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["console", "json"] = "console"


class Settings(BaseSettings):
    """What the operator decides. Built directly, it knows its arguments and defaults only: see `load`."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    database: Database = Field(default="sqlite:///iaventure.db", repr=False)
    """A SQLite file or a PostgreSQL server; its URL may hold a password."""
    language: Literal["fr", "en"] = "fr"
    """What a learner is spoken to in until they choose."""
    admins: Annotated[tuple[Admin, ...], Field(max_length=1000)] = ()
    """Addresses (`channel:address`) that may publish lessons, read statistics and announce."""
    schedule: Schedule = Schedule()
    """When lessons come, until a learner chooses."""
    channels: Channels = Channels()
    retention: Retention = Retention()
    """How long what is of use for a while only is kept."""
    metrics: Metrics = Metrics()
    log: Log = Log()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only the arguments: `load` names its own sources, which know the place of each setting."""
        return (init_settings,)

    @classmethod
    def load(cls, config: Path | None = None, **overrides: Any) -> Settings:
        """The settings in force: overrides > environment > secret files > YAML > defaults; groups are merged.

        `config`: the YAML file; without it, `iaventure.yaml` in the current folder if there is one.
        `overrides`: what the command line gave, by the name of the setting; `None` counts as not given.
        Raises `SettingsError` with every problem found.
        """
        layers = (
            from_overrides(overrides),
            from_environment(cls, os.environ),
            from_secrets(cls, os.environ),
            from_file(config or Path("iaventure.yaml"), required=config is not None),
        )
        problems = [one for layer in layers for one in layer.problems]
        sources = tuple(InitSettingsSource(cls, init_kwargs=layer.values) for layer in layers)
        try:
            settings = cls(_build_sources=(sources, {}))
        except ValidationError as error:
            problems += [
                cls._explain(one, layers) for one in error.errors(include_input=False, include_url=False)
            ]
            raise SettingsError(problems) from None
        if problems:
            raise SettingsError(problems)
        return settings

    def masked(self) -> dict[str, Any]:
        """The settings in force, in the shape of the YAML file, with `***` for every secret."""
        return self.model_dump(mode="json", exclude_none=True)

    @classmethod
    def schema(cls) -> dict[str, Any]:  # type: ignore[override]
        """The JSON Schema of the YAML file."""
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
