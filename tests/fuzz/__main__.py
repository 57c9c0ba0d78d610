"""All of the fuzzing, with counts at its end: ``python -m tests.fuzz [short]``.

Parts run two at a time in processes of their own and leave what they counted in ``build/fuzz``. The
status is 1 where anything was found, or where a part fed fewer inputs than it was to.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from tests.fuzz.readers import READERS

FOLDER = Path("build/fuzz")
_PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "--timeout=0")


class Sizes(msgspec.Struct, frozen=True):
    """How many inputs: guided by coverage and by hypothesis a reader, over HTTP by either way."""

    guided: int
    properties: int
    described: int
    over_http: int
    lives: int


FULL = Sizes(guided=193_000, properties=6_000, described=10_000, over_http=95_000, lives=300)
SHORT = Sizes(guided=1_500, properties=300, described=170, over_http=3_000, lives=4)


class Part(msgspec.Struct, frozen=True):
    """One process: its arguments, the inputs that it must feed, variables."""

    name: str
    arguments: tuple[str, ...]
    least: int
    variables: dict[str, str] = {}


class Outcome(msgspec.Struct, frozen=True):
    """How a part ended."""

    part: Part
    status: int
    inputs: int
    seconds: float
    told: str


def parts_of(sizes: Sizes) -> list[Part]:
    """The parts, the longest first."""
    counts = FOLDER / "properties"
    found = [
        _script("tests.fuzz.described", sizes.described, FOLDER / "described.json", 0.9),
        _script("tests.fuzz.over_http", sizes.over_http, FOLDER / "over_http.json", 1.0),
        Part(
            "life",
            (*_PYTEST, "tests/fuzz/test_life.py"),
            0,
            {"CARNET_TEST_LIVES": str(sizes.lives)},
        ),
    ]
    for name in READERS:
        result = str(FOLDER / f"guided-{name}.json")
        arguments = ("-m", "tests.fuzz.guided", name, str(sizes.guided), result)
        found.append(Part(f"guided {name}", arguments, sizes.guided))
        variables = {
            "CARNET_TEST_FUZZ": str(sizes.properties),
            "CARNET_TEST_FUZZ_COUNTS": str(counts),
        }
        tests = (*_PYTEST, "tests/fuzz/test_readers.py", "-k", f"[{name}]")
        found.append(Part(f"properties {name}", tests, sizes.properties, variables))
    return found


def _script(module: str, inputs: int, result: Path, share: float) -> Part:
    name = module.rpartition(".")[2]
    return Part(name, ("-m", module, str(inputs), str(result)), int(inputs * share))


def run(part: Part) -> Outcome:
    """Run one part to its end."""
    log = FOLDER / f"{part.name.replace(' ', '-')}.log"
    begin = time.monotonic()
    with log.open("wb") as out:
        done = subprocess.run(
            [sys.executable, *part.arguments],
            env={**os.environ, **part.variables},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            check=False,
        )
    inputs, told = counted(part)
    return Outcome(part, done.returncode, inputs, time.monotonic() - begin, told)


def counted(part: Part) -> tuple[int, str]:
    """How many inputs a part fed, and what else it tells."""
    kind, _, name = part.name.partition(" ")
    if kind == "properties":
        return sum(int(p.read_text()) for p in (FOLDER / "properties").glob(f"{name}-*")), ""
    path = FOLDER / (f"guided-{name}.json" if name else f"{kind}.json")
    if not path.exists():
        return 0, ""
    found = msgspec.json.decode(path.read_bytes())
    told = f"slowest {found['slowest_ms']:.0f} ms"
    if "memory_mb" in found:
        told += f", {found['memory_mb']} MB"
    if "statuses" in found:
        answers = ", ".join(f"{status}: {n}" for status, n in sorted(found["statuses"].items()))
        told += f", findings {len(found['findings'])}, answers {answers}"
    return found["inputs"], told


def main() -> int:
    """Run everything and tell."""
    sizes = SHORT if "short" in sys.argv[1:] else FULL
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "properties").mkdir(exist_ok=True)
    for old in [*FOLDER.glob("*.json"), *(FOLDER / "properties").iterdir()]:
        old.unlink()
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(run, parts_of(sizes)))
    failed = False
    for one in outcomes:
        bad = one.status != 0 or one.inputs < one.part.least
        failed = failed or bad
        mark = "FAILED" if bad else "ok"
        print(f"{one.part.name:<22} {one.inputs:>8} {one.seconds:>6.0f} s  {mark:<7} {one.told}")
    over_http = sum(one.inputs for one in outcomes if one.part.name in ("described", "over_http"))
    total = sum(one.inputs for one in outcomes)
    print(f"{total} inputs, {over_http} of them over HTTP")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
