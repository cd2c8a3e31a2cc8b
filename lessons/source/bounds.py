# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Bounds on a lesson file, whoever sends it: on the command line or in the chat."""

SIZE = 256 * 1024
"""Bytes of the largest file."""
DEPTH = 20
"""How deep lists and mappings may be nested."""
