# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The progress card: what its template draws of a summary. It names nobody: people forward it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from bot.drawing.signs import cut, drawn
from bot.messages import Art, Drawing
from bot.talk.levels import ThemeStanding
from bot.talk.regularity import DAYS
from bot.talk.summary import Summary
from bot.wording import Markdown, Words
from lessons import markup
from lessons.review import Level

FILE = "progression.png"
SIZE = 4000
"""Bytes of the facts at most, with all but ASCII escaped."""
ROWS = 12
"""Themes that are shown; the last row stands for all others where there are more."""
TITLES = (64, 48, 40, 24, 12)
"""Signs of a theme's title: the first number with which all of them, and the facts, are small enough."""
LETTERS = 500
"""Signs of all titles of themes together: half as much again as in the course that is shipped, for 150 KB of picture."""
LINE = 200
"""Signs of the alternative at most."""
LEVELS = (Level.ANCHORED, Level.IN_MEMORY, Level.DISCOVERED)
"""The best first, as they are counted in a row; lessons without an answer come last."""


def drawing(words: Words, found: Summary) -> Drawing:
    """Return the card of a summary that has themes."""
    tiles = _tiles(words, found)
    return Drawing(Art.CARD, _facts(words, found, tiles), _alternative(words, found, tiles), FILE)


def _facts(words: Words, found: Summary, tiles: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the template shows: of signs that the font has, and small enough for a row of the outbox."""
    facts: dict[str, Any] = {
        "language": words.language,
        "title": words.plain("progress.title"),
        "under": " · ".join(part for part in (drawn(found.path), words.date(found.today)) if part),
        "tiles": tiles,
        "said": [_told(words, found.answered)] if found.answered else [],
        "levels": [words.plain(f"card.level.{level}") for level in ("ahead", *reversed(LEVELS))],
        "medal": _medal(words, len(found.badges)),
        "next": [one for one in _next(words, found) if one],
    }
    for longest in TITLES:
        rows = _rows(words, found, longest)
        facts["themes"] = rows
        if sum(len(row["title"]) for row in rows) <= LETTERS and len(json.dumps(facts)) <= SIZE:
            break
    return facts


def _next(words: Words, found: Summary) -> Iterable[str]:
    yield _told(words, found.coming).removesuffix(".")
    yield drawn(found.lesson)
    yield _told(words, found.waiting).removesuffix(".")


def _medal(words: Words, badges: int) -> str:
    """Return what the medal says, which may stand beside lessons that are not anchored."""
    return words.many("card.badges", badges, share=words("progress.share")) if badges else ""


def _told(words: Words, sentence: Markdown) -> str:
    """Return a sentence as it is drawn: what is to be typed has quotation marks, where the text has bold type."""
    spans = markup.parse(sentence)
    return drawn("".join(words.plain("card.typed", word=one.text) if one.bold else one.text for one in spans))


def _tiles(words: Words, found: Summary) -> list[dict[str, Any]]:
    """Return one to three numbers, none of which is zero: before the first answer, how many lessons there are."""
    followed, total = found.standing.followed, found.total
    if not followed:
        return [
            {
                "kind": "welcome",
                "number": str(total),
                "label": words.many("card.welcome", total),
                "text": words.plain("card.pace"),
            }
        ]
    best = next(level for level in LEVELS if found.standing.by_level[level])
    tiles: list[dict[str, Any]] = [
        {
            "kind": "ring",
            "part": followed * 1000 // total,
            "number": str(followed),
            "label": words.many("card.lessons", followed, total=total),
        },
        {
            "kind": "number",
            "number": str(found.standing.by_level[best]),
            "label": words.many(f"card.{best}", found.standing.by_level[best]),
        },
    ]
    if not found.days:
        return tiles
    week = [[str(kind), words.plain(f"day.{DAYS[day.weekday()]}")[0].upper()] for day, kind in found.week]
    return [
        *tiles,
        {
            "kind": "days",
            "number": str(found.streak if found.streak > 1 else found.days),
            "label": _days(words, found),
            "week": week,
        },
    ]


def _days(words: Words, found: Summary, *, told: bool = False) -> str:
    """Return what stands beside the third number; `told`: where no week beside it says of which days."""
    if found.streak > 1:
        return words.many("card.streak", found.streak)
    if found.in_all:
        return words.many("card.days.told" if told else "card.days", found.days)
    return words.many("card.days.lately.told" if told else "card.days.lately", found.days)


def _rows(words: Words, found: Summary, longest: int) -> list[dict[str, Any]]:
    """Return a row for each theme: its title, whether its badge was given, and the lessons at each level."""
    given = {theme for theme, _, _ in found.badges}
    shown = found.themes if len(found.themes) <= ROWS else found.themes[: ROWS - 1]
    rows = [
        {
            "title": drawn(cut(one.title or words.plain("progress.theme.other"), longest)) or one.theme,
            "badge": one.theme in given,
            "counts": _counts([one]),
        }
        for one in shown
    ]
    if others := found.themes[len(shown) :]:
        title = words.many("card.others", len(others))
        rows.append({"title": title, "badge": False, "counts": _counts(others)})
    return rows


def _counts(themes: Iterable[ThemeStanding]) -> list[int]:
    themes = tuple(themes)
    counts = [sum(one.by_level[level] for one in themes) for level in LEVELS]
    return [*counts, sum(one.total for one in themes) - sum(counts)]


def _alternative(words: Words, found: Summary, tiles: list[dict[str, Any]]) -> str:
    """Return the numbers and what comes next in one line of plain text."""
    labels = {"days": _days(words, found, told=True)} if found.days else {}
    numbers = ", ".join(
        f"{one['number']} {labels.get(one['kind'], one['label'])}".replace("\n", " ") for one in tiles
    )
    return cut(words.plain("card.alternative", numbers=numbers, coming=_told(words, found.coming)), LINE)
