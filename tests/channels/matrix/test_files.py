# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The place of a file on Matrix: what is none of the homeserver's, or was changed on its way, is refused."""

from __future__ import annotations

import json

import pytest

from bot.channels import Rejected, Unreachable
from bot.channels.matrix.files import Attachment, attachment_in


def test_a_reference_that_is_none_is_unreachable(subtests: pytest.Subtests) -> None:
    for ref in ("", "nothing", "[]", "[1,2,3,4]", "{}", json.dumps(["mxc://a/b"] * 9), "x" * 3000):
        with subtests.test(ref=ref[:20]), pytest.raises(Unreachable):
            attachment_in(ref)


def test_a_file_that_was_changed_on_its_way_is_refused() -> None:
    with pytest.raises(Rejected):
        Attachment("mxc://a/b", "a2V5", "aGFzaA", "aXY").open(b"other")
