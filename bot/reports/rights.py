# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The rights of people, each with the word that uses it and the tests that hold it."""

from __future__ import annotations

from bot.reports.document import Bullets, Claim

RIGHTS = Bullets(
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
        Claim(
            "Rectification : « rectifier » dit ce qui se corrige et montre les réglages (langue, rôle, jours, "
            "heures), que chacun change ; "
            "les réponses restent telles qu’elles ont été données, ou s’effacent toutes",
            (
                "test_rectifying_shows_the_settings",
                "test_each_value_that_the_settings_show_can_be_typed_back",
            ),
        ),
        Claim(
            "Effacement : « oublier », avec une confirmation ; les copies de sauvegarde gardent la donnée jusqu’à leur fin",
            (
                "test_each_word_asks_once_and_only_its_own_answers_erase",
                "test_nothing_is_left_in_any_file_while_the_service_runs",
            ),
        ),
        Claim(
            "Opposition : « opposition » arrête tout envoi et sort la personne des chiffres ; ses données "
            "restent jusqu’au bout de leur durée, "
            "comme les autres",
            (
                "test_an_objection_stops_everything_at_once",
                "test_an_objection_takes_a_person_out_of_every_figure",
                "test_opposed_data_still_go_with_age",
            ),
        ),
        Claim(
            "Limitation : « opposition », puis « garder sans utiliser » ; rien n’est alors effacé avec le temps, "
            "jusqu’à ce que la "
            "personne en décide",
            ("test_limited_data_are_kept_at_any_age",),
        ),
    )
)
