# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What every test may ask for: a database, an open store, a homeserver."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from storage.database import open_database, upgrade
from tests import compiled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.store import Store
    from tests.matrix import Synapse
    from tests.postgres import Postgres


# Machines are noisy: how long an example took says nothing of the code. A change fails for what it changes, not for what
# was drawn: the examples are the same every time, unless `--hypothesis-profile exploring` draws others. `nightly` is for
# tests/fuzz, which draws 200 at least: see `make fuzz`.
hypothesis.settings.register_profile("steady", deadline=None, derandomize=True)
hypothesis.settings.register_profile("exploring", deadline=None, derandomize=False, max_examples=1000)
hypothesis.settings.register_profile(
    "nightly", deadline=None, derandomize=False, max_examples=10_000, print_blob=True
)
hypothesis.settings.load_profile("steady")


# Where there is room, the tests' files are in memory: a fifth of the run was the disk's. A kill loses nothing of them
# either: only a power cut would. Whoever names a folder in TMPDIR is heeded.
_MEMORY, _ROOM = Path("/dev/shm"), 4 << 30  # noqa: S108
if "TMPDIR" not in os.environ and _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM:
    os.environ["TMPDIR"] = tempfile.tempdir = str(_MEMORY)

WAYS = "tests/bot/talk/"
LONG = ("tests/journeys/", "tests/bench/", "tests/channels/", "tests/fuzz/")

compiled.once()

# Modules and tests stay once they are loaded: looking for garbage among them took an eighth of the whole run.
gc.disable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the files whose tests are long and wait: at the end, no worker has a long one of its own before it.

    Of what people may write in many ways, all ways are tried on SQLite, and one on the server: which words are meant is
    settled before any statement, and the statements are the same.
    """
    once = set[str]()
    again = [item for item in items if _is_another_way(item, once)]
    config.hook.pytest_deselected(items=again)
    left_out = {id(item) for item in again}
    items[:] = sorted(
        (item for item in items if id(item) not in left_out),
        key=lambda item: not item.nodeid.startswith(LONG),
    )


def _is_another_way(item: pytest.Item, once: set[str]) -> bool:
    given = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    if not item.nodeid.startswith(WAYS) or given.get("database_url") != "postgres_url" or len(given) == 1:
        return False
    name = item.nodeid.partition("[")[0]
    known = name in once
    once.add(name)
    return known


def pytest_collection_finish() -> None:
    """Collect garbage from here on, among what the tests make."""
    gc.freeze()
    gc.enable()


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    """The address of a file that does not exist yet."""
    return f"sqlite:///{tmp_path}/iaventure.db"


@pytest.fixture(scope="session")
def prepared_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with every table, to be copied: 0.3 ms, where making another takes 36."""
    file = tmp_path_factory.mktemp("prepared") / "iaventure.db"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture
def sqlite_url(prepared_file: Path, empty_sqlite_url: str, tmp_path: Path) -> str:
    """The address of a file with every table, and no row."""
    shutil.copy(prepared_file, tmp_path / "iaventure.db")
    return empty_sqlite_url


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server, one for the whole run: every test makes databases of its own."""
    from tests.postgres import Postgres

    server = Postgres()
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def prepared_postgres_url(postgres: Postgres) -> str:
    """The address of a database with every table."""
    url = postgres.database()
    upgrade(url)
    return url


@pytest.fixture
def empty_postgres_url(postgres: Postgres) -> Iterator[str]:
    """The address of a database without any table."""
    url = postgres.database()
    yield url
    postgres.drop(url)


@pytest.fixture
def postgres_url(postgres: Postgres, prepared_postgres_url: str) -> Iterator[str]:
    """The address of a database with every table, and no row."""
    yield prepared_postgres_url
    postgres.scrub(prepared_postgres_url)


@pytest.fixture(params=["sqlite_url", "postgres_url"], ids=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a database that may be opened, on every engine in turn."""
    return str(request.getfixturevalue(request.param))


@pytest.fixture(params=["empty_sqlite_url", "empty_postgres_url"], ids=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest) -> str:
    """The address of a database without a schema, on every engine in turn."""
    return str(request.getfixturevalue(request.param))


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An open database with every table, and no row."""
    with open_database(database_url) as opened:
        yield opened


@pytest.fixture(scope="session")
def synapse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Synapse]:
    """A homeserver, one for the whole run: every test makes accounts of its own."""
    from tests.matrix import Synapse

    homeserver = Synapse(tmp_path_factory.mktemp("synapse"))
    homeserver.start()
    try:
        yield homeserver
    finally:
        homeserver.stop()
