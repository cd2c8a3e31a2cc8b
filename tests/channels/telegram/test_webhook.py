# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The Telegram channel receives posted updates, and notices when none are posted."""

from __future__ import annotations

import asyncio
import logging
import re
import socket
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from aiohttp import ClientSession

from bot.channels import ChannelFault
from bot.channels.telegram import Hook, TelegramChannel, secret_of
from bot.channels.telegram.webhook import MAX_CONNECTIONS
from bot.messages import Event
from tests.channels.telegram.answering import TOKEN, answering, http, refusal
from tests.channels.telegram_case import PATIENCE, SECRET, channel_of, hook_of
from tests.telegram import PUBLIC, Fault, Kind, Person, Telegram


@pytest.fixture
async def hook(telegram: Telegram) -> Hook:
    return await hook_of(telegram)


@asynccontextmanager
async def opened(telegram: Telegram, hook: Hook | None, quiet: float = 60) -> AsyncIterator[TelegramChannel]:
    channel = channel_of(telegram, hook=hook, quiet=quiet)
    try:
        await channel.open()
        yield channel
    finally:
        await channel.close()


async def heard(channel: TelegramChannel, count: int) -> list[str]:
    """The texts of so many events, all acknowledged but the last page."""
    texts: list[str] = []
    pages = channel.listen()
    async with asyncio.timeout(PATIENCE):
        async for page in pages:
            texts += [event.text for event in page]
            if len(texts) >= count:
                break
    await end(pages)
    return texts


async def end(pages: AsyncIterator[Sequence[Event]]) -> None:
    assert isinstance(pages, AsyncGenerator)
    await pages.aclose()


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            if await holds():
                return
            await asyncio.sleep(0.01)


async def statuses(telegram: Telegram) -> list[int | None]:
    return [delivery.status for delivery in await telegram.deliveries()]


# --- opening and closing


async def test_the_webhook_asks_for_our_updates_with_our_secret_and_drops_nothing(
    telegram: Telegram, claire: Person, hook: Hook
) -> None:
    await claire.says("avant")
    async with opened(telegram, hook) as channel:
        (call,) = await telegram.calls("setWebhook")
        assert call.params["secret_token"] == SECRET
        assert call.params.get("drop_pending_updates", "false") == "false"
        info = await telegram.webhook()
        assert info["url"] == f"{PUBLIC}/telegram"
        assert info["max_connections"] == MAX_CONNECTIONS
        assert info["allowed_updates"] == ["callback_query", "edited_message", "message", "my_chat_member"]
        assert await heard(channel, 1) == ["avant"]


async def test_closing_leaves_the_webhook_where_it_is(telegram: Telegram, claire: Person, hook: Hook) -> None:
    async with opened(telegram, hook):
        pass
    assert (await telegram.webhook())["url"] == hook.url
    await claire.says("pendant")
    async with opened(telegram, hook) as channel:
        assert await heard(channel, 1) == ["pendant"]


async def test_polling_takes_the_webhook_away_and_loses_nothing(
    telegram: Telegram, claire: Person, hook: Hook
) -> None:
    async with opened(telegram, hook):
        await claire.says("reçu, pas encore gardé")
        await until(lambda: has(telegram.deliveries()))
    async with opened(telegram, None) as channel:
        assert (await telegram.webhook())["url"] == ""
        assert await heard(channel, 1) == ["reçu, pas encore gardé"]


async def has(found: Awaitable[Sequence[object]]) -> bool:
    return bool(await found)


async def test_a_webhook_that_was_just_set_is_set_again_when_telegram_says(
    telegram: Telegram, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.telegram.webhooks.APART", 4)  # not a second: the machine may be busy
    async with opened(telegram, hook):
        pass
    async with opened(telegram, replace(hook, secret="another")):
        assert [call.status for call in await telegram.calls("setWebhook")] == [200, 429, 200]


async def test_a_port_that_is_taken_is_named(telegram: Telegram, hook: Hook) -> None:
    with socket.create_server(("127.0.0.1", hook.port)):
        with pytest.raises(ChannelFault, match=f"on 127.0.0.1:{hook.port} .*webhook.listen") as raised:
            async with opened(telegram, hook):
                pass
        assert not raised.value.fatal
    assert await telegram.calls("setWebhook") == []


async def test_an_address_that_telegram_refuses_is_named(telegram: Telegram, hook: Hook) -> None:
    with pytest.raises(ChannelFault, match=r"refuses the webhook .*resolve host.*webhook\.url") as raised:
        async with opened(telegram, replace(hook, url="https://elsewhere.example.org/x")):
            pass
    assert not raised.value.fatal
    assert SECRET not in str(raised.value)


async def test_a_secret_of_our_own_making_stays_the_same_and_tells_nothing() -> None:
    made = secret_of(TOKEN, "https://bot.example.org/x")
    assert made == secret_of(TOKEN, "https://bot.example.org/x")
    assert len({made, secret_of(TOKEN, "https://bot.example.org/y"), secret_of(f"{TOKEN}x", PUBLIC)}) == 3
    assert len(made) == 64
    assert made.isalnum()
    assert made not in repr(Hook(PUBLIC, "127.0.0.1", 1, made))


# --- receiving


async def test_a_page_is_answered_when_the_next_is_asked_for(
    telegram: Telegram, claire: Person, hook: Hook
) -> None:
    async with opened(telegram, hook) as channel:
        await claire.says("un")
        pages = channel.listen()
        async with asyncio.timeout(PATIENCE):
            (event,) = await anext(pages)
        assert event.text == "un"
        await asyncio.sleep(0.1)
        assert await statuses(telegram) == [None]
        asking = asyncio.ensure_future(anext(pages))
        await until(lambda: are(telegram, [200]))
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)


async def are(telegram: Telegram, wanted: list[int | None]) -> bool:
    return await statuses(telegram) == wanted


async def test_a_page_its_reader_fails_on_comes_again(telegram: Telegram, claire: Person, hook: Hook) -> None:
    async def fail(channel: TelegramChannel) -> None:
        async for _ in channel.listen():
            raise OSError("the disk is full")

    async with opened(telegram, hook) as channel:
        await claire.says("un")
        with pytest.raises(OSError, match="disk"):
            await fail(channel)
        await until(lambda: are(telegram, [500]))
        assert await heard(channel, 1) == ["un"]


async def test_an_update_whose_answer_was_lost_is_told_twice_with_the_same_id(
    telegram: Telegram, claire: Person, hook: Hook
) -> None:
    async with opened(telegram, hook) as channel:
        await telegram.fault(Fault(Kind.CUT, "webhook", recorded=True))
        await claire.says("un")
        ids: list[str] = []
        pages = channel.listen()
        async with asyncio.timeout(PATIENCE):
            while len(ids) < 2:
                ids += [event.id for event in await anext(pages)]
        await end(pages)
        assert len(set(ids)) == 1


async def test_an_update_that_cannot_be_read_or_says_nothing_is_acknowledged(
    telegram: Telegram, claire: Person, hook: Hook, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(telegram, hook) as channel:
        await telegram.inject({"message": {"text": "no date, no chat", "chat": {"id": 1}}})
        await telegram.inject({"my_chat_member": {"chat": {"id": 2}}})
        await claire.says("bonjour")
        assert await heard(channel, 1) == ["bonjour"]
        assert "dropped" in caplog.text
        assert "no date" not in caplog.text


async def test_a_burst_of_five_hundred_arrives_whole_and_each_chat_in_order(
    telegram: Telegram, hook: Hook
) -> None:
    await telegram.crowd(100)
    async with opened(telegram, hook) as channel:
        said = [(chat, str(number)) for number in range(5) for chat in range(1, 101)]
        await telegram.together({"do": "says", "chat": chat, "text": text} for chat, text in said)
        told: dict[str, list[str]] = {}
        largest = 0
        async with asyncio.timeout(60):
            async for page in channel.listen():
                largest = max(largest, len(page))
                for event in page:
                    told.setdefault(event.address, []).append(event.text)
                if sum(map(len, told.values())) == len(said):
                    break
        assert told == {str(chat): ["0", "1", "2", "3", "4"] for chat in range(1, 101)}
        assert 1 < largest <= MAX_CONNECTIONS


async def test_closing_ends_the_listening(telegram: Telegram, hook: Hook) -> None:
    async with opened(telegram, hook) as channel:
        listening = asyncio.create_task(heard(channel, 1))
        await asyncio.sleep(0.05)
        await channel.close()
        async with asyncio.timeout(PATIENCE):
            assert await listening == []


# --- when nothing comes


async def test_a_webhook_that_was_taken_away_is_set_again_once_an_hour_and_nothing_is_opened_again(
    telegram: Telegram, claire: Person, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.telegram.webhooks.APART", 0)
    async with opened(telegram, hook, quiet=0.1) as channel:
        listening = asyncio.create_task(heard(channel, 1))
        await telegram_forgets(telegram)
        await until(lambda: is_at(telegram, hook.url))
        await until(lambda: hears(channel))
        await claire.says("bonjour")
        assert await listening == ["bonjour"]
        assert channel.hearing.told() == [("alert.unhooked", "telegram")]
        listening = asyncio.create_task(heard(channel, 1))
        await telegram_forgets(telegram)
        await until(lambda: refused(channel, 3))
        assert (await telegram.webhook())["url"] == ""
        assert "another process receives" in str(channel.hearing.refusal)
        assert channel.hearing.told() == []
        listening.cancel()
        await asyncio.wait({listening})


async def telegram_forgets(telegram: Telegram) -> None:
    """Somebody with the token takes the webhook away."""
    async with opened(telegram, None):
        pass


async def somebody_sets(telegram: Telegram, url: str) -> None:
    """Somebody with the token has updates posted elsewhere."""
    asked = f"{telegram.base_url}{telegram.token}/setWebhook"
    async with ClientSession() as session, session.post(asked, data={"url": url}) as answer:
        assert answer.status == 200


async def is_at(telegram: Telegram, url: str) -> bool:
    return bool((await telegram.webhook())["url"] == url)


async def hears(channel: TelegramChannel) -> bool:
    return not channel.hearing.refusals


async def refused(channel: TelegramChannel, times: int) -> bool:
    return channel.hearing.refusals >= times


@pytest.mark.parametrize("posted", [True, False])
async def test_a_webhook_that_somebody_set_is_replaced_once_an_hour_and_its_machine_is_told(
    telegram: Telegram, claire: Person, hook: Hook, monkeypatch: pytest.MonkeyPatch, *, posted: bool
) -> None:
    """Whether we have updates posted or fetch them."""
    monkeypatch.setattr("tests.telegram.webhooks.APART", 0)
    monkeypatch.setattr("bot.channels.telegram.polling.FIRST_BACK_OFF", 0.05)
    theirs = f"{PUBLIC}/a-secret-of-theirs"
    async with opened(telegram, hook if posted else None, quiet=0.1) as channel:
        ours = hook.url if posted else ""
        told_at: list[str] = []

        async def telling() -> None:
            told_at.append((await telegram.webhook())["url"])

        channel.hearing.telling = telling
        listening = asyncio.create_task(heard(channel, 1))
        await somebody_sets(telegram, theirs)
        await until(lambda: is_at(telegram, ours))
        await until(lambda: hears(channel))
        await claire.says("bonjour")
        assert await listening == ["bonjour"]
        assert channel.hearing.told() == [("alert.webhook", PUBLIC)]
        assert told_at == [theirs], "it is told before it is done"
        listening = asyncio.create_task(heard(channel, 9))
        await somebody_sets(telegram, theirs)
        await until(lambda: refused(channel, 3))
        assert (await telegram.webhook())["url"] == theirs
        assert channel.hearing.told() == []
        assert "theirs" not in str(channel.hearing.refusal)
        listening.cancel()
        await asyncio.wait({listening})


async def test_updates_that_do_not_arrive_are_silence_too(
    telegram: Telegram, claire: Person, hook: Hook
) -> None:
    """Telegram answers, and says that it cannot deliver: a certificate has ended, or a proxy."""
    async with opened(telegram, hook, quiet=0.1) as channel:
        await telegram.fault(Fault(Kind.BAD_GATEWAY, "webhook", times=None))
        listening = asyncio.create_task(heard(channel, 1))
        await claire.says("bonjour")
        await until(lambda: refused(channel, 3))
        assert "could not deliver" in str(channel.hearing.refusal)
        await telegram.clear_faults()
        assert await listening == ["bonjour"]
        assert await hears(channel)


async def test_the_operator_is_told_what_only_telegram_knows(
    telegram: Telegram, claire: Person, hook: Hook, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(telegram, hook, quiet=0.1) as channel:
        await telegram.fault(Fault(Kind.BAD_GATEWAY, "webhook", times=2))
        await claire.says("bonjour")
        assert await heard(channel, 1) == ["bonjour"]
    assert "could not deliver (Wrong response from the webhook: 502 Bad Gateway, last at 20" in caplog.text
    assert "1 updates wait" in caplog.text


@pytest.mark.parametrize("kind", [Kind.BAD_GATEWAY, Kind.PROXY_FORBIDDEN, Kind.HANG])
async def test_a_telegram_that_does_not_answer_is_asked_again(
    kind: Kind, telegram: Telegram, claire: Person, hook: Hook, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with opened(telegram, hook, quiet=0.1) as channel:
        await telegram.fault(Fault(kind, "getWebhookInfo", seconds=3))
        listening = asyncio.create_task(heard(channel, 1))
        await until(lambda: has(telegram.calls("getWebhookInfo")))
        await claire.says("bonjour")
        assert await listening == ["bonjour"]
    assert "check-webhook" in [record.__dict__.get("action") for record in caplog.records]


async def test_a_token_that_is_refused_ends_the_listening(telegram: Telegram, hook: Hook) -> None:
    async with opened(telegram, hook, quiet=0.1) as channel:
        await telegram.fault(Fault(Kind.UNAUTHORIZED, "getWebhookInfo"))
        with pytest.raises(ChannelFault, match="token") as raised:
            await heard(channel, 1)
    assert raised.value.fatal


# --- check


async def problems(telegram: Telegram, hook: Hook | None) -> list[str]:
    """As `iaventure check` asks for them, beside a service that may be running."""
    channel = channel_of(telegram, hook=hook)
    try:
        return await channel.problems()
    finally:
        await channel.close()


async def test_a_webhook_that_works_is_no_problem(telegram: Telegram, claire: Person, hook: Hook) -> None:
    async with opened(telegram, hook) as channel:
        await telegram.fault(Fault(Kind.BAD_GATEWAY, "webhook"))
        await claire.says("un")
        listening = asyncio.create_task(heard(channel, 2))
        await until(lambda: nothing_waits(telegram))
        assert "last_error_date" in await telegram.webhook()
        assert await problems(telegram, hook) == []
        await claire.says("deux")
        assert await listening == ["un", "deux"]


async def nothing_waits(telegram: Telegram) -> bool:
    return not await telegram.updates()


async def has_failed(telegram: Telegram) -> bool:
    return "last_error_date" in await telegram.webhook()


async def test_an_update_waiting_after_an_error_is_a_problem_and_the_error_is_told(
    telegram: Telegram, claire: Person, hook: Hook
) -> None:
    async with opened(telegram, hook):
        pass
    await claire.says("un")
    await until(lambda: has_failed(telegram))
    (problem,) = await problems(telegram, hook)
    assert "could not deliver (Wrong response from the webhook: 502 Bad Gateway" in problem
    assert "1 updates wait" in problem


async def test_a_webhook_that_is_missing_or_another_is_a_problem(
    telegram: Telegram, claire: Person, hook: Hook
) -> None:
    await claire.says("un")
    (problem,) = await problems(telegram, hook)
    assert problem.startswith("Telegram has no webhook for this bot (1 updates wait)")
    async with opened(telegram, replace(hook, url=f"{PUBLIC}/autre")):
        (problem,) = await problems(telegram, hook)
    assert problem.startswith(f"Telegram delivers to another webhook, at {PUBLIC} ")
    assert [call.method for call in await telegram.calls() if "Webhook" in call.method] == [
        "getWebhookInfo",
        "setWebhook",
        "getWebhookInfo",
    ]


async def test_a_webhook_is_a_problem_for_whoever_polls(telegram: Telegram, hook: Hook) -> None:
    assert await problems(telegram, None) == []
    async with opened(telegram, hook):
        (problem,) = await problems(telegram, None)
        assert problem.startswith(f"Telegram delivers to a webhook at {PUBLIC} (0 updates wait)")
        assert (await telegram.webhook())["url"] == hook.url


async def test_an_account_that_cannot_be_looked_at_is_a_fault(subtests: pytest.Subtests) -> None:
    for answer, told in (
        (refusal(401, "Unauthorized"), "check channels.telegram.token"),
        (http(502, "<html>"), "Telegram cannot be reached"),
        (http(200, {"ok": True, "result": {"url": 7}}), "Telegram cannot be reached"),
    ):
        with subtests.test(told=told):
            async with answering(answer) as channel:
                with pytest.raises(ChannelFault, match=told):
                    await channel.problems()


async def test_no_address_of_someone_else_tells_more_than_its_machine(subtests: pytest.Subtests) -> None:
    for url in ("https://user:pass@host.example/x", "https://[::1/x", "", "ftp://é\n"):
        with subtests.test(url=url):
            info = {"url": url, "has_custom_certificate": False, "pending_update_count": 3}
            async with answering(http(200, {"ok": True, "result": info})) as channel:
                found = await channel.problems()
            assert len(found) == bool(url)
            assert not re.search("pass|\n", "".join(found))
