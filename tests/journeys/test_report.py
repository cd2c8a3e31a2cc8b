# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How an operator makes the documents: on any database, without a messenger, without a setting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.reports.catalogue import DOCUMENTS
from tests.journeys.program import UNNAMED, iaventure
from tests.journeys.test_cli import told

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.journeys.database import Course


def test_all_documents_are_written_from_a_course_without_any_setting(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in list(UNNAMED):
        monkeypatch.delitem(UNNAMED, name)
    (tmp_path / "iaventure.yaml").write_text(f"database: {course(tmp_path)}\n")
    done = iaventure("report", "all", "--to", "dossier", folder=tmp_path)
    assert told(done, 0) == []
    folder = tmp_path / "dossier"
    assert sorted(done.stdout.decode().split()) == sorted(f"dossier/{one.name}" for one in folder.iterdir())
    assert len(list(folder.glob("*.md"))) == len(DOCUMENTS)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {one.stat().st_mode & 0o777 for one in folder.iterdir()} == {0o600}
    assert "Aucune messagerie n’est réglée" in (folder / "decisions.md").read_text("utf-8")
    assert "donné le jour venu" in (folder / "violation.md").read_text("utf-8")
    assert told(iaventure("report", "breach", "--to", "alone", folder=tmp_path), 0) == []
    assert "donné le jour venu" not in (tmp_path / "alone" / "violation.md").read_text("utf-8")
    assert "Responsable du traitement | à compléter" in (folder / "registre.md").read_text("utf-8")


def test_files_are_replaced_only_when_asked_and_an_unknown_document_is_wrong_usage(tmp_path: Path) -> None:
    assert told(iaventure("report", "register", "--to", ".", folder=tmp_path), 0) == []
    (refusal,) = told(iaventure("report", "register", "--to", ".", folder=tmp_path), 1)
    assert "registre.md" in refusal
    assert told(iaventure("report", "register", "--to", ".", "--force", folder=tmp_path), 0) == []
    assert iaventure("report", "everything", "--to", ".", folder=tmp_path).returncode == 2
    assert iaventure("report", "register", folder=tmp_path).returncode == 2
