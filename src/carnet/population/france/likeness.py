"""How much of a text earlier texts of the same record have said already."""

from __future__ import annotations

import re
from collections import Counter

_RUN = 5  # words
_WORD = re.compile(r"\w+")

Runs = frozenset[tuple[str, ...]]


def runs_of(text: str) -> Runs:
    """The runs of words of a text."""
    words = _WORD.findall(text.casefold())
    return frozenset(tuple(words[i : i + _RUN]) for i in range(len(words) - _RUN + 1))


class Memory:
    """The texts so far, by their runs of words."""

    def __init__(self) -> None:
        self._sizes: list[int] = []
        self._places: dict[tuple[str, ...], list[int]] = {}

    def likeness(self, runs: Runs) -> float:
        """The greatest share of common runs with an earlier text, of the shorter of the two."""
        common = Counter(place for run in runs for place in self._places.get(run, ()))
        return max(
            (count / min(len(runs), self._sizes[place]) for place, count in common.items()),
            default=0.0,
        )

    def add(self, runs: Runs) -> None:
        """Remember a text."""
        for run in runs:
            self._places.setdefault(run, []).append(len(self._sizes))
        self._sizes.append(len(runs))
