# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""Three models of how people forget, for simulations: no rule of the program sees which one is true.

An item is (lesson, question); a day is a number. Each learner, and each item for them, has its own strength, drawn from
`chance`. Answering one question of a lesson strengthens the others by the share `TRANSFER`.

Sources: FSRS-6 (open-spaced-repetition/py-fsrs); Pavlik and Anderson, 2005, for ACT-R with decay that depends on
activation; Settles and Meeder, 2016, for half-life regression.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from typing import Protocol

from fsrs import Scheduler

Item = tuple[str, str]

TRANSFER = 0.35
"""How much of an answer also strengthens the other questions of its lesson."""
_W: tuple[float, ...] = tuple(map(float, Scheduler().parameters))
_DECAY = -_W[20]
_FACTOR = 0.9 ** (1 / _DECAY) - 1


def retrievability(days: float, stability: float) -> float:
    """The chance to recall after some days, by FSRS."""
    return float((1 + _FACTOR * max(0.0, days) / stability) ** _DECAY)


def interval(stability: float, retention: float) -> int:
    """Whole days until the chance to recall falls to `retention`, at least one."""
    return int(max(1, round(stability / _FACTOR * (retention ** (1 / _DECAY) - 1))))


def difficulty(before: float | None, *, right: bool) -> float:
    """The difficulty after an answer, 1 to 10."""
    grade = 3 if right else 1
    if before is None:
        return min(10.0, max(1.0, _W[4] - math.exp(_W[5] * (grade - 1)) + 1))
    moved = before + (10 - before) * (-_W[6] * (grade - 3)) / 9
    easiest = _W[4] - math.exp(_W[5] * 3) + 1
    return min(10.0, max(1.0, _W[7] * easiest + (1 - _W[7]) * moved))


def stability(hard: float, before: float, recalled: float, *, right: bool) -> float:
    """The stability, in days, after an answer on a later day."""
    if right:
        growth = math.exp(_W[8]) * (11 - hard) * before ** -_W[9] * (math.exp((1 - recalled) * _W[10]) - 1)
        return float(before * (1 + growth))
    lapsed = _W[11] * hard ** -_W[12] * ((before + 1) ** _W[13] - 1) * math.exp((1 - recalled) * _W[14])
    return float(max(0.001, min(lapsed, before / math.exp(_W[17] * _W[18]))))


def first_stability(*, right: bool) -> float:
    """The stability, in days, after a first answer."""
    return _W[2] if right else _W[0]


class Truth(Protocol):
    """How one learner remembers."""

    def read(self, items: Iterable[Item], day: float) -> None:
        """Meet the items of a lesson for the first time."""

    def recalled(self, item: Item, day: float) -> float:
        """The chance to know an item on a day; nothing of what was never read."""

    def answer(self, item: Item, day: float, *, right: bool, taught: bool, repeated: int) -> None:
        """Answer, and read why. `taught`: the lesson stands above the question; `repeated`: times asked before."""


class _Learner:
    def __init__(self, chance: random.Random, spread: float, among: float) -> None:
        self.chance, self.among = chance, among
        self.own = chance.gauss(0, spread)
        self._strengths: dict[Item, float] = {}

    def strength(self, item: Item) -> float:
        if item not in self._strengths:
            self._strengths[item] = self.own + self.chance.gauss(0, self.among)
        return self._strengths[item]

    @staticmethod
    def share(repeated: int) -> float:
        """How much an answer does for the other questions: the same words again teach them less."""
        return TRANSFER * 0.6**repeated


class Fsrs(_Learner):
    """FSRS-6, faster or slower by learner and item."""

    READ = 1.3
    """Stability, in days, of what was only read."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__(chance, 0.45, 0.35)
        self._known: dict[Item, tuple[float, float, float]] = {}

    def read(self, items: Iterable[Item], day: float) -> None:
        for item in items:
            scaled = self.READ * math.exp(self.strength(item))
            self._known[item] = (scaled, difficulty(None, right=True), day)

    def recalled(self, item: Item, day: float) -> float:
        if item not in self._known:
            return 0.0
        stable, _, last = self._known[item]
        return retrievability(day - last, stable)

    def answer(self, item: Item, day: float, *, right: bool, taught: bool, repeated: int) -> None:
        stable, hard, last = self._known[item]
        if taught:  # an exercise beside the text, and no recall
            now = (first_stability(right=True) if right else 1.0) * math.exp(self.strength(item))
            self._known[item] = (now, difficulty(None, right=right), day)
        else:
            now = stability(hard, stable, retrievability(day - last, stable), right=right)
            if right:
                now = stable + (now - stable) * min(1.6, max(0.5, math.exp(self.own)))
            self._known[item] = (now, difficulty(hard, right=right), day)
        for other in [one for one in self._known if one[0] == item[0] and one != item]:
            self._strengthen(other, day, self.share(repeated))

    def _strengthen(self, item: Item, day: float, share: float) -> None:
        stable, hard, last = self._known[item]
        before = retrievability(day - last, stable)
        grown = stability(hard, stable, before, right=True) if day > last else stable * 1.2
        after = stable + share * (max(stable, grown) - stable)
        recalled = before + share * (1 - before)
        age = after / _FACTOR * (max(recalled, 1e-6) ** (1 / _DECAY) - 1)
        self._known[item] = (after, hard, day - age)


class ActR(_Learner):
    """Activation with a decay that depends on it: what is met again soon is forgotten sooner."""

    SECONDS = 86400 * 0.006
    """Of a day outside of practice, which counts as much less time."""
    ENCOUNTER = 4.2
    """Weight of one encounter: two days after a lesson and its question, four of five are known."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__(chance, 0.12, 0.12)
        self._met: dict[Item, list[tuple[float, float, float]]] = {}

    def _activation(self, item: Item, day: float) -> float:
        sums = sum(
            weight * max(60.0, (day - at) * self.SECONDS) ** -decay for at, decay, weight in self._met[item]
        )
        return math.log(sums) + self.strength(item)

    def _meet(self, item: Item, day: float, weight: float) -> None:
        met = self._met.setdefault(item, [])
        before = math.exp(self._activation(item, day)) if met else 0.0
        met.append((day, 0.217 * before + 0.177, weight))

    def read(self, items: Iterable[Item], day: float) -> None:
        for item in items:
            self._meet(item, day, self.ENCOUNTER / 2)

    def recalled(self, item: Item, day: float) -> float:
        if item not in self._met:
            return 0.0
        return 1 / (1 + math.exp((-0.704 - self._activation(item, day)) / 0.38))

    def answer(self, item: Item, day: float, *, right: bool, taught: bool, repeated: int) -> None:
        half = 0.5 if taught else 1.0
        self._meet(item, day, self.ENCOUNTER * (1.0 if right else 0.8) * half)
        for other in [one for one in self._met if one[0] == item[0] and one != item]:
            self._meet(other, day, self.ENCOUNTER * self.share(repeated) * half)


class Hlr(_Learner):
    """Half-life regression: only how often one was right and wrong counts, not when; forgetting is exponential."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__(chance, 0.4, 0.35)
        self._counts: dict[Item, list[float]] = {}

    def _half_life(self, item: Item) -> float:
        right, wrong, _ = self._counts[item]
        power = 0.55 + 2.5 * math.sqrt(1 + right) - 0.6 * math.sqrt(1 + wrong) + self.strength(item)
        return float(2**power)

    def read(self, items: Iterable[Item], day: float) -> None:
        for item in items:
            self._counts[item] = [0.0, 0.0, day]

    def recalled(self, item: Item, day: float) -> float:
        if item not in self._counts:
            return 0.0
        return float(2 ** (-max(0.0, day - self._counts[item][2]) / self._half_life(item)))

    def answer(self, item: Item, day: float, *, right: bool, taught: bool, repeated: int) -> None:
        counts = self._counts[item]
        counts[0] += 1.0 if right else 0.5
        counts[1] += 0.0 if right else 1.0
        counts[2] = day
        share = self.share(repeated)
        for other in [one for one in self._counts if one[0] == item[0] and one != item]:
            before = self.recalled(other, day)
            self._counts[other][0] += share * (0.5 if taught else 1.0)
            after = max(before + share * (1 - before), 1e-6)
            self._counts[other][2] = day + self._half_life(other) * math.log2(after)


TRUTHS: dict[str, type[Fsrs | ActR | Hlr]] = {"FSRS": Fsrs, "ACT-R": ActR, "HLR": Hlr}
