# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The documentation is complete: every setting, command and chat word is in it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from typer.main import get_command

from bot import cli
from bot.channels.console import ConsoleChannel
from bot.service import Service
from bot.talk.topics import ADMIN_COMMANDS, COMMANDS
from bot.talk.turn import Rules
from bot.watch.scrape import Scrape
from config.schedule import Schedule
from config.settings import Settings
from lessons.advice import on_lesson
from lessons.forms.keys import KEYS
from lessons.forms.schema import is_required, limit
from lessons.source import read_lesson
from storage.store import Store
from tests.lessons.workbooks import LESSON, WORKBOOK

ROOT = Path(__file__).parent.parent
OPERATING = (ROOT / "docs" / "exploiter.md").read_text()
RUNBOOK = (ROOT / "docs" / "exploitation.md").read_text()
PUBLISHING = (ROOT / "docs" / "publier.md").read_text()
WRITING = (ROOT / "docs" / "auteurs.md").read_text()
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


def test_every_setting_is_documented() -> None:
    names = list(settings(Settings.schema()))
    assert "channels.telegram.token" in names
    assert [name for name in names if f"`{name}`" not in OPERATING] == []


def test_every_command_is_documented() -> None:
    text = OPERATING + PUBLISHING
    missing = []
    assert "db restored" in set(commands())
    for command in commands():
        group, _, name = command.rpartition(" ")
        if f"iaventure {command}" not in text and not (f"iaventure {group} " in text and f"`{name}`" in text):
            missing.append(command)
    assert missing == []


def test_every_command_of_the_runbook_takes_the_option_config() -> None:
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


def test_every_key_of_a_lesson_is_explained_for_authors_with_its_heading() -> None:
    rows = [
        [cell.strip() for cell in line.split("|")] for line in WRITING.splitlines() if line.startswith("| ")
    ]
    explained = {row[3]: row for row in rows if len(row) == 7}
    assert [path for path in KEYS if f"`{path}`" not in explained] == []
    for path, key in KEYS.items():
        _, _, heading, _, needed, meaning, _ = explained[f"`{path}`"]
        assert heading.startswith(key.heading or "–"), path
        assert needed == ("oui" if is_required(path) else "non"), path
        assert limit(path) in meaning.replace("\u00a0", " "), path
        assert key.meaning in meaning.replace("\u00a0", " "), path


def test_the_example_for_authors_is_a_lesson_and_the_one_of_the_workbook() -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", WRITING, re.DOTALL)
    lesson = read_lesson(block.encode(), "exemple.yaml").lesson
    assert lesson == LESSON
    assert on_lesson(lesson) == ()
    book = openpyxl.load_workbook(io.BytesIO(WORKBOOK))
    for name, wide in (("Leçon", 2), ("Sources", 7), ("Questions", 20)):
        rows = [[cell.value or "" for cell in row] for row in book[name].iter_rows()]
        told = [row[:2] for row in rows[1:]] if name == "Leçon" else list(zip(*rows, strict=True))
        for heading, *values in told:
            shown = [value.replace("\n", "<br>") for value in values]
            while wide > 2 and shown and not shown[-1] and len(shown) > len(getattr(lesson, name.lower())):
                shown.pop()
            if any(shown):
                assert f"| {' | '.join([heading, *shown])} |" in WRITING, heading


def test_every_chat_command_is_documented_for_learners() -> None:
    assert [word for word in COMMANDS if f"`{word}`" not in LEARNING] == []


def test_every_admin_command_is_documented() -> None:
    words = ("publier", "stats", "annonce")
    assert [word for word in words if word not in ADMIN_COMMANDS or f"`{word}`" not in PUBLISHING] == []


@pytest.fixture
def measures(store: Store) -> set[str]:
    """The names of all that is measured, as Prometheus has them."""
    service = Service(store, [ConsoleChannel()], Rules(Schedule(), "fr", frozenset()))
    Scrape(service)
    return {
        f"{family.name}_total" if family.type == "counter" else family.name
        for family in service.measures.registry.collect()
        if family.name.startswith("iaventure_")
    }


def alerts() -> list[tuple[str, str]]:
    """Each alert and its condition."""
    (group,) = yaml.safe_load((ROOT / "deploy" / "alerts.yaml").read_text(encoding="utf-8"))["groups"]
    return [(rule["alert"], rule["expr"]) for rule in group["rules"]]


def test_every_measure_is_in_the_runbook(measures: set[str]) -> None:
    assert [measure for measure in sorted(measures) if f"`{measure}`" not in RUNBOOK] == []


def test_every_alert_is_in_the_runbook_and_reads_what_is_measured(measures: set[str]) -> None:
    assert alerts()
    assert [alert for alert, _ in alerts() if f"| `{alert}` |" not in RUNBOOK] == []
    unknown = [
        (alert, name)
        for alert, condition in alerts()
        for name in re.findall(r"\biaventure_\w+", condition)
        if name.removesuffix("_bucket") not in measures
    ]
    assert unknown == []


def actions() -> set[str]:
    """What the lines of the log are about."""
    code = [path.read_text() for folder in ("bot", "storage") for path in (ROOT / folder).rglob("*.py")]
    text = "\n".join(one for one in code if "How the bot tells an operator" not in one)
    return {*re.findall(r'"action": "([^"]+)"', text), *re.findall(r'_logged\("([^"]+)"', text)}


def test_every_kind_of_log_line_is_in_the_runbook() -> None:
    journal = RUNBOOK.partition("\n## Le journal\n")[2]
    assert {"plan-lessons", "poll-updates", "upgrade-schema"} <= actions()
    assert [action for action in sorted(actions()) if f"`{action}`" not in journal] == []


def test_every_log_line_that_the_runbook_names_exists() -> None:
    named = re.findall(r"lignes? ((?:`[a-z-]+`(?:, | et )?)+)", RUNBOOK)
    actions_named = {action for names in named for action in re.findall(r"`([a-z]+-[a-z-]+)`", names)}
    assert "slow-transaction" in actions_named
    assert sorted(actions_named - actions()) == []


def test_links_between_pages_lead_somewhere() -> None:
    pages = [*sorted(ROOT.glob("docs/**/*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
    broken = [
        (str(page.relative_to(ROOT)), target)
        for page in pages
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text())
        if not target.startswith("https://") and not (page.parent / target).exists()
    ]
    assert broken == []
