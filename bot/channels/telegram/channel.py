# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The Telegram channel: what it sends, receives, and how it fails."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from telegram import BotCommand, Update

from bot.channels import ChannelError, ChannelFault, Failure, Gone, Oversized, Rejected, Unreachable
from bot.channels.telegram.api import Api
from bot.channels.telegram.attachment import attached, shortened
from bot.channels.telegram.failures import TargetLost, Unchanged, describe
from bot.channels.telegram.inbound import Identity, essential, event_of
from bot.channels.telegram.inlet import Inlet
from bot.channels.telegram.keyboard import Keyboard, keyboard
from bot.channels.telegram.polling import POLL, Polling
from bot.channels.telegram.request import Request
from bot.channels.telegram.webhook import QUIET, Hook, Webhook
from bot.hearing import Hearing
from bot.messages import Ask, Edit, Event, FileRef, Limits, Piece, Send
from bot.pacing import Pace
from lessons import markup

PATIENCE = 20.0
"""Seconds that Telegram may be silent before a call is given up."""
ACKNOWLEDGE = 5.0
"""Seconds after which a press is not worth answering."""
TOAST = 200
"""UTF-16 units of the answer to a press."""
BESIDE_SENDS = 16
"""Connections for what is not paced: answers to presses, downloads."""

_NO_TOPIC = "message thread not found"
_NO_PREVIEW = {"is_disabled": True}
log = logging.getLogger(__name__)


class TelegramChannel:
    """One bot account. See `Channel` for what each method promises."""

    name = "telegram"
    limits = Limits(
        text=4096, caption=1024, ask=Ask.BUTTONS, label=40, edits=True, documents=True, pictures=True
    )
    asks_one_at_a_time = False
    device = ""

    def __init__(
        self,
        token: str,
        base_url: str,
        base_file_url: str,
        rate: float,
        in_flight: int,
        hook: Hook | None = None,
        *,
        poll: int = POLL,
        quiet: float = QUIET,
        patience: float = PATIENCE,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`hook`: updates are posted there; without it they are fetched."""
        # At level DEBUG the library logs its address, which holds the token, and every text and name.
        logging.getLogger("telegram").setLevel(logging.WARNING)
        self.account = f"telegram:{token.partition(':')[0]}"  # the bot's number, which is no secret
        self.pace = Pace(rate, in_flight)
        self._token = token
        self._now = now
        self._request = Request(base_url, connections=in_flight + BESIDE_SENDS, patience=patience)
        polling = Request(base_url, connections=1, patience=patience)
        self._bot = Api(token, base_url, base_file_url, request=self._request, get_updates_request=polling)
        self.hearing = Hearing()
        self._inlet: Inlet = (
            Polling(self._bot, poll, self.hearing)
            if hook is None
            else Webhook(self._bot, hook, self.hearing, quiet)
        )

    @property
    def alive_at(self) -> float:
        """When the way in last asked: see `Listening`."""
        return self._inlet.alive_at

    async def open(self) -> None:
        """Check the token and have updates come our way; what waits is kept."""
        with _reaching():
            await self._bot.attempt(self._bot.initialize())
            self.limits = replace(self.limits, bot=f"@{self._bot.username}")
            await self._inlet.open()

    async def problems(self) -> list[str]:
        """Return what keeps updates from coming our way. The service may be running: change nothing, take no port."""
        with _reaching():
            await self._bot.attempt(self._bot.initialize())
            return await self._inlet.problems()

    async def listen(self) -> AsyncIterator[Sequence[Event]]:
        """Yield pages of events; one that says nothing to us is acknowledged and not told."""
        me = Identity(self._bot.id, self._bot.username)
        async with aclosing(self._inlet.pages()) as pages:
            async for page in pages:
                if events := [event for raw in page if (event := self._event(raw, me)) is not None]:
                    yield events

    async def send(
        self,
        address: str,
        piece: Piece,
        key: str,  # noqa: ARG002  the Bot API knows no transaction ids
        target: str = "",
    ) -> str:
        """Send one message, or one edit. The reference is the message's number in its chat."""
        chat = _chat(address)
        if isinstance(piece, Edit) and not piece.text:
            return await self._unbutton(chat, target)
        html = _html(piece)
        buttons = keyboard(piece.question, self.limits)
        if isinstance(piece, Send):
            try:
                return await self._send(chat, piece, html, buttons, target, piece.thread)
            except Failure as error:
                if not (piece.thread and _NO_TOPIC in str(error).casefold()):
                    raise
            # The person deleted the topic meanwhile; nothing left.
            return await self._send(chat, piece, html, buttons, target)
        if target.isdecimal():
            try:
                return await self._edit(chat, int(target), html, buttons)
            except Unchanged:
                return target
            except TargetLost:
                pass
        return await self._send(chat, piece, html, buttons)

    async def _send(
        self,
        chat: int,
        piece: Piece,
        html: str,
        buttons: Keyboard | None,
        target: str = "",
        topic: str = "",
    ) -> str:
        reply = (
            {"message_id": int(target), "allow_sending_without_reply": True} if target.isdecimal() else None
        )
        parameters: dict[str, Any] = {"chat_id": chat, "reply_markup": buttons, "reply_parameters": reply}
        if topic.isdecimal():
            parameters["message_thread_id"] = int(topic)
        attachment = attached(piece, html, self.limits.caption)
        if attachment is None:
            parameters |= {"text": html, "link_preview_options": _NO_PREVIEW}
            return str(await self._bot.attempt(self._bot.show("sendMessage", parameters)))
        method, file = attachment
        try:
            return str(await self._bot.attempt(self._bot.show(method, parameters | file)))
        except ChannelFault as fault:
            if fault.fatal or "photo" not in file:
                raise
        # A proxy may forbid pictures and let texts through. What is sent in its place shows whether it forbids all.
        raise Rejected("a proxy refuses the picture")

    async def _edit(self, chat: int, message: int, html: str, buttons: Keyboard | None) -> str:
        parameters = {
            "chat_id": chat,
            "message_id": message,
            "text": html,
            "link_preview_options": _NO_PREVIEW,
            "reply_markup": buttons,
        }
        return str(await self._bot.attempt(self._bot.show("editMessageText", parameters)))

    async def _unbutton(self, chat: int, target: str) -> str:
        if target.isdecimal():
            with suppress(Unchanged, TargetLost):
                await self._bot.attempt(self._bot.edit_message_reply_markup(chat, int(target)))
        return target

    async def acknowledge(self, event: Event, text: str) -> None:
        """Show the small notice over the chat; a press older than Telegram remembers gets none."""
        if not event.receipt:
            return
        try:
            async with asyncio.timeout(ACKNOWLEDGE):
                await self._bot.attempt(
                    self._bot.answer_callback_query(event.receipt, shortened(text, TOAST))
                )
        except (ChannelError, TimeoutError) as error:
            log.info("A press was not acknowledged: %s", error, extra={"action": "acknowledge-press"})

    async def download(self, file: FileRef, limit: int) -> bytes:
        """Download a file. The size that Telegram states is believed when too large, never when small enough."""
        if file.size > limit:
            raise Oversized
        try:
            address = (await self._bot.attempt(self._bot.get_file(file.ref))).file_path
            if not address or not address.startswith(f"{self._bot.base_file_url}/"):
                raise Unreachable("Telegram gave no address for the file")
            return await self._bot.attempt(self._request.download(address, limit))
        except Oversized:
            raise
        except ChannelError as error:
            raise Unreachable(str(error)) from None

    async def introduce(self, commands: Mapping[str, Mapping[str, str]]) -> None:
        """Set one menu a language, and the French one (or the first) for every other language."""
        menus: dict[str | None, list[BotCommand]] = {
            language: [BotCommand(name, description[:256]) for name, description in menu.items()]
            for language, menu in commands.items()
        }
        default = menus.get("fr") or next(iter(menus.values()), [])
        try:
            for language, menu in {None: default, **menus}.items():
                await self._bot.attempt(self._bot.set_my_commands(menu, language_code=language))
        except ChannelError as error:
            log.warning("The menu of commands was not set: %s", error, extra={"action": "set-menu"})

    def reach(self, person: str) -> tuple[str, ...]:
        """Return the same: a person's number is that of their direct chat."""
        return (person,)

    async def forget(self, address: str) -> None:
        """Do nothing: there is no store of its own."""

    async def close(self) -> None:
        """Close the connections, which ends the iteration."""
        try:
            await self._inlet.close()
        finally:
            await self._bot.shutdown()

    def _event(self, raw: dict[str, Any], me: Identity) -> Event | None:
        # The library insists on fields that we never read, such as a first name, which deleted accounts lack.
        with suppress(Exception):
            return event_of(Update.de_json(raw), me, self._now())
        try:
            return event_of(Update.de_json(essential(raw)), me, self._now())
        except Exception as error:  # noqa: BLE001  it must not stop what comes after it
            log.warning(
                "An update could not be read and is dropped: %s",
                describe(error, self._token),
                extra={"action": "discard-update"},
            )
            return None


@contextmanager
def _reaching() -> Iterator[None]:
    """Make the channel's fault of whatever keeps the account from being looked at."""
    try:
        yield
    except Failure as error:
        raise ChannelFault(
            f"Telegram cannot be reached ({error}): check channels.telegram.base_url and the network"
        ) from None


def _html(piece: Piece) -> str:
    text = markup.html(piece.text)
    if not piece.aside:
        return text
    # Telegram shows its first lines, and the rest after a tap.
    return f"{text}\n\n<blockquote expandable>{markup.html(piece.aside)}</blockquote>"


def _chat(address: str) -> int:
    if not address.removeprefix("-").isdecimal():
        raise Gone("not an address of Telegram")
    return int(address)
