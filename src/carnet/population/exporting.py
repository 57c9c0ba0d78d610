"""Writes lives outside any store: documents as files, and the truth beside them.

``DIR/people/KEY/truth.json`` and ``DIR/people/KEY/NNN-DOCUMENT.xml``, numbered in the order of
their dates; ``DIR/people.jsonl`` names everybody, a line each.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec
import orjson

from carnet.population.making import Made
from carnet.record.errors import CarnetError

_INDENT = 2


def demand_new(directory: Path) -> None:
    """Raises ``export-not-empty`` where something stands in the directory already."""
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise CarnetError("export-not-empty", directory=str(directory))


def export(made: Iterable[Made], directory: Path) -> Iterable[int]:
    """Write each life; yields the number of its documents once it is written.

    Raises ``export-not-empty``.
    """
    demand_new(directory)
    people = directory / "people"
    people.mkdir(parents=True)
    with (directory / "people.jsonl").open("wb") as index:
        for one in made:
            _write(one, people / one.life.person.key)
            person = one.truth.person
            line = {
                "key": person.key,
                "ins": person.ins,
                "oid": person.oid,
                "documents": len(one.written),
                "headline": one.life.person.headline,
            }
            index.write(orjson.dumps(line) + b"\n")
            yield len(one.written)


def _write(made: Made, directory: Path) -> None:
    directory.mkdir()
    truth = msgspec.json.format(msgspec.json.encode(made.truth), indent=_INDENT)
    (directory / "truth.json").write_bytes(truth)
    for number, one in enumerate(sorted(made.written, key=lambda w: (w.created, w.key)), 1):
        (directory / f"{number:03d}-{one.key}.xml").write_bytes(one.xml)
