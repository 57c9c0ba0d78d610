"""The demo's data files: references that lead somewhere, text that the PDF's fonts can write."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable

import pytest

from carnet.population.demo import people, professionals
from carnet.population.demo.scripts import analyses, document_scripts, kinds
from carnet.record.vocabulary import value_set

DATA = [
    path
    for folder in ("data", "data/documents")
    for path in sorted(
        (files("carnet.population.demo") / folder).iterdir(), key=lambda found: found.name
    )
    if path.name.endswith(".toml")
]


@pytest.mark.parametrize("path", DATA, ids=lambda p: p.name)
def test_all_text_can_be_written_in_windows_1252(path: Traversable) -> None:
    path.read_text("utf-8").encode("cp1252")


def test_documents_name_people_and_kinds_that_exist() -> None:
    citizens = {p.key for p in people()}
    actors = {p.key for p in professionals()}
    for patient, scripts in document_scripts().items():
        assert patient in citizens
        keys = [script.key for script in scripts]
        assert all(key.startswith(f"{patient}-") for key in keys)
        for script in scripts:
            assert script.author in actors | {patient}
            assert {script.to, script.ordered_by} <= actors | {None}
            assert script.kind in kinds()
            assert script.replaces is None or script.replaces in keys
            assert script.text or script.photo or script.chapters


def test_every_kind_is_of_the_value_set_and_is_used() -> None:
    j07 = value_set("JDV_J07_XdsTypeCode_CISIS")
    used = {script.kind for scripts in document_scripts().values() for script in scripts}
    for name, kind in kinds().items():
        assert j07.find(kind.code) is not None
        assert name in used


def test_every_analysis_that_is_measured_is_described_and_every_battery_complete() -> None:
    known = analyses()
    for scripts in document_scripts().values():
        for script in scripts:
            for chapter in script.chapters:
                assert chapter.code in known.chapter
                for name, value in chapter.results.items():
                    if isinstance(value, str):
                        assert name in known.analysis
                        float(value)
                    else:
                        assert set(value) == set(known.battery[name].analyses)


def test_loinc_codes_are_given_only_with_the_name_that_was_read() -> None:
    for analysis in analyses().analysis.values():
        if analysis.loinc is not None:
            code, name = analysis.loinc
            assert code.replace("-", "").isdigit()
            assert name
