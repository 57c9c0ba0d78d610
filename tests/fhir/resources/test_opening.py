from __future__ import annotations

import copy
from typing import Any

import orjson
import pytest

from carnet.fhir.resources.opening import parse_opening
from carnet.fhir.resources.patient import render
from carnet.formats.fhir import urls
from carnet.record.errors import CarnetError
from carnet.record.identity import IdentityStatus, Sex, Traits
from carnet.usecases.requests import ConsentText, OpeningGround
from tests.fhir.resources.test_patient import STATUS
from tests.formats.fhir.samples import INS, TRAITS

OPENING: dict[str, Any] = {
    "resourceType": "Patient",
    "extension": [
        {"url": urls.OPENING_GROUND, "valueCode": "consent"},
        {
            "url": urls.CONSENT_TEXT,
            "extension": [
                {"url": "id", "valueString": "ouverture"},
                {"url": "version", "valueString": "2"},
            ],
        },
        {
            "url": urls.BIRTH_PLACE,
            "valueAddress": {
                "city": "Paris",
                "extension": [{"url": urls.FR_INSEE_CODE, "valueCoding": {"code": "75056"}}],
            },
        },
    ],
    "identifier": [
        {"use": "official", "system": "urn:oid:1.2.250.1.213.1.4.10", "value": "279035121518989"}
    ],
    "name": [
        {"use": "official", "family": "VARENNE", "given": ["OCTAVIE", "LISE"]},
        {"use": "usual", "family": "AUBRY", "given": ["LISE"]},
    ],
    "gender": "female",
    "birthDate": "1979-03-12",
}


def test_an_opening_says_whom_on_what_ground_and_with_which_text() -> None:
    opening = parse_opening(OPENING)
    assert opening.ins == INS
    assert opening.traits == TRAITS
    assert opening.ground is OpeningGround.CONSENT
    assert opening.text == ConsentText("ouverture", "2", "fr")
    assert opening.status is IdentityStatus.QUALIFIED


def test_what_is_rendered_opens_the_same_identity() -> None:
    resource = orjson.loads(render(STATUS))
    kept = (urls.BIRTH_PLACE, urls.FR_IDENTITY_RELIABILITY)
    resource["extension"] = [item for item in resource["extension"] if item["url"] in kept]
    resource["extension"].append({"url": urls.OPENING_GROUND, "valueCode": "birth"})
    opening = parse_opening(resource)
    assert (opening.ins, opening.traits) == (INS, TRAITS)


def test_the_least_of_an_opening() -> None:
    opening = parse_opening(
        {
            **OPENING,
            "extension": [{"url": urls.OPENING_GROUND, "valueCode": "non-opposition"}],
            "name": [{"use": "official", "family": "VARENNE", "given": ["OCTAVIE"]}],
            "birthDate": "1979",
            "gender": "unknown",
        }
    )
    assert opening.traits == Traits("VARENNE", "OCTAVIE", Sex.INDETERMINATE, "1979")
    assert opening.text is None


@pytest.mark.parametrize(
    ("extension_of", "status"),
    [
        ({"url": urls.IDENTITY_STATUS, "valueCode": "validated"}, IdentityStatus.VALIDATED),
        (
            {
                "url": urls.FR_IDENTITY_RELIABILITY,
                "extension": [{"url": "identityStatus", "valueCoding": {"code": "PROV"}}],
            },
            IdentityStatus.PROVISIONAL,
        ),
    ],
)
def test_the_status_of_an_identity(extension_of: dict[str, Any], status: IdentityStatus) -> None:
    resource = copy.deepcopy(OPENING)
    resource["extension"].append(extension_of)
    assert parse_opening(resource).status is status


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"resourceType": "Person"}, "resource-type"),
        ({"extension": []}, "element-type"),
        ({"extension": [{"url": "http://x", "valueCode": "y"}]}, "extension-unknown"),
        ({"extension": OPENING["extension"] + OPENING["extension"][:1]}, "extension-repeated"),
        ({"extension": OPENING["extension"][1:]}, "opening-ground-unknown"),
        (
            {"extension": [{"url": urls.OPENING_GROUND, "valueCode": "whim"}]},
            "opening-ground-unknown",
        ),
        ({"identifier": OPENING["identifier"] * 2}, "ins-not-one"),
        (
            {"identifier": [{"use": "official", "system": "urn:oid:1.2.3", "value": "1"}]},
            "element-required",
        ),
        ({"name": OPENING["name"][1:]}, "element-required"),
        ({"name": [{"use": "maiden", "family": "X", "given": ["Y"]}]}, "name-use"),
        ({"name": [{"use": "official", "family": "X"}]}, "element-required"),
        ({"gender": "other"}, "gender-unknown"),
        ({"birthDate": "1979-02-30"}, "birth-date-invalid"),
        ({"deceasedBoolean": True}, "element-unknown"),
    ],
)
def test_an_opening_that_is_wrong_is_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(CarnetError) as caught:
        parse_opening({**OPENING, **changes})
    assert caught.value.code == code
