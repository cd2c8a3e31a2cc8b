# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What an operator does with the account: log in once, have its device signed, ask how it stands."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from nio import KeysUploadResponse

from bot.channels import ChannelFault
from bot.channels.matrix import crosssign, login, profile, session, trust
from bot.channels.matrix.device import client_of, close
from bot.channels.matrix.homeserver import Homeserver, Refused
from bot.channels.matrix.news import LITTLE
from bot.channels.matrix.position import Position
from bot.channels.matrix.session import NotLoggedIn, Session, Vault

if TYPE_CHECKING:
    from nio import AsyncClient


@dataclass(frozen=True, slots=True)
class Account:
    """The account as the settings describe it; secrets are not shown."""

    homeserver: str
    user_id: str
    store: Path
    store_key: str | None = field(repr=False)
    """`None`: the operator waived encryption."""
    password: str | None = field(default=None, repr=False)
    access_token: str | None = field(default=None, repr=False)
    device_id: str | None = None
    recovery_key: str | None = field(default=None, repr=False)

    @property
    def position(self) -> Path:
        """The file that says where in the homeserver's stream the service is."""
        return self.store / "position"


def logged_in(account: Account, vault: Vault) -> Session:
    """Return the session in the store.

    Raises:
        ChannelFault: a fatal one: there is none, or it is of somebody else.
    """
    return _ours(account, vault.session)


Ask = Callable[[str], str | None]
"""Asks the operator for a secret by what it is; `None` when nobody is there to answer."""


def nobody(_: str) -> None:
    """Answer nothing: nobody is there."""


async def log_in(account: Account, ask: Ask = nobody) -> Sequence[str]:
    """Make the store and a session in it, unless there is one that works. Return what was done, in sentences.

    Raises:
        ChannelFault: the homeserver refuses or does not answer, or the store cannot be used.
    """
    with Vault(account.store, account.store_key) as vault:
        if (kept := vault.session) is not None:
            _ours(account, kept)
            if await login.still_valid(account.homeserver, kept):
                return [f"{kept.user_id} was already logged in on device {kept.device_id}: nothing to do."]
        made = await _new_session(account, ask)
        if kept is None or kept.device_id != made.device_id:
            await _refuse_used_device(account, made)
        vault.keep_session(made)
        done = [f"{made.user_id} is logged in on device {made.device_id}."]
        if kept is not None and kept.device_id != made.device_id:
            done.append(f"It takes the place of {kept.device_id}, which the homeserver no longer knew.")
        async with _open(account, vault):
            done.append("Its keys are published.")
        await _begin(account, made)
        if introduced := await profile.introduce(account.homeserver, made):
            done.append(introduced)
    return [*done, "Next: `iaventure matrix verify`. Then the password is no longer needed in the settings."]


async def verify(account: Account, ask: Ask = nobody) -> Sequence[str]:
    """Have the device signed, and say how it stands.

    Raises:
        ChannelFault: it says what to do.
    """
    with Vault(account.store, account.store_key) as vault:
        kept = logged_in(account, vault)
        async with (
            _open(account, vault) as client,
            Homeserver(account.homeserver, kept.access_token) as homeserver,
        ):
            signature = await trust.sign(
                homeserver,
                vault,
                client,
                recovery_key=account.recovery_key,
                password=account.password,
                ask=lambda: ask(f"Recovery key of {account.user_id}"),
            )
            done = [signature.value]
            if recovery_key := await trust.back_up(homeserver, vault):
                done += [
                    f"Recovery key, shown this once: {recovery_key}",
                    "Keep it apart from the store: it signs a new device if the store is lost.",
                ]
            standing = await trust.standing(homeserver, kept)
    done.append(f"Device {kept.device_id}: {standing.one_time_keys} one-time keys on the homeserver.")
    return [*done, *standing.problems()]


async def problems_of(account: Account) -> list[str]:
    """Return what is wrong with the account, as `iaventure check` says it. Take no lock: the service may be running.

    Raises:
        ChannelFault: the store cannot be read, or the homeserver does not answer.
    """
    content = session.read(account.store, account.store_key)
    kept = _ours(account, session.session_in(content or {}))
    async with Homeserver(account.homeserver, kept.access_token) as homeserver:
        problems = (await trust.standing(homeserver, kept)).problems()
        problems += await _position_problems(homeserver, Position.load(account.position, kept.user_id))
        _, unreadable = await trust.unreadable_rooms(homeserver)
    if unreadable:
        problems.append(f"{unreadable} rooms use an encryption that this program does not know")
    return problems


async def _position_problems(homeserver: Homeserver, saved: Position) -> list[str]:
    """Try the saved position, after an answer without it. It acknowledges the keys that came before it, which are kept."""
    if not saved.token:
        return []
    try:
        await homeserver.get("sync", timeout="0", since=saved.token, filter=trust.NO_ROOMS)
    except Refused as refusal:
        if refusal.status != 400:
            raise ChannelFault(f"the homeserver refuses to be asked for news ({refusal})") from None
        told = f"the homeserver refuses the saved position ({refusal})"
        return [f"{told}: `iaventure run` begins anew and reads each room again; if it runs, read its log"]
    return []


@asynccontextmanager
async def _open(account: Account, vault: Vault) -> AsyncIterator[AsyncClient]:
    """Open the client library on the vault's session, its device keys published."""
    client = client_of(account.homeserver, vault, logged_in(account, vault))
    try:
        if client.should_upload_keys:
            answer = await client.keys_upload()
            if not isinstance(answer, KeysUploadResponse):
                raise ChannelFault("the homeserver does not take this device's keys: run the command again")
        yield client
    finally:
        await close(client)


async def _new_session(account: Account, ask: Ask) -> Session:
    if account.access_token:
        return await login.by_token(
            account.homeserver, account.user_id, account.access_token, account.device_id
        )
    if password := account.password or ask(f"Password of {account.user_id}"):
        return await login.by_password(account.homeserver, account.user_id, password)
    raise ChannelFault("to log in, give channels.matrix.password, or access_token", fatal=True)


async def _begin(account: Account, made: Session) -> None:
    """Begin where a new device was made: from the login on nothing is missed, even if the service starts later.

    Not where invitations wait: they are only told to who begins at the beginning.
    """
    if account.position.exists():
        return
    async with Homeserver(account.homeserver, made.access_token) as homeserver:
        asked_at = time.time()
        answer = await homeserver.get("sync", timeout="0", filter=LITTLE)
    token = answer.get("next_batch")
    rooms = answer.get("rooms")
    if isinstance(token, str) and not (isinstance(rooms, dict) and rooms.get("invite")):
        Position(made.user_id, token, asked_at=asked_at).save(account.position)


async def _refuse_used_device(account: Account, made: Session) -> None:
    """Refuse a token of a device that has keys elsewhere: two programs would break each other's keys."""
    async with Homeserver(account.homeserver, made.access_token) as homeserver:
        if (await crosssign.published(homeserver, made)).device is not None:
            raise ChannelFault(
                f"device {made.device_id} is used by another application, or its keys were lost: "
                "give the password, or a token of a new device",
                fatal=True,
            )


def _ours(account: Account, kept: Session | None) -> Session:
    if kept is None:
        raise NotLoggedIn
    if kept.user_id != account.user_id:
        raise ChannelFault(
            f"{account.store} belongs to {kept.user_id}, not to {account.user_id}: give each account its own store",
            fatal=True,
        )
    return kept
