# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Codes of access: who has none reads one sentence, and nothing is begun with them."""

from __future__ import annotations

import re

from bot.messages import Message
from bot.talk.turn import Turn, fresh, says
from storage import access

_CODE = re.compile(
    rf"(?<![A-Z0-9])(?=([A-Z0-9]{{{access.EACH}}}(?:[ -]?[A-Z0-9]{{{access.EACH}}}){{{access.GROUPS - 1}}})(?![A-Z0-9]))"
)
"""Three times four letters or digits, with or without something between; dashes are unified before. Each is found, also one
that begins within another: « code K7QF-M2XW-9TRA »."""
_DASHES = re.compile(r"\s*[\u2010-\u2015\u2212_-]\s*")


def is_closed(turn: Turn) -> bool:
    """Tell whether a code is needed of somebody, and was not given."""
    return (
        turn.rules.facts.access == "code"
        and turn.learner.state == "invited"
        and turn.learner.admitted_at is None
        and not turn.by_admin
    )


def closed(turn: Turn) -> list[Message]:
    """Answer somebody without a code: one sentence."""
    return says(turn.words("access.closed"))


def code_in(text: str) -> str:
    """Return what a text holds that looks like a code; empty when nothing does. Each code has a digit, unlike words."""
    found = (match[1] for match in _CODE.finditer(_DASHES.sub("-", text).upper()))
    return min((code for code in found if any(map(str.isdigit, code))), key=_strangeness, default="")


def _strangeness(code: str) -> tuple[bool, bool]:
    """Tell how unlike one of ours a code is written: with other letters, or with one sign here and another there."""
    signs = re.findall("[ -]", code)
    return not access.is_made_of_ours(code), len(signs) == 1 or len(set(signs)) > 1


def admitted(turn: Turn) -> Turn | list[Message]:
    """Try the code that a text holds. Return the turn of who is admitted, or what is said to who is not.

    Bounded are the wrong codes of an address, and of all addresses together: see `storage.access`.
    """
    code = code_in(turn.event.text)
    if not code:
        return closed(turn)
    if not access.may_try(turn.tx, turn.learner.address_id, turn.now):
        return says(turn.words("access.slow"))
    if not access.is_valid(turn.tx, code, turn.now):
        access.note_wrong(turn.tx, turn.learner.address_id, turn.now)
        return says(turn.words("access.wrong"))
    access.admit(turn.tx, turn.learner.id, turn.now)
    return fresh(turn)
