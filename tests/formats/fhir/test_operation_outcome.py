from __future__ import annotations

import orjson
import pytest
from fhir.resources.R4B.operationoutcome import OperationOutcome

from carnet.formats.fhir.operation_outcome import of_error, of_notices
from carnet.record.catalogue import CATALOGUE
from carnet.record.errors import CarnetError, Notice


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_code_of_the_catalogue_can_be_answered(code: str) -> None:
    outcome = orjson.loads(of_error(CarnetError(code, "Patient.name"), "REF1"))
    OperationOutcome.model_validate(outcome)
    issue = outcome["issue"][0]
    assert issue["details"]["coding"][0]["code"] == code
    assert "REF1" in issue["diagnostics"]
    assert issue["expression"] == ["Patient.name"]


def test_text_is_french_and_diagnostics_english_each_with_the_remedy() -> None:
    error = CarnetError("parameter-unknown", "foo", name="foo")
    issue = orjson.loads(of_error(error, None))["issue"][0]
    assert issue["details"]["text"].startswith("Le paramètre « foo » est inconnu")
    assert "Retirez-le" in issue["details"]["text"]
    assert issue["diagnostics"].startswith('The parameter "foo" is unknown')


def test_warnings_are_warnings_and_none_is_information() -> None:
    warned = orjson.loads(of_notices([Notice("luhn-key", "x", {"kind": "RPPS"})]))
    assert warned["issue"][0]["severity"] == "warning"
    calm = orjson.loads(of_notices([]))
    OperationOutcome.model_validate(calm)
    assert calm["issue"][0]["severity"] == "information"
