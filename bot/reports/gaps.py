# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What must be put right before the first agent: found in the settings, the database and the files; who does it, and how."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.reports.document import Limit, Said, Table
from bot.reports.law import law
from bot.reports.situation import Situation, has_key
from config.fields import WAIVED
from config.privacy import Controller, Dpo

OPERATOR, CONTROLLER = "exploitant", "responsable du traitement"
NO_MESSENGER = (
    "Aucune messagerie n’est réglée : ce document décrit un essai au terminal, où tous ceux qui s’en servent "
    "comptent pour une seule "
    "personne. Il ne dit rien de ce que Tchap ou Telegram recevraient, et ne peut fonder ni avis ni décision. "
    "Réglez la messagerie, "
    "puis établissez-le de nouveau."
)
IN_CLEAR = (
    "Les comptes des personnes sont en clair dans la base, à côté de leurs réponses (sur Tchap, le compte "
    "contient le nom). Qui lit la "
    "base ou une copie sait qui a répondu quoi. L’exploitant y met fin avant le premier agent, par le réglage privacy.key."
)
_LEGAL_DUTY = ("2024/1689", "article 4")


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing to put right."""

    what: str
    who: str
    how: str


def gaps(situation: Situation) -> tuple[Gap, ...]:
    """Return all of them, the gravest first."""
    return (*_decided(situation), *_declared(situation), *_found(situation))


def warnings(situation: Situation) -> Iterator[Limit]:
    """Yield what a document that is about people says above everything."""
    if not situation.facts.serves_messenger:
        yield Limit(NO_MESSENGER)
    if is_in_clear(situation):
        yield Limit(IN_CLEAR)


def is_in_clear(situation: Situation) -> bool:
    """Tell whether addresses are, or will be, in clear in the database."""
    held = situation.held
    return not has_key(situation.settings) or bool(held.in_clear) or (not held.key and bool(held.people))


def is_waiting(situation: Situation) -> bool:
    """Tell whether a key is set which the service has not yet begun to use."""
    return has_key(situation.settings) and not situation.held.key


def table(situation: Situation) -> Table | str:
    """Return them as a table."""
    found = gaps(situation)
    if not found:
        return "Rien de ce que le programme sait regarder. Les décisions ci-dessous restent à prendre."
    rows: list[tuple[Said, ...]] = [(one.what, one.who, one.how) for one in found]
    return Table(("À régler", "Qui", "Comment"), rows, "a-regler")


def _decided(situation: Situation) -> Iterator[Gap]:
    facts = situation.facts
    if not facts.serves_messenger:
        yield Gap(
            "Aucune messagerie n’est réglée",
            f"{CONTROLLER}, puis {OPERATOR}",
            "choisir (tableau « Tchap ou Telegram »), régler channels, établir les documents de nouveau",
        )
    if "telegram" in facts.channels:
        yield Gap(
            "Telegram est réglé : une entreprise hors de l’Union lit leçons et réponses",
            CONTROLLER,
            "décider par écrit après avis du délégué, avec un autre moyen pour l’agent qui refuse ; ou retirer le réglage",
        )
    if not has_key(situation.settings):
        yield Gap(
            "Les comptes sont en clair dans la base",
            OPERATOR,
            "réglage privacy.key (« openssl rand -base64 32 » fait une clé) ; la garder ailleurs que la base et ses copies",
        )
    if is_waiting(situation):
        yield Gap(
            "La clé des comptes est réglée, mais rien n’est encore chiffré",
            OPERATOR,
            "démarrer le service, puis établir les documents de nouveau : « oui » doit y être constaté",
        )
    if situation.held.in_clear:
        yield Gap(
            f"Des comptes sont encore en clair : {situation.held.in_clear}",
            OPERATOR,
            "laisser tourner le service, puis établir les documents de nouveau",
        )
    text = facts.privacy.legal_text or ""
    if facts.privacy.ground == "public_interest" and any(part in text for part in _LEGAL_DUTY):
        yield Gap(
            "Base légale : une mission d’intérêt public est déclarée, mais le texte cité est une obligation",
            "délégué, puis responsable du traitement",
            "nommer la mission et son texte (par exemple la formation du personnel), ou déclarer l’obligation légale "
            "(réglages privacy.ground et privacy.legal_text)",
        )


def _declared(situation: Situation) -> Iterator[Gap]:
    privacy = situation.facts.privacy
    if not isinstance(privacy.controller, Controller):
        yield Gap("Aucun responsable du traitement n’est nommé", OPERATOR, "réglage privacy.controller")
    if not isinstance(privacy.dpo, Dpo):
        yield Gap("Aucun délégué à la protection des données n’est nommé", OPERATOR, "réglage privacy.dpo")
    if privacy.host is None:
        yield Gap("Aucun hébergeur n’est déclaré", OPERATOR, "réglage privacy.host (nom et pays)")
    if privacy.legal_text is None and privacy.ground != "consent":
        yield Gap(
            "Aucun texte n’est cité à l’appui de la base légale",
            "délégué, puis exploitant",
            "réglage privacy.legal_text",
        )
    if not situation.settings.admins:
        yield Gap(
            "Aucun administrateur n’est nommé : personne ne peut publier ni annoncer dans la messagerie",
            f"{CONTROLLER}, puis {OPERATOR}",
            "choisir (le supérieur d’aucun agent invité), réglage admins, puis faire écrire chacun au robot "
            "dès l’installation",
        )


def _found(situation: Situation) -> Iterator[Gap]:
    files, settings = situation.files, situation.settings
    matrix = settings.channels.matrix
    if matrix is not None and matrix.store_key.get_secret_value() == WAIVED:
        yield Gap(
            "Le dossier des clés Matrix n’est pas chiffré", OPERATOR, "réglage channels.matrix.store_key"
        )
    if files.loose:
        yield Gap(
            f"Fichiers lisibles par d’autres comptes : {files.loose}",
            OPERATOR,
            "« iaventure check » les nomme",
        )
    if not files.journal:
        yield Gap(
            "Le journal des effacements ne peut pas être écrit",
            OPERATOR,
            "réglage privacy.journal, droits du dossier",
        )
    if not files.copies:
        yield Gap(
            "Aucune copie de sauvegarde trouvée près de la base",
            OPERATOR,
            "mettre en place les copies de la nuit, essayer une remise en service, noter la date ; ou dire où elles sont",
        )
    if files.old_copies:
        yield Gap(
            f"Copies plus anciennes que la durée annoncée aux personnes : {files.old_copies}",
            OPERATOR,
            "les supprimer",
        )
    if situation.held.catalogue is None:
        yield Gap("Aucun cours n’est publié dans la base", OPERATOR, "« iaventure lessons push »")
    if law().is_late(situation.today):
        yield Gap(
            "Les textes de droit cités n’ont pas été relus à la date prévue",
            "délégué",
            "les vérifier avant de s’en servir ; mettre le programme à jour",
        )
