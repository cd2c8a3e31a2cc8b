# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""`python -m bot.cli`: the same as `iaventure`."""

from bot.cli import main

main()
