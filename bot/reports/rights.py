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
            "Accès et copie : « mesdonnees » envoie un fichier de ce que la base garde de la personne, et "
            "dit ce qui n’y est pas, avec la raison",
            (
                "test_my_data_hold_all_that_is_kept",
                "test_data_help_and_erasure_work_in_every_state",
                "test_each_table_and_column_about_people_is_in_the_file_or_on_the_list_with_a_reason",
            ),
        ),
        Claim(
            "Rectification par la personne elle-même : « rectifier » pour le rôle, la langue, les heures et "
            "les jours, aussi après une opposition ; une réponse donnée ne se change pas",
            (
                "test_rectifying_shows_the_settings",
                "test_who_objected_corrects_role_and_language_and_nothing_is_planned",
            ),
        ),
        Claim(
            "Effacement : « oublier », avec une confirmation",
            (
                "test_each_word_asks_once_and_only_its_own_answers_erase",
                "test_nothing_is_left_in_any_file_while_the_service_runs",
            ),
        ),
        Claim(
            "Opposition : « opposition » arrête les envois et sort la personne des chiffres ; ce qui est "
            "gardé s’efface avec l’âge, comme le reste",
            (
                "test_an_objection_stops_everything_at_once",
                "test_an_objection_takes_a_person_out_of_every_figure",
                "test_opposed_data_still_go_with_age",
            ),
        ),
        Claim(
            "Limitation : « opposition », puis « garder sans utiliser » ; ce qui est gardé l’est alors "
            "jusqu’à ce que la personne en décide autrement",
            ("test_limited_data_are_kept_at_any_age",),
        ),
    )
)
