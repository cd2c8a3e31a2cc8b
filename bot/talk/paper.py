# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What an attestation says: which lessons are followed or missing, and the facts of the paper in the learner's language."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from bot import codes
from bot.drawing.coverage import writable
from bot.drawing.signs import cut
from bot.facts import is_storable
from bot.messages import Art, Drawing
from bot.notice.facts import MESSENGERS
from bot.talk import levels
from bot.talk.turn import Turn
from bot.wording import Markdown, Words
from lessons.review import Level
from storage import attestations
from storage.catalogue import Catalogue
from storage.progress import enrolments, recalls, tallies

FEWEST = 12
"""Lessons followed, at least: a path of three is no course."""
LESSON, ANSWER = 120, 45
"""Seconds that a lesson and an answer are estimated to take."""
STEP = 5
"""Minutes to which the estimate is rounded."""
THEMES = 12
"""Rows of themes on one page: the rest is one row."""
TITLES = ((100, 44), (72, 32), (48, 24), (32, 12))
"""Characters of the course's title and of a theme's: the first pair with which a row of the outbox holds the paper, and
the text that stands for it. Those of the shipped course are never cut."""
YEAR = 365
ISSUER = 120
"""Characters of the name of who issues the paper."""
BOT = 80
"""Characters of how the bot is reached: what is longer is left out, as an account that is cut is nobody's."""
FINGERPRINT = 8
"""Hexadecimal digits of the course's version that are shown."""


@dataclass(frozen=True, slots=True)
class Followed:
    """Where a learner is on their path, by lesson. Lessons that may not be delivered today are not waited for."""

    path: str
    reached: Mapping[str, Level]
    """The lessons of the path with an answer that counts, and how well each is known."""
    unanswered: frozenset[str]
    """Those available that reached the learner and have no answer."""
    to_come: frozenset[str]
    """Those available that did not reach them yet."""
    first: date
    """The local date of the first lesson, and of the last answer."""
    last: date

    @property
    def missing(self) -> int:
        """How many available lessons of the path are not followed."""
        return len(self.unanswered) + len(self.to_come)

    @property
    def is_enough(self) -> bool:
        """Whether an attestation can be issued."""
        return not self.missing and len(self.reached) >= FEWEST


def followed(turn: Turn, published: Catalogue) -> Followed:
    """Return where the learner is on the path of their role."""
    role, zone = turn.learner.role, ZoneInfo(turn.schedule.time_zone)
    path = published.path(role)
    kept = recalls.all_of(turn.tx, turn.learner.id)
    reached = {
        lesson: level
        for lesson in path
        if lesson in kept and (level := levels.level_of(published, lesson, kept[lesson])) is not None
    }
    delivered = {lesson: at for lesson, at, _ in enrolments.deliveries(turn.tx, turn.enrolment.id)}
    left = frozenset(published.order(role, turn.now.date())) - reached.keys()
    begun = min(delivered.values(), default=turn.now).astimezone(zone).date()
    answered = [asked.last for lesson in reached for asked in kept[lesson].asked.values()]
    last = min(max(answered, default=turn.today), turn.today)
    return Followed(role, reached, left & delivered.keys(), left - delivered.keys(), min(begun, last), last)


def kept_of(turn: Turn, published: Catalogue, found: Followed) -> dict[str, Any]:
    """Return what is kept of a paper: what it says, without the name and the code."""
    verdicts = tallies.verdicts(turn.tx, turn.learner.id)
    answers = sum(verdicts.values())
    seconds = LESSON * len(found.reached) + ANSWER * answers
    return {
        "course": published.course.title,
        "first": found.first.isoformat(),
        "last": found.last.isoformat(),
        "lessons": len(found.reached),
        "answers": answers,
        "right": verdicts["right"],
        "minutes": max(STEP, STEP * round(seconds / 60 / STEP)),
    }


def version_of(published: Catalogue, found: Followed) -> str:
    """Return the hash of the lessons that were followed, each in its present version."""
    lessons = (f"{lesson} {published.entries[lesson].version}" for lesson in sorted(found.reached))
    return hashlib.sha256("\n".join(lessons).encode()).hexdigest()


def drawing(
    turn: Turn, published: Catalogue, found: Followed, kept: Mapping[str, Any], name: str, code: str
) -> Drawing:
    """Return the paper to be drawn, and the same in plain text. Titles are cut as far as a row of the outbox needs."""
    words, shown = turn.words, codes.shown(code)
    for lengths in TITLES:
        facts = _facts(turn, published, found, kept, name, shown, lengths)
        drawn = Drawing(Art.ATTESTATION, facts, _told(words, facts), f"{words.plain('paper.file')}.pdf")
        if is_storable(drawn):
            break
    return drawn


def _facts(
    turn: Turn,
    published: Catalogue,
    found: Followed,
    kept: Mapping[str, Any],
    name: str,
    code: str,
    lengths: tuple[int, int],
) -> dict[str, Any]:
    words, issuer = turn.words, cut(writable(turn.rules.issuer), ISSUER)
    course = cut(writable(published.course.title), lengths[0])
    path = words.plain(f"paper.path.{found.path}")
    given = words.plain("paper.given.by", issuer=issuer) if issuer else words.plain("paper.given")
    return {
        "language": words.language,
        "course_language": published.course.language,
        "issued_at": turn.now.isoformat(timespec="seconds"),
        "title": words.plain("paper.title"),
        "document_title": words.plain("paper.document", course=course),
        "summary": words.plain("paper.summary"),
        "course": course,
        "path": path,
        "given_to": given,
        "name": name,
        "phrase": words.plain("paper.phrase", issued=words.date(turn.today)),
        "done": {
            "title": words.plain("paper.done"),
            "columns": [words.plain("paper.done.what"), words.plain("paper.done.how")],
            "rows": _rows(turn, published, found, kept),
        },
        "themes": _themed(words, _themes(words, published, found, lengths[1])),
        "verify": {
            "title": words.plain("paper.verify"),
            "label": words.plain("paper.verify.code"),
            "code": code,
            "how": _verified(turn),
        },
        "scope": {"title": words.plain("paper.scope"), "text": words.plain("paper.scope.text")},
        "foot": words.plain("paper.foot"),
    }


def _rows(
    turn: Turn, published: Catalogue, found: Followed, kept: Mapping[str, Any]
) -> list[tuple[str, str]]:
    words = turn.words
    values = {
        "period": period(words, found.first, found.last),
        "lessons": str(kept["lessons"]),
        "answers": answers(words, kept["answers"], kept["right"]),
        "duration": words.plain("paper.duration.value", time=_duration(words, kept["minutes"])),
        "version": words.plain("paper.version.value", hash=version_of(published, found)[:FINGERPRINT]),
        "issued": words.date(turn.today),
    }
    return [(words.plain(f"paper.{name}"), value) for name, value in values.items()]


def period(words: Words, first: date, last: date) -> str:
    """Return from when to when something was done; one day is said once."""
    if first == last:
        return words.plain("paper.period.day", day=words.date(first))
    return words.plain("paper.period.value", first=words.date(first), last=words.date(last))


def answers(words: Words, number: int, right: int) -> str:
    """Return how many answers were given, of whatever lesson, and how many were right, unless none was."""
    key = "paper.answers.all_right" if right == number else "paper.answers.right"
    among = words.many(key, right) if right else ""
    return words.plain("paper.answers.value", n=number, right=among)


def _verified(turn: Turn) -> str:
    """Return where and how the paper is verified, as far as it is known how the bot is reached."""
    words, channel = turn.words, turn.event.channel
    if channel not in MESSENGERS:
        return words.plain("paper.verify.console", lasts=lasts(turn), most=attestations.MOST)
    named = 0 < len(turn.bot) <= BOT and writable(turn.bot) == turn.bot
    where = (
        words(f"paper.verify.at.{channel}", bot=turn.bot) if named else words(f"paper.verify.in.{channel}")
    )
    return words.plain("paper.verify.how", where=where, lasts=lasts(turn), most=attestations.MOST)


def lasts(turn: Turn) -> str:
    """Return how long an attestation can be verified, in words."""
    years, days = divmod(turn.rules.attestations.days, YEAR)
    if days:
        return turn.words.many("time.days", turn.rules.attestations.days)
    return turn.words.many("time.years", years)


def _duration(words: Words, minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return (
        words.plain("paper.hours", h=hours, m=f"{rest:02}") if hours else words.plain("paper.minutes", m=rest)
    )


def _themed(words: Words, rows: list[tuple[str, int, int]]) -> dict[str, Any]:
    """Return the table of themes; what is anchored has a column, and a note, only where something is."""
    anchored = any(row[2] for row in rows)
    columns = ("theme", "lessons", "anchored") if anchored else ("theme", "lessons")
    return {
        "title": words.plain("paper.themes"),
        "columns": [words.plain(f"paper.themes.{column}") for column in columns],
        "rows": [row[: len(columns)] for row in rows],
        "note": words.plain("paper.themes.note") if anchored else "",
    }


def _themes(words: Words, published: Catalogue, found: Followed, longest: int) -> list[tuple[str, int, int]]:
    """Return the themes in the course's order: title, lessons followed, ideas anchored."""
    lessons = Counter(published.entries[one].theme for one in found.reached)
    anchored = Counter(
        published.entries[one].theme for one, level in found.reached.items() if level is Level.ANCHORED
    )
    order = {theme.id: place for place, theme in enumerate(published.course.themes)}
    themes = sorted(lessons, key=lambda one: (order.get(one, len(order)), one))
    titles = {one: cut(writable(published.title_of_theme(one)), longest) for one in themes}
    rows = [(titles[one], lessons[one], anchored[one]) for one in themes]
    if len(rows) <= THEMES:
        return rows
    rest = rows[THEMES - 1 :]
    others = words.plain("paper.themes.others"), sum(row[1] for row in rest), sum(row[2] for row in rest)
    return [*rows[: THEMES - 1], others]


def _told(words: Words, facts: Mapping[str, Any]) -> str:
    """Return the paper as plain text, in the order in which it is read."""
    done, themes, verify, scope = (facts[part] for part in ("done", "themes", "verify", "scope"))
    note = (themes["note"],) if themes["note"] else ()
    return "\n".join(
        (
            facts["title"],
            f"{facts['course']} · {facts['path']}",
            "",
            facts["given_to"],
            facts["name"],
            facts["phrase"],
            "",
            *(words.plain("paper.told.pair", what=what, how=how) for what, how in done["rows"]),
            "",
            themes["title"],
            *(_theme_told(words, *row) for row in themes["rows"]),
            *note,
            "",
            f"{verify['label']} {verify['code']}",
            verify["how"],
            "",
            f"{scope['title']} {scope['text']}",
            facts["foot"],
        )
    )


def _theme_told(words: Words, theme: str, lessons: int, anchored: int = 0) -> str:
    counts = [words.many("paper.told.lessons", lessons)]
    if anchored:
        counts.append(words.many("paper.told.anchored", anchored))
    return words.plain("paper.told.theme", theme=theme, counts=Markdown(", ".join(counts)))
