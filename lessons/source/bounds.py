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

WORKBOOK_IN_CHAT = 2 << 20
"""Bytes of the largest workbook that the chat takes."""
WORKBOOK = 8 << 20
"""Bytes of the largest workbook. A lesson's has some 15,000; pictures pasted beside it may weigh more, and are not read."""
MEMBERS = 1_000
"""Files in a workbook, which is an archive."""
UNPACKED = 64 << 20
"""Bytes of all of them, as the archive declares."""
PART = 4 << 20
"""Bytes of one of those that are read, as they are unpacked, whatever is declared."""
ROWS, COLUMNS = 1_000, 200
"""The last row and column of a sheet in which something may stand."""
CELLS = 5_000
"""Cells with something in them, of the sheets that are read: a lesson fills some 200."""
TEXT = 65_536
"""Characters of a cell: spreadsheets take half as many, without what they escape."""
ELEMENTS = 100_000
"""Elements of the XML of all parts: cells without content, with borders only, come in thousands. A third of a second."""
