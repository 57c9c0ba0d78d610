"""Refusals that concern no record go to the node's journal, at a bounded rate.

A line says which code and how many since the last line, never who or what was asked: it shows an
attack to who watches the node and cannot fill its disk.
"""

from __future__ import annotations

from collections import Counter

import msgspec

from carnet.storage.batch import Batch, Writer
from carnet.usecases.clock import Clock

_INTERVAL = 1_000_000  # µs between two lines
_MOST_CODES = 64


class Note(msgspec.Struct, frozen=True, array_like=True):
    """Codes and how often each fell since the line before."""

    at: int
    counts: dict[str, int]


class NodeJournal:
    """Counts refusals and writes a line a second at most."""

    def __init__(self, writer: Writer, clock: Clock) -> None:
        self._writer = writer
        self._clock = clock
        self._counts: Counter[str] = Counter()
        self._last = 0

    async def note(self, code: str) -> None:
        """Count a refusal; write the counts if the last line is old enough."""
        if code in self._counts or len(self._counts) < _MOST_CODES:
            self._counts[code] += 1
        now = self._clock()
        if now - self._last < _INTERVAL:
            return
        self._last = now
        counts, self._counts = self._counts, Counter()
        line = msgspec.msgpack.encode(Note(now, dict(counts)))
        await self._writer.write(Batch(b"", notes=(line,)))
