# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Keys of a lesson file: what a workbook calls each, and what it means, in French. The limits are not here: see `schema`."""

from __future__ import annotations

from dataclasses import dataclass

CHOICE, FEEDBACK = "Choix", "Retour"
"""Headings of the choices of a question and of what is said about each, before their numbers."""
RIGHT = "Bonne réponse"


@dataclass(frozen=True, slots=True)
class Key:
    """Heading in a workbook, empty for a group of other keys; and an explanation, without a full stop."""

    heading: str
    meaning: str


KEYS = {
    "id": Key("Identifiant", "nomme la leçon ; ne change jamais : les réponses s’y rattachent"),
    "title": Key("Titre", "la situation, ou une question ; affiché en gras en haut de la leçon"),
    "theme": Key("Thème", "l’identifiant d’un thème du cours ; dans un classeur, son titre aussi"),
    "audience": Key("Public", "agent, elu, ou les deux"),
    "level": Key("Niveau", "1 pour débuter, 2 ensuite, 3 pour aller loin"),
    "objective": Key("Objectif", "ce que l’on saura faire après ; commence par un verbe"),
    "body": Key(
        "Texte",
        "ce qui se lit : **gras**, *italique*, [lien](https://…), listes « - » au début des lignes",
    ),
    "takeaway": Key("À retenir", "une phrase, sous le texte"),
    "facts": Key("Faits", "les numéros des faits de la fiche sur lesquels la leçon repose ; non montrés"),
    "sources": Key("", "sur quoi la leçon repose ; dans un classeur, une ligne par source"),
    "sources.title": Key("Titre", "celui du texte ou de la page"),
    "sources.publisher": Key("Organisme", "qui l’a publié"),
    "sources.url": Key("Adresse", "celle de la page d’origine, en https://"),
    "sources.date": Key(
        "Date", "celle de la source, jamais plus précise que ce que l’on sait : 2026-03-01, 2026-03 ou 2026"
    ),
    "sources.checked": Key("Comparée le", "le jour où quelqu’un l’a comparée à la leçon, comme 2026-03-01"),
    "sources.seen": Key(
        "Lue comment",
        "page (la page elle-même), copy (une copie de la page) ou quoted (d’autres qui la citent) ; conseillé",
    ),
    "review_by": Key(
        "À revoir avant le", "après ce jour, la leçon n’est plus envoyée tant que personne ne l’a renouvelée"
    ),
    "authorship": Key("", "comment la leçon a été faite ; l’apprenant le voit"),
    "authorship.ai_assisted": Key("Une IA a aidé", "oui ou non (dans un fichier YAML : true ou false)"),
    "authorship.reviewed_by": Key(
        "Relue par", "la personne qui a relu ; vide tant que personne ne l’a fait ; va avec le jour"
    ),
    "authorship.reviewed_on": Key("Relue le", "le jour de cette relecture ; va avec la personne"),
    "questions": Key("", "les questions, dans l’ordre ; dans un classeur, une ligne par question"),
    "questions.id": Key(
        "Repère", "nomme la question dans sa leçon, comme q1 ; ne change jamais, même si l’ordre change"
    ),
    "questions.kind": Key(
        "Genre",
        "single (un seul choix juste), multiple (plusieurs), true_false (vrai ou faux) ou number (un nombre)",
    ),
    "questions.text": Key("Question", "ce que l’on demande : un cas, pas un chiffre à retenir"),
    "questions.choices": Key(
        "", "au moins deux, sauf pour un nombre ; leur ordre est mélangé pour chaque personne"
    ),
    "questions.choices.text": Key(CHOICE, "une réponse possible ; « Vrai » puis « Faux » pour true_false"),
    "questions.choices.correct": Key(
        RIGHT, "true pour un choix juste ; dans un classeur, le numéro des choix justes, ou leur texte"
    ),
    "questions.choices.feedback": Key(FEEDBACK, "ce que l’on dit à qui a pris ce choix : pourquoi"),
    "questions.answer": Key(RIGHT, "pour un nombre : ce nombre, et rien d’autre"),
    "questions.tolerance": Key(
        "Tolérance", "pour un nombre : l’écart permis, dans l’unité ; jusqu’au double, c’est en partie juste"
    ),
    "questions.unit": Key("Unité", "pour un nombre : ce qui le suit, comme « % » ou « euros »"),
    "questions.explanation": Key("Explication", "dite après chaque réponse, juste ou non"),
}
"""By their path in a lesson, without the places in lists. In the order of the file."""
