# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The admin's right: who may publish, by the sender's address at the moment of the action."""

from __future__ import annotations

from collections.abc import Collection

from bot.messages import Event


def is_admin(event: Event, admins: Collection[str]) -> bool:
    """Tell whether the sender of an event is one of the `admins`, named `channel:address`."""
    return event.author in admins
