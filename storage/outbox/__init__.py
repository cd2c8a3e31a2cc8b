# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""The outbox: every message to send, in which order, and its outcome. The only way out.

A row is one call to a channel. `conversation` has one row for each address with unsent rows. Claims scan this table, so
that 100,000 waiting lessons do not delay a reply.
"""
