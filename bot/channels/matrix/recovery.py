# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Secret Storage: how a recovery key ("code de récupération") opens the account's, and how one is made.

Source: Client-Server API, "Secret storage", algorithm `m.secret_storage.v1.aes-hmac-sha2`.
"""

from __future__ import annotations

import base64
import hmac
import os
from typing import TYPE_CHECKING, Any

from Crypto.Cipher import AES
from Crypto.Hash import SHA256
from Crypto.Protocol.KDF import HKDF

from bot.channels import ChannelFault
from bot.channels.matrix.homeserver import Homeserver, Refused
from bot.channels.matrix.signing import decoded, encoded

if TYPE_CHECKING:
    from collections.abc import Mapping

ALGORITHM = "m.secret_storage.v1.aes-hmac-sha2"
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
PREFIX = b"\x8b\x01"
SELF_SIGNING = "m.cross_signing.self_signing"


async def self_signing_seed(homeserver: Homeserver, user: str, recovery_key: str) -> bytes:
    """Return the seed of the account's self-signing key, from Secret Storage. Change nothing there.

    Raises:
        ChannelFault: a fatal one, whose sentence says why the key does not open it.
    """
    key = read(recovery_key)
    name = str((await _data(homeserver, user, "m.secret_storage.default_key")).get("key", ""))
    if not name:
        raise ChannelFault(
            "this account has no Secret Storage: set up recovery in Element or Tchap with this account",
            fatal=True,
        )
    description = await _data(homeserver, user, f"m.secret_storage.key.{name}")
    try:
        if description.get("algorithm") != ALGORITHM or not _opens(key, description):
            raise ChannelFault(
                "channels.matrix.recovery_key is not this account's: copy the newest one again", fatal=True
            )
        secret = (await _data(homeserver, user, SELF_SIGNING))["encrypted"][name]
        seed = decoded(_unsealed(key, SELF_SIGNING, secret).decode("ascii"))
    except (KeyError, TypeError, ValueError):
        raise ChannelFault(
            "the account's Secret Storage does not hold its signing keys: set up recovery again in Element or Tchap",
            fatal=True,
        ) from None
    if len(seed) != 32:
        raise ChannelFault(
            "the signing key in Secret Storage is damaged: set up recovery again in Element or Tchap",
            fatal=True,
        )
    return seed


async def has_storage(homeserver: Homeserver, user: str) -> bool:
    """Return whether the account has a Secret Storage, which then must not be replaced."""
    return bool((await _data(homeserver, user, "m.secret_storage.default_key")).get("key"))


async def make_storage(homeserver: Homeserver, user: str, secrets: Mapping[str, bytes]) -> str:
    """Make a new Secret Storage with these secrets, by their types; return the recovery key, which nobody keeps."""
    key, name = os.urandom(32), os.urandom(12).hex()
    check = sealed(key, "", bytes(32))
    description = {"algorithm": ALGORITHM, "iv": check["iv"], "mac": check["mac"]}
    await _put(homeserver, user, f"m.secret_storage.key.{name}", description)
    for kind, secret in secrets.items():
        content = sealed(key, kind, encoded(secret).encode())
        await _put(homeserver, user, kind, {"encrypted": {name: content}})
    # Last: until it is there, the storage does not exist for any client, and a crash leaves nothing half made.
    await _put(homeserver, user, "m.secret_storage.default_key", {"key": name})
    return written(key)


def read(recovery_key: str) -> bytes:
    """Return the 32 bytes that a recovery key spells.

    Raises:
        ChannelFault: a fatal one: it is no recovery key, or not a complete one.
    """
    letters = "".join(recovery_key.split())
    number = 0
    for letter in letters[:100]:
        place = ALPHABET.find(letter)
        if place < 0:
            raise ChannelFault(
                "channels.matrix.recovery_key is not a recovery key: it has a letter that none has",
                fatal=True,
            )
        number = number * 58 + place
    try:
        raw = number.to_bytes(len(PREFIX) + 33)
    except OverflowError:
        raw = b""
    if raw[:2] != PREFIX or _parity(raw):
        raise ChannelFault(
            "channels.matrix.recovery_key is not complete: copy it again, with every group of letters",
            fatal=True,
        )
    return raw[2:34]


def written(key: bytes) -> str:
    """Write the recovery key that spells 32 bytes, in groups of four letters."""
    raw = PREFIX + key
    number, letters = int.from_bytes(raw + bytes([_parity(raw)])), ""
    while number:
        number, place = divmod(number, 58)
        letters = ALPHABET[place] + letters
    return " ".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def sealed(key: bytes, name: str, content: bytes) -> dict[str, str]:
    """Seal a secret under the name of its type."""
    iv = bytearray(os.urandom(16))
    iv[8] &= 0x7F  # as the specification asks: some counters are of 63 bits
    lock, mac = _keys(key, name)
    ciphertext = _counted(lock, bytes(iv), content)
    parts = {"iv": bytes(iv), "ciphertext": ciphertext, "mac": hmac.digest(mac, ciphertext, "sha256")}
    return {part: base64.b64encode(content).decode() for part, content in parts.items()}


def _unsealed(key: bytes, name: str, secret: Mapping[str, str]) -> bytes:
    lock, mac = _keys(key, name)
    ciphertext = decoded(secret["ciphertext"])
    if not hmac.compare_digest(hmac.digest(mac, ciphertext, "sha256"), decoded(secret["mac"])):
        raise ValueError("the MAC is wrong")
    return _counted(lock, decoded(secret["iv"]), ciphertext)


def _opens(key: bytes, description: Mapping[str, str]) -> bool:
    """Return whether it is the key described. A description without check values, of old clients, says nothing."""
    if "mac" not in description:
        return True
    lock, mac = _keys(key, "")
    expected = hmac.digest(mac, _counted(lock, decoded(description["iv"]), bytes(32)), "sha256")
    return hmac.compare_digest(expected, decoded(description["mac"]))


def _keys(key: bytes, name: str) -> tuple[bytes, bytes]:
    derived = HKDF(key, 64, bytes(32), SHA256, context=name.encode())
    if not isinstance(derived, bytes):
        raise TypeError("one key was asked for")
    return derived[:32], derived[32:]


def _counted(lock: bytes, iv: bytes, content: bytes) -> bytes:
    return AES.new(lock, AES.MODE_CTR, nonce=b"", initial_value=iv).encrypt(content)


def _parity(raw: bytes) -> int:
    parity = 0
    for byte in raw:
        parity ^= byte
    return parity


async def _data(homeserver: Homeserver, user: str, kind: str) -> dict[str, Any]:
    """Return account data of that type; empty when there is none."""
    try:
        return await homeserver.get("user", user, "account_data", kind)
    except Refused as refused:
        if refused.status == 404:
            return {}
        raise


async def _put(homeserver: Homeserver, user: str, kind: str, content: Mapping[str, Any]) -> None:
    await homeserver.put("user", user, "account_data", kind, body=content)
