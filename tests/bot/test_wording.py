# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Does every sentence exist in both languages, well set, and used?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import product
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

import bot
from bot.messages import Doubt
from bot.notice import texts
from bot.notice.facts import MESSENGERS
from bot.service.planning import SILENT_SLOTS
from bot.talk import admin, finish, help_page, pictures, preferences, showing
from bot.wording import LANGUAGES, Markdown, words_of
from config import sources
from config.privacy import Ground
from config.settings import Channels
from lessons import markup
from lessons.curriculum import Role
from lessons.grading import Verdict
from lessons.model import Seen
from lessons.review import Level
from storage import failures, figures
from storage.courses import Outcome
from storage.progress import tallies

BOT = Path(bot.__file__).parent

CHANNELS = tuple(Channels.model_fields)

FAMILIES: dict[str, tuple[str, ...]] = {
    "command.{}": help_page.MENU,
    "command.{}.does": help_page.MENU,
    "attestation.refused.{}": (
        *("length", "lines", "letters", "digits", "sign", "hidden", "accents", "alone"),
    ),
    "day.{}": preferences.DAYS,
    "forget.stays.{}": CHANNELS,
    "notice.address.{}": CHANNELS,
    "notice.channel.{}": CHANNELS,
    "notice.word.{}": texts.RIGHTS,
    "paper.verify.at.{}": MESSENGERS,
    "paper.verify.in.{}": MESSENGERS,
    "privacy.address.{}": CHANNELS,
    "privacy.button.{}": ("choice", "consent"),
    "privacy.ground.{}": get_args(Ground),
    "privacy.host.{}": ("inside", "outside", "unknown"),
    "privacy.leave.{}": get_args(Ground),
    "privacy.recipients.{}": CHANNELS,
    "privacy.rights.{}": ("access", "rectify", "erase", "restrict", "death", "how"),
    "privacy.transfers.{}": CHANNELS,
    "day.{}.usual": preferences.DAYS,
    "day.{}.words": preferences.DAYS,
    "doubt.{}": tuple(Doubt),
    "lesson.sources.{}": tuple(Seen),
    "paper.{}": ("period", "lessons", "answers", "duration", "version", "issued"),
    "paper.path.{}": tuple(Role),
    "paper.themes.{}": ("theme", "lessons", "anchored"),
    "planned.{}": tuple({*SILENT_SLOTS} - {"lesson"}),
    "publish.done.{}": get_args(Outcome),
    "publish.part.{}": (*admin.PARTS.values(), "other", "all"),
    "publish.publish.{}": ("end", "paths", "theme", "replace"),
    "quiz.{}": showing.TITLED,
    "settings.{}": preferences.ITEMS,
    "settings.{}.words": preferences.ITEMS,
    "settings.{}.ask": tuple({*preferences.ITEMS} - {"data"}),
    "settings.{}.refused": tuple({*preferences.ITEMS} - {"data", "role", "language", "rhythm", "pictures"}),
    "settings.{}.in_quiet": ("hour", "quiet"),
    "settings.holidays.{}": preferences.CALENDARS,
    "settings.days.{}.words": ("every", "working", "weekend"),
    "settings.language.{}": LANGUAGES,
    "settings.language.{}.words": LANGUAGES,
    "progress.{}": tuple(Level),
    "progress.theme.{}": (Level.ANCHORED, Level.IN_MEMORY),
    "card.{}": tuple(Level),
    "card.level.{}": ("ahead", *Level),
    "finish.promise.{}": finish.RHYTHMS,
    "rhythm.{}.words": ("around", "doubt", "yes", "no"),
    "settings.rhythm.{}": finish.RHYTHMS,
    "settings.rhythm.{}.words": finish.RHYTHMS,
    "settings.rhythm.done.{}": finish.RHYTHMS,
    "settings.pictures.{}": pictures.WISHES,
    "settings.pictures.{}.label": pictures.WISHES,
    "settings.pictures.{}.words": pictures.WISHES,
    "settings.pictures.done.{}": pictures.WISHES,
    "settings.role.{}": tuple(Role),
    "settings.role.{}.words": tuple(Role),
    "settings.role.done.{}": tuple(Role),
    "stats.{}": tuple({*figures.STATES, *figures.OUTCOMES, *tallies.VERDICTS}),
    "verdict.{}": tuple(Verdict),
    "zone.{}": preferences.ZONES,
}
"""Every key that is put together, with what completes it."""


def catalogue(language: str) -> Catalog:
    with (BOT / "wording" / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def sentences(language: str) -> dict[str, tuple[str, ...]]:
    """Key → its sentence, or its plural forms."""
    return {key_of(one): forms(one) for one in catalogue(language) if one.id}


def key_of(one: Message) -> str:
    return one.id if isinstance(one.id, str) else one.id[0]


def forms(one: Message) -> tuple[str, ...]:
    return (one.string,) if isinstance(one.string, str) else tuple(one.string or ())


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


FRENCH, ENGLISH = sentences("fr"), sentences("en")
EVERY_FORM = [
    (language, key, form)
    for language in LANGUAGES
    for key, all_forms in sentences(language).items()
    for form in all_forms
]


def test_every_key_is_in_both_languages_in_the_same_order() -> None:
    assert list(FRENCH) == list(ENGLISH)


def test_no_key_is_said_twice() -> None:
    for language in LANGUAGES:
        keys = re.findall(r'^msgid "(.+)"$', (BOT / "wording" / f"{language}.po").read_text(), re.MULTILINE)
        assert len(keys) == len(set(keys))


def test_both_languages_take_the_same_values() -> None:
    failures = []
    for key in FRENCH:
        if len(FRENCH[key]) != len(ENGLISH[key]):
            failures.append((key, "the number of plural forms"))
        if len({frozenset(placeholders(form)) for form in (*FRENCH[key], *ENGLISH[key])}) != 1:
            failures.append((key, "the values"))
    assert failures == []


def test_no_sentence_is_empty_or_frayed() -> None:
    failures = []
    for language, key, sentence in EVERY_FORM:
        if not (sentence.strip() == sentence != "") or "  " in sentence:
            failures.append((language, key, "the spaces"))
        failures += [
            (language, key, problem) for problem in markup.problems(re.sub(r"\{\w+\}", "x", sentence))
        ]
    assert failures == []


# --- what the code uses


def _keys_in_code() -> Iterator[tuple[str, str]]:
    """Every sentence asked for: ("key", the key) or ("family", the f-string with {} for its parts)."""
    for file in sorted(BOT.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.Call) or not node.args or not _says(node.func):
                continue
            key = node.args[0]
            keys = [key.body, key.orelse] if isinstance(key, ast.IfExp) else [key]
            for one in keys:
                if isinstance(one, ast.JoinedStr):
                    parts = (
                        str(part.value) if isinstance(part, ast.Constant) else "{}" for part in one.values
                    )
                    yield "family", "".join(parts)
                elif isinstance(one, ast.Constant) and isinstance(one.value, str):
                    yield "key", one.value


def _says(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute) and function.attr in ("plain", "many", "phrases"):
        function = function.value
    match function:
        case ast.Name(id="words") | ast.Attribute(attr="words"):
            return True
        case ast.Call(func=ast.Name(id="words_of")):
            return True
        case _:
            return False


IN_CODE = set(_keys_in_code())
BY_NAME = {
    node.value
    for file in BOT.rglob("*.py")
    for node in ast.walk(ast.parse(file.read_text()))
    if isinstance(node, ast.Constant) and node.value in FRENCH
}
"""Keys that stand anywhere in the code, also in a variable that is asked for later."""


def test_the_code_is_read_as_it_asks() -> None:
    assert ("key", "notice.short") in IN_CODE
    assert ("family", "settings.{}.ask") in IN_CODE
    assert len(IN_CODE) > 80


def test_every_sentence_the_code_asks_for_exists() -> None:
    assert {key for kind, key in IN_CODE if kind == "key"} <= FRENCH.keys()


def test_every_key_that_is_put_together_is_known_and_exists() -> None:
    assert {key for kind, key in IN_CODE if kind == "family"} <= FAMILIES.keys()
    assert _of_families() <= FRENCH.keys()


def test_every_sentence_is_used() -> None:
    assert FRENCH.keys() - BY_NAME - _of_families() == set()


def _of_families() -> set[str]:
    return {family.format(part) for family, parts in FAMILIES.items() for part in parts}


def test_every_sentence_can_be_said_in_every_language() -> None:
    for language, key in product(LANGUAGES, FRENCH):
        words, values = words_of(language), dict.fromkeys(placeholders(FRENCH[key][0]), "x")
        if len(FRENCH[key]) == 1:
            assert words(key, **values)
        else:
            values.pop("n", None)
            assert all(words.many(key, number, **values) for number in (0, 1, 2, 17))


def test_a_sentence_that_is_missing_is_an_error() -> None:
    with pytest.raises(KeyError):
        words_of("fr")("no.such.key")
    with pytest.raises(KeyError):
        words_of("fr").many("no.such.key", 2)


# --- typography


FRENCH_FAULTS = {
    "a space is missing": r"[^\u00a0\u202f\s][;?!»]|[^\u00a0\u202f\s]:(?!\d)",
    "the space must not break": r"[ \n][:;?!»]",
    "the space after « must not break": r"«(?![\u00a0\u202f])",
}
"""What must not stand in a French sentence, once file names, addresses, hours and bold marks are taken out."""


def test_french_is_set_as_french_is() -> None:
    faults = []
    for key, sentence in ((key, form) for key, all_forms in FRENCH.items() for form in all_forms):
        shown = re.sub(r"\b\w+\.(yaml|po)\b|https://\S+|\d\d:\d\d|\*+", "", sentence)
        faults += [(key, fault) for fault, pattern in FRENCH_FAULTS.items() if re.search(pattern, shown)]
        if "'" in sentence and not key.startswith("answer.") and not key.endswith(".words"):
            faults.append((key, "a typographic apostrophe"))
        if "..." in sentence or '"' in sentence:
            faults.append((key, "a typographic ellipsis or quotation mark"))
    assert faults == []


ELIDED = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|aujourd)'(?=[^\W\d]|[«{*@0-9])", re.IGNORECASE)
"""A French word that lost its last letter, with a straight apostrophe."""


def test_french_errors_and_settings_have_typographic_apostrophes() -> None:
    """What authors of lessons and operators read stands in the code, and in the settings that are copied."""
    roots = [Path(sources.__file__).parent, Path(markup.__file__).parent]
    # What is typed and compared has the apostrophe that `clean` writes.
    compared = ("typed.py", "numerals.py", "addresses.py")
    files = [file for root in roots for file in root.rglob("*.py") if file.name not in compared]
    read = {
        f"{file.name}:{node.lineno}": node.value
        for file in [*files, Path(failures.__file__)]
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if "(?" not in node.value
        and "\\b" not in node.value  # a pattern: it is compared with what `clean` writes
    }
    read |= {file.name: file.read_text("utf-8") for root in roots for file in root.glob("*.yaml")}
    assert {where: found[0] for where, said in read.items() if (found := ELIDED.search(said))} == {}
    assert any("n’existe pas" in said for said in read.values())


def test_english_is_set_as_english_is() -> None:
    assert [
        key
        for key, all_forms in ENGLISH.items()
        for form in all_forms
        if re.search(r"\s[:;?!]", form) or "«" in form
    ] == []


# --- values


@pytest.mark.parametrize(
    "hostile", ["**x**[y](https://z.fr)", "_a_ *b*", "- item", "\\*", "{name} %s", "<b>x</b> & <a href='y'>"]
)
def test_a_value_shows_as_it_is(hostile: str) -> None:
    words = words_of("fr")
    for key, name in [("stop.continued", "next"), ("publish.done.new", "title"), ("quiz.review", "theme")]:
        sentence = words(key, **{name: hostile})
        assert hostile in markup.plain(sentence)
        assert not any(span.href for span in markup.parse(sentence))
    (bold,) = (span for span in markup.parse(words("help.line", command=hostile, does="x")) if span.bold)
    assert bold.text == hostile


def test_a_value_that_is_markdown_already_stays_so() -> None:
    sentence = words_of("fr")("stop.continued", next=Markdown("**gras**"))
    assert any(span.bold and span.text == "gras" for span in markup.parse(sentence))


def test_numbers_change_the_sentence() -> None:
    french, english = words_of("fr"), words_of("en")
    assert french.many("progress.streak", 0).startswith("Régularité\u00a0: 0 jour de")
    assert french.many("progress.streak", 1).startswith("Régularité\u00a0: 1 jour de")
    assert french.many("progress.streak", 2).startswith("Régularité\u00a0: 2 jours de")
    one, two = (english.many("publish.problems", number, problems="") for number in (1, 2))
    assert one != two.replace("2", "1")


def test_dates_hours_and_numbers_are_said_in_the_language() -> None:
    french, english = words_of("fr"), words_of("en")
    assert french.date(date(2026, 12, 1)) == "1er décembre 2026"
    assert french.date(date(2026, 11, 21)) == "21 novembre 2026"
    assert french.weekday(date(2027, 3, 1)) == "lundi 1er mars"
    assert english.date(date(2026, 12, 1)) == "1 December 2026"
    assert french.number(Decimal("2.50")) == "2,5"
    assert english.number(Decimal("2.50")) == "2.5"
    assert french.number(Decimal(2026)) == "2026"
    assert french.number(Decimal("-28000.50")) == "-28\u202f000,5"
    assert english.number(Decimal(28000)) == "28,000"
    at = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
    assert french.when(at, "Europe/Paris") == "lundi 23 novembre à 08:30"
    assert french.when(at, "Indian/Reunion") == "lundi 23 novembre à 11:30"


def test_an_unknown_language_is_answered_in_french() -> None:
    assert words_of("xx").language == "fr"
