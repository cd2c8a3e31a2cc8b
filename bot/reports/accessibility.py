# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The accessibility statement: what tests check of messages and papers. A rate cannot be generated: it takes an audit."""

from __future__ import annotations

from bot.reports import who
from bot.reports.document import Claim, Claims, Document, Kind, Section, Text, fields, unsaid
from bot.reports.law import law
from bot.reports.opening import opening
from bot.reports.situation import Situation

NAME = "accessibilite"
CLAIMS = (
    Claim(
        "ce que montre une image est aussi dit en texte, à côté",
        (
            "test_where_no_picture_is_shown_the_text_says_all_and_a_paper_is_said",
            "test_a_picture_without_a_text_says_its_alternative",
        ),
    ),
    Claim(
        "qui renonce aux images reçoit le même contenu en texte",
        (
            "test_text_alone_is_wanted_in_few_words",
            "test_text_alone_says_all_that_it_said_beside_the_picture",
        ),
    ),
    Claim(
        "l’attestation est un PDF où un lecteur d’écran trouve la langue, le titre, les titres de partie et "
        "les tableaux",
        ("test_a_screen_reader_finds_language_title_headings_tables_and_fonts",),
    ),
    Claim(
        "sur Matrix et Tchap, les leçons ont des titres, des paragraphes et des listes qu’un lecteur "
        "d’écran annonce",
        ("test_every_lesson_has_a_heading_paragraphs_and_folded_sources",),
    ),
    Claim(
        "on commence, on demande ses données et on les efface en écrivant, sans bouton",
        (
            "test_data_and_erasure_are_typed_where_nothing_can_be_pressed",
            "test_a_yes_to_the_notice_may_be_said_in_many_ways",
        ),
    ),
)


def document(situation: Situation) -> Document:
    """Return the statement, as it must read without an audit."""
    text, age = law().says("accessibility", situation.today)
    return Document(
        NAME,
        "Déclaration d’accessibilité (modèle à compléter)",
        [
            opening(situation),
            Section("Ce que demande le droit à cette date", [Text(text, Kind.LAW), Text(age, Kind.LAW)]),
            Section(
                "État",
                [
                    Text(
                        "Aucun audit n’est connu du programme. Sans audit, le service est à déclarer non "
                        "conforme.",
                        Kind.LIMIT,
                    ),
                    fields(
                        ("Organisme", who.controller(situation.facts)),
                        ("Audit : par qui, quand, référentiel", None),
                        ("Taux et état, selon l’audit", None),
                        ("Contenus non accessibles, et dérogations", None),
                        ("Contact pour signaler un défaut", who.contact(situation.facts)),
                        ("Voies de recours", None),
                        ("Où la déclaration est publiée", None),
                        ("Date de la déclaration", None),
                    ),
                ],
            ),
            Section("Ce que des essais vérifient des messages et de l’attestation", [Claims(CLAIMS)]),
            unsaid(
                "L’accessibilité de l’application de messagerie (Tchap, Element, Telegram) : voyez sa "
                "propre déclaration. Sur Telegram, une leçon n’a pas de titres qu’un lecteur d’écran "
                "distingue.",
                "Si des personnes handicapées s’en servent sans peine : aucun essai avec elles n’est connu "
                "du programme.",
                "Contraste, dyslexie, langue simple, aménagement de poste : rien n’a été mesuré.",
                "L’accessibilité de ces documents eux-mêmes.",
            ),
        ],
    )
