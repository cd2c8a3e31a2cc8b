# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The documentation is complete: every setting, command and chat word is in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from bot import cli
from bot.talk.reception import ADMIN_COMMANDS, COMMANDS
from config.settings import Settings

ROOT = Path(__file__).parent.parent
OPERATING = (ROOT / "docs" / "exploiter.md").read_text()
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


@pytest.mark.parametrize("word", sorted(COMMANDS))
def test_every_chat_command_is_documented_for_learners(word: str) -> None:
    assert f"`{word}`" in LEARNING


@pytest.mark.parametrize("word", ["publier", "stats", "annonce"])
def test_every_admin_command_is_documented(word: str) -> None:
    assert word in ADMIN_COMMANDS
    assert f"`{word}`" in PUBLISHING


@pytest.mark.parametrize(
    "page", [*sorted(ROOT.glob("docs/**/*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
        if not target.startswith("https://"):
            assert (page.parent / target).exists(), target
