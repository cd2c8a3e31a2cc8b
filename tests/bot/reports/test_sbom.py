# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The bill of materials: complete by the lock, and in the form that CycloneDX 1.6 demands."""

from __future__ import annotations

import json
import re
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from bot.reports import sbom
from tests.bot.reports.situations import of
from tests.test_packaging import LOCKS, ROOT, _pins

MADE: dict[str, Any] = json.loads(sbom.bill(of()))


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:  # the lock is also for other systems
        return None


def test_the_bill_of_materials_is_what_the_lock_says() -> None:
    pins = _pins(LOCKS[0])
    here = {name: pin for name, pin in pins.items() if _installed(name) is not None}
    found = {one["name"]: one["version"] for one in MADE["components"]}
    assert len(here) > 40
    assert found == here
    lock = (ROOT / LOCKS[0]).read_text("utf-8")
    for one in MADE["components"]:
        (reference,) = one["externalReferences"]
        block = lock.partition(f"\n{one['name']}==")[2].partition("\n    # via")[0]
        assert [found["content"] for found in reference["hashes"]] == re.findall(
            r"sha256:([0-9a-f]{64})", block
        )


MODELS = {
    *(
        "openai",
        "anthropic",
        "mistralai",
        "cohere",
        "litellm",
        "langchain",
        "langchain-core",
        "huggingface-hub",
    ),
    *(
        "torch",
        "tensorflow",
        "keras",
        "jax",
        "transformers",
        "onnxruntime",
        "llama-cpp-python",
        "scikit-learn",
    ),
}


def test_no_package_that_runs_holds_or_calls_a_model_of_language() -> None:
    assert not MODELS & (set(_pins(LOCKS[0])) | {one["name"] for one in MADE["components"]})


def test_it_has_the_fields_that_the_specification_demands() -> None:
    assert (MADE["bomFormat"], MADE["specVersion"], MADE["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", MADE["serialNumber"])
    assert datetime.fromisoformat(MADE["metadata"]["timestamp"]).tzinfo is not None
    components = [MADE["metadata"]["component"], *MADE["components"]]
    for one in components:
        assert one["type"] in ("application", "library")
        assert one["name"]
        assert one["purl"] == one["bom-ref"] == f"pkg:pypi/{one['name']}@{one['version']}"
        for reference in one.get("externalReferences", ()):
            assert reference["type"] == "distribution"
            assert reference["url"].startswith("https://")
            assert all(found["alg"] == "SHA-256" for found in reference["hashes"])
        for licence in one.get("licenses", ()):
            assert ("expression" in licence) != ("license" in licence)
    refs = [one["bom-ref"] for one in components]
    assert len(set(refs)) == len(refs)
    assert [one["ref"] for one in MADE["dependencies"]] == refs
    assert all(set(one["dependsOn"]) <= set(refs) for one in MADE["dependencies"])
    assert len(MADE["dependencies"][0]["dependsOn"]) > 10


def test_the_same_packages_at_the_same_moment_give_the_same_bill() -> None:
    assert json.loads(sbom.bill(of())) == MADE
