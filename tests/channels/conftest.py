# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Which homeserver does the Matrix case of the conformance suite talk to?"""

from __future__ import annotations

import pytest

from tests.channels.matrix_case import MatrixCase


@pytest.fixture(autouse=True)
def homeserver_of_the_case(request: pytest.FixtureRequest) -> None:
    """The one of the whole run, started for the first test that needs it."""
    spec = getattr(request.node, "callspec", None)
    if spec is not None and spec.params.get("case") is MatrixCase:
        MatrixCase.synapse = request.getfixturevalue("synapse")
