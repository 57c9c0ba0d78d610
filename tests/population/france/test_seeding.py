"""The gate takes generated lives as they are: what they do is permitted, or refused as they say."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from carnet.population.filling import fill
from carnet.population.france import France
from carnet.record.lifecycle import RecordState
from carnet.record.store_kind import StoreKind
from carnet.storage.create import create_embedded
from carnet.storage.ledger import Ledger
from carnet.storage.ledger_thread import ThreadWriter
from carnet.storage.store import journal_key, open_embedded
from carnet.usecases.gate import Gate
from carnet.usecases.policy import Policy
from tests.population.invented import TODAY


@pytest.mark.slow
def test_the_gate_takes_every_life(tmp_path: Path) -> None:
    france = France(seed=6, people=60, documents=320, years=8, today=TODAY)
    kept = [
        len(life.documents)
        for life in france.lives()
        if life.person.record not in (RecordState.NONE, RecordState.OPPOSED)
    ]
    told: list[int] = []

    async def seeded() -> int:
        directory = tmp_path / "store"
        master = create_embedded(directory, StoreKind.DEMO, tmp_path / "store.key")
        writer = ThreadWriter(Ledger(directory, await journal_key(directory, master)))
        store = await open_embedded(directory, master, writer)
        policy = Policy(accept_test_ins=True)
        try:
            return await fill(
                lambda clock: Gate(store, policy, clock=clock),
                france.made(processes=1),
                france.directory,
                TODAY,
                told.append,
            )
        finally:
            await store.close()

    done = asyncio.run(seeded())
    assert done == sum(kept) == sum(told) == 320
