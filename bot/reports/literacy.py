# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The file on the measures for AI literacy: AI Act article 4. Everybody is one group, and nobody is named."""

from __future__ import annotations

from bot.reports import counts
from bot.reports.document import TO_COMPLETE, Block, Document, Limit, Table
from bot.reports.situation import CHANGES, Situation
from bot.reports.values import compose
from bot.talk.admin import FEWEST_COUNTED
from lessons import markup
from storage.catalogue import Catalogue, Entry
from storage.literacy import Learning

NAME = "maitrise-ia"
WORDS_A_MINUTE = 200
SECONDS_A_QUESTION = 20
NOT_READABLE = "Aucun cours n’est publié dans cette base."


def document(situation: Situation) -> Document:
    """Return the file, from one snapshot of the database."""
    learning, catalogue = situation.held.learning, situation.held.catalogue
    blocks = {
        "measures": _measures(learning, catalogue),
        "content": _content(situation, catalogue),
        "upkeep": _upkeep(situation, catalogue),
        "results": _results(learning),
    }
    return compose(NAME, "literacy", situation, blocks)


def _measures(learning: Learning, catalogue: Catalogue | None) -> list[Block]:
    if learning.enrolled < FEWEST_COUNTED:
        return [
            (
                f"Moins de {FEWEST_COUNTED} personnes sont inscrites : aucun nombre n’est donné, il parlerait d’une "
                "personne."
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
        (
            f"Un nombre de 1 à {FEWEST_COUNTED - 1} personnes, ou qui s’en déduirait, n’est pas donné. "
            "Deux documents établis à "
            "deux dates peuvent différer d’une personne : ne les comparez pas. Qui s’est effacé ou opposé n’est plus "
            "compté."
        ),
        (
            f"Temps estimé : mots ÷ {WORDS_A_MINUTE} par minute, plus {SECONDS_A_QUESTION} s par réponse, avec les "
            "leçons publiées "
            "aujourd’hui. Ce n’est pas un temps mesuré."
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
        return [NOT_READABLE]
    entries = sorted(catalogue.entries.values(), key=lambda entry: (entry.theme, entry.place, entry.id))
    themes = {entry.theme for entry in entries}
    return [
        f"{len(entries)} leçons, {len(themes)} thèmes. « Aide d’une IA » et « relue par » : {TO_COMPLETE}.",
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
        state = "mise de côté : une messagerie l’a refusée"
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
        (
            f"Versions de leçons publiées dans les {CHANGES.days} derniers jours : {len(situation.held.changes)}. "
            "Leçons retirées "
            f"aujourd’hui car périmées : {overdue}. Le registre des publications est donné par « iaventure audit »."
        ),
    ]


def _results(learning: Learning) -> list[Block]:
    limits = Limit(
        "Un résultat dit ce qui a été répondu ici, premières réponses et questions reposées ensemble. Il ne dit "
        "rien de ce que les "
        "personnes font ensuite au travail, ni qui a tenu le téléphone."
    )
    if learning.answered < FEWEST_COUNTED:
        return [f"Moins de {FEWEST_COUNTED} personnes ont répondu : aucun résultat n’est donné.", limits]
    total = sum(learning.verdicts.values())
    if any(0 < number < FEWEST_COUNTED for number in learning.verdicts.values()):
        # All but one give the last one by subtraction from their sum, which stands above: a rounded share gives none.
        tenth = round(10 * learning.verdicts["right"] / total) * 10
        said = (
            f"Part de réponses justes, à la dizaine : environ {tenth} %. Le détail n’est pas donné : un des nombres "
            f"est de 1 à {FEWEST_COUNTED - 1}."
        )
        return [said, limits]
    names = {"right": "justes", "partly": "en partie justes", "wrong": "fausses"}
    rows = [
        (names[verdict], str(number), f"{round(100 * number / total)} %" if total else "0 %")
        for verdict, number in learning.verdicts.items()
    ]
    return [Table(("Réponses", "Nombre", "Part"), rows, "maitrise-ia-resultats"), limits]
