# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The audit log: what admins did."""

from __future__ import annotations

from datetime import datetime

from storage.tables import audit
from storage.types import Tx


def record(tx: Tx, *, by: str, action: str, subject: str, detail: str, now: datetime) -> None:
    """Write what an admin did. `by` is `channel:address`, or `cli:` and a name."""
    tx.execute(audit.insert().values(at=now, by=by, action=action, subject=subject, detail=detail))
