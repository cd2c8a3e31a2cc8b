# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What reaches an operator's log, and what never does."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from bot import logs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Lines = Callable[[], list[str]]

TOKEN = '4711:AAH-"quoted"\\back/slash-é'


@pytest.fixture(autouse=True)
def _as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Handlers, levels and hidden secrets belong to the process: they are put back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logs._QUIET}
    monkeypatch.setattr(logs, "_secrets", set())
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Lines:
    """What reached stderr since it was last asked; stdout belongs to the conversation and must stay empty."""

    def read() -> list[str]:
        out, err = capsys.readouterr()
        assert out == ""
        return err.splitlines()

    return read


def _object(lines: list[str]) -> dict[str, Any]:
    (line,) = lines
    found = json.loads(line)
    assert isinstance(found, dict)
    return found


def test_a_console_line_has_time_level_action_sentence_and_values(written: Lines) -> None:
    logs.set_up("info", "console")
    logging.getLogger("bot.app").info(
        "A page was received.", extra={"action": "receive-page", "events": 12, "channel": "the terminal"}
    )
    (line,) = written()
    time, rest = line[:19], line[19:]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", time)
    assert rest == ' INFO    receive-page  A page was received.  events=12 channel="the terminal"'


def test_a_library_without_actions_is_named_instead(written: Lines) -> None:
    logs.set_up("info", "console")
    logging.getLogger("some.library").warning("Something %s.", "happened")
    (line,) = written()
    assert line.endswith("WARNING some.library  Something happened.")


def test_a_json_line_holds_the_fields_that_a_collector_reads(written: Lines) -> None:
    logs.set_up("info", "json")
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    logging.getLogger("bot.app").info("Prêt : %d.", 3, extra={"action": "start", "since": before})
    line = _object(written())
    assert before <= datetime.fromisoformat(line.pop("timestamp")) <= datetime.now(UTC)
    assert line == {
        "level": "INFO",
        "logger": "bot.app",
        "message": "Prêt : 3.",
        "action": "start",
        "since": before.isoformat(),
    }


def test_json_times_are_utc_and_the_action_is_null_when_a_library_speaks(written: Lines) -> None:
    logs.set_up("info", "json")
    logging.getLogger("some.library").warning("Something happened.")
    line = _object(written())
    assert line["timestamp"].endswith("+00:00")
    assert line["action"] is None


@pytest.mark.parametrize("form", ["console", "json"])
@pytest.mark.parametrize("shown", [TOKEN, repr(TOKEN), quote(TOKEN), quote(TOKEN, safe="")])
def test_a_hidden_secret_reaches_no_part_of_a_line(form: Any, shown: str, written: Lines) -> None:
    logs.set_up("info", form)
    logs.hide(TOKEN)
    failure = ValueError(shown)
    logging.getLogger("bot").error(
        "Failed at %s.",
        shown,
        exc_info=failure,
        extra={"action": "fail", "url": f"https://example.org/{shown}"},
    )
    text = "\n".join(written())
    assert text.count(logs.MASK) == 3
    assert "AAH-" not in text
    assert "ValueError" in text


def test_a_secret_inside_a_longer_one_leaves_no_rest() -> None:
    logs.hide("abcd")
    logs.hide("abcd-efgh")
    assert logs.mask("abcd-efgh abcd") == f"{logs.MASK} {logs.MASK}"


def test_an_empty_secret_masks_nothing() -> None:
    logs.hide("")
    logs.hide("a")
    assert logs.mask("a sentence") == "a sentence"


@pytest.mark.parametrize("level", ["debug", "info"])
@pytest.mark.parametrize(
    "name",
    [
        "httpx",
        "httpcore.connection",
        "apscheduler.scheduler",
        "aiohttp.access",
        "telegram.Bot",
        "nio.crypto.olm",
        "peewee",
    ],
)
def test_talkative_libraries_are_heard_from_warning_on(level: str, name: str, written: Lines) -> None:
    logs.set_up(level, "console")
    logging.getLogger(name).info("GET /bot4711:AAH/getUpdates")
    assert written() == []
    logging.getLogger(name).warning("The connection was lost.")
    assert len(written()) == 1


def test_a_level_above_warning_holds_for_talkative_libraries_too(written: Lines) -> None:
    logs.set_up("error", "console")
    logging.getLogger("httpx").warning("The connection was lost.")
    logging.getLogger("bot").warning("Slow.")
    assert written() == []


def test_a_value_from_outside_can_neither_forge_a_line_nor_drive_the_terminal(written: Lines) -> None:
    logs.set_up("info", "console")
    forged = "x\n2026-01-01 00:00:00 INFO    grant-admin\x1b[2J\u2028"
    logging.getLogger("bot").info("Sentence %s", forged, extra={"action": forged, "name_shown": forged})
    (line,) = written()
    assert "\x1b" not in line
    assert "\u2028" not in line


def test_setting_up_twice_writes_each_line_once(written: Lines) -> None:
    logs.set_up("info", "console")
    logs.set_up("debug", "json")
    logging.getLogger("bot").debug("Once.", extra={"action": "say"})
    assert _object(written())["message"] == "Once."


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(ValueError, match="LOUD"):
        logs.set_up("loud", "console")


def test_a_line_that_cannot_be_made_is_reported_without_its_arguments(written: Lines) -> None:
    logging.getLogger().handlers.clear()  # the runner's own handler would raise
    logs.set_up("info", "console")
    logs.hide(TOKEN)
    logging.getLogger("bot").info("%d", TOKEN, extra={"action": "fail"})
    lines = written()
    assert "A log line of bot was lost" in lines[0]
    assert "AAH-" not in "\n".join(lines)
