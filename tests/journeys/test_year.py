# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""A year goes by: does the database stay as large as what it keeps?"""

from __future__ import annotations

from tests.bench.year import SHORT, a_year


async def test_the_file_does_not_grow_once_it_holds_what_is_kept() -> None:
    sizes = await a_year(2, SHORT)
    assert sizes[0] < sizes[2], "people do answer"
    assert max(sizes[3:]) <= 1.2 * sizes[2]
