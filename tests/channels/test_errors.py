# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The texts of the channels' errors."""

from __future__ import annotations

from bot.channels import ChannelError, ChannelFault, Gone, Oversized, Throttled
from bot.channels.matrix.session import NotLoggedIn


def test_an_error_without_a_message_says_the_first_line_of_its_docstring() -> None:
    assert str(Oversized()) == "the file is too large"
    assert str(NotLoggedIn()) == "the account is not logged in: run `iaventure matrix login`"


def test_a_docstring_is_completed_by_what_the_error_carries() -> None:
    assert str(Throttled(7.5)) == "told to wait: 7.5 s"


def test_a_message_takes_the_place_of_the_docstring() -> None:
    assert str(Gone("403 M_FORBIDDEN")) == "403 M_FORBIDDEN"
    assert str(ChannelFault("The token is wrong.", fatal=True)) == "The token is wrong."


def test_failures_and_faults_have_one_root() -> None:
    assert isinstance(Gone("blocked"), ChannelError)
    assert isinstance(NotLoggedIn(), ChannelError)
