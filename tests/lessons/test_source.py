# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons import source
from lessons.source import Problem, Problems, read, read_lesson
from tests.lessons import builders
from tests.lessons.workbooks import WORKBOOK, edited

LESSON = builders.as_yaml(builders.content())


def problems(content: bytes) -> list[str]:
    with pytest.raises(Problems) as refused:
        read_lesson(content, "lecon.yaml")
    assert str(refused.value) == "\n".join(map(str, refused.value.problems))
    return [str(problem) for problem in refused.value.problems]


def problems_of(*paths: Path) -> list[Problem]:
    with pytest.raises(Problems) as refused:
        read(paths)
    return list(refused.value.problems)


def write(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def line_of(content: bytes, start: str) -> int:
    return next(
        n for n, line in enumerate(content.decode().splitlines(), 1) if line.strip().startswith(start)
    )


def test_a_lesson_is_read_with_the_place_its_file_tells() -> None:
    placed = read_lesson(LESSON, "donnees/03-coller.yaml")
    assert placed.lesson == builders.lesson()
    assert placed.place == 3
    assert read_lesson(LESSON, "coller.yaml").place is None


def test_strings_stay_strings() -> None:
    choices = b"[{text: no, correct: true, feedback: on}, {text: 12:30, feedback: 0x1F}]"
    written = (
        builders.as_yaml(builders.content(title="T", questions=[]))
        .replace(b"title: T", b"title: 2026-01-05")
        .replace(
            b"questions: []",
            b"questions:\n- {id: no, kind: single, text: 1e3, explanation: y, choices: " + choices + b"}\n"
            b"- {id: on, kind: number, text: 010, explanation: true, answer: 45.50}",
        )
    )
    lesson = read_lesson(written, "x.yaml").lesson
    assert lesson.title == "2026-01-05"
    first, second = lesson.questions
    assert [(choice.text, choice.feedback) for choice in first.choices] == [
        ("no", "on"),
        ("12:30", "0x1F"),
    ]
    assert (first.id, first.text, second.id, second.text, second.explanation) == (
        "no",
        "1e3",
        "on",
        "010",
        "true",
    )
    assert str(second.answer) == "45.5"


def test_every_error_is_told_at_once_with_its_place() -> None:
    content = (
        LESSON.replace(b"title: Coller", b"titre: Coller")
        .replace(b"level: 1", b"level: 7")
        .replace(b"text: Une lettre d'habitant", b"text: ''")
        .replace(b"review_by: '2027-06-30'", b"review_by: 2027-06-31")
    )
    assert problems(content) == [
        "lecon.yaml:1:1: title: champ obligatoire",
        "lecon.yaml:2:1: titre: champ inconnu : vérifier l’orthographe, ou l’enlever",
        "lecon.yaml:7:8: level: trop grand : 3 au plus",
        f"lecon.yaml:{line_of(content, 'review_by')}:12: review_by: cette date n’existe pas",
        (
            f"lecon.yaml:{line_of(content, chr(45) + ' text: ' + chr(39) * 2)}:11: "
            "questions[0].choices[1].text: texte vide"
        ),
    ]


def test_what_is_missing_is_placed_where_it_should_be() -> None:
    content = LESSON.replace("  explanation: Ce qui est déjà public peut l'être encore.\n".encode(), b"", 1)
    line = line_of(content, "- id: q1")
    assert problems(content) == [f"lecon.yaml:{line}:3: questions[0].explanation: champ obligatoire"]


def test_errors_are_short_french_sentences(subtests: pytest.Subtests) -> None:
    changes: list[tuple[dict[str, object], str]] = [
        ({"audience": "agent"}, "audience: liste attendue : une ligne « - … » par élément"),
        ({"audience": ["maire"]}, "audience[0]: valeur inconnue : choisir parmi 'agent' ou 'elu'"),
        ({"title": ["a"]}, "title: texte attendu"),
        ({"title": None}, "title: texte attendu"),
        ({"level": "un"}, "level: nombre entier attendu"),
        ({"level": 0}, "level: trop petit : 1 au moins"),
        ({"id": "Mon Id"}, "id: lettres minuscules sans accent, chiffres et tirets attendus, 64 au plus"),
        ({"facts": ["2"]}, "facts[0]: numéro de fait attendu, comme DP-02"),
        ({"sources": ["CNIL"]}, "sources[0]: plusieurs champs attendus, comme « clé: valeur »"),
        ({"sources": []}, "sources: liste trop courte : 1 au moins, pas 0"),
        ({"review_by": "demain"}, "review_by: date attendue, comme 2026-03-01"),
        ({"body": "x" * 3001}, "body: trop long : 3001 caractères, 3000 au plus"),
        ({"title": "x" * 101}, "title: trop long : 101 caractères, 100 au plus"),
        ({"facts": ["DP-1"] * 21}, "facts: liste trop longue : 20 au plus, pas 21"),
        (
            {"questions": [builders.single(), builders.number(tolerance=-1)]},
            "questions[1].tolerance: trop petit : 0 au moins",
        ),
        ({"questions": [builders.single()]}, "questions: liste trop courte : 2 au moins, pas 1"),
    ]
    for change, sentence in changes:
        with subtests.test(sentence=sentence):
            (problem,) = problems(builders.as_yaml(builders.content(**change)))
            assert problem.endswith(f": {sentence}")


@pytest.mark.parametrize(
    ("content", "report"),
    [
        (b"", "x.yaml:1:1: fichier vide"),
        (b"# rien\n", "x.yaml:1:1: fichier vide"),
        (b"id: \xe9t\xe9", "x.yaml:1:5: pas de l’UTF-8 : enregistrer le fichier en UTF-8"),
        (b"id: x\nt: a\0b", "x.yaml:2:5: caractère nul : ce n’est pas du texte"),
        (b"x" * (256 * 1024 + 1), "x.yaml:1:1: fichier trop gros : 256 Kio au plus"),
        (b"[" * 21, "x.yaml:1:21: " + "[0]" * 20 + ": plus de 20 niveaux imbriqués"),
        (b"[" + b"1," * 6_000, "x.yaml:1:12000: plus de 6000 valeurs : une leçon en a quelques centaines"),
        (
            b"".join(b"k%d: 1\n" % key for key in range(6_000)),
            "x.yaml:6000:8: plus de 6000 valeurs : une leçon en a quelques centaines",
        ),
        (b"? [a]\n: b", "x.yaml:1:3: une clé doit être un simple mot"),
        (b"[a, b]", "x.yaml:1:1: plusieurs champs attendus, comme « clé: valeur »"),
    ],
)
def test_a_file_of_another_form_is_refused_with_one_problem(content: bytes, report: str) -> None:
    with pytest.raises(Problems) as refused:
        read_lesson(content, "x.yaml")
    assert str(refused.value) == report


def test_a_syntax_error_has_its_place() -> None:
    (problem,) = problems(LESSON.replace(b"level: 1", b"level: 1: 2"))
    assert problem.startswith("lecon.yaml:7:9: deux-points dans un texte : ")


@pytest.mark.parametrize(
    ("written", "end"),
    [
        (b"level: 1\nlevel: 2", ":8:1: level: clé en double, déjà donnée ligne 7"),
        (b"level: &n 1", ":7:8: level: pas d’ancre (&) : l’enlever"),
        (b"level: *n", ":7:8: level: pas d’alias (*) : écrire le contenu"),
        (b"level: !!int 1", ":7:8: level: pas d’étiquette (!) : l’enlever"),
        (b"!!str level: 1", ":7:1: level: ni ancre (&) ni étiquette (!) : l’enlever"),
        (
            b"level: !!python/object/apply:os.system [ls]",
            "level: pas d’étiquette (!) : l’enlever",
        ),
        (
            b"<<: {level: 1}\nlevel: 1",
            "<<: champ inconnu : vérifier l’orthographe, ou l’enlever",
        ),
    ],
)
def test_what_yaml_has_beside_plain_values_is_refused(written: bytes, end: str) -> None:
    assert any(problem.endswith(end) for problem in problems(LESSON.replace(b"level: 1", written)))


def test_an_alias_is_one_problem_not_two() -> None:
    assert len(problems(LESSON.replace(b"level: 1", b"level: *n"))) == 1


def test_a_second_document_is_refused() -> None:
    (problem,) = problems(LESSON + b"---\nid: autre\n")
    assert problem.endswith("un seul document par fichier : enlever ce qui suit « --- »")


def test_a_mark_of_byte_order_is_no_problem() -> None:
    assert read_lesson(b"\xef\xbb\xbf" + LESSON, "x.yaml").lesson == builders.lesson()


def test_a_hostile_key_is_shown_short_and_harmless() -> None:
    (problem,) = problems(LESSON + b'"a\\x1b[31m' + b"x" * 5000 + b'": 1\n')
    assert "\x1b" not in problem
    assert len(problem) < 300


@pytest.mark.parametrize(
    "bomb",
    [
        b"a: &a [x, x]\n" + b"".join(b"b%d: &b%d [*a, *a]\n" % (n, n) for n in range(5000)),
        b"[" * 262_000,
        b"{a: " * 65_000,
        b"- " * 130_000,
        b"? " * 130_000,
        b"&a " * 80_000,
        b"".join(b"k%d:\n" % n for n in range(30_000)),
        b"questions:\n" + b"- {}\n" * 50_000,
    ],
)
@pytest.mark.timeout(60)  # it takes a second or two; a bomb that goes off takes hours
def test_a_bomb_is_refused_quickly(bomb: bytes) -> None:
    assert problems(bomb)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_content_breaks_the_reader(content: bytes) -> None:
    with pytest.raises(Problems) as refused:
        read_lesson(content, "x.yaml")
    assert all(problem.line >= 1 and problem.column >= 1 for problem in refused.value.problems)


@given(
    st.integers(0, len(LESSON) - 1),
    st.sampled_from([b"\n", b"*", b"&a ", b"[", b"{", b'"', b"\t", b"? ", b"!x "]),
)
def test_no_slip_of_the_hand_breaks_the_reader(at: int, slip: bytes) -> None:
    text = LESSON[:at] + slip + LESSON[at:]
    try:
        read_lesson(text, "x.yaml")
    except Problems as refused:
        assert refused.problems  # noqa: PT017 - many slips are harmless


def test_a_course_is_read_the_same_way(tmp_path: Path) -> None:
    content = builders.as_yaml(builders.course_content())
    path = write(tmp_path, "course.yaml", content)
    assert read([path]).course == builders.course()
    path.write_bytes(content.replace(b"language: fr", b"language: French"))
    with pytest.raises(Problems, match=r"course.yaml:3:11: language: code de langue attendu, comme fr"):
        read([path])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A course of two lessons."""
    root = tmp_path / "fr"
    paths = [{"id": "elu", "title": "Élus", "lessons": ["frugale", "donnees-coller"]}]
    write(root, "course.yaml", builders.as_yaml(builders.course_content(paths=paths)))
    write(root, "donnees-personnelles/01-coller.yaml", LESSON)
    frugale = builders.content(id="frugale", theme="ia-frugale")
    write(root, "ia-frugale/01-frugale.yml", builders.as_yaml(frugale))
    write(root, "LISEZMOI.md", b"# rien")
    return root


def test_a_folder_is_read_whole_and_in_order(folder: Path) -> None:
    courseware = read([folder])
    assert courseware.course is not None
    assert [placed.lesson.id for placed in courseware.lessons] == ["donnees-coller", "frugale"]
    assert [Path(placed.file).name for placed in courseware.lessons] == ["01-coller.yaml", "01-frugale.yml"]


def test_a_folder_may_hold_workbooks_beside_texts(folder: Path) -> None:
    write(folder, "erreurs/02-relire.xlsx", WORKBOOK)
    write(folder, "erreurs/~$02-relire.xlsx", b"left by a spreadsheet")
    (problem,) = problems_of(folder)
    assert str(problem).endswith(
        "02-relire.xlsx: Leçon!B4 (Thème) : thème inconnu du cours : choisir parmi donnees-personnelles, "
        "ia-frugale, ou l’ajouter à course.yaml"
    )
    write(
        folder, "erreurs/02-relire.xlsx", edited(lambda book: book["Leçon"].__setitem__("B4", "ia-frugale"))
    )
    assert [placed.place for placed in read([folder]).lessons] == [1, 2, 1]


def test_a_file_named_twice_is_read_once(folder: Path) -> None:
    lesson = folder / "donnees-personnelles/01-coller.yaml"
    courseware = read([folder, folder / "course.yaml", lesson])
    assert courseware.course is not None
    assert len(courseware.lessons) == 2


def test_lessons_alone_need_no_course(folder: Path) -> None:
    assert read([folder / "donnees-personnelles"]).course is None


def test_a_course_alone_may_name_lessons_that_are_elsewhere(folder: Path) -> None:
    assert read([folder / "course.yaml"]).lessons == ()


def test_the_problems_of_all_files_are_told(folder: Path) -> None:
    write(folder, "a.yaml", b"id: a: b")
    write(folder, "b.yaml", LESSON.replace(b"level: 1", b"level: 9"))
    told = [(Path(problem.file).name, problem.line) for problem in problems_of(folder)]
    assert list(dict.fromkeys(told)) == [("a.yaml", 1), ("b.yaml", 7)]


def test_lessons_of_one_id_are_told(folder: Path) -> None:
    copy = write(folder, "ia-frugale/02-copie.yaml", LESSON)
    (problem,) = problems_of(folder)
    first = folder / "donnees-personnelles/01-coller.yaml"
    assert str(problem) == f"{copy}:1:5: id: « donnees-coller » est déjà l’id de {first}"


def test_a_theme_that_the_course_lacks_is_told(folder: Path) -> None:
    write(folder, "x.yaml", builders.as_yaml(builders.content(id="x", theme="inconnu")))
    (problem,) = problems_of(folder)
    assert (problem.line, problem.path) == (3, "theme")
    assert "donnees-personnelles, ia-frugale" in problem.message


def test_a_path_must_name_lessons_of_its_audience(folder: Path) -> None:
    agents = builders.content(id="frugale", theme="ia-frugale", audience=["agent"])
    write(folder, "ia-frugale/01-frugale.yml", builders.as_yaml(agents))
    (folder / "donnees-personnelles/01-coller.yaml").unlink()
    assert [(problem.path, problem.message) for problem in problems_of(folder)] == [
        ("paths[0].lessons[0]", "la leçon « frugale » n’est pas pour le public « elu » (audience)"),
        ("paths[0].lessons[1]", "aucune leçon ne s’appelle « donnees-coller »"),
    ]


def test_two_courses_are_one_too_many(folder: Path) -> None:
    shutil.copy(folder / "course.yaml", folder / "ia-frugale/course.yaml")
    (problem,) = problems_of(folder)
    assert problem.message == "un seul course.yaml attendu"


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path / "absent.yaml")
    assert str(problem) == f"{tmp_path}/absent.yaml:1:1: ce fichier ou dossier n’existe pas"


def test_a_folder_without_lessons_is_told(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path)
    assert problem.message == "aucune leçon (*.yaml, *.xlsx) dans ce dossier"


def test_a_pipe_is_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "tuyau.yaml")
    (problem,) = problems_of(folder)
    assert problem.message == "illisible (pas un fichier ordinaire)"


def test_a_device_is_not_read(tmp_path: Path) -> None:
    (problem,) = problems_of(Path("/dev/zero"))
    assert problem.message == "illisible (pas un fichier ordinaire)"


def test_links_stay_within_the_folder(folder: Path, tmp_path: Path) -> None:
    write(tmp_path, "secret/secret.yaml", b"secret")
    (folder / "dehors.yaml").symlink_to(tmp_path / "secret/secret.yaml")
    (folder / "dossier").symlink_to(tmp_path / "secret")
    (folder / "boucle").symlink_to(folder)
    assert len(read([folder]).lessons) == 2


def test_files_mounted_as_links_into_a_hidden_folder_are_read(folder: Path) -> None:
    (folder / "..2026").mkdir()
    lesson = folder / "donnees-personnelles/01-coller.yaml"
    lesson.rename(folder / "..2026/01-coller.yaml")
    (folder / "01-coller.yaml").symlink_to("..2026/01-coller.yaml")
    assert len(read([folder]).lessons) == 2


def test_a_link_in_a_circle_is_told(folder: Path) -> None:
    (folder / "rond.yaml").symlink_to("rond.yaml")
    (problem,) = problems_of(folder)
    assert Path(problem.file).name == "rond.yaml"


def test_a_lesson_is_overdue_the_day_after_its_date() -> None:
    placed = read_lesson(LESSON, "x.yaml")
    assert source.overdue([placed], date(2027, 6, 30)) == ()
    assert source.overdue([placed], date(2027, 7, 1)) == (placed,)


def test_the_library_is_a_folder_that_ships() -> None:
    assert source.library().is_dir()
