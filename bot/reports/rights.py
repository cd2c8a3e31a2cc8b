# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The rights of people, each with the word that uses it and the test that holds it."""

from __future__ import annotations

from bot.reports.document import Claim, Claims

RIGHTS = Claims(
    (
        Claim(
            "Information, avant toute chose puis à tout moment : « confidentialite »",
            (
                "test_whatever_the_first_word_is_the_notice_comes_first",
                "test_the_whole_comes_as_a_file_in_every_state",
            ),
        ),
        Claim(
            "Accès et copie : « mesdonnees » envoie un fichier",
            ("test_my_data_hold_all_that_is_kept", "test_data_help_and_erasure_work_in_every_state"),
        ),
        Claim("Rectification : « rectifier », « reglages »", ("test_rectifying_shows_the_settings",)),
        Claim(
            "Effacement : « oublier », avec une confirmation",
            (
                "test_each_word_asks_once_and_only_its_own_answers_erase",
                "test_nothing_is_left_in_any_file_while_the_service_runs",
            ),
        ),
        Claim(
            "Opposition : « opposition » arrête tout et sort la personne des chiffres",
            (
                "test_an_objection_stops_everything_at_once",
                "test_an_objection_takes_a_person_out_of_every_figure",
            ),
        ),
        Claim(
            "Limitation : « opposition », puis « garder sans utiliser »",
            ("test_limited_data_are_kept_at_any_age",),
        ),
    )
)
