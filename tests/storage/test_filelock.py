# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""One process at a time runs the accounts of a database file."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from storage.failures import AlreadyRunning, DatabaseError
from storage.filelock import own

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PROGRAM = (
    "import sys\n"
    "from storage.filelock import own\n"
    "with own(sys.argv[1]):\n"
    "    print('owned', flush=True)\n"
    "    sys.stdin.read()\n"
)


@contextmanager
def another_owner(url: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-c", PROGRAM, url]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"owned\n"
        yield process
        process.kill()


def test_a_second_run_is_told_which_process_to_stop(empty_sqlite_url: str) -> None:
    with (
        another_owner(empty_sqlite_url) as owner,
        pytest.raises(AlreadyRunning) as refusal,
        own(empty_sqlite_url),
    ):
        pass
    assert str(refusal.value) == (
        f"Another iaventure run uses this database (process {owner.pid}). "
        "Stop it first, or give this one its own database."
    )
    assert isinstance(refusal.value, DatabaseError)


def test_a_killed_owner_gives_way_at_once(empty_sqlite_url: str) -> None:
    with another_owner(empty_sqlite_url) as owner:
        owner.kill()
        owner.wait()
        with own(empty_sqlite_url):
            pass


def test_one_process_does_not_own_twice(empty_sqlite_url: str) -> None:
    with (
        own(empty_sqlite_url),
        pytest.raises(AlreadyRunning, match=f"process {os.getpid()}"),
        own(empty_sqlite_url),
    ):
        pass


def test_it_can_be_owned_again_afterwards_even_after_an_error(empty_sqlite_url: str) -> None:
    with pytest.raises(LookupError), own(empty_sqlite_url):
        raise LookupError
    with own(empty_sqlite_url):
        pass


def test_two_databases_have_two_owners(tmp_path: Path) -> None:
    with own(f"sqlite:///{tmp_path}/one.db"), own(f"sqlite:///{tmp_path}/two.db"):
        pass


def test_a_program_that_outlives_its_killed_owner_owns_nothing(empty_sqlite_url: str) -> None:
    program = (
        "import subprocess, sys\n"
        "from storage.filelock import own\n"
        "with own(sys.argv[1]):\n"
        "    child = subprocess.Popen(['sleep', '60'], close_fds=False, stdout=subprocess.DEVNULL)\n"
        "    print(child.pid, flush=True)\n"
        "    child.wait()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, empty_sqlite_url], cwd=ROOT, stdout=subprocess.PIPE
    ) as owner:
        assert owner.stdout is not None
        child = int(owner.stdout.readline())
        owner.kill()
    try:
        with own(empty_sqlite_url):
            pass
    finally:
        os.kill(child, signal.SIGKILL)


def test_a_forked_process_does_not_keep_what_its_parent_gave_up(empty_sqlite_url: str) -> None:
    program = (
        "import os, sys\n"
        "from storage.filelock import own\n"
        "with own(sys.argv[1]):\n"
        "    if os.fork() == 0:\n"
        "        os.close(1)\n"
        "        sys.stdin.read()\n"
        "        os._exit(0)\n"
        "with own(sys.argv[1]): print('owned again', flush=True)\n"
    )
    command = [sys.executable, "-c", program, empty_sqlite_url]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"owned again\n"


def test_the_lock_is_readable_by_its_owner_only(empty_sqlite_url: str, tmp_path: Path) -> None:
    with own(empty_sqlite_url):
        (lock,) = tmp_path.iterdir()
        assert lock.name == "iaventure.db.lock"
        assert stat.S_IMODE(lock.stat().st_mode) == 0o600


def test_a_lock_that_is_a_link_is_not_followed(empty_sqlite_url: str, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (tmp_path / "iaventure.db.lock").symlink_to(victim)
    with pytest.raises(DatabaseError, match="cannot be opened"), own(empty_sqlite_url):
        pass
    assert victim.read_text() == "precious"


def test_a_lock_without_a_process_number_still_refuses(empty_sqlite_url: str, tmp_path: Path) -> None:
    with another_owner(empty_sqlite_url):
        (tmp_path / "iaventure.db.lock").write_text("gibberish")
        with pytest.raises(AlreadyRunning, match=r"uses this database\. Stop it"), own(empty_sqlite_url):
            pass


def test_a_missing_folder_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="cannot be opened"), own(f"sqlite:///{tmp_path}/nowhere/x.db"):
        pass
