# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What the hierarchy can see, for staff representatives: each command and what it shows about whom."""

from __future__ import annotations

from bot.reports import commands, who
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
    fields,
    unsaid,
)
from bot.reports.law import law
from bot.reports.opening import opening
from bot.reports.situation import Situation
from bot.reports.threats import threats
from bot.talk.admin import FEWEST_COUNTED
from config.schedule import Schedule

NAME = "hierarchie"
THREAT, COLLEAGUE, OPERATOR = "La hiérarchie", "Le collègue curieux", "Qui exploite la machine"
"""Titles of threats in docs/menaces.md."""
DAYS = {
    "mon": "lundi",
    "tue": "mardi",
    "wed": "mercredi",
    "thu": "jeudi",
    "fri": "vendredi",
    "sat": "samedi",
    "sun": "dimanche",
}
COMMITMENTS = (
    (
        "Suivi du cours et résultats",
        (
            "ils ne servent ni à évaluer, ni à sanctionner, ni à récompenser, ni à donner ou refuser un "
            "outil, une formation, une promotion ou une prime"
        ),
    ),
    (
        "Écran, export « mesdonnees », attestation",
        "nul n’a le droit de les exiger ; une attestation se remet si la personne le veut",
    ),
    ("Refus, arrêt, opposition", "sans conséquence et sans avoir à les expliquer"),
    (
        "Extraction de la base",
        "interdite hors d’une obligation légale ; toute demande est écrite et dite aux représentants",
    ),
    (
        "Temps et matériel",
        "les minutes de leçon sont du temps de travail ; aucun téléphone personnel n’est demandé",
    ),
    ("Changement du dispositif", "les représentants sont consultés avant"),
)
"""What an employer may sign: a draft to be discussed."""


def document(situation: Situation) -> Document:
    """Return what each command shows, and what no program can promise."""
    shell = situation.commands
    text, age = law().says("representatives", situation.today)
    return Document(
        NAME,
        "Ce que la hiérarchie peut voir",
        [
            Section("En bref", _brief(situation)),
            Section("Ce qui ne tient pas", _holds_not()),
            Section("Ce qui tient", [Claims(_holds())]),
            opening(situation),
            Section("Quand le robot écrit, par défaut", _times(situation)),
            Section(
                "Ce que chaque personne peut écrire, et ce qu’elle voit",
                [commands.table(commands.CHAT, shell)],
            ),
            Section(
                "Ce que peuvent en plus les personnes qui administrent le cours",
                [
                    Text(
                        "Les réglages les nomment une à une. Adresses nommées aujourd’hui : "
                        f"{len(situation.settings.admins)}.",
                        Kind.FOUND,
                    ),
                    commands.table(commands.ADMIN, shell),
                ],
            ),
            Section(
                "Ce que le service leur dit sans qu’elles le demandent",
                [
                    Claim(
                        "des pannes ; des leçons retenues ou périmées ; un écart entre les messages prévus "
                        "et ceux qui ont une issue ; un nombre de personnes quand beaucoup seraient "
                        "effacées pour leur long silence. Une alerte nomme la personne qui administre et "
                        "dont l’identité de chiffrement vient d’être notée ; elle ne nomme aucun apprenant",
                        (
                            "test_a_day_that_does_not_add_up_is_told_to_the_admins_and_in_the_log_once",
                            "test_lessons_held_back_are_told_once_a_week",
                            "test_alerts_name_no_learner",
                        ),
                    ),
                ],
            ),
            Section("Ce que voit qui exploite la machine", [commands.table(commands.SHELL, shell)]),
            Section("Ce que demande le droit à cette date", [Text(text, Kind.LAW), Text(age, Kind.LAW)]),
            Section(
                "Ce que l’employeur s’engage à respecter (projet, à discuter avec les représentants du "
                "personnel)",
                [
                    Text(
                        "Rien de ceci n’est tenu par le programme : ce sont des règles, qui valent une fois "
                        "écrites et signées.",
                        Kind.LIMIT,
                    ),
                    fields(
                        *(
                            (f"{what} (proposition)", f"{proposed} : {TO_COMPLETE}")
                            for what, proposed in COMMITMENTS
                        ),
                        ("Responsable du traitement", who.controller(situation.facts)),
                        ("Qui exploite la machine et lit la base, et sous quelle autorité", None),
                        ("Qui administre, et à quel titre", None),
                        ("Avis de l’instance (CST, ou CSA pour l’État), date", None),
                        ("À qui signaler un manquement", who.dpo(situation.facts)),
                        ("Signataires, date", None),
                    ),
                ],
            ),
            unsaid(
                "Qui est inscrit : le programme ne le dit à personne, mais qui exploite la machine ou le "
                "serveur de messagerie peut le savoir.",
                "Ce que gardent le téléphone, l’application de messagerie, son serveur, et les journaux de "
                "la machine (adresse IP, heures) : voyez les durées du registre, à compléter.",
                "Ce qu’une enquête interne ou un juge peut demander : le programme n’y change rien.",
                "Ce que devient l’inscription d’un agent qui quitte l’organisme : elle s’efface après son "
                "long silence, ou quand il écrit « oublier ».",
            ),
        ],
    )


def _brief(situation: Situation) -> list[Block]:
    held = situation.held
    clear = not held.key or held.in_clear > 0
    return [
        Claim(
            "Dans la messagerie, aucune commande ne montre à une autre personne ce qu’un agent répond, "
            "réussit ou manque, sauf ce que dit une attestation à qui en tient le code",
            (
                "test_whatever_is_said_is_answered_and_touches_nobody_else",
                "test_a_learner_verifies_a_paper_with_and_without_the_name",
                "test_the_figures_name_nobody",
            ),
        ),
        Text(
            "Sur la machine, la personne qui exploite le service peut lire la base entière : chaque "
            "réponse, juste ou fausse, avec sa date et son heure à la seconde, à côté d’un identifiant tiré "
            "au hasard. "
            + (
                "Aujourd’hui les adresses et les comptes, qui sur Tchap contiennent le nom, y sont aussi en "
                "clair : elle peut donc mettre un nom sur chaque réponse."
                if clear
                else "Les adresses y sont chiffrées, mais elle tient la clé pendant que le service tourne : elle peut "
                "mettre un nom sur chaque réponse."
            ),
            Kind.LIMIT,
        ),
        Text(
            "Si cette personne obéit à la hiérarchie, la hiérarchie peut le lui demander : seule une règle "
            "écrite l’en empêche. Rien n’empêche non plus d’exiger d’un agent qu’il montre son écran. Voyez "
            "les engagements proposés à la fin.",
            Kind.LIMIT,
        ),
        Claim(
            f"Les chiffres sont des totaux ; la messagerie n’en donne pas quand moins de {FEWEST_COUNTED} "
            "personnes suivent le cours, et ils ne sont donnés ni par service, ni par groupe",
            (
                "test_figures_of_few_people_would_speak_of_a_person_and_are_not_given",
                "test_the_figures_name_nobody",
            ),
        ),
    ]


def _times(situation: Situation) -> list[Block]:
    schedule: Schedule = situation.settings.schedule
    quiet = schedule.model_dump(mode="json")["quiet"]
    return [
        fields(
            ("Jours", ", ".join(DAYS[day] for day in schedule.days)),
            ("Heure", f"{schedule.time:%H:%M} ({schedule.time_zone})"),
            ("Jours fériés", "pas de leçon" if schedule.holidays != "none" else "des leçons aussi"),
            ("Heures calmes, sans envoi prévu", quiet or "aucune"),
            (
                "Qui peut le changer pour soi",
                Claim(
                    "chaque personne, par « reglages » ; « pause » suspend jusqu’à un jour qu’elle dit",
                    (
                        "test_each_value_that_the_settings_show_can_be_typed_back",
                        "test_the_end_of_a_pause_is_read_wherever_it_stands",
                    ),
                ),
            ),
            (
                "Annonces et leçons envoyées à tous",
                Claim(
                    "elles attendent la fin des heures calmes, et le jour travaillé suivant",
                    (
                        "test_a_broadcast_reaches_those_in_quiet_hours_when_they_end",
                        "test_an_announcement_on_a_day_off_comes_on_the_next_working_day",
                    ),
                ),
            ),
            ("Congés, maladie", "le programme ne les connaît pas : la personne écrit « pause »"),
        )
    ]


def _holds() -> list[Claim]:
    from_page = [claim for threat in threats() if threat.title == THREAT for claim in threat.claims]
    return [
        *from_page,
        Claim(
            "une personne ne lit ni n’efface rien d’une autre en écrivant au robot",
            ("test_whatever_is_said_is_answered_and_touches_nobody_else",),
        ),
        Claim(
            "une opposition sort la personne des chiffres ; elle n’efface pas : « oublier » efface",
            (
                "test_an_objection_takes_a_person_out_of_every_figure",
                "test_opposed_data_still_go_with_age",
            ),
        ),
        Claim(
            "le nom écrit sur une attestation n’est pas gardé : il en reste une empreinte, que seul le code "
            "permet de comparer à un nom",
            (
                "test_the_name_is_stored_nowhere_once_the_paper_has_left",
                "test_a_code_finds_its_attestation_and_nothing_kept_tells_the_name_or_the_code",
            ),
        ),
        Claim(
            "une commande d’administration n’est exécutée que si elle vient d’une personne qui administre",
            ("test_an_admins_command_by_anyone_else_is_answered_as_an_unknown_one",),
        ),
        Claim(
            "aucune table de la base n’a de colonne pour un numéro de téléphone, une adresse IP ou un "
            "modèle d’appareil",
            ("test_no_column_is_made_for_a_phone_number_an_ip_address_or_a_device_of_a_learner",),
        ),
    ]


def _holds_not() -> list[Block]:
    of = (THREAT, COLLEAGUE, OPERATOR)
    found = [line for threat in threats() if threat.title in of for line in threat.open]
    return [
        Bullets(
            [
                *(Text(line, Kind.LIMIT) for line in found),
                Text(
                    "Le registre des actes d’administration est dans la base : la personne qui exploite la "
                    "machine peut le réécrire. Une extraction de la base n’y laisse aucune trace.",
                    Kind.LIMIT,
                ),
                Text(
                    "Rien ne prouve qu’une personne a répondu elle-même : un résultat ne peut donc servir "
                    "de preuve ni pour, ni contre un agent.",
                    Kind.LIMIT,
                ),
                Text(
                    "Une attestation porte un nom : la personne à qui on la remet sait ce qu’elle dit.",
                    Kind.LIMIT,
                ),
            ]
        )
    ]
