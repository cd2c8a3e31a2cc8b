# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The library's client, made tolerant of malformed events.

In the library, one event that raises stops a whole sync, which the homeserver then sends again and again.
"""

from __future__ import annotations

import logging
from typing import Any

from nio import (
    AsyncClient,
    EncryptionError,
    ErrorResponse,
    KeyVerificationEvent,
    MegolmEvent,
    RoomKeyRequest,
    RoomKeyRequestCancellation,
)

from bot.channels.matrix.news import readable

log = logging.getLogger(__name__)


class Tolerant(AsyncClient):  # type: ignore[misc]  # the library has no types
    """A client that logs and drops an event that it cannot handle, and reads on."""

    async def _handle_invited_rooms(self, response: Any) -> None:
        """Do nothing: `bot.channels.matrix.invitations` reads invitations, the library's record of them is not used."""

    def _handle_joined_state(self, room_id: str, join_info: Any, encrypted_rooms: set[str]) -> None:
        state = join_info.state
        for part in [[], *([event] for event in state)]:  # one by one: a failing event must not hide the next
            join_info.state = part
            try:
                super()._handle_joined_state(room_id, join_info, encrypted_rooms)
            except Exception as error:  # noqa: BLE001
                _dropped(error)
        join_info.state = state

    def _handle_timeline_event(self, event: Any, room_id: str, room: Any, encrypted_rooms: set[str]) -> Any:
        try:
            return super()._handle_timeline_event(event, room_id, room, encrypted_rooms)
        except Exception as error:  # noqa: BLE001
            _dropped(error)
            return None

    def _handle_messages_response(self, response: Any) -> None:
        for place, event in enumerate(response.chunk):
            try:
                response.chunk[place] = self.decrypt_event(event) if isinstance(event, MegolmEvent) else event
            except EncryptionError:
                continue
            except Exception as error:  # noqa: BLE001
                _dropped(error)

    async def _handle_to_device(self, response: Any) -> None:
        # What opened a message and the room's key that was in it are two writes of the library. Killed between them, it
        # could not open the message again when it is told anew, and the room stayed unreadable.
        with self.store.database.atomic():
            await super()._handle_to_device(response)

    def _handle_decrypt_to_device(self, to_device_event: Any) -> Any:
        # The bot verifies no devices and gives keys to none. The library would store each request and answer it with a
        # message.
        if isinstance(to_device_event, KeyVerificationEvent | RoomKeyRequest | RoomKeyRequestCancellation):
            return None
        try:
            return super()._handle_decrypt_to_device(to_device_event)
        except Exception as error:  # noqa: BLE001
            _dropped(error)
            return None

    async def parse_body(self, transport_response: Any) -> Any:
        """Read an answer, as `readable` does."""
        return readable(await super().parse_body(transport_response))

    async def create_matrix_response(
        self, response_class: Any, transport_response: Any, data: Any = None, save_to: Any = None
    ) -> Any:
        """Make an error of every refusal: the library takes one without JSON for an empty success, cannot read some."""
        try:
            response = await super().create_matrix_response(response_class, transport_response, data, save_to)
        except (TypeError, LookupError):
            if transport_response.status < 400:
                raise
            response = None
        if transport_response.status >= 400 and not isinstance(response, ErrorResponse):
            response = ErrorResponse.from_dict(await self.parse_body(transport_response))
            response.transport_response = transport_response
        return response


def _dropped(error: Exception) -> None:
    log.warning(
        "An event could not be read and is dropped: %s",
        type(error).__name__,
        extra={"action": "discard-event"},
    )
