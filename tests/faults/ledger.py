# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What was planned, what became of it, and what people saw: the books of one fault, and whether they balance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.journeys.database import rows

REPLY_PATIENCE = 300.0
"""Seconds for the slowest reply: a fault may hold it up, not lose it."""


@dataclass(frozen=True, slots=True)
class Books:
    """Planned rows by what became of them; what was counted; what left, conversation by conversation."""

    outcomes: Mapping[str, int]
    reasons: Mapping[str, int]
    """Why what was not delivered was not."""
    counters: Mapping[str, int]
    sent: Mapping[str, Sequence[str]]
    """The references of the messages sent to each address, in the order in which they were queued."""

    @property
    def planned(self) -> int:
        return sum(self.outcomes.values())

    @property
    def uncertain(self) -> int:
        """Messages that may have left twice, as the service itself counted them."""
        return self.counters.get("sent.taken-over", 0) + self.counters.get("sent.uncertain", 0)


def books(url: str) -> Books:
    """The books of a service that is at rest."""
    planned = "SELECT state, count(*) FROM outbox WHERE kind <> 'reply' GROUP BY state"
    why = "SELECT reason, count(*) FROM outbox WHERE kind <> 'reply' AND state <> 'sent' GROUP BY reason"
    left = (
        "SELECT address.address, outbox.ref FROM outbox JOIN address ON address.id = outbox.address_id "
        "WHERE outbox.state = 'sent' ORDER BY outbox.id"
    )
    sent: dict[str, list[str]] = {}
    for address, ref in rows(url, left):
        sent.setdefault(address, []).append(ref)
    return Books(
        dict(rows(url, planned)), dict(rows(url, why)), dict(rows(url, "SELECT name, n FROM counter")), sent
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table."""

    fault: str
    planned: int
    delivered: int
    refused: int
    expired: int
    repeated: int
    slowest: float
    """Seconds of the slowest reply; 0 where nobody spoke."""
    seconds: float
    wrong: tuple[str, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        kept = "kept" if not self.wrong else "BROKEN: " + "; ".join(self.wrong)
        return (
            self.fault,
            f"{self.planned:,}",
            f"{self.delivered:,}",
            str(self.refused),
            str(self.expired),
            str(self.repeated),
            f"{self.slowest:.1f} s" if self.slowest else "",
            f"{self.seconds:.0f} s",
            kept,
        )


HEAD = (
    "fault",
    "planned",
    "delivered",
    "refused",
    "expired",
    "repeated",
    "slowest reply",
    "took",
    "guarantee",
)


def balance(
    fault: str,
    found: Books,
    seen: Mapping[str, Sequence[str]],
    *,
    due: int,
    replies: Sequence[float],
    seconds: float,
    crashes: int = 0,
    in_flight: int = 0,
    patience: float = REPLY_PATIENCE,
    expected: Mapping[str, int] | None = None,
) -> Line:
    """Hold the outbox against the screens.

    Args:
        fault: what happened.
        found: the books, once nothing waits any more.
        seen: the references of the messages that each address shows, from the top.
        due: how many rows were to be planned.
        replies: seconds that each reply took.
        seconds: how long it all took.
        crashes: processes that were killed; each may repeat `in_flight` messages.
        in_flight: sends under way at once.
        patience: seconds that a reply may take.
        expected: outcomes other than `sent` that this fault is to have, all others being wrong.
    """
    wrong = []
    if found.planned != due:
        wrong.append(f"{due} due, {found.planned} planned")
    others = {state: number for state, number in found.outcomes.items() if state != "sent"}
    if others != dict(expected or {}):
        wrong.append(f"not delivered: {others} {dict(found.reasons)}")
    repeated = 0
    for address, refs in found.sent.items():
        screen = Counter(seen.get(address, ()))
        own = Counter(refs)
        if missing := own - screen:
            wrong.append(f"{sum(missing.values())} marked as sent and not seen")
        again = sum(screen.values()) - len(own)
        repeated += max(0, again)
        if again > max(1, crashes):
            wrong.append(f"{again} repeats in one conversation")
        own_words = set(refs)
        if [ref for ref in dict.fromkeys(seen.get(address, ())) if ref in own_words] != list(
            dict.fromkeys(refs)
        ):
            wrong.append("out of order")
    if strangers := [address for address in seen if seen[address] and address not in found.sent]:
        wrong.append(f"{len(strangers)} saw what nobody sent")
    if repeated > found.uncertain:
        wrong.append(f"{repeated} repeats, {found.uncertain} counted")
    if found.counters.get("sent.taken-over", 0) > crashes * in_flight:
        wrong.append(f"{found.counters['sent.taken-over']} taken over after {crashes} crashes")
    slowest = max(replies, default=0.0)
    if slowest > patience:
        wrong.append("a reply was too slow")
    return Line(
        fault,
        found.planned,
        found.outcomes.get("sent", 0),
        found.outcomes.get("refused", 0) + found.outcomes.get("cancelled", 0),
        found.outcomes.get("expired", 0),
        repeated,
        slowest,
        seconds,
        tuple(dict.fromkeys(wrong)),
    )


def table(lines: Sequence[Line]) -> str:
    """The lines for people to read."""
    cells = [HEAD, *(line.cells for line in lines)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    )
