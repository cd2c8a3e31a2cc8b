# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What an editor would mark in a lesson: the house rules of docs/publier.md. `python -m tests.lessons.editorial FILE…`."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from lessons import advice, markup, source
from lessons.advice import prose, right_is_longest, visible
from lessons.model import Kind, Lesson

FACTS = Path(__file__).parents[2] / "docs" / "faits.md"

SENTENCE = 20.0
"""Words a sentence, at most, on average."""
LIX = (28.0, 46.0)
"""Björnsson's index: words a sentence, plus the percentage of words of more than six letters.

It was chosen over the French Flesch formula (Kandel and Moles, 1958) because that one counts syllables: its result depends
on how a program reads mute letters, acronyms and figures. This one needs only what an author can act on. Newspapers are
near 45, administrative texts above 55; below 28 a text on this subject would be a slogan.
"""
TAKEAWAY = 90
"""Characters that fit one line."""
GRACE = timedelta(days=31)
"""How long after its deadline a perishable fact may still be taught, written with its dates."""
LONGEST = timedelta(days=410)
"""How long any lesson may go without being compared with its sources: thirteen months and some days."""

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_STOP = re.compile(r"[.!?…](?=[\s»)]|$)|\n\s*\n|\n- |:\s*\n")
_ACRONYM = re.compile(r"(?<![\w-])[A-Z][A-ZÉ]+(?:\d+)?(?![\w])")
_NAMES = {"ISO", "IEC", "SPEC", "CLOUD", "SREN", "OK", "II", "III", "IV", "SCHUFA", "XX", "XXI"}
"""Capitals that are a proper name or a numeral, and are not spelled out."""

_ENGLISH = re.compile(
    r"(?:chatbots?|prompts?|deepfakes?|feedback|e?mails?|digital|data|dataset|tokens?|cloud|shadow|benchmarks?|workflow|"
    r"dashboard|process|reporting|opt-(?:out|in)|fine-tuning|open-(?:weight|source)|(?:machine|deep)-learning|scraping|"
    r"meeting|planning|challenge|impacter)",
    re.IGNORECASE,
)
_NOT_ACTIONS = ("comprendre", "savoir", "connaître", "découvrir", "appréhender", "sensibiliser")
_ALL_ABOVE = re.compile(
    r"\b(?:toutes? (?:ces|les) réponses|aucune (?:de ces|des) (?:réponses|propositions)|tout ce qui précède|"
    r"(?:les deux|toutes) (?:à la fois|ci-dessus))\b",
    re.IGNORECASE,
)
_FAMILIAR = re.compile(r"\b(?:tu|toi|ton|tes|ta)\b", re.IGNORECASE)
_DOTTED = re.compile(r"\w[·•]\w|\w\((?:e|es|ne|trice|euse)\)|\biels?\b|\w/(?:e|trice|euse)\b", re.IGNORECASE)
_SHOUT = re.compile(r"!{2,}|\b(?:urgent|attention danger|obligatoirement sanctionné)\b", re.IGNORECASE)
_NEGATION = re.compile(r"\b(?:ne|n’\w+)\b[^.?!]*?\b(?:pas|jamais|aucune?|rien|plus|point)\b", re.IGNORECASE)

# U+00A0 before a colon and inside quotes, U+202F before ? ! and ;, as the Imprimerie nationale sets them.
_TYPOGRAPHY: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("apostrophe droite (’)", re.compile(r"\w'\w?")),
    ("guillemets droits (« »)", re.compile(r'"')),
    ("espace insécable fine avant ? ! ;", re.compile(r"[^\u202f?!](?=[?!;](?:[\s»)]|$))")),
    ("espace insécable avant :", re.compile(r"[^\u00a0](?=:(?:\s|$))")),
    ("espace insécable après «", re.compile(r"«(?!\u00a0)")),
    ("espace insécable avant »", re.compile(r"[^\u00a0](?=»)")),
    ("espace insécable avant % ou €", re.compile(r"\d[ \w]?(?=[%€])")),
    ("espace insécable fine ou insécable dans les milliers", re.compile(r"\d [0-9]{3}\b")),
    ("points de suspension (…)", re.compile(r"\.\.\.")),
    ("espace double", re.compile(r"[^\n] {2,}\S")),
    ("espace avant une virgule ou un point", re.compile(r"\s[,.](?!\d)")),
)


def sentences(text: str) -> list[list[str]]:
    """The words of each sentence; an item of a list and a paragraph end one."""
    return [words for part in _STOP.split(text) if (words := _WORD.findall(part))]


def lix(text: str) -> float:
    """Björnsson's index of a text: about 30 easy, 40 ordinary, 50 difficult."""
    parts = sentences(text)
    words = [word for sentence in parts for word in sentence]
    long = sum(len(part) > 6 for word in words for part in [re.split("['’]", word)[-1]])
    return len(words) / len(parts) + 100 * long / len(words)


def running_text(lesson: Lesson) -> str:
    """What is read as sentences: body, takeaway, questions, feedback, explanations."""
    parts = [text for place, text in prose(lesson) if place not in ("title", "objective")]
    return "\n\n".join(parts)


@cache
def facts() -> frozenset[str]:
    """The numbers of the facts in the sheet."""
    return frozenset(re.findall(r"^#### ([A-Z]+-\d+)$", FACTS.read_text(), re.MULTILINE))


@cache
def deadlines() -> dict[str, date]:
    """When each perishable fact is to be looked at again."""
    first: dict[str, date] = {}
    for day, names in re.findall(
        r"^\| (\d{4}-\d\d-\d\d) \|[^|]*\| ([^|]+) \|$", FACTS.read_text(), re.MULTILINE
    ):
        for name in names.split(", "):
            first[name] = min(first.get(name, date.max), date.fromisoformat(day))
    return first


def latest_review(lesson: Lesson) -> date:
    """The last `review_by` that the lesson's facts allow."""
    perishable = [deadlines()[fact] + GRACE for fact in lesson.facts if fact in deadlines()]
    return min([*perishable, lesson.checked + LONGEST])


def remarks(lesson: Lesson) -> list[str]:
    """Every house rule that a lesson breaks, and what any author is advised of, one sentence each."""
    return [remark for rule in RULES for remark in rule(lesson)]


def _advised(lesson: Lesson) -> Iterator[str]:
    yield from map(str, advice.on_lesson(lesson))


def _sourced(lesson: Lesson) -> Iterator[str]:
    if not lesson.facts:
        yield "facts : nommer les faits de docs/faits.md"
    for fact in lesson.facts:
        if fact not in facts():
            yield f"facts : {fact} n’est pas dans docs/faits.md"
    if lesson.review_by > latest_review(lesson):
        yield f"review_by : {latest_review(lesson)} au plus tard, d’après ses faits"


def _readable(lesson: Lesson) -> Iterator[str]:
    for name, text in (("leçon", running_text(lesson)), ("body", visible(lesson.body))):
        parts = sentences(text)
        mean = sum(map(len, parts)) / len(parts)
        if mean > SENTENCE:
            yield f"{name} : {mean:.1f} mots par phrase en moyenne, {SENTENCE:g} au plus"
        if not LIX[0] <= lix(text) <= LIX[1]:
            yield f"{name} : indice LIX {lix(text):.0f}, attendu de {LIX[0]:g} à {LIX[1]:g}"
    longest = max(sentences(running_text(lesson)), key=len)
    if len(longest) > 34:
        yield f"phrase de {len(longest)} mots, à couper : « {' '.join(longest[:6])}… »"


def _spelled_out(lesson: Lesson) -> Iterator[str]:
    text = " ".join(text for place, text in prose(lesson) if place != "objective")
    for acronym in sorted(set(_ACRONYM.findall(text)) - _NAMES):
        if f"({acronym})" not in text and f"{acronym} (" not in text:
            yield f"sigle {acronym} : l’écrire une fois en toutes lettres, suivi de ({acronym})"


def _spoken(lesson: Lesson) -> Iterator[str]:
    for place, text in prose(lesson):
        if match := _FAMILIAR.search(text):
            yield f"{place} : « {match[0]} », on dit vous"
        if match := _DOTTED.search(text):
            yield f"{place} : « {match[0]} », pas de point médian ni de parenthèse"
        if match := _SHOUT.search(text):
            yield f"{place} : « {match[0]} », on ne crie pas"
        for word in _WORD.findall(text):
            if _ENGLISH.fullmatch(word) and not word.isupper():
                yield f"{place} : « {word} », un mot français existe"
    if not re.search(r"\bvo(?:us|tre|s)\b", lesson.body, re.IGNORECASE):
        yield "body : s’adresser au lecteur (vous)"


def _typeset(lesson: Lesson) -> Iterator[str]:
    for place, text in prose(lesson):
        for name, pattern in _TYPOGRAPHY:
            if match := pattern.search(text):
                around = text[max(0, match.start() - 12) : match.end() + 12]
                yield f"{place} : {name} : « {around} »"


def _framed(lesson: Lesson) -> Iterator[str]:
    if len(lesson.takeaway) > TAKEAWAY:
        yield f"takeaway : {len(lesson.takeaway)} caractères, {TAKEAWAY} au plus pour tenir sur une ligne"
    verb = lesson.objective.split()[0].casefold()
    if not re.search(r"(?:er|ir|re|oir)$", verb) or verb in _NOT_ACTIONS:
        yield f"objective : commencer par un verbe d’action à l’infinitif, pas « {verb} »"


def _fair(lesson: Lesson) -> Iterator[str]:
    for question in lesson.questions:
        if question.kind is Kind.SINGLE and len(question.choices) != 4:
            yield f"{question.id} : une bonne réponse et trois distracteurs attendus"
        if question.kind is Kind.MULTIPLE and len(question.choices) < 4:
            yield f"{question.id} : quatre choix au moins"
        if len(_NEGATION.findall(question.text)) > 1 or re.search(r"\bPAS\b|\bNE\b", question.text):
            yield f"{question.id}.text : double négation ou négation criée"
        for text in (question.text, *(choice.text for choice in question.choices)):
            if match := _ALL_ABOVE.search(text):
                yield f"{question.id} : « {match[0]} »"
        spread = [markup.units(choice.text) for choice in question.choices]
        if question.kind is Kind.SINGLE and max(spread) > 2.2 * min(spread):
            yield f"{question.id} : longueurs trop inégales des choix ({spread})"


RULES: tuple[Callable[[Lesson], Iterator[str]], ...] = (
    _advised,
    _sourced,
    _readable,
    _spelled_out,
    _spoken,
    _typeset,
    _framed,
    _fair,
)


def likeness(text: str, other: str) -> float:
    """Shared words over all words, of more than three letters: 1 for the same question."""
    first, second = (
        {word.casefold() for word in _WORD.findall(question) if len(word) > 3} for question in (text, other)
    )
    return len(first & second) / max(1, len(first | second))


def main(files: Iterable[str]) -> int:
    """Print the remarks on each file; 1 if there is any."""
    count = 0
    for placed in source.read([Path(name) for name in files]).lessons:
        lesson = placed.lesson
        single = [each for each in lesson.questions if each.kind is Kind.SINGLE]
        for remark in remarks(lesson):
            count += 1
            sys.stdout.write(f"{placed.file}: {remark}\n")
        text = running_text(lesson)
        sys.stdout.write(
            f"{placed.file}: LIX {lix(text):.0f}, corps {markup.length(lesson.body)} caractères, "
            f"bonne réponse la plus longue {sum(map(right_is_longest, single))}/{len(single)}\n"
        )
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
