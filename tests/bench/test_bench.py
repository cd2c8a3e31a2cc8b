# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Do the benches work? Each runs at a tiny size; how fast it was is nobody's business here."""

from __future__ import annotations

import math

import pytest

from tests.bench.benches import BENCHES
from tests.bench.figure import Figure, described, percentile, table
from tests.bench.scale import TINY


# What a verdict and a year take stands in the figures of learning, too.
@pytest.mark.parametrize("name", sorted(BENCHES.keys() - {"verdict", "year"}))
async def test_each_bench_gives_its_figures(name: str) -> None:
    figures = await BENCHES[name](TINY)
    assert any(figure.target for figure in figures)
    assert all(figure.runs and all(map(math.isfinite, figure.runs)) for figure in figures)


def test_a_figure_is_judged_by_the_median_of_its_runs() -> None:
    assert Figure("", (1.0, 9.0, 2.0), at_least=2).met is True
    assert Figure("", (1.0, 9.0, 2.0), at_most=1.9).met is False
    assert Figure("", (1.0,)).met is None


def test_the_table_shows_what_is_missed() -> None:
    shown = table(
        [Figure("speed", (1.0, 3.0, 2.0), at_least=2.5), Figure("size", (1200.0,), "MB", at_most=1300)]
    )
    assert [line.split() for line in shown.splitlines()[1:]] == [
        ["speed", "2", "×", "1", "to", "3", "≥", "2.5", "×", "MISSED"],
        ["size", "1,200", "MB", "≤", "1,300", "MB", "ok"],
    ]


def test_a_figure_in_a_file_is_named_with_those_above_it() -> None:
    names = ("daily: never asked", "  reminders", "    after accepting", "  the end", "twice: never asked")
    found = [(one["name"], one["under"]) for one in described([Figure(name, (1.0,)) for name in names])]
    assert found == [
        ("daily: never asked", []),
        ("  reminders", ["daily: never asked"]),
        ("    after accepting", ["daily: never asked", "reminders"]),
        ("  the end", ["daily: never asked"]),
        ("twice: never asked", []),
    ]


def test_a_percentile_is_a_value_that_occurred() -> None:
    values = [float(value) for value in range(1, 101)]
    assert [percentile(values, share) for share in (0.5, 0.99, 1.0)] == [50.0, 99.0, 100.0]
    assert percentile([7.0], 0.99) == 7.0
