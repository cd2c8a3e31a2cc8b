# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What is to leave, in which order, and what became of it. The only way out.

A row is one call to a channel. `conversation` has one row for each address with unsent rows: it is what a claim scans,
so that 100,000 waiting lessons cost a reply nothing.
"""

from storage.outbox.ledger import PRUNED, add, counters, depths, outcomes, prune
from storage.outbox.passage import (
    claim,
    first_ready,
    free,
    free_all,
    last_queued,
    mark,
    next_ready,
    release,
    token_of,
    under_way,
    unshow,
)
from storage.outbox.queue import cancel, drop_rest, enqueue, keep_together, missing, replace_edit
from storage.outbox.rows import REPLY, SCHEDULED, Claimed, Draft, Mark, UnderWay

__all__ = [
    "PRUNED",
    "REPLY",
    "SCHEDULED",
    "Claimed",
    "Draft",
    "Mark",
    "UnderWay",
    "add",
    "cancel",
    "claim",
    "counters",
    "depths",
    "drop_rest",
    "enqueue",
    "first_ready",
    "free",
    "free_all",
    "keep_together",
    "last_queued",
    "mark",
    "missing",
    "next_ready",
    "outcomes",
    "prune",
    "release",
    "replace_edit",
    "token_of",
    "under_way",
    "unshow",
]
