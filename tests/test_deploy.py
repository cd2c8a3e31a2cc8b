# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Do the files of deploy/ agree with the program, its settings and its locks? Do they give away no more than they must?"""

from __future__ import annotations

import fnmatch
import json
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
import threading
import tomllib
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.specifiers import SpecifierSet
from typer.main import get_command

from bot import children, cli
from bot.drawing.studio import BOUNDS, MOST
from bot.service.pump import LAST_CALLS
from bot.watch.health import PATIENCE
from config.settings import Settings
from config.sources import PREFIX, SECRETS_FOLDER, kind_at
from storage.database import upgrade
from tests.bot.drawings import CARD

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
IMAGE = f"iaventure:{PROJECT['project']['version']}"
USER = "10001"
PORT = "9464"


def is_setting(name: str) -> bool:
    """Whether a variable or a secret's file is named as a setting."""
    path = tuple(name.upper().removeprefix(PREFIX).lower().split("__"))
    return kind_at(Settings, path) is not None


def is_command(words: list[str]) -> bool:
    """Whether the command line knows these words."""
    command: Any = get_command(cli.app)
    for word in words:
        command = getattr(command, "commands", {}).get(word)
    return command is not None


# --- the image


def instructions() -> list[tuple[str, str]]:
    """The instructions of the Containerfile, each in one line, without comments."""
    lines = (DEPLOY / "Containerfile").read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.startswith("#")).replace("\\\n", " ")
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in text.splitlines() if line)]


def of(kind: str) -> list[str]:
    return [re.sub(r"\s+", " ", rest) for word, rest in instructions() if word == kind]


def copied() -> list[str]:
    """What is copied from the tree."""
    return [source for line in of("COPY") if not line.startswith("--from") for source in line.split()[:-1]]


def test_the_image_starts_from_a_python_that_the_program_supports_named_by_its_version() -> None:
    (base,) = of("ARG")
    assert of("FROM") == ["${PYTHON} AS build", "${PYTHON}"]
    found = re.fullmatch(r"PYTHON=docker\.io/library/python:(3\.\d+)-slim-[a-z]+", base)
    assert found
    assert SpecifierSet(PROJECT["project"]["requires-python"]).contains(found[1])


INTO = "python -m pip --python /opt/iaventure/bin/python"


def commands() -> list[str]:
    """What is run when the image is built, one command each."""
    return [part for line in of("RUN") for part in line.split(" && ")]


def test_the_image_installs_what_is_locked_by_hash_and_the_wheel_and_nothing_else() -> None:
    installs = [part for part in commands() if re.search(r"\binstall --no", part)]
    locked = "--no-cache-dir --require-hashes --requirement"
    assert installs == [
        f"{INTO} install {locked} requirements.lock",
        f"/opt/build/bin/pip install {locked} requirements-build.lock",
        f"{INTO} install --no-cache-dir --no-index --no-deps /dist/iaventure-*.whl",
    ]
    assert [part for part in commands() if " venv " in part] == [
        "python -m venv --without-pip /opt/iaventure",
        "python -m venv /opt/build",
    ]


def test_nothing_that_builds_or_installs_is_in_the_last_image() -> None:
    start = max(at for at, (word, _) in enumerate(instructions()) if word == "FROM")
    last = instructions()[start:]
    assert [rest for word, rest in last if word == "COPY"] == ["--from=build /opt/iaventure /opt/iaventure"]
    (first, *_) = [rest for word, rest in last if word == "RUN"]
    assert first == "python -m pip uninstall --yes pip setuptools wheel"


def test_the_documented_installation_builds_apart_from_the_environment_of_the_program() -> None:
    page = (ROOT / "docs" / "exploitation.md").read_text(encoding="utf-8")
    assert re.findall(r"^ *(\S+) -m hatchling", page, flags=re.MULTILINE) == ["build/bin/python"] * 2
    assert (
        re.findall(r"^ *(\S+) install .*requirements-build\.lock", page, flags=re.MULTILINE)
        == ["build/bin/pip"] * 2
    )
    assert not re.search(r"/opt/iaventure/bin/pip", page)
    assert page.count("python3 -m venv --without-pip /opt/iaventure") == 1


def test_the_image_runs_as_a_fixed_user_who_owns_its_data_only() -> None:
    assert of("USER") == [f"{USER}:{USER}"]
    assert [line for line in of("RUN") if f"useradd --uid {USER} " in line and "--mode=0700 /data" in line]
    assert of("VOLUME") == of("WORKDIR")[-1:] == ["/data"]


def test_the_image_starts_the_program_and_asks_whether_it_lives() -> None:
    assert of("ENTRYPOINT") == ['["iaventure"]']
    assert PROJECT["project"]["scripts"] == {"iaventure": "bot.cli:main"}
    (command,) = of("CMD")
    assert is_command(yaml.safe_load(command))
    (check,) = of("HEALTHCHECK")
    # Not /health: what restarts an unhealthy container must not restart one that is deaf.
    assert f"http://127.0.0.1:{PORT}/alive" in check
    patience = re.search(r"--timeout=(\d+)s .*timeout=(\d+)\)", check)
    assert patience
    assert PATIENCE < int(patience[2]) < int(patience[1])
    (environment,) = of("ENV")
    variables = dict(word.split("=", 1) for word in shlex.split(environment))
    assert variables["IAVENTURE_METRICS__LISTEN"] == f"127.0.0.1:{PORT}"
    assert all(is_setting(name) for name in variables if name.startswith(PREFIX))


class Answers(BaseHTTPRequestHandler):
    """Answers /alive with the status of its server."""

    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status if self.path == "/alive" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep the output of the tests clean."""


class Ill(Answers):
    status = 503


@pytest.mark.parametrize(("answers", "well"), [(Answers, True), (Ill, False)])
def test_the_check_of_health_asks_the_service_itself_whatever_proxy_is_set(
    answers: type[Answers], *, well: bool
) -> None:
    (check,) = of("HEALTHCHECK")
    interpreter, option, line = yaml.safe_load(check.partition(" CMD ")[2])
    assert (interpreter, option) == ("python", "-c")
    with ThreadingHTTPServer(("127.0.0.1", 0), answers) as server:
        threading.Thread(target=server.serve_forever).start()
        asked = subprocess.run(
            [sys.executable, option, line.replace(f":{PORT}/", f":{server.server_port}/")],
            env={"http_proxy": "http://127.0.0.1:9"},
            capture_output=True,
            check=False,
        )
        server.shutdown()
    assert (asked.returncode == 0) is well, asked.stderr


def test_the_builder_sees_what_is_copied_and_nothing_else() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    assert {rule[1:] for rule in rules if rule.startswith("!")} == set(copied())
    assert not [rule for rule in rules if fnmatch.fnmatch(".venv", rule.removeprefix("!")) and rule != "*"]


def test_what_is_copied_is_enough_to_build_the_wheel(tmp_path: Path) -> None:
    for name in copied():
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            (tmp_path / name).parent.mkdir(exist_ok=True)
            shutil.copy(source, tmp_path / name)
    (build,) = [line for line in of("RUN") if "hatchling build" in line]
    command = build.split(" && ", maxsplit=1)[0].replace("/opt/build/bin/python", sys.executable)
    built = subprocess.run(
        shlex.split(command.replace("/dist", str(tmp_path / "dist"))),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    assert [file.name for file in (tmp_path / "dist").glob("iaventure-*.whl")]


# --- the containers


COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]


@pytest.mark.parametrize("name", ["upgrade", "bot"])
def test_each_container_of_the_program_is_locked_up(name: str) -> None:
    service = SERVICES[name]
    assert service["image"] == IMAGE
    assert (DEPLOY / service["build"]["context"]).resolve() == ROOT
    assert (ROOT / service["build"]["dockerfile"]).is_file()
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["volumes"] == ["data:/data"]
    assert is_command(service["command"])


@pytest.mark.parametrize("name", ["upgrade", "bot"])
def test_every_variable_and_secret_of_the_program_is_a_setting(name: str) -> None:
    service = SERVICES[name]
    assert service["environment"][SECRETS_FOLDER] == "/run/secrets"
    assert all(is_setting(variable) for variable in service["environment"] if variable != SECRETS_FOLDER)
    assert all(is_setting(secret) for secret in service["secrets"])
    assert set(service["secrets"]) <= set(COMPOSE["secrets"])


def test_the_containers_start_before_anybody_is_named() -> None:
    for name in ("upgrade", "bot"):
        assert {
            SERVICES[name]["environment"][f"IAVENTURE_PRIVACY__{one}"] for one in ("CONTROLLER", "DPO", "KEY")
        } == {"none"}


def test_the_schema_is_upgraded_once_before_the_bot_starts() -> None:
    assert SERVICES["upgrade"]["command"] == ["db", "upgrade"]
    assert SERVICES["upgrade"]["restart"] == "no"
    assert SERVICES["bot"]["depends_on"]["upgrade"] == {"condition": "service_completed_successfully"}
    for name in ("upgrade", "bot"):
        assert SERVICES[name]["depends_on"]["database"] == {"condition": "service_healthy"}


def test_nothing_is_reachable_from_another_machine() -> None:
    assert SERVICES["bot"]["ports"] == [f"127.0.0.1:{PORT}:{PORT}"]
    assert SERVICES["bot"]["environment"]["IAVENTURE_METRICS__LISTEN"] == f"0.0.0.0:{PORT}"
    assert "ports" not in SERVICES["database"]
    assert SERVICES["database"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_no_secret_is_in_the_file_and_their_folder_is_in_no_commit() -> None:
    for secret, where in COMPOSE["secrets"].items():
        assert where == {"file": f"secrets/{secret}"}
    assert "/deploy/secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert SERVICES["database"]["environment"]["POSTGRES_PASSWORD_FILE"] == "/run/secrets/postgres_password"


def test_stopping_leaves_time_for_the_last_sends() -> None:
    assert int(SERVICES["bot"]["stop_grace_period"].removesuffix("s")) > 2 * LAST_CALLS
    assert int(unit("TimeoutStopSec")) > 2 * LAST_CALLS


# --- the unit


SERVICE, BACKUP = "iaventure.service", "iaventure-backup.service"


def unit(name: str, file: str = SERVICE) -> str:
    """The one value of a setting of a unit."""
    (value,) = units(name, file)
    return value


def units(name: str, file: str = SERVICE) -> list[str]:
    """Every value of a setting of a unit."""
    text = (DEPLOY / file).read_text(encoding="utf-8")
    return re.findall(rf"^{name}=(.*)$", text, flags=re.MULTILINE)


def test_the_unit_runs_a_command_that_exists_with_settings_that_exist() -> None:
    program, *words = unit("ExecStart").split()
    assert program.endswith("/bin/iaventure")
    assert words == ["run", "--config", "/etc/iaventure/iaventure.yaml"]
    assert is_command(words[:1])
    variables = dict(word.split("=", 1) for line in units("Environment") for word in line.split())
    assert variables["IAVENTURE_METRICS__LISTEN"] == f"127.0.0.1:{PORT}"
    assert {variables[f"IAVENTURE_PRIVACY__{name}"] for name in ("CONTROLLER", "DPO", "KEY")} == {"none"}
    assert all(is_setting(variable) for variable in variables if variable.startswith(PREFIX))


def test_the_unit_waits_for_signs_of_life_longer_than_the_program_may_take_to_give_one() -> None:
    assert unit("Type") == "notify"
    assert int(unit("WatchdogSec")) > 3 * PATIENCE
    assert unit("Restart") == "on-failure"


def test_a_folder_of_secrets_reaches_the_settings_as_systemd_hands_it_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, _, folder = unit("LoadCredential").partition(":")
    assert folder == "/etc/iaventure/secrets"
    monkeypatch.chdir(tmp_path)
    # systemd names each file of a folder after the credential: see LoadCredential= in systemd.exec(5).
    (tmp_path / f"{name}_channels__telegram__token").write_text("123456:ABC-test\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    telegram = Settings.load().channels.telegram
    assert telegram is not None
    assert telegram.token.get_secret_value() == "123456:ABC-test"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("User", "iaventure"),
        ("StateDirectory", "iaventure"),
        ("StateDirectoryMode", "0700"),
        ("UMask", "0077"),
        ("CapabilityBoundingSet", ""),
        ("LimitCORE", "0"),
        ("MemoryDenyWriteExecute", "yes"),
        ("NoNewPrivileges", "yes"),
        ("PrivateTmp", "yes"),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"),
        ("RestrictAddressFamilies", "AF_INET AF_INET6 AF_UNIX"),
        ("SystemCallArchitectures", "native"),
    ],
)
def test_the_units_are_locked_up(name: str, value: str) -> None:
    assert unit(name) == unit(name, BACKUP) == value


def test_the_unit_allows_the_system_calls_of_services_and_forbids_those_of_administrators() -> None:
    for file in (SERVICE, BACKUP):
        assert units("SystemCallFilter", file) == ["@system-service", "~@privileged @resources"]


def test_a_child_that_runs_out_of_memory_or_tasks_ends_alone() -> None:
    assert unit("OOMPolicy") == "continue"
    most = MOST * BOUNDS.memory
    assert unit("MemoryMax") == "1G"
    assert most <= 1 << 30
    assert int(unit("TasksMax")) == SERVICES["bot"]["pids_limit"] == 64


async def test_a_drawing_takes_two_tasks_however_many_processors_there_are() -> None:
    given = json.dumps({"facts": {"do": "count tasks", "card": dict(CARD.facts)}}).encode()
    assert await children.run("tests.bot.odd_child", given, replace(BOUNDS, seconds=30)) == b"2"


REFUSED_CALLS = {
    "x86_64": (141, 142, 144, 160, 203, 251, 314),
    "aarch64": (140, 118, 119, 164, 122, 30, 274),
}
"""setpriority, sched_setparam, sched_setscheduler, setrlimit, sched_setaffinity, ioprio_set and sched_setattr: what the unit
refuses of @resources. All else that a child calls is in @system-service."""


def test_a_drawing_is_made_where_the_units_filter_refuses_resources_and_writable_code(tmp_path: Path) -> None:
    """A process that is refused these calls, as systemd has it, draws a card by a child."""
    drawn = tmp_path / "card.png"
    refusing = [sys.executable, "-m", "tests.refusing", *map(str, REFUSED_CALLS[platform.machine()])]
    done = subprocess.run(
        [*refusing, sys.executable, "-m", "tests.draw", str(drawn)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["nice", "refused"]
    assert drawn.read_bytes().startswith(b"\x89PNG")


def test_the_backup_of_the_night_is_made_and_old_ones_go(tmp_path: Path) -> None:
    """What systemd would run, but for the places of the program and of its settings."""
    (tmp_path / "iaventure.yaml").write_text("database: sqlite:///iaventure.db\n", encoding="utf-8")
    upgrade(f"sqlite:///{tmp_path / 'iaventure.db'}")
    old, other = tmp_path / "copie-2026-01-01-0300.db", tmp_path / "iaventure.db.before-0001"
    for file in (old, other):
        file.touch()
        os.utime(file, (0, 0))
    command = unit("ExecStart", BACKUP).replace("%%", "%")
    command = command.replace("/opt/iaventure/bin/iaventure", f"{sys.executable} -m bot.cli")
    command = command.replace("/etc/iaventure/iaventure.yaml", "iaventure.yaml")
    for line in (command, unit("ExecStopPost", BACKUP)):
        # As the words of a unit: split by its quotes, and no name of a file is filled in.
        subprocess.run(
            shlex.split(line), cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True
        )
    (made,) = tmp_path.glob("copie-*.db")
    assert re.fullmatch(r"copie-\d{4}-\d\d-\d\d-\d{4}\.db", made.name)
    assert other.exists()
    assert unit("MemoryMax")
