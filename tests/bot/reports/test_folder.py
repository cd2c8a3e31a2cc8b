# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The folder of documents: files for their owner only, never through a link, nothing replaced unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.reports import folder
from bot.reports.folder import Unwritable

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_is_for_its_owner_only_and_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    target.write_text("kept")
    (tmp_path / "a.md").symlink_to(target)
    written = folder.write(tmp_path, "a.md", b"new")
    assert not written.is_symlink()
    assert (written.read_bytes(), target.read_text()) == (b"new", "kept")
    assert written.stat().st_mode & 0o777 == 0o600
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.md", "elsewhere"]


def test_what_is_there_is_named_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "b.md").symlink_to(tmp_path / "nowhere")
    with pytest.raises(Unwritable, match=r"b\.md already: --force"):
        folder.require_free(tmp_path, ["a.md", "b.md"], force=False)
    folder.require_free(tmp_path, ["a.md", "b.md"], force=True)
    assert not (tmp_path / "a.md").exists()


def test_what_is_larger_than_any_document_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(Unwritable, match="at most"):
        folder.write(tmp_path, "a.md", bytes(folder.LARGEST + 1))
    assert list(tmp_path.iterdir()) == []
