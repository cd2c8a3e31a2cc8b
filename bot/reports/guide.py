# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Where to begin: which document is for whom, who fills in what, what was found wrong, and the technical words."""

from __future__ import annotations

from bot.reports.document import Bullets, Document, Kind, Section, Table, Text, fields, unsaid
from bot.reports.opening import alerts, opening
from bot.reports.situation import Situation

NAME = "lisez-moi"
READERS = (
    ("hierarchie.md", "représentants du personnel, puis direction", "direction, avec les représentants"),
    ("registre.md", "délégué à la protection des données", "délégué, technicien, hébergeur"),
    ("information.md", "tous : c’est ce que les personnes lisent", "personne : elle vient des réglages"),
    ("analyse-impact.md", "délégué, direction", "délégué, direction"),
    ("sous-traitance.md", "délégué, achats", "achats, hébergeur"),
    ("securite.md", "technicien, hébergeur", "technicien"),
    ("maitrise-ia.md", "direction", "direction"),
    ("accessibilite.md", "direction, référent accessibilité", "direction, après un audit"),
    ("dependances.md", "technicien", "personne"),
    ("violation.md", "le jour d’une violation", "délégué, technicien"),
)
DECISIONS = (
    ("Messagerie : Tchap, Matrix ou Telegram, et pourquoi", "direction, avec le délégué"),
    ("Base légale, et texte dont elle découle", "responsable du traitement, avec le délégué"),
    ("Faut-il une analyse d’impact ? Conclusion", "responsable du traitement, avec le délégué"),
    ("Qui exploite le service, sous quelle autorité", "direction"),
    ("Clé des adresses, et lieu où elle est gardée", "technicien"),
    ("Copies : lieu, essai de remise en service", "technicien"),
    ("Contrat avec l’hébergeur", "achats"),
    ("Avis de l’instance du personnel, règles signées", "direction"),
    ("Coût complet : hébergement, heures, relecture des leçons, audits", "direction"),
    ("Qui relit les leçons et les textes de droit, quand", "direction"),
    ("Critère et date d’arrêt d’un essai", "direction"),
)
WORDS = (
    ("base", "la base de données où le service garde ce qu’il sait"),
    (
        "réglage",
        "une ligne du fichier que le technicien écrit ; « privacy.ground » est le nom de l’une d’elles",
    ),
    (
        "adresse",
        "ce qui désigne une conversation ou un compte dans la messagerie ; ni adresse postale, ni courriel",
    ),
    (
        "clé des adresses",
        "un secret, réglé par le technicien, sans lequel les adresses chiffrées ne se lisent pas",
    ),
    ("empreinte", "un résumé qui permet de reconnaître une chose, et dont on ne la tire pas"),
    (
        "personne qui administre",
        "nommée dans les réglages : elle publie des leçons, annonce, et lit des totaux",
    ),
    ("personne qui exploite", "elle tient la machine : elle peut lire la base entière"),
    ("« root »", "le compte de la machine qui a tous les droits"),
    ("ligne de commande", "les commandes « iaventure … », que l’on tape sur la machine"),
    ("systemd, journald", "les parties du système qui lancent le service, et qui gardent son journal"),
    ("mandataire (reverse proxy)", "le serveur web placé devant le service"),
    ("Prometheus", "un outil de supervision, qui lit des nombres du service"),
    ("SQLite, PostgreSQL", "les deux sortes de base possibles : un fichier, ou un serveur"),
    (
        "webhook, jeton",
        "la façon dont Telegram remet les messages au service, et le secret qui ouvre le compte du robot",
    ),
    ("adieu", "le dernier message, qui confirme un effacement"),
    ("leçon retenue", "une leçon qui n’est plus envoyée, car périmée ou refusée par une messagerie"),
    ("essai", "un programme qui vérifie une affirmation ; son nom est en anglais"),
)


def document(situation: Situation) -> Document:
    """Return the first page to read."""
    wrong = alerts(situation)
    return Document(
        NAME,
        "Par où commencer",
        [
            opening(
                situation,
                Text(
                    "Ces documents aident trois lecteurs à décider : le délégué à la protection des "
                    "données, les représentants du personnel, la direction. Ils décrivent le service "
                    "installé ici, et ne jugent pas.",
                    Kind.READING,
                ),
                *(
                    []
                    if wrong
                    else [
                        Text("Rien à corriger n’a été trouvé dans les réglages et les fichiers.", Kind.FOUND)
                    ]
                ),
            ),
            Section(
                "Dans quel ordre lire, et qui complète",
                [Table(("Document", "Pour qui", "Qui complète"), READERS)],
            ),
            Section(
                "Ce que vous décidez, signez et payez",
                [
                    Table(
                        ("Décision", "Qui", "Fait le"), [(what, of, "à compléter") for what, of in DECISIONS]
                    )
                ],
            ),
            Section(
                "Comment lire une affirmation",
                [
                    Bullets(
                        [
                            Text(
                                "« E1 » renvoie à la fin du document : c’est l’essai qui doit tenir "
                                "l’affirmation.",
                                Kind.READING,
                            ),
                            Text("« NON » dit qu’une mesure n’est pas en place aujourd’hui.", Kind.READING),
                            Text(
                                "« Ce qui ne tient pas » et « Ce que ce document ne dit pas » sont à lire "
                                "en premier.",
                                Kind.READING,
                            ),
                        ]
                    )
                ],
            ),
            Section("Les mots techniques", [fields(*WORDS)]),
            unsaid(
                "Ce que coûte le service, et qui le maintient : le programme est libre, sans engagement de "
                "support.",
                "Comment le partager entre plusieurs employeurs : le programme ne sépare pas leurs agents, "
                "et ne sait pas qui est de quel employeur.",
                "Ce que vaut un texte de droit le jour où vous le lisez : chacun porte la date de sa "
                "relecture par les auteurs du programme.",
            ),
        ],
    )
