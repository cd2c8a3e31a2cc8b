# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The homeserver's refusals and silences, and our error for each.

The library returns most failures as responses and raises the others; `checked` makes one of ours of either. A
failure's text is a status and a code: what the server says beside them may name people.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from aiohttp import ClientConnectorError
from nio import ErrorResponse

from bot.channels import (
    ChannelError,
    ChannelFault,
    Gone,
    Refused,
    Rejected,
    Throttled,
    Uncertain,
    Unexplained,
    Unreachable,
)

STRANGE_HALT = 30.0
"""Seconds to wait after a 429 that does not say how long: a proxy's."""
LONGEST_HALT = 86_400.0

_ENDED = {"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_USER_DEACTIVATED", "M_USER_LOCKED", "M_USER_SUSPENDED"}
_ACCOUNT = {"M_CONSENT_NOT_GIVEN", "M_RESOURCE_LIMIT_EXCEEDED"}
"""A homeserver's refusals of the account, whatever the room."""
_REFUSED = {"M_TOO_LARGE", "M_BAD_JSON", "M_NOT_JSON", "M_INVALID_PARAM", "M_MISSING_PARAM"}


class NoSuchThing(Gone):
    """The homeserver itself says that there is nothing there."""


async def checked(call: Awaitable[Any]) -> Any:
    """Return what a call of the library returns, unless it is a refusal.

    Raises:
        ChannelError: one of ours in the place of the library's; what is not known may have left.
    """
    try:
        response = await call
    except ClientConnectorError as error:
        ours: ChannelError = Unreachable(type(error).__name__)
    except Exception as error:  # noqa: BLE001  a message may have left whatever broke after it
        ours = Uncertain(type(error).__name__)
    else:
        if not isinstance(response, ErrorResponse):
            return response
        ours = failure(status_of(response), response.status_code or "", response.retry_after_ms)
    # Not raised in the handler: what the library quotes (addresses, texts) stays out of the traceback.
    raise ours


def status_of(response: Any) -> int:
    """Return the HTTP status of a response; 0 when it has none."""
    return int(getattr(getattr(response, "transport_response", None), "status", 0))


def failure(status: int, code: str, retry_after_ms: object = None) -> ChannelError:
    """Make ours of a refusal. `code` is the homeserver's errcode; a proxy in its place gives none."""
    text = f"{status} {code}".strip()
    if code in _ENDED:
        return ChannelFault(
            f"The homeserver does not accept this session any more ({text}): "
            "run `iaventure matrix login`, then `iaventure matrix verify`",
            fatal=True,
        )
    if code == "M_LIMIT_EXCEEDED" or status == 429:
        return Throttled(_wait(retry_after_ms))
    if code == "M_NOT_FOUND":
        return NoSuchThing(text)
    if code in _REFUSED or status == 413:
        return Rejected(text)
    # A homeserver names its refusals, a proxy's page does not. Another room may allow what this one forbids.
    if code == "M_FORBIDDEN" or (status == 403 and code and code not in _ACCOUNT):
        return Refused(text)
    if status == 400 and code:
        return Unexplained(text)
    if status in (401, 403, 407):
        return ChannelFault(
            f"The homeserver, or a proxy that answers in its place, forbids every call ({text}): "
            "check channels.matrix.homeserver and the proxy of this network"
        )
    return Uncertain(text)


def _wait(retry_after_ms: object) -> float:
    if not isinstance(retry_after_ms, int | float) or not retry_after_ms > 0:
        return STRANGE_HALT
    return min(max(retry_after_ms / 1000, 0.1), LONGEST_HALT)
