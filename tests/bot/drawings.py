# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A card to draw: word for word what the program says of `tests.bot.cards.middle`, as `test_card` holds."""

from __future__ import annotations

from bot.messages import Art, Drawing

_THEMES = (
    ("Données personnelles", [1, 1, 1, 6]),
    ("Erreurs, biais et décisions", [1, 1, 0, 5]),
    ("Assistants, agents et pièges", [0, 1, 1, 4]),
    ("Conduire le changement", [1, 1, 0, 4]),
    ("Les outils d’IA de l’État", [1, 0, 1, 3]),
    ("Propriété intellectuelle", [0, 1, 1, 3]),
    ("L’IA dans les collectivités", [0, 1, 1, 4]),
    ("Le règlement européen sur l’IA", [0, 1, 1, 4]),
    ("Souveraineté", [0, 0, 1, 2]),
    ("Confiance et labels", [0, 2, 0, 4]),
    ("IA frugale", [0, 1, 1, 7]),
)
CARD = Drawing(
    Art.CARD,
    {
        "language": "fr",
        "title": "Votre progression",
        "under": "Parcours des agents · 14 janvier 2027",
        "tiles": [
            {"kind": "ring", "part": 323, "number": "22", "label": "leçons sur 68"},
            {"kind": "number", "number": "4", "label": "leçons\nancrées"},
            {
                "kind": "days",
                "number": "10",
                "label": "jours de suite",
                "week": [
                    ["answered", "L"],
                    ["forgiven", "M"],
                    ["answered", "M"],
                    ["answered", "J"],
                    ["ahead", "V"],
                ],
            },
        ],
        "said": ["14 réponses données, dont 11 justes."],
        "levels": ["à suivre", "découverte", "en mémoire", "ancrée"],
        "medal": "",
        "next": [
            "Prochaine leçon\u00a0: vendredi 15 janvier à 08:30",
            "L’assistant de la bureautique a trouvé les primes de l’équipe",
        ],
        "themes": [{"title": title, "badge": False, "counts": counts} for title, counts in _THEMES],
    },
    "Votre progression\u00a0: 22 leçons sur 68, 4 leçons ancrées, 10 jours de suite. "
    "Prochaine leçon\u00a0: vendredi 15 janvier à 08:30.",
    "progression.png",
)
