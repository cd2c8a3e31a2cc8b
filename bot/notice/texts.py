# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The two layers of the notice, filled from the facts: a short one in the chat, and all of GDPR articles 13 and 14."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

from babel import Locale

from bot.notice.facts import Facts
from bot.wording import LANGUAGES, Markdown, Words, words_of
from config.privacy import Controller, Dpo

SHORT, WHOLE = "short", "whole"
"""The names of the layers in the archive."""
LONGEST = 900
"""UTF-16 units of the short one: a phone's screen and a half."""
RIGHTS = ("privacy", "data", "object", "forget")
"""The commands that the short layer names, in order: each has its sentence in `notice.word.*`."""
EEA = (
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK "
    "GF GP MQ RE YT MF"
)
"""Countries where the GDPR applies as such, and the French regions that have a code of their own."""


def short(facts: Facts, channel: str, words: Words) -> Markdown:
    """Return the first layer: who, what for, what is kept how long, what is true of the channel, what to type."""
    controller = facts.privacy.controller
    return words(
        "notice.short",
        who=words("notice.who", name=controller.name)
        if isinstance(controller, Controller)
        else words("notice.who.none"),
        free=words("notice.consent" if facts.privacy.ground == "consent" else "notice.free"),
        address=words(f"notice.address.{channel}"),
        answers=_lasting(words, facts.retention.answers),
        messages=_lasting(words, facts.retention.messages),
        channel=words(f"notice.channel.{channel}"),
        rights=Markdown(words.series([words(f"notice.word.{name}") for name in RIGHTS])),
    )


def whole(facts: Facts, channel: str, words: Words) -> str:
    """Return the second layer: plain text that any application opens, its sections numbered."""
    parts = [
        "\n".join([f"{place}. {title}", *lines])
        for place, (title, *lines) in enumerate(sections(facts, channel, words), 1)
    ]
    return "\n\n".join([words.plain("privacy.title"), *parts]) + "\n"


def sections(facts: Facts, channel: str, words: Words) -> tuple[list[str], ...]:
    """Return the sections of the second layer, each with its title first."""
    return (
        _who(facts, words),
        why(words),
        ground(facts, words),
        _data(facts, channel, words),
        [words.plain("privacy.must.title"), words.plain("privacy.must")],
        _recipients(facts, channel, words),
        _transfers(facts, channel, words),
        _durations(facts, words),
        _rights(facts, words),
        [words.plain("privacy.complaint.title"), words.plain("privacy.complaint")],
        [words.plain("privacy.automatic.title"), words.plain("privacy.automatic")],
    )


def _who(facts: Facts, words: Words) -> list[str]:
    controller, dpo = facts.privacy.controller, facts.privacy.dpo
    return [
        words.plain("privacy.who.title"),
        words.plain(
            "privacy.who", name=controller.name, address=controller.address, contact=controller.contact
        )
        if isinstance(controller, Controller)
        else words.plain("privacy.who.none"),
        words.plain("privacy.dpo", contact=dpo.contact)
        if isinstance(dpo, Dpo)
        else words.plain("privacy.dpo.none"),
    ]


def why(words: Words) -> list[str]:
    """Return the title and the sentences of one section: what the data are for."""
    return [
        words.plain("privacy.why.title"),
        words.plain("privacy.why"),
        words.plain("privacy.totals"),
        words.plain("privacy.papers"),
        words.plain("privacy.guard"),
    ]


def ground(facts: Facts, words: Words) -> list[str]:
    """Return the title and the sentences of one section: the legal ground."""
    kind, text = facts.privacy.ground, facts.privacy.legal_text
    lines = [words.plain("privacy.ground.title"), words.plain(f"privacy.ground.{kind}")]
    if text is not None:
        lines.append(words.plain("privacy.legal", text=text))
    return [*lines, words.plain(f"privacy.button.{'consent' if kind == 'consent' else 'choice'}")]


def _data(facts: Facts, channel: str, words: Words) -> list[str]:
    lines = [
        words.plain("privacy.data.title"),
        words.plain(f"privacy.address.{channel}"),
        words.plain("privacy.data.settings"),
        words.plain("privacy.data.course"),
        words.plain("privacy.data.paper"),
        words.plain("privacy.data.messages"),
        words.plain("privacy.data.notice"),
    ]
    if facts.access == "code":
        lines.append(words.plain("privacy.data.code"))
    sealed = words.plain("privacy.sealed" if facts.privacy.sealed else "privacy.clear")
    return [*lines, words.plain("privacy.data.admins"), words.plain("privacy.data.source"), sealed]


def _recipients(facts: Facts, channel: str, words: Words) -> list[str]:
    host = facts.privacy.host
    lines = [
        words.plain("privacy.recipients.title"),
        words.plain("privacy.recipients.operators"),
        words.plain("privacy.recipients.admins"),
    ]
    if host is not None:
        lines.append(
            words.plain("privacy.recipients.host", name=host.name, country=_country(host.country, words))
        )
    lines.append(words.plain(f"privacy.recipients.{channel}", server=facts.server))
    lines += [words.plain("privacy.recipients.other", name=name) for name in facts.privacy.recipients]
    return [*lines, words.plain("privacy.recipients.nobody")]


def _transfers(facts: Facts, channel: str, words: Words) -> list[str]:
    host = facts.privacy.host
    where = "unknown" if host is None else "inside" if host.country in EEA.split() else "outside"
    country = "" if host is None else _country(host.country, words)
    return [
        words.plain("privacy.transfers.title"),
        words.plain(f"privacy.host.{where}", country=country),
        words.plain(f"privacy.transfers.{channel}", server=facts.server),
    ]


def _durations(facts: Facts, words: Words) -> list[str]:
    privacy, retention = facts.privacy, facts.retention
    newcomers = words.plain("time.day") if facts.access == "code" else _lasting(words, facts.newcomers_kept)
    return [
        words.plain("privacy.kept.title"),
        words.plain("privacy.kept.course"),
        words.plain("privacy.kept.silence", time=_lasting(words, privacy.inactive)),
        words.plain("privacy.kept.answers", time=_lasting(words, retention.answers)),
        words.plain("privacy.kept.messages", time=_lasting(words, retention.messages)),
        words.plain("privacy.kept.paper", time=_lasting(words, retention.attestations)),
        words.plain("privacy.kept.newcomers", time=newcomers),
        words.plain("privacy.kept.erased"),
        words.plain("privacy.kept.admins", time=_lasting(words, privacy.audit)),
        words.plain("privacy.kept.backups", time=_lasting(words, privacy.backups)),
    ]


def _rights(facts: Facts, words: Words) -> list[str]:
    kind = facts.privacy.ground
    lines = [
        words.plain("privacy.rights.title"),
        *(words.plain(f"privacy.rights.{name}") for name in ("access", "rectify", "erase")),
    ]
    lines.append(words.plain(f"privacy.leave.{kind}"))
    if kind == "consent":
        lines.append(words.plain("privacy.rights.portability"))
    return [*lines, *(words.plain(f"privacy.rights.{name}") for name in ("restrict", "death", "how"))]


def _lasting(words: Words, time: timedelta) -> str:
    return words.plain("time.month") if time == timedelta(days=30) else words.many("time.days", time.days)


def _country(code: str, words: Words) -> str:
    return str(Locale(words.language).territories.get(code, code))


@cache
def forms(facts: Facts) -> dict[str, Any]:
    """Return the notice in every language and for every channel that runs, as it is archived."""
    return {
        language: {
            channel: {
                SHORT: short(facts, channel, words_of(language)),
                WHOLE: whole(facts, channel, words_of(language)),
            }
            for channel in facts.channels
        }
        for language in LANGUAGES
    }
