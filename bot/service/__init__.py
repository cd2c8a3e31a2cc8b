# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The bodies of the three loops: what comes in, what is planned, what goes out."""

from bot.service.service import Service

__all__ = ["Service"]
