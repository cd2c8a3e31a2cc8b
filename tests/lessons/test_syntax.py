# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Faults of YAML are told in words that need no YAML, with their line, and not one at a time."""

from __future__ import annotations

import pytest

from tests.lessons import builders
from tests.lessons.workbooks import problems

LESSON = builders.as_yaml(builders.content()).decode()


def told(text: str) -> list[str]:
    return [line.removeprefix("l.yaml:") for line in problems(text.encode(), "l.yaml")]


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        (
            "objective: Savoir",
            "objective: Savoir : bien",
            '8:19: deux-points dans un texte : mettre tout le texte entre guillemets droits ("…")',
        ),
        (
            "title: Coller",
            'title: "Coller',
            "2:8: guillemet droit jamais refermé : en mettre un à la fin du texte",
        ),
        (
            "title: Coller",
            'title: "Coller" ou',
            "2:17: guillemet droit au milieu d’un texte : écrire « … » à l’intérieur",
        ),
        ("level: 1", "\tlevel: 1", "7:1: tabulation : la remplacer par des espaces"),
        (
            "level: 1",
            "  level: 1",
            "7:8: ligne mal placée : lui donner le même nombre d’espaces que ses voisines",
        ),
        (
            "takeaway: On",
            "takeaway: **On**",
            '15:12: * & ou ! au début d’un texte : le mettre entre guillemets droits ("…")',
        ),
        (
            "takeaway: On",
            "takeaway: @tous",
            '15:11: « @ » ne peut pas commencer un texte : le mettre entre guillemets droits ("…")',
        ),
        ("level: 1", "level: [1", "7:8: crochet ou accolade jamais refermé, ou virgule oubliée"),
        (
            "level: 1",
            "level 1",
            "7:1: ni clé ni valeur : il manque « : » après la clé, ou des espaces devant la suite d’un texte",
        ),
        (
            "level: 1",
            'level: "\\d"',
            "7:9: barre oblique inversée (\\) dans un texte entre guillemets : en écrire deux (\\\\)",
        ),
        ("level: 1", "level: 1\u0007", "7:9: caractère interdit (U+0007) : l’enlever"),
        ("level: 1", "level: - 1", "7:8: « - » mal placé : une liste commence à la ligne, sous sa clé"),
    ],
)
def test_a_fault_of_syntax_is_told_in_plain_words(before: str, after: str, line: str) -> None:
    assert told(LESSON.replace(before, after, 1))[0] == line


def test_many_faults_are_told_with_what_else_is_wrong() -> None:
    text = (
        LESSON.replace("title: Coller", 'title: "Coller', 1)
        .replace("level: 1", "level: 9")
        .replace("objective: Savoir", "objective: Savoir : bien")
        .replace("takeaway: On", "takeaway: *On")
        .replace("publisher: CNIL", "publisher: @CNIL")
        .replace("kind: multiple", "kind: choix")
    )
    (kind,) = (str(number) for number, line in enumerate(text.splitlines(), 1) if "kind: choix" in line)
    assert [line.partition(":")[0] for line in told(text)] == ["2", "7", "8", "15", "20", kind]


def test_a_text_that_a_comment_would_cut_is_told_with_its_place() -> None:
    text = (
        LESSON.replace("objective: Savoir", "objective: Relire le dossier # 12 avant envoi, savoir", 1)
        .replace("level: 1", "level: #1")
        .replace("takeaway: On", "takeaway: Oé\n  on dit\t#3 : on")
    )
    said = (
        'ce qui suit « # » ne se lit pas : mettre tout le texte entre guillemets droits ("…"), '
        "ou le commentaire sur une ligne à lui"
    )
    (line,) = (str(number) for number, line in enumerate(text.splitlines(), 1) if "on dit" in line)
    assert told(text) == [f"7:8: level: {said}", f"8:30: objective: {said}", f"{line}:10: takeaway: {said}"]


def test_a_sign_in_quotes_and_comments_on_their_own_lines_are_let_in() -> None:
    text = LESSON.replace("level: 1", "# Débuter\nlevel: 1\n  # 2, 3").replace(
        "objective: Savoir", "objective: Lire C# et dossier#12, savoir"
    )
    assert problems(text.replace("title: Coller", "title: Copier#").encode(), "l.yaml") == []
    assert told(text.replace("level: 1", 'level: "1" # ou 2')) == []


def test_where_a_line_is_lost_nothing_is_said_to_be_missing() -> None:
    (line,) = told(LESSON.replace("level: 1", "level 1"))
    assert line.startswith("7:1: ni clé ni valeur")


def test_a_file_of_faults_alone_ends() -> None:
    assert 1 <= len(told('a: "b" c\n' * 20_000)) <= 20
