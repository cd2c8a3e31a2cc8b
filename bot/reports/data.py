# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What the database holds about whom, and for how long: its own metadata, with the words that a person reads of theirs."""

from __future__ import annotations

from datetime import timedelta

from bot.notice.facts import Facts
from bot.reports.document import TO_COMPLETE, Cell, Claim, Table
from bot.service.outgoing import REPLY_LASTS
from bot.service.tidying import DAYS_KEPT
from bot.wording.tables import described
from config.retention import MARGIN
from storage.erasure import GOODBYE_LASTS
from storage.inactivity import NOTICE
from storage.tables import metadata


def durations(facts: Facts) -> dict[str, Claim]:
    """Return how long what is kept is kept, by the names that `bot.wording.tables` uses."""
    kept, privacy = facts.retention, facts.privacy
    copies = days(privacy.backups + MARGIN)
    tidied = ("test_each_kind_of_row_goes_with_the_night_after_its_duration_and_not_before",)
    return {
        "course": Claim(
            "durée A : jusqu’à « oublier » (l’adresse seule, jusqu’au dernier message : "
            f"{hours(GOODBYE_LASTS)} au plus) ; après {days(privacy.inactive)} sans un mot, la personne est "
            f"prévenue, puis effacée {days(NOTICE)} plus tard ; pour une personne qui n’a pas accepté "
            f"l’information : {days(facts.newcomers_kept)}",
            (
                "test_everything_goes_at_once_but_the_address_which_goes_with_the_goodbye",
                "test_who_stays_silent_is_erased_a_month_later_with_a_line_in_the_journal",
                "test_the_address_of_a_stranger_is_kept_for_a_day",
            ),
        ),
        "answers": Claim(
            f"{days(kept.answers)} pour les réponses, {days(kept.messages)} pour les menus", tidied
        ),
        "messages": Claim(f"{days(kept.messages)} après l’envoi", tidied),
        "seen": Claim(
            f"{days(kept.messages)} ; pour les paroles chiffrées des personnes qui administrent : autant "
            "que la base, sans quoi une ancienne parole pourrait être rejouée",
            (*tidied, "test_an_admins_encrypted_word_replayed_years_later_is_not_answered_again"),
        ),
        "attestations": Claim(
            f"{days(kept.attestations)} ; effacées avec « oublier » ; après un effacement pour silence, "
            "gardées sans l’identifiant de la personne",
            (
                "test_an_attestation_is_known_as_long_as_the_operator_says",
                "test_erasing_says_before_that_attestations_go_and_takes_them",
                "test_attestations_of_the_silent_can_still_be_verified_and_name_nobody",
            ),
        ),
        "sending": Claim("le temps de l’envoi", tidied),
        "waiting": Claim(
            f"le temps de répondre, {hours(REPLY_LASTS)} au plus, puis jusqu’à la nuit suivante",
            tidied,
        ),
        "codes": Claim("une heure, puis jusqu’à la nuit suivante au plus", tidied),
        "staff": Claim(
            f"{days(privacy.audit)} après le dernier acte ou la fin du droit ; le numéro reste",
            ("test_a_name_is_forgotten_long_after_its_last_right_and_last_act",),
        ),
        "pin": Claim(
            "jusqu’à ce que l’exploitant accepte une autre identité",
            ("test_a_changed_identity_of_an_admin_is_accepted_by_the_operator",),
        ),
        "erasures": Claim(
            f"{copies}, puis jusqu’à la nuit suivante",
            ("test_rows_and_lines_go_with_the_oldest_copy",),
        ),
        "forgetting": Claim(
            f"quelques secondes ; pour une machine absente, {copies} au plus",
            ("test_an_address_that_is_never_forgotten_is_kept_no_longer_than_the_goodbye_said",),
        ),
        "days": Claim(days(DAYS_KEPT), tidied),
        "database": Claim(
            "autant que la base : ces lignes désignent une personne par un numéro, et le nom derrière le "
            "numéro suit sa propre durée",
            ("test_a_name_is_forgotten_long_after_its_last_right_and_last_act",),
        ),
    }


def days(time: timedelta) -> str:
    """Write a duration in days."""
    return f"{time.days} jour{'s' if time.days > 1 else ''}" if time.days else hours(time)


def hours(time: timedelta) -> str:
    """Write a duration in hours."""
    return f"{round(time.total_seconds() / 3600)} heures"


def categories(facts: Facts) -> Table:
    """Return the categories of data, one row for each table that speaks of people. A long duration is said once."""
    known, told = durations(facts), set[str]()
    rows: list[tuple[Cell, ...]] = [
        (name, TO_COMPLETE, TO_COMPLETE, TO_COMPLETE) for name in metadata.tables if name not in described()
    ]
    for name, one in described().items():
        table = metadata.tables.get(name)
        if table is None or not one.about:
            continue
        labels = {name: column.label["fr"] for name, column in one.columns.items()}
        said = " ; ".join(labels.get(column.name, TO_COMPLETE) for column in table.columns)
        duration: Cell = known[one.kept]
        if one.kept == "course" and one.kept in told:
            duration = "durée A"
        told.add(one.kept)
        rows.append((one.title["fr"], one.about, said, duration))
    return Table(("Catégorie", "Personnes concernées", "Données", "Durée"), rows, "donnees")


def names() -> Table:
    """Return the categories of data by name, for documents that leave the details to the register."""
    rows = [(one.title["fr"], one.about) for one in described().values() if one.about]
    return Table(("Catégorie", "Personnes concernées"), rows)


def outside() -> tuple[tuple[str, str], ...]:
    """Return the tables that speak of nobody, each with what it holds."""
    return tuple((name, one.title["fr"]) for name, one in described().items() if not one.about)
