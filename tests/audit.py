# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Looks every pinned package up among the known vulnerabilities. It is green only when it could look.

    python -m tests.audit [--index URL] [--lock FILE …] [--patience SECONDS]

Exit: 0, every package was looked up and none is known to be vulnerable; 1, some are; 3, some could not be looked up.
The source is the JSON API of PyPI, which holds the advisories of PyPA and OSV (docs/adr/0046).
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.lock", "requirements-build.lock", "requirements-dev.lock", "requirements-synapse.lock")
INDEX = "https://pypi.org"
CLEAN, VULNERABLE, NOT_DONE = 0, 1, 3

LARGEST = 32 << 20
"""Bytes of an answer: the one of a package with thousands of files has some 5 MB."""
AT_ONCE = 8
SHOWN = 10
"""Packages that could not be looked up, named in the last line."""

_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True, order=True)
class Pin:
    """A package in the one version that is installed."""

    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


PROBE = Pin("django", "3.0.2")
"""Vulnerable for ever: PyPI's own documentation shows its advisories. A source that knows none of it has no data."""


class Unseen(Exception):
    """A package could not be looked up; the text says why."""


def pins_of(locks: Sequence[Path]) -> list[Pin]:
    """Every package of some lock files, once."""
    found = (_PIN.findall(lock.read_text("utf-8")) for lock in locks)
    return sorted({Pin(_normal(name), version) for pins in found for name, version in pins})


def advisories(pin: Pin, index: str, patience: float) -> list[dict[str, Any]]:
    """What is known against a package, without what was withdrawn.

    Raises:
        Unseen: nothing can be concluded.
    """
    answer = _fetched(f"{index.rstrip('/')}/pypi/{pin.name}/{pin.version}/json", patience)
    about = answer.get("info") if isinstance(answer, dict) else None
    if not isinstance(about, dict) or (_normal(str(about.get("name"))), about.get("version")) != (
        pin.name,
        pin.version,
    ):
        raise Unseen("the answer is about something else")
    known = answer.get("vulnerabilities")
    if not isinstance(known, list) or not all(isinstance(one, dict) and one.get("id") for one in known):
        raise Unseen("the answer says nothing of vulnerabilities")
    return [one for one in known if not one.get("withdrawn")]


def _fetched(url: str, patience: float) -> Any:
    try:
        with urlopen(Request(url, headers={"Accept": "application/json"}), timeout=patience) as response:  # noqa: S310
            content = response.read(LARGEST + 1)
        return json.loads(content) if len(content) <= LARGEST else None
    except HTTPError as refused:
        raise Unseen(f"HTTP {refused.code}") from None
    except (OSError, HTTPException, ValueError) as error:
        raise Unseen(str(getattr(error, "reason", error)) or type(error).__name__) from None


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def report(pins: Sequence[Pin], index: str, patience: float) -> Iterator[str | int]:
    """The lines to print, and last the exit code."""
    if not pins:
        yield "audit: not done: no lock file pins anything"
        yield NOT_DONE
        return
    try:
        blind = not advisories(PROBE, index, patience)
    except Unseen as unseen:
        yield f"audit: not done: the known vulnerabilities cannot be looked up ({unseen}); {len(pins)} packages unseen"
        yield NOT_DONE
        return
    if blind:
        yield f"audit: not done: this source knows nothing against {PROBE}: it has no data; {len(pins)} packages unseen"
        yield NOT_DONE
        return
    with ThreadPoolExecutor(AT_ONCE) as threads:
        seen = list(threads.map(lambda pin: _looked_up(pin, index, patience), pins))
    vulnerable = [
        (pin, found) for pin, found in zip(pins, seen, strict=True) if isinstance(found, list) and found
    ]
    missed = [f"{pin} ({found})" for pin, found in zip(pins, seen, strict=True) if isinstance(found, Unseen)]
    for pin, found in vulnerable:
        for one in found:
            names = ", ".join(dict.fromkeys([str(one["id"]), *map(str, one.get("aliases") or ())]))
            mended = ", ".join(map(str, one.get("fixed_in") or ())) or "no version yet"
            yield f"{pin}: {names}; mended in {mended}"
    if missed:
        some = ", ".join(missed[:SHOWN]) + (", …" if len(missed) > SHOWN else "")
        yield f"audit: not done: {len(missed)} of {len(pins)} packages could not be looked up: {some}"
    if vulnerable:
        yield f"audit: {len(vulnerable)} of {len(pins)} packages are known to be vulnerable"
    if not missed and not vulnerable:
        yield f"audit: {len(pins)} packages looked up, none is known to be vulnerable"
    yield VULNERABLE if vulnerable else NOT_DONE if missed else CLEAN


def _looked_up(pin: Pin, index: str, patience: float) -> list[dict[str, Any]] | Unseen:
    try:
        return advisories(pin, index, patience)
    except Unseen as unseen:
        return unseen


def main() -> int:
    """Print the report; return the exit code."""
    parser = argparse.ArgumentParser(prog="tests.audit")
    parser.add_argument("--index", default=INDEX)
    parser.add_argument("--lock", type=Path, action="append")
    parser.add_argument("--patience", type=float, default=20.0)
    asked = parser.parse_args()
    *lines, code = report(pins_of(asked.lock or [ROOT / lock for lock in LOCKS]), asked.index, asked.patience)
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
