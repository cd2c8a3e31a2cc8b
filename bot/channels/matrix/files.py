# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Files that people sent: where one is, and how it is decrypted."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from nio.crypto.attachments import decrypt_attachment

from bot.channels import Rejected, Unreachable

LONGEST_REF = 2000
"""Characters of a reference: an address of at most 512, a key, a hash and a counter."""

# A server as the specification writes one: a host name or an address, with a port. `..` would climb out of the path.
_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})(?:\.[A-Za-z0-9][A-Za-z0-9-]{0,62}){0,126}"
_ADDRESS = re.compile(
    rf"mxc://(?=[^/]{{1,255}}/)((?:{_HOST}|\[[0-9A-Fa-f:.]{{2,45}}\])(?::[0-9]{{1,5}})?)/([A-Za-z0-9_-]{{1,255}})"
)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{1,100}={0,2}")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file on a homeserver; with `key`, `digest` and `counter` when it is encrypted there."""

    address: str
    key: str = ""
    digest: str = ""
    counter: str = ""

    @property
    def path(self) -> str:
        """Where it is downloaded from, for a session that is logged in.

        Raises:
            Unreachable: the address is none of a file.
        """
        address = _ADDRESS.fullmatch(self.address)
        if address is None:
            raise Unreachable("not an address of a file")
        return f"/_matrix/client/v1/media/download/{address[1]}/{address[2]}"

    def ref(self) -> str:
        """Write what `FileRef.ref` carries."""
        return json.dumps([self.address, self.key, self.digest, self.counter])

    def open(self, content: bytes) -> bytes:
        """Decrypt what was downloaded.

        Raises:
            Rejected: it is not what was sent.
        """
        if not self.key:
            return content
        try:
            return bytes(decrypt_attachment(content, self.key, self.digest, self.counter))
        except Exception as error:  # noqa: BLE001  whatever a person wrote in place of a key
            raise Rejected(f"the file cannot be decrypted: {type(error).__name__}") from None


def attachment_of(content: dict[str, Any]) -> Attachment | None:
    """Return the file that an `m.file` message names, encrypted or not; nothing when the message makes no sense."""
    sealed = content.get("file")
    if not isinstance(sealed, dict):
        return _sound(Attachment(*_texts(content.get("url"))))
    key, hashes = sealed.get("key"), sealed.get("hashes")
    return _sound(
        Attachment(
            *_texts(
                sealed.get("url"),
                key.get("k") if isinstance(key, dict) else None,
                hashes.get("sha256") if isinstance(hashes, dict) else None,
                sealed.get("iv"),
            )
        ),
        encrypted=True,
    )


def attachment_in(ref: str) -> Attachment:
    """Read what `Attachment.ref` wrote.

    Raises:
        Unreachable: it is anything else.
    """
    try:
        attachment = Attachment(*_texts(*json.loads(ref))) if len(ref) <= LONGEST_REF else None
    except (ValueError, TypeError):
        attachment = None
    sound = None if attachment is None else _sound(attachment, encrypted=bool(attachment.key))
    if sound is None:
        raise Unreachable("not a reference to a file")
    return sound


def _texts(*values: object) -> list[str]:
    return [value if isinstance(value, str) else "" for value in values]


def _sound(attachment: Attachment, *, encrypted: bool = False) -> Attachment | None:
    if not _ADDRESS.fullmatch(attachment.address):
        return None
    secrets = (attachment.key, attachment.digest, attachment.counter)
    if encrypted and not all(_BASE64.fullmatch(secret) for secret in secrets):
        return None
    return attachment
