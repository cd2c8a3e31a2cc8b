# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The signatures of devices, read and made with code that shares nothing with the bot's.

Sources: Client-Server API v1.15, "Cross-signing" and "Secret storage".
"""

from __future__ import annotations

import base64
import hmac
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import vodozemac
from Crypto.Cipher import AES
from Crypto.PublicKey import ECC
from Crypto.Signature import eddsa

from tests.matrix.synapse import Account

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.matrix.synapse import Synapse

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
STORAGE = "m.secret_storage.v1.aes-hmac-sha2"


@dataclass(frozen=True, slots=True)
class Identity:
    """What an account publishes, each signature verified."""

    master: str | None
    self_signing: str | None
    user_signing: str | None
    """Only the account itself is told."""
    devices: frozenset[str]
    """Those with keys."""
    signed: frozenset[str]
    """Those that the owner signed, by a self-signing key that the master key signed."""


async def signatures(synapse: Synapse, *, token: str, of: Account | str) -> Identity:
    """What whoever holds `token` is told of an account. A signature that is wrong fails the test."""
    user = of.user_id if isinstance(of, Account) else of
    status, told = await synapse.call(
        "POST", "/_matrix/client/v3/keys/query", {"device_keys": {user: []}}, token=token
    )
    assert status == 200, told
    return identity(told, user)


def identity(told: Mapping[str, Any], user: str) -> Identity:
    """The identity in an answer of `/keys/query`."""
    kinds = ("master", "self_signing", "user_signing")
    keys = {kind: told.get(f"{kind}_keys", {}).get(user) for kind in kinds}
    public = {kind: _only_key(key, user, kind) for kind, key in keys.items()}
    for kind in kinds[1:]:
        if keys[kind] is not None:
            assert _signed(keys[kind], user, public["master"]), (
                f"the {kind} key is not signed by the master key"
            )
    devices = told.get("device_keys", {}).get(user, {})
    for name, device in devices.items():
        assert device["user_id"] == user
        assert device["device_id"] == name
        assert _signed(device, user, device["keys"][f"ed25519:{name}"], name), f"{name} did not sign itself"
    signed = {name for name, device in devices.items() if _signed(device, user, public["self_signing"])}
    return Identity(
        public["master"],
        public["self_signing"],
        public["user_signing"],
        frozenset(devices),
        frozenset(signed),
    )


async def makes_identity(synapse: Synapse, account: Account) -> str:
    """What a person does in their client when they make the account: keys, Secret Storage. Returns the recovery key."""
    seeds = {kind: os.urandom(32) for kind in ("master", "self_signing", "user_signing")}
    await _done(synapse, account, "POST", "keys/device_signing/upload", _upload(account, seeds))

    secret, name = os.urandom(32), base64.b64encode(os.urandom(9)).decode().replace("/", "x")
    iv, _, mac = _seal(secret, "", bytes(32))
    key = {"algorithm": STORAGE, "iv": iv, "mac": mac}
    await _account_data(synapse, account, f"m.secret_storage.key.{name}", key)
    await _account_data(synapse, account, "m.secret_storage.default_key", {"key": name})
    for kind, seed in seeds.items():
        iv, ciphertext, mac = _seal(secret, f"m.cross_signing.{kind}", _unpadded(seed).encode())
        sealed = {"encrypted": {name: {"iv": iv, "ciphertext": ciphertext, "mac": mac}}}
        await _account_data(synapse, account, f"m.cross_signing.{kind}", sealed)
    return _spelled(secret)


class Owner:
    """A person who signs their own devices, and may begin anew with another identity."""

    def __init__(self, synapse: Synapse, account: Account, seeds: Mapping[str, bytes]) -> None:
        self._synapse, self._account, self._seeds = synapse, account, seeds
        (name,) = _named(seeds["master"])
        self.identity = name.removeprefix("ed25519:")

    @classmethod
    async def of(cls, synapse: Synapse, account: Account) -> Owner:
        """With a new identity, in the place of the one that there was."""
        seeds = {kind: os.urandom(32) for kind in ("master", "self_signing", "user_signing")}
        upload = _upload(account, seeds)
        path = "/_matrix/client/v3/keys/device_signing/upload"
        status, answer = await synapse.call("POST", path, upload, token=account.access_token)
        if status == 401:
            upload["auth"] = {
                "type": "m.login.password",
                "session": answer["session"],
                "identifier": {"type": "m.id.user", "user": account.user_id},
                "password": account.password,
            }
            status, answer = await synapse.call("POST", path, upload, token=account.access_token)
        assert status == 200, answer
        return cls(synapse, account, seeds)

    async def signs(self, device: str) -> None:
        """Signs one of their devices, as the homeserver shows it."""
        user = self._account.user_id
        answer = await _answered(self._synapse, self._account, "keys/query", {"device_keys": {user: []}})
        shown = answer["device_keys"][user][device]
        shown.pop("unsigned", None)
        shown["signatures"] = {}
        _sign(shown, user, self._seeds["self_signing"])
        answer = await _answered(
            self._synapse, self._account, "keys/signatures/upload", {user: {device: shown}}
        )
        assert not answer["failures"], answer


def canonical(value: Mapping[str, Any]) -> bytes:
    """What is signed: JSON in its one form, without signatures."""
    signed = {name: part for name, part in value.items() if name not in ("signatures", "unsigned")}
    return json.dumps(signed, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _upload(account: Account, seeds: Mapping[str, bytes]) -> dict[str, Any]:
    keys: dict[str, Any] = {}
    for kind, seed in seeds.items():
        keys[kind] = {"user_id": account.user_id, "usage": [kind], "keys": _named(seed)}
        if kind != "master":
            _sign(keys[kind], account.user_id, seeds["master"])
    return {f"{kind}_key": key for kind, key in keys.items()}


def _only_key(key: Mapping[str, Any] | None, user: str, kind: str) -> str | None:
    if key is None:
        return None
    assert key["user_id"] == user
    assert key["usage"] == [kind]
    ((name, public),) = key["keys"].items()
    assert name == f"ed25519:{public}"
    return str(public)


def _signed(value: Mapping[str, Any], user: str, public: str | None, name: str | None = None) -> bool:
    """Whether it bears a signature by that key; one that is there and wrong fails the test."""
    if public is None:
        return False
    signature = value.get("signatures", {}).get(user, {}).get(f"ed25519:{name or public}")
    if signature is None:
        return False
    vodozemac.Ed25519PublicKey.from_base64(public).verify_signature(
        canonical(value), vodozemac.Ed25519Signature.from_base64(signature)
    )
    return True


def _named(seed: bytes) -> dict[str, str]:
    public = _unpadded(ECC.construct(curve="Ed25519", seed=seed).public_key().export_key(format="raw"))
    return {f"ed25519:{public}": public}


def _sign(value: dict[str, Any], user: str, seed: bytes) -> None:
    (name,) = _named(seed)
    signature = eddsa.new(ECC.construct(curve="Ed25519", seed=seed), "rfc8032").sign(canonical(value))
    value.setdefault("signatures", {}).setdefault(user, {})[name] = _unpadded(signature)


def _seal(secret: bytes, name: str, content: bytes) -> tuple[str, str, str]:
    """iv, ciphertext, MAC of `m.secret_storage.v1.aes-hmac-sha2`; HKDF by RFC 5869 with SHA-256, written out."""
    extracted = hmac.digest(bytes(32), secret, "sha256")
    aes = hmac.digest(extracted, name.encode() + b"\x01", "sha256")
    mac = hmac.digest(extracted, aes + name.encode() + b"\x02", "sha256")
    iv = bytearray(os.urandom(16))
    iv[8] &= 0x7F
    ciphertext = AES.new(aes, AES.MODE_CTR, nonce=b"", initial_value=bytes(iv)).encrypt(content)
    return _padded(bytes(iv)), _padded(ciphertext), _padded(hmac.digest(mac, ciphertext, "sha256"))


def _spelled(secret: bytes) -> str:
    """A recovery key as a client shows it: base58, in groups of four."""
    raw = b"\x8b\x01" + secret
    parity = 0
    for byte in raw:
        parity ^= byte
    number, letters = int.from_bytes(raw + bytes([parity])), ""
    while number:
        number, place = divmod(number, 58)
        letters = ALPHABET[place] + letters
    return " ".join(letters[start : start + 4] for start in range(0, len(letters), 4))


async def _account_data(synapse: Synapse, account: Account, kind: str, content: Mapping[str, Any]) -> None:
    await _done(synapse, account, "PUT", f"user/{account.user_id}/account_data/{kind}", content)


async def _done(synapse: Synapse, account: Account, method: str, path: str, body: Mapping[str, Any]) -> None:
    status, answer = await synapse.call(
        method, f"/_matrix/client/v3/{path}", body, token=account.access_token
    )
    assert status == 200, answer


async def _answered(synapse: Synapse, account: Account, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
    status, answer = await synapse.call(
        "POST", f"/_matrix/client/v3/{path}", body, token=account.access_token
    )
    assert status == 200, answer
    found: dict[str, Any] = answer
    return found


def _padded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _unpadded(content: bytes) -> str:
    return _padded(content).rstrip("=")
