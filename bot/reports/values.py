# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What every document is filled with: values by name, and which conditions hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from bot.notice import texts
from bot.reports import data, gaps, law, measures, who
from bot.reports.document import TO_COMPLETE, Block, Bullets, Document, Limit, declared
from bot.reports.prose import Filling
from bot.reports.prose import document as read
from bot.reports.situation import Situation
from bot.talk.admin import FEWEST_COUNTED
from bot.wording import words_of
from config.hours import write_hour
from storage import dialects
from storage.inactivity import NOTICE

_CHANNELS = {"telegram": "Telegram", "matrix": "Matrix ou Tchap", "console": "terminal (essai)"}


def compose(
    name: str, file: str, situation: Situation, blocks: Mapping[str, Collection[Block]], **values: str
) -> Document:
    """Return a document from its file of words. `blocks`: what it may insert; `values`: of its own, beside those of all.

    Raises:
        KeyError: it asks for what there is not.
    """
    everywhere: dict[str, Collection[Block]] = {
        "people": [who.people(situation.facts)],
        **{f"law {text}": law.law().says(text, situation.today) for text in law.law().texts},
    }
    made = read(
        name,
        file,
        Filling(values_of(situation) | values, conditions(situation), everywhere | dict(blocks)),
    )
    return replace(made, warnings=list(gaps.warnings(situation)), made=situation.made)


def values_of(situation: Situation) -> dict[str, str]:
    """Return the values by name."""
    facts, settings = situation.facts, situation.settings
    privacy, kept, schedule = facts.privacy, facts.retention, settings.schedule
    quiet = schedule.quiet
    return {
        "todo": TO_COMPLETE,
        "few": str(FEWEST_COUNTED),
        "controller": who.controller(facts),
        "dpo": who.dpo(facts),
        "contact": who.contact(facts),
        "host": who.host(facts),
        "country": who.country(facts),
        "server": facts.server or "de la messagerie",
        "admins": str(len(settings.admins)),
        "ground": texts.ground(facts, words_of("fr"))[1],
        "legal_text": declared(privacy.legal_text),
        "answers": data.days(kept.answers),
        "messages": data.days(kept.messages),
        "attestations": data.days(kept.attestations),
        "inactive": data.days(privacy.inactive),
        "warned": data.days(NOTICE),
        "newcomers": data.days(facts.newcomers_kept),
        "audit": data.days(privacy.audit),
        "backups": data.days(privacy.backups),
        "gaps": str(len(gaps.gaps(situation))),
        "channels": " et ".join(_CHANNELS[name] for name in facts.channels),
        "entry": _entry(situation),
        "sealing": measures.key_found(situation),
        "store": measures.store_found(situation),
        "review": f"{law.law().review_by:%d/%m/%Y}",
        "hour": write_hour(schedule.time),
        "quiet": f"de {write_hour(quiet.start)} à {write_hour(quiet.end)}" if quiet else "aucune",
    }


def _entry(situation: Situation) -> str:
    """Return who can begin, as the settings have it."""
    matrix = situation.settings.channels.matrix
    if situation.facts.access == "code":
        return "un code est demandé"
    if matrix is not None and matrix.allowed_servers:
        return f"les comptes de {', '.join(matrix.allowed_servers)} peuvent inviter sur Matrix, sans code"
    return "tout le monde, sans code"


def conditions(situation: Situation) -> frozenset[str]:
    """Return the words that hold."""
    facts, settings = situation.facts, situation.settings
    found = {
        "messenger": facts.serves_messenger,
        "telegram": "telegram" in facts.channels,
        "matrix": "matrix" in facts.channels,
        "clear": gaps.is_in_clear(situation),
        "unsealed": not measures.is_sealed(situation),
        "server": dialects.is_server(settings.database),
        "host": facts.privacy.host is not None,
        "code": facts.access == "code",
        "consent": facts.privacy.ground == "consent",
        "obligation": facts.privacy.ground == "legal_obligation",
        "empty": situation.held.catalogue is None or situation.held.learning.enrolled < FEWEST_COUNTED,
        "exact": situation.exact,
        "gaps": bool(gaps.gaps(situation)),
        "weekend": bool({"sat", "sun"} & set(settings.schedule.days)),
    }
    return frozenset(word for word, holds in found.items() if holds)


def limits(lines: Collection[str]) -> Bullets:
    """Return a list of what does not hold."""
    return Bullets([Limit(line) for line in lines])
