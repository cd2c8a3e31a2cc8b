# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""An operator brings the account from a password to a signed device with the `matrix` commands alone."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from bot.service.service import utc_now
from storage.database import open_database
from tests.journeys import teaching
from tests.journeys.program import ROOT, iaventure
from tests.matrix import Account, Synapse, makes_identity, signatures


class Operator:
    """Someone in a folder with an `iaventure.yaml`."""

    def __init__(self, synapse: Synapse, account: Account, folder: Path, url: str) -> None:
        self.synapse, self.account, self.folder, self.url = synapse, account, folder, url
        self.settings = {
            "homeserver": synapse.url,
            "user_id": account.user_id,
            "store": str(folder / "keys"),
            "store_key": "correct horse",
        }

    def writes(self, **matrix: str) -> None:
        settings = {
            "database": self.url,
            "channels": {"matrix": self.settings | matrix},
        }
        (self.folder / "iaventure.yaml").write_text(json.dumps(settings))

    def runs(self, *command: str, anew: bool = False) -> tuple[int, str, str]:
        """Exit code, output and errors."""
        done = iaventure(*command, "--config", self.folder / "iaventure.yaml", folder=ROOT, anew=anew)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def types(self, secret: str, *command: str) -> tuple[int, str]:
        """Exit code and output of a command that asks for a secret on a terminal."""
        ours, theirs = pty.openpty()
        with subprocess.Popen(
            [sys.executable, "-m", "bot.cli", *command, "--config", self.folder / "iaventure.yaml"],
            cwd=ROOT,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        ) as asking:
            os.close(theirs)
            said = b""
            while b"\n" not in said.partition(b": ")[2]:
                if b": " in said and secret:
                    os.write(ours, f"{secret}\n".encode())  # what is typed before the question is thrown away
                    secret = ""
                said += os.read(ours, 1000)
            code = asking.wait(60)
            with suppress(OSError):  # how a terminal says that nobody writes to it any more
                while more := os.read(ours, 1000):
                    said += more
        os.close(ours)
        return code, said.decode()


@pytest.fixture
def operator(synapse: Synapse, owned: Account, tmp_path: Path, sqlite_url: str) -> Operator:
    return Operator(synapse, owned, tmp_path, sqlite_url)


async def test_commands_bring_an_account_from_a_password_to_a_signed_device(operator: Operator) -> None:
    with open_database(operator.url) as store:
        store.write_now(teaching.publish, operator.folder / "lessons", now=utc_now())
    operator.writes(password=operator.account.password)
    code, said, _ = operator.runs("matrix", "login")
    assert (code, "is logged in on device" in said) == (0, True)

    code, _, errors = operator.runs("check")
    assert code == 1
    assert "matrix: the account has no signing keys: run `iaventure matrix verify`" in errors

    operator.writes()  # the password is needed no more
    code, said, _ = operator.runs("matrix", "verify")
    assert code == 0
    assert "Recovery key, shown this once: Es" in said
    code, said, errors = operator.runs("check")
    assert (code, said.splitlines()[-1], errors) == (0, "Everything is in order.", "")
    seen = await signatures(operator.synapse, token=operator.account.access_token, of=operator.account)
    assert len(seen.signed) == 1


async def test_a_secret_missing_in_the_settings_is_asked_on_a_terminal(operator: Operator) -> None:
    recovery_key = await makes_identity(operator.synapse, operator.account)
    operator.writes()
    code, said = operator.types(operator.account.password, "matrix", "login")
    assert code == 0
    assert f"Password of {operator.account.user_id}" in said
    code, said = operator.types(recovery_key, "matrix", "verify")
    assert code == 0
    assert "signed with the account's recovery key" in said
    assert recovery_key not in said
    assert operator.account.password not in said


def test_a_failure_is_one_line_and_a_code(operator: Operator) -> None:
    operator.writes()
    for command in ("login", "verify"):
        code, said, errors = operator.runs("matrix", command)
        assert (code, said, errors.count("\n")) == (1, "", 1)
    operator.writes(password="wrong")
    code, _, errors = operator.runs("matrix", "login")
    assert (code, errors.count("\n")) == (1, 1)
    assert "refuses this password" in errors
    operator.writes(password="wrong", homeserver="http://127.0.0.1:9")
    code, _, errors = operator.runs("matrix", "login")
    assert (code, errors.count("\n")) == (3, 1)
    assert "cannot be reached" in errors


def test_without_a_matrix_account_the_commands_say_so(operator: Operator) -> None:
    (operator.folder / "iaventure.yaml").write_text("{}")
    code, said, errors = operator.runs("matrix", "login")
    assert (code, said) == (1, "")
    assert "channels.matrix" in errors


def test_no_secret_of_the_settings_is_ever_said(operator: Operator) -> None:
    operator.writes(password="hunter2-hunter2", recovery_key="EsTT hunter3")
    code, said, errors = operator.runs("--debug", "matrix", "login", anew=True)
    assert code == 1
    assert "Traceback" in errors
    code, shown, _ = operator.runs("config", "show")
    assert code == 0
    for secret in ("hunter2-hunter2", "hunter3", "correct horse"):
        assert secret not in said + errors + shown
