# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Groups of settings, and their values, with what refuses them in French. No refusal repeats the value."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, SecretStr
from pydantic_core import PydanticCustomError

_MASK = "***"
WAIVED = "none"
"""What stands for a key that the operator does without."""


class Group(BaseModel):
    """Settings that stand together in the YAML file. None of another name is accepted."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


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
        "un admin s’écrit canal:adresse, par exemple telegram:4711 (l’identifiant numérique, "
        "pas le pseudonyme) ou matrix:@a:example.org",
    )


def _check_token(token: SecretStr) -> SecretStr:
    if re.fullmatch(r"[0-9]{1,20}:[A-Za-z0-9_-]{3,128}", token.get_secret_value()):
        return token
    raise PydanticCustomError(
        "token",
        "ce n’est pas un jeton de bot Telegram ; recopiez, sans espace, celui que BotFather a donné "
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


def check_listen(listen: str) -> str:
    """Return an `address:port` as it is.

    Raises:
        PydanticCustomError: it is something else, or the port is not from 1 to 65535.
    """
    match = re.fullmatch(r"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.-]{1,253}):([0-9]{1,5})", listen)
    if match and 1 <= int(match[2]) <= 65535:
        return listen
    raise PydanticCustomError(
        "listen", "s’écrit adresse:port, par exemple 127.0.0.1:8080, avec un port de 1 à 65535"
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
        "user", "un compte Matrix s’écrit @nom:serveur, par exemple @iaventure:example.org"
    )


def _check_server(server: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9.:\[\]-]{1,255}", server):
        return server
    raise PydanticCustomError(
        "server", "un serveur s’écrit comme après les deux-points d’un compte : example.org"
    )


def _check_line(line: str) -> str:
    if re.fullmatch(r"\S(.{0,498}\S)?", line):
        return line
    raise PydanticCustomError(
        "line", "doit tenir sur une ligne de 500 caractères, sans espace au début ni à la fin"
    )


def _check_secret(secret: SecretStr) -> SecretStr:
    _check_line(secret.get_secret_value())
    return secret


def _check_key(key: SecretStr) -> SecretStr:
    text = key.get_secret_value()
    if text == WAIVED:
        return key
    try:
        content = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if len(content) == 32:
        return key
    raise PydanticCustomError(
        "key",
        "une clé a 32 octets, écrits en base64 ; « openssl rand -base64 32 » en fait une ; none y renonce",
    )


_Masked = PlainSerializer(lambda _: _MASK, return_type=str, when_used="json")

Database = Annotated[str, AfterValidator(_check_database), PlainSerializer(_mask_database, when_used="json")]
"""URL of a SQLite file or of a PostgreSQL server; its password is masked in JSON."""
Admin = Annotated[str, AfterValidator(_check_admin)]
"""`channel:address` of a person."""
Token = Annotated[SecretStr, AfterValidator(_check_token), _Masked]
"""Token of a Telegram bot."""
HookSecret = Annotated[SecretStr, AfterValidator(_check_hook_secret), _Masked]
"""Secret that Telegram joins to each update it posts."""
Secret = Annotated[SecretStr, AfterValidator(_check_secret), _Masked]
"""Any other secret: one line."""
Key = Annotated[SecretStr, AfterValidator(_check_key), _Masked]
"""Secret key of 32 bytes in base64; `none` waives it."""
Line = Annotated[str, AfterValidator(_check_line)]
Url = Annotated[str, AfterValidator(_check_url)]
PublicUrl = Annotated[str, AfterValidator(_check_public_url)]
Listen = Annotated[str, AfterValidator(check_listen)]
"""`address:port` of a socket of ours."""
User = Annotated[str, AfterValidator(_check_user)]
"""Matrix account, `@name:server`."""
Server = Annotated[str, AfterValidator(_check_server)]
"""Name of a Matrix server."""
Rate = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]
"""Per second; 0: unlimited."""
