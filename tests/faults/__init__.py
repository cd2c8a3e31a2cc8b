# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Does the guarantee hold under every fault of a year? `make faults` lives through them and prints one table.

Each fault is a story: a bot as `iaventure run` starts it, an emulated Telegram or a real homeserver, a crowd whose lesson
is due, some who talk meanwhile; then what breaks, breaks for real. At the end the rows of the outbox are held against what
the screens show: planned = delivered + refused for a reason + expired, repeats only where a message may have left, everyone
in order.
"""
