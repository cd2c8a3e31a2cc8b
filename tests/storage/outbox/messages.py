# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Messages that wait for some people, and leave."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from storage import learners
from storage.outbox import claims, queue
from storage.outbox.rows import SCHEDULED, Claimed, Draft, Mark
from storage.tables import outbox as rows

if TYPE_CHECKING:
    from storage.store import Store
    from storage.types import Tx

NOW = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=4)


def meet(tx: Tx, number: int) -> list[int]:
    """The addresses of some people."""
    return [
        learners.meet(tx, "telegram", str(one), language="fr", now=NOW).address_id for one in range(number)
    ]


def put(tx: Tx, address: int, name: str, priority: int = SCHEDULED, until: datetime = LATER) -> None:
    draft = Draft(
        f"{name}:{address}", address, "telegram", {"text": name}, priority=priority, not_after=until
    )
    queue.enqueue(tx, [draft], NOW)


def claim(store: Store, now: datetime = NOW, places: int = 30) -> tuple[Claimed, ...]:
    claimed, _ = store.write_now(claims.claim, "telegram", "token", now, places)
    return claimed


def leave(store: Store) -> str:
    """Let one message leave; which it was."""
    (one,) = claim(store, places=1)
    store.write_now(claims.mark, [Mark(one.id, one.address_id, "sent", NOW, ref="1")])
    return str(one.content["text"])


def states(tx: Tx) -> Counter[str]:
    return Counter(tx.execute(select(rows.c.state)).scalars())
