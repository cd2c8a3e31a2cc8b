# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The requests to Telegram read as they were written."""

from __future__ import annotations

from urllib.parse import parse_qsl

from hypothesis import given
from hypothesis import strategies as st
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.channels.telegram.request import _body


@given(st.dictionaries(st.text(min_size=1), st.text(st.characters(exclude_categories=["Cs"]))))
def test_a_form_reads_as_it_was_written(parameters: dict[str, str]) -> None:
    body, headers = _body(RequestData([RequestParameter.from_input(*one) for one in parameters.items()]))
    assert headers == {"Content-Type": "application/x-www-form-urlencoded"}
    assert isinstance(body, bytes)
    assert dict(parse_qsl(body.decode("ascii"), keep_blank_values=True)) == parameters
