# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What every test may ask for: an event loop's kind, an open database, a homeserver."""

from __future__ import annotations

from typing import TYPE_CHECKING

import hypothesis
import pytest

from storage.engine import open_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from storage.engine import Store
    from tests.matrix import Synapse


# Machines are noisy: how long an example took says nothing of the code.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that does not exist yet, on every engine in turn."""
    return f"{request.param}:///{tmp_path}/iaventure.db"


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
