# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The measures that protect the data, each with what was found of it at the moment of the document."""

from __future__ import annotations

from bot.reports.data import days
from bot.reports.document import Claim, Said, Table
from bot.reports.situation import Situation, has_key
from bot.talk.admin import FEWEST_COUNTED
from config.fields import WAIVED
from storage import dialects

NOT_LOOKED = "non regardé : les essais le tiennent, le document ne le constate pas"


def measures(situation: Situation) -> Table:
    """Return every measure, in force or not: what was found says which."""
    rows = [*_of_data(situation), *_of_people(situation), *_of_channels(situation)]
    return Table(("La mesure", "Constaté à la date du document"), rows, "mesures")


def _of_data(situation: Situation) -> list[tuple[Said, Said]]:
    settings, files = situation.settings, situation.files
    return [
        (_sealed(situation), key_found(situation)),
        (
            Claim(
                "Les fichiers ne sont lisibles que par le compte du service",
                ("test_files_that_others_can_read_are_named_and_run_keeps_its_own_to_itself",),
            ),
            _rights(situation),
        ),
        (
            Claim(
                "Un effacement atteint tous les fichiers du service en marche, sauf les copies de sauvegarde",
                (
                    "test_nothing_tells_of_whoever_was_erased_on_telegram_while_the_bot_runs",
                    "test_nothing_tells_of_whoever_was_erased_on_matrix_while_the_bot_runs",
                    "test_nothing_is_left_in_any_file_while_the_service_runs",
                ),
            ),
            f"{NOT_LOOKED}. Base PostgreSQL : ses fichiers peuvent garder d’anciennes lignes un temps"
            if dialects.is_server(settings.database)
            else f"{NOT_LOOKED}. Base SQLite, réglée pour écraser ce qui est effacé",
        ),
        (
            Claim(
                "Une copie remise en service ne ramène pas les personnes effacées depuis, si l’on donne le "
                "journal des effacements",
                ("test_a_backup_brings_nobody_back_who_was_erased_since",),
            ),
            "le journal des effacements peut être écrit ; aucune remise en service n’a été essayée ici"
            if files.journal
            else "NON : le journal des effacements ne peut pas être écrit",
        ),
        (
            Claim(
                "Les copies faites la nuit par la tâche fournie (systemd) sont supprimées quand elles ont l’âge réglé",
                ("test_the_backup_of_the_night_is_made_and_old_ones_go",),
            ),
            copies_found(situation),
        ),
    ]


def _sealed(situation: Situation) -> Said:
    text = (
        "Les comptes des personnes sont chiffrés dans la base par une clé gardée à part : une copie volée de la base "
        "ne donne pas les comptes"
    )
    # Tests beside a measure that is not in force would read as a proof of it.
    if not has_key(situation.settings):
        return f"{text} (mesure possible, non en service)"
    if not is_sealed(situation):
        return f"{text} (mesure réglée, non achevée)"
    return Claim(
        text,
        (
            "test_a_copy_of_a_sealed_database_holds_no_address",
            "test_people_talk_and_no_table_holds_where_they_are_reached",
        ),
    )


def _of_people(situation: Situation) -> list[tuple[Said, Said]]:
    settings = situation.settings
    rows: list[tuple[Said, Said]] = [
        (
            Claim(
                f"Dans la messagerie, aucun chiffre n’est donné quand moins de {FEWEST_COUNTED} personnes suivent "
                f"le cours, et "
                f"aucun nombre de 1 à {FEWEST_COUNTED - 1} ensuite",
                (
                    "test_figures_of_few_people_would_speak_of_a_person_and_are_not_given",
                    "test_a_small_figure_among_large_ones_is_not_given_either",
                ),
            ),
            f"seuil fixé dans le programme : {FEWEST_COUNTED} ; aucun réglage ne l’abaisse",
        ),
        (
            Claim(
                "Les mesures de surveillance technique ne nomment personne",
                ("test_its_health_and_measures_can_be_read_and_name_nobody",),
            ),
            "aucune page de mesures n’est ouverte"
            if settings.metrics.listen == WAIVED
            else f"page de mesures à l’adresse {settings.metrics.listen}",
        ),
        (
            Claim(
                "Le journal du service ne dit ni qui, ni ce qui a été répondu, ni un mot de passe",
                (
                    "test_no_log_tells_the_secret_or_what_was_said",
                    "test_no_secret_of_the_settings_is_ever_said",
                ),
            ),
            f"{NOT_LOOKED}. Détail réglé : « {settings.log.level} »",
        ),
        (
            Claim(
                "Dans la messagerie, les chiffres et les publications sont réservés aux administrateurs",
                ("test_figures_and_files_are_for_admins_only",),
            ),
            f"administrateurs nommés dans les réglages : {len(settings.admins)} (c’est le seul moyen d’en être un)",
        ),
    ]
    if settings.access == "code":
        code = Claim(
            "Nul ne commence sans un code d’inscription",
            (
                "test_a_stranger_gets_one_sentence_and_leaves_no_prompt",
                "test_a_code_is_made_shown_once_and_kept_as_a_hash",
            ),
        )
        rows.append((code, "code demandé"))
    return rows


def _of_channels(situation: Situation) -> list[tuple[Said, Said]]:
    matrix = situation.settings.channels.matrix
    if matrix is None:
        return []
    if matrix.store_key.get_secret_value() == WAIVED:
        text: Said = "Les clés du dossier Matrix sont chiffrées (mesure possible, non en service)"
    else:
        text = Claim(
            "Les clés du dossier Matrix sont chiffrées", ("test_no_secret_can_be_read_from_the_folder",)
        )
    return [(text, store_found(situation))]


def store_found(situation: Situation) -> str:
    """Return whether the keys in the folder of Matrix are encrypted."""
    matrix = situation.settings.channels.matrix
    if matrix is None:
        return "sans objet"
    if matrix.store_key.get_secret_value() == WAIVED:
        return "NON : le réglage store_key y renonce"
    return "oui : une clé est réglée"


def is_sealed(situation: Situation) -> bool:
    """Tell whether nothing was found in clear of what the key encrypts."""
    held = situation.held
    return bool(held.key) and not held.in_clear and not held.replies_in_clear


def key_found(situation: Situation) -> str:
    """Return whether addresses are encrypted, as it was found."""
    held = situation.held
    if not held.key:
        if has_key(situation.settings):
            return "pas encore : une clé est réglée ; le chiffrement commence au prochain démarrage"
        return "NON : aucune clé n’est donnée, les comptes sont en clair dans la base"
    if held.in_clear:
        return f"en cours ; comptes encore en clair : {held.in_clear}"
    if held.replies_in_clear:
        return "en cours ; des réponses déjà écrites peuvent encore contenir un compte en clair"
    return "oui : aucun compte en clair"


def copies_found(situation: Situation) -> str:
    """Return what was found of copies beside the database; none at all is worth a warning."""
    files, kept = situation.files, days(situation.settings.privacy.backups)
    if not files.copies:
        return (
            "ATTENTION : aucune copie trouvée près de la base. Si elles sont ailleurs, dites où ; sinon il "
            "n’y a pas de sauvegarde"
        )
    return f"copies trouvées : {files.copies} ; plus anciennes que {kept} : {files.old_copies}"


def _rights(situation: Situation) -> str:
    files = situation.files
    if files.loose:
        return f"NON : fichiers lisibles par d’autres, {files.loose} sur {files.number} ; « iaventure check » les nomme"
    if not files.number:
        return "aucun fichier à regarder"
    if files.number == 1:
        return "oui, pour le seul fichier regardé"
    return f"oui, pour les {files.number} fichiers regardés"
