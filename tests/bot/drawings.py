# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A card to draw, as the program's own is drawn."""

from __future__ import annotations

from bot.messages import Art, Drawing

_THEMES = (
    "Données personnelles",
    "Erreurs, biais et décisions",
    "Conduire le changement",
    "Les outils d’IA de l’État",
    "Propriété intellectuelle",
    "L’IA dans les collectivités",
    "Le règlement européen sur l’IA",
    "Souveraineté",
    "Confiance et labels",
    "IA frugale",
)
CARD = Drawing(
    Art.CARD,
    {
        "language": "fr",
        "title": "Votre progression",
        "under": "Parcours des agents · 24 novembre 2026",
        "tiles": [
            {"kind": "ring", "part": 226, "number": "12", "label": "leçons suivies\nsur 53"},
            {"kind": "number", "number": "7", "label": "idées en mémoire"},
            {
                "kind": "days",
                "number": "4",
                "label": "jours de suite",
                "week": [
                    ["answered", "L"],
                    ["answered", "M"],
                    ["off", "M"],
                    ["answered", "J"],
                    ["today", "V"],
                ],
            },
        ],
        "said": ["23 réponses, dont 19 justes"],
        "levels": ["à venir", "découverte", "en mémoire", "ancrée"],
        "medal": "2 badges",
        "next": ["Prochaine leçon : demain à 08:30", "Anonymiser, ce n’est pas masquer le nom"],
        "themes": [
            {"title": title, "badge": place < 2, "counts": [1, 2, 1, 2]}
            for place, title in enumerate(_THEMES)
        ],
    },
    "Votre progression :\n12 leçons sur 53.",
    "progression.png",
)
