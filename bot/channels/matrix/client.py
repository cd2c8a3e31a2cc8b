# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The library's client, with which we talk to the homeserver all day; what it lacks or gets wrong is made good.

Each cure names what it cures; all of it was measured with matrix-nio 0.26.0, which is pinned for that reason.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Any, Self

from aiohttp import ClientConnectionError
from nio import (
    Api,
    KeysUploadResponse,
    MatrixRoom,
    MegolmEvent,
)

from bot.channels import ChannelError, Failure, Gone, Uncertain, Unreachable
from bot.channels.matrix.failures import NoSuchThing, checked, status_of
from bot.channels.matrix.news import ANEW, FILTER, LITTLE, News, opened, readable
from bot.channels.matrix.position import PositionRefused
from bot.channels.matrix.tolerant import Tolerant

FIRST_SYNC = 120.0
"""Seconds for the first answer, which holds the state of every room."""
SLACK = 15.0
"""Seconds that an answer may be late beyond the time that the homeserver was asked to wait."""
ONCE_MORE = 1.0
"""Seconds before a token that the homeserver refused is tried once more."""
UNKNOWN_USERS = 60.0
"""Seconds before the same people's devices are asked for again: their homeserver may be down."""

LARGE = 50
"""People in a room; nothing is sent to more: keys for the devices of thousands would take minutes and fill the store."""
MOST_TO_DEVICES = 20
"""Messages to devices after one sync: an account that makes us request keys or repair sessions delays no other."""

BAD_REQUEST = 400
_ENCRYPTION = "m.room.encryption"
_SIGNED = "signed_curve25519"
log = logging.getLogger(__name__)


class _Unknown(set[str]):
    """People whose devices the bot has to ask for. `late`: people added since it was last cleared, new in the set or not.

    The library removes each person named in an answer. Their devices may have changed after the homeserver made that answer.
    """

    def __init__(self) -> None:
        super().__init__()
        self.late: set[str] = set()

    def add(self, person: str) -> None:
        self.update((person,))

    def update(self, *people: Iterable[str]) -> None:
        self.late.update(*people)
        super().update(*people)

    def __ior__(self, people: AbstractSet[str]) -> Self:  # type: ignore[override,misc]
        self.update(people)
        return self


class Client(Tolerant):
    """One device of the bot's account."""

    _asked_for: tuple[frozenset[str], float] = (frozenset(), 0.0)
    """Whose devices were last asked for and not told, and when."""

    _closed = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asking = asyncio.Lock()
        """Guards device queries and forgetting: a late answer would store a forgotten person again."""
        self._failed_at = -math.inf
        """When a device query last failed: those who waited for it do not repeat it."""

    def load_store(self) -> None:
        """Load the keys, and replace the library's empty set of people whose devices it has to ask for."""
        super().load_store()
        self.olm.users_for_key_query = _Unknown()

    async def close(self) -> None:
        """Let go of connections, for good: the library would make new ones for whatever is still under way."""
        self._closed = True
        await super().close()

    async def send(self, *args: Any, **kwargs: Any) -> Any:
        """Send one request. Nothing leaves after `close`.

        Raises:
            ClientConnectionError: the client is closed.
        """
        if self._closed:
            raise ClientConnectionError("closed")
        return await super().send(*args, **kwargs)

    # --- receiving

    async def news(self, since: str, wait: float) -> News:
        """Return what happened since a token; without `wait`, with the state of every room.

        Raises:
            PositionRefused: the homeserver does not take the token, twice.
            ChannelError: the homeserver refuses or is silent, see `checked`.
        """
        return await self._twice(since, wait, FILTER, full_state=not wait)

    async def keys(self, since: str) -> News:
        """Return what was sent to this device since a token, and invitations; nothing of what happens in rooms.

        Raises:
            PositionRefused: the homeserver does not take the token, twice.
            ChannelError: the homeserver refuses or is silent, see `checked`.
        """
        return await self._twice(since, 0, LITTLE, full_state=False)

    async def anew(self, wanted: dict[str, Any] | str = ANEW) -> News:
        """Return how everything is now, where a token was refused, and ask for everybody's devices again.

        Whose devices have changed is only told since a token.

        Raises:
            ChannelError: the homeserver refuses or is silent, see `checked`.
        """
        news = await self._news("", 0, wanted, full_state=wanted is not LITTLE)
        self.olm.users_for_key_query |= self.olm.tracked_users
        return news

    async def _twice(
        self, since: str, wait: float, wanted: dict[str, Any] | str, *, full_state: bool
    ) -> News:
        try:
            return await self._news(since, wait, wanted, full_state=full_state)
        except PositionRefused:
            await asyncio.sleep(ONCE_MORE)
        return await self._news(since, wait, wanted, full_state=full_state)

    async def _news(self, since: str, wait: float, wanted: dict[str, Any] | str, *, full_state: bool) -> News:
        # Else the library takes an answer it has seen for one it has handled, and leaves its events encrypted.
        self.next_batch = ""
        response = None

        async def sync() -> Any:
            nonlocal response
            response = await self.sync(
                timeout=int(wait * 1000), sync_filter=wanted, since=since or None, full_state=full_state
            )
            return response

        try:
            async with asyncio.timeout(wait + SLACK if wait else FIRST_SYNC):
                parsed = await checked(sync())
                raw = readable(await checked(parsed.transport_response.json()))
        except TimeoutError:
            raise Uncertain("the homeserver does not answer") from None
        except ChannelError as error:
            if since and status_of(response) == BAD_REQUEST:
                raise PositionRefused(
                    f"the homeserver refuses the position in its stream ({error})"
                ) from None
            raise
        joined = parsed.rooms.join.values()
        return News(raw, opened(event for room in joined for event in room.timeline.events), parsed)

    def unseal(self, source: dict[str, Any], room: str) -> Any:
        """Decrypt an event that could not be decrypted when it came; nothing while its key is missing."""
        try:
            sealed = MegolmEvent.from_dict(source)
            if not isinstance(sealed, MegolmEvent):
                return None
            sealed.room_id = room
            return self.decrypt_event(sealed)
        except Exception:  # noqa: BLE001  whatever it holds, it must not stop what comes after it
            return None

    # --- keys

    async def keep_keys(self, news: News) -> None:
        """Publish, ask for and claim what the homeserver's last answer makes needed.

        Raises:
            ChannelFault: the homeserver accepts nothing from us; a failure is logged.
        """
        try:
            await self._publish_keys(news)
            await self._ask_for_devices()
            if self.should_claim_keys:
                await checked(self.keys_claim(self.get_users_for_key_claiming()))
            del self.olm.outgoing_to_device_messages[MOST_TO_DEVICES:]
            await checked(self.send_to_device_messages())
        except Failure as error:
            log.warning("Keys could not be kept up: %s", error, extra={"action": "keep-keys"})

    async def _publish_keys(self, news: News) -> None:
        # The library reads a count of 0 as "not told", and never fills up again.
        if news.parsed.device_key_count.signed_curve25519 == 0:
            self.olm.uploaded_key_count = 0
        if self.should_upload_keys:
            await checked(self._publish(self.olm.share_keys()))
        unused = news.raw.get("device_unused_fallback_key_types")
        if isinstance(unused, list) and _SIGNED not in unused:
            await self._publish_fallback_key()

    def retire_keys(self) -> None:
        """Offer no key again that an earlier process may have published: somebody may have used it since."""
        self.olm.mark_keys_as_published()
        self.olm.save_account()

    async def _publish(self, keys: dict[str, Any]) -> Any:
        # Kept before anyone knows them, and not after as the library does: a key that was lost opens nothing.
        self.olm.save_account()
        method, path, body = Api.keys_upload(self.access_token, keys)
        return await self._send(KeysUploadResponse, method, path, body)

    async def _publish_fallback_key(self) -> None:
        """Publish what opens a first message when all other keys are used up. The library knows none."""
        account = self.olm.account._account
        account.generate_fallback_key()
        keys = {}
        for name, key in account.fallback_key.items():
            signed: dict[str, Any] = {"key": key.to_base64(), "fallback": True}
            signature = self.olm.sign_json(signed)
            signed["signatures"] = {self.user_id: {f"ed25519:{self.device_id}": signature}}
            keys[f"{_SIGNED}:{name}"] = signed
        await checked(self._publish({"fallback_keys": keys}))

    async def _ask_for_devices(self) -> None:
        if crowds := [room.users for room in self.rooms.values() if len(room.users) > LARGE]:
            small = [room.users for room in self.rooms.values() if len(room.users) <= LARGE]
            self.olm.users_for_key_query -= {user for users in crowds for user in users} - {
                user for users in small for user in users
            }
        since = time.monotonic()
        async with self.asking:
            wanted, now = frozenset(self.olm.users_for_key_query), time.monotonic()
            asked, at = self._asked_for
            if not wanted or (wanted <= asked and now < at + UNKNOWN_USERS):
                return
            if self._failed_at >= since:
                raise Unreachable("the devices of people could not be asked for")
            self.olm.users_for_key_query.late.clear()
            try:
                await checked(self.keys_query())
            except ChannelError:
                self._failed_at = time.monotonic()
                raise
            # Not those who were added meanwhile: what is new of them has not been asked for.
            late = self.olm.users_for_key_query.late
            self._asked_for = ((wanted & self.olm.users_for_key_query) - late, time.monotonic())
            self.olm.users_for_key_query |= late

    # --- sending

    async def put(self, room_id: str, kind: str, content: dict[str, Any], transaction: str) -> str:
        """Send an event, encrypted if the room ever was, and return its id. The same transaction twice shows one event.

        Raises:
            Unreachable: for all that fails before the event itself may have left.
            ChannelError: the homeserver refuses or is silent, see `checked`.
        """
        room = self.rooms.get(room_id)
        if room is None or len(room.users) > LARGE:
            raise Gone("the bot is no longer in this room, or it is a large group")
        try:
            await self._prepare(room)
        except Uncertain as error:
            raise Unreachable(str(error)) from None
        finally:
            self._end_sharing(room_id)
        try:
            sent = await checked(
                self.room_send(room_id, kind, content, transaction, ignore_unverified_devices=True)
            )
        finally:
            self._end_sharing(room_id)
        return str(sent.event_id)

    async def encrypted(self, room: MatrixRoom) -> bool:
        """Return whether a room is or ever was encrypted; ask the homeserver where we have not heard that it is.

        The library decides by what it has heard so far, and sends clear text until then: 2 of 8 first messages.

        Raises:
            ChannelError: the homeserver refuses or is silent, see `checked`.
        """
        if room.encrypted:
            return True
        try:
            await checked(self.room_get_state_event(room.room_id, _ENCRYPTION))
        except NoSuchThing:
            return False
        room.encrypted = True
        self.encrypted_rooms.add(room.room_id)
        self.store.save_encrypted_rooms({room.room_id})
        self.olm.update_tracked_users(room)
        return True

    async def _prepare(self, room: MatrixRoom) -> None:
        """Give everyone in an encrypted room what they need to read what comes."""
        if not await self.encrypted(room):
            return
        room.members_synced = True  # nothing is loaded lazily: the state of the room has named everyone
        if self.olm.users_for_key_query & set(room.users):
            await self._ask_for_devices()
        if self.olm.should_share_group_session(room.room_id):
            await self._share(room)

    async def _share(self, room: MatrixRoom) -> None:
        if missing := self.get_missing_sessions(room.room_id):
            await checked(self.keys_claim(missing))
        await checked(self.share_group_session(room.room_id, ignore_unverified_devices=True))
        # The library does not look at what became of its requests: whoever was missed would read nothing.
        session = self.olm.outbound_group_sessions.get(room.room_id)
        if session is None:
            raise Unreachable("the conversation ended meanwhile")
        wanted = {
            (user, device.id)
            for user in room.users
            for device in self.device_store.active_user_devices(user)
            if self.olm.session_store.get(device.curve25519) is not None
        }
        if not wanted <= session.users_shared_with | session.users_ignored:
            self.invalidate_outbound_session(room.room_id)
            raise Unreachable("the keys of the conversation could not be handed out")

    def _end_sharing(self, room_id: str) -> None:
        """Take away the library's mark of a sharing: it keeps that of one that failed, and waits for its end for ever."""
        if (mark := self.sharing_session.pop(room_id, None)) is not None:
            mark.set()
