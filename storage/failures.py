# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The errors that storage raises on purpose, in one tree. The docstring of an error is its message, unless it is given one.

A fault of the calling code stays outside the tree, so that no handler takes it for a state of the database: `ValueError`
for a naive datetime, `LookupError` for a lesson version that was never published, `OperationalError` for a write in a
read-only transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.errors import INPUT, IaventureError

if TYPE_CHECKING:
    from collections.abc import Iterable


class StorageError(IaventureError):
    """Storage did not do what it was asked to do."""


class DatabaseError(StorageError):
    """The database cannot be used, or did not keep what it was given."""

    # Every message of this branch is one sentence for the operator: what happened and what to do.


class Undone(DatabaseError):
    """The database kept nothing of a transaction, for a transient reason: a retry may succeed."""


class Unsure(DatabaseError):
    """The connection to PostgreSQL was lost while it kept a transaction, and it does not answer: whether it was kept is not known."""  # noqa: E501

    # Never retried: the work might be done twice.


class AlreadyRunning(DatabaseError):
    """Another iaventure run uses this database{process}. Stop it first, or give this one its own database."""

    def __init__(self, pid: int | None) -> None:
        super().__init__(process="" if pid is None else f" (process {pid})")
        self.pid = pid


class NotOwner(DatabaseError):
    """The account {account} is run by another process now."""

    def __init__(self, account: str) -> None:
        super().__init__(account=account)
        self.account = account


class WrongKey(DatabaseError):
    """The setting privacy.key does not belong to this database."""

    # Whoever writes would be taken for a stranger, and nobody could be reached.
    exit_code = INPUT


class Unsealable(StorageError):
    """What is sealed cannot be opened: it was sealed with another key, for another row, or is damaged."""


class PublishError(StorageError):
    """La publication ne convient pas à ce qui est publié."""

    # Every message of this branch tells the author of a lesson, in French, what to change.
    exit_code = INPUT


class NoCourse(PublishError):
    """Aucun cours n’est publié : publiez d’abord un fichier course.yaml."""


class UnknownTheme(PublishError):
    """Leçon {lesson} : le thème « {theme} » n’existe pas dans le cours. Thèmes possibles : {themes}."""

    def __init__(self, lesson: str, theme: str, themes: Iterable[str]) -> None:
        super().__init__(lesson=lesson, theme=theme, themes=", ".join(themes))


class OtherTheme(PublishError):
    """Leçon {lesson} : cet id est celui d’une leçon du thème « {theme} ». Choisissez un autre id, ou ce thème."""

    def __init__(self, lesson: str, theme: str) -> None:
        super().__init__(lesson=lesson, theme=theme)


class Superseded(PublishError):
    """Leçon {lesson} : une autre version a été publiée depuis votre aperçu."""

    def __init__(self, lesson: str, version: str) -> None:
        """Take the version that is published now."""
        super().__init__(lesson=lesson)
        self.version = version


class OtherCourse(PublishError):
    """Le cours publié s’appelle « {course} » : gardez cet identifiant dans course.yaml."""

    def __init__(self, course: str) -> None:
        super().__init__(course=course)
