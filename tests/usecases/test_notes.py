"""The node's journal: which refusals fell and how often, a line a second at most."""

from __future__ import annotations

import asyncio
from collections import Counter
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.record.errors import CarnetError
from carnet.storage.batch import Batch, WriterLost
from carnet.usecases.gate import Gate
from carnet.usecases.notes import NodeJournal, Note
from tests.usecases.bench import PLAIN, Bench


class Kept:
    """A writer that keeps what it is given."""

    def __init__(self) -> None:
        self.lines: list[Note] = []

    async def write(self, batch: Batch) -> None:
        assert (batch.record_id, batch.steps, batch.traces) == (b"", (), ())
        self.lines += [msgspec.msgpack.decode(note, type=Note) for note in batch.notes]

    async def close(self) -> None:
        """Nothing to close."""


CODES = st.sampled_from(["token-expired", "document-absent", "record-absent"])


@given(st.lists(st.tuples(CODES, st.integers(0, 1_500_000)), max_size=30))
def test_a_line_a_second_at_most_and_every_refusal_is_counted(
    noted: list[tuple[str, int]],
) -> None:
    now, kept = 1_000_000_000, Kept()
    journal = NodeJournal(kept, lambda: now)

    async def all_of_them() -> None:
        nonlocal now
        for code, later in noted:
            now += later
            await journal.note(code)
        now += 1_000_000
        await journal.note("last")

    asyncio.run(all_of_them())
    counts: Counter[str] = Counter()
    for line in kept.lines:
        counts.update(line.counts)
    assert counts == Counter([code for code, _ in noted] + ["last"])
    times = [line.at for line in kept.lines]
    assert all(b - a >= 1_000_000 for a, b in pairwise(times))


def test_a_flood_of_different_codes_does_not_grow_without_end() -> None:
    now, kept = 1_000_000_000, Kept()
    journal = NodeJournal(kept, lambda: now)

    async def flood() -> None:
        nonlocal now
        await journal.note("first")
        for number in range(1000):
            await journal.note(f"code-{number}")
        now += 1_000_000
        await journal.note("code-0")

    asyncio.run(flood())
    assert len(kept.lines) == 2
    assert len(kept.lines[1].counts) == 64
    assert kept.lines[1].counts["code-0"] == 2


def test_a_lost_writer_is_a_busy_store(bench: Bench) -> None:
    class Lost(Kept):
        async def write(self, batch: Batch) -> None:  # noqa: ARG002  it never arrives
            raise WriterLost

    gate = Gate(bench.store, PLAIN)
    gate._journal = NodeJournal(Lost(), gate.clock)
    with pytest.raises(CarnetError) as caught:
        bench.run(gate.note("token-expired"))
    assert caught.value.code == "store-unavailable"
