"""Runs every mode on both engines and writes what came of it into docs/performance.md.

    python bench/write_figures.py FOLDER [--documents N] [--seconds S] [--only sqlite|postgresql]

FOLDER keeps the SQLite store and ``figures.jsonl``, one object a run; a run whose object stands
there is not repeated, so that a broken-off session goes on. Do this on a quiet machine.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[1] / "docs/performance.md"
CARNET = (sys.executable, "-c", "from carnet.cli import main; main()")
MODES = ("find", "retrieve", "feed", "mixed", "rights", "growth", "start")
POSTGRESQL_MOST = 100_000  # documents: a private server is filled anew for each run
Object = dict[str, Any]


def run(mode: str, engine: str, given: argparse.Namespace) -> Object:
    """One run's object."""
    documents = given.documents if engine == "sqlite" else min(given.documents, POSTGRESQL_MOST)
    words = [mode, "--store", engine, "--documents", str(documents), "--json"]
    words += ["--seconds", str(given.seconds)]
    if engine == "sqlite":
        words += ["--data", str(given.folder / "store")]
    done = subprocess.run(  # noqa: S603  our own program
        [*CARNET, "bench", *words], stdout=subprocess.PIPE, text=True, check=True
    )
    found: Object = json.loads(done.stdout)
    return found


def figures(given: argparse.Namespace) -> list[Object]:
    """All objects, those that stood and those that were missing."""
    path = given.folder / "figures.jsonl"
    lines = path.read_text().splitlines() if path.exists() else []
    found: list[Object] = [json.loads(line) for line in lines]
    known = {(one["bench"], one["store"]) for one in found}
    for engine in ("sqlite", "postgresql"):
        for mode in MODES:
            if (mode, engine) in known or given.only not in (None, engine):
                continue
            one = run(mode, engine, given)
            found.append(one)
            with path.open("a") as file:
                file.write(json.dumps(one) + "\n")
            print(mode, engine, one.get("rate", ""), one.get("efficiency", ""), flush=True)
    return found


def cell(one: Object | None, mode: str) -> str:
    """What the table says of a run."""
    if one is None:
        return ""
    if mode in ("find", "retrieve", "feed"):
        return f"{one['rate']:,.0f}/s, p99 {one['p99_ms']:.0f} ms, {one['efficiency']:.2f}"
    if mode == "mixed":
        return f"{one['rate']:,.0f}/s, p99 {one['p99_ms']:.0f} ms"
    if mode == "rights":
        return f"{one['request_added']:.1%} of the find, {one['query_added']:.0%} of the query"
    if mode == "growth":
        ratios = ", ".join(f"{k} {v['cpu_ratio']:.2f}" for k, v in one["by_kind"].items())
        few, many = one["documents_compared"].values()
        return f"{ratios} ({few:,} to {many:,})"
    worst, largest = one["ready_s_worst"], one["pss_mb_largest"]
    return f"{worst:.2f} s, {largest:.0f} MB at most, {one['pss_mb']:.0f} MB"


ROWS = {
    "submit": "feed",
    "find": "find",
    "retrieve": "retrieve",
    "rights": "rights",
    "mixed": "mixed",
    "growth": "growth",
    "start": "start",
}


def filled(lines: list[str], found: list[Object]) -> Iterator[str]:
    """The page with its table and its raw objects."""
    by_run = {(one["bench"], one["store"]): one for one in found}
    raw = False
    for line in lines:
        row = re.match(r"\| (\w+)[^|]*\| [^|]*\|", line)
        if row is not None and row[1] in ROWS:
            mode = ROWS[row[1]]
            cells = (cell(by_run.get((mode, engine)), mode) for engine in ("sqlite", "postgresql"))
            yield row[0] + "".join(f" {text} |" if text else " |" for text in cells)
            continue
        if line == "```json":
            raw = True
            yield line
            yield from (json.dumps(one) for one in found)
        elif line == "```" or not raw:
            raw = False
            yield line


def main() -> None:
    """Run, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    os.environ.pop("CARNET_DATA", None)
    found = figures(given)
    text = "\n".join(filled(PAGE.read_text().splitlines(), found)) + "\n"
    PAGE.write_text(text)


if __name__ == "__main__":
    main()
