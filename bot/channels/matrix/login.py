# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Log-in: the account gets its device once, by password or by a token that a person made; then never again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.channels import ChannelFault
from bot.channels.matrix.homeserver import Homeserver, Refused
from bot.channels.matrix.session import Session

if TYPE_CHECKING:
    from collections.abc import Mapping

DEVICE_NAME = "IAventure"


async def by_password(url: str, user_id: str, password: str) -> Session:
    """Make a new device.

    Raises:
        ChannelFault: a fatal one: the homeserver refuses.
    """
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
                raise ChannelFault(
                    f"the homeserver refuses this password for {user_id}: check both", fatal=True
                ) from None
            raise ChannelFault(
                f"the homeserver does not let {user_id} log in by password ({refused}): "
                "give channels.matrix.access_token and device_id instead",
                fatal=True,
            ) from None
    return _session(answer, str(answer.get("access_token", "")), user_id)


async def by_token(url: str, user_id: str, access_token: str, device_id: str | None) -> Session:
    """Return the device that a token belongs to. `device_id`: what it must be, if that is known.

    Raises:
        ChannelFault: a fatal one: the homeserver refuses the token, or it is of another account or device.
    """
    async with Homeserver(url, access_token) as homeserver:
        try:
            answer = await homeserver.get("account", "whoami")
        except Refused as refused:
            raise ChannelFault(
                f"the homeserver refuses channels.matrix.access_token ({refused})", fatal=True
            ) from None
        except ChannelFault as fault:
            if fault.fatal:
                raise ChannelFault(
                    "the homeserver does not know channels.matrix.access_token: make another", fatal=True
                ) from None
            raise
    session = _session(answer, access_token, user_id)
    if device_id not in (None, session.device_id):
        raise ChannelFault(
            f"channels.matrix.access_token is of device {session.device_id}, not of {device_id}", fatal=True
        )
    return session


async def still_valid(url: str, session: Session) -> bool:
    """Return whether the homeserver still accepts a session's token.

    Raises:
        ChannelFault: it does not say.
    """
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
        raise ChannelFault(
            f"this token or password is not of {user_id}: check channels.matrix.user_id", fatal=True
        )
    if not token or not isinstance(device_id, str) or not 0 < len(device_id) <= 255 or "/" in device_id:
        raise ChannelFault(
            "the homeserver gave no device: encryption needs one; log in by password instead", fatal=True
        )
    return Session(user_id, device_id, token)
