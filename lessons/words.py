# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What a short text is about: the stems of its words, without those that say nothing of their own."""

from __future__ import annotations

import re

from lessons.addresses import folded

_WORD = re.compile(r"[^\W\d_]{3,}|\d{2,}")
_EMPTY_WORDS = """
ailleurs ainsi alors apres aucun aucune aussi autant autre autres aux avait avant avec avez avoir beaucoup bien bon
bonne car cas ceci cela celle celles celui cent ces cet cette ceux chaque chez cinq combien comme comment contre dans
deja depuis dernier derniere des deux devez dire dis dit dites dix doit doivent donc dont elle elles encore ensuite
entre est etc ete etes etre eux faire fais fait faites faut fois font huit ici ils jamais jour jours jusque les leur
leurs lors lui mais meme memes mes mettre mieux mis moins mois mon non nos notre nous ont onze ou oui par parce
parfois pas peu peut peuvent peux plus plusieurs pour pourquoi prendre puis puisque quand quatre que quel quelle
quelles quelque quelques quels qui quoi rien sans selon sept sera serait ses seul seule seulement six soi soit son
sont sous souvent sur tant tel telle ton toujours tous tout toute toutes tres trois trop une vers voici voila vos
votre vous vrai vraie vraiment
"""
_VOCABULARY = """
agent agents algorithme algorithmes assistant assistants automatique collectivite collectivites commune communes
donnee donnees habitant habitants intelligence artificielle ligne logiciel logiciels mairie maire modele modeles
outil outils personne personnes projet projets public publics publie publier publique publiques question questions
regle regles reponse reponses service services systeme systemes texte textes usage usages utiliser utilise ville villes
"""
"""Words of any lesson on this subject."""
_ENDINGS = """
issements issement ements ement ments ment ications ication isations isation ations ation itions ition ions ion
ateurs ateur atrices atrice isseurs isseur eurs eur euses euse issantes issante issants issant antes ante ants ant
ances ance ences ence ables able ibles ible ives ive ifs if ites ite iques ique ures ure ages age istes iste
eraient erait erons eront erez issent issons issez aient ait ons iez ez iers ier ies ie iees iee er ees ee es e ent ir
it is i
"""
_LONGEST_FIRST = sorted(_ENDINGS.split(), key=len, reverse=True)
_SHORTEST = 4


def stem(word: str) -> str:
    """Return what a word of French shares with its family: `vérifiez`, `vérification` → `verif`.

    One ending is taken off, the longest that leaves four letters. It need not be right, only the same for two forms.
    """
    word = folded(word)
    for ending in _LONGEST_FIRST:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > _SHORTEST and word[-1] in "sx" else word


def subjects(text: str) -> dict[str, str]:
    """Return the stems of the words that say what a text is about, in its order, each with its word."""
    words = [word for word in _WORD.findall(text) if folded(word) not in _EMPTY]
    return {stem(word): word for word in words if stem(word) not in _COMMON}


_EMPTY = frozenset(_EMPTY_WORDS.split())
_COMMON = frozenset(map(stem, _VOCABULARY.split()))
