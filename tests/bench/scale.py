# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How much is measured: all of it, a quick look, or just enough to see that the benches work."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_SHARED = Path("/dev/shm")  # noqa: S108 - of this machine's own
IN_MEMORY = str(_SHARED) if _SHARED.is_dir() else None
"""A folder in memory, where there is one, for databases of which no time counts: a commit on a disk takes ten times
as long."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Sizes of one run."""

    repeats: int
    """How often peers take turns; the median counts."""
    messages: int
    """Sent by us in one turn."""
    bare: int
    """Sent in one turn by those who only send."""
    presses: int
    """Answered in one turn."""
    broadcast: int
    """Lessons that leave while people talk."""
    talk: float
    """Seconds that people talk."""
    enrolments: int
    due: int
    """Enrolments due at once: a tenth of them all."""
    words: int
    """Said one after the other in an encrypted room."""
    rooms: int
    """Encrypted rooms that are sent to."""
    to_each: int
    """Messages to each of them in one turn; at most the three that may leave for a room at once."""
    joined: int
    """Encrypted rooms of a bot that starts again."""
    inviting: int
    """People who invite the bot at once."""
    waiting: int
    """Messages that wait while some are claimed."""
    old: int
    """Rows that go in one night."""
    upgraded: int
    """Learners of a released database that is upgraded."""
    migrated: int
    """Learners of a database as the last released version left it, which is upgraded."""
    residents: int
    """Learners of a simulated year."""
    months: int
    """Of a simulated year: more than three."""
    simulated: int
    """Learners of each habit under each rule and model of memory."""
    lives: int
    """Learners of each habit who live on the program's own code."""
    working: int
    """Working days of their lives."""
    strangers: int
    """People unknown to the bot who write at once."""
    crowd: int
    """Who an announcement is for."""
    failovers: int
    """How often an owner is killed."""
    handed: int
    """Lessons of which the owner has sent a tenth when it is killed."""
    small_day: int
    day: int
    """Learners of a simulated day, few and many."""
    rush: int
    """People who answer at once."""
    rush_within: float
    """Seconds in which they do."""
    cards: int
    """Cards drawn one after the other; and people who ask for theirs at once, twice as many."""


FULL = Scale(
    repeats=3,
    messages=3_000,
    bare=600,
    presses=1_000,
    broadcast=10_000,
    talk=40,
    enrolments=1_000_000,
    due=100_000,
    words=30,
    rooms=50,
    to_each=3,
    joined=200,
    inviting=1_000,
    waiting=100_000,
    old=500_000,
    upgraded=10_000,
    migrated=100_000,
    residents=20,
    months=12,
    simulated=24,
    lives=5,
    working=260,
    strangers=2_500,
    crowd=100_000,
    failovers=3,
    handed=1_000,
    small_day=1_000,
    day=20_000,
    rush=5_000,
    rush_within=10,
    cards=100,
)
QUICK = Scale(
    repeats=1,
    messages=1_000,
    bare=200,
    presses=400,
    broadcast=2_000,
    talk=10,
    enrolments=50_000,
    due=5_000,
    words=8,
    rooms=20,
    to_each=3,
    joined=40,
    inviting=50,
    waiting=20_000,
    old=50_000,
    upgraded=2_000,
    migrated=2_000,
    residents=5,
    months=12,
    simulated=6,
    lives=1,
    working=260,
    strangers=2_500,
    crowd=20_000,
    failovers=1,
    handed=600,
    small_day=500,
    day=5_000,
    rush=1_000,
    rush_within=2,
    cards=100,
)
TINY = Scale(
    repeats=1,
    messages=20,
    bare=10,
    presses=10,
    broadcast=30,
    talk=1,
    enrolments=300,
    due=30,
    words=1,
    rooms=2,
    to_each=2,
    joined=2,
    inviting=3,
    waiting=120,
    old=300,
    upgraded=200,
    migrated=200,
    residents=1,
    months=4,
    simulated=2,
    lives=1,
    working=8,
    strangers=40,
    crowd=100,
    failovers=1,
    handed=200,
    small_day=10,
    day=20,
    rush=20,
    rush_within=0.2,
    cards=3,
)
