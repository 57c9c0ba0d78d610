from __future__ import annotations

from typing import Any

import pytest

from carnet.formats.fhir.codes import coding_json, read_coding, read_concept
from carnet.formats.fhir.reading import Element
from carnet.record.document import Code
from carnet.record.errors import CarnetError

LOINC = "2.16.840.1.113883.6.1"


def test_a_known_system_is_written_as_its_url() -> None:
    assert coding_json(Code(LOINC, "11488-4"))["system"] == "http://loinc.org"
    assert coding_json(Code("1.2.3", "x"))["system"] == "urn:oid:1.2.3"


@pytest.mark.parametrize("system", ["http://loinc.org", f"urn:oid:{LOINC}", None])
def test_a_code_of_the_value_set_is_found_with_or_without_its_system(system: str | None) -> None:
    coding: dict[str, Any] = {"code": "11488-4", "display": "another label"}
    if system:
        coding["system"] = system
    found = read_coding(Element(coding, "R.type.coding[0]"), "J07")
    assert (found.system, found.code) == (LOINC, "11488-4")
    assert found.display != "another label"


def test_a_code_of_another_system_is_not_taken_for_one_of_the_value_set() -> None:
    coding = {"system": "http://snomed.info/sct", "code": "11488-4"}
    assert read_coding(Element(coding, "R.type.coding[0]"), "J07").system != LOINC


def test_an_unknown_code_without_system_is_refused() -> None:
    with pytest.raises(CarnetError) as caught:
        read_coding(Element({"code": "zzz"}, "R.type.coding[0]"), "J07")
    assert (caught.value.code, caught.value.element) == (
        "coding-system-required",
        "R.type.coding[0]",
    )


def test_the_coding_that_the_value_set_knows_goes_first() -> None:
    concept = {
        "coding": [
            {"system": "http://snomed.info/sct", "code": "371524004"},
            {"system": "http://loinc.org", "code": "11488-4"},
        ]
    }
    assert read_concept(Element(concept, "R.type"), "J07").code == "11488-4"


def test_a_text_alone_is_no_code() -> None:
    with pytest.raises(CarnetError) as caught:
        read_concept(Element({"text": "compte rendu"}, "R.type"), "J07")
    assert caught.value.code == "element-required"
