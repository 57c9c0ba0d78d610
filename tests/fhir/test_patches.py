from __future__ import annotations

from typing import Any

import pytest

from carnet.fhir.patches import read_fhirpath_patch, read_json_patch
from carnet.record.errors import CarnetError
from carnet.usecases.requests import Visibility

A07 = "https://mos.esante.gouv.fr/NOS/TRE_A07-StatutVisibiliteDocument/FHIR/TRE-A07-StatutVisibiliteDocument"
V3 = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
ALL_OFF = Visibility(False, False, False)


def label(code: str, system: str = A07) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def patch(path: str, value: Any, op: str = "replace") -> list[dict[str, Any]]:
    return [{"op": op, "path": path, "value": value}]


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("MASQUE_PS", Visibility(hidden_from_professionals=True)),
        ("INVISIBLE_PATIENT", Visibility(hidden_from_patient=True)),
        ("INVISIBLE_REPRESENTANTS_LEGAUX", Visibility(hidden_from_representatives=True)),
    ],
)
@pytest.mark.parametrize("op", ["add", "replace"])
@pytest.mark.parametrize("path", ["/securityLabel/0", "/securityLabel/1", "/securityLabel/-"])
def test_a_visibility_code_at_one_place_adds_it(
    code: str, wanted: Visibility, op: str, path: str
) -> None:
    assert read_json_patch(patch(path, label(code), op)) == (wanted, ())


@pytest.mark.parametrize("system", [V3, A07])
def test_n_at_one_place_clears_the_codes(system: str) -> None:
    assert read_json_patch(patch("/securityLabel/0", label("N", system)))[0] == ALL_OFF


def test_a_whole_list_says_all_of_them() -> None:
    labels = [label("N", V3), label("MASQUE_PS")]
    wanted, _ = read_json_patch(patch("/securityLabel", labels))
    assert wanted == Visibility(True, False, False)


def test_operations_follow_one_another() -> None:
    both = patch("/securityLabel/0", label("N", V3)) + patch(
        "/securityLabel/0", label("INVISIBLE_PATIENT")
    )
    assert read_json_patch(both)[0] == Visibility(False, True, False)


def test_a_bare_code_is_accepted_with_a_warning() -> None:
    wanted, warnings = read_json_patch(patch("/securityLabel", "MASQUE_PS"))
    assert wanted == Visibility(True, False, False)
    assert [notice.code for notice in warnings] == ["patch-bare-code"]


@pytest.mark.parametrize(
    ("operations", "code"),
    [
        (patch("/status", "entered-in-error"), "patch-later"),
        (patch("/status", "superseded"), "patch-later"),
        (patch("/extension/0/valueBoolean", True), "patch-later"),
        (
            patch("/extension[url:'https://x/pdsm-ext-is-archived']/valueBoolean", True),
            "patch-later",
        ),
        (patch("/content/0/attachment/title", "x"), "patch-path"),
        (patch("/securityLabel/0/coding/0/code", "N"), "patch-path"),
        (patch("/securityLabel/x", label("N", V3)), "patch-path"),
        ([{"op": "remove", "path": "/securityLabel/0"}], "patch-operation"),
        (patch("/securityLabel/0", label("N", V3), "test"), "patch-operation"),
        (patch("/securityLabel/0", label("R", V3)), "patch-value"),
        (patch("/securityLabel/0", label("MASQUE_PSOCIAL")), "visibility-refused"),
        (patch("/securityLabel/0", label("ZZZ")), "visibility-unknown"),
        (patch("/securityLabel/0", {"text": "N"}), "patch-value"),
        (patch("/securityLabel/0", 3), "element-type"),
        ([{"op": "add", "path": "/securityLabel/0", "value": "N", "x": 1}], "element-unknown"),
        ([{"path": "/securityLabel/0"}], "element-required"),
        ([], "patch-malformed"),
        ({}, "patch-malformed"),
        (patch("/securityLabel/0", label("N", V3)) * 11, "patch-malformed"),
    ],
)
def test_what_is_not_a_change_of_visibility_is_refused(operations: Any, code: str) -> None:
    with pytest.raises(CarnetError) as caught:
        read_json_patch(operations)
    assert caught.value.code == code


def test_a_refused_path_is_named() -> None:
    with pytest.raises(CarnetError) as caught:
        read_json_patch(patch("/title", "x"))
    assert caught.value.params["path"] == "/title"


def parameters(*parts: dict[str, Any]) -> dict[str, Any]:
    return {
        "resourceType": "Parameters",
        "parameter": [{"name": "operation", "part": list(parts)}],
    }


def test_fhirpath_patch_says_the_same() -> None:
    replaced = parameters(
        {"name": "type", "valueCode": "replace"},
        {"name": "path", "valueString": "DocumentReference.securityLabel[0]"},
        {"name": "value", "valueCodeableConcept": label("MASQUE_PS")},
    )
    assert read_fhirpath_patch(replaced)[0] == Visibility(hidden_from_professionals=True)
    added = parameters(
        {"name": "type", "valueCode": "add"},
        {"name": "path", "valueString": "DocumentReference"},
        {"name": "name", "valueString": "securityLabel"},
        {"name": "value", "valueCodeableConcept": label("INVISIBLE_PATIENT")},
    )
    assert read_fhirpath_patch(added)[0] == Visibility(hidden_from_patient=True)


@pytest.mark.parametrize(
    ("patched", "code"),
    [
        ({"resourceType": "Patient"}, "patch-malformed"),
        ({"resourceType": "Parameters"}, "patch-malformed"),
        (parameters({"name": "type", "valueCode": "replace"}), "patch-malformed"),
        (parameters({"name": "type"}), "patch-malformed"),
        (
            parameters(
                {"name": "type", "valueCode": "replace"},
                {"name": "path", "valueString": "DocumentReference.status"},
                {"name": "value", "valueCode": "superseded"},
            ),
            "patch-later",
        ),
    ],
)
def test_a_fhirpath_patch_that_is_not_offered_is_refused(patched: Any, code: str) -> None:
    with pytest.raises(CarnetError) as caught:
        read_fhirpath_patch(patched)
    assert caught.value.code == code
