# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Does the progress card say what its text says, in every state, and is it drawn so that it can be read?"""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import bot.drawing
from bot.drawing import child
from bot.drawing.signs import drawn, signs
from bot.messages import Art, Drawing, Message
from bot.talk import card
from bot.wording import LANGUAGES, Words, words_of
from lessons import markup, source
from lessons.review import Level
from storage.database import open_database
from tests.bot.builders import Town, lesson
from tests.bot.cards import HOSTILE, STATES, answers, course, follows, path
from tests.bot.drawings import CARD
from tests.bot.test_wording import sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.store import Store

ROOT = Path(__file__).parents[3]
FOLDER = Path(bot.drawing.__file__).parent
TEMPLATE = FOLDER / "templates" / "card.typ"
UNBOUNDED = {"huge", "hostile"}
"""States of courses that are not shipped: their pictures may be larger."""


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[Store]:
    """One database: what is counted is tested on both elsewhere."""
    with open_database(sqlite_url) as store:
        yield store


@pytest.fixture(scope="module", params=STATES)
def state(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def message(state: str, prepared_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Message:
    """What somebody in that state is answered."""
    file = shutil.copy(prepared_file, tmp_path_factory.mktemp(state) / "iaventure.db")
    with open_database(f"sqlite:///{file}") as store:
        return answers(STATES[state](store))


@pytest.fixture
def picture(message: Message) -> Drawing:
    assert message.picture is not None
    return message.picture


@pytest.fixture
def words(state: str) -> Words:
    return words_of("en" if state == "english" else "fr")


def said(message: Message) -> str:
    """The whole text, as it is read."""
    return markup.plain(f"{message.text}\n{message.aside}")


def strings(facts: object) -> list[str]:
    """Every text among some facts."""
    if isinstance(facts, dict):
        return [text for one in facts.values() for text in strings(one)]
    if isinstance(facts, list):
        return [text for one in facts for text in strings(one)]
    return [facts] if isinstance(facts, str) else []


def test_the_card_that_other_tests_draw_is_one_of_these(sqlite_store: Store) -> None:
    picture = answers(STATES["middle"](sqlite_store)).picture
    assert picture is not None
    assert picture == CARD


# --- the same in words


def test_the_rows_count_what_the_text_counts(message: Message, picture: Drawing, words: Words) -> None:
    counts = [sum(column) for column in zip(*(row["counts"] for row in picture.facts["themes"]), strict=True)]
    followed, text = sum(counts[:3]), said(message)
    assert words.plain("progress.lessons", done=followed, total=sum(counts)) in text
    for level, number in zip(card.LEVELS, counts, strict=False):
        line = markup.plain(words.many(f"progress.{level}", number))
        assert (line in text) is (number > 0)


def test_the_tiles_show_numbers_of_the_text_and_never_a_zero(message: Message, picture: Drawing) -> None:
    tiles, text = picture.facts["tiles"], said(message)
    assert 1 <= len(tiles) <= 3
    for tile in tiles:
        assert int(tile["number"]) > 0
        assert re.search(rf"\b{tile['number']}\b", text)


def test_before_the_first_answer_the_card_is_kind(sqlite_store: Store) -> None:
    picture = answers(STATES["first_day"](sqlite_store)).picture
    assert picture is not None
    (tile,) = picture.facts["tiles"]
    assert (tile["kind"], tile["number"], tile["label"]) == ("welcome", "68", "leçons au programme")
    assert not re.search(r"\b0\b", " ".join(strings(dict(picture.facts))))
    assert picture.alternative.startswith("Votre progression\u00a0: 68 leçons au programme. Prochaine leçon")


def test_the_week_of_the_card_is_the_week_of_the_text(
    message: Message, picture: Drawing, words: Words
) -> None:
    weeks = [tile["week"] for tile in picture.facts["tiles"] if "week" in tile]
    for week in weeks:
        for kind, key in (("answered", "progress.week"), ("forgiven", "progress.forgiven")):
            letters = [letter for state, letter in week if state == kind]
            before, _, after = words.plain(key, days="|").partition("|")
            told = re.search(f"{re.escape(before)}(.*){re.escape(after)}", said(message))
            named = re.split(r", and |, | et | and ", told[1]) if told else []
            assert [day[0].upper() for day in named] == letters


def test_what_comes_next_stands_in_the_text(message: Message, picture: Drawing) -> None:
    text = drawn(said(message))
    lines = [
        re.sub("«\u00a0|\u00a0»|[“”]", "", line) for line in (*picture.facts["next"], *picture.facts["said"])
    ]
    assert lines
    assert all(line in re.sub("«\u00a0|\u00a0»|[“”]", "", text) for line in lines)


def test_each_badge_is_on_the_row_of_its_theme(message: Message, picture: Drawing, words: Words) -> None:
    lines = [line for line in said(message).splitlines() if line.startswith("🏅")]
    shown = [row["title"] for row in picture.facts["themes"] if row["badge"]]
    assert len(shown) <= len(lines)
    assert all(title.removesuffix("…") in drawn("".join(lines)) for title in shown)
    share = words("progress.share")
    medal = words.many("card.badges", len(lines), share=share) if lines else ""
    assert all(f"({share})" in line for line in lines)
    assert picture.facts["medal"] == medal


def test_the_alternative_is_one_short_line(picture: Drawing, message: Message) -> None:
    assert "\n" not in picture.alternative
    assert len(picture.alternative) <= card.LINE
    first = picture.facts["tiles"][0]
    assert f"{first['number']} {first['label']}" in picture.alternative
    assert (picture.kind, picture.name) == (Art.CARD, "progression.png")


def test_the_card_names_nobody(sqlite_store: Store) -> None:
    person = STATES["middle"](sqlite_store).town.learner("@jeanne.dupont:mairie.example")
    person.types(person.right())
    picture = answers(person).picture
    assert picture is not None
    told = json.dumps(picture.facts) + picture.alternative
    assert "jeanne" not in told
    assert person.learner.id not in told


def test_without_a_lesson_there_is_nothing_to_draw(sqlite_store: Store) -> None:
    person = Town(sqlite_store).teach(lesson("un", audience=["elu"])).learner()
    message = answers(person)
    assert "Leçons suivies\u00a0: 0 sur 0." in markup.plain(message.text)
    assert (message.picture, message.aside) == (None, "")


# --- facts


def test_the_facts_fit_a_row_of_the_outbox_and_are_the_same_when_asked_again(
    state: str, sqlite_store: Store
) -> None:
    person = STATES[state](sqlite_store)
    first, again = answers(person).picture, answers(person).picture
    assert first is not None
    assert again == first
    assert json.loads(json.dumps(first.facts)) == first.facts
    assert len(json.dumps(first.facts)) <= card.SIZE


def test_many_themes_with_titles_of_any_script_still_fit(sqlite_store: Store) -> None:
    person = course(sqlite_store, *[4] * 50, title="§" + "Ÿ" * 100)
    follows(person, (2.0, path(person)))
    picture = answers(person).picture
    assert picture is not None
    assert len(json.dumps(picture.facts)) <= card.SIZE
    rows = picture.facts["themes"]
    assert len(rows) == card.ROWS
    assert rows[-1] == {"title": "39 autres thèmes", "badge": False, "counts": [0, 0, 156, 0]}


def test_a_title_of_which_nothing_can_be_drawn_is_named_by_its_id(sqlite_store: Store) -> None:
    picture = answers(course(sqlite_store, 2, title="Привет", lesson_title="Привет")).picture
    assert picture is not None
    assert [row["title"] for row in picture.facts["themes"]] == ["t01"]
    assert len(picture.facts["next"]) == 1


# --- signs


@pytest.mark.parametrize("weight", [400, 700])
def test_every_sign_that_is_said_to_be_in_the_font_is_drawn(weight: int, tmp_path: Path) -> None:
    shown = "".join(sorted(sign for sign in signs() if sign.isprintable()))
    assert len(shown) > 330
    proved(tmp_path, shown, weight)
    for lacking in ("→", "✓", "🏅", "Ж"):
        assert lacking not in signs()
        with pytest.raises(typst.TypstError, match="could not be displayed"):
            proved(tmp_path, lacking, weight)


def proved(folder: Path, text: str, weight: int) -> None:
    """Set a text as PDF/UA, which fails on a sign that no font has."""
    (folder / "signs.typ").write_text(
        f'#set document(title: "x")\n#set text(font: "Atkinson Hyperlegible Next", weight: {weight}, fallback: false)\n'
        "#sys.inputs.text"
    )
    typst.compile(folder / "signs.typ", sys_inputs={"text": text}, **PAPER)


PAPER: dict[str, Any] = {
    "format": "pdf",
    "pdf_standards": ["ua-1"],
    "font_paths": [FOLDER / "fonts"],
    "ignore_system_fonts": True,
}


def test_of_what_is_shipped_nothing_is_left_out() -> None:
    found = source.read([source.library()])
    assert found.course is not None
    texts = [placed.lesson.title for placed in found.lessons]
    texts += [theme.title for theme in found.course.themes] + [way.title for way in found.course.paths]
    for language in LANGUAGES:
        for key, forms in sentences(language).items():
            if key.startswith(("card.", "start.no_questions", "start.unasked", "time.", "day.")):
                texts += [markup.plain(form) for form in forms]
            if key.startswith("progress.") and key != "progress.badge":
                texts += [markup.plain(form) for form in forms]
    for text in texts:
        assert drawn(text) == " ".join(text.replace("\u202f", "\u00a0").splitlines())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u202f: b", "a\u00a0: b"),
        ("L’IA → l’État ✓", "L’IA – l’État"),
        ("🏅 e\u0301le\u0300ve", "élève"),
        ("Ｗ ﬁ 1ᵉʳ m²", "W fi 1er m²"),
        ("deux\nlignes \u200b et\u00ad plus", "deux lignes et plus"),
        ("\u202eabc\x00 Ж", "abc"),
    ],
)
def test_a_sign_that_the_font_lacks_becomes_what_it_resembles(text: str, shown: str) -> None:
    assert drawn(text) == shown


@given(st.text())
def test_whatever_is_written_is_drawn_in_signs_of_the_font_on_one_line(text: str) -> None:
    shown = drawn(text)
    assert set(shown) <= signs()
    assert shown == drawn(shown)
    assert "\n" not in shown


# --- the picture


@cache
def _drawn(facts: str) -> bytes:
    """Draw as the service does: in a process of its own."""
    command = [sys.executable, "-m", "bot.drawing.child"]
    asked = json.dumps({"kind": "card", "facts": json.loads(facts)}).encode()
    done = subprocess.run(command, cwd=ROOT, env={"LANG": "C"}, input=asked, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def image(picture: Drawing) -> Image.Image:
    return Image.open(io.BytesIO(_drawn(json.dumps(picture.facts)))).convert("RGB")


def test_a_card_is_drawn_the_same_each_time_small_and_not_too_high(
    state: str, picture: Drawing, tmp_path: Path
) -> None:
    content = _drawn(json.dumps(picture.facts))
    assert child.draw("card", dict(picture.facts)) == content
    assert len(content) <= (200_000 if state in UNBOUNDED else 150_000)
    seen = image(picture)
    assert seen.width == 1080
    assert 900 <= seen.height <= 2200


def test_no_sign_of_a_card_is_missing_and_typst_warns_of_nothing(picture: Drawing) -> None:
    data = {"data": json.dumps(picture.facts)}
    _, warnings = typst.compile_with_warnings(TEMPLATE, sys_inputs=data, **PAPER)
    assert warnings == []


def test_nothing_is_drawn_over_the_margins(picture: Drawing) -> None:
    seen = image(picture)
    for side in ((0, 0, 50, seen.height), (seen.width - 50, 0, seen.width, seen.height)):
        assert seen.crop(side).getextrema() == ((255, 255),) * 3


def test_markup_in_a_title_is_shown_and_not_obeyed(sqlite_store: Store) -> None:
    """`#panic` would end the drawing."""
    picture = answers(STATES["hostile"](sqlite_store)).picture
    assert picture is not None
    assert picture.facts["themes"][0]["title"].startswith('#panic("x") *a* _b_')
    assert image(picture).width == 1080
    assert all(sign in drawn(HOSTILE) for sign in '#*_`<$\\@[~"')


# --- legibility


def colours() -> dict[str, tuple[int, int, int]]:
    """The colours of the template, by name."""
    found: dict[str, tuple[int, int, int]] = {}
    for names, values in re.findall(
        r"^#let \(([\w, ]+)\) = \((.*)\)", TEMPLATE.read_text("utf-8"), re.MULTILINE
    ):
        read = re.findall(r'rgb\("#(\w\w)(\w\w)(\w\w)"\)', values)
        rgb = [(int(red, 16), int(green, 16), int(blue, 16)) for red, green, blue in read]
        found |= dict(zip(names.split(", "), rgb, strict=False))
    return found


def luminance(colour: tuple[int, int, int]) -> float:
    """The relative luminance of WCAG 2."""
    parts = [part / 255 for part in colour]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


TEXTS = {
    "paper": ("ink", "soft", "warm"),
    "tile": ("ink", "soft", "dark", "warm"),
    "pale": ("ink",),
    "warm": ("paper",),
}
"""What is written, by what it stands on."""
SHAPES = {"paper": ("dark", "warm", "edge"), "dark": ("paper",), "tile": ("dark", "edge", "warm")}
"""What is drawn and means something, by what it stands on."""


def test_texts_and_shapes_stand_out_against_what_they_stand_on() -> None:
    named = colours()
    written = set(re.findall(r"fill: (\w+)", TEMPLATE.read_text("utf-8"))) - {"fill"}
    assert written <= {*TEXTS, *(name for names in (*TEXTS.values(), *SHAPES.values()) for name in names)}
    for below, above in TEXTS.items():
        assert all(contrast(named[name], named[below]) >= 5.6 for name in above), below
    for below, above in SHAPES.items():
        assert all(contrast(named[name], named[below]) >= 3 for name in above), below


def test_levels_are_told_apart_by_their_shape_on_a_phone_without_colour(sqlite_store: Store) -> None:
    picture = answers(course(sqlite_store, 10)).picture
    assert picture is not None
    seen = []
    for place in range(4):
        counts = [10 * (place == level) for level in range(4)]
        facts = {**picture.facts, "themes": [{"title": "x", "badge": False, "counts": counts}]}
        full = Image.open(io.BytesIO(child.draw("card", facts))).convert("L")
        small = full.resize((360, full.height * 360 // full.width))
        seen.append(small.point(lambda shade: 255 if shade > 127 else 0))
    for one, other in combinations(seen, 2):
        differing = sum(a != b for a, b in zip(one.tobytes(), other.tobytes(), strict=True))
        assert differing >= 10 * 8  # eight pixels of each of the ten lessons


def test_every_level_has_its_name(picture: Drawing, words: Words) -> None:
    names = [words.plain(f"card.level.{level}") for level in ("ahead", *Level)]
    assert picture.facts["levels"] == names


# --- the foot


def test_the_foot_ends_all_its_lines_alike(picture: Drawing) -> None:
    assert not any(line.endswith(".") for line in picture.facts["next"])


def test_after_a_silence_only_one_number_waits(sqlite_store: Store) -> None:
    message = answers(STATES["silent"](sqlite_store))
    assert message.picture is not None
    facts = message.picture.facts
    (tile,) = facts["tiles"]
    assert (tile["number"], tile["label"]) == ("68", "leçons au programme")
    assert facts["levels"][0] == "à suivre"
    assert re.fullmatch("\\d leçons sont déjà arrivées\u00a0: écrivez «\u00a0quiz\u00a0»", facts["next"][-1])


def test_the_alternative_quotes_what_is_typed_and_says_of_which_days(sqlite_store: Store) -> None:
    picture = answers(STATES["paused"](sqlite_store)).picture
    assert picture is not None
    assert "«\u00a0reprendre\u00a0» les relance" in picture.alternative
    person = STATES["absent"](sqlite_store).town.learner("2")
    person.types(person.right())
    picture = answers(person).picture
    assert picture is not None
    assert "1 jour avec une réponse. " in picture.alternative


def test_no_line_of_the_foot_has_one_word_of_a_shipped_title(sqlite_store: Store) -> None:
    """The last line is about as long as the one above: it has at least a third of its width."""
    picture = answers(course(sqlite_store, 1)).picture
    assert picture is not None
    titles = [placed.lesson.title for placed in source.read([source.library()]).lessons]
    long = [title for title in titles if len(title) > 46]
    assert len(long) > 15
    for title in long:
        facts = {**picture.facts, "next": [drawn(title)]}
        seen = Image.open(io.BytesIO(child.draw("card", facts))).convert("L")
        lines = _lines(seen.crop((96, seen.height - 260, seen.width - 96, seen.height - 100)))
        assert 1 <= len(lines) <= 2, title
        assert lines[-1] >= max(lines) / 3, title


def _lines(seen: Image.Image) -> list[int]:
    """The width of each line of text in a part of a picture."""
    ink = seen.point(lambda shade: 255 if shade < 90 else 0)
    rows = [ink.crop((0, y, ink.width, y + 1)).getbbox() for y in range(ink.height)]
    lines: list[list[int]] = []
    for before, row in zip([None, *rows], rows, strict=False):
        if row and not before:
            lines.append([])
        if row:
            lines[-1].append(row[2])
    return [max(line) for line in lines if len(line) > 8]  # an accent over a capital is no line
