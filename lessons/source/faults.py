# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Sentences for authors: pydantic's validation errors in short French."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_SENTENCES = {
    "missing": "champ obligatoire",
    "extra_forbidden": "champ inconnu : vérifier l’orthographe, ou l’enlever",
    "string_type": "texte attendu",
    "string_unicode": "caractère interdit : l’enlever",
    "string_too_short": "texte vide",
    "int_type": "nombre entier attendu",
    "int_parsing": "nombre entier attendu",
    "int_parsing_size": "nombre entier trop grand",
    "int_from_float": "nombre entier attendu",
    "greater_than_equal": "trop petit : {ge} au moins",
    "less_than_equal": "trop grand : {le} au plus",
    "enum": "valeur inconnue : choisir parmi {expected}",
    "tuple_type": "liste attendue : une ligne « - … » par élément",
    "model_type": "plusieurs champs attendus, comme « clé: valeur »",
    "date_from_datetime_parsing": "cette date n’existe pas",
    "date_parsing": "cette date n’existe pas",
}
_PATTERNS = {
    r"^[a-z0-9-]{1,64}$": "lettres minuscules sans accent, chiffres et tirets attendus, 64 au plus",
    r"^[A-Z]{1,4}-[0-9]{1,4}$": "numéro de fait attendu, comme DP-02",
    r"^[a-z]{2}$": "code de langue attendu, comme fr",
}


def sentence(fault: ErrorDetails) -> str:
    """Return what is wrong, in one sentence without a full stop."""
    context = fault.get("ctx", {})
    match fault["type"]:
        case "value_error":
            return str(context["error"])
        case "string_pattern_mismatch":
            return _PATTERNS[context["pattern"]]
        case kind if kind in _SENTENCES:
            return _SENTENCES[kind].format_map({name: _in_french(value) for name, value in context.items()})
        case _:
            return f"valeur refusée ({fault['msg']})"


def _in_french(value: object) -> str:
    return str(value).replace(" or ", " ou ")
