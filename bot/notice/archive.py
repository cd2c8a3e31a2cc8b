# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The notice that the facts give, as the archive knows it; and what differs from the one that was published last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from bot.notice.facts import Difference, Facts, differences
from bot.notice.texts import forms
from storage import notices
from storage.types import Tx


@dataclass(frozen=True, slots=True)
class Pending:
    """A notice that newcomers read, and of which nobody decided yet whether the others are told."""

    version: str
    since: str
    """The version that was published last."""
    differences: Sequence[Difference]


def in_force(tx: Tx, facts: Facts, now: datetime) -> str:
    """Return the version of the notice that these facts give; it is archived if it was never shown."""
    return notices.keep(tx, facts.record(), forms(facts), _fingerprint(facts), now)


@cache
def _fingerprint(facts: Facts) -> str:
    return notices.fingerprint_of(facts.record(), forms(facts))


def pending(tx: Tx, facts: Facts, now: datetime) -> Pending | None:
    """Archive the notice that these facts give; return it where it is not the published one, and somebody read another."""
    version, last = in_force(tx, facts, now), notices.published(tx)
    if last is None or last.version == version:
        return None
    if not notices.accepted(tx):  # nobody is to be told
        notices.publish(tx, version, now, material=False)
        return None
    return Pending(version, last.version, tuple(differences(last.facts, facts.record())))


def changed(tx: Tx, facts: Facts) -> Sequence[Difference]:
    """Return what differs from the notice that was published last; nothing where none was. Archives nothing."""
    last = notices.published(tx)
    if last is None or not notices.accepted(tx):
        return ()
    return tuple(differences(last.facts, facts.record()))
