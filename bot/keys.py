# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The key that seals addresses, as the settings have it. It reaches no log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import logs
from config.fields import WAIVED
from config.settings import Settings
from storage.sealing import Sealing, key_of

if TYPE_CHECKING:
    from pathlib import Path


def key_in(settings: Settings) -> Sealing | None:
    """Return the key of the settings; None where addresses are kept in clear."""
    key = settings.privacy.key
    if key is None or key.get_secret_value() == WAIVED:
        return None
    logs.hide(key.get_secret_value())
    return Sealing(key_of(key.get_secret_value()))


def read_key(file: Path) -> Sealing:
    """Return the key in a file.

    Raises:
        ValueError: the file holds something else.
        OSError: it cannot be read.
    """
    with file.open("rb") as opened:
        content = opened.read(200)
    return Sealing(key_of(content.decode("ascii", "replace")))
