# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The paper: what a reader's software finds in it, in both languages; its size; the same facts, the same bytes."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
import typst

from bot import names
from bot.drawing import child, coverage
from bot.drawing.signs import cut
from bot.facts import FACTS, stored
from bot.talk import paper
from bot.wording import LANGUAGES, words_of
from config import privacy
from lessons import source
from lessons.review import Asked, Memory, Recall
from lessons.source import PlacedLesson
from storage import courses, learners
from storage.database import open_database
from storage.progress import recalls
from storage.types import canonical
from tests.bot import papers
from tests.bot.builders import MONDAY, Town, lesson
from tests.lessons import builders as lessons

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from bot.messages import Drawing
    from storage.store import Store
    from storage.types import Tx

ROOT = Path(__file__).parents[3]
LONG = "Marie-Antoinette Bénédicte de La Rochefoucauld-Montmorency d’Aubeterre-Villars X"
ISSUER = "Communauté d’agglomération du Grand Ensemble Métropole et de la Haute Vallée"


@pytest.fixture
def town(store: Store) -> Town:
    return papers.course(store)


def drawing(
    town: Town,
    name: str = papers.NAME,
    language: str = "fr",
    anchored: Collection[str] = (),
    **where: str,
) -> Drawing:
    """The paper of somebody; `anchored`: lessons that they know for long."""
    person = papers.follower(town)
    who, today = person.learner.id, town.now.date()
    town.store.write_now(lambda tx: learners.change(tx, who, language=language))
    known = Recall(today, Memory(40.0, 5.0, today), None, {"q1": Asked(1, today)})

    def remember(tx: Tx) -> None:
        for one in anchored:
            recalls.remember(tx, who, one, known)

    town.store.write_now(remember)
    return papers.drawn(person, name, **where)


def drawn(facts: Any) -> bytes:
    return child.draw("attestation", json.loads(canonical(facts)))


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(content))


def elements(node: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
    """Every element of the structure, in the order in which it is read."""
    kids: Any = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def structure(pdf: pikepdf.Pdf) -> list[pikepdf.Dictionary]:
    return list(elements(pdf.Root.StructTreeRoot))


def fonts(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    for font in pdf.pages[0].Resources.Font.values():
        for descendant in font.DescendantFonts:
            yield descendant.FontDescriptor


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_screen_reader_finds_language_title_headings_tables_and_fonts(town: Town, language: str) -> None:
    facts = drawing(town, language=language).facts
    pdf = opened(drawn(facts))
    assert str(pdf.Root.Lang) == language
    assert bool(pdf.Root.MarkInfo.Marked)
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == facts["document_title"]
    found = structure(pdf)
    kinds = [str(one.S).removeprefix("/") for one in found]
    assert [kind for kind in kinds if kind in ("H1", "H2", "H3")] == ["H1", "H2", "H2", "H2"]
    assert kinds.count("Table") == 2
    headers = [one for one in found if str(one.S) == "/TH"]
    assert len(headers) == 2 + len(facts["themes"]["columns"]) == 4
    for header in headers:
        attributes = header.A if isinstance(header.A, pikepdf.Array) else [header.A]
        assert "/Column" in [str(one.get("/Scope", "")) for one in attributes]
    assert [one for one in found if str(one.S) == "/Figure" and not one.get("/Alt")] == []
    assert list(fonts(pdf))
    for font in fonts(pdf):
        assert any(key in font for key in ("/FontFile", "/FontFile2", "/FontFile3")), font.FontName
    assert len(pdf.pages) == 1


def test_the_same_facts_give_the_same_bytes_and_few_of_them(town: Town) -> None:
    facts = drawing(town, LONG).facts
    first, second = drawn(facts), drawn(facts)
    assert first == second
    assert len(first) <= 60_000
    asked = json.dumps({"kind": "attestation", "facts": facts}).encode()
    apart = subprocess.run(
        [sys.executable, "-m", "bot.drawing.child"], input=asked, capture_output=True, check=True, cwd=ROOT
    )
    assert apart.stdout == first
    assert apart.stderr == b""


def publish_long(tx: Tx) -> None:
    title = "Un thème au titre si long qu’il ne finit jamais, ou presque, mais pas tout à fait encore"
    themes = [{"id": f"t{place:02}", "title": f"{title} {place:02}", "summary": "S."} for place in range(20)]
    course = lessons.course(title="Un cours au titre très long " * 3 + "!", themes=themes)
    taught = [lesson(f"l{place:02}", theme=f"t{place % 20:02}") for place in range(81)]
    placed = [PlacedLesson(one, place) for place, one in enumerate(taught, 1)]
    courses.publish(tx, course, placed, by="cli:test", now=MONDAY)


def test_the_longest_course_name_issuer_and_themes_stay_on_one_page_and_within_4_kb(store: Store) -> None:
    store.write_now(publish_long)
    town = Town(store, facts=papers.issued_by(ISSUER))
    for language in LANGUAGES:
        where = {"channel": "matrix", "bot": f"@{'r' * (paper.BOT - 1)}"}
        said = drawing(town, LONG, language, [f"l{place:02}" for place in range(81)], **where)
        assert len(said.facts["themes"]["columns"]) == 3
        assert "r" * (paper.BOT - 1) in said.facts["verify"]["how"]
        assert len(stored(said).encode()) <= FACTS
        assert len(opened(drawn(said.facts)).pages) == 1
        rows = said.facts["themes"]["rows"]
        assert len(rows) == paper.THEMES
        assert sum(row[1] for row in rows) == 81
        assert rows[-1][0] == words_of(language).plain("paper.themes.others")


def test_the_longest_paper_of_the_shipped_course_fits_in_a_row_with_whole_titles(
    sqlite_url: str,
) -> None:
    library = source.read([source.library()])
    assert library.course is not None
    with open_database(sqlite_url) as store:
        store.write_now(courses.publish, library.course, library.lessons, by="cli:test", now=MONDAY)
        town, everything = (
            Town(store, facts=papers.issued_by(ISSUER)),
            [one.lesson.id for one in library.lessons],
        )
        for language in LANGUAGES:
            where = {"channel": "matrix", "bot": f"@{'r' * (paper.BOT - 1)}"}
            said = drawing(town, LONG, language, everything, **where)
            assert len(stored(said).encode()) <= FACTS
            titles = {theme.title for theme in library.course.themes}
            assert {row[0] for row in said.facts["themes"]["rows"]} <= titles
            assert said.facts["course"] == library.course.title


def publish_titles(tx: Tx, sign: str) -> None:
    """Titles as long as a course may have them, of signs that are all alike, in words of nine."""
    longest = ((sign * 9 + " ") * 10)[:99] + sign
    themes = [{"id": f"t{place:02}", "title": longest, "summary": "S."} for place in range(20)]
    course = lessons.course(title=longest, themes=themes)
    taught = [lesson(f"l{place:02}", theme=f"t{place % 20:02}") for place in range(81)]
    placed = [PlacedLesson(one, place) for place, one in enumerate(taught, 1)]
    courses.publish(tx, course, placed, by="cli:test", now=MONDAY)


@pytest.mark.parametrize("sign", ["W", "ễ", "…"])
def test_titles_of_a_hostile_course_are_cut_so_that_a_row_holds_the_paper(sqlite_url: str, sign: str) -> None:
    """Wide ones, and ones of three bytes each; as are the issuer, the name and the bot."""
    with open_database(sqlite_url) as store:
        store.write_now(publish_titles, sign)
        town = Town(store, facts=papers.issued_by(sign * privacy.NAME))
        name = ("ễ" if sign == "…" else sign) * names.LONGEST
        for language in LANGUAGES:
            everything = [f"l{place:02}" for place in range(81)]
            said = drawing(town, name, language, everything, channel="matrix", bot=sign * paper.BOT)
            words = set(said.facts["course"].removesuffix("…").split(" "))
            assert words <= {sign * 9, sign * 10}, "cut between words"
            assert len(stored(said).encode()) <= FACTS
            assert len(said.facts["themes"]["rows"]) == paper.THEMES
            assert len(opened(drawn(said.facts)).pages) <= 2


def test_a_title_that_is_too_long_ends_with_a_word_where_it_has_some() -> None:
    usual = (
        "Deux minutes par jour pour comprendre l’intelligence artificielle, ses usages et ses limites, ici"
    )
    assert [cut(usual, 100), cut(usual, 72), cut("x" * 9, 8)] == [
        usual,
        "Deux minutes par jour pour comprendre l’intelligence artificielle, ses…",
        "xxxxxxx…",
    ]


def test_a_typed_text_is_data_and_no_markup(town: Town) -> None:
    for name in ('#panic("x") *gras* <b> $x$ \\ `', "= Titre", "// rien", "@ici [x] #sys.inputs", "]]}}"):
        facts = {**drawing(town).facts, "name": f"{name} A"}
        assert len(opened(drawn(facts)).pages) == 1


def test_every_sign_that_a_name_may_have_can_be_drawn_and_one_that_it_may_not_cannot(town: Town) -> None:
    facts = drawing(town).facts
    composed = {
        chr(code)
        for code in range(0xC0, 0x2000)
        if not coverage.lacking(chr(code)) and unicodedata.normalize("NFC", chr(code)) == chr(code)
    }
    assert "ễ" in composed, "drawn of its parts"
    drawn({**facts, "name": " ".join(sorted(composed | {chr(code) for code in coverage.signs()}))})
    for lacking in "☃И中":
        assert coverage.lacking(lacking) == lacking
        with pytest.raises(typst.TypstError):
            drawn({**facts, "name": f"Camille {lacking}"})


def test_the_text_says_all_that_the_paper_says(town: Town) -> None:
    said = drawing(town)
    done, themes, verify, scope = (said.facts[part] for part in ("done", "themes", "verify", "scope"))
    parts = [said.facts[name] for name in ("title", "course", "path", "given_to", "name", "phrase")]
    parts += [str(cell) for row in (*done["rows"], *themes["rows"]) for cell in row]
    for part in (*parts, themes["note"], verify["code"], verify["how"], scope["text"]):
        assert part in said.alternative, part
