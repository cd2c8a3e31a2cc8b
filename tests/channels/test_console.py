# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Lines as terminals and pipes give them."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import channels_of
from bot.channels.console import ADDRESS, ConsoleChannel
from bot.channels.folder import KEPT
from bot.messages import Document, Send
from config.settings import Settings
from tests.journeys.program import STOPS, environment
from tests.pictures import picture

RUN = "from bot.cli import main; main(['run'])"


async def test_a_mark_at_the_beginning_of_what_is_piped_is_no_letter() -> None:
    for piped in ("start\noui\n", "\ufeffstart\noui\n", "\ufeffstart\r\noui\r\n"):
        channel = ConsoleChannel(io.BytesIO(piped.encode()), io.StringIO())
        assert [event.text async for page in channel.listen() for event in page] == ["start", "oui"]


async def test_sources_come_last_in_the_terminal() -> None:
    out = io.StringIO()
    await ConsoleChannel(io.BytesIO(), out).send(ADDRESS, Send("À retenir", aside="Sources"), "key")
    assert out.getvalue().index("À retenir") < out.getvalue().index("Sources")


def terminal(folder: Path | None, language: str = "fr") -> tuple[ConsoleChannel, io.StringIO]:
    out = io.StringIO()
    return ConsoleChannel(io.BytesIO(), out, folder=folder, language=language), out


def everything_in(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*")}


async def test_the_terminal_says_where_a_picture_is_in_the_language_of_the_settings(tmp_path: Path) -> None:
    for language, said in (("fr", "🖼 Image\u00a0: "), ("en", "🖼 Picture: ")):
        channel, out = terminal(tmp_path / "a *b* c", language)
        await channel.send(ADDRESS, Send("**12** leçons", picture=picture(), aside="Sources"), "k1")
        assert out.getvalue() == f"12 leçons\n\nSources\n\n{said}{tmp_path / 'a *b* c/progression.png'}\n\n"


async def test_a_paper_is_written_and_said_in_words(tmp_path: Path) -> None:
    channel, out = terminal(tmp_path / "files")
    paper = Document("attestation.pdf", "application/pdf", b"%PDF", "Attestation *de* suivi")
    await channel.send(ADDRESS, Send("Voici", document=paper), "k1")
    where = tmp_path / "files/attestation.pdf"
    assert out.getvalue() == f"Voici\n\nAttestation *de* suivi\n\n📄 Document\u00a0: {where}\n\n"
    assert where.read_bytes() == b"%PDF"


async def test_a_file_of_text_is_shown_and_not_written(tmp_path: Path) -> None:
    channel, out = terminal(tmp_path / "files")
    data = Document("mesdonnees.json", "application/json", '{"rôle": "*agent*"}'.encode())
    await channel.send(ADDRESS, Send("Vos données", document=data), "k1")
    assert out.getvalue() == 'Vos données\n\n{"rôle": "*agent*"}\n\n'
    assert not (tmp_path / "files").exists()


async def test_only_the_owner_reads_what_is_written(tmp_path: Path) -> None:
    channel, _ = terminal(tmp_path / "files")
    (tmp_path / "files").mkdir(mode=0o777)
    (tmp_path / "files").chmod(0o777)
    await channel.send(ADDRESS, Send("", picture=picture()), "k1")
    assert (tmp_path / "files").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "files/progression.png").stat().st_mode & 0o777 == 0o600


async def test_the_newest_files_are_kept_and_one_name_is_one_file(tmp_path: Path) -> None:
    channel, _ = terminal(tmp_path / "files")
    for number in range(KEPT + 5):
        for _ in range(2):
            named = replace(picture(), name=f"{number}.png")
            await channel.send(ADDRESS, Send("", picture=named), "k1")
            os.utime(tmp_path / f"files/{number}.png", (number, number))
    assert {file.name for file in (tmp_path / "files").iterdir()} == {
        f"{number}.png" for number in range(5, KEPT + 5)
    }


async def test_a_foreign_file_in_the_folder_stays(tmp_path: Path) -> None:
    mine, folder = {f"photo {number}.jpg" for number in range(KEPT + 5)}, tmp_path / "files"
    folder.mkdir()
    for name in mine:
        (folder / name).write_text("à moi")
        os.utime(folder / name, (0, 0))
    channel, _ = terminal(folder)
    for number in range(KEPT + 1):
        await channel.send(ADDRESS, Send("", picture=replace(picture(), name=f"{number}.png")), "k1")
        os.utime(folder / f"{number}.png", (number, number))
    assert everything_in(folder) == mine | {f"{number}.png" for number in range(1, KEPT + 1)}


async def test_a_draft_of_a_killed_process_is_the_first_to_go(tmp_path: Path) -> None:
    channel, _ = terminal(tmp_path / "files")
    (tmp_path / "files").mkdir()
    for name in (".0123456789abcdef", ".bashrc"):
        (tmp_path / "files" / name).write_text("")
        os.utime(tmp_path / "files" / name, (0, 0))
    for number in range(KEPT):
        await channel.send(ADDRESS, Send("", picture=replace(picture(), name=f"{number}.png")), "k1")
    assert everything_in(tmp_path / "files") == {".bashrc", *(f"{number}.png" for number in range(KEPT))}


async def test_where_nothing_can_be_written_the_same_is_said_in_words(
    tmp_path: Path, subtests: pytest.Subtests
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "a link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "a file").write_text("")
    (tmp_path / "taken/progression.png").mkdir(parents=True)
    for folder in ("a link", "a file", "not there/files", "taken"):
        with subtests.test(folder=folder):
            channel, out = terminal(tmp_path / folder)
            await channel.send(ADDRESS, Send("", picture=picture(alternative="12 leçons")), "k1")
            await channel.send(ADDRESS, Send("douze", picture=picture()), "k2")
            assert out.getvalue() == "12 leçons\n\ndouze\n\n"
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert [file.name for file in (tmp_path / "taken").iterdir()] == ["progression.png"]


async def test_a_name_leads_nowhere_else(tmp_path: Path) -> None:
    for name in ("../x.png", "/etc/x.png", "a\\..\\x.png", "x\n.png", "..", ".", "", ".bashrc"):
        channel, _ = terminal(tmp_path / "files")
        await channel.send(ADDRESS, Send("", picture=replace(picture(), name=name)), "k1")
    assert everything_in(tmp_path) == {"files", "files/x.png", "files/x .png"}


def test_a_terminal_without_a_folder_takes_texts_alone() -> None:
    channel, _ = terminal(None)
    assert (channel.limits.documents, channel.limits.pictures) == (False, False)


def test_the_terminal_writes_beside_the_database(tmp_path: Path) -> None:
    (channel,) = channels_of(Settings(database=f"sqlite:///{tmp_path / 'x.db'}"))
    assert channel.limits.pictures
    assert isinstance(channel, ConsoleChannel)
    assert channel._folder is not None
    assert channel._folder._path == tmp_path / "iaventure-terminal"


@pytest.mark.parametrize("stopped", ["SIGTERM", "ctrl-c"])
def test_a_signal_ends_run_at_once_while_the_terminal_waits_for_a_line(stopped: str, tmp_path: Path) -> None:
    """The process runs on a terminal of its own, and a line is half typed."""
    (tmp_path / "iaventure.yaml").write_text("database: sqlite:///iaventure.db\n")
    terminal, program = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", f"import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0)\n{RUN}"],
        cwd=tmp_path,
        env=environment(),
        stdin=program,
        stdout=program,
        stderr=program,
        start_new_session=True,
    ) as process:
        os.close(program)
        assert "On commence" in _shown(terminal, until="> ")
        os.write(terminal, b"ou")
        began = time.monotonic()
        if stopped == "SIGTERM":
            process.terminate()
        else:
            os.write(terminal, b"\x03")
        rest = _shown(terminal)
        assert process.wait(STOPS) == 0, rest
        assert time.monotonic() - began < STOPS
        assert "Error" not in rest
    os.close(terminal)


def _shown(terminal: int, until: str = "") -> str:
    """Return what the terminal shows from now on, up to a text or to the end of its program."""
    shown = b""
    with suppress(OSError):  # the program has ended
        while (not until or not shown.decode(errors="replace").endswith(until)) and (
            more := os.read(terminal, 4096)
        ):
            shown += more
    return shown.decode(errors="replace")
