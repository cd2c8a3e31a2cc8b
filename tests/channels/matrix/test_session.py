# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The account's store is one secret, owned by one process, and written whole."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot.channels import ChannelFault
from bot.channels.matrix.session import Seeds, Session, Vault
from tests.channels.matrix.stores import everything_in, rights

ROOT = Path(__file__).parents[3]
SESSION = Session("@bot:test.local", "DEVICE", "syt_token")
KEY = "correct horse battery staple"


def test_a_vault_reads_again_what_it_kept(tmp_path: Path) -> None:
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


def test_a_damaged_file_is_said_to_be_damaged(tmp_path: Path, subtests: pytest.Subtests) -> None:
    for content in (
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"salt": 1}',
        b'{"salt": "", "nonce": "", "tag": "", "sealed": "="}',
        b"\xff" * 100_000,
    ):
        (tmp_path / "secrets").write_bytes(content)
        with subtests.test(content=content[:20]), pytest.raises(ChannelFault, match="damaged"):
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
