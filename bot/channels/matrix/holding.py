# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What this machine's store of keys holds of the person in a room, for the file of their own data."""

from __future__ import annotations

import json
from dataclasses import replace

from nio import MatrixRoom

from bot.channels.matrix.client import Client
from bot.messages import Document


def with_keys(client: Client, room: MatrixRoom, document: Document) -> Document:
    """Return a file of one's own data with the public keys of one's devices, and how many keys of messages are kept.

    In a room with several people it stays as it is: it would not be known whose keys to show.
    """
    others = [user for user in room.users if user != client.user_id]
    if not document.keys or len(others) != 1:
        return document
    devices = client.olm.device_store._entries.get(others[0], {}).values()
    own = client.olm.account.identity_keys["curve25519"]  # those of our own messages are not theirs
    opened = client.olm.inbound_group_store._entries.get(room.room_id, {})
    held = {
        "devices": [
            {"id": device.id, "ed25519": device.ed25519, "curve25519": device.curve25519}
            for device in devices
        ],
        "message_keys": sum(len(sessions) for sender, sessions in opened.items() if sender != own),
    }
    added = f",\n  {json.dumps(document.keys, ensure_ascii=False)}: {json.dumps(held)}\n}}\n"
    return replace(document, content=document.content.rstrip().removesuffix(b"}").rstrip() + added.encode())
