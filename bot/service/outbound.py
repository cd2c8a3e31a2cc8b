# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The outbound loop's transaction: mark what ended, claim what may start, write what it shows."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.channels import Gone, Refused, Rejected, Throttled, Uncertain, Unexplained, Unreachable
from bot.fitting import as_text
from bot.messages import Limits, Piece, Send
from bot.service import arriving, outdated
from bot.service.alerts import Reached, tell_of_lesson
from bot.service.notifying import Notifying
from bot.service.outgoing import following, render
from bot.service.turns import ALL, Turns
from storage import counters, courses, erasure, learners, witnesses
from storage.failures import DatabaseError
from storage.outbox import claims, erased, queue, takeover
from storage.outbox.rows import GOODBYE, REPLY, SCHEDULED, STRANGER, Claimed, Draft, Mark
from storage.progress import enrolments, prompts
from storage.types import Tx, storable

log = logging.getLogger(__name__)

FIRST_RETRY = {REPLY: 5.0, SCHEDULED: 60.0, STRANGER: 5.0}
"""Seconds before a message that may have left is sent again, doubled each time."""
LONGEST_RETRY = 900.0

REFUSALS = 5
"""In a row, after which an address counts as gone: a working week of lessons. What refuses for a day or two (a chat that is
restricted, an account that Telegram has lost for a moment) costs one call a day until then; somebody who counts as gone gets
nothing more until they write."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A row and what it shows."""

    row: Claimed
    piece: Piece
    unplaced: bool = False
    """Whether it is the text of a drawing that found no place in time."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an attempt: a reference, or one of what was raised."""

    row: Claimed
    at: datetime
    ref: str = ""
    failure: Exception | None = None
    doubted: bool = False
    """Whether the channel is at fault: what it says of an address is not believed, and the message waits."""


@dataclass(frozen=True, slots=True)
class Held:
    """A lesson version that is held from now on."""

    version: str
    title: str
    reason: str


Ended = tuple[int, str, str]
"""What is counted of rows that ended: priority, outcome, and the kind of reason where there are several."""


@dataclass(frozen=True, slots=True)
class Step:
    """What may start now; when the next conversation is ready; the lessons that are held from now on."""

    attempts: tuple[Attempt, ...]
    next_ready: datetime | None
    held: tuple[Held, ...]
    ended: Mapping[Ended, int]
    put_off: tuple[int, ...] = ()
    """Addresses whose drawing found no place: nothing of them is claimed."""


def step(
    tx: Tx,
    channel: str,
    token: str,
    limits: Limits,
    outcomes: Sequence[Outcome],
    places: int,
    resting: Collection[int],
    now: datetime,
    *,
    strangers_first: bool = False,
    admins: Sequence[Reached] = (),
    turns: Turns = ALL,
) -> Step:
    """Run one step of the pump in one transaction: settle outcomes, claim rows, render them."""
    asleep = {*resting, *turns.waiting}
    held, ended = settle(tx, outcomes, now, admins)
    attempts: list[Attempt] = []
    spoiled: list[Mark] = []
    later: list[tuple[Claimed, list[Draft]]] = []
    put_off: list[int] = []
    drawings = turns.places
    rows, expired = (
        claims.claim(tx, channel, token, now, places, asleep, strangers_first=strangers_first)
        if places
        else ((), ())
    )
    ended.update((row.priority, "expired", "") for row in expired)
    shown = prompts.by_ids(
        tx, [row.prompt for row in rows if row.kind not in ("reply", GOODBYE) and row.prompt]
    )
    silent = enrolments.still_silent(
        tx, [row.enrolment_id for row in rows if row.kind == "pause" and row.enrolment_id is not None]
    )
    notifying = Notifying(tx, rows, now)
    for row in rows:
        # Stopped, or answered, while it was on its way.
        if (reason := outdated.reason_of(row, shown, silent) or notifying.holds(row)) is not None:
            spoiled.append(Mark(row.id, row.address_id, "cancelled", now, reason=reason))
            ended[row.priority, "cancelled", ""] += 1
            ended[REPLY, "refused", "incomplete"] += queue.drop_rest(tx, row, now)
            continue
        if row.held and row.kind != "reminder":  # a reminder comes without its question
            spoiled.append(Mark(row.id, row.address_id, "refused", now, reason="the lesson is held"))
            ended[row.priority, "refused", "held"] += 1
            ended[REPLY, "refused", "incomplete"] += queue.drop_rest(tx, row, now)
            continue
        try:
            if not row.readable:
                raise TypeError("an instant or the address of it cannot be read")  # noqa: TRY301
            row, pieces = notifying.headed(row, render(tx, row, shown, limits), limits)
            if row.answers_newest and isinstance(pieces[0], Send):
                row = replace(row, target_ref=None)
            first, unplaced = pieces[0], False
            if isinstance(first, Send) and first.drawing is not None:
                unplaced = not row.drawing_refused and row.address_id in turns.as_text
                if unplaced or row.drawing_refused:
                    first = as_text(first, limits)
                elif drawings:
                    drawings -= 1
                else:
                    put_off.append(row.address_id)
                    continue
            later.append((row, following(row, channel, pieces)))
            attempts.append(Attempt(row, first, unplaced))
        except DatabaseError:
            raise
        except Exception as error:  # one row that cannot be shown must not hold up the others
            log.exception("A message cannot be shown.", extra={"action": "render-message", "key": row.key})
            spoiled.append(Mark(row.id, row.address_id, "refused", now, reason=f"cannot be shown: {error}"))
            ended[row.priority, "refused", "unshowable"] += 1
            ended[REPLY, "refused", "incomplete"] += queue.drop_rest(tx, row, now)
    queue.enqueue(tx, [draft for _, drafts in later for draft in drafts], now)
    for row, drafts in later:
        if drafts:
            queue.keep_together(tx, row, {draft.key for draft in drafts})
    claims.mark(tx, spoiled)
    claims.hand_back(tx, put_off)
    spoilt = {mark.row for mark in spoiled}
    _let_go(tx, [*expired, *(row for row in rows if row.id in spoilt)], now)
    next_ready = claims.next_ready(tx, channel, turns.waiting.union(put_off))
    return Step(tuple(attempts), next_ready, held, ended, tuple(put_off))


def take_over(tx: Tx, channel: str, token: str, now: datetime) -> int:
    """Free what a process that ended had claimed. Return how many messages may arrive twice.

    From the same device a channel may recognise them, so they leave at once. From another one it cannot: they are
    uncertain, and wait as such.
    """
    left = takeover.under_way(tx, channel)
    strange = [row for row in left if not row.same_device(token)]
    takeover.release_channel(tx, channel, now)
    claims.mark(
        tx,
        [
            Mark(
                row.id,
                row.address_id,
                "waiting",
                now,
                reason="Uncertain: another device may have sent it",
                retry_at=now + _wait(row.priority, row.attempts),
            )
            for row in strange
        ],
    )
    for counted, number in (("sent.taken-over", len(left)), ("sent.uncertain", len(strange))):
        if number:
            counters.add(tx, counted, number)
    return len(left)


def counted(row: Claimed, failure: Exception | None) -> Exception | None:
    """Return a failure as it counts for its address: one refusal too many in a row means that it is gone."""
    if isinstance(failure, Refused) and not isinstance(failure, Gone) and _in_a_row(row) + 1 >= REFUSALS:
        return Gone(f"{REFUSALS} refusals in a row, the last: {failure}")
    return failure


def may_tell(outcomes: Sequence[Outcome]) -> bool:
    """Tell whether `settle` may hold or release a lesson, and so needs the admins."""
    return any(outcome.row.may_witness for outcome in outcomes)


def settle(
    tx: Tx, outcomes: Sequence[Outcome], now: datetime, admins: Sequence[Reached] = ()
) -> tuple[tuple[Held, ...], Counter[Ended]]:
    """Write what became of attempts. Return the lesson versions held from now on, and a count of rows that ended.

    Nothing is written of a row whose person was erased meanwhile. The `admins` are told of lessons held or released.
    """
    ended: Counter[Ended] = Counter()
    if not outcomes:
        return (), ended
    kept = erased.drop_erased(tx, [(outcome.row, outcome.ref) for outcome in outcomes])
    outcomes = [outcome for outcome in outcomes if outcome.row.id in kept]
    marks = [_mark(outcome) for outcome in outcomes]
    claims.mark(tx, marks)
    claims.mark_unshown(tx, [outcome.row.id for outcome in outcomes if _shows_nothing(outcome)])
    over = {mark.row for mark in marks if mark.state != "waiting"}
    _let_go(tx, [outcome.row for outcome in outcomes if outcome.row.id in over], now)
    sent = [outcome.row for outcome in outcomes if outcome.failure is None]
    arriving.settle(tx, sent, now, admins)
    held: list[Held] = []
    refusals = {row.address_id: 0 for row in sent if row.refusals}
    for outcome in outcomes:
        row = outcome.row
        match outcome.failure:
            case None:
                ended[row.priority, "sent", ""] += 1
            case Refused() if outcome.doubted:
                pass
            case Gone():
                ended[row.priority, "refused", "gone"] += 1
                learners.pause(tx, row.learner_id, "gone")
                ended[SCHEDULED, "cancelled", ""] += queue.cancel(tx, row.address_id, now, "gone")
                ended[row.priority, "refused", "incomplete"] += queue.drop_rest(tx, row, now)
            case Refused() | Rejected() as failure:
                reason = "rejected" if isinstance(failure, Rejected) else "address"
                ended[row.priority, "refused", reason] += 1
                ended[row.priority, "refused", "incomplete"] += queue.drop_rest(tx, row, now)
                held += _judge(tx, row, failure)
                refusals[row.address_id] = _refusals(row, failure)
            case Uncertain():
                counters.add(tx, "sent.uncertain")
            case _:
                pass
    learners.set_refusals(tx, refusals)
    for lesson in held:
        tell_of_lesson(tx, admins, "alert.refused", lesson.version, lesson.title, now)
    return tuple(held), ended


def _judge(tx: Tx, row: Claimed, failure: Exception) -> Iterator[Held]:
    """Hold a lesson that a second witness refuses.

    A witness received something since its own last refusal: a chat that refuses everything is none. Nor is one that gives
    a reason of its own.
    """
    if row.version is None or not row.may_witness or row.refusals:
        return
    if not isinstance(failure, (Rejected, Unexplained)):
        return
    reason = storable(str(failure), claims.REASON)
    if witnesses.note_refused(tx, row.version, row.address_id, reason):
        yield Held(row.version, courses.title_of(tx, row.version), reason)


def _refusals(row: Claimed, failure: Exception) -> int:
    """Return how many refusals in a row count for an address now.

    What the channel calls the content's fault makes nobody gone, however often: it only ends being a witness.
    """
    return max(_in_a_row(row), 1) if isinstance(failure, Rejected) else _in_a_row(row) + 1


def _in_a_row(row: Claimed) -> int:
    """Return the refusals counted so far. SQLite stores any type: an unreadable count must not leave a row unmarked."""
    return row.refusals if isinstance(row.refusals, int) else 0


def _let_go(tx: Tx, ended: Sequence[Claimed], now: datetime) -> None:
    """Delete the addresses whose goodbye is among rows that ended."""
    if addresses := {row.address_id for row in ended if row.kind == GOODBYE}:
        erasure.leave(tx, addresses, now)


def end(tx: Tx, outcome: Outcome) -> Counter[Ended]:
    """End the row of an attempt, and nothing else: what follows from it could not be written."""
    row, state = outcome.row, "sent" if outcome.failure is None else "refused"
    if not erased.drop_erased(tx, [(row, outcome.ref)]):
        return Counter()
    claims.mark(
        tx, [Mark(row.id, row.address_id, state, outcome.at, ref=outcome.ref, reason="cannot be settled")]
    )
    _let_go(tx, [row], outcome.at)
    return Counter({(row.priority, state, "" if outcome.failure is None else "unsettled"): 1})


def _shows_nothing(outcome: Outcome) -> bool:
    """Tell whether a message that is tried again never left: nobody has seen its question."""
    failure = outcome.failure
    kept = isinstance(failure, (Unreachable, Throttled)) or (isinstance(failure, Refused) and outcome.doubted)
    return kept and not outcome.row.asked_before


def _mark(outcome: Outcome) -> Mark:
    row, at = outcome.row, outcome.at
    match outcome.failure:
        case None:
            return Mark(row.id, row.address_id, "sent", at, ref=outcome.ref)
        case Refused() as failure if outcome.doubted:
            retry_at = at + _wait(row.priority, row.attempts)
        case Refused() | Rejected() as failure:
            return Mark(row.id, row.address_id, "refused", at, reason=f"{type(failure).__name__}: {failure}")
        case Throttled(after=after) as failure:
            retry_at = at + timedelta(seconds=after)
        case Unreachable() | Uncertain() as failure:
            retry_at = at + _wait(row.priority, row.attempts)
        case failure:
            retry_at = at + timedelta(seconds=FIRST_RETRY[SCHEDULED])
    return Mark(
        row.id,
        row.address_id,
        "waiting",
        at,
        reason=f"{type(failure).__name__}: {failure}",
        retry_at=retry_at,
    )


def _wait(priority: int, attempts: int) -> timedelta:
    """Return how long a message that may have left waits for its retry."""
    return timedelta(seconds=min(FIRST_RETRY[priority] * 2.0 ** min(attempts, 10), LONGEST_RETRY))
