# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How long each kind of data is kept, by which setting, and why: a reason is proposed, the controller gives it."""

from __future__ import annotations

from bot.notice.facts import Facts
from bot.reports import data
from bot.reports.document import TO_COMPLETE, Claim, Said, Table

_FIXED = "fixée dans le programme"
_WHY: dict[str, tuple[str, str, str, tuple[str, ...]]] = {
    "course": (
        "Durée du cours : inscription, parcours, leçons, totaux, révisions",
        "privacy.inactive",
        "tant que la personne suit ; le silence vaut départ",
        (
            "test_the_silent_are_told_once_at_an_hour_of_their_own",
            "test_a_person_silent_in_every_room_is_erased",
        ),
    ),
    "answers": (
        "Détail des réponses",
        "retention.answers",
        "reposer une question sur un an, et compter les jours de suite",
        ("test_progress_streak_and_figures_are_the_same_when_their_answers_are_gone",),
    ),
    "messages": (
        "Messages envoyés, menus",
        "retention.messages",
        "ne pas envoyer deux fois ; répondre à un vieux bouton",
        ("test_the_notice_says_how_long_messages_are_kept_here",),
    ),
    "attestations": (
        "Attestations",
        "retention.attestations",
        "laisser vérifier une attestation remise",
        ("test_a_code_finds_its_attestation_and_nothing_kept_tells_the_name_or_the_code",),
    ),
    "codes": (
        "Codes essayés en vain",
        _FIXED,
        "borner les essais à l’heure",
        ("test_codes_that_were_wrong_or_have_ended_go_with_the_night",),
    ),
    "staff": (
        "Compte d’un administrateur",
        "privacy.audit",
        "savoir qui a publié ou annoncé, le temps d’une contestation",
        ("test_a_name_is_forgotten_long_after_its_last_right_and_last_act",),
    ),
    "erasures": (
        "Effacements (identifiant sans nom)",
        "privacy.backups",
        "effacer aussi d’une copie remise en service",
        ("test_rows_and_lines_go_with_the_oldest_copy",),
    ),
}


def table(facts: Facts) -> Table:
    """Return the durations that somebody chose, each with its setting and a reason to confirm."""
    lasting = data.durations(facts)
    rows: list[tuple[Said, ...]] = [
        (title, Claim(lasting[name], tests), setting, f"{TO_COMPLETE} (proposition : {why})")
        for name, (title, setting, why, tests) in _WHY.items()
    ]
    rows.append(
        (
            "Autant que la base : registre des actes, annonces, versions des leçons",
            "sans fin prévue",
            "aucun",
            f"{TO_COMPLETE} (proposition : dire qui a publié quoi ; les actes y sont sous un numéro)",
        )
    )
    return Table(("Durée", "Valeur", "Réglage", "Pourquoi"), rows, "durees")
