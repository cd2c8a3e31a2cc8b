# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The saved position: whole or not at all, and for its owner only."""

from __future__ import annotations

from pathlib import Path

from bot.channels.matrix.position import Position, Sealed


def test_a_position_is_kept_whole_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "position"
    kept = Position("@bot:x", "s1", tuple(Sealed("!r", {"n": n}, 1.0) for n in range(150)))
    kept.save(path)
    assert path.stat().st_mode & 0o777 == 0o600
    found = Position.load(path, "@bot:x")
    assert (found.token, len(found.sealed), found.sealed[-1].source) == ("s1", 100, {"n": 149})
    assert Position.load(path, "@other:x") == Position("@other:x")
    path.write_text(path.read_text()[:-5])
    assert Position.load(path, "@bot:x") == Position("@bot:x")
