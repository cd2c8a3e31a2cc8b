# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""How fast is the bot, and how large? `make bench`: figures beside their targets.

Where machines differ, a figure is a ratio within one run: peers take turns with us against the same emulator
of the Bot API, which is a process of its own. Each bench is a module with `async def measure(scale) -> list[Figure]`.
"""
