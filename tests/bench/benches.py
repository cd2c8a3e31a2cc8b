# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The benches by name, in the order of a whole run."""

from __future__ import annotations

from tests.bench import (
    answers,
    claim,
    day,
    erasing,
    failover,
    inbound,
    learning,
    lookup,
    matrix,
    outbound,
    pictures,
    planning,
    pressure,
    replies,
    sealing,
    start,
    tidy,
    upgrading,
    verdict,
    year,
)
from tests.bench.session import Bench

BENCHES: dict[str, Bench] = {
    "outbound": outbound.measure,
    "outbound-sealed": outbound.measure_sealed,
    "far": outbound.measure_far,
    "outbound-postgres": outbound.measure_postgres,
    "inbound": inbound.measure,
    "answers": answers.measure,
    "verdict": verdict.measure,
    "replies": replies.measure,
    "flood": pressure.measure_flood,
    "strangers": pressure.measure_strangers,
    "file": pressure.measure_file,
    "broadcast": pressure.measure_broadcast,
    "refusal": pressure.measure_refusal,
    "drawing": pictures.measure_drawing,
    "cards": pictures.measure_cards,
    "planning": planning.measure,
    "planning-finished": planning.measure_finished,
    "claim": claim.measure,
    "claim-postgres": claim.measure_postgres,
    "lookup": lookup.measure,
    "tidy": tidy.measure,
    "erasing": erasing.measure,
    "sealing": sealing.measure,
    "upgrade": upgrading.measure,
    "migration": upgrading.measure_last,
    "year": year.measure,
    "learning": learning.measure,
    "day": day.measure,
    "failover": failover.measure,
    "start": start.measure,
    "matrix-replies": matrix.measure_replies,
    "matrix-outbound": matrix.measure_outbound,
    "matrix-start": matrix.measure_start,
    "matrix-invitations": matrix.measure_invitations,
}
