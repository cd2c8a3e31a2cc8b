# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Every error that storage defines is in one tree, and its docstring is its message."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import storage
from storage.failures import (
    AlreadyRunning,
    DatabaseError,
    NoCourse,
    NotOwner,
    OtherCourse,
    StorageError,
    Undone,
    UnknownTheme,
    Unsure,
)


def test_every_error_class_of_storage_is_in_the_tree() -> None:
    names = [module.name for module in pkgutil.walk_packages(storage.__path__, "storage.")]
    modules = [importlib.import_module(name) for name in names if ".migrations" not in name]
    errors = [
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Exception)
        and value.__module__.startswith("storage.")
    ]
    assert Unsure in errors
    assert [error for error in errors if not issubclass(error, StorageError)] == []


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (Undone("The {server} rests."), "The {server} rests."),
        (
            AlreadyRunning(None),
            "Another iaventure run uses this database. Stop it first, or give this one its own database.",
        ),
        (
            AlreadyRunning(12),
            "Another iaventure run uses this database (process 12). Stop it first, or give this one its own database.",
        ),
        (NotOwner("matrix {x}"), "The account matrix {x} is run by another process now."),
        (NoCourse(), "Aucun cours n’est publié : publiez d’abord un fichier course.yaml."),
        (
            UnknownTheme("un", "{x}", ["a", "b"]),
            "Leçon un : le thème « {x} » n’existe pas dans le cours. Thèmes possibles : a, b.",
        ),
        (OtherCourse("c"), "Le cours publié s’appelle « c » : gardez cet identifiant dans course.yaml."),
    ],
)
def test_the_message_is_the_docstring_with_its_data(error: StorageError, message: str) -> None:
    assert str(error) == message


def test_an_uncertain_commit_says_so_without_line_breaks() -> None:
    assert isinstance(Unsure(), DatabaseError)
    assert str(Unsure()).endswith("whether it was kept is not known.")
    assert "\n" not in str(Unsure())
