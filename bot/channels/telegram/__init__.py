# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Telegram: the Bot API through python-telegram-bot, on a transport of our own.

It keeps every promise of the protocol. The Bot API knows no transaction ids, so a repeated send may show
twice: that is why `Uncertain` and `Unreachable` are told apart as exactly as the transport allows.
"""

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.webhook import Hook, secret_of

__all__ = ["Hook", "TelegramChannel", "secret_of"]
