# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The dependencies and their licences: a page for people, and a bill of materials for programs, CycloneDX 1.6 as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from bot.reports.document import Claim, Claims, Document, Kind, Section, Table, Text, unsaid
from bot.reports.opening import opening
from bot.reports.packages import Package, packages
from bot.reports.situation import Situation

NAME = "dependances"
SPEC = "1.6"


def document(situation: Situation) -> Document:
    """Return the page."""
    found = packages()
    without = [one.name for one in found[1:] if not one.hashes]
    return Document(
        NAME,
        "Dépendances et licences",
        [
            opening(
                situation,
                Text(
                    f"{len(found) - 1} paquets sont installés pour le programme, qui est lui-même la "
                    f"première ligne du tableau. La nomenclature CycloneDX {SPEC} est à côté "
                    f"({NAME}.cdx.json).",
                    Kind.FOUND,
                ),
                Text(
                    f"Sans empreinte connue : {', '.join(without)}."
                    if without
                    else "Aucun n’est sans empreinte connue.",
                    Kind.FOUND,
                ),
                Claims(
                    [
                        Claim(
                            "l’installation documentée fige les paquets dans une version, vérifiée par son "
                            "empreinte",
                            (
                                "test_a_lock_names_no_host_and_hashes_every_requirement",
                                "test_the_image_installs_what_is_locked_by_hash_and_the_wheel_and_nothing_else",
                            ),
                        ),
                        Claim(
                            "la nomenclature contient les paquets dont le programme a besoin, avec leurs "
                            "empreintes",
                            ("test_the_bill_of_materials_is_what_the_lock_says",),
                        ),
                        Claim(
                            "aucun paquet n’est un modèle d’IA ni n’appelle un service d’IA",
                            ("test_no_package_of_a_model_or_of_an_ai_service_runs",),
                        ),
                    ]
                ),
            ),
            Section(
                "Paquets",
                [
                    Table(
                        ("Paquet", "Version", "Licence déclarée par le paquet"),
                        [(one.name, one.version, one.licence or "non déclarée") for one in found],
                        NAME,
                    )
                ],
            ),
            unsaid(
                "Python lui-même, les bibliothèques en C que des paquets embarquent (OpenSSL, libpq), le "
                "système : un paquet qui embarque une bibliothèque se met à jour par une nouvelle version "
                "de ce paquet.",
                "Les failles connues : « make audit » les cherche, là où leur source répond.",
                "Ce que vous devez faire d’une licence « non déclarée » : lisez celle du paquet. Faire "
                "tourner un paquet sous LGPL n’oblige à rien ; le redistribuer, oui.",
            ),
        ],
    )


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
