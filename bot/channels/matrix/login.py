# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How does the account get its device? Once, by password or by a token that a person made; then never again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.channels import ChannelFault
from bot.channels.matrix.homeserver import Homeserver, Refused
from bot.channels.matrix.session import Session

if TYPE_CHECKING:
    from collections.abc import Mapping

DEVICE_NAME = "IAventure"


async def by_password(url: str, user_id: str, password: str) -> Session:
    """A new device. Raises a fatal `ChannelFault` when the homeserver refuses."""
    body = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": user_id},
        "password": password,
        "initial_device_display_name": DEVICE_NAME,
    }
    async with Homeserver(url) as homeserver:
        try:
            answer = await homeserver.post("login", body=body)
        except Refused as refused:
            if refused.code == "M_FORBIDDEN":
                raise _fault(f"the homeserver refuses this password for {user_id}: check both") from None
            raise _fault(
                f"the homeserver does not let {user_id} log in by password ({refused}): "
                "give channels.matrix.access_token and device_id instead"
            ) from None
    return _session(answer, str(answer.get("access_token", "")), user_id)


async def by_token(url: str, user_id: str, access_token: str, device_id: str | None) -> Session:
    """The device that a token belongs to. `device_id`: what it must be, if that is known."""
    async with Homeserver(url, access_token) as homeserver:
        try:
            answer = await homeserver.get("account", "whoami")
        except Refused as refused:
            raise _fault(f"the homeserver refuses channels.matrix.access_token ({refused})") from None
        except ChannelFault as fault:
            if fault.fatal:
                raise _fault(
                    "the homeserver does not know channels.matrix.access_token: make another"
                ) from None
            raise
    session = _session(answer, access_token, user_id)
    if device_id not in (None, session.device_id):
        raise _fault(f"channels.matrix.access_token is of device {session.device_id}, not of {device_id}")
    return session


async def still_valid(url: str, session: Session) -> bool:
    """Whether the homeserver still accepts a session's token. Raises `ChannelFault` when it does not say."""
    async with Homeserver(url, session.access_token) as homeserver:
        try:
            await homeserver.get("account", "whoami")
        except Refused:
            return False
        except ChannelFault as fault:
            if fault.fatal:
                return False
            raise
    return True


def _session(answer: Mapping[str, Any], token: str, user_id: str) -> Session:
    device_id = answer.get("device_id")
    if answer.get("user_id") != user_id:
        raise _fault(f"this token or password is not of {user_id}: check channels.matrix.user_id")
    if not token or not isinstance(device_id, str) or not 0 < len(device_id) <= 255 or "/" in device_id:
        raise _fault("the homeserver gave no device: encryption needs one; log in by password instead")
    return Session(user_id, device_id, token)


def _fault(sentence: str) -> ChannelFault:
    return ChannelFault(sentence, fatal=True)
