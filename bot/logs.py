# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How the bot tells an operator what it does: one line an event on stderr, readable or JSON, without secrets.

Every call gives a sentence and a machine-readable action; values go beside the sentence, never into it:
`log.info("A page of events was received.", extra={"action": "receive-page", "events": 12})`.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import quote

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

MASK = "****"

_SHORTEST = 4
"""Masking shorter texts would cut ordinary words to pieces, and so give them away."""

_QUIET = ("aiohttp.access", "apscheduler", "httpcore", "httpx", "nio", "peewee", "telegram")
"""Below WARNING they write URLs that hold a token, what people wrote, who wrote it, or a line a minute about nothing."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_PLAIN = re.compile(r"[^\s\"'=]+")

_secrets: set[str] = set()


def hide(secret: str) -> None:
    """Keep a secret out of every later line, be it in the sentence, a value or a traceback.

    It is also recognised as JSON, Python or a URL would escape it. A text of fewer than four characters is no
    secret and is let through.
    """
    if len(secret) < _SHORTEST:
        return
    forms = {secret, repr(secret)[1:-1], quote(secret, safe=""), quote(secret)}
    forms |= {
        json.dumps(form, ensure_ascii=ascii_only)[1:-1]
        for form in forms.copy()
        for ascii_only in (True, False)
    }
    _secrets.update(forms)


def mask(text: str) -> str:
    """Replace every hidden secret in a text by asterisks."""
    # The longest first: a secret may be part of another.
    for secret in sorted(_secrets, key=len, reverse=True):
        text = text.replace(secret, MASK)
    return text


def set_up(level: str, form: Literal["console", "json"]) -> None:
    """Send the log to stderr from now on; a second call replaces the first.

    `level` is a name of the standard library's levels, in any case.

    Raises:
        ValueError: it is no such name.
    """
    handler = _Stderr(sys.stderr)
    handler.setFormatter(_Json() if form == "json" else _Console())
    root = logging.getLogger()
    root.setLevel(level.upper())
    root.handlers = [kept for kept in root.handlers if not isinstance(kept, _Stderr)]
    root.addHandler(handler)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


class _Stderr(logging.StreamHandler[Any]):
    """Masks the finished line, the only place that has seen message, arguments, values and traceback."""

    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(record))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Say which line was lost, and no more: the standard library would print its arguments unmasked."""
        with suppress(OSError, ValueError):
            self.stream.write(mask(f"A log line of {record.name} was lost: {traceback.format_exc(limit=-1)}"))


class _Json(JsonFormatter):
    """One JSON object a line; `action` is null when another library speaks."""

    def __init__(self) -> None:
        super().__init__(json_ensure_ascii=False)

    def add_fields(
        self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]
    ) -> None:
        log_data["timestamp"] = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        log_data["level"] = record.levelname
        log_data["logger"] = record.name
        log_data["message"] = record.getMessage()
        log_data["action"] = getattr(record, "action", None)
        super().add_fields(log_data, record, message_dict)


class _Console(logging.Formatter):
    """`2026-11-23 08:30:00 INFO  action  A sentence.  key=value`, in the machine's own time zone."""

    def __init__(self) -> None:
        super().__init__(datefmt="%Y-%m-%d %H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        values = {key: value for key, value in vars(record).items() if key not in RESERVED_ATTRS}
        action = str(values.pop("action", record.name))
        parts = [
            f"{self.formatTime(record, self.datefmt)} {record.levelname:<7} {_one_line(action)}",
            _one_line(record.getMessage()),
        ]
        if values:
            parts.append(" ".join(f"{key}={_value(value)}" for key, value in values.items()))
        line = "  ".join(parts)
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        if record.stack_info:
            line += "\n" + self.formatStack(record.stack_info)
        return line


def _one_line(text: str) -> str:
    """Escape control characters: a value from outside must not forge a line or drive the terminal."""
    return _CONTROL.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)


def _value(value: object) -> str:
    text = str(value)
    if _PLAIN.fullmatch(text) and not _CONTROL.search(text):
        return text
    return _one_line(json.dumps(text, ensure_ascii=False))
