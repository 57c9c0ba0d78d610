from __future__ import annotations

import pytest

from carnet.fhir.negotiate import answer_type, check_content, weight_of
from carnet.record.errors import CarnetError

FHIR = "application/fhir+json"


@pytest.mark.parametrize(
    ("accept", "wanted_format", "answered"),
    [
        ("", "", FHIR),
        ("*/*", "", FHIR),
        ("application/*", "", FHIR),
        ("application/fhir+json; fhirVersion=4.0", "", FHIR),
        ("application/json", "", "application/json"),
        ("application/json;q=0.5, application/fhir+json;q=0.9", "", FHIR),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "", FHIR),
        ("application/xml, application/json;q=0.1", "", "application/json"),
        ("application/xml", "json", FHIR),
        ("", "application/fhir json", FHIR),
    ],
)
def test_json_is_answered_to_who_can_read_it(
    accept: str, wanted_format: str, answered: str
) -> None:
    assert answer_type(accept, wanted_format) == answered


@pytest.mark.parametrize(
    ("accept", "wanted_format"),
    [
        ("application/fhir+xml", ""),
        ("text/html", ""),
        ("*/*;q=0", ""),
        ("application/json;q=x", ""),
        ("*/*", "xml"),
        ("*/*", "application/fhir+xml"),
    ],
)
def test_xml_and_the_rest_are_not_acceptable(accept: str, wanted_format: str) -> None:
    with pytest.raises(CarnetError) as caught:
        answer_type(accept, wanted_format)
    assert caught.value.code == "not-acceptable"


def test_the_most_precise_range_decides() -> None:
    accept = "application/pdf;q=0.1, application/*;q=0.9, */*"
    assert weight_of("application/pdf", accept) == 0.1
    assert weight_of("application/dicom", accept) == 0.9
    assert weight_of("text/xml", accept) == 1.0
    assert weight_of("text/xml", "application/xml") == 1.0


def test_a_body_is_one_of_the_types_offered_in_utf_8() -> None:
    assert check_content("application/fhir+json; charset=UTF-8", "", (FHIR,)) == FHIR
    for content_type in ("", "application/fhir+xml", "application/fhir+json; charset=latin1"):
        with pytest.raises(CarnetError) as caught:
            check_content(content_type, "", (FHIR,))
        assert caught.value.code == "content-type-unsupported"


def test_a_compressed_body_is_refused() -> None:
    assert check_content(FHIR, "identity", (FHIR,)) == FHIR
    with pytest.raises(CarnetError) as caught:
        check_content(FHIR, "gzip", (FHIR,))
    assert caught.value.code == "content-encoding-unsupported"
