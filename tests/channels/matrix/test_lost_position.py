# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A homeserver that has forgotten our place in its stream costs nobody a word, and the operator is told what it is."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.channels import ChannelFault
from bot.channels.matrix.account import Account, problems_of
from bot.channels.matrix.position import Position
from bot.messages import Kind, Send
from tests.channels.matrix.gate import Gate, only, refusing
from tests.channels.matrix_case import channel_of, overheard, texts
from tests.matrix.reader import PATIENCE

if TYPE_CHECKING:
    from aiohttp import web

    from bot.channels.matrix import MatrixChannel
    from bot.messages import Event
    from tests.channels.matrix.gate import Rule
    from tests.matrix import Learner

TOLD = [("alert.position", "matrix")]


def position(account: Account) -> Position:
    return Position.load(account.position, account.user_id)


def break_token(account: Account, token: str) -> None:
    """As a restored homeserver, or one that was replaced by another, sees our token."""
    saved = json.loads(account.position.read_text("utf-8"))
    account.position.write_text(json.dumps({**saved, "token": token}), "utf-8")


def anew(caplog: pytest.LogCaptureFixture) -> int:
    return sum(record.__dict__.get("action") == "begin-anew" for record in caplog.records)


def fresh(events: list[Event], known: set[str]) -> list[str]:
    """What is not known yet, as the service would take it; it has greeted when the room was made."""
    return texts([event for event in events if event.id not in known and event.kind is not Kind.GREETING])


@pytest.mark.timeout(400)  # a dozen encrypted messages: minutes on a busy machine
async def test_a_token_that_is_refused_at_the_start_loses_nothing_and_check_names_it(
    account: Account, channel: MatrixChannel, ann: Learner, room: str, caplog: pytest.LogCaptureFixture
) -> None:
    await ann.says("avant")
    known = {event.id for event in await overheard(channel, 1)}
    for token in ("nonsense", "s1_x_3", "ἐ&since=x"):
        await channel.close()
        # More than the first answer holds of a room.
        said = [f"{token[0]}{number}" for number in range(13 if token == "nonsense" else 1)]
        for text in said:
            await ann.says(text)
        break_token(account, token)
        found = [problem for problem in await problems_of(account) if "position" in problem]
        assert len(found) == 1
        assert "refuses the saved position (400" in found[0]
        caplog.clear()
        await channel.open()
        events = await overheard(
            channel,
            seconds=4 * PATIENCE,
            until=lambda so_far: said[-1] in texts(so_far),  # noqa: B023
        )
        assert fresh(events, known) == said
        assert anew(caplog) == 1
        assert channel.hearing.told() == TOLD
        known |= {event.id for event in events}
        assert position(account).token not in ("", token)
        assert [problem for problem in await problems_of(account) if "position" in problem] == []
        # What was sent before the margin of the clocks is not read again at all.
        assert all(event.age < timedelta(minutes=15) for event in events)


def with_since(rule: Rule) -> Rule:
    async def judged(request: web.Request) -> web.StreamResponse | None:
        return await rule(request) if "since" in request.query else None

    return judged


async def test_a_token_that_is_refused_while_the_channel_listens_loses_nothing(
    gate: Gate,
    account: Account,
    channel: MatrixChannel,
    ann: Learner,
    room: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await ann.says("un")
    known = {event.id for event in await overheard(channel, 1)}
    gate.rule = only("/sync", with_since(refusing(400, "M_UNKNOWN")), times=1_000_000)
    await ann.changes_device()
    await ann.says("deux")

    def heard(events: list[Event]) -> bool:
        if anew(caplog):
            gate.rule = None
        return "deux" in texts(events)

    events = await overheard(channel, until=heard)
    assert fresh(events, known) == ["deux"]
    assert anew(caplog) == 1
    assert channel.hearing.told() == TOLD
    await channel.send(room, Send("Bonjour"), "k1")
    await ann.sees(lambda shown: shown.text == "Bonjour")
    await ann.says("trois")
    assert texts(await overheard(channel, 1)) == ["trois"]


async def test_a_refusal_that_does_not_name_the_position_moves_nothing(
    gate: Gate,
    gated: Account,
    channel: MatrixChannel,
    ann: Learner,
    room: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Once only; of whatever is asked; not by its form; or by a proxy."""
    await channel.close()
    saved = position(gated)
    once = [only("/sync", refusing(400, "M_UNKNOWN"), times=1)]
    always = [
        only("/sync", refusing(400, "M_UNKNOWN")),
        only("/sync", refusing(400)),
        only("/sync", with_since(refusing(403, "M_FORBIDDEN"))),
        only("/sync", with_since(refusing(404, "M_NOT_FOUND"))),
        only("/sync", with_since(refusing(500, "M_UNKNOWN"))),
        only("/sync", with_since(refusing(502))),
    ]
    for rule in once:
        gate.rule = rule
        await channel.open()
        await channel.close()
    for rule in always:
        gate.rule = rule
        with pytest.raises(ChannelFault):
            await channel.open()
    assert anew(caplog) == 0
    assert channel.hearing.told() == []
    assert position(gated) == saved
    gate.rule = None
    await channel.open()
    await ann.says("un")
    assert texts(await overheard(channel, 1)) == ["un"]


async def test_a_homeserver_that_refuses_every_token_is_not_asked_for_everything_all_the_time(
    gate: Gate, channel: MatrixChannel, ann: Learner, room: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    whole = 0

    async def count(request: web.Request) -> web.StreamResponse | None:
        nonlocal whole
        if "/sync" in request.path and "since" not in request.query:
            whole += 1
        return await only("/sync", with_since(refusing(400, "M_UNKNOWN")))(request)

    gate.rule = count
    await overheard(channel, until=lambda _: channel.hearing.refusals >= 2)
    assert whole == 1
    assert "refuses the position" in str(channel.hearing.refusal)
    assert channel.hearing.told() == TOLD


async def test_a_machine_that_stands_by_goes_on_from_a_new_position(
    account: Account, channel: MatrixChannel, ann: Learner, room: str
) -> None:
    """It reads no events, so it has none to read again; its position moves when the owner has stored what came before."""
    await channel.close()
    break_token(account, "nonsense")
    second = channel_of(account)
    stored = 0

    async def pages() -> int:
        return stored

    for number in (0, 1, 2):
        stored = number
        await second.follow(pages)
    await second.close()
    token = position(account).token
    assert token not in ("", "nonsense")
    await ann.says("un")
    await channel.open()
    # From a first answer that the homeserver had kept, some is told again.
    events = await overheard(channel, until=lambda so_far: "un" in texts(so_far))
    assert fresh(events, set()) == ["un"]
    assert channel.hearing.told() == []
