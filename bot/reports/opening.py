# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How every document begins: when and from what it was made, and what is to be put right before it is shown to anybody."""

from __future__ import annotations

from bot.reports.data import days
from bot.reports.document import Block, Bullets, Kind, Section, Text
from bot.reports.situation import Situation, has_key
from config.privacy import Controller, Dpo

FIRST = "À corriger avant de présenter ce document :"


def opening(situation: Situation, *more: Block) -> Section:
    """Return the first section of a document. `more`: what else stands in it."""
    blocks: list[Block] = [Text(situation.made, Kind.READING)]
    if wrong := alerts(situation):
        blocks += [Text(FIRST, Kind.FOUND), Bullets([Text(line, Kind.FOUND) for line in wrong])]
    return Section("Le document", [*blocks, *more])


def alerts(situation: Situation) -> list[str]:
    """Return what was found that keeps the documents from being shown as they are, the gravest first."""
    facts, held, files = situation.facts, situation.held, situation.files
    found = []
    if not facts.serves_messenger:
        found.append(
            "aucune messagerie n’est réglée : ce document décrit un essai dans un terminal. Réglez la "
            "messagerie (Tchap, Matrix ou Telegram), puis faites les documents de nouveau"
        )
    if not isinstance(facts.privacy.controller, Controller):
        found.append("le responsable du traitement n’est pas nommé")
    if not isinstance(facts.privacy.dpo, Dpo):
        found.append("le délégué à la protection des données n’est pas nommé")
    if not held.key_fits:
        found.append("la clé des adresses qui est réglée n’est pas celle de la base")
    elif held.in_clear or not held.key:
        found.append(
            "les adresses et les comptes (sur Tchap, des noms) sont en clair dans la base, en tout ou en "
            "partie"
            + (
                " : une clé est donnée, et le service finira de chiffrer"
                if has_key(situation.settings)
                else " : donnez une clé (réglage privacy.key), gardée à part des copies, avant la première inscription"
            )
        )
    if files.loose:
        found.append(f"fichiers lisibles par d’autres comptes de la machine : {files.loose}")
    if files.old_copies:
        found.append(f"copies plus anciennes que {days(facts.privacy.backups)} : {files.old_copies}")
    if not files.journal:
        found.append("le journal des effacements ne peut pas être écrit")
    if held.catalogue is None:
        found.append("aucun cours n’est publié")
    return found
