# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What the service tells the admins, and where they are reached now."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from bot.channels import Channel
from bot.notice import starting
from bot.notice.facts import Facts
from bot.service.alerts import (
    TROUBLES,
    Reached,
    tell_admins,
    tell_damage,
    tell_overdue,
    tell_trouble,
    tell_unnamed,
)
from bot.service.owning import as_owner
from bot.service.pulse import Pulse
from storage import courses
from storage.failures import DatabaseError, NotOwner
from storage.store import Store

log = logging.getLogger(__name__)


class Telling:
    """Tells the admins of one service. `wake` is called once something is queued; `facts` may lack who answers for them."""

    def __init__(
        self,
        store: Store,
        named: Collection[str],
        channels: Mapping[str, Channel],
        pulse: Pulse,
        now: Callable[[], datetime],
        wake: Callable[[], object],
        facts: Facts,
    ) -> None:
        self._facts = facts
        self._store, self._named, self._channels = store, frozenset(named), channels
        self._pulse, self._now, self._wake = pulse, now, wake
        self._damage_named: set[str] = set()

    async def alert(self, key: str, about: str) -> None:
        """Tell the admins, through any channel that reaches them. What lasts is told once, see `bot.service.watching`."""
        try:
            if key in TROUBLES:
                self._pulse.troubled.add(about)
                account = self._channels[about].account
                await self._store.write(
                    as_owner, account, tell_trouble, self.admins(), key, about, self._now()
                )
            else:
                await self._store.write(tell_admins, self.admins(), key, about, self._now())
        except NotOwner:
            return  # the process that owns the account knows better
        except DatabaseError:
            log.exception("The admins could not be told.", extra={"action": "alert-admins"})
        self._wake()

    async def remind_admins(self) -> None:
        """Tell the admins in the morning: once a week which lessons are held back, each day which cannot be read."""
        await self._store.write(tell_overdue, self.admins(), self._now())
        await self.name_unnamed()
        self._wake()
        self._damage_named.clear()
        await self.name_damage()

    def admins(self, but: str = "") -> list[Reached]:
        """Return where the admins are reached now, all `but` one."""
        reached = []
        for admin in sorted(self._named - {but}):
            name, _, person = admin.partition(":")
            channel = self._channels.get(name)
            if channel is not None:
                reached.append(Reached(name, channel.reach(person), channel.limits))
        return reached

    async def name_unnamed(self) -> None:
        """Say, in the log and to the admins, what is missing, and until when the service does without."""
        missing = starting.missing(self._facts)
        until = await self._store.read(starting.deadline) if missing else None
        if until is None:
            return
        starting.warn(self._facts, until)
        await self._store.write(tell_unnamed, self.admins(), missing, until, self._now())

    async def name_damage(self) -> None:
        """Name, in the log and to the admins, published lessons that cannot be read, each once until the next reminder."""
        published = await self._store.read(courses.catalogue)
        fresh = () if published is None else tuple(x for x in published.damage if x not in self._damage_named)
        if not fresh:
            return
        for name in fresh:
            log.error(
                "What is published under this id cannot be read: publish it again.",
                extra={"action": "read-lesson", "id": name},
            )
        await self._store.write(tell_damage, self.admins(), fresh, self._now())
        self._damage_named.update(fresh)  # after the write: an alert that failed is sent with the next tick
        self._wake()


def named_on(admins: Collection[str], channel: str) -> frozenset[str]:
    """Return the admins of a channel, without its name."""
    return frozenset(
        person for name, _, person in (admin.partition(":") for admin in admins) if name == channel
    )
