# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Which faults are there? The first are lived through on a file, the others on a PostgreSQL server."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from tests.faults import clocks, files, homeservers, messengers, processes, servers
from tests.faults.ledger import Line
from tests.faults.sizes import Size

FAULTS: dict[str, Callable[[Size], Coroutine[Any, Any, Line]]] = {
    "nothing": processes.nothing,
    "killed": processes.killed,
    "stopped": processes.stopped,
    "frozen": processes.frozen,
    "children-killed": processes.children_killed,
    "locked": files.locked,
    "full-disk": files.full_disk,
    "read-only": files.read_only,
    "second-service": files.second_service,
    "some-throttled": messengers.some_throttled,
    "all-throttled": messengers.all_throttled,
    "bad-gateway": messengers.bad_gateway,
    "hanging": messengers.hanging,
    "cut-before": messengers.cut_before,
    "cut-after": messengers.cut_after,
    "unreachable": messengers.unreachable,
    "nameless": messengers.nameless,
    "homeserver": homeservers.restarted,
    "clock-jumps": clocks.jumping,
    "spring": clocks.spring,
    "autumn": clocks.autumn,
    "weekend": clocks.weekend,
}

SERVER_FAULTS: dict[str, Callable[[Size], Coroutine[Any, Any, Line]]] = {
    "server-nothing": processes.nothing,
    "server-killed": processes.killed,
    "server-frozen": processes.frozen,
    "server-restarted": servers.restarted,
    "server-fails-over": servers.failed_over,
    "owner-killed": servers.owner_killed,
    "owner-stopped": servers.owner_stopped,
    "owner-cut-off": servers.owner_cut_off,
}
"""On PostgreSQL."""
