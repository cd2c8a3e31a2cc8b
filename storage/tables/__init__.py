# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The tables. Integer keys stay inside; every key that a person could see or send back is random or natural."""

from __future__ import annotations

from storage.tables.learning import attestation, delivered, enrolment, prompt, recall, tally
from storage.tables.parts import metadata
from storage.tables.people import access_code, address, learner, notice, wrong_code
from storage.tables.running import (
    audit,
    counter,
    device,
    erasure,
    pending,
    pin,
    sealing_key,
    seen,
    staff,
    to_forget,
)
from storage.tables.sending import broadcast, conversation, outbox, reconciliation
from storage.tables.teaching import course, lesson, lesson_version

__all__ = [
    "access_code",
    "address",
    "attestation",
    "audit",
    "broadcast",
    "conversation",
    "counter",
    "course",
    "delivered",
    "device",
    "enrolment",
    "erasure",
    "learner",
    "lesson",
    "lesson_version",
    "metadata",
    "notice",
    "outbox",
    "pending",
    "pin",
    "prompt",
    "recall",
    "reconciliation",
    "sealing_key",
    "seen",
    "staff",
    "tally",
    "to_forget",
    "wrong_code",
]
