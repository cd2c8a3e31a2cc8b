# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The drawings of one channel's messages: whose turn it is, and what leaves when one cannot be drawn or is refused."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

from bot.channels import Channel, ChannelFault, Gone, Refused, Rejected
from bot.drawing.studio import AT_ONCE, Studio, Undrawn, Unplaced
from bot.fitting import as_text
from bot.messages import Document, Send
from bot.pacing import Pacing
from bot.service.departures import Unwritten
from bot.service.measures import Measures
from bot.service.outbound import Attempt, Step
from bot.service.turns import Turns
from storage.failures import DatabaseError
from storage.outbox.rows import Claimed

log = logging.getLogger(__name__)

PLACES = 2
"""Of the account's places, for messages with a drawing: nobody waits behind them."""
PATIENCE = 5.0
"""Seconds for which a message waits for such a place; then what its drawing shows is said."""
MOST = 30 * AT_ONCE
"""Messages that wait for a place, about as many as are drawn in that time; what more of them show is said at once."""


class Pictures:
    """What one channel shows of what is drawn.

    `wake`: called when a place is free again. `note`: writes to a row whether its drawing was refused.
    """

    def __init__(
        self,
        channel: Channel,
        studio: Studio,
        measures: Measures,
        pacing: Pacing,
        monotonic: Callable[[], float],
        wake: Callable[[], None],
        note: Callable[[Claimed], Awaitable[None]],
    ) -> None:
        self._channel, self._studio, self._measures = channel, studio, measures
        self._pacing, self._monotonic, self._wake = pacing, monotonic, wake
        self._note = note
        self._under_way: set[asyncio.Task[None]] = set()
        self._waiting: dict[int, float] = {}
        """Since when each address waits, the first first. What becomes of its row is the outbox's business."""

    def turns(self, now: float) -> Turns:
        """Return whose drawing may start."""
        # One place is always left to what is not drawn, where there are several.
        most = max(1, min(PLACES, self._channel.pace.in_flight - 1))
        free = max(0, most - len(self._under_way))
        late = frozenset(address for address, since in self._waiting.items() if now - since >= PATIENCE)
        patient = [address for address in self._waiting if address not in late]
        return Turns(free, frozenset(patient[free:]), late)

    def note(self, turns: Turns, done: Step, places: int, now: float) -> bool:
        """Note what a step made of such turns. Return whether another one may do more, at once."""
        before = len(self._waiting)
        for attempt in done.attempts:
            self._waiting.pop(attempt.row.address_id, None)
        for address in done.put_off:
            since = now if len(self._waiting) < MOST else now - PATIENCE
            self._waiting.setdefault(address, since)
        if places and len(done.attempts) + len(done.put_off) < places:
            # Whatever is ready was claimed: who was not has nothing to send now.
            self._waiting = {
                address: since for address, since in self._waiting.items() if address in turns.waiting
            } | {address: self._waiting[address] for address in done.put_off}
        return bool(done.put_off) or len(self._waiting) < before

    def follow(self, attempt: Attempt, task: asyncio.Task[None]) -> None:
        """Count a send that has just begun, where it has something to draw."""
        if isinstance(attempt.piece, Send) and attempt.piece.drawing is not None:
            self._under_way.add(task)
            task.add_done_callback(self._let_go)

    def _let_go(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._wake()

    @property
    def wait(self) -> float:
        """Seconds until the next one has waited long enough, never nought; endless while nobody waits."""
        now = self._monotonic()
        left = (since + PATIENCE - now for since in self._waiting.values())
        return max(0.001, min((seconds for seconds in left if seconds > 0), default=math.inf))

    async def send(self, attempt: Attempt) -> str:
        """Send what a row shows; draw it before, where it is drawn. Return the message's reference.

        Where that cannot be drawn, or is refused, its text is sent. A refusal of a drawing tells nothing of the address, of
        the channel or of a lesson: what is refused then is the text. So is a fault of the channel that waiting may cure.

        Raises:
            Unwritten: a refusal cannot be noted, and its text is not sent.
            Exception: what the channel raises.
        """
        row, piece = attempt.row, attempt.piece
        address, target = row.address, row.target_ref or ""
        if not isinstance(piece, Send) or piece.drawing is None:
            if attempt.unplaced:
                self._report(attempt, "unplaced", Unplaced("no place was free in time"))
            return await self._channel.send(address, piece, row.sending_key, target)
        text = as_text(piece, self._channel.limits)
        try:
            shown = await self._drawn(piece)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong with a drawing, its text leaves
            self._report(attempt, "unplaced" if isinstance(error, Unplaced) else "undrawn", error)
            # Under the same key: should an earlier try have shown the drawing, a service that knows keys shows no second
            # message.
            return await self._channel.send(address, text, row.key, target)
        try:
            ref = await self._channel.send(address, shown, row.key, target)
        except Gone:
            raise
        except (Refused, Rejected, ChannelFault) as error:
            # A proxy may forbid files alone: whether the channel is at fault shows in what becomes of the text.
            if isinstance(error, ChannelFault) and error.fatal:
                raise
            refusal = error
        else:
            self._measures.drawing(self._channel.name, "shown")
            return ref
        # Before the text leaves, and not with what becomes of it: a process that dies in between would try the drawing
        # again, which might be shown beside its text.
        said = replace(row, drawing_refused=True)
        try:
            await self._note(said)
        except DatabaseError as unnoted:
            raise Unwritten(str(unnoted)) from None
        self._report(attempt, "refused", refusal)
        self._pacing.took(row.address_id, self._monotonic())
        try:
            return await self._channel.send(address, text, said.sending_key, target)
        except ChannelFault:
            # Nothing left: it is the channel that is at fault, and the drawing may leave once it works again.
            if isinstance(refusal, ChannelFault):
                with suppress(DatabaseError):  # else its text leaves, later
                    await self._note(row)
            raise

    async def _drawn(self, piece: Send) -> Send:
        if piece.drawing is None:
            return piece
        drawn = await self._studio.draw(piece.drawing)
        if isinstance(drawn, Document):
            return replace(piece, drawing=None, document=drawn)
        return replace(piece, drawing=None, picture=drawn)

    def _report(self, attempt: Attempt, outcome: str, error: Exception) -> None:
        self._measures.drawing(self._channel.name, outcome)
        log.warning(
            "A drawing is not shown; its text leaves: %s",
            error if isinstance(error, (Undrawn, Refused, Rejected, ChannelFault)) else type(error).__name__,
            extra={
                "action": "draw-picture",
                "channel": self._channel.name,
                "key": attempt.row.key,
                "outcome": outcome,
            },
        )
