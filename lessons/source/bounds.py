# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Bounds on a lesson file, whoever sends it: on the command line or in the chat."""

SIZE = 256 * 1024
"""Bytes of the largest file."""
DEPTH = 20
"""How deep lists and mappings may be nested."""
VALUES = 6_000
"""Values of one file: the largest course that the model allows has some 5,200, a lesson a few hundred. Reading 125,000 of
them took 0.2 s of the processor and held up whoever wrote meanwhile."""
