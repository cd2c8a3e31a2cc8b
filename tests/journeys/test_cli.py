# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What does each command say, on which stream, and with which exit code does it end?"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from bot import cli, codes
from bot.service.service import utc_now
from config.settings import Settings
from storage import (
    attestations,
    audit,
    counters,
    courses,
    erasure,
    learners,
    pins,
    reconciliation,
    staff,
    witnesses,
)
from storage.database import open_database
from storage.dialects import is_server
from storage.failures import DatabaseError
from storage.filelock import own
from tests.journeys import teaching
from tests.journeys.database import edit, file_of, rows
from tests.journeys.program import COMMAND, STOPS, environment, iaventure
from tests.lessons.builders import as_yaml
from tests.lessons.workbooks import with_cells
from tests.storage.releases import load

if TYPE_CHECKING:
    from pathlib import Path

    from storage.types import Tx
    from tests.journeys.database import Course

TOKEN = "4711:AA-a-token-that-nobody-may-read"
NOWHERE = "http://127.0.0.1:9/bot"
"""A port on which nothing listens."""


def told(done: subprocess.CompletedProcess[bytes], code: int) -> list[str]:
    """The lines of stderr of a command that ended with a code and without a traceback; not that the machine is busy."""
    complaint = done.stderr.decode()
    assert done.returncode == code, complaint
    assert "Traceback" not in complaint
    return [line for line in complaint.splitlines() if "slow-transaction" not in line]


@pytest.fixture
def folder(course: Course, tmp_path: Path) -> Path:
    """A folder whose settings name a database in which the course is published, on every engine in turn."""
    (tmp_path / "iaventure.yaml").write_text(f"database: {course(tmp_path)}\n")
    return tmp_path


@pytest.fixture
def file_folder(course_file: Course, tmp_path: Path) -> Path:
    """A folder with a file in which the course is published, under its usual name."""
    course_file(tmp_path)
    return tmp_path


# --- usage


@pytest.mark.parametrize(
    "arguments",
    [
        ["inconnue"],
        ["run", "--inconnue"],
        ["lessons", "show"],
        ["lessons", "push"],
        ["db", "backup"],
        ["db", "copy", "sqlite:///iaventure.db"],
        ["stats", "x"],
    ],
)
def test_wrong_usage_is_told_in_one_line(arguments: list[str], tmp_path: Path) -> None:
    assert len(told(iaventure(*arguments, folder=tmp_path), 2)) == 1


def test_every_command_explains_itself(tmp_path: Path) -> None:
    for arguments in ([], ["run"], ["lessons", "push"], ["db"], ["config"]):
        done = iaventure(*arguments, "--help", folder=tmp_path)
        assert told(done, 0) == []
        assert b"Usage" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_traceback_is_shown_only_when_it_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "iaventure.yaml").write_text("database: sqlite:////nowhere/at/all.db\n")
    (line,) = told(iaventure("stats", folder=tmp_path), 3)
    assert "/nowhere/at" in line
    assert b"Traceback" in iaventure("--debug", "stats", folder=tmp_path).stderr


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("config schema | head -c 9", 0, ""),
        (
            "config schema >/dev/full",
            1,
            "The output cannot be written: No space left on device.\n",
        ),
        ("config schema >&-", 0, ""),
        ("run <&- >&-", 0, ""),
        ("lessons check $'\\xff'", 1, ":1:1: ce fichier ou dossier n’existe pas\n"),
    ],
)
def test_closed_streams_and_undecodable_names_cause_no_traceback(
    line: str, code: int, said: str, tmp_path: Path
) -> None:
    done = subprocess.run(
        ["bash", "-c", f'"$0" -m bot.cli {line}', sys.executable],
        cwd=tmp_path,
        env=environment(LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0"),
        capture_output=True,
        check=False,
    )
    assert done.returncode == code
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr
    assert done.stderr.decode().endswith(said)
    assert bool(done.stderr) is bool(said)


def test_one_error_among_tasks_is_told_as_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli._explain(ExceptionGroup("unhandled errors", [DatabaseError("The disk is full.")])) == 3
    assert capsys.readouterr().err == "The disk is full.\n"


# --- run, piped


def test_a_piped_conversation_is_shown_in_order_and_ends_with_its_input(folder: Path) -> None:
    lines = ["start", "oui", "le bon choix", "1 et 2", "leçon", "aide", "progression"]
    done = iaventure("run", folder=folder, stdin="\n".join(lines).encode(), anew=True)
    assert told(done, 0) == []
    shown = done.stdout.decode()
    order = [
        "Ce que je garde",
        "Bienvenue",
        "Que faire de un ?",
        "Bonne réponse",
        "Que garder de un ?",
        "C’est tout pour aujourd’hui",
        "Titre de deux",
        "Voici ce que vous pouvez écrire",
        "Leçons suivies",
    ]
    places = [shown.index(text) for text in order]
    assert places == sorted(places)


@pytest.mark.parametrize("lines", [b"", b"start\noui", b"oui\n\n\n"])
def test_an_input_that_ends_early_ends_the_conversation_and_not_the_course(
    lines: bytes, folder: Path
) -> None:
    first = iaventure("run", folder=folder, stdin=lines)
    assert told(first, 0) == []
    assert "Ce que je garde" in first.stdout.decode()
    second = iaventure("run", folder=folder, stdin=b"start\noui\nle bon choix\n")
    assert told(second, 0) == []
    assert "Bonne réponse" in second.stdout.decode()


def test_a_stop_while_a_line_is_waited_for_is_a_clean_end(file_folder: Path) -> None:
    with subprocess.Popen(
        (sys.executable, "-m", COMMAND, "run"),
        cwd=file_folder,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as run:
        assert run.stdin is not None
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdin.write(b"start\n")
        run.stdin.flush()
        while "oui ou non" not in (line := run.stdout.readline().decode()):
            assert line
        time.sleep(0.2)  # until a thread waits for the next line
        run.send_signal(signal.SIGINT)
        assert (run.wait(STOPS), run.stderr.read()) == (0, b"")


def test_lines_from_hell_are_survived(folder: Path) -> None:
    hell = b"start\noui\n" + b"x" * 2**20 + b"\n\xff\xfe\x00\xc3\n\x1b[2J\x07\nle bon choix\n"
    done = iaventure("run", folder=folder, stdin=hell)
    assert told(done, 0) == []
    assert "Bonne réponse" in done.stdout.decode()
    assert b"\x1b" not in done.stdout


def test_hundreds_of_lines_are_all_answered(folder: Path) -> None:
    done = iaventure("run", folder=folder, stdin=b"start\noui\n" + b"pause\nreprendre\n" * 200)
    assert told(done, 0) == []
    assert done.stdout.decode().count("Quel plaisir de vous retrouver") == 200


# --- check


def test_a_sound_installation_is_in_order(folder: Path) -> None:
    done = iaventure("check", folder=folder)
    assert told(done, 0) == []
    assert len(done.stdout.splitlines()) == 1


def test_every_problem_of_an_installation_is_named(folder: Path) -> None:
    old = teaching.lesson("vieille", review_by="2020-06-30")
    old["sources"][0] |= {"date": "2019-01-01", "checked": "2020-01-01"}
    (folder / "vieille.yaml").write_bytes(as_yaml(old))
    assert told(iaventure("lessons", "push", "vieille.yaml", folder=folder), 0) == []
    done = iaventure(
        "check",
        folder=folder,
        IAVENTURE_CHANNELS__TELEGRAM__TOKEN=TOKEN,
        IAVENTURE_CHANNELS__TELEGRAM__BASE_URL=NOWHERE,
    )
    problems = told(done, 1)
    assert [line for line in problems if "vieille" in line and "2020-06-30" in line]
    assert [line for line in problems if line.startswith("telegram: Telegram cannot be reached")]
    assert TOKEN not in done.stderr.decode()
    listed = iaventure("lessons", "list", folder=folder).stdout.decode()
    assert "vieille  Titre de vieille  (held back)  its review date has passed (2020-06-30)" in listed


def test_a_lesson_that_a_channel_refused_is_listed_with_the_reason_and_released(file_folder: Path) -> None:
    folder = file_folder
    (folder / "longue.yaml").write_bytes(as_yaml(teaching.lesson("longue")))
    assert told(iaventure("lessons", "push", "longue.yaml", folder=folder), 0) == []
    with open_database(f"sqlite:///{folder}/iaventure.db") as store:
        published = store.read_now(courses.catalogue)
        assert published is not None
        store.write_now(
            witnesses.hold, published.entries["longue"].version, "BadRequest: Message is too long"
        )
    listed = iaventure("lessons", "list", folder=folder).stdout.decode()
    assert "(held back)  a channel refused it: BadRequest: Message is too long; " in listed
    assert "`iaventure lessons release longue` lifts it" in listed
    for outcome in ("released", "unchanged"):
        done = iaventure("lessons", "release", "longue", folder=folder)
        assert (told(done, 0), done.stdout.decode().split()) == ([], [outcome, "longue"])
    assert "longue  Titre de longue\n" in iaventure("lessons", "list", folder=folder).stdout.decode()
    (line,) = told(iaventure("lessons", "release", "inconnue", folder=folder), 1)
    assert "lessons list" in line


@pytest.mark.parametrize("stored", ["{}", "[[", '{"id": "longue", "questions": 4}'])
def test_a_lesson_that_cannot_be_read_is_named_and_can_be_released(file_folder: Path, stored: str) -> None:
    url, longue = f"sqlite:///{file_folder}/iaventure.db", file_folder / "longue.yaml"
    longue.write_bytes(as_yaml(teaching.lesson("longue")))
    assert told(iaventure("lessons", "push", longue, folder=file_folder), 0) == []
    edit(
        url,
        "UPDATE lesson_version SET content = :stored, held = 1 WHERE lesson_id = 'longue'",
        stored=stored,
    )
    (line,) = told(iaventure("lessons", "show", "longue", folder=file_folder), 1)
    assert "'longue'" in line
    assert "cannot be read by this version: publish it again with `iaventure lessons push`" in line
    for outcome in ("released", "unchanged"):
        done = iaventure("lessons", "release", "longue", folder=file_folder)
        assert told(done, 0) == []
        assert done.stdout.decode().splitlines()[0].split() == [outcome, "longue"]
        assert "cannot be read" in done.stdout.decode()
    assert rows(url, "SELECT held FROM lesson_version WHERE lesson_id = 'longue'") == [(0,)]
    assert "longue cannot be read" in iaventure("lessons", "list", folder=file_folder).stdout.decode()
    assert told(iaventure("lessons", "push", longue, folder=file_folder), 0) == []
    assert "Titre de longue" in iaventure("lessons", "show", "longue", folder=file_folder).stdout.decode()


def test_a_service_that_runs_and_hears_nothing_is_named_without_asking_in_its_place(
    file_folder: Path,
) -> None:
    now = int(time.time())
    for watched, heard, silent in (
        (now - 30, now - 60, False),  # all is well
        (now - 30, now - 900, True),
        (now - 86_400, now - 90_000, False),  # it was stopped yesterday, whatever it heard
        (0, 0, False),  # it never ran
    ):
        with open_database(f"sqlite:///{file_folder / 'iaventure.db'}") as store:
            for name, moment in (("watched", watched), ("heard", heard)):
                store.write_now(counters.put, f"{name}.telegram", moment)
        done = iaventure(
            "check",
            folder=file_folder,
            IAVENTURE_CHANNELS__TELEGRAM__TOKEN=TOKEN,
            IAVENTURE_CHANNELS__TELEGRAM__BASE_URL=NOWHERE,
        )
        named = [
            line
            for line in told(done, 1)
            if line.startswith("telegram: the service runs and has heard nothing since 20")
        ]
        assert bool(named) is silent
    counted = iaventure("stats", folder=file_folder).stdout.decode()
    assert "watched" not in counted, "a moment is no count"


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "iaventure.db").write_bytes(b"this is no database, whatever its name says " * 100)
    (tmp_path / "iaventure.db").chmod(0o600)
    (problem,) = told(iaventure("check", folder=tmp_path), 1)
    assert "iaventure.db" in problem


def test_files_that_others_can_read_are_named_and_run_keeps_its_own_to_itself(
    course_file: Course, tmp_path: Path
) -> None:
    file, journal = file_of(course_file(tmp_path)), tmp_path / "erasures.log"
    journal.touch()
    for mode in (0o644, 0o640, 0o602):
        for loose in (file, journal):
            loose.chmod(mode)
        problems = told(iaventure("check", folder=tmp_path), 1)
        assert [str(loose) in problem for loose, problem in zip((journal, file), problems, strict=True)] == [
            True,
            True,
        ]
        assert told(iaventure("run", folder=tmp_path), 0) == []
        assert [loose.stat().st_mode & 0o777 for loose in (file, journal)] == [0o600, 0o600]
        assert told(iaventure("check", folder=tmp_path), 0) == []


def test_a_copy_of_before_an_upgrade_is_named_and_is_a_problem_once_it_is_old(
    course_file: Course, tmp_path: Path
) -> None:
    file = file_of(course_file(tmp_path))
    copy = file.with_name("iaventure.db.before-0002")
    copy.touch(0o600)
    done = iaventure("check", folder=tmp_path)
    assert told(done, 0) == []
    assert copy.name in done.stdout.decode()
    month_ago = time.time() - 31 * 86_400
    os.utime(copy, (month_ago, month_ago))
    (problem,) = told(iaventure("check", folder=tmp_path), 1)
    assert str(copy) in problem
    assert told(iaventure("check", folder=tmp_path, IAVENTURE_PRIVACY__BACKUPS="40d"), 0) == []
    copy.chmod(0o644)
    assert len(told(iaventure("check", folder=tmp_path), 1)) == 2


def test_a_copy_that_was_put_back_is_refused_until_it_is_told_so(course_file: Course, tmp_path: Path) -> None:
    url = course_file(tmp_path)
    with open_database(url) as store:
        for where in ("1", "2"):
            met = store.write_now(learners.meet, "console", where, language="fr", now=datetime.now(UTC))
            store.write_now(erasure.erase, met.id, datetime.now(UTC))
    journal = tmp_path / "erasures.log"
    assert told(iaventure("run", folder=tmp_path), 0) == []
    kept = journal.read_text()
    assert len(kept.splitlines()) == 2
    edit(url, "DELETE FROM erasure WHERE n = 2")
    edit(url, "UPDATE sqlite_sequence SET seq = 1 WHERE name = 'erasure'")
    for command in ("run", "check"):
        (line,) = told(iaventure(command, folder=tmp_path), {"run": 3, "check": 1}[command])
        assert f"db restored --journal {journal}" in line
    for arguments in ((), ("--journal", journal, "--no-journal"), ("--journal", "absent.log")):
        assert iaventure("db", "restored", *arguments, folder=tmp_path).returncode == 2
    assert iaventure("db", "restored", journal, folder=tmp_path).returncode == 2
    done = iaventure("db", "restored", "--journal", journal, journal, "--by", "Ada", folder=tmp_path)
    assert told(done, 0) == []
    assert "before the loss." in done.stdout.decode()
    assert "Erased again: 0 people." in done.stdout.decode()
    assert rows(url, "SELECT count(*), max(n) FROM erasure") == [(2, 2)]
    edit(url, "DELETE FROM erasure")
    edit(url, "UPDATE sqlite_sequence SET seq = 1 WHERE name = 'erasure'")
    assert told(iaventure("db", "restored", "--no-journal", "--by", "Ada", folder=tmp_path), 0) == []
    ((detail,),) = rows(url, "SELECT detail FROM audit WHERE detail LIKE '%without%'")
    assert "without a journal" in detail
    assert told(iaventure("run", folder=tmp_path), 0) == []
    assert journal.read_text() == kept


def test_run_and_check_refuse_a_copy_without_erasures_that_holds_erased_people(
    course_file: Course, tmp_path: Path
) -> None:
    file, journal = file_of(course_file(tmp_path)), tmp_path / "erasures.log"
    assert told(iaventure("run", folder=tmp_path, stdin=b"start\noui\n"), 0) == []
    assert told(iaventure("db", "backup", "copie.db", folder=tmp_path), 0) == []
    assert told(iaventure("run", folder=tmp_path, stdin=b"oublier\neffacer\n"), 0) == []
    put_aside = tmp_path / "perdue"
    put_aside.mkdir()
    file.rename(put_aside / file.name)
    copy = (tmp_path / "copie.db").read_bytes()
    file.write_bytes(copy)
    file.chmod(0o600)
    for command, code in (("run", 3), ("check", 1)):
        done = iaventure(command, folder=tmp_path, stdin=b"progression\n")
        (line,) = told(done, code)
        assert f"db restored --journal {journal}" in line
        assert b"Le\xc3\xa7ons re\xc3\xa7ues" not in done.stdout
    # Without a journal the operator is told what follows, and `check` still says so.
    done = iaventure("db", "restored", "--no-journal", folder=tmp_path)
    assert told(done, 0) == []
    for part in ("will be written to", f"{journal} names 1 person who is in the database"):
        assert part in done.stdout.decode()
    (line,) = told(iaventure("check", folder=tmp_path), 1)
    assert "names 1 person who is in the database" in line
    file.write_bytes(copy)
    # The journal of the copy lacks lines of the journal beside it: the command says so, and `run` still refuses.
    done = iaventure("db", "restored", "--journal", "copie.db.erasures.log", folder=tmp_path)
    assert told(done, 0) == []
    assert "names 1 person who is in the database" in done.stdout.decode()
    assert len(told(iaventure("run", folder=tmp_path), 3)) == 1
    done = iaventure(
        "db", "restored", "--journal", journal, "--journal", "copie.db.erasures.log", folder=tmp_path
    )
    assert told(done, 0) == []
    first, last, sent = done.stdout.decode().splitlines()
    assert first == "Erased again: 1 person."
    assert last.endswith("UTC. None covers the minute before the loss.")
    assert sent == "Taken as sent: 0 messages that waited in the copy, 0 that came due since."
    # Files that a restore left behind still hold erased people.
    done = iaventure("check", folder=tmp_path)
    assert told(done, 0) == []
    named = done.stdout.decode().splitlines()
    assert "copies of the database hold personal data, also of 1 person erased since: copie.db." in named[0]
    assert f"In {put_aside}, copies of the database hold personal data: iaventure.db." in named[1]
    for left in (tmp_path / "copie.db", put_aside / file.name):
        left.chmod(0o644)
        os.utime(left, (0, 0))
    problems = told(iaventure("check", folder=tmp_path), 1)
    for left in (tmp_path / "copie.db", put_aside / file.name):
        assert [line for line in problems if line.startswith(f"Others can read {left}")]
        assert [line for line in problems if line.startswith(f"The copy {left} of the database is older")]


def test_a_file_that_is_not_a_journal_is_refused_before_anything_changes(
    course_file: Course, tmp_path: Path
) -> None:
    file = file_of(course_file(tmp_path))
    before = file.read_bytes()
    for name, content in {
        "texte.txt": b"bonjour\nle monde\n",
        "une ligne": b"bonjour",
        "\x1bmotif\u00e9": bytes(range(256)) * 9,
        "vide": b"",
        "douteux": b"12",
    }.items():
        (tmp_path / name).write_bytes(content)
        (line,) = told(iaventure("db", "restored", "--journal", name, folder=tmp_path), 1)
        assert name in line
        assert "Give" in line or "give" in line
    (tmp_path / "texte.txt").chmod(0)
    assert len(told(iaventure("db", "restored", "--journal", "texte.txt", folder=tmp_path), 1)) == 1
    (tmp_path / "dossier").mkdir()
    (line,) = told(iaventure("db", "restored", "--journal", "dossier", folder=tmp_path), 1)
    assert line == "dossier is no file, so not an erasure journal. Give the file, or a copy of it."
    assert file.read_bytes() == before
    (tmp_path / "erasures.log").write_text("bonjour\nle monde\n")
    for command in ("run", "check"):
        told_of = told(iaventure(command, folder=tmp_path), 1)
        assert [line for line in told_of if "is not an erasure journal" in line], command
    (line,) = told(iaventure("db", "backup", "copie.db", folder=tmp_path), 3)
    assert line.startswith("Copied to copie.db, but only the erasures in it to copie.db.erasures.log.")
    assert (tmp_path / "erasures.log").read_text() == "bonjour\nle monde\n"


def test_check_names_an_erasure_that_is_missing_in_the_journal(file_folder: Path) -> None:
    now = datetime.now(UTC)
    with open_database(f"sqlite:///{file_folder}/iaventure.db") as store:
        met = store.write_now(learners.meet, "telegram", "1", language="fr", now=now)
        store.write_now(erasure.erase, met.id, now - timedelta(minutes=6))
        for watched, named in ((now - timedelta(hours=1), False), (now, True)):
            store.write_now(counters.put, "watched.telegram", int(watched.timestamp()))
            problems = told(iaventure("check", folder=file_folder), int(named))
            assert [line.partition(", and goodbyes wait")[0] for line in problems] == [
                f"1 erasure is not in the erasure journal {file_folder}/erasures.log"
            ][: int(named)]


def test_check_names_an_erasure_that_no_journal_can_hold(file_folder: Path) -> None:
    now = datetime.now(UTC)
    with open_database(f"sqlite:///{file_folder}/iaventure.db") as store:
        for where in "12":
            met = store.write_now(learners.meet, "telegram", where, language="fr", now=now)
            store.write_now(erasure.erase, met.id, now)
        store.write_now(lambda tx: tx.execute(text("UPDATE erasure SET at = 'jamais' WHERE n = 1")))
        store.write_now(lambda tx: tx.execute(text("UPDATE erasure SET learner_id = 7 WHERE n = 2")))
    time, nobody = told(iaventure("check", folder=file_folder), 1)
    assert time.startswith(
        "Erasure 1 of the database has a time that cannot be read: `iaventure run` puts it right"
    )
    assert nobody == (
        f"Erasure 2 of the database names nobody: a copy made before {now:%Y-%m-%d %H:%M} UTC would bring that person back. "
        "The service deletes the row once no such copy is kept."
    )
    iaventure("db", "backup", "copie.db", folder=file_folder)
    assert len((file_folder / "copie.db.erasures.log").read_text().splitlines()) == 1


def test_an_unreadable_line_of_a_journal_is_named_and_the_others_are_replayed(
    course_file: Course, tmp_path: Path
) -> None:
    url, journal = course_file(tmp_path), tmp_path / "porté.log"
    long_ago = datetime.now(UTC) - timedelta(days=3)
    with open_database(url) as store:
        met = [store.write_now(learners.meet, "console", w, language="fr", now=long_ago) for w in "123"]
    erased = datetime.now(UTC) - timedelta(hours=5)
    first, second = (f"{n} {erased.isoformat()} {one.id}" for n, one in ((1, met[0]), (3, met[2])))
    journal.write_text(f"{first}\n2 {erased.isoformat()} {met[1].id[:-3]}\n{second}\n")
    done = iaventure("db", "restored", "--journal", journal, folder=tmp_path)
    assert told(done, 0) == []
    said = done.stdout.decode().splitlines()
    assert said[0].startswith(f"Line 2 of the erasure journal {journal} cannot be read")
    assert said[1] == "Erased again: 2 people."
    assert said[2].endswith("None covers the 6 hours before the loss.")
    assert rows(url, "SELECT id FROM learner") == [(met[1].id,)]
    journal.rename(tmp_path / "erasures.log").chmod(0o600)
    (line,) = told(iaventure("check", folder=tmp_path), 1)
    assert line.startswith("Line 2 of the erasure journal")
    done = iaventure("db", "backup", "copie.db", folder=tmp_path)
    assert len(told(done, 0)) == 1
    assert met[1].id[:-3] in (tmp_path / "copie.db.erasures.log").read_text()


def test_every_problem_of_the_settings_is_named(tmp_path: Path) -> None:
    (tmp_path / "iaventure.yaml").write_text(
        "langage: fr\nschedule: {time: '25:00', grace: 9d}\nlog: {level: loud}\n"
    )
    problems = told(iaventure("check", folder=tmp_path), 1)
    for what in ("langage", "schedule.time", "schedule.grace", "log.level"):
        assert [line for line in problems if what in line], (what, problems)
    (line,) = told(iaventure("check", "--config", "absent.yaml", folder=tmp_path), 1)
    assert "absent.yaml" in line


# --- lessons


def test_checking_lessons_tells_every_fault_with_its_place(tmp_path: Path) -> None:
    lessons = teaching.write(tmp_path / "lessons")
    assert b"3 lessons, no problem." in iaventure("lessons", "check", lessons, folder=tmp_path).stdout
    (lessons / "04-quatre.yaml").write_bytes(as_yaml(teaching.lesson("quatre", level=9, theme="inconnu")))
    (lessons / "05-cinq.yaml").write_text("id: [\n")
    problems = told(iaventure("lessons", "check", lessons, folder=tmp_path), 1)
    assert [line for line in problems if "04-quatre.yaml:" in line and "level" in line]
    assert [line for line in problems if "05-cinq.yaml:" in line]
    assert not (tmp_path / "iaventure.db").exists()


def test_a_workbook_is_written_checked_and_published(folder: Path) -> None:
    done = iaventure("lessons", "new", "ma-lecon", folder=folder)
    assert done.stdout == b"ma-lecon.xlsx: a lesson to fill in.\n"
    before = (folder / "ma-lecon.xlsx").read_bytes()
    (line,) = told(iaventure("lessons", "new", "ma-lecon", folder=folder), 1)
    assert line == "ma-lecon.xlsx exists already: nothing was written."
    assert (folder / "ma-lecon.xlsx").read_bytes() == before
    problems = told(iaventure("lessons", "check", "ma-lecon.xlsx", folder=folder), 1)
    assert problems[0] == "ma-lecon.xlsx: Leçon!B3 (Titre) : champ obligatoire"
    assert problems[-1].startswith("ma-lecon.xlsx: Sources!A1 : ")
    done = iaventure("lessons", "new", "trois", folder=folder)
    assert done.stdout == b"trois.xlsx: the lesson of the published course.\n"
    assert iaventure("lessons", "push", "trois.xlsx", folder=folder).stdout.split() == [
        b"unchanged",
        b"trois",
    ]


def test_a_lesson_is_written_without_a_database_and_none_is_made(tmp_path: Path) -> None:
    for arguments, said in (
        (["usages-cantine", "--format", "yaml"], "usages-cantine.yaml: the lesson of the course that ships."),
        (["usages-cantine"], "usages-cantine.xlsx: the lesson of the course that ships."),
        (["nouvelle", "--format", "yaml"], "nouvelle.yaml: a lesson to fill in."),
    ):
        assert iaventure("lessons", "new", *arguments, folder=tmp_path).stdout.decode().strip() == said
    assert {path.name for path in tmp_path.iterdir()} == {
        "usages-cantine.yaml",
        "usages-cantine.xlsx",
        "nouvelle.yaml",
    }
    for file in ("usages-cantine.yaml", "usages-cantine.xlsx"):
        assert b"1 lesson, no problem." in iaventure("lessons", "check", file, folder=tmp_path).stdout
    problems = told(iaventure("lessons", "check", "nouvelle.yaml", folder=tmp_path), 1)
    assert problems[0] == "nouvelle.yaml:5:8: title: texte vide"
    (line,) = told(iaventure("lessons", "new", "../dehors", folder=tmp_path), 1)
    assert "is no id" in line


def test_the_schema_of_a_lesson_is_printed(tmp_path: Path) -> None:
    printed = json.loads(iaventure("lessons", "schema", folder=tmp_path).stdout)
    assert printed["properties"]["title"]["maxLength"] == 100
    assert list(tmp_path.iterdir()) == []


def test_advice_on_a_workbook_names_its_cell(tmp_path: Path) -> None:
    (tmp_path / "l.xlsx").write_bytes(with_cells("Questions", E2="Stop"))
    done = iaventure("lessons", "check", "l.xlsx", folder=tmp_path)
    assert "l.xlsx: Questions!E2 (Choix 1) : « Stop » est une commande" in done.stdout.decode()


def test_checking_lessons_says_which_are_past_their_review_date(tmp_path: Path) -> None:
    old = teaching.lesson("vieille", review_by="2020-06-30")
    old["sources"][0] |= {"date": "2019-01-01", "checked": "2020-01-01"}
    (tmp_path / "vieille.yaml").write_bytes(as_yaml(old))
    done = iaventure("lessons", "check", "vieille.yaml", folder=tmp_path)
    assert told(done, 0) == []
    assert "vieille: past its review date (2020-06-30)" in done.stdout.decode()


def test_checking_lessons_gives_advice_that_holds_nothing_back(tmp_path: Path) -> None:
    lessons = teaching.write(tmp_path / "lessons")
    taught = teaching.lesson("deux")
    taught["questions"][1]["choices"][2]["text"] = "Stop"
    (lessons / "02-deux.yaml").write_bytes(as_yaml(taught))
    done = iaventure("lessons", "check", lessons / "02-deux.yaml", folder=tmp_path)
    assert told(done, 0) == []
    *advised, count, last = done.stdout.decode().splitlines()
    file = lessons / "02-deux.yaml"
    assert [
        line
        for line in advised
        if line.startswith(f"{file}: questions[0].choices[0].feedback: ne pas commencer")
    ]
    assert f"{file}: questions[1].choices[2].text: « Stop » est une commande" in done.stdout.decode()
    assert f"{file}: questions: en écrire 3 au moins, sur des cas différents, pas 2" in advised
    assert count == f"{len(advised)} pieces of advice; none holds a lesson back."
    assert last == "1 lesson, no problem."


def test_checking_lessons_lists_the_sources_to_open(tmp_path: Path) -> None:
    lessons = teaching.write(tmp_path / "lessons")
    opened = teaching.lesson("quatre")
    opened["sources"][0]["seen"] = "page"
    opened["sources"].append(opened["sources"][0] | {"url": "https://a.example.fr/guide", "seen": "quoted"})
    (lessons / "04-quatre.yaml").write_bytes(as_yaml(opened))
    done = iaventure("lessons", "check", "--sources", lessons, folder=tmp_path)
    assert told(done, 0) == []
    assert done.stdout.decode().splitlines() == [
        "a.example.fr",
        "[ ] https://a.example.fr/guide",
        "    Les questions-réponses (quoted): quatre",
        "",
        "www.cnil.fr",
        "[ ] https://www.cnil.fr/fr/reponses",
        "    Les questions-réponses (not said): un, deux, trois",
        "",
        "2 addresses to open on 2 hosts, cited by 4 of 4 lessons.",
    ]
    opened["sources"] = opened["sources"][:1]
    (tmp_path / "vue.yaml").write_bytes(as_yaml(opened))
    done = iaventure("lessons", "check", "vue.yaml", "--sources", folder=tmp_path)
    assert done.stdout == b"0 addresses to open on 0 hosts, cited by 0 of 1 lesson.\n"
    (tmp_path / "vue.yaml").write_text("id: [\n")
    problem, *_ = told(iaventure("lessons", "check", "--sources", "vue.yaml", folder=tmp_path), 1)
    assert problem.startswith("vue.yaml:")


def test_pushing_tells_what_it_did_and_the_old_content_is_a_way_back(folder: Path) -> None:
    def push(*paths: str) -> list[list[str]]:
        done = iaventure("lessons", "push", *paths, "--by", "Claire", folder=folder)
        assert told(done, 0) == []
        return [line.split() for line in done.stdout.decode().splitlines()]

    def title() -> str:
        return iaventure("lessons", "show", "deux", folder=folder).stdout.decode().splitlines()[0]

    lessons = teaching.write(folder / "lessons")
    assert {outcome for outcome, _ in push("lessons")} == {"unchanged"}
    (lessons / "02-deux.yaml").write_bytes(as_yaml(teaching.lesson("deux", title="Tout autre titre")))
    (lessons / "04-quatre.yaml").write_bytes(as_yaml(teaching.lesson("quatre")))
    assert {name: outcome for outcome, name in push("lessons")} == {
        "essai": "unchanged",
        "un": "unchanged",
        "deux": "changed",
        "trois": "unchanged",
        "quatre": "new",
    }
    assert "Tout autre titre" in title()
    teaching.write(folder / "lessons")
    (said,) = push("lessons/02-deux.yaml", "--reset")
    assert " ".join(said) == "restored deux (answers given before count no more)"
    assert push("lessons/02-deux.yaml", "--reset") == [["unchanged", "deux"]]
    assert "Titre de deux" in title()
    url = (folder / "iaventure.yaml").read_text().removeprefix("database: ").strip()
    assert rows(url, "SELECT id FROM lesson WHERE reset_on IS NOT NULL") == [("deux",)]


def test_one_fault_keeps_everything_from_being_published(folder: Path) -> None:
    lessons = teaching.write(folder / "lessons")
    (lessons / "02-deux.yaml").write_bytes(as_yaml(teaching.lesson("deux", title="Tout autre titre")))
    (lessons / "04-quatre.yaml").write_bytes(as_yaml(teaching.lesson("quatre", level=9)))
    problems = told(iaventure("lessons", "push", "lessons", folder=folder), 1)
    assert "04-quatre.yaml:" in problems[0]
    (folder / "05-cinq.yaml").write_bytes(as_yaml(teaching.lesson("cinq", theme="inconnu")))
    (line,) = told(iaventure("lessons", "push", "lessons/02-deux.yaml", "05-cinq.yaml", folder=folder), 1)
    assert "inconnu" in line
    listed = iaventure("lessons", "list", folder=folder).stdout.decode()
    assert "Titre de deux" in listed
    assert "quatre" not in listed
    assert "cinq" not in listed


def test_what_is_published_can_be_listed_and_shown(folder: Path) -> None:
    listed = iaventure("lessons", "list", folder=folder)
    assert told(listed, 0) == []
    places = [listed.stdout.decode().index(f"Titre de {slug}") for slug in teaching.SLUGS]
    assert places == sorted(places)
    shown = iaventure("lessons", "show", "un", folder=folder)
    assert told(shown, 0) == []
    assert "Le bon choix ✅" in shown.stdout.decode()
    (line,) = told(iaventure("lessons", "show", "inconnue", folder=folder), 1)
    assert "inconnue" in line


def test_an_empty_database_has_nothing_to_list(tmp_path: Path) -> None:
    (line,) = told(iaventure("lessons", "list", folder=tmp_path), 1)
    assert "lessons push" in line


# --- figures, database, settings


def test_stats_do_not_count_a_terminal_session_that_nobody_answered(folder: Path) -> None:
    assert told(iaventure("run", folder=folder), 0) == []
    assert json.loads(iaventure("stats", "--json", folder=folder).stdout)["learners"] == {
        "invited": 0,
        "active": 0,
        "paused": 0,
        "stopped": 0,
    }


def test_figures_are_counts_for_people_and_for_programs(folder: Path) -> None:
    iaventure("run", folder=folder, stdin=b"start\noui\nle bon choix\n")
    done = iaventure("stats", "--json", folder=folder)
    assert told(done, 0) == []
    found = json.loads(done.stdout)
    assert found["learners"]["active"] == 1
    assert found["answers"] == {"total": 1, "right": 1, "partly": 0, "wrong": 0}
    assert found["deliveries"].keys() >= {"sent", "refused", "expired", "cancelled", "waiting"}
    assert found["days"] == []
    assert "active: 1" in iaventure("stats", folder=folder).stdout.decode()
    url = (folder / "iaventure.yaml").read_text().removeprefix("database: ").strip()
    with open_database(url) as store:
        yesterday = datetime.now(UTC) - timedelta(days=1)
        store.write_now(reconciliation.count_planned, yesterday, 3)
        ended = {"within_10s": 1, "refused.gone": 1}
        store.write_now(reconciliation.close, yesterday.date(), ended, {}, datetime.now(UTC))
    (day,) = json.loads(iaventure("stats", "--json", folder=folder).stdout)["days"]
    assert day == {"day": str(yesterday.date()), "planned": 3, "difference": 1, **ended}
    shown = iaventure("stats", folder=folder).stdout.decode()
    assert f"{yesterday.date()}: 3 planned = 1 refused.gone, 1 within_10s: DOES NOT ADD UP (1)" in shown


def test_the_schema_is_made_once(empty_url: str, tmp_path: Path) -> None:
    first = iaventure("db", "upgrade", folder=tmp_path, IAVENTURE_DATABASE=empty_url)
    assert told(first, 0) == []
    assert b"is now" in first.stdout
    again = iaventure("db", "upgrade", folder=tmp_path, IAVENTURE_DATABASE=empty_url)
    assert b"was already" in again.stdout


ON_THE_DATABASE = (
    ("check",),
    ("stats",),
    ("lessons", "list"),
    ("lessons", "show", "un"),
    ("lessons", "push", "lessons"),
    ("db", "upgrade"),
)


def test_every_command_works_while_the_service_of_its_version_runs(folder: Path) -> None:
    url = (folder / "iaventure.yaml").read_text().removeprefix("database: ").strip()
    teaching.write(folder / "lessons")
    with own(url), open_database(url):
        for arguments in (*ON_THE_DATABASE, ("db", "backup", "copy.db")):
            assert told(iaventure(*arguments, folder=folder, anew=not is_server(url)), 0) == [], arguments


def test_no_command_upgrades_the_file_of_an_older_service_that_runs(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/iaventure.db"
    load("sqlite", "0001", url)
    file_of(url).chmod(0o600)
    teaching.write(tmp_path / "lessons")
    with own(url):
        for arguments in ON_THE_DATABASE:
            refused = iaventure(*arguments, folder=tmp_path)
            (line,) = told(refused, 1 if arguments == ("check",) else 3)
            assert f"process {os.getpid()} uses it" in line
            assert "stop the service, then run `iaventure db upgrade`" in line
        assert told(iaventure("db", "backup", "copy.db", folder=tmp_path), 0) == []
    assert b"The schema is now" in iaventure("db", "upgrade", folder=tmp_path).stdout
    assert told(iaventure("stats", folder=tmp_path), 0) == []


def test_a_copy_of_an_older_version_is_upgraded_when_it_is_restored_or_run(tmp_path: Path) -> None:
    for arguments in (("db", "restored", "--no-journal"), ("run",)):
        (tmp_path / "iaventure.db").unlink(missing_ok=True)
        load("sqlite", "0001", f"sqlite:///{tmp_path}/iaventure.db")
        assert told(iaventure(*arguments, folder=tmp_path), 0) == []
        assert iaventure("db", "upgrade", folder=tmp_path).stdout.startswith(b"The schema was already")


def test_a_copy_is_made_once_and_holds_everything(folder: Path) -> None:
    assert told(iaventure("db", "backup", "copie.db", folder=folder), 0) == []
    (line,) = told(iaventure("db", "backup", "copie.db", folder=folder), 3)
    assert "copie.db" in line
    (line,) = told(iaventure("db", "copy", "sqlite:///copie.db", "sqlite:///./copie.db", folder=folder), 3)
    assert "are the same database" in line
    listed = iaventure("lessons", "list", folder=folder, IAVENTURE_DATABASE="sqlite:///copie.db")
    assert "Titre de trois" in listed.stdout.decode()


# --- a server


def test_a_living_installation_moves_to_a_server_and_is_backed_up_there(
    file_folder: Path, empty_postgres_url: str
) -> None:
    began = iaventure("run", folder=file_folder, stdin=b"start\noui\nle bon choix\n")
    assert told(began, 0) == []
    here, there = "sqlite:///iaventure.db", empty_postgres_url

    moved = iaventure("db", "copy", here, empty_postgres_url, folder=file_folder)

    assert told(moved, 0) == []
    lines = moved.stdout.decode().splitlines()
    assert {"learner: 1", "lesson: 3", "recall: 1"} <= set(lines)
    assert "rows copied. Name the new database" in lines[-1]
    (refused,) = told(iaventure("db", "copy", here, empty_postgres_url, folder=file_folder), 3)
    assert "target is not empty" in refused
    went_on = iaventure("run", folder=file_folder, stdin=b"1 et 2\nprogression\n", IAVENTURE_DATABASE=there)
    assert told(went_on, 0) == []
    assert "Leçons suivies" in went_on.stdout.decode()

    assert told(iaventure("db", "backup", "copie.db", folder=file_folder, IAVENTURE_DATABASE=there), 0) == []
    counted = json.loads(iaventure("stats", "--json", folder=file_folder, IAVENTURE_DATABASE=there).stdout)
    restored = iaventure("stats", "--json", folder=file_folder, IAVENTURE_DATABASE="sqlite:///copie.db")
    assert json.loads(restored.stdout) == counted
    assert counted["answers"]["total"] == 2


def test_a_server_is_prepared_once_before_it_serves(tmp_path: Path, empty_postgres_url: str) -> None:
    there = empty_postgres_url
    (line,) = told(iaventure("run", folder=tmp_path, stdin=b"start\n", IAVENTURE_DATABASE=there), 3)
    assert "run `iaventure db upgrade`" in line or "`iaventure db upgrade` prepares it" in line
    assert b"is now" in iaventure("db", "upgrade", folder=tmp_path, IAVENTURE_DATABASE=there).stdout
    assert b"was already" in iaventure("db", "upgrade", folder=tmp_path, IAVENTURE_DATABASE=there).stdout
    lessons = teaching.write(tmp_path / "lessons")
    assert told(iaventure("lessons", "push", lessons, folder=tmp_path, IAVENTURE_DATABASE=there), 0) == []
    assert told(iaventure("run", folder=tmp_path, stdin=b"start\noui\n", IAVENTURE_DATABASE=there), 0) == []
    assert told(iaventure("check", folder=tmp_path, IAVENTURE_DATABASE=there), 0) == []


def test_a_server_that_does_not_answer_is_told_in_one_line_without_its_password(tmp_path: Path) -> None:
    url = "postgresql://someone:hunter2@127.0.0.1:9/name"
    for arguments in (["run"], ["stats"], ["db", "upgrade"], ["db", "copy", url, "sqlite:///x.db"]):
        done = iaventure(*arguments, folder=tmp_path, IAVENTURE_DATABASE=url)
        (line,) = told(done, 3)
        assert "PostgreSQL does not answer" in line
        assert (
            b"hunter2"
            not in done.stderr
            + iaventure("--debug", *arguments, folder=tmp_path, IAVENTURE_DATABASE=url).stderr
        )


def test_a_changed_identity_of_an_admin_is_accepted_by_the_operator(folder: Path) -> None:
    zoe = "matrix:@zoe:example.org"
    with (folder / "iaventure.yaml").open("a") as settings:
        settings.write(f"admins: ['{zoe}', 'telegram:1']\n")
    (line,) = told(iaventure("staff", "trust", "matrix:@eve:example.org", folder=folder), 1)
    assert "@eve:example.org" in line
    assert b"vouches for" in iaventure("staff", "trust", "telegram:1", folder=folder).stdout
    assert b"No identity is kept" in iaventure("staff", "trust", zoe, folder=folder).stdout
    with open_database(Settings.load(folder / "iaventure.yaml").database) as store:
        store.write_now(pins.keep, zoe, "k" * 43, utc_now())
    done = iaventure("staff", "trust", zoe, "--by", "Léa", folder=folder)
    assert told(done, 0) == []
    assert "k" * 43 in done.stdout.decode()
    with open_database(Settings.load(folder / "iaventure.yaml").database) as store:
        assert store.read_now(pins.of, zoe) is None
        (row,) = [one for one in store.read_now(audit.entries) if one.action == "forget-identity"]
        zoes = store.read_now(staff.by_number, int(row.detail.removeprefix("staff ")))
    assert (row.who, row.subject, zoes and zoes.who) == ("cli:Léa", "k" * 43, zoe)


def test_the_settings_in_force_are_shown_without_secrets(tmp_path: Path) -> None:
    (tmp_path / "iaventure.yaml").write_text("language: en\nadmins: ['telegram:1']\n")
    done = iaventure(
        "config", "show", folder=tmp_path, IAVENTURE_LANGUAGE="fr", IAVENTURE_CHANNELS__TELEGRAM__TOKEN=TOKEN
    )
    assert told(done, 0) == []
    shown = json.loads(done.stdout)
    assert (shown["language"], shown["admins"]) == ("fr", ["telegram:1"])
    assert shown["channels"]["telegram"]["token"] == "***"
    assert TOKEN.encode() not in done.stdout


def test_the_schema_of_the_settings_names_them_all(tmp_path: Path) -> None:
    done = iaventure("config", "schema", folder=tmp_path)
    assert told(done, 0) == []
    assert json.loads(done.stdout)["properties"].keys() >= {
        "database",
        "admins",
        "schedule",
        "channels",
        "log",
    }


def test_an_attestation_is_verified_by_its_code_and_name_and_no_name_is_said(folder: Path) -> None:
    code, name = "7K3M92QFXT4D8RB", "Zoé Le Goff"
    code += codes.check(code)
    with open_database(Settings.load(folder / "iaventure.yaml").database) as store:
        who = store.write_now(learners.meet, "console", "1", language="fr", now=datetime.now(UTC)).id
        facts = {"course": "Essai", "first": "2026-11-23", "last": "2027-03-04", "lessons": 53}
        now = datetime.now(UTC)

        def issue(tx: Tx) -> None:
            attestations.issue(tx, who, code, name, path="agent", course_version="4f1c", facts=facts, now=now)

        store.write_now(issue)

    def verify(*words: str) -> tuple[int, str, list[str]]:
        done = iaventure("attestation", "verify", *words, folder=folder)
        return done.returncode, done.stdout.decode(), told(done, done.returncode)

    returned, out, complaint = verify(codes.shown(code).lower())
    assert (returned, complaint) == (0, [])
    assert "path: agent" in out
    assert "last: 2027-03-04" in out
    assert "name: not kept" in out
    assert verify(code, "--name", "ZOE LE-GOFF")[:2] == (0, out.replace(*_NAMED))
    assert verify(code, "--name", "Zoé Le Gof")[0] == 1
    assert "Goff" not in verify(code, "--name", "Zoé Le Gof")[1]
    assert verify(codes.shown(codes.new()))[0] == 1
    returned, out, complaint = verify(code[:-1])
    assert (returned, out) == (1, "")
    assert "16 signs" in complaint[0]


_NAMED = ("name: not kept; give it with --name to have it compared", "name: the one on the attestation")
