# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The admin's right: who may publish, by the sender's address at the moment of the action, and by their device."""

from __future__ import annotations

from collections.abc import Collection

from bot.messages import Event


def is_admin(event: Event, admins: Collection[str]) -> bool:
    """Tell whether an event surely comes from one of the `admins`, named `channel:address`."""
    return event.trusted and in_name_of_admin(event, admins)


def in_name_of_admin(event: Event, admins: Collection[str]) -> bool:
    """Tell whether an event bears the name of one of the `admins`, whoever wrote it."""
    return event.author in admins
