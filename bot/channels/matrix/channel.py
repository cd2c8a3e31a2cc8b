# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The Matrix channel: what it sends, receives, and how it fails."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from nio import MatrixRoom

from bot.channels import ChannelError, ChannelFault, Failure, Gone, Oversized, Throttled, Unreachable
from bot.channels.matrix import forgetting
from bot.channels.matrix.account import Account, problems_of
from bot.channels.matrix.client import Client
from bot.channels.matrix.files import attachment_in
from bot.channels.matrix.following import Follower
from bot.channels.matrix.invitations import Invitations
from bot.channels.matrix.leaving import Leaving
from bot.channels.matrix.media import fetch
from bot.channels.matrix.opening import check, let_go, opened_client
from bot.channels.matrix.pace import RateLimit
from bot.channels.matrix.rooms import Rooms
from bot.channels.matrix.senders import PATIENCE as DEVICE_PATIENCE
from bot.channels.matrix.senders import Senders
from bot.channels.matrix.sending import put
from bot.channels.matrix.session import Vault
from bot.channels.matrix.stream import Stream
from bot.hearing import Hearing
from bot.messages import Ask, Event, FileRef, Limits, Piece
from bot.pacing import Pace

PATIENCE = 20.0
"""Seconds that the homeserver may be silent before a call is given up."""
POLL = 30.0
"""Seconds that the homeserver may hold a request for events."""
KEY_PATIENCE = 10.0
"""Seconds that the key of a message may be late before its sender is asked to send it again."""
LOOK_BACK = timedelta(days=29)
"""How far back rooms are read where the homeserver has lost our place; what is older is not answered."""
IN_FLIGHT = 4
LONGEST_BACK_OFF = 30.0
"""Seconds between two attempts to receive."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Open:
    """What there is while the channel is open."""

    vault: Vault
    client: Client
    invitations: Invitations
    senders: Senders
    stream: Stream
    leaving: Leaving
    tasks: tuple[asyncio.Task[None], asyncio.Task[None]]
    """Those that join rooms and leave them."""


class MatrixChannel:
    """One account on one homeserver. See `Channel` for what each method promises.

    An address is the id of a direct room. Beyond what it sends, the channel joins rooms and leaves groups, at the
    same pace: the homeserver counts them together.
    """

    name = "matrix"
    # 65,536 bytes are an event's most. Encrypted, a text comes twice (plain and formatted), as ASCII and in base64:
    # 3,500 accented letters make 56 KB, and leave room for the addresses of links. Element's own composer makes polls with
    # labels and titles of up to 340 characters, so clients show them whole, wrapped.
    limits = Limits(text=3500, caption=0, ask=Ask.POLL, label=340, title=340, documents=True, pictures=True)
    asks_one_at_a_time = False

    @property
    def device(self) -> str:
        """The homeserver knows a transaction again only when it comes from the same device."""
        return "" if self._opened is None else str(self._opened.client.device_id)

    def __init__(
        self,
        account: Account,
        rate: float,
        allowed_servers: Collection[str] = (),
        *,
        poll: float = POLL,
        patience: float = PATIENCE,
        key_patience: float = KEY_PATIENCE,
        look_back: timedelta = LOOK_BACK,
        device_patience: float = DEVICE_PATIENCE,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`account`: logged in by `iaventure matrix login`. `allowed_servers`: whose people may invite; empty: anyone.

        `look_back`: how long events are remembered.
        """
        # Whatever the library cannot validate it logs as it is: with texts and names.
        logging.getLogger("nio").setLevel(logging.CRITICAL)
        self.account, self.limits = f"matrix:{account.user_id}", replace(self.limits, bot=account.user_id)
        self.pace = Pace(rate, IN_FLIGHT)
        self._account = account
        self._allowed = frozenset(allowed_servers)
        self._look_back = look_back
        self._poll, self._patience, self._key_patience, self._now = poll, patience, key_patience, now
        self._device_patience, self._judged = device_patience, frozenset[str]()
        self._rate_limit = RateLimit(rate)
        self._opened: _Open | None = None
        self._refused_before, self._stumbles = 0, Counter[str]()
        self._follower: Follower | None = None
        self.hearing = Hearing()
        self.alive_at = 0.0
        self._forgot = False

    @property
    def refused_invitations(self) -> int:
        """Those of this opening and of the ones before."""
        now = 0 if self._opened is None else self._opened.invitations.refused
        return self._refused_before + now

    async def open(self) -> None:
        """Check the session, publish keys, and learn which rooms there are; what happened there waits for `listen`."""
        await self.close()
        vault = Vault(self._account.store, self._account.store_key)
        try:
            client = opened_client(self._account, vault, self._patience)
        except BaseException:
            vault.close()
            raise
        invitations = Invitations(client, self._rate_limit, self._allowed)
        rooms = Rooms(client.user_id)
        leaving = Leaving(client, rooms, self._rate_limit)
        senders = Senders(client, self._judged, self._now, self._device_patience)
        stream = Stream(
            client,
            invitations,
            rooms,
            leaving,
            senders,
            self._account.position,
            poll=self._poll,
            key_patience=self._key_patience,
            look_back=self._look_back,
            stumbles=self._stumbles,
            hearing=self.hearing,
            progress=self._progress,
            now=self._now,
        )
        self._opened = _Open(
            vault,
            client,
            invitations,
            senders,
            stream,
            leaving,
            (asyncio.create_task(invitations.accept()), asyncio.create_task(leaving.leave())),
        )
        try:
            await check(self._account, client)
            await stream.page()
        except BaseException as error:
            await self.close()
            if not isinstance(error, Failure):
                raise
            raise ChannelFault(
                f"The homeserver cannot be reached ({error}): check channels.matrix.homeserver and the network"
            ) from None

    def _progress(self) -> None:
        self.alive_at = time.monotonic()

    def judge(self, people: Collection[str]) -> None:
        """Judge from the next opening on. A person's device is asked for when they speak, and then kept in mind."""
        self._judged = frozenset(people)

    async def follow(self, stored: Callable[[], Awaitable[int]]) -> None:
        """Read the keys once: a device of years has very many. After a failure let go of them, for the operator."""
        try:
            if self._follower is None:
                self._follower = self._following()
                await check(self._account, self._follower.client)
            await self._follower.follow(stored)
        except BaseException:
            await self._unfollow()
            raise

    def _following(self) -> Follower:
        vault = Vault(self._account.store, self._account.store_key)
        try:
            return Follower(
                vault,
                opened_client(self._account, vault, self._patience),
                self._account.position,
                self._allowed,
            )
        except BaseException:
            vault.close()
            raise

    async def _unfollow(self) -> None:
        if self._follower is not None:
            follower, self._follower = self._follower, None
            await let_go(follower.client, follower.vault)

    async def problems(self) -> list[str]:
        """Return what is wrong with the device's signature, its keys and its rooms, without the store's lock."""
        return await problems_of(self._account)

    async def listen(self) -> AsyncIterator[Sequence[Event]]:
        """Yield a page for each request, which the homeserver holds until there is news."""
        back_off = 1.0
        while (opened := self._opened) is not None:
            self._progress()
            try:
                page = await opened.stream.page()
            except ChannelError as error:
                if self._opened is not opened:
                    return
                if isinstance(error, ChannelFault) and error.fatal:
                    raise
                wait = error.after if isinstance(error, Throttled) else back_off
                log.warning(
                    "The homeserver gives no events: %s. Asking again in %g s.",
                    error,
                    wait,
                    extra={"action": "sync-events"},
                )
                self.hearing.refused(time.monotonic(), error)
                self.alive_at = time.monotonic() + wait
                await asyncio.sleep(wait)
                back_off = min(2 * back_off, LONGEST_BACK_OFF)
                continue
            self.hearing.heard(time.monotonic())
            back_off = 1.0
            if page:
                yield page
            try:
                opened.stream.acknowledge()
            except OSError as error:
                raise ChannelFault(
                    f"The folder {self._account.store} cannot be written ({error.strerror}): free its disk"
                ) from error

    async def send(self, address: str, piece: Piece, key: str, target: str = "") -> str:
        """Send one event. The reference is its id, the transaction its outbox key; an edit is a new message."""
        opened, room = self._room(address)
        await self._rate_limit.acquire()
        try:
            return await put(opened.client, room, piece, key, target, self.limits)
        finally:
            opened.leaving.told(room)

    def _room(self, address: str) -> tuple[_Open, MatrixRoom]:
        """Return the room with someone in it."""
        if self._opened is None or not self._opened.stream.begun:
            raise Unreachable("not open")  # before the first answer every room looks empty
        opened, client = self._opened, self._opened.client
        room = client.rooms.get(address)
        if room is None or not any(
            user != client.user_id and not member.invited for user, member in room.users.items()
        ):
            raise Gone("nobody is in the room")
        return opened, room

    async def acknowledge(self, event: Event, text: str) -> None:
        """Do nothing: a vote is answered by a message, as everything is."""

    async def download(self, file: FileRef, limit: int) -> bytes:
        """Download a file. The size that its sender states is believed when too large, never when small enough."""
        if file.size > limit:
            raise Oversized
        if self._opened is None:
            raise Unreachable("closed")
        attachment = attachment_in(file.ref)
        try:
            content = await fetch(self._opened.client, attachment.path, limit)
        except ChannelError as error:
            raise Unreachable(str(error)) from None
        if len(content) > limit:
            raise Oversized
        return attachment.open(content)

    async def introduce(self, commands: Mapping[str, Mapping[str, str]]) -> None:
        """Do nothing: Matrix clients show no menu of a bot's commands."""

    def reach(self, person: str) -> tuple[str, ...]:
        """Return the direct rooms of an account; the account itself while there is none."""
        if self._opened is None:
            return (person,)
        return tuple(self._opened.stream.rooms_of({person})[person]) or (person,)

    @property
    def own_device(self) -> str:
        """The device in service, or the one that follows it from here."""
        if self._follower is not None:
            return str(self._follower.client.device_id)
        return self.device

    async def forget(self, address: str) -> None:
        """Leave the room, and delete its keys and those of an account that has no other room with us."""
        if self._follower is not None:
            await forgetting.forget_on_standby(self._follower.client, address)
        elif self._opened is None or not self._opened.stream.begun:
            raise Unreachable("not open")
        else:
            self._opened.invitations.forget(address)
            await self._rate_limit.acquire()
            await forgetting.forget(self._opened.client, address)
        self._forgot = True

    async def compact(self) -> None:
        """Delete keys and devices of strangers; vacuum the database of keys, in a thread, if anything was deleted."""
        if (one := self._opened) is not None and one.stream.begun:
            purged = await forgetting.purge_unasked(one.client, one.invitations.waiting)
            self._forgot |= purged
        if self._forgot and self.own_device:
            self._forgot = False
            await forgetting.vacuum(self._account.store / f"{self._account.user_id}_{self.own_device}.db")

    def accounts(self) -> Mapping[str, str] | None:
        """Return room → account, see `Rooms.account`; None before the first sync, which has the members of all rooms."""
        opened = self._opened
        return None if opened is None or not opened.stream.begun else opened.stream.accounts()

    async def close(self) -> None:
        """Close the connections and the keys; a request under way ends the iteration."""
        try:
            await self._unfollow()
        finally:
            await self._end()

    async def _end(self) -> None:
        if self._opened is None:
            return
        self._refused_before = self.refused_invitations
        opened, self._opened = self._opened, None
        opened.senders.close()
        for task in opened.tasks:
            task.cancel()
        try:
            # Not `await` with its cancellation suppressed: that would swallow ours, and the process would not stop.
            await asyncio.wait(opened.tasks)
        finally:
            await let_go(opened.client, opened.vault)
