# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The people of the tests talk to each other as real clients do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.matrix import Learner, Synapse, makes_identity, signatures


@pytest.mark.parametrize("encrypted", [True, False], ids=["encrypted", "plain"])
async def test_two_people_read_each_other(synapse: Synapse, encrypted: bool) -> None:
    async with (
        await Learner.arrives(synapse, "ann", encrypted=encrypted) as ann,
        await Learner.arrives(synapse, "bob") as bob,
    ):
        room = await ann.invites(bob.user_id)
        await bob.joins(room)
        await ann.met(bob.user_id)
        event = await ann.says("bonjour")
        heard = await bob.next_message()
        assert (heard.id, heard.text, heard.reply_to) == (event, "bonjour", None)
        assert heard.wire_type == ("m.room.encrypted" if encrypted else "m.room.message")
        assert heard.shield is encrypted
        await bob.says("salut", reply_to=event)
        assert (await ann.sees("salut")).reply_to == event
        await ann.edits(event, "bonsoir")
        assert (await bob.sees("bonsoir")).edits == 1
        await ann.sends_file("leçon.yaml", b"id: un")
        file = (await bob.sees(lambda shown: shown.file is not None)).file
        assert file
        assert (file.name, file.content) == ("leçon.yaml", b"id: un")
        await ann.redacts(event)
        await bob.says("fin")
        await ann.sees("fin")
        types = {wire.type for wire in await ann.wire() if not wire.state}
        assert types == ({"m.room.encrypted"} if encrypted else {"m.room.message"}) | {"m.room.redaction"}


async def test_a_new_device_reads_what_comes_and_not_what_was(synapse: Synapse) -> None:
    async with await Learner.arrives(synapse, "ann") as ann, await Learner.arrives(synapse, "bob") as bob:
        room = await ann.invites(bob.user_id)
        await bob.joins(room)
        await ann.met(bob.user_id)
        await ann.says("avant")
        await bob.sees("avant")
        old = bob.device_id
        await bob.changes_device()
        assert bob.device_id != old
        await bob.says("me revoilà")
        await ann.sees("me revoilà")
        await ann.says("après")
        await bob.sees("après")
        assert [shown.text for shown in await bob.messages()] == ["après"]


async def test_a_person_who_excludes_unsigned_devices_neither_reads_nor_is_read_by_them(
    synapse: Synapse,
) -> None:
    async with (
        await Learner.arrives(synapse, "ann", only_signed=True) as ann,
        await Learner.arrives(synapse, "bob") as bob,
    ):
        room = await ann.invites(bob.user_id)
        await bob.joins(room)
        await ann.met(bob.user_id)
        await ann.says("secret")
        assert not (await bob.next_message()).readable
        await bob.says("moi aussi")
        shown = await ann.next_message()
        assert (shown.readable, shown.shield, shown.text) == (False, True, "")


async def test_an_identity_that_a_person_made_is_published_and_signed(synapse: Synapse) -> None:
    account = synapse.account("zoe")
    spelled = await makes_identity(synapse, account)
    found = await signatures(synapse, token=account.access_token, of=account)
    assert None not in (found.master, found.self_signing, found.user_signing)
    assert (found.devices, found.signed) == (frozenset(), frozenset())
    assert len(spelled.replace(" ", "")) == 48


async def test_people_and_their_rooms_survive_a_restart_of_the_homeserver(synapse: Synapse) -> None:
    async with await Learner.arrives(synapse, "ann") as ann, await Learner.arrives(synapse, "bob") as bob:
        room = await ann.invites(bob.user_id)
        await bob.joins(room)
        await ann.met(bob.user_id)
        await synapse.restarts()
        await ann.says("toujours là")
        await bob.sees("toujours là")


HOMESERVER = """
import pathlib, sys, time
from tests.matrix import Synapse
synapse = Synapse(pathlib.Path(sys.argv[1]))
synapse.start()
print(synapse._process.pid, flush=True)
time.sleep(60)
"""
CLIENT = """
import asyncio, pathlib, sys
from tests.matrix.webclient import Node
async def main():
    node = await Node.starts(pathlib.Path(sys.argv[1], "log"), print)
    print(node.pid, flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


@pytest.mark.parametrize("script", [HOMESERVER, CLIENT], ids=["homeserver", "client"])
def test_a_homeserver_and_a_client_die_with_the_process_that_started_them(
    tmp_path: Path, script: str
) -> None:
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", script, tmp_path], cwd=root, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        os.kill(pid, 0)
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    end = time.monotonic() + 30
    while runs(pid):
        assert time.monotonic() < end
        time.sleep(0.05)


def runs(pid: int) -> bool:
    """Whether there is such a process, and it is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
