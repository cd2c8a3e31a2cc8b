# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The place in the homeserver's stream, and what of it is still to be read: one small file beside the keys."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from bot.channels import Uncertain


class PositionRefused(Uncertain):
    """The homeserver does not take the place in its stream that was saved."""


MOST_SEALED = 100
"""Events kept for their keys; the oldest go first."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """An event whose key has not come yet, as the homeserver gave it."""

    room: str
    source: dict[str, Any]
    since: float
    """When we first saw it, in seconds since 1970."""
    asked_at: float = 0.0
    """When we asked for the page before, in seconds since 1970: the event happened after that."""


@dataclass(frozen=True, slots=True)
class Position:
    """All that a new process needs to go on: nothing in it can be read without the keys."""

    user: str
    """The account that the token belongs to: it is of no use for another one."""
    token: str = ""
    """The homeserver's token for how far we have read; the next request for events sends it. Empty before the first."""
    sealed: tuple[Sealed, ...] = ()
    invited: tuple[str, ...] = ()
    """Rooms still to be joined: the homeserver tells of an invitation once."""
    asked_at: float = 0.0
    """When we asked for the token, in seconds since 1970 by our own clock: what comes after it happened later."""

    @classmethod
    def load(cls, path: Path, user: str) -> Position:
        """Return what was saved last for an account; its beginning when there is nothing that can be read."""
        try:
            saved = json.loads(path.read_text())
            sealed = tuple(Sealed(**parts) for parts in saved["sealed"])
            position = cls(
                saved["user"],
                str(saved["token"]),
                sealed,
                tuple(map(str, saved["invited"])),
                float(saved.get("asked_at", 0.0)),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return cls(user)
        return position if position.user == user else cls(user)

    def save(self, path: Path) -> None:
        """Replace the file: after a power cut it holds this position or the one before, whole."""
        draft = path.with_suffix(".new")
        saved = asdict(replace(self, sealed=self.sealed[-MOST_SEALED:]))
        with open(draft, "w", opener=_private) as file:
            json.dump(saved, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
