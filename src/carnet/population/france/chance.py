"""Chance that follows from labels: the same seed and labels give the same draws, anywhere.

Only additions, multiplications and comparisons are used on what is drawn, so that the last bit does
not depend on the machine's mathematics library.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from random import Random
from typing import TypeVar

_Item = TypeVar("_Item")
_UNIFORMS = 4  # their sum is near enough to a bell for bodies and habits
_BELL_SCALE = 1.7320508075688772  # of a sum of four uniforms: one standard deviation is 1


class Chance:
    """A stream of draws, and further streams by label."""

    __slots__ = ("_name", "_random")

    def __init__(self, name: str) -> None:
        self._name = name
        digest = hashlib.sha256(name.encode()).digest()
        self._random = Random(int.from_bytes(digest[:16], "big"))

    def of(self, *labels: object) -> Chance:
        """Another stream: independent of how much of this one was used."""
        return Chance("/".join((self._name, *map(str, labels))))

    def number(self) -> float:
        """From 0 up to 1, without 1."""
        return self._random.random()

    def below(self, count: int) -> int:
        """From 0 up to ``count`` - 1."""
        return int(self._random.random() * count)

    def between(self, low: int, high: int) -> int:
        """From ``low`` up to ``high``, both included."""
        return low + self.below(high - low + 1)

    def happens(self, probability: float) -> bool:
        """Whether something of that probability happens."""
        return self._random.random() < probability

    def bell(self, mean: float = 0.0, deviation: float = 1.0) -> float:
        """About ``mean``, never further than 3.5 deviations from it."""
        total = sum(self._random.random() for _ in range(_UNIFORMS)) - _UNIFORMS / 2
        return mean + deviation * total * _BELL_SCALE

    def pick(self, items: Sequence[_Item]) -> _Item:
        """One of several."""
        return items[self.below(len(items))]

    def weighted(self, items: Iterable[tuple[_Item, float]]) -> _Item:
        """One of several by their weights."""
        pairs = list(items)
        left = self._random.random() * sum(weight for _, weight in pairs)
        for item, weight in pairs:
            left -= weight
            if left < 0:
                return item
        return pairs[-1][0]

    def shuffled(self, items: Iterable[_Item]) -> list[_Item]:
        """All of them in another order."""
        made = list(items)
        for last in range(len(made) - 1, 0, -1):
            other = self.below(last + 1)
            made[last], made[other] = made[other], made[last]
        return made
