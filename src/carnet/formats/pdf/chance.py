"""Numbers that look like chance and follow from a seed alone: the same on every machine."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

Item = TypeVar("Item")


class Chance:
    """A stream of numbers from a seed, 32 bits each, by BLAKE2b in counter mode."""

    __slots__ = ("_block", "_count", "_seed", "_used")

    def __init__(self, seed: str) -> None:
        self._seed = seed.encode()
        self._count = 0
        self._block = b""
        self._used = 64

    def _word(self) -> int:
        if self._used >= 64:
            counter = self._count.to_bytes(8, "big")
            self._block = blake2b(self._seed, salt=counter).digest()
            self._count += 1
            self._used = 0
        self._used += 4
        return int.from_bytes(self._block[self._used - 4 : self._used], "big")

    def below(self, limit: int) -> int:
        """A whole number from 0 to ``limit`` - 1."""
        return self._word() % limit

    def between(self, low: float, high: float) -> float:
        """A number from ``low`` to ``high``."""
        return low + (high - low) * self._word() / 0xFFFFFFFF

    def pick(self, choices: Sequence[Item]) -> Item:
        """One of ``choices``."""
        return choices[self.below(len(choices))]


def grain(seed: str, size: int) -> bytes:
    """``size`` bytes of noise."""
    counters = range((size + 63) // 64)
    key = seed.encode()
    blocks = (blake2b(key, salt=n.to_bytes(8, "big")).digest() for n in counters)
    return b"".join(blocks)[:size]
