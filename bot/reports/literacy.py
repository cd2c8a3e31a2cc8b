# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The file on the measures for AI literacy: AI Act article 4. Everybody is one group, and nobody is named."""

from __future__ import annotations

from bot.reports import counts, who
from bot.reports.document import (
    TO_COMPLETE,
    Block,
    Claim,
    Claims,
    Document,
    Kind,
    Section,
    Table,
    Text,
    fields,
    unsaid,
)
from bot.reports.law import law
from bot.reports.opening import opening
from bot.reports.situation import CHANGES, Situation
from bot.talk.admin import FEWEST_COUNTED
from lessons import markup
from storage.catalogue import Catalogue, Entry
from storage.literacy import Learning

NAME = "maitrise-ia"
WORDS_A_MINUTE = 200
SECONDS_A_QUESTION = 20
NOT_READABLE = "Aucun cours n’est publié dans cette base."
NOTHING_YET = (
    "Ce document ne montre encore rien : aucun cours n’est publié, ou trop peu de personnes ont répondu. Ne "
    "le produisez pas."
)


def document(situation: Situation) -> Document:
    """Return the file, from one snapshot of the database."""
    text, age = law().says("literacy", situation.today)
    learning, catalogue = situation.held.learning, situation.held.catalogue
    empty = catalogue is None or learning.answered < FEWEST_COUNTED
    return Document(
        NAME,
        "Mesures pour favoriser la maîtrise de l’IA",
        [
            opening(
                situation,
                *([Text(NOTHING_YET, Kind.FOUND)] if empty else []),
                who.people(situation.facts),
            ),
            Section(
                "1. Ce que demande le droit à cette date",
                [
                    Text(text, Kind.LAW),
                    Text(age, Kind.LAW),
                    Text(
                        "Ce document n’est ni un certificat, ni la preuve qu’une personne a atteint un "
                        "niveau, ni une présomption de conformité. Seul, il ne suffit pas : il ne dit rien "
                        "des personnes qui ne se sont pas inscrites.",
                        Kind.LIMIT,
                    ),
                ],
            ),
            Section("2. Ce que l’organisme déclare", _declared()),
            Section("3. Les mesures apportées par IAventure", _measures(learning, catalogue)),
            Section("4. Contenu, versions, sources", _content(situation, catalogue)),
            Section("5. Comment c’est tenu à jour", _upkeep(situation, catalogue)),
            Section("6. Résultats et limites", _results(learning)),
            Section("7. Données personnelles", _data()),
            unsaid(
                "Combien d’agents de l’organisme se sont inscrits : le programme ne sait pas qui est agent, "
                "ni combien il y en a.",
                "Ce que les personnes font ensuite au travail, et qui a tenu le téléphone.",
                "Quels outils d’IA sont utilisés ici, et si l’article 4 oblige l’organisme.",
                "Ce que coûte le dispositif.",
            ),
        ],
    )


def _declared() -> list[Block]:
    tool = f"{TO_COMPLETE} (par exemple : assistant de rédaction, secrétariat, courriers)"
    return [
        Text("Une ligne par outil d’IA utilisé :", Kind.OPERATOR),
        Table(
            (
                "Outil, par qui, pour quoi",
                "Rôle de l’organisme",
                "Risques, et personnes sur lesquelles il est utilisé",
            ),
            [(tool, f"{TO_COMPLETE} (le plus souvent : déployeur)", TO_COMPLETE), (TO_COMPLETE,) * 3],
        ),
        fields(
            ("Effectif concerné, élus et autres personnes compris", None),
            ("Part inscrite au cours, comment elle est connue", None),
            ("Ce qui est prévu pour qui ne s’inscrit pas", None),
            ("Autres mesures : charte, ateliers, consignes", None),
            ("Responsable du dispositif", None),
            ("Document arrêté par (nom, qualité), date, lieu d’archivage, prochaine mise à jour", None),
        ),
    ]


def _measures(learning: Learning, catalogue: Catalogue | None) -> list[Block]:
    if learning.enrolled < FEWEST_COUNTED:
        return [
            Text(
                f"Moins de {FEWEST_COUNTED} personnes sont inscrites : aucun nombre n’est donné, il se "
                "lirait comme celui d’une personne.",
                Kind.FOUND,
            ),
        ]
    received = sum(learning.received.values())
    people = counts.shown(
        [
            learning.enrolled,
            received,
            learning.answered,
            learning.finished,
            learning.active,
            learning.holders,
        ],
        FEWEST_COUNTED,
    )
    names = (
        "Personnes inscrites",
        "ont reçu au moins une leçon",
        "ont répondu à au moins une question",
        "ont fini le cours",
        "sont actives aujourd’hui (ni en pause, ni arrêtées)",
        "ont une attestation",
    )
    rows = [(name, counts.said(count)) for name, count in zip(names, people, strict=True)]
    if received >= FEWEST_COUNTED:
        minutes, answers = _minutes(learning, catalogue), sum(learning.verdicts.values())
        rows += [
            ("Leçons reçues en tout", str(sum(learning.deliveries.values()))),
            (
                "Leçons reçues par personne (médiane)",
                f"{counts.median(learning.received):g}".replace(".", ","),
            ),
            ("Temps estimé en tout", f"{round(minutes / 60)} heures"),
            ("Temps estimé par personne (moyenne)", f"{round(minutes / received)} minutes"),
        ]
        if learning.answered >= FEWEST_COUNTED:
            rows.append(("Réponses données en tout", str(answers)))
        if learning.first is not None and learning.last is not None:
            rows.append(("Leçons reçues de", f"{learning.first:%m/%Y} à {learning.last:%m/%Y}"))
    return [
        Table(("Tout le monde ensemble", "Nombre"), rows, "maitrise-ia-mesures"),
        Claim(
            f"Aucun nom. Un nombre de 1 à {FEWEST_COUNTED - 1} personnes, ou qui s’en déduirait dans ce "
            "document, n’est pas donné. Une personne effacée ou opposée n’est plus comptée",
            (
                "test_nobody_is_named_and_no_address_stands_in_it",
                "test_no_two_counts_that_are_shown_differ_by_few",
                "test_who_objected_is_in_no_count_of_the_literacy_file",
            ),
        ),
        Text(
            "Deux documents établis à deux dates peuvent différer d’une personne : ne les comparez pas.",
            Kind.LIMIT,
        ),
        Text(
            f"Temps estimé : mots ÷ {WORDS_A_MINUTE} par minute, plus {SECONDS_A_QUESTION} s par réponse, "
            "avec les leçons publiées aujourd’hui. Ce n’est pas un temps mesuré.",
            Kind.READING,
        ),
    ]


def _minutes(learning: Learning, catalogue: Catalogue | None) -> float:
    """Return the estimated minutes of everybody together. A lesson that is published no more counts as none."""
    entries = catalogue.entries if catalogue is not None else {}
    words = {slug: len(markup.plain(entry.lesson.body).split()) for slug, entry in entries.items()}
    read = sum(number * words.get(slug, 0) for slug, number in learning.deliveries.items()) / WORDS_A_MINUTE
    return read + sum(learning.verdicts.values()) * SECONDS_A_QUESTION / 60


def _content(situation: Situation, catalogue: Catalogue | None) -> list[Block]:
    if catalogue is None:
        return [Text(NOT_READABLE, Kind.FOUND)]
    entries = sorted(catalogue.entries.values(), key=lambda entry: (entry.theme, entry.place, entry.id))
    themes = {entry.theme for entry in entries}
    return [
        Text(
            f"{len(entries)} leçons, {len(themes)} thèmes. « Aide d’une IA » et « relue par » : "
            f"{TO_COMPLETE}.",
            Kind.FOUND,
        ),
        Table(
            (
                "Leçon",
                "Thème",
                "Version",
                "En service depuis",
                "Sources vérifiées le",
                "À revoir avant",
                "État",
            ),
            [_lesson(entry, catalogue, situation) for entry in entries],
            "maitrise-ia-lecons",
        ),
    ]


def _lesson(entry: Entry, catalogue: Catalogue, situation: Situation) -> tuple[str, ...]:
    since = situation.held.since.get(entry.version)
    if entry.held:
        state = "retenue : une messagerie l’a refusée"
    elif entry.available(situation.today):
        state = "envoyée"
    else:
        state = "retirée : périmée"
    return (
        entry.lesson.title,
        catalogue.title_of_theme(entry.theme),
        entry.version[:8],
        f"{since:%d/%m/%Y}" if since is not None else TO_COMPLETE,
        f"{entry.lesson.checked:%d/%m/%Y}",
        f"{entry.lesson.review_by:%d/%m/%Y}",
        state,
    )


def _upkeep(situation: Situation, catalogue: Catalogue | None) -> list[Block]:
    overdue = len(catalogue.overdue(situation.today)) if catalogue is not None else 0
    return [
        Text(
            f"Versions de leçons publiées dans les {CHANGES.days} derniers jours : "
            f"{len(situation.held.changes)}. Leçons retirées aujourd’hui car périmées : {overdue}. Le "
            "registre des publications est donné par « iaventure audit » ; exportez-le et datez-le hors de "
            "la machine, car qui exploite la machine peut le réécrire.",
            Kind.FOUND,
        ),
        Claims(
            [
                Claim(
                    "une leçon porte une date de péremption ; passée, elle n’est plus envoyée",
                    ("test_a_lesson_past_its_date_is_held_back_until_it_is_renewed",),
                ),
                Claim(
                    "une version publiée n’est jamais écrasée par le programme",
                    ("test_publishing_a_change_keeps_the_old_version",),
                ),
                Claim(
                    "une leçon nomme ses sources, et dit comment elles ont été lues",
                    (
                        "test_a_lesson_says_how_its_sources_were_read",
                        "test_a_source_that_is_missing_or_old_is_refused",
                    ),
                ),
                Claim(
                    "une publication est confirmée et inscrite au registre",
                    ("test_publishing_is_confirmed_done_once_and_audited",),
                ),
            ]
        ),
    ]


def _results(learning: Learning) -> list[Block]:
    limits = Text(
        "Un résultat dit ce qui a été répondu ici, premières réponses et questions reposées ensemble.",
        Kind.LIMIT,
    )
    if learning.answered < FEWEST_COUNTED:
        few = f"Moins de {FEWEST_COUNTED} personnes ont répondu : aucun résultat n’est donné."
        return [Text(few, Kind.FOUND), limits]
    total = sum(learning.verdicts.values())
    names = {"right": "justes", "partly": "en partie justes", "wrong": "fausses"}
    rows = [
        (names[verdict], str(number), f"{round(100 * number / total)} %" if total else "0 %")
        for verdict, number in learning.verdicts.items()
    ]
    return [Table(("Réponses", "Nombre", "Part"), rows, "maitrise-ia-resultats"), limits]


def _data() -> list[Block]:
    return [
        Claims(
            [
                Claim(
                    "aucune commande ne donne les résultats d’une personne à une autre, ni une liste de "
                    "noms ; la personne qui exploite la machine peut lire la base",
                    (
                        "test_the_figures_name_nobody",
                        "test_whatever_is_said_is_answered_and_touches_nobody_else",
                    ),
                ),
                Claim(
                    "ce document ne donne aucun nombre de peu de personnes, ni un qui s’en déduirait",
                    (
                        "test_no_count_of_few_people_stands_in_the_literacy_file",
                        "test_a_count_that_a_subtraction_would_give_is_hidden",
                    ),
                ),
                Claim(
                    "une opposition sort la personne des chiffres",
                    (
                        "test_an_objection_takes_a_person_out_of_every_figure",
                        "test_who_objected_is_in_no_count_of_the_literacy_file",
                    ),
                ),
            ]
        ),
        Text(
            "Une liste nominative tirée de la base serait un autre traitement, que rien ici ne prévoit ni "
            "n’autorise.",
            Kind.LIMIT,
        ),
    ]
