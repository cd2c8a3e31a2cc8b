# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What is to leave, in which order, and what became of it. The only way out.

A row is one call to a channel. `conversation` has one row for each address with unsent rows: it is what a claim scans,
so that 100,000 waiting lessons cost a reply nothing.
"""

from storage.outbox.ledger import PRUNED, add, counters, outcomes, prune
from storage.outbox.passage import claim, mark, next_ready, release, take_over
from storage.outbox.queue import cancel, drop_rest, enqueue, missing, replace_edit
from storage.outbox.rows import REPLY, SCHEDULED, Claimed, Draft, Mark

__all__ = [
    "PRUNED",
    "REPLY",
    "SCHEDULED",
    "Claimed",
    "Draft",
    "Mark",
    "add",
    "cancel",
    "claim",
    "counters",
    "drop_rest",
    "enqueue",
    "mark",
    "missing",
    "next_ready",
    "outcomes",
    "prune",
    "release",
    "replace_edit",
    "take_over",
]
