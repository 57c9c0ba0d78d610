from __future__ import annotations

from typing import Any

import msgspec
import orjson
import pytest
from fhir.resources.R4B.consent import Consent
from fhir.resources.R4B.patient import Patient
from fhirclient.models.patient import Patient as ClientPatient

from carnet.fhir.resources.patient import render, render_authorisation
from carnet.formats.fhir import urls
from carnet.record.caller import Caller, CallerKind
from carnet.record.identity import Ins
from carnet.record.lifecycle import RecordState
from carnet.usecases.requests import (
    Authorisation,
    RecordStatus,
)
from tests.formats.fhir.samples import DOCTOR, INS, TRAITS

STATUS = RecordStatus(
    record_id="r1",
    state=RecordState.OPEN,
    ins=INS,
    former=(Ins("179035121518989", "1.2.250.1.213.1.4.9"),),
    traits=TRAITS,
    authorisation=Authorisation.VALID,
    authorised_from=1_704_200_000,
    last_updated="2024-01-02T12:00:00Z",
)
DOCTOR_CALLER = Caller(CallerKind.PROFESSIONAL, "Dr Legris", identifier=DOCTOR)


def rendered(status: RecordStatus) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(render(status))
    Patient.model_validate(found)
    ClientPatient(found)
    return found


def extension(resource: dict[str, Any], url: str) -> dict[str, Any]:
    found: dict[str, Any] = next(item for item in resource["extension"] if item["url"] == url)
    return found


def test_one_ins_is_official_and_a_former_one_is_old() -> None:
    identifiers = rendered(STATUS)["identifier"]
    said = [(i["use"], i["type"]["coding"][0]["code"], i["value"]) for i in identifiers]
    assert said == [
        ("official", "INS-NIR-TEST", "279035121518989"),
        ("old", "INS-NIA", "179035121518989"),
    ]


def test_birth_name_and_used_name_stand_apart() -> None:
    official, usual = rendered(STATUS)["name"]
    assert (official["use"], official["family"]) == ("official", "VARENNE")
    assert official["given"] == ["OCTAVIE", "LISE"]
    assert (usual["use"], usual["family"], usual["given"]) == ("usual", "AUBRY", ["LISE"])


def test_what_the_caller_may_know_stands_in_the_extensions() -> None:
    resource = rendered(STATUS)
    assert resource["active"] is True
    assert extension(resource, urls.DMP_AUTHORISATION)["valueCode"] == "valide"
    assert extension(resource, urls.DMP_PHYSICIAN)["valueBoolean"] is False
    assert extension(resource, urls.DMP_ATTACHED)["valueBoolean"] is False
    place = extension(resource, urls.BIRTH_PLACE)["valueAddress"]["extension"][0]
    assert place["valueCoding"] == {"system": urls.COMMUNES, "code": "75056"}


def test_a_birthplace_abroad_is_a_country() -> None:
    abroad = msgspec.structs.replace(TRAITS, birth_place="99109")
    resource = rendered(msgspec.structs.replace(STATUS, traits=abroad))
    place = extension(resource, urls.BIRTH_PLACE)["valueAddress"]["extension"][0]
    assert place["valueCoding"]["system"] == urls.COUNTRIES


def test_a_closed_record_says_when_and_why() -> None:
    closed = msgspec.structs.replace(
        STATUS,
        state=RecordState.CLOSED,
        closed_at="2025-06-01T10:00:00Z",
        closing_code="patient-demande",
        closing_reason="Demande écrite",
    )
    resource = rendered(closed)
    assert resource["active"] is False
    parts = {part["url"]: part for part in extension(resource, urls.DMP_CLOSING)["extension"]}
    assert parts["dateFermeture"]["valueDate"] == "2025-06-01"
    coding = parts["motifFermeture"]["valueCodeableConcept"]["coding"][0]
    assert coding["code"] == "patient-demande"
    assert parts["raisonFermeture"]["valueString"] == "Demande écrite"


@pytest.mark.parametrize(
    ("authorisation", "status", "kind"),
    [
        (Authorisation.VALID, "active", "permit"),
        (Authorisation.EXPIRED, "inactive", "permit"),
        (Authorisation.REFUSED, "active", "deny"),
    ],
)
def test_the_authorisation_is_a_consent_of_the_caller(
    authorisation: Authorisation, status: str, kind: str
) -> None:
    given = render_authorisation(
        msgspec.structs.replace(STATUS, authorisation=authorisation), DOCTOR_CALLER
    )
    assert given is not None
    url, raw = given
    consent = orjson.loads(raw)
    Consent.model_validate(consent)
    assert url == f"urn:uuid:{consent['id']}"
    assert (consent["status"], consent["provision"]["type"]) == (status, kind)
    actor = consent["provision"]["actor"][0]["reference"]["identifier"]
    assert actor["value"] == "801234567897"


def test_without_an_authorisation_there_is_no_consent() -> None:
    none = msgspec.structs.replace(STATUS, authorisation=Authorisation.NONE)
    assert render_authorisation(none, DOCTOR_CALLER) is None
