# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A room and its person, forgotten: on the homeserver, in the library's memory, and in the database of keys.

The library forgets nothing of that by itself. Its database overwrites what is deleted (`secure_delete`).
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Collection
from contextlib import closing, suppress
from pathlib import Path

from nio.store import models

from bot.channels import Refused, Rejected, Uncertain
from bot.channels.matrix.client import Client
from bot.channels.matrix.failures import checked

log = logging.getLogger(__name__)

VACUUM_PATIENCE = 1.0
"""Seconds to wait for the database of keys: what is written meanwhile waits for it too."""


async def forget(client: Client, room: str) -> None:
    """Leave a room and delete all that is kept of it, and of an account that has no other. Every room must be known.

    Raises:
        ChannelError: the homeserver is silent, or tells to wait.
    """
    await leave(client, room)
    purge(client, room)  # at once: meanwhile the bot may be invited to it again
    async with client.asking:
        purge_strangers(client)


async def forget_on_standby(client: Client, room: str) -> None:
    """Delete what is kept of a room, and of every account, as the rooms are not known. The owner leaves the room."""
    purge(client, room)
    async with client.asking:
        purge_others(client)


async def leave(client: Client, room: str) -> None:
    """Leave a room and have the homeserver forget that we were there. Any number of times.

    Raises:
        ChannelError: the homeserver is silent, or tells to wait.
    """
    if not room.startswith("!"):
        return  # no room's id: nothing that the homeserver could know
    for ask in (client.room_leave, client.room_forget):
        try:
            # We are not there any more, or the room is not: of one that an administrator deleted, Synapse says M_UNKNOWN.
            with suppress(Refused, Rejected):
                await checked(ask(room))
        except Uncertain as error:
            if not str(error).startswith("404 M_"):
                raise


def purge(client: Client, room: str) -> None:
    """Delete a room's sessions and keys from memory and from the store. Any number of times."""
    olm = client.olm
    client.rooms.pop(room, None)
    client.encrypted_rooms.discard(room)
    olm.outbound_group_sessions.pop(room, None)
    for name, request in list(olm.outgoing_key_requests.items()):
        if request.room_id == room:
            del olm.outgoing_key_requests[name]
    with client.store.database.bind_ctx(client.store.models), client.store.database.atomic():
        _purge_sessions(client, room)
        models.EncryptedRooms.delete().where(models.EncryptedRooms.room_id == room).execute()
        models.OutgoingKeyRequests.delete().where(models.OutgoingKeyRequests.room_id == room).execute()


def purge_strangers(client: Client) -> None:
    """Delete the devices of accounts that are in none of our rooms any more, and the sessions with them.

    It needs every room to be known, so that nobody who still has one is taken for a stranger.
    """
    present = {user for room in client.rooms.values() for user in room.users} | {client.user_id}
    kept = {device.curve25519 for user in present for device in _devices(client, user)}
    strangers = set(client.olm.device_store.users) | client.olm.tracked_users | stored_users(client)
    strangers -= present
    if not strangers:
        return
    keys = {device.curve25519 for user in strangers for device in _devices(client, user)} - kept
    _purge_devices(client, strangers)
    for key in keys:
        client.olm.session_store._entries.pop(key, None)
    with client.store.database.bind_ctx(client.store.models), client.store.database.atomic():
        for key in keys:
            models.OlmSessions.delete().where(models.OlmSessions.sender_key == key).execute()


async def purge_unasked(client: Client, waiting: Collection[str]) -> bool:
    """Delete keys of rooms that we are neither in nor invited to (`waiting`), and devices of strangers.

    Any account may send keys for any room to our device. Call it only when all our rooms are known. Return whether anything
    was deleted. A failure is logged.
    """
    async with client.asking:
        # From memory, which holds them all: the table has no index by room, and everybody would wait for a look at each row.
        entries = client.olm.inbound_group_store._entries
        unasked = {room for room, keys in entries.items() if any(keys.values())} - {*client.rooms, *waiting}
        try:
            with client.store.database.bind_ctx(client.store.models), client.store.database.atomic():
                for room in unasked:
                    _purge_sessions(client, room)
            before = stored_users(client)
            purge_strangers(client)
            return bool(unasked) or stored_users(client) != before
        except Exception as error:  # noqa: BLE001  the next night tries again
            log.info(
                "Strangers' keys are deleted later: %s",
                type(error).__name__,
                extra={"action": "compact-keys"},
            )
            return False


def _purge_sessions(client: Client, room: str) -> None:
    """Delete the keys of a room's messages. The note that the room is encrypted stays."""
    client.olm.inbound_group_store._entries.pop(room, None)
    sessions, chains = models.MegolmInboundSessions, models.ForwardedChains
    of_room = sessions.select(sessions.session_id).where(sessions.room_id == room)
    chains.delete().where(chains.session.in_(of_room)).execute()
    sessions.delete().where(sessions.room_id == room).execute()


def purge_others(client: Client) -> None:
    """Delete every other account's devices, where the rooms are not known: they are asked for again when they are.

    Sessions with devices stay: they hold a device's public key and no account, and open what that device sent.
    """
    _purge_devices(client, (set(client.olm.device_store.users) | stored_users(client)) - {client.user_id})


def _devices(client: Client, user: str) -> list[models.DeviceKeys]:
    return list(client.olm.device_store._entries.get(user, {}).values())


def stored_users(client: Client) -> set[str]:
    """Return the accounts whose devices the database of keys holds."""
    with client.store.database.bind_ctx(client.store.models):
        rows = models.DeviceKeys.select(models.DeviceKeys.user_id).distinct()
        return {row.user_id for row in rows}


def _purge_devices(client: Client, users: Collection[str]) -> None:
    olm = client.olm
    for user in users:
        olm.device_store._entries.pop(user, None)
        olm.tracked_users.discard(user)
        olm.users_for_key_query.discard(user)
    olm.wedged_devices = [device for device in olm.wedged_devices if device.user_id not in users]
    for waiting in (olm.key_re_requests_events, olm.key_requests_waiting_for_session):
        for user, device in [key for key in waiting if key[0] in users]:
            del waiting[user, device]
    tables = [*client.store.models, models.DeviceTrustState]
    with client.store.database.bind_ctx(tables), client.store.database.atomic():
        for user in users:
            devices = models.DeviceKeys.select(models.DeviceKeys.id).where(models.DeviceKeys.user_id == user)
            models.Keys.delete().where(models.Keys.device.in_(devices)).execute()
            models.DeviceTrustState.delete().where(models.DeviceTrustState.device.in_(devices)).execute()
            models.DeviceKeys.delete().where(models.DeviceKeys.user_id == user).execute()


async def vacuum(file: Path) -> None:
    """Give the pages of what was deleted back to the disk, beside the loop; a failure is logged, and nothing is lost."""
    try:
        await asyncio.to_thread(_vacuum, file)
    except sqlite3.Error as error:
        log.info("The keys' database keeps its size: %s", error, extra={"action": "compact-keys"})


def _vacuum(file: Path) -> None:
    with closing(sqlite3.connect(file, timeout=VACUUM_PATIENCE, isolation_level=None)) as connection:
        connection.execute("VACUUM")
