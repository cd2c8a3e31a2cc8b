# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The packages that the program runs with: what is installed, joined with the hashes of requirements.lock."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from bot.reports import shipped

OURS = "iaventure"
_PIN = re.compile(
    r"^([a-z0-9][a-z0-9-]*)==(\S+)((?: ; [^\\\n]*)?(?: \\\n +--hash=sha256:[0-9a-f]{64})*)", re.MULTILINE
)
_HASH = re.compile(r"sha256:([0-9a-f]{64})")
_ASKED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\])?")
_EXTRA = re.compile(r"""extra\s*==\s*['"]([^'"]+)['"]""")


@dataclass(frozen=True, slots=True)
class Package:
    """One installed package."""

    name: str
    version: str
    licence: str
    """An SPDX expression where the package gives one (`is_spdx`), else its own words; empty where it says "
    "nothing."""
    is_spdx: bool
    needs: Sequence[str]
    """Names of the installed packages that it asks for."""
    hashes: Sequence[str]
    """SHA-256 of the files that may be installed for this version; none where the lock does not name it."""
    summary: str = ""


def packages() -> tuple[Package, ...]:
    """Return our own package first, then all installed ones that it needs, in the order of their names."""
    locked, found = _locked(), dict[str, Package]()
    # The lock names all that runs, also what an older installation of ours does not ask for yet.
    wanted = [(name, frozenset[str]()) for name in (OURS, *locked)]
    extras: dict[str, frozenset[str]] = {}
    while wanted:
        name, asked = wanted.pop()
        if name in found and asked <= extras[name]:
            continue
        try:
            here = distribution(name)
        except PackageNotFoundError:
            continue  # for another system or another version of Python
        extras[name] = extras.get(name, frozenset()) | asked
        needs = list(_needs(here, extras[name]))
        found[name] = _package(name, here, sorted({one for one, _ in needs}), locked)
        wanted += needs
    ours = found.pop(OURS, None)
    others = tuple(_within(one, found) for _, one in sorted(found.items()))
    return (_within(ours, found), *others) if ours is not None else others


def _within(one: Package, found: Mapping[str, Package]) -> Package:
    needs = [name for name in one.needs if name in found]
    return Package(one.name, one.version, one.licence, one.is_spdx, needs, one.hashes, one.summary)


def _needs(here: Distribution, extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield what a package asks for. Its other conditions are not looked at: what they leave out is not installed."""
    for line in here.requires or ():
        asked = _ASKED.match(line)
        of_extra = _EXTRA.search(line)
        if asked is not None and (of_extra is None or of_extra[1] in extras):
            chosen = frozenset(one.strip() for one in (asked[2] or "").split(",") if one.strip())
            yield canonical(asked[1]), chosen


def _package(
    name: str, here: Distribution, needs: Sequence[str], locked: Mapping[str, tuple[str, tuple[str, ...]]]
) -> Package:
    version, hashes = locked.get(name, ("", ()))
    expression = _said(here, "License-Expression")
    words = _said(here, "License").strip().splitlines()
    classified = [
        one.rpartition(" :: ")[2]
        for one in here.metadata.get_all("Classifier") or ()
        if one.startswith("License ::")
    ]
    # Whole texts of licences stand in that field, too: their first line names them.
    licence = expression or ", ".join(classified) or (words[0].strip() if words else "")
    return Package(
        name,
        here.version,
        licence[:120],
        bool(expression),
        needs,
        hashes if version == here.version else (),
        _said(here, "Summary"),
    )


def _said(here: Distribution, field: str) -> str:
    """Return what a package says in a field that it may leave out."""
    return next(iter(here.metadata.get_all(field) or ()), "")


def _locked() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return the version and the hashes of each package in the lock."""
    return {
        found[1]: (found[2], tuple(_HASH.findall(found[3])))
        for found in _PIN.finditer(shipped.text_of(shipped.LOCK))
    }


def canonical(name: str) -> str:
    """Return a package's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()
