"""The catalogue of storage holds what its modules raise, and each code has its family."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import carnet
from carnet.record.catalogue import CATALOGUE
from carnet.record.catalogue.storage import ENTRIES
from carnet.record.errors import ErrorKind

MODULES = sorted((Path(carnet.__file__).parent / "storage").glob("*.py"))
RAISED = re.compile(r'CarnetError\(\s*"([a-z0-9-]+)"')
PARAMS = re.compile(r"\{([a-z_]+)\}", re.ASCII)

BUSY = {"store-unavailable", "store-busy", "record-contended", "spool-full", "store-failing"}


def test_every_code_raised_stands_in_the_catalogue() -> None:
    raised = {code for path in MODULES for code in RAISED.findall(path.read_text(encoding="utf-8"))}
    assert len(raised) > 10
    assert raised <= CATALOGUE.keys()


@pytest.mark.parametrize("code", sorted(ENTRIES))
def test_both_languages_say_the_same_params(code: str) -> None:
    entry = ENTRIES[code]
    assert sorted(PARAMS.findall(entry.french)) == sorted(PARAMS.findall(entry.english))


def test_what_passes_by_itself_is_busy_and_nothing_else() -> None:
    assert {code for code, entry in ENTRIES.items() if entry.kind is ErrorKind.BUSY} == BUSY


def test_no_room_is_a_kind_of_its_own() -> None:
    assert [code for code, entry in CATALOGUE.items() if entry.kind is ErrorKind.FULL] == [
        "store-full"
    ]


@pytest.mark.parametrize("code", ["schema-outdated", "schema-newer"])
def test_a_schema_of_another_version_names_the_command(code: str) -> None:
    entry = ENTRIES[code]
    told = (entry.french, entry.remedy_french), (entry.english, entry.remedy_english)
    assert all("carnet db upgrade" in " ".join(sentences) for sentences in told)
