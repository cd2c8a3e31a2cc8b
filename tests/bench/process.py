# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How large is a process?"""

from __future__ import annotations

from pathlib import Path


def resident(pid: int | None = None) -> float:
    """Megabytes of memory that a process holds now, this one if none is named. Linux only."""
    status = Path(f"/proc/{'self' if pid is None else pid}/status").read_text()
    kibibytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(kibibytes) / 1024
