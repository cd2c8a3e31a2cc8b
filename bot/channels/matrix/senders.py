# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Senders: whose device an encrypted event surely came from, for the few people of whom it matters.

The homeserver says who sent an event, and it may lie; so may the event about its device. What is sure is the session that
opened it: it came from one device, whose two keys we know. A sender is trusted when the identity that they publish signed
a device with these two keys. Whether that identity is theirs is for the service to say, which knows the one of before.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from bot.channels import Unreachable
from bot.channels.matrix import crosssign
from bot.channels.matrix.client import Client
from bot.channels.matrix.failures import checked, failure
from bot.channels.matrix.inbound import Raw
from bot.channels.matrix.media import at_most
from bot.channels.matrix.signing import signed_by
from bot.messages import Doubt

QUERY = 8.0
"""Seconds for one answer: the homeserver may have to ask another one."""
RETRY = 1.0
"""Seconds before it is asked again after a failure."""
PATIENCE = 10.0
"""Seconds that an event waits for it; then it is refused, and its sender may try again."""
FRESH = 3600.0
"""Seconds that an answer serves. Changes are told within a sync, but a homeserver that was away may have missed one."""
LARGEST_ANSWER = 2 * 2**20

_PATH = "/_matrix/client/v3/keys/query"
_KEY = re.compile(r"[A-Za-z0-9+/]{43}")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whose device it was: signed by this identity, or why that is not known."""

    identity: str = ""
    doubt: Doubt | None = None


@dataclass(frozen=True, slots=True)
class _Told:
    """What the homeserver told of one person's devices."""

    asked_at: float
    """In seconds of our own clock."""
    identity: str
    self_signing: str
    """Signed by the identity; empty when it is not."""
    devices: Mapping[tuple[str, str], Mapping[str, Any]]
    """By their keys, curve25519 and ed25519; no signature was verified yet."""


class Senders:
    """What is known of people's devices: asked for when they speak, one question at a time for each, beside the stream."""

    def __init__(
        self,
        client: Client,
        people: Collection[str],
        now: Callable[[], datetime],
        patience: float = PATIENCE,
    ) -> None:
        """`people`: of whom it matters. `patience`: seconds that an event may wait."""
        self._client, self._people, self._now, self._patience = client, frozenset(people), now, patience
        self._told: dict[str, _Told] = {}
        self._asking: dict[str, asyncio.Task[None]] = {}

    def judges(self, user: str) -> bool:
        """Return whether it matters whose device this person's events come from."""
        return user in self._people

    def verdict(self, room: str, sealed: Raw, since: float) -> Verdict | None:
        """Judge an event that was opened; nothing while the homeserver is asked.

        `sealed`: the event as it came. `since`: when it was first seen, in seconds of our own clock.
        """
        keys = self._keys_of(room, sealed)
        if keys is None:
            return Verdict(doubt=Doubt.UNSIGNED)
        told, now = self._told.get(sealed.sender), self._now().timestamp()
        if told is not None and now - told.asked_at < FRESH and _signed(told, sealed.sender, keys):
            return Verdict(told.identity)
        if told is not None and told.asked_at >= since:
            return Verdict(doubt=Doubt.UNSIGNED)
        if now - since >= self._patience:
            return Verdict(doubt=Doubt.UNANSWERED)
        if sealed.sender not in self._asking:
            self._asking[sealed.sender] = asyncio.create_task(self._ask(sealed.sender))
        return None

    def changed(self, news: Mapping[str, Any]) -> None:
        """Forget what a sync says is different now."""
        lists = news.get("device_lists")
        for users in lists.values() if isinstance(lists, dict) else ():
            for user in users if isinstance(users, list) else ():
                if isinstance(user, str) and self.judges(user):
                    self._told.pop(user, None)
                    if (asking := self._asking.pop(user, None)) is not None:
                        asking.cancel()

    def begin_anew(self) -> None:
        """Forget all that was told: what is different now is only said since a position, and that was lost."""
        self.close()
        self._told.clear()

    def close(self) -> None:
        """Ask nothing more."""
        for asking in self._asking.values():
            asking.cancel()
        self._asking.clear()

    def once(self, room: str, sealed: Raw) -> str:
        """Return an id of an opened event, by its place in its session: sent again under another name, it is the same.

        The library notices this too, until the process ends.
        """
        session = self._session_of(room, sealed)
        if session is None:
            return sealed.id
        _, index = session.decrypt(sealed.content["ciphertext"])
        place = f"{session.sender_key} {session.id} {index}"
        return "sealed-" + blake2b(place.encode(), digest_size=32).hexdigest()

    def _keys_of(self, room: str, sealed: Raw) -> tuple[str, str] | None:
        """Return the keys of the device that made the session; nothing when somebody else handed the session on."""
        session = self._session_of(room, sealed)
        if session is None or session.forwarding_chain:
            return None
        # The first is the device's from whose secure channel the session came; the second is what that device says.
        return session.sender_key, session.ed25519

    def _session_of(self, room: str, sealed: Raw) -> Any:
        sender_key, session_id = sealed.content.get("sender_key"), sealed.content.get("session_id")
        return self._client.olm.inbound_group_store.get(room, sender_key, session_id)

    async def _ask(self, user: str) -> None:
        try:
            told = await self._query(user)
        except Exception as error:  # noqa: BLE001  whatever the homeserver answers, the events that wait are answered
            log.warning(
                "An admin's devices could not be asked for: %s",
                type(error).__name__,
                extra={"action": "query-devices"},
            )
            await asyncio.sleep(RETRY)
        else:
            self._told[user] = told
        self._asking.pop(user, None)

    async def _query(self, user: str) -> _Told:
        asked_at = self._now().timestamp()
        question = {"device_keys": {user: []}, "timeout": int(1000 * QUERY / 2)}
        headers = {"Authorization": f"Bearer {self._client.access_token}", "Content-Type": "application/json"}
        async with asyncio.timeout(QUERY):
            response = await checked(self._client.send("POST", _PATH, json.dumps(question), headers))
            try:
                content = await checked(at_most(response, LARGEST_ANSWER))
            finally:
                response.close()
        if response.status != 200:
            raise failure(response.status, "")
        answer = json.loads(content)
        devices = answer["device_keys"].get(user)
        if not isinstance(devices, dict):
            raise Unreachable("the homeserver of this person is silent")
        identity, self_signing = crosssign.identity_in(answer, user)
        return _Told(asked_at, identity, self_signing, _by_keys(devices, user))


def _by_keys(devices: Mapping[str, Any], user: str) -> dict[tuple[str, str], Mapping[str, Any]]:
    found = {}
    for name, device in devices.items():
        keys = device.get("keys") if isinstance(device, dict) else None
        if not isinstance(keys, dict) or (device.get("user_id"), device.get("device_id")) != (user, name):
            continue
        curve, ed = keys.get(f"curve25519:{name}"), keys.get(f"ed25519:{name}")
        if isinstance(curve, str) and isinstance(ed, str):
            found[curve, ed] = device
    return found


def _signed(told: _Told, user: str, keys: tuple[str, str]) -> bool:
    """Return whether a device with these keys is signed by its owner's identity, and by itself."""
    device = told.devices.get(keys)
    return (
        device is not None
        and _KEY.fullmatch(told.identity) is not None
        and told.self_signing != ""
        and signed_by(device, user, told.self_signing)
        and signed_by(device, user, keys[1], str(device["device_id"]))
    )
