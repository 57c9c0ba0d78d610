"""The same seed and day give the same bytes; another number of processes changes nothing."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import msgspec
import pytest

from carnet.population.exporting import export
from carnet.population.france import France
from carnet.population.making import Made
from tests.population.invented import TODAY

SCRIPT = """
import hashlib, sys
from datetime import date
import msgspec
from carnet.population.france import France

def main():
    france = France(seed=9, people=20, documents=110, years=8, today=date(2026, 11, 25))
    for made in france.made(processes=1):
        bytes_ = hashlib.sha256(b"".join(one.xml for one in made.written)).hexdigest()
        truth = hashlib.sha256(msgspec.json.encode(made.truth)).hexdigest()
        print(made.life.person.key, len(made.written), bytes_, truth)

main()
"""


def printed(hash_seed: str) -> list[str]:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, env=environment, check=True
    )
    return run.stdout.splitlines()


def told(made: Made) -> str:
    xml = hashlib.sha256(b"".join(one.xml for one in made.written)).hexdigest()
    truth = hashlib.sha256(msgspec.json.encode(made.truth)).hexdigest()
    return f"{made.life.person.key} {len(made.written)} {xml} {truth}"


@pytest.mark.slow
def test_two_processes_make_the_same_bytes_and_truth_and_so_do_two_at_once() -> None:
    first = printed("1")
    assert len(first) == 20
    assert sum(int(line.split()[1]) for line in first) == 110
    assert first == printed("4242")
    france = France(seed=9, people=20, documents=110, years=8, today=TODAY)
    assert [told(one) for one in france.made(processes=2)] == first


def test_another_seed_or_day_gives_other_lives() -> None:
    def first(seed: int, today: date) -> bytes:
        france = France(seed=seed, people=3, documents=20, years=8, today=today)
        return msgspec.json.encode([life.documents for life in france.lives()])

    assert first(1, TODAY) == first(1, TODAY)
    assert first(1, TODAY) != first(2, TODAY)
    assert first(1, TODAY) != first(1, date(2026, 11, 24))


def test_people_are_the_same_whatever_the_size() -> None:
    small, large = (
        [one.person for one in France(seed=1, people=n, documents=9, years=8, today=TODAY).lives()]
        for n in (5, 60)
    )
    assert small == large[:5]


def test_the_directory_knows_everybody_and_nobody_else() -> None:
    france = France(seed=1, people=12, documents=0, years=8, today=TODAY)
    lives = list(france.lives())
    assert sum(len(life.documents) for life in lives) == 0
    for life in lives:
        assert france.directory.person(life.person.key) == life.person
    assert france.directory.professional("t35238-gp1") is not None
    assert france.directory.structure("t35238-house.pharmacy1") is not None
    assert france.directory.person("f9999-1") is None


def test_documents_and_truth_are_exported(tmp_path: Path) -> None:
    directory = tmp_path / "out"
    france = France(seed=2, people=4, documents=12, years=8, today=TODAY)
    counts = list(export(france.made(processes=1), directory))
    assert sum(counts) == 12
    assert len(list(directory.glob("people/*/*.xml"))) == 12
    assert len(list(directory.glob("people/*/truth.json"))) == 4
