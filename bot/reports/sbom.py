# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The dependencies and their licences: a page for people, and a bill of materials for programs, CycloneDX 1.6 as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from bot.reports.document import Block, Bullets, Document, Table
from bot.reports.packages import Package, packages
from bot.reports.situation import Situation
from bot.reports.values import compose

NAME = "dependances"
SPEC = "1.6"


def document(situation: Situation) -> Document:
    """Return the page."""
    found = packages()
    without = [one.name for one in found[1:] if not one.hashes]
    undeclared = [one.name for one in found[1:] if not one.licence]
    lesser = [
        f"{one.name} ({one.licence})" for one in found[1:] if "LGPL" in one.licence or "Lesser" in one.licence
    ]
    known = (
        f"Sans empreinte connue : {', '.join(without)}."
        if without
        else "Chacun est installé dans la version figée, dont les empreintes sont dans la nomenclature."
    )
    blocks: dict[str, list[Block]] = {
        "without": [known],
        "licences": [
            Bullets(
                [
                    f"Licence non déclarée dans le paquet : {', '.join(undeclared) or 'aucune'}.",
                    f"Famille LGPL : {', '.join(lesser) or 'aucune'}.",
                ]
            )
        ],
        "packages": [
            Table(
                ("Paquet", "Version", "Licence déclarée par le paquet"),
                [(one.name, one.version, one.licence or "non déclarée") for one in found],
                NAME,
            )
        ],
    }
    made = compose(NAME, "sbom", situation, blocks, number=str(len(found) - 1), spec=SPEC)
    # It is about packages, not about people.
    return replace(made, warnings=())


def bill(situation: Situation) -> str:
    """Return the bill of materials. The same packages at the same moment give the same text."""
    ours, *others = packages()
    components = [_component(one, "library") for one in others]
    named = json.dumps([components, situation.now.isoformat()], sort_keys=True)
    return json.dumps(
        {
            "$schema": f"http://cyclonedx.org/schema/bom-{SPEC}.schema.json",
            "bomFormat": "CycloneDX",
            "specVersion": SPEC,
            "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, named)}",
            "version": 1,
            "metadata": {
                "timestamp": situation.now.isoformat(timespec="seconds"),
                "tools": {
                    "components": [{"type": "application", "name": ours.name, "version": ours.version}]
                },
                "component": _component(ours, "application"),
                "properties": [
                    {"name": "iaventure:python", "value": ".".join(map(str, sys.version_info[:3]))},
                ],
            },
            "components": components,
            "dependencies": [{"ref": _ref(one), "dependsOn": _refs(one, others)} for one in (ours, *others)],
        },
        ensure_ascii=False,
        indent=2,
    )


def _ref(one: Package) -> str:
    return f"pkg:pypi/{one.name}@{one.version}"


def _refs(one: Package, others: Sequence[Package]) -> list[str]:
    return [_ref(other) for other in others if other.name in one.needs]


def _component(one: Package, kind: str) -> dict[str, Any]:
    component: dict[str, Any] = {
        "type": kind,
        "bom-ref": _ref(one),
        "name": one.name,
        "version": one.version,
        "purl": _ref(one),
    }
    if one.summary:
        component["description"] = one.summary
    if one.licence:
        licence = {"expression": one.licence} if one.is_spdx else {"license": {"name": one.licence}}
        component["licenses"] = [licence]
    if one.hashes:
        # The hashes are of the files that an index offers for this version: pip takes one of them.
        component["externalReferences"] = [
            {
                "type": "distribution",
                "url": f"https://pypi.org/project/{one.name}/{one.version}/",
                "hashes": [{"alg": "SHA-256", "content": found} for found in one.hashes],
            }
        ]
    return component
