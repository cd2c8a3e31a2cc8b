# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The root of the errors that a person reads and can put right.

This module imports nothing of ours, so that each layer may have its branch of one tree: `config.settings`,
`lessons.source`, `storage.failures`, `bot.channels`.
"""

from __future__ import annotations

from inspect import cleandoc

INPUT, SERVICE = 1, 3
"""Exit codes of the command line: the input is at fault; the database or the network is."""


class IaventureError(Exception):
    """The program cannot do what it was asked to do."""

    exit_code = SERVICE
    """What the command line ends with."""

    def __init__(self, message: str | None = None, **data: object) -> None:
        """Take a message; without one, the class's docstring is it, with the values of `data` in its braces."""
        if message is None:
            message = cleandoc(type(self).__doc__ or "").format(**data)
        super().__init__(message)

    @property
    def lines(self) -> tuple[str, ...]:
        """What is said of it on stderr, one line a problem."""
        return (str(self),)
