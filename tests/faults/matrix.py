# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Which faults are there?"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from tests.faults import clocks, files, homeservers, messengers, processes
from tests.faults.ledger import Line
from tests.faults.sizes import Size

FAULTS: dict[str, Callable[[Size], Coroutine[Any, Any, Line]]] = {
    "nothing": processes.nothing,
    "killed": processes.killed,
    "stopped": processes.stopped,
    "frozen": processes.frozen,
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
