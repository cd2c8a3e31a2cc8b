# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The database: everything the bot remembers. The only SQL; synchronous functions over one transaction."""
