# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The notice as people read it, in both layers and for each channel that runs: GDPR articles 13 and 14."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.notice import texts
from bot.reports import who
from bot.reports.document import (
    TO_COMPLETE,
    Block,
    Bullets,
    Claim,
    Claims,
    Document,
    Kind,
    Section,
    Text,
    unsaid,
)
from bot.reports.opening import opening
from bot.reports.situation import Situation
from bot.wording import words_of
from lessons import markup

NAME = "information"
CHANNELS = {"telegram": "Telegram", "matrix": "Matrix, Tchap", "console": "Terminal"}


HELD: Mapping[str, tuple[str, ...]] = {
    "privacy.who.title": (
        "test_the_whole_has_each_point_of_articles_13_and_14",
        "test_where_nobody_is_named_the_notice_says_so",
    ),
    "privacy.why.title": ("test_the_whole_has_each_point_of_articles_13_and_14",),
    "privacy.ground.title": ("test_only_consent_is_called_consent",),
    "privacy.data.title": (
        "test_each_table_and_column_about_people_is_in_the_file_or_on_the_list_with_a_reason",
        "test_whether_addresses_are_sealed_is_said",
        "test_a_code_finds_its_attestation_and_nothing_kept_tells_the_name_or_the_code",
    ),
    "privacy.must.title": ("test_a_learner_pauses_comes_back_and_leaves_for_good",),
    "privacy.recipients.title": (
        "test_the_figures_name_nobody",
        "test_figures_of_few_people_would_speak_of_a_person_and_are_not_given",
        "test_a_learner_verifies_a_paper_with_and_without_the_name",
    ),
    "privacy.transfers.title": (
        "test_where_the_host_is_decides_on_what_is_said_of_transfers",
        "test_telegram_is_said_to_be_outside_the_union_and_to_read_what_is_written",
    ),
    "privacy.kept.title": (
        "test_durations_come_from_the_settings",
        "test_each_kind_of_row_goes_with_the_night_after_its_duration_and_not_before",
        "test_everything_goes_at_once_but_the_address_which_goes_with_the_goodbye",
        "test_who_stays_silent_is_erased_a_month_later_with_a_line_in_the_journal",
    ),
    "privacy.rights.title": (
        "test_my_data_hold_all_that_is_kept",
        "test_rectifying_shows_the_settings",
        "test_each_word_asks_once_and_only_its_own_answers_erase",
        "test_an_objection_stops_everything_at_once",
        "test_limited_data_are_kept_at_any_age",
    ),
    "privacy.complaint.title": ("test_the_whole_has_each_point_of_articles_13_and_14",),
    "privacy.automatic.title": ("test_no_package_of_a_model_or_of_an_ai_service_runs",),
}
"""What holds each section of the notice, by the key of its title."""
FIRST = (
    "test_the_short_layer_says_who_why_how_long_where_and_what_to_type",
    "test_the_short_layer_fits_a_phone_whatever_the_names_and_durations",
)


def document(situation: Situation) -> Document:
    """Return both layers."""
    facts = situation.facts
    version = situation.held.notice or "aucune n’a encore été montrée"
    sections = [
        opening(
            situation,
            Text(
                f"Version publiée en dernier : {version}. Ce document donne l’information que les réglages "
                "d’aujourd’hui produisent.",
                Kind.FOUND,
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
        )
    ]
    for channel in facts.channels:
        sections += _layers(situation, channel)
    sections.append(
        unsaid(
            "Pourquoi cette base légale et ces durées : l’organisme les choisit et les justifie.",
            "Ce qui encadre un transfert hors de l’Union, quand il y en a un.",
            "Comment l’organisme répond aux demandes faites hors du robot.",
        )
    )
    return Document(NAME, "L’information donnée aux personnes (RGPD, articles 13 et 14)", sections)


def _layers(situation: Situation, channel: str) -> Iterator[Section]:
    facts, words = situation.facts, words_of("fr")
    name = CHANNELS.get(channel, channel)
    first = markup.plain(texts.short(facts, channel, words)).split("\n")
    quoted = [Text(line, Kind.READING) for line in first if line.strip()]
    yield Section(f"{name} : ce qui est lu dans la conversation", [*quoted, Claims([_held(FIRST)])])
    held = {words.plain(key): tests for key, tests in HELD.items()}
    for title, *lines in texts.sections(facts, channel, words):
        yield Section(f"{name} : {title}", [*_blocks(lines), Claims([_held(held[title])])])


def _held(tests: tuple[str, ...]) -> Claim:
    return Claim("ce que cette partie dit du programme", tests)


def _blocks(lines: list[str]) -> Iterator[Block]:
    """Yield paragraphs, and what stands as a list as a list."""
    items: list[Text | Claim] = []
    for line in lines:
        if line.startswith("• "):
            items.append(Text(line.removeprefix("• ").rstrip(" ;\u00a0"), Kind.READING))
            continue
        if items:
            yield Bullets(items)
            items = []
        yield Text(line or TO_COMPLETE, Kind.READING)
    if items:
        yield Bullets(items)
