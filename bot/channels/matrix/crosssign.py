# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Cross-signing: the account's identity vouches for our device. It is three keys, published once; one signs devices.

nio has none of this. Source: Client-Server API, "Cross-signing". Keys that are published are never replaced: whoever
talks to the bot would be warned that it is somebody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.channels import ChannelFault
from bot.channels.matrix.homeserver import Homeserver, Refused
from bot.channels.matrix.signing import SigningKey, canonical, signed_by

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.channels.matrix.session import Seeds, Session


@dataclass(frozen=True, slots=True)
class Published:
    """What the homeserver tells everybody about our account."""

    master: str
    """The public key that is the identity; empty when there is none."""
    self_signing: str
    """The one that signs devices, if the master key signed it; else empty."""
    device: Mapping[str, Any] | None
    """Our device's keys as published."""
    signed: bool
    """Whether the self-signing key signed our device."""


async def published(homeserver: Homeserver, session: Session) -> Published:
    """Ask for it. Signatures are verified here: a homeserver that reports a wrong one reports none."""
    user = session.user_id
    answer = await homeserver.post("keys", "query", body={"device_keys": {user: []}})
    master, self_signing = identity_in(answer, user)
    device = _of(_of(answer, "device_keys", user), session.device_id)
    signed = bool(device and self_signing and signed_by(device, user, self_signing))
    return Published(master, self_signing, device or None, signed)


def identity_in(answer: Mapping[str, Any], user: str) -> tuple[str, str]:
    """Return the public keys of an account's identity in an answer: the one that it is, and the one that signs devices.

    Each is empty when there is none, the second also when the first did not sign it.
    """
    master = _public(_of(answer, "master_keys", user), user, "master")
    key = _of(answer, "self_signing_keys", user)
    self_signing = _public(key, user, "self_signing")
    return master, self_signing if master and signed_by(key, user, master) else ""


async def publish_identity(
    homeserver: Homeserver,
    session: Session,
    seeds: Seeds,
    *,
    sign: Callable[[str], str],
    password: str | None,
) -> None:
    """Publish the account's first identity. `sign`: by our device's own key, in base64.

    `password`: for a homeserver that asks for it.

    Raises:
        ChannelFault: a fatal one: the homeserver asks for something else.
    """
    user = session.user_id
    keys = {
        kind: SigningKey(seed)
        for kind, seed in (
            ("master", seeds.master),
            ("self_signing", seeds.self_signing),
            ("user_signing", seeds.user_signing),
        )
    }
    body: dict[str, Any] = {}
    for kind, key in keys.items():
        described = {"user_id": user, "usage": [kind], "keys": {key.name: key.public}}
        body[f"{kind}_key"] = described if kind == "master" else keys["master"].sign(described, user)
    by_device = sign(canonical(body["master_key"]).decode())
    body["master_key"]["signatures"] = {user: {f"ed25519:{session.device_id}": by_device}}
    try:
        await homeserver.post("keys", "device_signing", "upload", body=body)
    except Refused as refused:
        if refused.status != 401 or not password:
            raise _unpublished(refused) from None
        authentication = {
            "type": "m.login.password",
            "session": refused.answer.get("session"),
            "identifier": {"type": "m.id.user", "user": user},
            "password": password,
        }
        try:
            await homeserver.post("keys", "device_signing", "upload", body={**body, "auth": authentication})
        except Refused as again:
            raise _unpublished(again) from None


async def sign_device(
    homeserver: Homeserver, session: Session, seed: bytes, identity: Published, own_keys: Mapping[str, str]
) -> None:
    """Sign our device with the self-signing key of that seed.

    `own_keys`: our device's real public keys, by their names (`ed25519:…`). What the homeserver shows under our device's
    name is signed only if it is ours, or it could have us vouch for a device of its own.

    Raises:
        ChannelFault: a fatal one: the key or the device is not ours, or the homeserver refuses.
    """
    user, key = session.user_id, SigningKey(seed)
    if key.public != identity.self_signing:
        raise ChannelFault(
            "the signing key at hand is not the one that the account publishes: set channels.matrix.recovery_key "
            "to the account's newest recovery key, then run `iaventure matrix verify`",
            fatal=True,
        )
    device = dict(identity.device or {})
    device.pop("unsigned", None)
    ours = (
        device.get("user_id") == user
        and device.get("device_id") == session.device_id
        and device.get("keys") == own_keys
        and signed_by(device, user, own_keys[f"ed25519:{session.device_id}"], session.device_id)
    )
    if not ours:
        raise ChannelFault(
            "the homeserver does not show this device with its own keys: move the store aside, "
            "then run `iaventure matrix login` for a new device",
            fatal=True,
        )
    signed = key.sign({**device, "signatures": {}}, user)
    try:
        answer = await homeserver.post(
            "keys", "signatures", "upload", body={user: {session.device_id: signed}}
        )
    except Refused as refused:
        raise ChannelFault(f"the homeserver refused the signature ({refused})", fatal=True) from None
    if answer.get("failures"):
        raise ChannelFault("the homeserver refused the signature of this device", fatal=True)


def same_identity(seeds: Seeds, identity: Published) -> bool:
    """Return whether the published identity is the one that grows from these seeds."""
    return SigningKey(seeds.master).public == identity.master


def names_of(device_id: str, identity_keys: Mapping[str, str]) -> dict[str, str]:
    """Return a device's public keys by the names under which they are published."""
    return {f"{kind}:{device_id}": identity_keys[kind] for kind in ("curve25519", "ed25519")}


def _public(key: Mapping[str, Any], user: str, usage: str) -> str:
    """Return the public key of an identity; empty when it is not what it should be."""
    if key.get("user_id") != user or key.get("usage") != [usage]:
        return ""
    names = key.get("keys")
    if not isinstance(names, dict) or len(names) != 1:
        return ""
    ((name, public),) = names.items()
    return public if isinstance(public, str) and name == f"ed25519:{public}" else ""


def _of(value: Mapping[str, Any], *path: str) -> dict[str, Any]:
    """Return what lies at a path of objects; empty when something else does."""
    inner: Any = value
    for name in path:
        inner = inner.get(name) if isinstance(inner, dict) else None
    return inner if isinstance(inner, dict) else {}


def _unpublished(refused: Refused) -> ChannelFault:
    return ChannelFault(
        f"the homeserver does not let a program publish signing keys ({refused}): set up recovery in Element or Tchap "
        "with this account, give its recovery key as channels.matrix.recovery_key, then run `iaventure matrix verify`",
        fatal=True,
    )
