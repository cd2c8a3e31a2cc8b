# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The measures that protect the data, each with what was found of it at the moment of the document."""

from __future__ import annotations

from bot.reports.data import days
from bot.reports.document import Claim, Claims
from bot.reports.situation import Situation, has_key
from bot.talk.admin import FEWEST_COUNTED
from config.fields import WAIVED
from storage import dialects


def measures(situation: Situation) -> Claims:
    """Return every measure, in force or not: what was found says which."""
    settings, files = situation.settings, situation.files
    claims = [
        Claim(
            "Les adresses des personnes sont chiffrées dans la base par une clé gardée à part : une copie volée "
            "ne dit pas "
            "de qui elle parle",
            (
                "test_a_copy_of_a_sealed_database_holds_no_address",
                "test_people_talk_and_no_table_holds_where_they_are_reached",
            ),
            _key(situation),
        ),
        Claim(
            "Les fichiers ne sont lisibles que par le compte du service",
            ("test_files_that_others_can_read_are_named_and_run_keeps_its_own_to_itself",),
            _rights(situation),
        ),
        Claim(
            "Un effacement est réel dans tous les fichiers, service en marche",
            (
                "test_nothing_tells_of_whoever_was_erased_on_telegram_while_the_bot_runs",
                "test_nothing_tells_of_whoever_was_erased_on_matrix_while_the_bot_runs",
                "test_nothing_is_left_in_any_file_while_the_service_runs",
            ),
            "base PostgreSQL : les pages libérées peuvent garder d’anciennes lignes jusqu’à ce qu’elles resservent"
            if dialects.is_server(settings.database)
            else "base SQLite : ce qui est effacé est écrasé",
        ),
        Claim(
            "Une copie remise en service ne ramène pas les personnes effacées depuis",
            ("test_a_backup_brings_nobody_back_who_was_erased_since",),
            "le journal des effacements peut être écrit"
            if files.journal
            else "NON : le journal des effacements ne peut pas être écrit",
        ),
        Claim(
            "Les copies de la nuit, par l’unité systemd fournie, s’en vont d’elles-mêmes ; les autres copies "
            "relèvent de l’exploitant",
            ("test_the_backup_of_the_night_is_made_and_old_ones_go",),
            f"copies trouvées près de la base : {files.copies}, dont plus anciennes que "
            f"{days(settings.privacy.backups)} : {files.old_copies}",
        ),
        Claim(
            f"Les chiffres de la messagerie ne sont pas donnés quand moins de {FEWEST_COUNTED} personnes suivent "
            "le cours",
            ("test_figures_of_few_people_would_speak_of_a_person_and_are_not_given",),
            f"seuil en vigueur : {FEWEST_COUNTED}",
        ),
        Claim(
            "Les mesures de supervision ne nomment personne",
            ("test_its_health_and_measures_can_be_read_and_name_nobody",),
            "aucune page de mesures"
            if settings.metrics.listen == WAIVED
            else f"page de mesures à l’adresse {settings.metrics.listen}",
        ),
        Claim(
            "Les journaux ne disent ni qui, ni ce qui a été répondu, ni un secret",
            ("test_no_log_tells_the_secret_or_what_was_said", "test_no_secret_of_the_settings_is_ever_said"),
            f"niveau du journal : {settings.log.level}",
        ),
        Claim(
            "Les chiffres et les publications sont réservés aux personnes nommées dans les réglages",
            ("test_figures_and_files_are_for_admins_only",),
            f"adresses nommées : {len(settings.admins)}",
        ),
    ]
    if settings.access == "code":
        claims.append(
            Claim(
                "Nul ne commence sans un code",
                (
                    "test_a_stranger_gets_one_sentence_and_leaves_no_prompt",
                    "test_a_code_is_made_shown_once_and_kept_as_a_hash",
                ),
                "code demandé",
            )
        )
    matrix = settings.channels.matrix
    if matrix is not None:
        claims.append(
            Claim(
                "Le dossier des clés Matrix est chiffré",
                ("test_no_secret_can_be_read_from_the_folder",),
                "NON : le réglage store_key y renonce"
                if matrix.store_key.get_secret_value() == WAIVED
                else "oui",
            )
        )
    return Claims(claims)


def _key(situation: Situation) -> str:
    held = situation.held
    if not held.key_fits:
        return "NON : la clé des réglages n’est pas celle de la base"
    if not held.key:
        if has_key(situation.settings):
            return (
                "pas encore : une clé est donnée, le service commencera à chiffrer à son prochain démarrage"
            )
        return "NON : aucune clé n’est donnée, les adresses sont en clair dans la base"
    if held.in_clear:
        return f"en cours ; adresses encore en clair : {held.in_clear}"
    return "oui : aucune adresse en clair"


def _rights(situation: Situation) -> str:
    files = situation.files
    if files.loose:
        return f"NON : {files.loose} sur {files.number} fichiers sont lisibles par d’autres ; « iaventure check » les nomme"
    return f"oui ; fichiers trouvés : {files.number}"
