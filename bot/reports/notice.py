# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The notice as people read it, in both layers and for each channel that runs: GDPR articles 13 and 14."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.notice import texts
from bot.reports import promises
from bot.reports.document import Block, Bullets, Claim, Document, Said, Section
from bot.reports.situation import Situation
from bot.reports.values import compose
from bot.talk.topics import COMMANDS
from bot.wording import Markdown, words_of
from lessons import markup

NAME = "information"
CHANNELS = {"telegram": "Sur Telegram", "matrix": "Sur Tchap et Matrix", "console": "Au terminal"}
_FIRST = (
    "test_the_short_layer_says_who_why_how_long_where_and_what_to_type",
    "test_durations_come_from_the_settings",
    "test_stop_can_keep_the_progress",
    "test_an_objection_stops_everything_at_once",
    "test_the_whole_comes_as_a_file_in_every_state",
    "test_my_data_hold_all_that_is_kept",
    "test_each_word_asks_once_and_only_its_own_answers_erase",
)


def document(situation: Situation) -> Document:
    """Return both layers."""
    version = situation.held.notice or "aucune n’a encore été montrée"
    made = compose(NAME, "notice", situation, {}, version=version)
    layers = [section for channel in situation.facts.channels for section in _layers(situation, channel)]
    return replace(made, sections=[*made.sections, *layers])


def _layers(situation: Situation, channel: str) -> Iterator[Section]:
    facts, words = situation.facts, words_of("fr")
    where = CHANNELS.get(channel, channel)
    first = texts.short(facts, channel, words)
    for word in COMMANDS:
        first = Markdown(first.replace(f"**{word}**", f"« {word} »"))
    lines = [Claim(line, _FIRST) for line in markup.plain(first).split("\n") if line.strip()]
    yield Section(f"{where} : le premier message", lines)
    blocks: list[Block] = []
    for place, (title, *rest) in enumerate(texts.sections(facts, channel, words), 1):
        blocks += [f"Point {place}. {title}", *_blocks(rest)]
    yield Section(f"{where} : le texte complet (« confidentialite »)", blocks)


def _blocks(lines: list[str]) -> Iterator[Block]:
    """Yield paragraphs, and what stands as a list as a list."""
    items: list[Said] = []
    for line in lines:
        shown = line.removeprefix("• ").rstrip(" ;\u00a0")
        if line.startswith("• "):
            items.append(promises.said(line, shown, words_of("fr")))
            continue
        if items:
            yield Bullets(items)
            items = []
        yield promises.said(line, shown, words_of("fr"))
    if items:
        yield Bullets(items)
