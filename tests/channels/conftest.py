# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Fixtures of every channel's tests: cheap keys of stores, and the homeserver of the Matrix case."""

from __future__ import annotations

import pytest

from bot.channels.matrix import session
from tests.channels.matrix_case import MatrixCase


@pytest.fixture(autouse=True)
def cheap_store_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """A guess of a store's key costs 80 ms of CPU by design, and each opening of a store one guess."""
    monkeypatch.setitem(session.COST, "n", 2)


@pytest.fixture(autouse=True)
def homeserver_of_the_case(request: pytest.FixtureRequest) -> None:
    """The one of the whole run, started for the first test that needs it."""
    spec = getattr(request.node, "callspec", None)
    if spec is not None and spec.params.get("case") is MatrixCase:
        MatrixCase.synapse = request.getfixturevalue("synapse")
