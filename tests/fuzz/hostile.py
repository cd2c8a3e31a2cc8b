# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""What a hostile or clumsy sender may write: texts, JSON as it is parsed, and messages with odd parts."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

MISSING = object()
"""Stands for a part that is left out."""

ODD = (
    "\0",
    "\ud83d",
    "\u202eabc\u202c",
    "\u200b",
    "\ufeff",
    "a\u0301" * 40,
    "²",
    "½",
    "٣",
    "੧",
    "Ⅷ",
    "①",
    "１２",
    "9" * 400,
    "-0",
    "1e999",
    "nan",
    "0x10",
    "1_000",
    "ﬁ",
    "ß",
    "İ",
    "👩‍👩‍👧‍👦",
    "\r\n\x85\u2028",
    "](https://exemple.fr)",
    "<b>&amp;</b>",
    "%s%(x)s{0}{x}",
    "'; --",
    "`*_**",
    "> ",
)
"""Texts that broke programs before: none of them is rare on a messenger."""

TEXT = st.text(max_size=60) | st.sampled_from(ODD) | st.lists(st.sampled_from(ODD), max_size=4).map("".join)
NUMBERS = (
    st.integers()
    | st.floats()
    | st.sampled_from([0, -1, 2**31, 2**53, 2**63, 10**30, -(10**12), 1.5, True, False])
)
"""All that JSON takes for a number; Python's reader also takes NaN and infinities."""

JSON = st.recursive(
    st.none() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=10,
)


def places(of: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where each value of a parsed JSON stands."""
    items: Any = of.items() if isinstance(of, dict) else enumerate(of) if isinstance(of, list) else ()
    for name, value in items:
        yield (*path, name)
        yield from places(value, (*path, name))


def changed(whole: Any, path: tuple[Any, ...], value: object) -> Any:
    """A copy with one value replaced, or left out."""
    odd = copy.deepcopy(whole)
    place = odd
    for step in path[:-1]:
        place = place[step]
    if value is MISSING:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return odd


@st.composite
def altered(draw: st.DrawFn, templates: list[Any]) -> Any:
    """One of some messages that exist, with up to four of its parts replaced, left out, or added."""
    whole = draw(st.sampled_from(templates))
    for _ in range(draw(st.integers(0, 4))):
        found = list(places(whole))
        if not found:
            break
        path = draw(st.sampled_from(found))
        value = draw(st.just(MISSING) | JSON | st.integers(-(2**40), 2**40) | TEXT)
        whole = changed(whole, path, value)
    return whole
