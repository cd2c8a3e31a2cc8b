# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The vault of the account's secrets: one folder, one key, one process at a time.

The folder holds the client library's database of keys, and the file `secrets`: the session, the signing seeds, and the
random key that encrypts the database. They are worth something together only: move and back up the whole folder.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from Crypto.Cipher import AES

from bot.channels import ChannelFault

if TYPE_CHECKING:
    from collections.abc import Mapping

SECRETS, LOCK = "secrets", "lock"
LARGEST = 64 * 2**10
COST = {"n": 2**15, "r": 8, "p": 1, "maxmem": 2**26}
"""scrypt: about 0.1 s and 32 MB for each guess."""


class NotLoggedIn(ChannelFault):
    """The account is not logged in: run `iaventure matrix login`."""

    def __init__(self) -> None:
        super().__init__(fatal=True)


@dataclass(frozen=True, slots=True)
class Session:
    """One device of the account, logged in."""

    user_id: str
    device_id: str
    access_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Seeds:
    """What the account's own signing keys grow from; 32 bytes each."""

    master: bytes = field(repr=False)
    self_signing: bytes = field(repr=False)
    user_signing: bytes = field(repr=False)

    @classmethod
    def new(cls) -> Seeds:
        """Draw random ones."""
        return cls(os.urandom(32), os.urandom(32), os.urandom(32))


class Vault:
    """The secrets of one account, owned by this process until `close`."""

    def __init__(self, folder: Path, store_key: str | None) -> None:
        """`store_key`: `None` waives encryption, which only the operator may decide.

        Raises:
            ChannelFault: a fatal one: another process owns the folder, another key closed it, or it cannot be used.
        """
        self.folder = folder
        self._store_key = store_key
        self._lock = _own(folder)
        try:
            self._content = read(folder, store_key) or {"pickle_key": secrets.token_hex(32)}
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pickle_key(self) -> str:
        """What encrypts the client library's database: random, so that guessing `store_key` means guessing `secrets`."""
        return str(self._content["pickle_key"])

    @property
    def session(self) -> Session | None:
        """The device that is logged in, if there is one."""
        return session_in(self._content)

    @property
    def seeds(self) -> Seeds | None:
        """The account's own signing keys, if this program made them."""
        kept = self._content.get("seeds")
        return Seeds(**{name: base64.b64decode(seed) for name, seed in kept.items()}) if kept else None

    def keep_session(self, session: Session) -> None:
        """Use this device from now on; the keys of the one before are removed.

        Raises:
            ChannelFault: a fatal one: the folder cannot be written.
        """
        before = self.session
        self._keep(session=asdict(session))
        if before is not None and before.device_id != session.device_id:
            for file in self.folder.glob(f"*_{before.device_id}.*"):
                file.unlink()

    def keep_seeds(self, seeds: Seeds) -> None:
        """Remember the signing keys, before they are published.

        Raises:
            ChannelFault: a fatal one: the folder cannot be written.
        """
        self._keep(seeds={name: base64.b64encode(seed).decode() for name, seed in asdict(seeds).items()})

    def close(self) -> None:
        """Let another process have it; may be called twice."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _keep(self, **parts: Mapping[str, str]) -> None:
        self._content = {**self._content, **parts}
        _write(self.folder / SECRETS, _sealed(self._content, self._store_key))


def read(folder: Path, store_key: str | None) -> dict[str, Any] | None:
    """Return what `secrets` holds, whoever owns the folder; `None` when there is nothing yet.

    Raises:
        ChannelFault: a fatal one: it cannot be read with this key.
    """
    file = folder / SECRETS
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ChannelFault(
            f"{file} cannot be read ({error.strerror}): check who owns the folder", fatal=True
        ) from None
    try:
        kept = json.loads(content)
        if "open" in kept:
            if store_key is not None:
                raise ChannelFault(
                    f"{folder} was made without store_key: keep it so, or log in again in a new folder",
                    fatal=True,
                )
            clear: dict[str, Any] = kept["open"]
            return clear
        salt, nonce, tag, sealed = (
            base64.b64decode(kept[name]) for name in ("salt", "nonce", "tag", "sealed")
        )
    except (ValueError, KeyError, TypeError):
        raise ChannelFault(
            f"{file} is damaged: restore the whole folder from its backup, or log in again in a new one",
            fatal=True,
        ) from None
    if store_key is None:
        raise ChannelFault(f"{folder} is encrypted: set channels.matrix.store_key", fatal=True)
    try:
        opened_content = _cipher(store_key, salt, nonce).decrypt_and_verify(sealed, tag)
    except ValueError:
        raise ChannelFault(
            f"channels.matrix.store_key is not the key that encrypted {folder}: give that one", fatal=True
        ) from None
    unsealed: dict[str, Any] = json.loads(opened_content)
    return unsealed


def session_in(content: Mapping[str, Any]) -> Session | None:
    """Return the session among what `read` found."""
    kept = content.get("session")
    return Session(**kept) if kept else None


def _sealed(content: Mapping[str, Any], store_key: str | None) -> bytes:
    if store_key is None:
        return json.dumps({"open": content}).encode()
    salt, nonce = os.urandom(16), os.urandom(12)
    sealed, tag = _cipher(store_key, salt, nonce).encrypt_and_digest(json.dumps(content).encode())
    parts = {"salt": salt, "nonce": nonce, "tag": tag, "sealed": sealed}
    return json.dumps({name: base64.b64encode(part).decode() for name, part in parts.items()}).encode()


def _cipher(store_key: str, salt: bytes, nonce: bytes) -> Any:
    key = hashlib.scrypt(store_key.encode(), salt=salt, dklen=32, **COST)
    return AES.new(key, AES.MODE_GCM, nonce=nonce)


def _write(file: Path, content: bytes) -> None:
    """Replace a file: it holds the new content or the old one, whenever the power fails."""
    fresh = file.with_name(f"{file.name}.new")
    try:
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        fresh.replace(file)
        folder = os.open(file.parent, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise ChannelFault(
            f"{file} cannot be written ({error.strerror}): check the disk and who owns the folder", fatal=True
        ) from None


def _own(folder: Path) -> int:
    """Make the folder if it is missing, for its owner only; return the descriptor that locks it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise ChannelFault(
            f"{folder} cannot be used ({error.strerror}): check channels.matrix.store", fatal=True
        ) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise ChannelFault(
            f"another process uses {folder}: stop it first, or give each account its own store", fatal=True
        ) from None
    return descriptor
