# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Files that are no lessons, or mean harm: each is refused with a sentence that says why, within a second and a half."""

from __future__ import annotations

import time
import tracemalloc
from typing import Any
from zipfile import ZIP_LZMA

import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from lessons.source.bounds import WORKBOOK as LARGEST
from tests.lessons import builders
from tests.lessons.workbooks import (
    FORM,
    QUESTIONS,
    WORKBOOK,
    edited,
    lying,
    packed,
    parts,
    problems,
    sheet,
    with_cells,
)

LONGEST = 1.5
"""Seconds of the processor."""
MB = 1 << 20

ARCHIVE = "C’est une archive, pas une leçon. Envoyez le fichier lui-même, .xlsx ou .yaml."
DAMAGED = "Ce classeur est abîmé ou incomplet : enregistrez-le de nouveau, puis renvoyez-le."
TOO_BIG = "Ce classeur est trop gros une fois ouvert : une leçon tient en quelques dizaines de lignes."
PASSWORD = "Ce fichier est protégé par un mot de passe : enregistrez-le sans mot de passe."
MACROS = "Ce classeur a des macros : enregistrez-le au format .xlsx, sans macro."
OTHER_FILES = "Ce classeur contient d’autres fichiers : enlevez-les, puis enregistrez-le."
NOT_WRITTEN = "Ce classeur n’a pas été écrit par un tableur : ouvrez-le et enregistrez-le de nouveau."

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
LAUGHS = (
    b'<!DOCTYPE l [<!ENTITY l0 "ha">'
    + b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    + b"]>"
)
LINKS, TYPES = "xl/_rels/workbook.xml.rels", "[Content_Types].xml"


def cell(name: str, inner: bytes, kind: bytes = b"") -> bytes:
    row = "".join(filter(str.isdigit, name))
    return b'<row r="%s"><c r="%s"%s>%s</c></row>' % (row.encode(), name.encode(), kind, inner)


def encrypted() -> bytes:
    """A workbook whose first member says that it is encrypted."""
    raw = bytearray(WORKBOOK)
    raw[6] |= 1
    raw[raw.find(b"PK\x01\x02") + 8] |= 1
    return bytes(raw)


def bomb(part: str, megabytes: int = 148) -> bytes:
    return packed({part: sheet(b" " * (megabytes * MB))})


def told(content: bytes, name: str) -> list[str]:
    began = time.process_time()
    found = problems(content, name)
    assert time.process_time() - began < LONGEST
    return found


def test_a_day_after_the_last_of_the_other_calendar_is_no_day() -> None:
    def change(book: Any) -> None:
        book.epoch = CALENDAR_MAC_1904
        book["Leçon"]["B11"].value, book["Leçon"]["B11"].number_format = 2_957_004, "dd/mm/yyyy"

    (line,) = told(edited(change), "lecon.xlsx")
    assert line.startswith("Leçon!B11 (À revoir avant le) : ")


def test_more_merged_cells_than_a_sheet_has_are_refused_at_once() -> None:
    merged = b"<mergeCells>" + b'<mergeCell ref="A1:XFD1048576"/>' * 50_000 + b"</mergeCells><"
    content = packed({QUESTIONS: parts()[QUESTIONS].replace(b"</sheetData><", b"</sheetData>" + merged)})
    assert told(content, "lecon.xlsx") == [TOO_BIG]


@pytest.mark.parametrize("cell", ["B5", "B10"])
def test_spaces_between_two_words_are_read_once(cell: str) -> None:
    began = time.process_time()
    assert len(problems(with_cells("Leçon", **{cell: f"EB-01{' ' * 32_000}x"}))) == 1
    assert time.process_time() - began < 2  # 8 s when each space reads all that follow


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "fichier vide"),
        (b"PK\x03\x04" + bytes(40) + b"PK\x05\x06" + bytes(18), ARCHIVE),
        (b"\x1f\x8b\x08" + bytes(40), ARCHIVE),
        (b"7z\xbc\xaf\x27\x1c", ARCHIVE),
        (b"x" * 257 + b"ustar", ARCHIVE),
        (WORKBOOK[: len(WORKBOOK) // 2], DAMAGED),
        (WORKBOOK[:-30], DAMAGED),
        (OLE + "EncryptedPackage".encode("utf-16-le"), PASSWORD),
        (encrypted(), PASSWORD),
        (b"PK\x03\x04" + b"x" * LARGEST, "fichier trop gros : 8 Mio au plus"),
        (packed({}, without=FORM), DAMAGED),
        (packed({}, without=LINKS), DAMAGED),
        (packed({}, method=ZIP_LZMA), DAMAGED),
        (packed({"../../etc/passwd": b"x"}), DAMAGED),
        (packed({"/etc/passwd": b"x"}), DAMAGED),
        (packed({"xl/a\\b": b"x"}), DAMAGED),
        (packed({"xl/vbaProject.bin": b"x"}), MACROS),
        (
            packed({TYPES: parts()[TYPES].replace(b"spreadsheetml.sheet.main", b"sheet.macroEnabled.main")}),
            MACROS,
        ),
        (packed({"xl/embeddings/oleObject1.bin": b"x"}), OTHER_FILES),
        (packed({"xl/activeX/activeX1.bin": b"x"}), OTHER_FILES),
        (
            packed({"xl/externalLinks/externalLink1.xml": b"<a/>"}),
            "Ce classeur a des liens vers d’autres classeurs : rompez-les (menu Données), puis enregistrez-le.",
        ),
        (
            packed({"xl/connections.xml": b"<a/>"}),
            "Ce classeur lit des données ailleurs : enlevez ses connexions (menu Données), puis enregistrez-le.",
        ),
        (packed({FORM: sheet(cell("A1", b"<v>&l9;</v>"), LAUGHS)}), NOT_WRITTEN),
        (packed({"xl/sharedStrings.xml": LAUGHS + b"<sst/>"}), NOT_WRITTEN),
        (packed({"xl/workbook.xml": LAUGHS + b"<workbook/>"}), NOT_WRITTEN),
        (packed({"xl/styles.xml": LAUGHS + b"<styleSheet/>"}), NOT_WRITTEN),
        (packed({FORM: sheet(b"", b'<!DOCTYPE q SYSTEM "file:///etc/passwd">')}), NOT_WRITTEN),
        (packed({FORM: b"<a>" * 500_000}), TOO_BIG),
        (packed({QUESTIONS: sheet(b"<c/>" * 900_000)}), TOO_BIG),
        (packed({QUESTIONS: sheet(cell("GS2", b"<v>1</v>"))}), TOO_BIG),
        (packed({f"xl/media/{n}": b"" for n in range(1_000)}), TOO_BIG),
        (
            packed({QUESTIONS: sheet(cell("XFD1048576", b"<v>1</v>"))}),
            "Ce classeur a plus de 1000 lignes : ce n’est pas une leçon.",
        ),
        (
            packed({QUESTIONS: sheet(b"".join(cell(f"A{n}", b"<v>1</v>") for n in range(1, 50_001)))}),
            "Ce classeur a plus de 1000 lignes : ce n’est pas une leçon.",
        ),
        (packed({FORM: sheet(cell("A2", b"<v>999999</v>", b' t="s"'))}), DAMAGED),
        (packed({FORM: sheet(cell("A2", b"<v>7</v>", b' t="b"'))}), DAMAGED),
        (packed({FORM: sheet(cell("A2", b"<v>1</v>", b' t="zzz"'))}), DAMAGED),
        (packed({FORM: b"<worksheet><sheetData><row>"}), DAMAGED),
        (
            b"id: lecon\n",
            "C’est du texte, pas un classeur .xlsx. Une leçon en YAML a un nom qui finit par .yaml.",
        ),
    ],
)
def test_a_file_without_a_workbook_is_refused_in_one_sentence(content: bytes, sentence: str) -> None:
    assert told(content, "lecon.xlsx") == [sentence]


def test_a_workbook_that_unpacks_to_148_megabytes_is_refused_by_what_it_declares() -> None:
    content = bomb(FORM)
    assert len(content) < 400_000
    assert told(content, "lecon.xlsx") == [TOO_BIG]
    picture = "xl/media/image1.png"
    assert told(lying(packed({picture: b"x"}), picture, 148 * MB), "lecon.xlsx") == [TOO_BIG]


def test_a_workbook_that_lies_about_its_sizes_takes_no_more_than_the_bound() -> None:
    content = lying(bomb(FORM, megabytes=40), FORM, 5_000)
    tracemalloc.start()
    try:
        assert told(content, "lecon.xlsx") == [DAMAGED]
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 16 * MB
    assert told(lying(packed({}), FORM, 3 * MB), "lecon.xlsx") == []  # it has what it needs


def test_a_workbook_filled_to_its_bounds_is_read_in_time() -> None:
    text = b"<is><t>" + b"x" * 200 + b"</t></is>"
    rows = b"".join(
        b'<row r="%d">%s</row>'
        % (row, b"".join(b'<c r="%c%d" t="inlineStr">%s</c>' % (column, row, text) for column in b"ABCDE"))
        for row in range(1, 1_000)
    )
    strings = b"<sst>" + b"<si><t>x</t></si>" * 25_000 + b"</sst>"
    known = b'<row r="1000"><c r="A1000" t="str"><v>Titre</v></c></row>'
    content = packed({FORM: sheet(rows + known), QUESTIONS: sheet(rows), "xl/sharedStrings.xml": strings})
    assert 1_000 < len(told(content, "lecon.xlsx")) < 1_100


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04" + bytes(40), ARCHIVE),
        (b"\x1f\x8b\x08" + bytes(40), ARCHIVE),
        (WORKBOOK, "C’est un classeur : donnez-lui un nom qui finit par .xlsx."),
        (OLE + "EncryptedPackage".encode("utf-16-le"), PASSWORD),
        (b"%PDF-1.7", "C’est un PDF, pas une leçon."),
        (b"<!DOCTYPE html><html>", "C’est une page web, pas une leçon."),
        (b"\x89PNG\r\n", "C’est une image, pas une leçon."),
        (
            builders.as_yaml(builders.content()).decode().encode("utf-16"),
            "de l’UTF-16 : enregistrer le fichier en UTF-8",
        ),
    ],
)
def test_a_file_without_text_is_refused_in_one_sentence(content: bytes, sentence: str) -> None:
    assert told(content, "lecon.yaml") == [f"lecon.yaml:1:1: {sentence}"]


def test_windows_line_ends_and_a_mark_of_byte_order_are_no_problem() -> None:
    content = builders.as_yaml(builders.content())
    assert told(b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n"), "lecon.yaml") == []
    assert told(content, "LECON.YAML") == []


@pytest.mark.parametrize("name", ["lecon.docx", "lecon", "..", "\0", "lecon.xlsx.zip", ""])
def test_a_name_of_another_kind_is_refused(name: str) -> None:
    (line,) = told(WORKBOOK, name)
    assert line.endswith("Une leçon est un classeur .xlsx ou un fichier .yaml.")
