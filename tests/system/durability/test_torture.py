"""The short form of ``make torture``: one round of each kind of fault, on each engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.torture.faults import faults_of
from tests.torture.rounds import WRITES, torture


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_nothing_acknowledged_is_lost_to_any_kind_of_fault(engine: str, tmp_path: Path) -> None:
    faults = faults_of(postgresql=engine == "postgresql")
    with torture(tmp_path, engine, seed=1, people=12, pace=0.3) as one:
        result = one.rage(faults)
    assert {name: tally.rounds for name, tally in result.tallies.items()} == {
        fault.name: 1 for fault in faults
    }
    assert all(result.acknowledged[act] for act in (*WRITES, "find", "retrieve"))
    assert (result.lost, result.events_left) == ([], 0)
