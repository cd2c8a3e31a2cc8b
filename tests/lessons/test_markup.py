# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

from __future__ import annotations

import time
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lessons import markup
from lessons.markup import Span

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
MARKERS = (
    "*",
    "**",
    "***",
    "_",
    "__",
    "- ",
    "-",
    "\\",
    "[",
    "](https://a.fr/x)",
    "[b](https://a.fr)",
    ")",
    "!",
)
WORDS = ("a", "!", "été", "😀", "•", "• ", "<b>", "&amp;", '"', " ", "\n", "\n\n")
MARKDOWN = st.lists(st.sampled_from(MARKERS + WORDS), max_size=40).map("".join)


def visible(markdown: str) -> str:
    return "".join(span.text for span in markup.parse(markdown))


def looks(markdown: str) -> list[tuple[str, bool, bool, str]]:
    """Every visible character with its style; white space has none that could be seen."""
    return [
        (char, span.bold, span.italic, span.href)
        for span in markup.parse(markdown)
        for char in span.text
        if not char.isspace()
    ]


def test_what_the_subset_has_is_styled() -> None:
    expected = {
        "du texte": [Span("du texte")],
        "un **mot** gras": [Span("un "), Span("mot", bold=True), Span(" gras")],
        "*un* et _deux_": [Span("un", italic=True), Span(" et "), Span("deux", italic=True)],
        "***tout***": [Span("tout", bold=True, italic=True)],
        "**a *b* c**": [Span("a ", bold=True), Span("b", bold=True, italic=True), Span(" c", bold=True)],
        "**a *b** c*": [Span("a ", bold=True), Span("b", bold=True, italic=True), Span(" c", italic=True)],
        "[la **loi**](https://a.fr)": [
            Span("la ", href="https://a.fr"),
            Span("loi", bold=True, href="https://a.fr"),
        ],
        "**[loi](https://a.fr)**": [Span("loi", bold=True, href="https://a.fr")],
        "[w](https://a.fr/x_(y))": [Span("w", href="https://a.fr/x_(y)")],
        "- un\n- deux": [Span("• un\n• deux")],
        "a\n\nb": [Span("a\n\nb")],
        r"\*a\* \_b\_ \[c\] \\ \- d": [Span("*a* _b_ [c] \\ - d")],
    }
    assert {markdown: list(markup.parse(markdown)) for markdown in expected} == expected


def test_everything_else_is_text() -> None:
    texts = [
        "2 * 3 * 4",
        "un_nom_de_fichier",
        "**ouvert",
        "fermé**",
        "_ouvert",
        "** espace **",
        "**a\n\nb**",
        "*a\n*b",
        "a****b",
        "__init__",
        "# titre",
        "`code`",
        "<b>gras</b>",
        "[x](http://a.fr)",
        "[x](javascript:alert)",
        "[x] (https://a.fr)",
        "[](https://a.fr)",
        "a - b",
        "-b",
        "C:\\Users",
    ]
    assert [text for text in texts if markup.parse(text) != (Span(text),)] == []


def test_a_style_does_not_reach_into_the_next_item() -> None:
    assert visible("**a\n- b**") == "**a\n• b**"


def test_plain_text_tells_where_a_link_leads_unless_its_label_does() -> None:
    assert markup.plain("voir [**la** loi](https://a.fr/x) !") == "voir la loi (https://a.fr/x) !"
    assert markup.plain("[https://a.fr](https://a.fr)") == "https://a.fr"


def test_html_escapes_text_and_addresses() -> None:
    assert markup.html('[1 < 2](https://a.fr/?a=1&b=2) "x" **&**') == (
        '<a href="https://a.fr/?a=1&amp;b=2">1 &lt; 2</a> "x" <b>&amp;</b>'
    )


class Reader(HTMLParser):
    """Reads back the text, and fails on tags that cross or that Telegram refuses."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.open = "", list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ("a", "b", "i")
        assert tag not in self.open
        assert [name for name, _ in attrs] == (["href"] if tag == "a" else [])
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@given(MARKDOWN | ANY_TEXT)
def test_html_is_well_formed_and_shows_the_same_text(markdown: str) -> None:
    reader = Reader()
    reader.feed(markup.html(markdown))
    reader.close()
    assert reader.open == []
    assert reader.text == visible(markdown)


@given(ANY_TEXT | MARKDOWN)
@example("- a\n- b")
def test_any_text_can_be_escaped(text: str) -> None:
    assert markup.parse(markup.escape(text)) == ((Span(text),) if text else ())
    assert markup.length(markup.escape(text)) == markup.units(text)


@given(ANY_TEXT)
def test_escaped_text_stays_text_within_a_style(text: str) -> None:
    words = " ".join(text.split()) or "x"
    assert markup.parse(f"**{markup.escape(words)}**") == (Span(words, bold=True),)


@given(MARKDOWN | ANY_TEXT, st.integers(markup.MINIMUM, 40))
@example("**a *b** c*", 4)
@example("**a***b*", 4)
@example("[un deux trois](https://a.fr/x) quatre", 6)
@example("a\n- b\n\nc", 4)
@example("*******_[*_", 4)
@example("[ *](https://a.fr)b*ccccc", 4)
@example(r"aaaa \- b", 5)
def test_the_parts_of_a_text_fit_and_show_what_it_shows(markdown: str, limit: int) -> None:
    parts = markup.split(markdown, limit)
    assert all(0 < markup.length(part) <= limit and visible(part).strip() for part in parts)
    assert [look for part in parts for look in looks(part)] == looks(markdown)


def test_a_text_is_cut_where_it_breathes_best() -> None:
    assert markup.split("un deux\ntrois\n\nquatre cinq", 17) == ("un deux\ntrois", "quatre cinq")
    assert markup.split("un deux\ntrois quatre", 15) == ("un deux", "trois quatre")
    assert markup.split("un deux trois", 9) == ("un deux", "trois")
    assert markup.split("anticonstitutionnellement", 10) == ("anticonsti", "tutionnell", "ement")


def test_a_style_goes_on_after_the_cut() -> None:
    assert markup.split("**un deux *trois***", 8) == ("**un deux**", "***trois***")
    assert markup.split("[un deux trois](https://a.fr)", 8) == (
        "[un deux](https://a.fr)",
        "[trois](https://a.fr)",
    )


def test_a_character_of_two_units_is_never_halved() -> None:
    assert markup.split("😀😀😀😀", 5) == ("😀😀", "😀😀")


def test_a_bullet_stays_with_its_item() -> None:
    assert [visible(part) for part in markup.split("- anticonstitutionnel", 12)] == [
        "• anticonsti",
        "tutionnel",
    ]


def test_a_text_that_fits_is_left_as_it_is_and_a_blank_one_has_no_parts() -> None:
    assert markup.split("**a** _b_", 4) == ("**a** _b_",)
    assert markup.split(" \n ", 10) == ()


def test_a_limit_too_small_to_cut_to_is_refused() -> None:
    with pytest.raises(ValueError, match="parts of 3"):
        markup.split("abc", 3)


def test_length_counts_utf16_units_of_what_is_seen() -> None:
    assert markup.length("**été** 😀 [lien](https://un.exemple.fr/tres/long)") == 3 + 1 + 2 + 1 + 4


def test_markup_outside_the_subset_is_pointed_out() -> None:
    pointed_out = [
        ("## Titre", "titre"),
        ("un `mot`", "code"),
        ("<u>un</u> <br/>", "HTML"),
        ("![vue](https://a.fr/i.png)", "image"),
        ("[x](http://a.fr)", "lien"),
        ("[x](https://a.fr/un deux)", "lien"),
        ("**gras", "**gras**"),
        ("__gras__", "__"),
        ("* un\n* deux", "liste"),
        ("- un\n  - deux", "liste"),
    ]
    assert [
        (markdown, word)
        for markdown, word in pointed_out
        if not any(word in problem for problem in markup.problems(markdown))
    ] == []


@pytest.mark.parametrize(
    "markdown",
    [
        "**gras**, *italique* et [lien](https://a.fr/un_deux#trois)",
        r"\*\*littéral\*\* et \`code\` écrits exprès",
        "- un\n- deux",
        "1 < 2, et 3 > 2 ; 5 * 3 ; n°#2",
        "un_nom_de_fichier, l'été - enfin",
    ],
)
def test_good_markup_raises_no_objection(markdown: str) -> None:
    assert markup.problems(markdown) == ()


@pytest.mark.parametrize("address", ["https://a.fr", "https://a.fr/x_(y)?q=1&r=é#z"])
def test_an_address_that_can_be_linked_is_linked_whole(address: str) -> None:
    assert markup.linkable(address)
    assert markup.parse(f"[x]({address})") == (Span("x", href=address),)


@pytest.mark.parametrize(
    "address", ["http://a.fr", "https://a.fr/)", "https://a.fr/ x", 'https://a.fr/"', "https://"]
)
def test_an_address_that_would_break_a_link_cannot_be_linked(address: str) -> None:
    assert not markup.linkable(address)


@pytest.mark.parametrize(
    "bit", ["[", "[a", "[a](https://x", "[a](https://x(", "*a ", "_a", "\\[", "\n ", "**", "- "]
)
def test_no_text_is_slow_to_read(bit: str) -> None:
    # 40,000 characters take 62 ms at most; a search that went back over them would take minutes.
    markup.parse(bit * (40_000 // len(bit)))


def test_a_text_of_nothing_but_blank_lines_is_read_in_a_moment() -> None:
    fillings = ("\n", " \n", "\n ", "\n\t", "\u2028", "\r\n", "#\n", "- \n", "\n- ", "\n* ", "* ", "_", "[")
    for filling in fillings:
        text = "x" + filling * (32 * 1024 // len(filling)) + "x"
        began = time.process_time()
        markup.problems(text)
        assert time.process_time() - began < 2, filling  # 70 s when each blank line reads all that follow


def test_blank_lines_hide_no_mistake() -> None:
    for text in ("\n\n  # titre", "x\n\n\t- un", "x\n \n* un", "  + un"):
        assert markup.problems(text), text
