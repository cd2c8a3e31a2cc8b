# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""`python -m tests.bench [--only NAME…] [--quick] [--json FILE]`: run benches, print their figures, write one file.

A missed target is printed, and is no error. The exit code is 1 when a bench broke.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.benches import BENCHES
from tests.bench.scale import FULL, QUICK
from tests.bench.session import measure


def main() -> int:
    """Run the chosen benches, all of them by default."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--only", choices=BENCHES, nargs="+", metavar="NAME", help=", ".join(BENCHES))
    parser.add_argument("--quick", action="store_true", help="small sizes")
    parser.add_argument("--json", type=Path, help="where to write the figures; bench-<date>.json by default")
    arguments = parser.parse_args()
    file = arguments.json or Path(f"bench-{datetime.now(UTC):%Y-%m-%d}.json")
    chosen = {name: BENCHES[name] for name in arguments.only or BENCHES}
    return 1 if measure(chosen, QUICK if arguments.quick else FULL, file) else 0


if __name__ == "__main__":
    sys.exit(main())
