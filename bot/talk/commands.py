# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The command that a text is: its name, with polite words around it, or people's own word for leaving."""

from __future__ import annotations

from collections.abc import Collection

from bot.talk import phrases
from lessons import typed

LONGEST = 200
"""Characters of a text that is looked through for a command without a mark."""
ANNOUNCE = ("annonce", "announce")
"""Commands of admins that take what stands behind them, also without a mark."""
_AROUND = (typed.COURTESY, typed.ARTICLES, ["a"])


def command_of(text: str, names: Collection[str], admin_names: Collection[str]) -> str:
    """Return the command that a text is, of the names that its sender may use; empty when it is none.

    A name stands alone, or after `/` or `!` with anything behind: then, when nobody knows it, it is `?`.
    """
    marked = is_marked(text)
    first, _, rest = typed.clean(text[:LONGEST]).lstrip("/! ").replace(":", " ", 1).partition(" ")
    if marked:
        said = [typed.fold(first)]
    elif rest and (name := typed.fold(first)) in ANNOUNCE and name in admin_names:
        return name
    elif len(text) > LONGEST:
        said = []
    else:
        said = [typed.fold(text), typed.bare(text, *_AROUND)]
    for name in said:
        if name in names or name in admin_names:
            return name
    asked = phrases.asks_for(f"{first} {rest}" if marked else text)
    return asked if asked in names else "?" if marked else ""


def is_marked(text: str) -> bool:
    """Tell whether a text begins with the mark of a command. « !! » alone marks none."""
    said = typed.clean(text[:LONGEST])
    return said[:1] == "/" or (said[:1] == "!" and bool(said.strip("!? ")))
