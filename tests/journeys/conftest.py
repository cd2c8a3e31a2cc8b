# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What every journey starts from: a database in which the course is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.journeys import teaching
from tests.journeys.program import iaventure

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database, made by the program itself; to be copied."""
    folder = tmp_path_factory.mktemp("course")
    lessons = teaching.write(folder / "lessons")
    pushed = iaventure("lessons", "push", lessons, folder=folder)
    assert pushed.returncode == 0, pushed.stderr.decode()
    return folder / "iaventure.db"
