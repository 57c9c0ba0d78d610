"""``make torture``: so many rounds over both engines, and a table of what came of them."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.torture.rounds import WRITES, Result, plan, torture

_SHARE = 0.7  # of the rounds that are of the embedded store


def main() -> int:
    """Run; 0 where nothing was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    told = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the disk is unmounted
    print(f"torture: {told.rounds} rounds, seed {told.seed}", flush=True)
    embedded = round(told.rounds * _SHARE)
    shares = {"sqlite": embedded, "postgresql": told.rounds - embedded}
    begun = time.monotonic()
    results = []
    for engine, rounds in shares.items():
        print(f"\n{engine}: {rounds} rounds", flush=True)
        with (
            tempfile.TemporaryDirectory(prefix="carnet-torture-") as folder,
            torture(Path(folder), engine, seed=told.seed, people=told.people) as one,
        ):
            results.append(one.rage(plan(engine, rounds, told.seed), tell=_tell))
    for result in results:
        _show(result)
    writes = sum(result.acknowledged[act] for result in results for act in WRITES)
    lost = sum(len(result.lost) for result in results)
    left = sum(result.events_left for result in results)
    rounds = sum(tally.rounds for result in results for tally in result.tallies.values())
    print(
        f"\n{rounds} rounds in {(time.monotonic() - begun) / 60:.0f} min:"
        f" {writes} acknowledged writes, {lost} lost; {left} events left undone"
    )
    return 1 if lost or left else 0


def _tell(line: str) -> None:
    print(line, flush=True)


def _show(result: Result) -> None:
    print(f"\n{result.engine}, disk: {result.disk}")
    heads = ("rounds", "s/round", "writes", "503", "507", "cut off")
    print(f"{'fault':32}" + "".join(f" {head:>7}" for head in heads))
    for name, tally in sorted(result.tallies.items()):
        print(
            f"{name:32} {tally.rounds:7} {tally.seconds / tally.rounds:7.1f} {tally.writes:7}"
            f" {tally.answers[503]:7} {tally.answers[507]:7} {tally.broken:7}"
        )
    acts = ", ".join(f"{count} {act}" for act, count in sorted(result.acknowledged.items()))
    print(f"acknowledged: {acts}")
    print(
        f"{result.documents} documents read back byte for byte, {len(result.lost)} lost;"
        f" {result.orphans} orphans collected, none left; {result.events_left} events left"
    )


if __name__ == "__main__":
    sys.exit(main())
