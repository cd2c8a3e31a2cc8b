# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Is HTML read as Telegram reads it?"""

from __future__ import annotations

import pytest

from tests.telegram.entities import Unreadable, commands, parse_html, units


def test_tags_become_entities_counted_in_utf16_units() -> None:
    said = parse_html("🎓 <b>Bon <i>jour</i></b> &lt;à tous&gt; &amp; &#233;")
    assert said.text == "🎓 Bon jour <à tous> & é"
    assert said.entities == [
        {"type": "bold", "offset": 3, "length": 8},
        {"type": "italic", "offset": 7, "length": 4},
    ]


def test_attributes_are_read_quoted_or_not() -> None:
    said = parse_html(
        "<a href='https://cnil.fr/?a=1&amp;b=2'>CNIL</a> <code class=\"language-python\">x</code> "
        '<span class="tg-spoiler">secret</span> <blockquote expandable>long</blockquote>'
    )
    assert [(each["type"], each.get("url"), each.get("language")) for each in said.entities] == [
        ("text_link", "https://cnil.fr/?a=1&b=2", None),
        ("code", None, "python"),
        ("spoiler", None, None),
        ("expandable_blockquote", None, None),
    ]


@pytest.mark.parametrize(
    ("html", "complaint"),
    [
        ("é <b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("é <br>x", 'Unsupported start tag "br" at byte offset 3'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("1 <2", "Unclosed start tag at byte offset 2"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<a href='x", "Unclosed start tag at byte offset 0"),
        ("<a href=x/y>z</a>", "Unexpected end of name token at byte offset 8"),
        ("<span class='red'>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<", "Unclosed start tag at byte offset 0"),
    ],
)
def test_what_telegram_refuses_is_refused_in_its_words(html: str, complaint: str) -> None:
    with pytest.raises(Unreadable) as refused:
        parse_html(html)
    assert str(refused.value) == complaint


def test_an_unknown_reference_is_text() -> None:
    assert parse_html("AT&T &nbsp; &eacute; &ltx &").text == "AT&T &nbsp; &eacute; &ltx &"


def test_spaces_around_a_text_are_cut_and_entities_follow() -> None:
    said = parse_html("\n  <b> x</b>  \n")
    assert said.text == "x"
    assert said.entities == [{"type": "bold", "offset": 0, "length": 1}]


def test_an_empty_tag_leaves_no_entity() -> None:
    assert parse_html("a<b></b>").entities == []


def test_what_is_dropped_in_silence_is_told() -> None:
    assert parse_html('<a href="not a link">x</a>').lost == ["a link that is not one: 'not a link'"]
    many = parse_html("<b>x</b> " * 101)
    assert len(many.entities) == 100
    assert many.lost == ["101 entities, of which 100 are kept"]


def test_a_character_outside_the_first_plane_counts_twice() -> None:
    assert units("é🎓") == 3


def test_commands_are_found_in_what_people_type() -> None:
    assert commands("🎓 /lecon et /aide@emulated_bot, pas a/b") == [
        {"type": "bot_command", "offset": 3, "length": 6},
        {"type": "bot_command", "offset": 13, "length": 18},
    ]
