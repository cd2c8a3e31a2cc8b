# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What the operator is told when the database cannot be used."""


class DatabaseError(Exception):
    """The database cannot be used, or did not keep what it was given.

    The message is one sentence for the operator: what happened and what to do.
    """


class Undone(DatabaseError):
    """Nothing was kept, for a reason that passes: the same may be tried again."""


class Unsure(DatabaseError):
    """The connection was lost at the commit, and nobody answers: whether it was kept is not known."""


class AlreadyRunning(DatabaseError):
    """Another iaventure run uses this database. Stop it first, or give this one its own database."""

    def __init__(self, pid: int | None) -> None:
        process = "" if pid is None else f" (process {pid})"
        super().__init__(
            f"Another iaventure run uses this database{process}. "
            "Stop it first, or give this one its own database."
        )
        self.pid = pid


class NotOwner(DatabaseError):
    """This process does not run the account, or not any more: another one may."""

    def __init__(self, account: str) -> None:
        super().__init__(f"The account {account} is run by another process now.")
        self.account = account
