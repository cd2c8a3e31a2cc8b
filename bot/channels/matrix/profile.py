# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The account's display name and picture, set once: whatever somebody has chosen before stays."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

from bot.channels import ChannelFault
from bot.channels.matrix.homeserver import Homeserver, Refused

if TYPE_CHECKING:
    from bot.channels.matrix.session import Session

NAME = "IAventure"


async def introduce(url: str, session: Session) -> str:
    """Set the name and the picture that the account lacks. Return one sentence; empty when it lacks none.

    A homeserver may keep profiles to itself, as Tchap's does for names: the account works without.
    """
    user = session.user_id
    try:
        async with Homeserver(url, session.access_token) as homeserver:
            profile = await _profile(homeserver, user)
            done = []
            # A homeserver gives a new account the first part of its id for a name.
            if profile.get("displayname") in (None, "", user[1:].partition(":")[0]):
                await homeserver.put("profile", user, "displayname", body={"displayname": NAME})
                done.append("name")
            if not profile.get("avatar_url"):
                address = await homeserver.upload(_picture(), "image/png", "iaventure.png")
                await homeserver.put("profile", user, "avatar_url", body={"avatar_url": address})
                done.append("picture")
    except (Refused, ChannelFault) as error:
        return (
            f"The homeserver did not take a name and a picture for the account ({error}): it works without."
        )
    return f"Set for the account: {', '.join(done)}." if done else ""


async def _profile(homeserver: Homeserver, user: str) -> dict[str, object]:
    try:
        return await homeserver.get("profile", user)
    except Refused:
        return {}  # 404: an account that has set nothing


def _picture() -> bytes:
    return (resources.files(__package__) / "avatar.png").read_bytes()
