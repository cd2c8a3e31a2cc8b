# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What is to leave, in which order, and what became of it. The only way out.

A row is one call to a channel. `conversation` has one row for each address with unsent rows: it is what a claim scans,
so that 100,000 waiting lessons cost a reply nothing.
"""
