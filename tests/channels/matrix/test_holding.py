# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The file of one's own data on Matrix: it holds the keys of one's devices that this machine keeps, and nobody else's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from nio import MatrixRoom

from bot.channels.matrix.holding import with_keys
from bot.messages import Document, Send

if TYPE_CHECKING:
    from bot.channels.matrix import MatrixChannel
    from tests.matrix import Learner

FILE = Document("mes-donnees.json", "application/json", '{"état": "active"}'.encode(), keys="Clés")


async def test_one_reads_the_keys_of_ones_devices_beside_ones_data_and_nobody_elses(
    channel: MatrixChannel, ann: Learner, room: str
) -> None:
    await channel.send(room, Send("un"), "k1")
    await channel.send(room, Send("", document=FILE), "k2")
    shown = (await ann.sees(lambda shown: shown.file is not None)).file
    assert shown is not None
    found = json.loads(shown.content)
    assert found["état"] == "active"
    (device,) = found["Clés"]["devices"]
    assert device["id"] == ann.device_id
    assert device["ed25519"]
    assert found["Clés"]["message_keys"] == 0
    assert channel._opened is not None
    client = channel._opened.client
    crowd = MatrixRoom(room, client.user_id)
    for user in (client.user_id, ann.user_id, "@carl:example.org"):
        crowd.add_member(user, "", "")
    assert with_keys(client, crowd, FILE) == FILE
