# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Addresses and accounts at rest: found by a keyed hash, readable with the key of the setting `privacy.key` alone.

Whatever names where a person is reached is stored under a tag, `=` and 22 letters, with a sealed copy beside it. Without a
key it is stored in clear. The key comes with the connection, so that functions over a `Tx` need no argument for it. See
docs/adr/0044-addresses-are-sealed.md.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from storage.failures import Unsealable
from storage.types import Tx, canonical

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    Connectable = TypeVar("Connectable", Connection, Engine)

KEY = 32
"""Bytes of a key."""
MARK = "="
"""What a tag begins with, and no address of any channel."""
LONGEST_TAG = 23
NONCE = 12
SMALLEST = 32
"""Bytes of the shortest padded text; longer ones take the next power of two, so that a length tells little."""
SEALED = "sealed"
"""The part of an outbox row's content that stands for others, sealed."""
READ = frozenset({"text", "aside", "document", "drawing"})
"""The parts of an outbox row's content that it stands for: what the person reads."""
REPLIES = "outbox", "reply"
"""What they are sealed for: an edit that waits takes the content of a newer one, and no row is theirs alone."""
_LENGTH = 4
_OPTION = "sealing"


class Sealing:
    """One key. On a busy machine a tag takes 5 µs, a seal 7 and an opening 6, of which the library has 2 to 3."""

    def __init__(self, key: bytes) -> None:
        # Imported with the first key: 50 ms, which a service without one does not pay.
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        if len(key) != KEY:
            raise ValueError(f"a key has {KEY} bytes")

        def derived(purpose: bytes) -> bytes:
            return HKDF(SHA256(), 32, salt=None, info=b"iaventure/" + purpose).derive(key)

        self._tagging = hmac.new(derived(b"tag/1"), digestmod=hashlib.sha256)
        self._cipher = AESGCM(derived(b"seal/1"))
        self._invalid = InvalidTag
        self.fingerprint = derived(b"fingerprint/1")[:8].hex()
        """Tells which key it is, and nothing about it."""

    def tag(self, channel: str, text: str) -> str:
        """Return the name under which an address or an account of a channel is stored and found."""
        tagging = self._tagging.copy()
        tagging.update(f"{channel}\0{text}".encode())
        return MARK + base64.urlsafe_b64encode(tagging.digest()[:16]).decode().rstrip("=")

    def seal(self, channel: str, about: int | str, text: str) -> bytes:
        """Seal a text for one place: `about` is the id of the address's row, or what else the text belongs to."""
        content = text.encode()
        size = max(SMALLEST, 1 << (_LENGTH + len(content) - 1).bit_length())
        padded = (len(content).to_bytes(_LENGTH, "big") + content).ljust(size, b"\0")
        nonce = secrets.token_bytes(NONCE)
        return nonce + self._cipher.encrypt(nonce, padded, f"{channel}\0{about}".encode())

    def open(self, channel: str, about: int | str, sealed: bytes) -> str:
        """Return the text that was sealed for a place.

        Raises:
            Unsealable: it was not sealed with this key for this place, or not at all.
        """
        try:
            padded = self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], f"{channel}\0{about}".encode())
            length = int.from_bytes(padded[:_LENGTH], "big")
            return padded[_LENGTH : _LENGTH + length].decode()
        except (self._invalid, ValueError, TypeError) as error:
            raise Unsealable from error

    def seal_json(self, channel: str, about: int | str, value: Any) -> str:
        """Seal a JSON value for a place; in base64."""
        return base64.b64encode(self.seal(channel, about, canonical(value))).decode()

    def open_json(self, channel: str, about: int | str, stored: str) -> Any:
        """Return a value that `seal_json` sealed.

        Raises:
            Unsealable: it was not sealed with this key for this place, or not at all.
        """
        try:
            return json.loads(self.open(channel, about, base64.b64decode(stored)))
        except (ValueError, RecursionError) as error:
            raise Unsealable from error


def key_of(text: str) -> bytes:
    """Return the bytes of a key as it is written in settings: base64, with or without its padding.

    Raises:
        ValueError: it is not one.
    """
    try:
        key = base64.b64decode(text.strip() + "=" * (-len(text.strip()) % 4), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY:
        raise ValueError("a key is 32 bytes in base64")
    return key


# --- what a transaction knows


def given(to: Connectable, sealing: Sealing | None) -> Connectable:
    """Return connections that know the key, for `of`."""
    return to if sealing is None else to.execution_options(**{_OPTION: sealing})


def of(tx: Tx) -> Sealing | None:
    """Return the key that came with the connection; None where everything is stored in clear."""
    sealing: Sealing | None = tx.get_execution_options().get(_OPTION)
    return sealing


def is_tag(name: str) -> bool:
    """Tell whether an address or an account is stored under its tag."""
    return name.startswith(MARK)


def name(tx: Tx, channel: str, text: str) -> str:
    """Return what an address or an account is stored under from now on: its tag, or without a key the text itself."""
    sealing = of(tx)
    return text if sealing is None else sealing.tag(channel, text)


def names(tx: Tx, channel: str, text: str) -> tuple[str, str]:
    """Return the two names under which a text may be stored; the same twice without a key.

    A database that was in clear before is sealed in small steps: until the last one, some rows have the text itself.
    """
    return name(tx, channel, text), text


def named(tx: Tx, channel: str, texts: Iterable[str]) -> dict[str, str]:
    """Return the text of each name under which one of some texts may be stored."""
    return {stored: text for text in texts for stored in names(tx, channel, text)}


def sealed(tx: Tx, channel: str, about: int | str, text: str) -> bytes | None:
    """Return a text sealed for a place; None without a key."""
    sealing = of(tx)
    return None if sealing is None else sealing.seal(channel, about, text)


def opened(tx: Tx, channel: str, about: int | str, stored: str, sealed_copy: bytes | None) -> str | None:
    """Return the text that is stored under a name, with the sealed copy beside it; None when it cannot be opened."""
    if sealed_copy is None:
        return None if is_tag(stored) else stored
    sealing = of(tx)
    if sealing is None:
        return None
    try:
        return sealing.open(channel, about, sealed_copy)
    except Unsealable:
        return None


# --- replies that say where somebody is reached


def says_where(content: Mapping[str, Any], names: Iterable[str | None]) -> bool:
    """Tell whether the content of an outbox row may hold one of some names: any document may, as one's own data does."""
    text = content.get("text")
    return "document" in content or (isinstance(text, str) and any(name in text for name in names if name))


def seal_piece(tx: Tx, content: dict[str, Any]) -> dict[str, Any]:
    """Return the content of an outbox row with what the person reads sealed; as it is without a key."""
    sealing = of(tx)
    if sealing is None:
        return content
    read = {part: content[part] for part in READ if part in content}
    kept = {part: value for part, value in content.items() if part not in READ}
    return {**kept, SEALED: sealing.seal_json(*REPLIES, read)}


def open_piece(tx: Tx, content: dict[str, Any]) -> dict[str, Any]:
    """Return the content of an outbox row as it was before `seal_piece`.

    Raises:
        Unsealable: it cannot be opened.
    """
    if SEALED not in content:
        return content
    sealing = of(tx)
    if sealing is None:
        raise Unsealable
    kept = {part: value for part, value in content.items() if part != SEALED}
    return {**kept, **sealing.open_json(*REPLIES, content[SEALED])}
