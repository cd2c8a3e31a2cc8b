# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""HTML for Matrix: blocks that a screen reader announces, and nothing that a client would take away."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given

from bot.channels.matrix import formatting
from bot.talk import showing
from bot.wording import words_of
from lessons import markup
from tests.bot.test_fitting import markdown, visible
from tests.lessons.test_library import LESSONS

ALLOWED = {"h4", "p", "ul", "ol", "li", "b", "i", "a", "br", "details", "summary"}
"""Those of our tags that the specification lists, and Element keeps."""


class Reader(HTMLParser):
    """Reads HTML strictly: every tag is closed in its turn, and is allowed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED
        assert {name for name, _ in attrs} <= {"a": {"href"}, "ol": {"start"}}.get(tag, set())
        self.tags.append(tag)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def test_blocks_are_headings_paragraphs_and_lists() -> None:
    shown = formatting.html(
        "📘 **Titre**\n\nUn mot\nsuit\n- un **gras**\n- deux\n\n1. premier\n2. second\n\nFin"
    )
    assert shown == (
        "<h4>📘 Titre</h4><p>Un mot<br>suit</p><ul><li>un <b>gras</b></li><li>deux</li></ul>"
        "<ol><li>premier</li><li>second</li></ol><p>Fin</p>"
    )


def test_numbers_are_those_that_were_written() -> None:
    cases = {
        "3. trois\n4. quatre": '<ol start="3"><li>trois</li><li>quatre</li></ol>',
        "1. un\n3. trois": "<p>1. un<br>3. trois</p>",
        "2026. Une année": "<p>2026. Une année</p>",
        "1.5 est un nombre": "<p>1.5 est un nombre</p>",
    }
    assert {text: formatting.html(text) for text in cases} == cases


def test_an_aside_folds_under_its_first_line() -> None:
    shown = formatting.html("Leçon", "**Sources** (ouvertes) :\n- [CNIL](https://cnil.fr)\n\n*Relue.*")
    assert shown == (
        "<p>Leçon</p><details><summary><b>Sources</b> (ouvertes) :</summary>"
        '<ul><li><a href="https://cnil.fr">CNIL</a></li></ul><p><i>Relue.</i></p></details>'
    )


@given(markdown, markdown)
def test_no_text_is_lost_and_every_tag_is_closed(text: str, aside: str) -> None:
    reader = read(formatting.html(text, aside))
    shown = "".join(reader.text.split())
    for mark in visible(text, aside):
        assert mark in shown or mark in "•0123456789."


def test_every_lesson_has_a_heading_paragraphs_and_folded_sources() -> None:
    words = words_of("fr")
    for lesson in LESSONS:
        text, aside = showing.lesson_text(words, lesson), showing.lesson_aside(words, lesson)
        reader = read(formatting.html(text, aside))
        assert reader.tags[0] == "h4", lesson.id
        assert {"p", "details", "summary", "ul", "li"} <= set(reader.tags), lesson.id
        assert reader.text.startswith(markup.plain(text).splitlines()[0]), lesson.id
