# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What is shipped, what it is built from, and whether the files at the root agree with each other."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from importlib import import_module
from importlib.metadata import distributions, packages_distributions
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "config", "lessons", "storage")
LOCKS = ("requirements.lock", "requirements-dev.lock")
BUILD_LOCK = "requirements-build.lock"
SYNAPSE_LOCK = "requirements-synapse.lock"
JS_LOCK = "tests/matrix/js/package-lock.json"

_PIN = re.compile(
    r"^([a-z0-9-]+)==(\S+)(?: ; .*)? \\\n((?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)
_NOT_OURS = {".git", ".venv", ".venv-synapse", "node_modules", "__pycache__", "build", "dist"}
_MACHINE_PATH = re.compile(r"(?<![\w.-])(?:/(?:root|home|Users|work|opt/pypi)/[\w.-]|[A-Z]:\\Users\\)")


def _pyproject() -> dict[str, dict[str, list[str]]]:
    pyproject: dict[str, dict[str, list[str]]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return pyproject


def _pins(lock: str) -> dict[str, str]:
    return {found[1]: found[2] for found in _PIN.finditer((ROOT / lock).read_text("utf-8"))}


def _texts() -> Iterator[tuple[Path, str]]:
    """Every text file of the project, without environments, caches and other hidden folders but `.ci`."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [
            name for name in folders if name not in _NOT_OURS and (not name.startswith(".") or name == ".ci")
        ]
        for name in names:
            if name in _NOT_OURS:  # as `.git` is where the tree is a worktree of another
                continue
            path = Path(folder, name)
            content = path.read_bytes()
            if b"\0" not in content[:1024]:
                yield path, content.decode("utf-8")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names of the files in a wheel built from this tree, without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = folder.glob("*.whl")
    with ZipFile(path) as archive:
        return archive.namelist()


def test_the_wheel_ships_the_four_folders_as_packages_and_nothing_else(wheel: list[str]) -> None:
    tops = {name.split("/")[0] for name in wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)
    assert {f"{package}/__init__.py" for package in PACKAGES} <= set(wheel)


@pytest.mark.parametrize(
    "pattern",
    [
        r"lessons/library/fr/course\.yaml",
        r"lessons/forms/example\.yaml",
        r"lessons/library/fr/[a-z-]+/\d\d-[a-z0-9-]+\.yaml",
        r"storage/migrations/env\.py",
        r"storage/migrations/versions/\w+\.py",
        r"bot/wording/.*\bfr\b.*\.po",
        r"bot/wording/.*\ben\b.*\.po",
        r"bot/wording/requests\.txt",
        r"bot/drawing/templates/card\.typ",
        r"bot/drawing/fonts/AtkinsonHyperlegibleNext_400Regular\.ttf",
        r"bot/drawing/fonts/AtkinsonHyperlegibleNext_700Bold\.ttf",
        r"config/default\.yaml",
        r"bot/reports/(?:commands|data|law|promises)\.yaml",
        r"bot/reports/words/[a-z]+\.yaml",
        r"bot/reports/requirements\.lock",
        r"bot/reports/menaces\.md",
        r"[^/]+\.dist-info/licenses/LICENSES/MIT\.txt",
        r"[^/]+\.dist-info/licenses/LICENSES/etalab-2\.0\.txt",
        r"[^/]+\.dist-info/licenses/LICENSES/OFL-1\.1\.txt",
    ],
)
def test_the_wheel_holds_what_the_bot_reads_when_it_runs(pattern: str, wheel: list[str]) -> None:
    assert any(re.fullmatch(pattern, name) for name in wheel)


def test_every_lesson_of_the_tree_is_in_the_wheel(wheel: list[str]) -> None:
    library = {path.relative_to(ROOT).as_posix() for path in (ROOT / "lessons/library").rglob("*.yaml")}
    assert library <= set(wheel)


def test_the_package_names_each_licence_that_it_ships() -> None:
    licence = str(_pyproject()["project"]["license"])
    assert set(licence.split(" AND ")) == {path.stem for path in (ROOT / "LICENSES").glob("*.txt")}


def test_no_dependency_ships_a_package_of_our_names() -> None:
    installed = {canonicalize_name(found.metadata["Name"]) for found in distributions()}
    assert "pydantic" in installed
    shipped = packages_distributions()
    for package in PACKAGES:
        assert {canonicalize_name(name) for name in shipped.get(package, [])} <= {"iaventure"}


@pytest.mark.parametrize("lock", [*LOCKS, BUILD_LOCK, SYNAPSE_LOCK])
def test_a_lock_names_no_host_and_hashes_every_requirement(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    rest = re.sub(r"^ *#.*\n", "", _PIN.sub("", text), flags=re.MULTILINE)
    assert rest.strip() == ""
    assert "://" not in text
    assert "--index-url" not in text
    assert "/" not in text


def test_the_lock_of_the_other_client_names_no_host_and_hashes_every_package() -> None:
    text = (ROOT / JS_LOCK).read_text("utf-8")
    asked = json.loads((ROOT / JS_LOCK).with_name("package.json").read_text("utf-8"))["dependencies"]
    own, *others = json.loads(text)["packages"].values()
    assert own["dependencies"] == asked, "run make lock"
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in asked.values())
    assert all(re.fullmatch(r"sha512-[\w+/=]{88}", package["integrity"]) for package in others)
    assert "://" not in text


def test_the_tests_run_with_the_versions_that_the_bot_runs_with() -> None:
    run, dev = (_pins(lock) for lock in LOCKS)
    assert run.items() <= dev.items()
    assert _pins(BUILD_LOCK).items() <= dev.items()


def test_what_builds_and_installs_is_no_part_of_what_runs() -> None:
    building = {"hatchling", "editables", "setuptools", "pip", "wheel", "build", "pip-tools", "hatch-vcs"}
    building |= {"flit-core", "poetry-core", "maturin", "trove-classifiers", "pluggy", "pathspec"}
    assert building & set(_pins(LOCKS[0])) == set()
    assert {"hatchling", "editables"} <= set(_pins(BUILD_LOCK))


@pytest.mark.parametrize(
    ("lock", "ours", "groups"),
    [
        (LOCKS[0], True, []),
        (LOCKS[1], True, ["install", "dev"]),
        (BUILD_LOCK, False, ["install"]),
        (SYNAPSE_LOCK, False, ["synapse"]),
    ],
)
def test_the_locks_are_in_step_with_pyproject(lock: str, ours: bool, groups: list[str]) -> None:
    pyproject = _pyproject()
    lines = [*pyproject["project"]["dependencies"]] if ours else []
    lines += [line for group in groups for line in pyproject["dependency-groups"][group]]
    asked = {canonicalize_name(found.name): found for found in map(Requirement, lines)}

    blocks = re.split(r"^(?=[a-z0-9-]+==)", (ROOT / lock).read_text("utf-8"), flags=re.MULTILINE)[1:]
    # pip-compile names who asked: the project, or its groups, which come to it on stdin ("-r -").
    direct = {block.split("==")[0] for block in blocks if re.search(r"iaventure \(pyproject|-r -", block)}
    assert direct == set(asked), "run make lock"

    pins = _pins(lock)
    wrong = [f"{found}: {pins[name]}" for name, found in asked.items() if pins[name] not in found.specifier]
    assert wrong == [], "run make lock"


def test_the_files_and_modules_that_the_makefile_names_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    files = set(re.findall(r"\b[\w-]+\.(?:lock|toml)\b", makefile)) | {"lessons/library"}
    modules = set(re.findall(r"-m ((?:bot|tests)[\w.]*)", makefile))
    assert files >= {*LOCKS, BUILD_LOCK, SYNAPSE_LOCK, "pyproject.toml"}
    assert modules == {
        "tests.audit",
        "tests.demo",
        "tests.bench",
        "tests.bench.day",
        "tests.faults",
        "tests.lessons.syllabus",
    }
    missing = [name for name in files if not (ROOT / name).exists()]
    for module in modules:
        path = ROOT / module.replace(".", "/")
        if not path.with_suffix(".py").exists() and not (path / "__main__.py").exists():
            missing.append(module)
    assert missing == []


def test_the_command_line_has_its_entry_point() -> None:
    module, _, name = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"][
        "iaventure"
    ].partition(":")
    assert callable(getattr(import_module(module), name))


def test_continuous_integration_runs_the_commands_that_the_readme_gives() -> None:
    script = ROOT / ".ci/run"
    commands = re.findall(r"^make \w+$", script.read_text("utf-8"), flags=re.MULTILINE)
    assert commands == ["make check", "make test"]
    assert os.access(script, os.X_OK)
    readme = (ROOT / "README.md").read_text("utf-8")
    for command in ["make run", "make test"]:
        assert re.search(rf"\b{command}\b", readme)


def test_the_make_targets_explain_themselves() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, flags=re.MULTILINE)
    assert phony
    explained = re.findall(r"^([a-z-]+):.*## \S", makefile, flags=re.MULTILINE)
    assert explained == phony[1].split()


def test_no_file_holds_a_path_of_the_machine_it_was_written_on() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {hit[0]}"
        for path, text in _texts()
        for hit in _MACHINE_PATH.finditer(text)
    ]
    assert found == []
