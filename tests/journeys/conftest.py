# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What every journey starts from: a database in which the course is published, on every engine in turn."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.journeys import forked, teaching
from tests.journeys.program import iaventure

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.journeys.database import Course
    from tests.postgres import Postgres


@pytest.fixture(scope="session", autouse=True)
def forking() -> Iterator[None]:
    """The process that forks the programs starts and ends with the tests."""
    forked.start()
    yield
    forked.stop()


def publish(url: str, folder: Path) -> None:
    """Make every table, and publish the course, as an operator does."""
    lessons = teaching.write(folder / "lessons")
    for command in (("db", "upgrade"), ("lessons", "push", lessons)):
        done = iaventure(*command, folder=folder, IAVENTURE_DATABASE=url)
        assert done.returncode == 0, done.stderr.decode()


@pytest.fixture(scope="session")
def taught_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file to be copied."""
    folder = tmp_path_factory.mktemp("course")
    file = folder / "iaventure.db"
    publish(f"sqlite:///{file}", folder)
    return file


@pytest.fixture(scope="session")
def taught_server_url(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a database on a server, to be copied."""
    url = postgres.database()
    publish(url, tmp_path_factory.mktemp("course"))
    return url


@pytest.fixture
def course_file(taught_file: Path) -> Course:
    """Copies in files: for the stories that are about a file, its lock and its backup."""

    def copy(folder: Path) -> str:
        file = folder / "iaventure.db"
        shutil.copy(taught_file, file)
        return f"sqlite:///{file}"

    return copy


@pytest.fixture
def course_server(postgres: Postgres, taught_server_url: str) -> Iterator[Course]:
    """Copies on a server: for the stories that are about several machines."""
    made: list[str] = []

    def copy(_: Path) -> str:
        made.append(postgres.database(like=taught_server_url))
        return made[-1]

    yield copy
    for url in made:
        postgres.drop(url)


@pytest.fixture(params=["course_file", "course_server"], ids=["sqlite", "postgresql"])
def course(request: pytest.FixtureRequest) -> Course:
    """Copies of a database in which the course is published, one for each bot that asks; on every engine in turn."""
    copies: Course = request.getfixturevalue(request.param)
    return copies
