# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Names as they are typed for a paper, and the signs that the font has."""

from __future__ import annotations

import pytest

from bot import names
from bot.drawing import coverage
from bot.names import Refused


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Camille   Martin ", "Camille Martin"),
        ("Camille\u00a0Martin\u202fX", "Camille Martin X"),
        ("Zoe\u0301 Lefe\u0300vre", "Zoé Lefèvre"),
        ("Łukasz Žižek-Öztürk d’Œuvre", "Łukasz Žižek-Öztürk d’Œuvre"),
        ("Nguyễn", "Nguyễn"),
        ("Li", "Li"),
        ("A" * 80, "A" * 80),
        ('#panic("x") *gras* <b> $x$ \\ `', '#panic("x") *gras* <b> $x$ \\ `'),
        ("Jean Dupont (DSI), mairie", "Jean Dupont (DSI), mairie"),
    ],
)
def test_a_name_is_one_line_with_single_spaces_and_composed_letters(typed: str, name: str) -> None:
    assert names.read(typed) == name


@pytest.mark.parametrize(
    ("typed", "refused"),
    [
        ("", Refused("length")),
        ("A", Refused("length")),
        ("A" * 81, Refused("length")),
        ("e\u0301" * 4000, Refused("length")),
        ("Camille\nMartin", Refused("lines")),
        ("Camille\u2028Martin", Refused("lines")),
        ("--", Refused("letters")),
        ("42", Refused("digits")),
        ("Jean Dupont, 2e étage", Refused("digits")),
        ("Nguyễn Thị Ánh", Refused("accents", "ị → i")),
        ("Lê Nhật Hoàng ậ", Refused("accents", "ậ → â")),
        ("Ọlá Kọ́lá", Refused("accents", "Ọ → O, ọ → o")),
        ("Ŋuyễn ị", Refused("sign", "Ŋ")),
        ("Camille ☃ Martin", Refused("sign", "☃")),
        ("Иван", Refused("sign", "И")),
        ("c’est quoi ?", Refused("sign", "?")),
        ("Camille \u202emartin", Refused("hidden", "U+202E")),
        ("Cam\u200bille", Refused("hidden", "U+200B")),
        ("Cam\x00ille", Refused("hidden", "U+0000")),
        ("Camille \ud83d", Refused("hidden", "U+D83D")),
        ("Cami\u0336lle", Refused("hidden", "U+0336")),
    ],
)
def test_what_cannot_be_written_is_refused_by_its_sign(typed: str, refused: Refused) -> None:
    assert names.read(typed) == refused


def test_french_european_and_typographic_signs_can_be_written() -> None:
    assert coverage.lacking("ÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸàâæçéèêëîïôœùûüÿ ß ñ ø å ő ș ţ ž « » ’ – — … € § ° \u00a0") == ""


def test_titles_lose_what_the_font_lacks() -> None:
    assert coverage.writable("Données 🔒 → quoi\u202f?") == "Données – quoi\u00a0?"
