# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Is the account's device one secret, kept by one process, lost without harm?"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels import ChannelFault
from bot.channels.matrix.account import Account, log_in, logged_in, problems_of, verify
from bot.channels.matrix.homeserver import Homeserver
from bot.channels.matrix.session import Seeds, Session, Vault
from tests.matrix import Account as Person
from tests.matrix import Synapse, signatures

ROOT = Path(__file__).parents[2]
SESSION = Session("@bot:test.local", "DEVICE", "syt_token")
KEY = "correct horse battery staple"


def account_of(synapse: Synapse, person: Person, store: Path) -> Account:
    return Account(synapse.url, person.user_id, store, KEY, password=person.password)


def rights(path: Path) -> int:
    return path.stat().st_mode & 0o777


def everything_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


def names_in(folder: Path, pattern: str) -> list[str]:
    return [file.name for file in folder.glob(pattern)]


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    seeds = Seeds.new()
    with Vault(tmp_path / "store", KEY) as vault:
        assert (vault.session, vault.seeds) == (None, None)
        vault.keep_session(SESSION)
        vault.keep_seeds(seeds)
        pickle_key = vault.pickle_key
    with Vault(tmp_path / "store", KEY) as vault:
        assert (vault.session, vault.seeds, vault.pickle_key) == (SESSION, seeds, pickle_key)


def test_another_key_opens_nothing_and_changes_nothing(tmp_path: Path) -> None:
    with Vault(tmp_path, KEY) as vault:
        vault.keep_session(SESSION)
    before = everything_in(tmp_path)
    for key, said in ((KEY + " ", "store_key is not the key"), (None, "is encrypted")):
        with pytest.raises(ChannelFault, match=said) as caught:
            Vault(tmp_path, key)
        assert caught.value.fatal
    assert everything_in(tmp_path) == before
    with Vault(tmp_path, KEY) as vault:
        assert vault.session == SESSION


def test_no_secret_can_be_read_from_the_folder(tmp_path: Path) -> None:
    seeds = Seeds.new()
    with Vault(tmp_path, KEY) as vault:
        vault.keep_session(SESSION)
        vault.keep_seeds(seeds)
        kept = everything_in(tmp_path)
        assert vault.pickle_key.encode() not in kept
    assert b"syt_token" not in kept
    assert KEY.encode() not in kept
    assert "syt_token" not in repr(SESSION)
    assert str(seeds) == "Seeds()"


def test_without_encryption_it_says_so_when_a_key_is_given(tmp_path: Path) -> None:
    with Vault(tmp_path, None) as vault:
        vault.keep_session(SESSION)
    with pytest.raises(ChannelFault, match="made without store_key"):
        Vault(tmp_path, KEY)
    with Vault(tmp_path, None) as vault:
        assert vault.session == SESSION


def test_the_folder_and_its_files_are_for_their_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    folder.mkdir(mode=0o755)
    with Vault(folder, KEY) as vault:
        vault.keep_session(SESSION)
        assert rights(folder) == 0o700
        assert {rights(file) for file in folder.iterdir()} == {0o600}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"salt": 1}',
        b'{"salt": "", "nonce": "", "tag": "", "sealed": "="}',
        b"\xff" * 100_000,
    ],
)
def test_a_damaged_file_is_said_to_be_damaged(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "secrets").write_bytes(content)
    with pytest.raises(ChannelFault, match="damaged"):
        Vault(tmp_path, KEY)


def test_a_crash_while_writing_leaves_what_was_there(tmp_path: Path) -> None:
    with Vault(tmp_path, KEY) as vault:
        vault.keep_session(SESSION)
    (tmp_path / "secrets.new").write_bytes(b"half of i")
    with Vault(tmp_path, KEY) as vault:
        assert vault.session == SESSION
        vault.keep_session(replace(SESSION, access_token="syt_other"))
    with Vault(tmp_path, KEY) as vault:
        assert vault.session == replace(SESSION, access_token="syt_other")


def test_two_processes_cannot_use_one_store(tmp_path: Path) -> None:
    hold = (
        "import sys, pathlib; from bot.channels.matrix.session import Vault\n"
        "with Vault(pathlib.Path(sys.argv[1]), 'k'): print('mine', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, tmp_path],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "mine\n"
        with pytest.raises(ChannelFault, match="another process uses") as caught:
            Vault(tmp_path, "k")
        assert caught.value.fatal
        other.kill()
        other.wait()
    Vault(tmp_path, "k").close()


async def test_logging_in_makes_one_device_with_keys_and_is_done_once(
    synapse: Synapse, tmp_path: Path
) -> None:
    person = synapse.account("bot")
    account = account_of(synapse, person, tmp_path / "store")
    said = await log_in(account)
    assert "logged in on device" in said[0]
    found = await signatures(synapse, token=person.access_token, of=person)
    assert len(found.devices) == 1
    assert "nothing to do" in (await log_in(account))[0]
    assert await signatures(synapse, token=person.access_token, of=person) == found
    assert {rights(file) for file in account.store.iterdir()} == {0o600}
    kept = everything_in(account.store)
    with Vault(account.store, KEY) as vault:
        assert logged_in(account, vault).device_id in found.devices
        assert logged_in(account, vault).access_token.encode() not in kept


async def test_a_token_logs_in_its_own_device(synapse: Synapse, tmp_path: Path) -> None:
    person = synapse.account("bot")
    account = Account(
        synapse.url,
        person.user_id,
        tmp_path,
        KEY,
        access_token=person.access_token,
        device_id=person.device_id,
    )
    await log_in(account)
    found = await signatures(synapse, token=person.access_token, of=person)
    assert found.devices == {person.device_id}
    with pytest.raises(ChannelFault, match="used by another application"):
        await log_in(replace(account, store=tmp_path / "other"))


async def test_a_login_that_cannot_be_is_told_in_one_sentence(synapse: Synapse, tmp_path: Path) -> None:
    person, other = synapse.account("bot"), synapse.account("other")
    account = account_of(synapse, person, tmp_path)
    token = replace(account, password=None, access_token=person.access_token)
    for wrong, said in (
        (replace(account, password="wrong"), "refuses this password"),
        (replace(account, password=None), "password, or access_token"),
        (replace(token, access_token="syt_nothing"), "does not know"),
        (replace(token, access_token=other.access_token), "is not of"),
        (replace(token, device_id="ELSEWHERE"), "not of ELSEWHERE"),
        (replace(account, homeserver="http://127.0.0.1:9"), "cannot be reached"),
    ):
        with pytest.raises(ChannelFault, match=said) as caught:
            await log_in(wrong)
        assert "\n" not in str(caught.value)
        assert "syt_" not in str(caught.value)
    assert names_in(tmp_path, "secrets*") == []


async def test_a_store_is_of_one_account(synapse: Synapse, tmp_path: Path) -> None:
    await log_in(account_of(synapse, synapse.account("bot"), tmp_path))
    other = account_of(synapse, synapse.account("bot"), tmp_path)
    for action in (log_in, verify, problems_of):
        with pytest.raises(ChannelFault, match="give each account its own store"):
            await action(other)


async def test_nothing_is_done_without_a_session(synapse: Synapse, tmp_path: Path) -> None:
    account = account_of(synapse, synapse.account("bot"), tmp_path)
    for action in (verify, problems_of):
        with pytest.raises(ChannelFault, match="run `iaventure matrix login`"):
            await action(account)


async def test_a_revoked_token_is_told_and_a_new_login_keeps_the_identity(
    synapse: Synapse, tmp_path: Path
) -> None:
    person, onlooker = synapse.account("bot"), synapse.account("ann")
    account = account_of(synapse, person, tmp_path)
    await log_in(account)
    await verify(account)
    before = await signatures(synapse, token=onlooker.access_token, of=person)

    await synapse.revokes(person)
    for action in (verify, problems_of):
        with pytest.raises(ChannelFault, match="no longer accepts") as caught:
            await action(account)
        assert caught.value.fatal
    said = await log_in(account)
    assert any("takes the place" in sentence for sentence in said)
    await verify(account)
    after = await signatures(synapse, token=onlooker.access_token, of=person)
    assert after.master == before.master
    assert after.signed == after.devices != before.devices
    assert await problems_of(account) == []
    assert len(names_in(tmp_path, "*.db")) == 1


async def test_a_moved_store_is_the_same_device(synapse: Synapse, tmp_path: Path) -> None:
    person = synapse.account("bot")
    account = account_of(synapse, person, tmp_path / "here")
    await log_in(account)
    await verify(account)
    before = await signatures(synapse, token=person.access_token, of=person)
    account.store.rename(tmp_path / "there")
    moved = replace(account, store=tmp_path / "there", password=None)
    assert "already signed" in (await verify(moved))[0]
    assert await problems_of(moved) == []
    assert await signatures(synapse, token=person.access_token, of=person) == before


async def test_a_store_put_together_from_two_backups_is_refused(synapse: Synapse, tmp_path: Path) -> None:
    person = synapse.account("bot")
    account = account_of(synapse, person, tmp_path / "store")
    await log_in(account)
    with Vault(tmp_path / "other", KEY) as other, Vault(account.store, KEY) as vault:
        other.keep_session(logged_in(account, vault))
    (tmp_path / "other" / "secrets").replace(account.store / "secrets")
    with pytest.raises(ChannelFault, match="do not fit together"):
        await verify(account)


@asynccontextmanager
async def answering(*answers: tuple[int, bytes]) -> AsyncIterator[Homeserver]:
    """A homeserver that gives one answer after the other, then the last again and again."""
    left = list(answers)

    async def answer(request: web.Request) -> web.Response:
        status, content = left.pop(0) if len(left) > 1 else left[0]
        return web.Response(status=status, body=content)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with TestServer(app) as server, Homeserver(str(server.make_url("/")), "syt_token") as homeserver:
        yield homeserver


@pytest.mark.parametrize(
    ("status", "content", "said"),
    [
        (502, b"<html>Bad Gateway</html>", "HTTP 502"),
        (503, b"", "HTTP 503"),
        (200, b"<html>Connexion au portail</html>", "not a Matrix homeserver"),
        (200, b"[]", "not a Matrix homeserver"),
        (302, b"", "not a Matrix homeserver"),
        (200, b"[" * 100_000, "not a Matrix homeserver"),
        (200, b'"' + b"x" * 9_000_000 + b'"', "too long"),
        (401, json.dumps({"errcode": "M_UNKNOWN_TOKEN"}).encode(), "no longer accepts"),
    ],
)
async def test_what_answers_in_place_of_a_homeserver_is_told(status: int, content: bytes, said: str) -> None:
    async with answering((status, content)) as homeserver:
        with pytest.raises(ChannelFault, match=said) as caught:
            await homeserver.get("account", "whoami")
        assert "syt_token" not in str(caught.value)


async def test_a_homeserver_that_says_to_wait_is_asked_again() -> None:
    wait = json.dumps({"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 50}).encode()
    async with answering((429, wait), (429, wait), (200, b'{"user_id": "@bot:test.local"}')) as homeserver:
        assert await homeserver.get("account", "whoami") == {"user_id": "@bot:test.local"}
    async with answering((429, wait)) as homeserver:
        with pytest.raises(ChannelFault, match="cannot answer now") as caught:
            await homeserver.get("account", "whoami")
        assert not caught.value.fatal
