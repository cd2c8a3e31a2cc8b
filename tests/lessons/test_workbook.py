# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A lesson as a workbook: what is written is read again, whatever people do to a table, and what is wrong has its cell."""

from __future__ import annotations

import io
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from lessons import source
from lessons.forms.workbook import workbook
from lessons.model import Lesson
from tests.lessons import builders
from tests.lessons.workbooks import (
    LESSON,
    QUESTIONS,
    THEMES,
    WORKBOOK,
    edited,
    opened,
    packed,
    parts,
    problems,
    sheet,
    with_cells,
)

if TYPE_CHECKING:
    from collections.abc import Callable


RETYPE = "mettre la cellule au format Texte, puis retaper ce qui doit se lire"


def read(content: bytes) -> Lesson:
    return opened(content).placed.lesson


# --- there and back


def test_a_sign_that_spreadsheets_escape_comes_back() -> None:
    lesson = LESSON.model_copy(update={"title": "_x0041_ et _x005F_"})
    assert read(workbook(lesson, THEMES, LESSON)) == lesson


def test_every_shipped_lesson_comes_back_from_its_workbook_with_the_same_version() -> None:
    library = source.read([source.library()])
    assert library.course is not None
    themes = {theme.id: theme.title for theme in library.course.themes}
    for placed in library.lessons:
        again = read(workbook(placed.lesson, themes, LESSON))
        assert again == placed.lesson
        assert again.version == placed.lesson.version


def test_fields_that_the_library_lacks_come_back_too() -> None:
    question = builders.single(
        id="combien",
        text="Combien ?\nRéfléchissez.",
        choices=[builders.choice("3"), builders.choice("2", correct=True), builders.choice("=1+1")],
    )
    english = builders.true_false(choices=[builders.choice("True", correct=True), builders.choice("False")])
    lesson = builders.lesson(
        id="lecon-1",
        theme="nulle-part",
        title="@tous : « +5 % » ou -5 % ?",
        audience=["elu"],
        authorship={"ai_assisted": False, "reviewed_by": "Zoé", "reviewed_on": "2026-11-30"},
        questions=[question, english, builders.multiple(), builders.number(answer="-3.25", tolerance="0.5")],
    )
    again = read(workbook(lesson, THEMES, LESSON))
    assert again == lesson
    assert again.version == lesson.version


def test_the_number_in_its_name_is_the_place_of_a_lesson() -> None:
    assert opened(WORKBOOK, "03-relire.xlsx").placed.place == 3
    assert opened(WORKBOOK, "07-3-idees.xlsx").placed.place == 7
    assert opened(WORKBOOK, "2026-12-01-lecon.xlsx").placed.place is None


def test_an_empty_workbook_says_what_is_missing_and_where() -> None:
    assert problems(workbook(None, THEMES, LESSON, "ma-lecon")) == [
        *(
            f"Leçon!B{row} ({heading}) : champ obligatoire"
            for row, heading in (
                (3, "Titre"),
                (4, "Thème"),
                (7, "Objectif"),
                (8, "Texte"),
                (9, "À retenir"),
                (11, "À revoir avant le"),
                (12, "Une IA a aidé"),
            )
        ),
        "Questions!A1 : liste trop courte : 2 au moins, pas 0",
        "Sources!A1 : liste trop courte : 1 au moins, pas 0",
    ]


def test_a_workbook_offers_lists_and_counts_characters() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(None, THEMES, LESSON, "ma-lecon")))
    rules = {
        name: {
            str(rule.sqref): (rule.type, rule.formula1) for rule in book[name].data_validations.dataValidation
        }
        for name in ("Leçon", "Sources", "Questions")
    }
    assert rules["Leçon"]["B4"] == ("list", "Listes!$A$2:$A$3")
    assert rules["Leçon"]["B5"] == ("list", '"agents,élus,agents et élus"')
    assert rules["Leçon"]["B3"] == ("textLength", "100")
    assert rules["Questions"]["B2:B7"] == ("list", '"un seul choix,plusieurs choix,vrai ou faux,nombre"')
    assert rules["Questions"]["C2:C7"] == ("textLength", "300")
    assert rules["Sources"]["F2:F5"][0] == "list"
    assert [row[0].value for row in book["Listes"].iter_rows(min_row=2)] == list(THEMES.values())


# --- errors, by cell


def test_every_problem_is_told_at_once_with_its_cell() -> None:
    def change(book: Any) -> None:
        form, questions = book["Leçon"], book["Questions"]
        form["B3"], form["B4"], form["B5"], form["B12"] = "x" * 101, "Cuisine", "maires", "peut-être"
        questions["B2"], questions["D3"], questions["F2"], questions["Q4"] = "au choix", "7", None, None
        questions["R5"] = "beaucoup"
        book["Sources"]["C2"], book["Sources"]["D2"] = "www.cnil.fr", "un jour"

    assert problems(edited(change)) == [
        "Leçon!B3 (Titre) : trop long : 101 caractères, 100 au plus",
        "Leçon!B4 (Thème) : thème inconnu : choisir dans la liste, ou écrire son identifiant",
        "Leçon!B5 (Public) : valeur inconnue : choisir parmi « agents », « élus », « agents et élus »",
        "Leçon!B12 (Une IA a aidé) : valeur inconnue : choisir parmi « oui », « non »",
        (
            "Questions!B2 (Genre) : valeur inconnue : choisir parmi « un seul choix », « plusieurs choix », "
            "« vrai ou faux », « nombre »"
        ),
        "Questions!F2 (Retour 1) : champ obligatoire",
        (
            "Questions!D3 (Bonne réponse) : ne désigne aucun choix : écrire son numéro, comme 2 ; "
            "s’il y en a plusieurs, 1, 3"
        ),
        "Questions!Q4 (Explication) : champ obligatoire",
        "Questions!R5 (Tolérance) : nombre attendu, comme 45 ou 45.5 (12 chiffres, 6 décimales au plus)",
        "Sources!C2 (Adresse) : adresse complète en https:// attendue, sans espace, guillemet ni crochet",
        (
            "Sources!D2 (Date) : date attendue, comme 2026-03-01, ou 2026-03 ou 2026 quand le jour n’est pas "
            "connu"
        ),
    ]


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"D2": "1, 2"}, "Questions!D2 (Bonne réponse) : un seul choix juste attendu, pas 2"),
        ({"D2": None}, "Questions!D2 (Bonne réponse) : un seul choix juste attendu, pas 0"),
        ({"D5": None}, "Questions!D5 (Bonne réponse) : champ obligatoire pour une question de nombre"),
        (
            {"E5": "Sept", "F5": "Non."},
            "Questions!D5 (Bonne réponse) : une question de nombre n’a pas de choix : les enlever",
        ),
        ({"R2": "3"}, "Questions!R2 (Tolérance) : réservé aux questions de nombre : l’enlever"),
        ({"A3": "q1"}, "Questions!A1 : id de question en double : « q1 »"),
        (
            {"E2": "2", "D2": "2"},
            (
                "Questions!D2 (Bonne réponse) : désigne deux choix, l’un par son numéro, l’autre par son texte : "
                "écrire la lettre, A, B…"
            ),
        ),
        (
            {"C2": "=A1"},
            "Questions!C2 (Question) : formule ou erreur de calcul : copier, puis « Collage spécial », valeurs seules",
        ),
        (
            {"E2": date(2026, 1, 2)},
            f"Questions!E2 (Choix 1) : date ou heure écrite par le tableur : {RETYPE}",
        ),
        (
            {"E2": time(12, 30)},
            f"Questions!E2 (Choix 1) : date ou heure écrite par le tableur : {RETYPE}",
        ),
    ],
)
def test_each_fault_of_a_question_has_one_cell(cells: dict[str, object], problem: str) -> None:
    assert problems(with_cells("Questions", **cells)) == [problem]


def test_a_reviewer_without_a_day_has_a_cell() -> None:
    (line,) = problems(with_cells("Leçon", B13="Zoé"))
    assert line.startswith("Leçon!B13 (Relue par) : la personne qui a relu et le jour vont ensemble")


def test_a_percentage_is_not_taken_for_its_number() -> None:
    def change(book: Any) -> None:
        for cell, value in (("E2", 0.5), ("D5", 0.075)):
            book["Questions"][cell].value, book["Questions"][cell].number_format = value, "0.0%"

    assert problems(edited(change)) == [
        f"Questions!E2 (Choix 1) : nombre mis en forme par le tableur (%, €…) : {RETYPE}",
        "Questions!D5 (Bonne réponse) : nombre en pourcentage : écrire 85, pas 85 %, et « % » dans la colonne Unité",
    ]


def test_hidden_cells_are_told_not_published() -> None:
    def change(book: Any) -> None:
        book["Sources"].row_dimensions[2].hidden = True
        book["Questions"].column_dimensions["R"].hidden = True

    hidden = "cellule masquée : afficher sa ligne, sa colonne ou sa feuille, défusionner, ou la vider"
    told = problems(edited(change))
    assert f"Questions!R5 (Tolérance) : {hidden}" in told
    assert f"Sources!A2 (Titre) : {hidden}" in told
    assert all(line.endswith(hidden) for line in told)


def test_text_behind_merged_cells_is_told_not_published() -> None:
    """As a copied format leaves them: the cells are merged, and what was in them is still there."""
    merged = b'<mergeCells count="1"><mergeCell ref="E2:G2"/></mergeCells><'
    content = packed({QUESTIONS: parts()[QUESTIONS].replace(b"</sheetData><", b"</sheetData>" + merged)})
    hidden = "cellule masquée : afficher sa ligne, sa colonne ou sa feuille, défusionner, ou la vider"
    assert problems(content) == [
        f"Questions!F2 (Retour 1) : {hidden}",
        f"Questions!G2 (Choix 2) : {hidden}",
    ]


def test_headings_that_nobody_knows_lose_no_text() -> None:
    def change(book: Any) -> None:
        book["Leçon"]["A3"] = "Titer"
        book["Questions"]["Q1"] = "Explication longue"
        book["Questions"]["Z3"] = "une note"

    assert problems(edited(change)) == [
        "Leçon : la ligne « Titre » manque",
        "Leçon!A3 : titre inconnu, « Titer » : vouliez-vous dire « Titre » ? Sinon, vider ce qui s’y trouve",
        "Questions : la colonne « Explication » manque",
        (
            "Questions!Q1 : titre inconnu, « Explication longue » : vouliez-vous dire « Explication » ? Sinon, vider ce qui "
            "s’y trouve"
        ),
        "Questions!Z3 : rien n’est écrit au-dessus, en Z1 : un titre manque",
    ]


def test_text_beside_no_heading_is_told_not_lost() -> None:
    def change(book: Any) -> None:
        form = book["Leçon"]
        form.insert_rows(9)
        form["B9"] = "La suite du texte."
        form.insert_rows(12)
        form["A12"] = "EB-02"
        form["D8"], form["C3"] = "Suite du texte", f"{form['C3'].value} Sauf ici."
        form.insert_rows(1)
        form["B1"] = "Notre leçon"

    assert problems(edited(change)) == [
        "Leçon!C4 : rien ne se lit ici : à mettre dans la case de la rubrique, en B4",
        "Leçon!D9 : rien ne se lit ici : à mettre dans la case de la rubrique, en B9",
        "Leçon!B10 : rien n’est écrit à gauche, en A10 : à mettre dans la case du dessus",
        "Leçon!A13 : titre inconnu, « EB-02 » : vider ce qui s’y trouve",
    ]


def test_the_rules_may_stand_before_the_headings() -> None:
    def change(book: Any) -> None:
        form = book["Leçon"]
        form.insert_cols(1)
        for row in range(1, 15):
            form.cell(row, 1).value, form.cell(row, 4).value = form.cell(row, 4).value, None

    assert read(edited(change)) == LESSON


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda book: book.remove(book["Sources"]), ["Sources : cette feuille manque : partir du modèle"]),
        (
            lambda book: book["Questions"].delete_rows(1),
            ["Questions : la ligne des titres manque (Repère, Genre, Question…)"],
        ),
        (
            lambda book: book["Leçon"].delete_cols(1),
            ["Leçon : aucun titre reconnu (Identifiant…) : partir du modèle"],
        ),
    ],
)
def test_a_missing_part_of_a_workbook_is_told_once(change: Callable[[Any], object], told: list[str]) -> None:
    assert problems(edited(change)) == told


def test_of_two_sheets_of_one_kind_none_is_guessed() -> None:
    def copy(book: Any) -> None:
        book.copy_worksheet(book["Questions"]).title = "question"

    def list_first(book: Any) -> None:
        book.create_sheet("Liste", 0)["A1"] = "Courses"

    assert problems(edited(copy)) == [
        "Ce classeur a deux feuilles « Questions » : gardez-en une, ou renommez l’autre."
    ]
    assert read(edited(list_first)) == LESSON


def test_too_many_rows_are_counted() -> None:
    rows = {f"{column}{row}": "x" for row in range(6, 9) for column in "CDEFQ"}
    assert "Questions!A1 : liste trop longue : 6 au plus, pas 7" in problems(with_cells("Questions", **rows))


# --- people's habits


def test_columns_may_be_moved_and_headings_typed_otherwise() -> None:
    def change(book: Any) -> None:
        questions = book["Questions"]
        rows = [[cell.value for cell in row] for row in questions.iter_rows()]
        for row, values in enumerate(rows, 3):
            for column, value in enumerate(reversed(values), 2):
                cell = questions.cell(row, column)
                cell.value, cell.number_format = value, "@"
        for row in (1, 2):
            for cell in questions[row]:
                cell.value = None
        for row in range(1, 10):
            questions.cell(row, 1).value = None
        questions["B1"] = "Nos questions"
        for cell in questions[3]:
            cell.value = cell.value and f"  {cell.value.upper().replace('É', 'E')} : "
        book["Leçon"]["A9"] = "a retenir"
        book["Leçon"].title, questions.title = "LECON", "question"
        book.move_sheet(questions, -2)
        book.create_sheet("Notes")["A1"] = "=SUM(B1:B9)"

    assert read(edited(change)) == LESSON


def test_numbers_dates_and_answers_are_read_as_they_are_typed() -> None:
    def change(book: Any) -> None:
        form, sources, questions = book["Leçon"], book["Sources"], book["Questions"]
        for cell in (form["B6"], form["B11"], sources["D2"], sources["E2"], *questions["D"], *questions["R"]):
            cell.number_format = "General"
        form["B6"], form["B5"], form["B12"], form["B11"] = (
            1.0,
            "Tous ",
            "X",
            datetime.fromisoformat("2027-06-30"),
        )
        sources["D2"], sources["E2"] = 2026, "01/12/2026"
        questions["D2"], questions["D3"], questions["D4"] = 2, 1.2, False
        questions["E4"] = questions["G4"] = None
        questions["D5"], questions["R5"] = "7,5", "0,5"
        questions["A3"] = None
        questions["C2"] = "  Le résumé d’un compte rendu est prêt. Que faites-vous d’abord ?\r\n"

    assert read(edited(change)) == LESSON


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1 234,5", "1234.5"),
        ("1\u202f234", "1234"),
        ("-3", "-3"),
        ("+0,25", "0.25"),
        (7.1, "7.1"),
        (0.1 + 0.2, "0.3"),
        (28000, "28000"),
    ],
)
def test_a_number_is_read_as_people_write_it_in_france(typed: object, meant: str) -> None:
    assert read(with_cells("Questions", D5=typed, R5=None)).questions[3].answer == Decimal(meant)


@pytest.mark.parametrize("typed", ["7 5", "7.5 %", "1,234,5", "sept", "7e3", "1 2345"])
def test_a_number_with_signs_is_not_guessed(typed: str) -> None:
    assert len(problems(with_cells("Questions", D5=typed))) == 1


@pytest.mark.parametrize(
    ("right", "meant"),
    [
        ("1 et 3", {1, 3}),
        ("1;3", {1, 3}),
        ("a, C", {1, 3}),
        ("1 3", {1, 3}),
        ("Les noms des personnes\nle ton du TEXTE", {1, 3}),
    ],
)
def test_right_choices_are_named_in_many_ways(right: str, meant: set[int]) -> None:
    choices = read(with_cells("Questions", D3=right)).questions[1].choices
    assert {number for number, choice in enumerate(choices, 1) if choice.correct} == meant


@pytest.mark.parametrize(
    ("choices", "right", "meant"),
    [
        (("3 pour cent", "5 pour cent", "8 pour cent"), "3 %", None),
        (("2 euros", "5 euros", "8 euros"), "2 €", None),
        (("-2 points", "5", "8"), "-2", None),
        (("≠", "<", ">"), "≠ 2", None),
        (("un", "deux", "trois"), "2)", None),
        (("un", "deux", "trois"), "−2", None),
        (("2", "5", "8"), "-2", None),
        (("-2", "20", "8"), "-2", 1),
        (("20 %", "3 %", "8 %"), "3 %", 2),
        (("< 5", "> 5", "8"), "> 5", 2),
        (("Peut-être", "L’IA", "8"), "l'ia.", 2),
        (("un", "deux", "trois"), " b ", 2),
    ],
)
def test_a_number_or_letter_counts_as_one_only_when_it_is_written_alone(
    choices: tuple[str, str, str], right: str, meant: int | None
) -> None:
    content = with_cells("Questions", **dict(zip(("E2", "G2", "I2"), choices, strict=True)), D2=right)
    if meant is None:
        (told,) = problems(content)
        assert told.startswith("Questions!D2 (Bonne réponse) : ")
        return
    asked = read(content).questions[0]
    assert [number for number, choice in enumerate(asked.choices, 1) if choice.correct] == [meant]


@pytest.mark.parametrize(
    ("value", "seen", "meant"),
    [
        (date(2026, 3, 9), "yyyy-mm-dd", "2026-03-09"),
        (datetime.fromisoformat("2026-03-09T14:00"), "dd/mm/yyyy hh:mm", "2026-03-09"),
        (date(2026, 3, 1), "mmm-yy", "2026-03"),
        (date(2026, 3, 1), '[$-40C]mmmm" d’une année "yyyy', "2026-03"),
        (date(2026, 1, 1), "yyyy", "2026"),
        ("9/3/2026", "@", "2026-03-09"),
        ("03/2026", "@", "2026-03"),
        (2024, "General", "2024"),
    ],
)
def test_the_date_of_a_source_is_as_precise_as_it_is_seen(value: object, seen: str, meant: str) -> None:
    def change(book: Any) -> None:
        book["Sources"]["D2"].value, book["Sources"]["D2"].number_format = value, seen

    assert read(edited(change)).sources[0].date == meant


PART = (
    "le tableur ne montre qu’une partie de cette date : mettre la cellule au format Texte, et l’écrire en entier, "
    "comme 2026-03-01"
)
OTHERWISE = f"nombre que le tableur montre autrement qu’il n’est : {RETYPE}"
NOTHING = f"son format ne montre rien : {RETYPE}"
FORMED = f"nombre mis en forme par le tableur (%, €…) : {RETYPE}"


@pytest.mark.parametrize(
    ("name", "cell", "value", "seen", "told"),
    [
        ("Leçon", "B11", date(2027, 6, 1), "mmm-yy", f"(À revoir avant le) : {PART}"),
        ("Leçon", "B11", date(2027, 6, 1), "d-mmm", f"(À revoir avant le) : {PART}"),
        ("Sources", "E2", date(2026, 12, 1), "yyyy", f"(Comparée le) : {PART}"),
        ("Sources", "D2", datetime.fromisoformat("2026-03-09T14:00"), "hh:mm", f"(Date) : {PART}"),
        ("Sources", "D2", datetime.fromisoformat("2026-03-09T14:00"), "h:mm", f"(Date) : {PART}"),
        ("Questions", "D5", 7.4, "0", f"(Bonne réponse) : {OTHERWISE}"),
        ("Questions", "D5", 7456, "0.0,", f"(Bonne réponse) : {OTHERWISE}"),
        ("Questions", "D5", 7.5, "# ?/?", f"(Bonne réponse) : {OTHERWISE}"),
        ("Questions", "D5", 7.25, '#,##0.0" points"', f"(Bonne réponse) : {OTHERWISE}"),
        ("Questions", "D5", 7.5, ";;;", f"(Bonne réponse) : {OTHERWISE}"),
        ("Questions", "E2", 2.6, "0", f"(Choix 1) : {FORMED}"),
        ("Questions", "D3", 1.2, "0", f"(Bonne réponse) : {FORMED}"),
        ("Leçon", "B3", "Invisible", ";;;", f"(Titre) : {NOTHING}"),
    ],
)
def test_a_value_that_its_format_shows_otherwise_is_told(
    name: str, cell: str, value: object, seen: str, told: str
) -> None:
    def change(book: Any) -> None:
        book[name][cell].value, book[name][cell].number_format = value, seen

    assert problems(edited(change)) == [f"{name}!{cell} {told}"]


@pytest.mark.parametrize(
    "seen",
    ["0.0", "0.00", "#,##0.00", '_-* #,##0.00\\ "€"_-;-* #,##0.00_-;_-* "-"??_-;_-@_-', 'General" points"'],
)
def test_a_number_of_which_all_digits_are_seen_is_taken(seen: str) -> None:
    def change(book: Any) -> None:
        book["Questions"]["D5"].value, book["Questions"]["D5"].number_format = 7.5, seen

    assert read(edited(change)) == LESSON


def test_merged_cells_count_as_their_first() -> None:
    def change(book: Any) -> None:
        book["Leçon"].merge_cells("B3:C3")
        book["Questions"].insert_rows(1)
        book["Questions"]["A1"] = "Quatre questions"
        book["Questions"].merge_cells("A1:S1")

    assert read(edited(change)) == LESSON


def test_questions_without_a_name_get_one_that_no_other_has() -> None:
    assert [q.id for q in read(with_cells("Questions", A2="q3", A3=None, A4=None, A5=None)).questions] == [
        "q3",
        "q1",
        "q2",
        "q4",
    ]


def test_a_workbook_written_by_hand_with_shared_strings_is_read() -> None:
    """As Excel and LibreOffice write texts, with runs of several looks; ours stand in their cells."""
    strings = (
        '<?xml version="1.0" encoding="UTF-8"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        "<si><t>Repère</t></si><si><t>Question</t></si>"
        '<si><r><t>Que </t></r><r><rPr><b/></rPr><t>dire</t></r><r><t xml:space="preserve"> ? </t></r></si></sst>'
    ).encode()
    rows = (
        b'<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
        b'<row><c t="str"><v>q9</v></c><c t="s"><v>2</v></c></row><row r="1048576"><c r="A1048576" s="1"/></row>'
    )
    changed = {
        QUESTIONS: sheet(rows),
        "xl/sharedStrings.xml": strings,
        "xl/_rels/workbook.xml.rels": parts()["xl/_rels/workbook.xml.rels"].replace(
            b"</Relationships>",
            b'<Relationship Id="rId99" Target="sharedStrings.xml" Type="http://schemas.openxmlformats.org/officeDocument/'
            b'2006/relationships/sharedStrings"/></Relationships>',
        ),
    }
    told = problems(packed(changed))
    assert "Questions : la colonne « Genre » manque" in told
    assert not any("Question)" in line for line in told)
