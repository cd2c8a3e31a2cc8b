# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The documentation is complete: every setting, command and chat word is in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from bot import cli
from bot.metrics import Metrics
from bot.talk.reception import ADMIN_COMMANDS, COMMANDS
from config.settings import Settings

ROOT = Path(__file__).parent.parent
OPERATING = (ROOT / "docs" / "exploiter.md").read_text()
RUNBOOK = (ROOT / "docs" / "exploitation.md").read_text()
PUBLISHING = (ROOT / "docs" / "publier.md").read_text()
LEARNING = (ROOT / "docs" / "apprendre.md").read_text()


def settings(schema: dict[str, Any], path: str = "") -> Iterator[str]:
    """Every setting's path in the JSON Schema."""
    definitions = Settings.schema().get("$defs", {})
    for name, field in schema.get("properties", {}).items():
        options = [field, *field.get("anyOf", [])]
        groups = [definitions[option["$ref"].rpartition("/")[2]] for option in options if "$ref" in option]
        inner = [group for group in groups if group.get("properties")]
        if not inner:
            yield f"{path}{name}"
        for group in inner:
            yield from settings(group, f"{path}{name}.")


def commands() -> Iterator[str]:
    """Every command of the command line."""
    for name, command in get_command(cli.app).commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        yield from ([name] if inner is None else (f"{name} {one}" for one in inner))


@pytest.mark.parametrize("setting", list(settings(Settings.schema())))
def test_every_setting_is_documented(setting: str) -> None:
    assert f"`{setting}`" in OPERATING


@pytest.mark.parametrize("command", list(commands()))
def test_every_command_is_documented(command: str) -> None:
    group, _, name = command.rpartition(" ")
    text = OPERATING + PUBLISHING
    assert f"iaventure {command}" in text or (f"iaventure {group} " in text and f"`{name}`" in text)


def test_whatever_the_runbook_runs_by_its_function_takes_the_settings_that_the_function_adds() -> None:
    assert 'iaventure "$@" --config ' in RUNBOOK
    called = set(
        re.findall(r"(?<![\w/.-])iaventure ((?:db|lessons|config|matrix) [a-z]+|check|stats)", RUNBOOK)
    )
    assert {"check", "db backup", "db restored", "matrix login"} <= called
    for words in called:
        command: Any = get_command(cli.app)
        for word in words.split():
            command = command.commands[word]
        assert "config" in {parameter.name for parameter in command.params}, words


@pytest.mark.parametrize("word", sorted(COMMANDS))
def test_every_chat_command_is_documented_for_learners(word: str) -> None:
    assert f"`{word}`" in LEARNING


@pytest.mark.parametrize("word", ["publier", "stats", "annonce"])
def test_every_admin_command_is_documented(word: str) -> None:
    assert word in ADMIN_COMMANDS
    assert f"`{word}`" in PUBLISHING


def measures() -> set[str]:
    """The names of all that is measured, as Prometheus has them."""
    found = set()
    for family in Metrics().registry.collect():
        if family.name.startswith("iaventure_"):
            found.add(f"{family.name}_total" if family.type == "counter" else family.name)
    return found


def alerts() -> list[tuple[str, str]]:
    """Each alert and its condition."""
    (group,) = yaml.safe_load((ROOT / "deploy" / "alerts.yaml").read_text(encoding="utf-8"))["groups"]
    return [(rule["alert"], rule["expr"]) for rule in group["rules"]]


@pytest.mark.parametrize("measure", sorted(measures()))
def test_every_measure_is_in_the_runbook(measure: str) -> None:
    assert f"`{measure}`" in RUNBOOK


@pytest.mark.parametrize(("alert", "condition"), alerts())
def test_every_alert_is_in_the_runbook_and_reads_what_is_measured(alert: str, condition: str) -> None:
    assert f"| `{alert}` |" in RUNBOOK
    read = {name.removesuffix("_bucket") for name in re.findall(r"\biaventure_\w+", condition)}
    assert read <= measures()


def actions() -> set[str]:
    """What the lines of the log are about."""
    code = [path.read_text() for folder in ("bot", "storage") for path in (ROOT / folder).rglob("*.py")]
    text = "\n".join(one for one in code if "How the bot tells an operator" not in one)
    return {*re.findall(r'"action": "([^"]+)"', text), *re.findall(r'_logged\("([^"]+)"', text)}


@pytest.mark.parametrize("action", sorted(actions()))
def test_every_kind_of_log_line_is_in_the_runbook(action: str) -> None:
    journal = RUNBOOK.partition("\n## Le journal\n")[2]
    assert f"`{action}`" in journal


@pytest.mark.parametrize(
    "page", [*sorted(ROOT.glob("docs/**/*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
        if not target.startswith("https://"):
            assert (page.parent / target).exists(), target
