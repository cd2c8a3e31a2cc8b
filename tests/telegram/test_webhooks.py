# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Are updates posted as Telegram would post them, and as often?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from tests.telegram import PUBLIC, Fault, Kind
from tests.waiting import until

if TYPE_CHECKING:
    from tests.telegram import Person, Telegram
    from tests.telegram.conftest import Raw

URL = f"{PUBLIC}/telegram"
SECRET = "s3cret_-"


class Receiver:
    """Who is posted to. `answer` may wait, and gives a status; each post is kept with its headers."""

    def __init__(self) -> None:
        self.posts: list[tuple[dict[str, Any], dict[str, str]]] = []
        self.answer: Callable[[dict[str, Any]], Coroutine[Any, Any, web.Response]] = accept

    async def handle(self, request: web.Request) -> web.Response:
        assert (request.method, request.path) == ("POST", "/telegram")
        update = await request.json()
        self.posts.append((update, dict(request.headers)))
        return await self.answer(update)

    def texts(self) -> list[str]:
        return [update.get("message", {}).get("text", "a press") for update, _ in self.posts]

    async def got(self, count: int) -> None:
        await until(lambda: len(self.posts) >= count)


async def accept(_: dict[str, Any]) -> web.Response:
    return web.Response()


@asynccontextmanager
async def receiving(telegram: Telegram) -> AsyncIterator[Receiver]:
    """Someone behind the public address."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", receiver.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await telegram.route(PUBLIC, f"http://127.0.0.1:{runner.addresses[0][1]}")
    try:
        yield receiver
    finally:
        await runner.cleanup()


async def delivered(telegram: Telegram) -> None:
    async def nothing_waits() -> bool:
        return not await telegram.updates()

    await until(nothing_waits)


async def statuses(telegram: Telegram) -> list[int | None]:
    return [delivery.status for delivery in await telegram.deliveries()]


async def test_what_waits_and_what_comes_is_posted_with_the_secret(
    telegram: Telegram, ann: Person, bot: Raw
) -> None:
    await ann.says("é😀")
    [waiting] = await bot.get("getUpdates")
    async with receiving(telegram) as receiver:
        assert await bot.get("setWebhook", url=URL, secret_token=SECRET) is True
        await ann.says("deux")
        await delivered(telegram)
        (first, headers), (second, _) = receiver.posts
        assert first == waiting
        assert second["message"]["text"] == "deux"
        assert headers["X-Telegram-Bot-Api-Secret-Token"] == SECRET
        assert headers["Content-Type"] == "application/json"
        assert headers["Host"] == "bot.example.org"
    assert await statuses(telegram) == [200, 200]


async def test_nothing_can_be_fetched_while_updates_are_posted(
    telegram: Telegram, ann: Person, bot: Raw
) -> None:
    async with receiving(telegram):
        poll = asyncio.create_task(bot.refusal("getUpdates", timeout=10))
        await until(telegram.polled)
        await bot.get("setWebhook", url=URL)
        assert await asyncio.wait_for(poll, 30) == "Conflict: terminated by setWebhook request"
        assert "can't use getUpdates method while webhook is active" in await bot.refusal("getUpdates")
        await bot.get("deleteWebhook")
        await ann.says("bonjour")
        assert len(await bot.get("getUpdates")) == 1


@pytest.mark.parametrize(
    ("params", "why"),
    [
        ({"url": "http://bot.example.org/x"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        (
            {"url": "https://bot.example.org:8000/x"},
            "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        (
            {"url": "https://elsewhere.example.org/x"},
            "bad webhook: Failed to resolve host: Name or service not known",
        ),
        ({"url": "ftp://bot.example.org/x"}, "invalid webhook URL specified"),
        ({"url": "https://[bot/x"}, "invalid webhook URL specified"),
        ({"url": URL, "secret_token": "x" * 257}, "secret token is too long"),
        ({"url": URL, "secret_token": "é"}, "secret token contains unallowed characters"),
    ],
)
async def test_an_address_or_secret_that_will_not_do_is_refused(
    params: dict[str, str], why: str, telegram: Telegram, bot: Raw
) -> None:
    await telegram.route(PUBLIC, "http://127.0.0.1:9")
    assert await bot.refusal("setWebhook", **params) == f"Bad Request: {why}"
    assert (await bot.get("getWebhookInfo"))["url"] == ""


async def test_a_webhook_can_be_set_once_in_a_while(
    telegram: Telegram, bot: Raw, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.telegram.webhooks.APART", 60)  # not a second: the machine may be busy
    await telegram.route(PUBLIC, "http://127.0.0.1:9")
    await bot.get("setWebhook", url=URL)
    status, body = await bot.ask("setWebhook", url=URL)
    assert status == 429
    assert 0 < body["parameters"]["retry_after"] <= 60
    assert await bot.get("deleteWebhook") is True


async def test_the_bot_is_told_of_its_webhook_and_of_the_last_error(
    telegram: Telegram, ann: Person, bot: Raw
) -> None:
    assert await bot.get("getWebhookInfo") == {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": 0,
    }
    await telegram.route(PUBLIC, "http://127.0.0.1:9")
    await bot.get("setWebhook", url=URL, max_connections=7, allowed_updates=["message"])
    said_at = int(time.time())
    await ann.says("bonjour")

    async def failed() -> bool:
        return "last_error_date" in await telegram.webhook()

    await until(failed)
    info = await bot.get("getWebhookInfo")
    assert said_at <= info.pop("last_error_date") <= time.time()
    assert info == {
        "url": URL,
        "has_custom_certificate": False,
        "pending_update_count": 1,
        "last_error_message": "Wrong response from the webhook: 502 Bad Gateway",
        "max_connections": 7,
        "ip_address": "203.0.113.7",
        "allowed_updates": ["message"],
    }
    await bot.get("deleteWebhook")
    assert "last_error_date" not in await bot.get("getWebhookInfo")
    assert len(await bot.get("getUpdates")) == 1


async def test_connections_are_bounded(telegram: Telegram, bot: Raw) -> None:
    await telegram.route(PUBLIC, "http://127.0.0.1:9")
    await bot.get("setWebhook", url=URL, max_connections=101)
    assert (await bot.get("getWebhookInfo"))["max_connections"] == 100
    assert await telegram.violations() == ["setWebhook: max_connections 101"]


async def test_a_chat_is_told_in_order_and_others_beside_it(
    telegram: Telegram, ann: Person, bot: Raw
) -> None:
    bob = await telegram.person(7, "Bob")
    held = asyncio.Event()

    async def hold(update: dict[str, Any]) -> web.Response:
        if update.get("message", {}).get("text") == "un":
            await held.wait()
        return web.Response()

    async with receiving(telegram) as receiver:
        await bot.get("setWebhook", url=URL)
        await ann.says("zéro")
        await delivered(telegram)  # after a success, several go at once
        receiver.answer = hold
        for text in ("un", "deux"):
            await ann.says(text)
        await bob.says("trois")
        await ann.forges("data", message_id=1)
        await receiver.got(4)
        assert sorted(receiver.texts()) == ["a press", "trois", "un", "zéro"]
        held.set()
        await receiver.got(5)
        assert receiver.texts()[-1] == "deux"


async def test_after_a_silence_one_goes_first_and_then_no_more_than_were_asked_for(
    telegram: Telegram, ann: Person, bot: Raw
) -> None:
    await telegram.crowd(20)
    inside, most = 0, []
    full = asyncio.Event()

    async def slowly(update: dict[str, Any]) -> web.Response:
        nonlocal inside
        inside += 1
        most.append(inside)
        if inside == 4:
            full.set()
        # The first two come one after the other; then nobody is answered until as many are inside as may be.
        await (asyncio.sleep(0.02) if len(most) <= 2 else full.wait())
        inside -= 1
        return web.Response()

    async with receiving(telegram) as receiver:
        receiver.answer = slowly
        await bot.get("setWebhook", url=URL, max_connections=4)
        await telegram.together([{"do": "says", "chat": 1 + n, "text": "x"} for n in range(20)])
        await delivered(telegram)
    assert most[:2] == [1, 1]
    assert max(most) == 4
    assert len(most) == 20


async def test_what_is_refused_is_posted_again_at_once_then_later(
    telegram: Telegram, ann: Person, bot: Raw
) -> None:
    answers = [500, 302, 204, 200]
    came: list[float] = []

    async def answer(update: dict[str, Any]) -> web.Response:
        came.append(time.monotonic())
        return web.Response(status=answers[len(came) - 1])

    async with receiving(telegram) as receiver:
        receiver.answer = answer
        await bot.get("setWebhook", url=URL)
        await ann.says("un")
        await ann.says("deux")
        await delivered(telegram)
    assert receiver.texts() == ["un", "un", "un", "deux"]
    assert came[2] - came[1] >= 2
    assert await statuses(telegram) == answers


async def test_the_bot_says_when_to_come_back(telegram: Telegram, ann: Person, bot: Raw) -> None:
    came: list[float] = []

    async def answer(update: dict[str, Any]) -> web.Response:
        came.append(time.monotonic())
        return web.Response(status=503 if len(came) == 1 else 200, headers={"Retry-After": "1"})

    async with receiving(telegram) as receiver:
        receiver.answer = answer
        await bot.get("setWebhook", url=URL)
        await ann.says("un")
        await receiver.got(2)
    assert came[1] - came[0] >= 1


async def test_a_press_that_cannot_be_told_in_time_is_dropped(
    telegram: Telegram, ann: Person, bot: Raw
) -> None:
    async def answer(update: dict[str, Any]) -> web.Response:
        return web.Response(status=503, headers={"Retry-After": "200"})

    async with receiving(telegram) as receiver:
        receiver.answer = answer
        await bot.get("setWebhook", url=URL)
        await ann.forges("data", message_id=1)
        await delivered(telegram)
        await ann.says("un")
        await receiver.got(2)
        await asyncio.sleep(0.1)
        assert len(await telegram.updates()) == 1


@pytest.mark.parametrize("recorded", [False, True])
async def test_a_post_can_be_lost_before_or_after_it_arrives(
    recorded: bool, telegram: Telegram, ann: Person, bot: Raw
) -> None:
    async with receiving(telegram) as receiver:
        await bot.get("setWebhook", url=URL)
        await telegram.fault(Fault(Kind.CUT, "webhook", recorded=recorded))
        await ann.says("un")
        await delivered(telegram)
    assert len(receiver.posts) == 1 + recorded
    assert await statuses(telegram) == [0, 200]


async def test_an_update_can_be_posted_again_after_it_was_accepted(
    telegram: Telegram, ann: Person, bot: Raw
) -> None:
    async with receiving(telegram) as receiver:
        await bot.get("setWebhook", url=URL)
        await ann.says("un")
        await delivered(telegram)
        await telegram.repeats()
        await receiver.got(2)
    assert receiver.posts[0][0] == receiver.posts[1][0]


async def test_another_webhook_takes_over_what_waits(telegram: Telegram, ann: Person, bot: Raw) -> None:
    await telegram.route(PUBLIC, "http://127.0.0.1:9")
    await bot.get("setWebhook", url=f"{PUBLIC}/elsewhere")
    await ann.says("un")
    async with receiving(telegram) as receiver:
        await asyncio.sleep(1)
        await bot.get("setWebhook", url=URL)
        await delivered(telegram)
    assert receiver.texts() == ["un"]


async def test_what_waits_is_dropped_when_the_bot_says_so(telegram: Telegram, ann: Person, bot: Raw) -> None:
    await ann.says("un")
    async with receiving(telegram) as receiver:
        await bot.get("setWebhook", url=URL, drop_pending_updates=True)
        await ann.says("deux")
        await delivered(telegram)
    assert receiver.texts() == ["deux"]
