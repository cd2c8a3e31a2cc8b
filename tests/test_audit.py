# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The audit of dependencies is green only when every package was looked up, at a source that has data."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.audit import INDEX, LOCKS, PROBE, ROOT, pins_of
from tests.ports import KeptPort

Answer = dict[str, Any] | bytes | int
"""JSON, raw bytes, or a status alone."""
KNOWN = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1"], "fixed_in": ["2.0"], "withdrawn": None}
GREEN = "none is known to be vulnerable"


def about(name: str, version: str, *known: dict[str, Any]) -> dict[str, Any]:
    return {"info": {"name": name, "version": version}, "vulnerabilities": list(known)}


def an_index() -> dict[str, Answer]:
    """What an index knows: the probe's vulnerability, and two sound packages."""
    probe = f"/pypi/{PROBE.name}/{PROBE.version}/json"
    return {
        probe: about("Django", PROBE.version, KNOWN),
        "/pypi/one/1.0/json": about("One", "1.0"),
        "/pypi/two-three/2.0/json": about("two_three", "2.0"),
    }


@contextmanager
def serving(answers: dict[str, Answer], delay: float = 0.0) -> Iterator[str]:
    """An index over HTTP; what it does not know is a 404."""

    class Index(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(delay)
            answer = answers.get(self.path, 404)
            body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(answer if isinstance(answer, int) else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep the output of the tests clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Index) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """Two packages, as a lock file pins them."""
    path = tmp_path / "requirements.lock"
    path.write_text(
        "one==1.0 \\\n    --hash=sha256:00\n    # via x\ntwo-three==2.0 ; python_version < '4' \\\n    --hash=sha256:00\n"
    )
    return path


Audit = Callable[..., tuple[int, str]]


@pytest.fixture
def audit(lock: Path) -> Audit:
    """Runs the audit of the lock file on an index; its exit code, and what it prints."""

    def run(answers: dict[str, Answer], delay: float = 0.0, patience: float = 20.0) -> tuple[int, str]:
        with serving(answers, delay) as index:
            return audited(index, lock, patience)

    return run


def audited(index: str, lock: Path, patience: float = 20.0) -> tuple[int, str]:
    command = [sys.executable, "-m", "tests.audit", "--index", index, "--lock", str(lock)]
    environment = {"no_proxy": "127.0.0.1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [*command, "--patience", str(patience)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_it_is_green_when_every_package_was_looked_up(audit: Audit) -> None:
    assert audit(an_index()) == (0, f"audit: 2 packages looked up, {GREEN}\n")


def test_a_known_vulnerability_fails_with_its_names_and_what_mends_it(audit: Audit) -> None:
    code, said = audit(an_index() | {"/pypi/one/1.0/json": about("one", "1.0", KNOWN)})
    assert code == 1
    assert "one 1.0: PYSEC-2026-1, CVE-2026-1; mended in 2.0" in said
    assert GREEN not in said


def test_what_was_withdrawn_is_no_vulnerability(audit: Audit) -> None:
    withdrawn = {**KNOWN, "withdrawn": "2026-11-01T00:00:00Z"}
    assert audit(an_index() | {"/pypi/one/1.0/json": about("one", "1.0", withdrawn)})[0] == 0


@pytest.mark.parametrize(
    "answer",
    [
        404,
        500,
        b"<html>",
        b"[]",
        {"info": {"name": "one", "version": "1.0"}},
        {"info": {"name": "one", "version": "1.0"}, "vulnerabilities": None},
        {"info": {"name": "one", "version": "1.0"}, "vulnerabilities": ["?"]},
        about("one", "1.1"),
        about("another", "1.0"),
    ],
    ids=str,
)
def test_a_package_that_could_not_be_looked_up_is_never_green(audit: Audit, answer: Answer) -> None:
    code, said = audit(an_index() | {"/pypi/one/1.0/json": answer})
    assert code == 3
    assert said.startswith("audit: not done: 1 of 2 packages could not be looked up: one 1.0 (")
    assert GREEN not in said


@pytest.mark.parametrize("probe", [404, about("django", PROBE.version), b"{}"], ids=str)
def test_a_source_without_data_is_not_believed(audit: Audit, probe: Answer) -> None:
    code, said = audit(an_index() | {f"/pypi/{PROBE.name}/{PROBE.version}/json": probe})
    assert code == 3
    assert said.startswith("audit: not done: ")
    assert "2 packages unseen" in said


def test_both_are_said_and_it_fails_for_what_is_known(audit: Audit) -> None:
    code, said = audit(
        an_index() | {"/pypi/one/1.0/json": about("one", "1.0", KNOWN), "/pypi/two-three/2.0/json": 503}
    )
    assert code == 1
    assert "one 1.0: PYSEC-2026-1" in said
    assert "two-three 2.0 (HTTP 503)" in said


def test_where_nothing_answers_it_says_so_soon(lock: Path) -> None:
    code, said = audited(f"http://127.0.0.1:{KeptPort().number}", lock)
    assert code == 3
    assert said.startswith("audit: not done: the known vulnerabilities cannot be looked up (")


def test_a_source_that_hangs_is_not_waited_for(audit: Audit) -> None:
    assert audit(an_index(), delay=3, patience=0.3)[0] == 3


def test_a_lock_that_pins_nothing_is_not_green(tmp_path: Path) -> None:
    (tmp_path / "empty.lock").write_text("# nothing\n")
    code, said = audited(INDEX, tmp_path / "empty.lock")
    assert (code, said) == (3, "audit: not done: no lock file pins anything\n")


def test_every_lock_file_of_python_is_audited_whole() -> None:
    assert {path.name for path in ROOT.glob("requirements*.lock")} == set(LOCKS)
    for name in LOCKS:
        text = (ROOT / name).read_text("utf-8")
        assert len(pins_of([ROOT / name])) == len(
            [line for line in text.splitlines() if "==" in line.split(" ")[0]]
        )


@pytest.mark.parametrize(("code", "passes"), [(0, True), (1, False), (2, False), (3, True)])
def test_continuous_integration_goes_on_where_it_could_not_look_and_stops_for_what_is_known(
    tmp_path: Path, code: int, *, passes: bool
) -> None:
    (line,) = [line for line in (ROOT / ".ci/run").read_text("utf-8").splitlines() if "tests.audit" in line]
    python = tmp_path / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(f"#!/bin/sh\nexit {code}\n")
    python.chmod(0o755)
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", line], cwd=tmp_path, check=False)
    assert (done.returncode == 0) is passes
