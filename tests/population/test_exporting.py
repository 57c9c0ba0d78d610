"""Lives as files: documents and truth, in a new directory only."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from carnet.population.exporting import export
from carnet.population.making import Made, make
from carnet.record.errors import CarnetError
from tests.population import invented


def made() -> Made:
    return make(invented.life(), invented.who(), "test")


def test_documents_and_truth_are_written(tmp_path: Path) -> None:
    directory = tmp_path / "out"
    assert list(export([made()], directory)) == [6]
    truth = json.loads((directory / "people/paule/truth.json").read_text())
    files = sorted(path.name for path in (directory / "people/paule").glob("*.xml"))
    assert len(files) == 6
    assert files[0] == "001-bilan-1.xml"
    by_key = {one["key"]: one for one in truth["documents"]}
    for one in made().written:
        file = next(name for name in files if name.endswith(f"-{one.key}.xml"))
        data = (directory / "people/paule" / file).read_bytes()
        assert data == one.xml
        assert by_key[one.key]["size"] == len(data)
    line = json.loads((directory / "people.jsonl").read_text())
    assert (line["key"], line["documents"]) == ("paule", 6)


def test_truth_says_who_says_what() -> None:
    truth = made().truth
    assert [one.documents for one in truth.problems] == [("ordonnance",)]
    assert truth.treatments[0].prescribed == ("ordonnance",)
    assert truth.treatments[0].dispensed == ("pharmacie",)
    assert [(one.analysis, one.value, one.unit) for one in truth.results][:2] == [
        ("hba1c", "8.2", "%"),
        ("creatinine", "70", "umol/L"),
    ]
    assert truth.results[0].loinc == "4548-4"
    assert len(truth.episodes[0].documents) == 6
    assert truth.openings[0].document == "bilan-2"


@pytest.mark.parametrize("kind", ["directory", "file"])
def test_what_is_there_stays(tmp_path: Path, kind: str) -> None:
    directory = tmp_path / "out"
    if kind == "file":
        directory.write_text("mine")
    else:
        directory.mkdir()
        (directory / "mine.txt").write_text("mine")
    with pytest.raises(CarnetError) as caught:
        list(export([made()], directory))
    assert caught.value.code == "export-not-empty"
    assert not (directory / "people").exists()
