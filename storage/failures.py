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
