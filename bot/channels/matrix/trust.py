# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Trust in our device: whether it is signed and its keys are published, and what is done about it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from bot.channels import ChannelFault
from bot.channels.matrix import crosssign, recovery
from bot.channels.matrix.homeserver import Homeserver, Refused
from bot.channels.matrix.session import NotLoggedIn, Seeds

if TYPE_CHECKING:
    from collections.abc import Callable

    from nio import AsyncClient

    from bot.channels.matrix.session import Session, Vault

NO_ROOMS = json.dumps({"room": {"rooms": []}, "presence": {"types": []}, "account_data": {"types": []}})
MOST_ROOMS = 50
"""Rooms looked into: more would take minutes where calls are rationed."""


class Signature(Enum):
    """What `sign` found or did."""

    ALREADY = "The device was already signed."
    RENEWED = "The device is signed by the account's own signing keys, which are in the store."
    MADE = "The account had no signing keys: they are made, published, and the device is signed."
    RECOVERED = "The device is signed with the account's recovery key."


@dataclass(frozen=True, slots=True)
class Standing:
    """How the homeserver and everybody else see our device."""

    published: bool
    """Its keys can be asked for."""
    identity: bool
    """The account has signing keys."""
    signed: bool
    """They signed our device."""
    one_time_keys: int
    """First messages that can still be written to it."""
    fallback_key: bool
    """What first messages are written to when there are no more of those."""

    def problems(self) -> list[str]:
        """Return what would make a learner see a warning, or unable to write. One sentence each."""
        if not self.published:
            return ["the device has no keys on the homeserver: run `iaventure matrix verify`"]
        problems = []
        if not self.identity:
            problems.append(
                "the account has no signing keys: run `iaventure matrix verify`, which makes them"
            )
        elif not self.signed:
            problems.append("the device is not signed, learners see a warning: run `iaventure matrix verify`")
        if not self.one_time_keys and not self.fallback_key:
            problems.append(
                "the device's one-time keys are used up: start `iaventure run`, which publishes new ones"
            )
        return problems


async def standing(homeserver: Homeserver, session: Session) -> Standing:
    """Ask for it, without the store: it may be asked while the service runs.

    Raises:
        ChannelFault: the homeserver does not answer.
    """
    identity = await crosssign.published(homeserver, session)
    # Synapse answers the same first sync from a cache for two minutes: it would tell of keys that are gone.
    counts = (await homeserver.post("keys", "upload", body={})).get("one_time_key_counts")
    count = counts.get("signed_curve25519") if isinstance(counts, dict) else None
    # Never with `since`: that acknowledges the keys of messages that the service may not have read yet.
    answer = await homeserver.get("sync", timeout="0", filter=NO_ROOMS)
    unused = answer.get("device_unused_fallback_key_types")
    return Standing(
        published=identity.device is not None,
        identity=bool(identity.master),
        signed=identity.signed,
        one_time_keys=count if isinstance(count, int) else 0,
        fallback_key=isinstance(unused, list) and "signed_curve25519" in unused,
    )


async def sign(
    homeserver: Homeserver,
    vault: Vault,
    client: AsyncClient,
    *,
    recovery_key: str | None = None,
    password: str | None = None,
    ask: Callable[[], str | None] = lambda: None,
) -> Signature:
    """See to it that our device is signed; any number of times. Signing keys that are published are never replaced.

    `client`: of the vault's session, its device keys published. `ask`: for a recovery key, once one is needed. In order:
    signed already; by the seeds in the vault; by the recovery key; by an identity of our own, when the account has none.

    Raises:
        ChannelFault: it says what to do.
    """
    session = _session_of(vault)
    own_keys = crosssign.names_of(session.device_id, client.olm.account.identity_keys)
    identity = await crosssign.published(homeserver, session)
    if identity.signed and identity.device is not None and identity.device.get("keys") == own_keys:
        return Signature.ALREADY
    if identity.master:
        seeds = vault.seeds
        if seeds is not None and crosssign.same_identity(seeds, identity):
            done, seed = Signature.RENEWED, seeds.self_signing
        elif given := recovery_key or ask():
            done = Signature.RECOVERED
            seed = await recovery.self_signing_seed(homeserver, session.user_id, given)
        else:
            raise ChannelFault(
                "the account has signing keys that are not in the store: set channels.matrix.recovery_key to its "
                "recovery key (« code de récupération »), then run `iaventure matrix verify`",
                fatal=True,
            )
    else:
        if recovery_key:
            raise ChannelFault(
                "channels.matrix.recovery_key is set, but the account has no signing keys yet: set up recovery in "
                "Element or Tchap with this account, or remove the setting to let the bot make its own",
                fatal=True,
            )
        seeds = vault.seeds or Seeds.new()
        vault.keep_seeds(seeds)
        await crosssign.publish_identity(
            homeserver, session, seeds, sign=client.olm.account.sign, password=password
        )
        identity = await crosssign.published(homeserver, session)
        done, seed = Signature.MADE, seeds.self_signing
    await crosssign.sign_device(homeserver, session, seed, identity, own_keys)
    if not (await crosssign.published(homeserver, session)).signed:
        raise ChannelFault("the homeserver took the signature and does not show it: try again later")
    return done


async def back_up(homeserver: Homeserver, vault: Vault) -> str | None:
    """Put our own signing keys into the account's Secret Storage, if it has none; return the key that opens it.

    Without it, whoever loses the store loses the identity. `None`: there is nothing to back up, or a storage already,
    which is not ours to replace.
    """
    session, seeds = _session_of(vault), vault.seeds
    if seeds is None or not crosssign.same_identity(seeds, await crosssign.published(homeserver, session)):
        return None
    if await recovery.has_storage(homeserver, session.user_id):
        return None
    secrets = {
        "m.cross_signing.master": seeds.master,
        "m.cross_signing.self_signing": seeds.self_signing,
        "m.cross_signing.user_signing": seeds.user_signing,
    }
    return await recovery.make_storage(homeserver, session.user_id, secrets)


async def unreadable_rooms(homeserver: Homeserver) -> tuple[int, int]:
    """Count the rooms that the account is in, and those that are encrypted in a way that it cannot read."""
    rooms = (await homeserver.get("joined_rooms")).get("joined_rooms")
    if not isinstance(rooms, list):
        return 0, 0
    unreadable = 0
    for room in rooms[:MOST_ROOMS]:
        try:
            encryption = await homeserver.get("rooms", str(room), "state", "m.room.encryption", "")
        except Refused:
            continue  # 404: not encrypted
        unreadable += encryption.get("algorithm") != "m.megolm.v1.aes-sha2"
    return len(rooms), unreadable


def _session_of(vault: Vault) -> Session:
    if vault.session is None:
        raise NotLoggedIn
    return vault.session
