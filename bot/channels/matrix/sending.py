# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""One piece as one event: its content, and the transaction by which the homeserver knows it again."""

from __future__ import annotations

import re
from hashlib import blake2b

from nio import MatrixRoom

from bot.channels.matrix.client import Client
from bot.channels.matrix.content import (
    MESSAGE,
    POLL_START,
    file_content,
    in_thread,
    picture_content,
    poll_content,
    text_content,
)
from bot.channels.matrix.holding import with_keys
from bot.channels.matrix.media import upload
from bot.fitting import is_poll
from bot.messages import Edit, Limits, Piece

LONGEST_TRANSACTION = 120

_TRANSACTION = re.compile(r"[A-Za-z0-9:._-]+")


async def put(client: Client, room: MatrixRoom, piece: Piece, key: str, target: str, limits: Limits) -> str:
    """Send a piece into a room, and return the id of its event. `key` is its outbox key, `target` what it replies to.

    Raises:
        ChannelError: the homeserver refuses or is silent.
    """
    transaction = _transaction(key)
    document, picture = (None, None) if isinstance(piece, Edit) else (piece.document, piece.picture)
    replied = "" if isinstance(piece, Edit) else target
    thread = "" if isinstance(piece, Edit) else piece.thread
    if picture is not None:
        where = await upload(client, room, picture)
        content = picture_content(picture, where, piece.text, replied)
    elif document is not None:
        document = with_keys(client, room, document)
        where = await upload(client, room, document)
        content = file_content(document, where, replied)
    elif piece.question is not None and is_poll(piece.question):
        content = poll_content(piece.text, piece.question, limits, replied)
        return await client.put(room.room_id, POLL_START, in_thread(content, thread), transaction)
    else:
        content = text_content(piece.text, replied, piece.aside)
    return await client.put(room.room_id, MESSAGE, in_thread(content, thread), transaction)


def _transaction(key: str) -> str:
    """Return the outbox key, or what stands for it where it cannot be part of an address."""
    if len(key) <= LONGEST_TRANSACTION and _TRANSACTION.fullmatch(key):
        return key
    return blake2b(key.encode(), digest_size=32).hexdigest()
