# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The homeserver of the tests: a Synapse of their own on 127.0.0.1, which never outlives them."""

from __future__ import annotations

import asyncio
import base64
import ctypes
import hashlib
import hmac
import itertools
import json
import os
import secrets
import signal
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.ports import KeptPort

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[2]
SERVER = "test.local"
UNLIMITED = {"per_second": 100_000, "burst_count": 100_000}
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Account:
    """An account as its owner knows it."""

    user_id: str
    password: str
    access_token: str
    device_id: str


class Synapse:
    """One homeserver: its data stay in `folder`, its port stays the same whatever is stopped and started."""

    def __init__(self, folder: Path, settings: Mapping[str, Any] | None = None) -> None:
        """`settings` replace those of the same name, e.g. `{"rc_message": {"per_second": 1, "burst_count": 1}}`."""
        self.folder = folder
        self._place = KeptPort()
        self.port = self._place.number
        self.url = f"http://127.0.0.1:{self.port}"
        self._secret = secrets.token_hex(16)
        self._process: subprocess.Popen[bytes] | None = None
        self._admin: Account | None = None
        folder.mkdir(parents=True, exist_ok=True)
        seed = base64.b64encode(os.urandom(32)).decode().rstrip("=")
        (folder / "signing.key").write_text(f"ed25519 a_test {seed}\n")
        (folder / "log.yaml").write_text(json.dumps(self._logging()))
        (folder / "homeserver.yaml").write_text(json.dumps(self._settings() | dict(settings or {})))

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._spawn()
        end = time.monotonic() + 60
        while not self._healthy():
            self._check(end)
            time.sleep(0.03)

    def stop(self) -> None:
        """Ask it to end, and wait until it has."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """End it at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    async def starts(self) -> None:
        """`start`, while the event loop goes on. The process is made by this thread: it dies with its maker's thread."""
        self._spawn()
        end = time.monotonic() + 60
        while not await asyncio.to_thread(self._healthy):
            self._check(end)
            await asyncio.sleep(0.03)

    async def stops(self) -> None:
        """`stop`, while the event loop goes on."""
        await asyncio.to_thread(self.stop)

    async def restarts(self) -> None:
        await self.stops()
        await self.starts()

    def account(self, name: str, *, admin: bool = False) -> Account:
        """A new account; its name gets a number, so that tests sharing the server do not meet."""
        user, password = f"{name}-{next(_numbers)}", secrets.token_hex(8)
        _, answer = self.ask("GET", "/_synapse/admin/v1/register")
        parts = [answer["nonce"], user, password, "admin" if admin else "notadmin"]
        mac = hmac.new(self._secret.encode(), "\0".join(parts).encode(), hashlib.sha1).hexdigest()
        status, answer = self.ask(
            "POST",
            "/_synapse/admin/v1/register",
            {
                "nonce": parts[0],
                "username": user,
                "password": password,
                "admin": admin,
                "mac": mac,
                "displayname": name.capitalize(),
            },
        )
        assert status == 200, answer
        return Account(answer["user_id"], password, answer["access_token"], answer["device_id"])

    async def revokes(self, account: Account) -> None:
        """Every device of the account is logged out by the server's administrator."""
        _, found = await self._administer("GET", f"/_synapse/admin/v2/users/{account.user_id}/devices")
        await self._administer(
            "POST",
            f"/_synapse/admin/v2/users/{account.user_id}/delete_devices",
            {"devices": [device["device_id"] for device in found["devices"]]},
        )

    async def call(self, method: str, path: str, body: Any = None, *, token: str = "") -> tuple[int, Any]:
        """One request to the homeserver: status and answer."""
        return await asyncio.to_thread(self.ask, method, path, body, token=token)

    def ask(self, method: str, path: str, body: Any = None, *, token: str = "") -> tuple[int, Any]:
        """`call`, for who does not run an event loop."""
        headers = {"Content-Type": "application/json"} | (
            {"Authorization": f"Bearer {token}"} if token else {}
        )
        request = urllib.request.Request(  # noqa: S310 (the address is ours)
            self.url + path, None if body is None else json.dumps(body).encode(), headers, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
                return response.status, json.loads(response.read() or b"{}")
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read() or b"{}")

    def memory(self) -> float:
        """Resident megabytes."""
        assert self._process is not None
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    async def _administer(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        if self._admin is None:
            self._admin = self.account("admin", admin=True)
        status, answer = await self.call(method, path, body, token=self._admin.access_token)
        assert status == 200, answer
        return status, answer

    def _spawn(self) -> None:
        with (self.folder / "errors.log").open("ab") as errors:
            self._process = subprocess.Popen(
                [interpreter(), "-m", "synapse.app.homeserver", "-c", self.folder / "homeserver.yaml"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                cwd=self.folder,
                env={**os.environ, "SYNAPSE_CACHE_FACTOR": "0.5"},
                preexec_fn=_dies_with_its_maker,
            )

    def _healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/health", timeout=1) as response:  # noqa: S310
                return bool(response.status == 200)
        except (OSError, TimeoutError):
            return False

    def _check(self, end: float) -> None:
        assert self._process is not None
        if self._process.poll() is not None or time.monotonic() > end:
            self.kill()
            raise AssertionError(f"Synapse did not start: {(self.folder / 'errors.log').read_text()[-3000:]}")

    def _settings(self) -> dict[str, Any]:
        return {
            "server_name": SERVER,
            "pid_file": f"{self.folder}/synapse.pid",
            "public_baseurl": f"{self.url}/",
            "serve_server_wellknown": False,
            "report_stats": False,
            "signing_key_path": f"{self.folder}/signing.key",
            "log_config": f"{self.folder}/log.yaml",
            "media_store_path": f"{self.folder}/media",
            "trusted_key_servers": [],
            "suppress_key_server_warning": True,
            "federation_domain_whitelist": [],
            "send_federation": False,
            "macaroon_secret_key": self._secret,
            "form_secret": self._secret,
            "registration_shared_secret": self._secret,
            "enable_registration": False,
            "bcrypt_rounds": 4,
            "enable_metrics": False,
            "presence": {"enabled": False},
            "url_preview_enabled": False,
            "push": {"enabled": False},
            # Counts and indexes that nobody here asks for: a sixth of its CPU.
            "stats": {"enabled": False},
            "enable_search": False,
            "database": {"name": "sqlite3", "args": {"database": f"{self.folder}/homeserver.db"}},
            "listeners": [
                {
                    "port": self.port,
                    "bind_addresses": ["127.0.0.1"],
                    "type": "http",
                    "tls": False,
                    "x_forwarded": False,
                    "resources": [{"names": ["client"], "compress": False}],
                }
            ],
            "rc_login": {"address": UNLIMITED, "account": UNLIMITED, "failed_attempts": UNLIMITED},
            "rc_joins": {"local": UNLIMITED, "remote": UNLIMITED},
            "rc_invites": {"per_room": UNLIMITED, "per_user": UNLIMITED, "per_issuer": UNLIMITED},
            "rc_presence": {"per_user": UNLIMITED},
            **dict.fromkeys(
                (
                    "rc_message",
                    "rc_registration",
                    "rc_registration_token_validity",
                    "rc_admin_redaction",
                    "rc_3pid_validation",
                    "rc_joins_per_room",
                    "rc_room_creation",
                    "rc_key_requests",
                    "rc_media_create",
                    "rc_delayed_event_mgmt",
                    "rc_reports",
                    "rc_user_directory",
                ),
                UNLIMITED,
            ),
        }

    def _logging(self) -> dict[str, Any]:
        return {
            "version": 1,
            "formatters": {
                "precise": {"format": "%(asctime)s %(name)s %(levelname)s %(request)s %(message)s"}
            },
            "handlers": {
                "file": {
                    "class": "logging.FileHandler",
                    "formatter": "precise",
                    "filename": f"{self.folder}/homeserver.log",
                }
            },
            "root": {"level": "WARNING", "handlers": ["file"]},
            "disable_existing_loggers": False,
        }


def interpreter() -> Path:
    """The Python of the environment that holds what tests talk to."""
    python = Path(os.environ.get("TESTS_SYNAPSE") or ROOT / ".venv-synapse/bin/python")
    assert python.exists(), (
        f"{python} is missing: `make test` and `make bench` make it, TESTS_SYNAPSE names another"
    )
    return python


def _dies_with_its_maker() -> None:
    """Linux: SIGTERM when the thread that made it ends, even by SIGKILL. Ctrl-C goes to the tests only."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    os.setpgid(0, 0)
