# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The notice as people read it, in both layers and for each channel that runs: GDPR articles 13 and 14."""

from __future__ import annotations

from collections.abc import Iterator

from bot.notice import texts
from bot.reports import who
from bot.reports.document import TO_COMPLETE, Block, Bullets, Claim, Claims, Document, Section
from bot.reports.situation import Situation
from bot.wording import words_of
from lessons import markup

NAME = "information"
CHANNELS = {"telegram": "Telegram", "matrix": "Matrix, Tchap", "console": "terminal"}


def document(situation: Situation) -> Document:
    """Return both layers."""
    facts = situation.facts
    version = situation.held.notice or "aucune n’a encore été montrée"
    sections = [
        Section(
            "Le document",
            [
                situation.made,
                (
                    f"Version publiée en dernier : {version}. Ce document donne celle que font les réglages "
                    "d’aujourd’hui."
                ),
                who.people(facts),
                Claims(
                    [
                        Claim(
                            "l’information est montrée avant tout, et chaque version montrée est gardée",
                            (
                                "test_whatever_the_first_word_is_the_notice_comes_first",
                                "test_a_notice_is_archived_once_and_a_former_one_is_found_again",
                            ),
                        ),
                        Claim(
                            "un changement important est dit à chacun, en tête de son message suivant",
                            (
                                "test_a_material_change_is_told_once_above_the_next_lesson_which_comes",
                                "test_a_material_change_is_told_above_a_reply_and_an_edit_does_not_carry_it",
                            ),
                        ),
                    ]
                ),
            ],
        )
    ]
    for channel in facts.channels:
        sections += _layers(situation, channel)
    return Document(NAME, "L’information donnée aux personnes (RGPD, articles 13 et 14)", sections)


def _layers(situation: Situation, channel: str) -> Iterator[Section]:
    facts, words = situation.facts, words_of("fr")
    name = CHANNELS.get(channel, channel)
    first = markup.plain(texts.short(facts, channel, words)).split("\n")
    yield Section(f"{name} : ce qui est lu dans la conversation", [line for line in first if line.strip()])
    for title, *lines in texts.sections(facts, channel, words):
        yield Section(f"{name} : {title}", list(_blocks(lines)))


def _blocks(lines: list[str]) -> Iterator[Block]:
    """Yield paragraphs, and what stands as a list as a list."""
    items: list[str] = []
    for line in lines:
        if line.startswith("• "):
            items.append(line.removeprefix("• ").rstrip(" ;\u00a0"))
            continue
        if items:
            yield Bullets(items)
            items = []
        yield line or TO_COMPLETE
    if items:
        yield Bullets(items)
