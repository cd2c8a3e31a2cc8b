# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The accessibility statement: what messages and papers guarantee. A rate cannot be generated: it takes an audit."""

from __future__ import annotations

from bot.reports import who
from bot.reports.document import Claim, Claims, Document, Section, fields
from bot.reports.law import law
from bot.reports.situation import Situation

NAME = "accessibilite"
CLAIMS = (
    Claim(
        "tout ce que montre une image est dit en texte à côté",
        (
            "test_where_no_picture_is_shown_the_text_says_all_and_a_paper_is_said",
            "test_a_picture_without_a_text_says_its_alternative",
        ),
    ),
    Claim(
        "chacun peut renoncer aux images, et n’y perd rien",
        (
            "test_text_alone_is_wanted_in_few_words",
            "test_text_alone_says_all_that_it_said_beside_the_picture",
        ),
    ),
    Claim(
        "l’attestation est un PDF où un lecteur d’écran trouve la langue, le titre, les titres de partie et les "
        "tableaux",
        ("test_a_screen_reader_finds_language_title_headings_tables_and_fonts",),
    ),
    Claim(
        "sur Matrix et Tchap, les leçons ont des titres, des paragraphes et des listes qu’un lecteur d’écran annonce",
        ("test_every_lesson_has_a_heading_paragraphs_and_folded_sources",),
    ),
    Claim(
        "tout peut être fait en écrivant, sans bouton",
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
            Section("Le document", [situation.made]),
            Section("Ce que demande le droit à cette date", [text, age]),
            Section(
                "État",
                [
                    "Aucun audit n’est connu du programme. Sans audit, le service est à déclarer non conforme.",
                    fields(
                        ("Organisme", who.controller(situation.facts)),
                        ("Audit : par qui, quand, référentiel", None),
                        ("Taux et état, selon l’audit", None),
                        ("Contenus non accessibles, et dérogations", None),
                        ("Contact pour signaler un défaut", None),
                        ("Voies de recours", None),
                        ("Date de la déclaration", None),
                    ),
                ],
            ),
            Section("Ce que nos messages et nos documents garantissent", [Claims(CLAIMS)]),
            Section(
                "Ce qui n’a pas été vérifié",
                [
                    (
                        "L’application de messagerie elle-même (Tchap, Element, Telegram) n’est pas la nôtre : sa "
                        "propre déclaration fait "
                        "foi. Aucun essai avec des personnes handicapées n’est connu du programme."
                    ),
                ],
            ),
        ],
    )
