# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What the operator is told when the database cannot be used."""


class DatabaseError(Exception):
    """The database cannot be used, or did not keep what it was given.

    The message is one sentence for the operator: what happened and what to do.
    """
