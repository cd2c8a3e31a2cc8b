# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Signatures of Matrix: Ed25519 over JSON in its one form. Source: Client-Server API, "Signing JSON"."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any

from Crypto.PublicKey import ECC
from Crypto.Signature import eddsa

if TYPE_CHECKING:
    from collections.abc import Mapping


class SigningKey:
    """A private key from its seed of 32 bytes."""

    def __init__(self, seed: bytes) -> None:
        self._key = ECC.construct(curve="Ed25519", seed=seed)
        self.public = encoded(self._key.public_key().export_key(format="raw"))
        self.name = f"ed25519:{self.public}"

    def sign(self, value: Mapping[str, Any], user: str) -> dict[str, Any]:
        """Return a copy that bears this key's signature beside those it had."""
        signature = encoded(eddsa.new(self._key, "rfc8032").sign(canonical(value)))
        by_user = value.get("signatures", {})
        return {**value, "signatures": {**by_user, user: {**by_user.get(user, {}), self.name: signature}}}


def signed_by(value: Mapping[str, Any], user: str, public: str, name: str = "") -> bool:
    """Return whether it bears a valid signature of a user's key; `name`: the key's, when it is not the key itself."""
    try:
        signature = decoded(value["signatures"][user][f"ed25519:{name or public}"])
        eddsa.new(eddsa.import_public_key(decoded(public)), "rfc8032").verify(canonical(value), signature)
    except (KeyError, TypeError, ValueError, AttributeError):
        return False
    return True


def canonical(value: Mapping[str, Any]) -> bytes:
    """Write what is signed: without signatures, the keys in order, no space."""
    signed = {name: part for name, part in value.items() if name not in ("signatures", "unsigned")}
    return json.dumps(signed, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def encoded(content: bytes) -> str:
    """Write base64 without padding."""
    return base64.b64encode(content).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """Read base64 with padding or without.

    Raises:
        ValueError: it is none.
    """
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from None
