from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
import orjson
import pytest
from fhir.resources.R4B.consent import Consent
from fhirclient.models.consent import Consent as ClientConsent

from carnet.fhir.resources.consent import is_active, parse, render
from carnet.formats.fhir import urls
from carnet.record.access.model import RelationKind
from carnet.record.errors import CarnetError
from carnet.usecases.requests import ConsentLine, ConsentText
from tests.formats.fhir.samples import DOCTOR, INS

BASE = "https://carnet.example/fhir"
NOW = 1_704_200_000
LINE = ConsentLine(
    id="c1",
    record_id="r1",
    patient=INS,
    kind=RelationKind.AUTHORISATION,
    actor=DOCTOR,
    actor_name="Dr Basile Legris",
    start=NOW - 10,
    end=NOW + 10,
    ended=0,
    made_at=NOW - 20,
    made_by="citizen",
    text=ConsentText("acces", "1"),
    scope="read",
)
KINDS = [kind for kind in RelationKind if kind is not RelationKind.AUTHOR]


def rendered(line: ConsentLine, now: int = NOW) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(render(line, now))
    Consent.model_validate(found)
    ClientConsent(found)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_tie_comes_back(kind: RelationKind) -> None:
    resource = rendered(msgspec.structs.replace(LINE, kind=kind))
    own = (urls.CONSENT_TEXT, urls.CONSENT_SCOPE_EXTENSION)
    resource["extension"] = [item for item in resource["extension"] if item["url"] in own]
    request = parse(resource, BASE)
    assert (request.kind, request.actor, request.actor_name) == (kind, DOCTOR, "Dr Basile Legris")
    assert (request.start, request.end) == (LINE.start, LINE.end)
    assert (request.patient, request.text, request.scope) == (INS, LINE.text, "read")


@pytest.mark.parametrize("kind", KINDS)
def test_refusals_and_blocks_deny_and_the_rest_permits(kind: RelationKind) -> None:
    said = rendered(msgspec.structs.replace(LINE, kind=kind))["provision"]["type"]
    assert said == ("deny" if kind in (RelationKind.REFUSAL, RelationKind.BLOCK) else "permit")


@pytest.mark.parametrize(
    ("changes", "now", "active"),
    [
        ({}, NOW, True),
        ({}, NOW + 10, False),
        ({"end": 0}, NOW + 10**9, True),
        ({"ended": NOW - 1}, NOW, False),
        ({}, NOW - 100, True),
    ],
)
def test_a_tie_is_active_until_it_ends(changes: dict[str, int], now: int, active: bool) -> None:
    line = msgspec.structs.replace(LINE, **changes)
    assert is_active(line, now) is active
    assert rendered(line, now)["status"] == ("active" if active else "inactive")


LEAST: dict[str, Any] = {
    "resourceType": "Consent",
    "status": "active",
    "scope": {"coding": [{"system": urls.CONSENT_SCOPE, "code": "patient-privacy"}]},
    "category": [{"coding": [{"system": urls.LOINC, "code": "59284-0"}]}],
    "patient": {"reference": "Patient/r1"},
    "provision": {
        "actor": [
            {
                "reference": {
                    "identifier": {"system": "urn:oid:1.2.250.1.71.4.2.1", "value": "801234567897"}
                }
            }
        ]
    },
}


def with_provision(**changes: Any) -> dict[str, Any]:
    return {**LEAST, "provision": {**LEAST["provision"], **changes}}


def test_the_least_is_an_authorisation_from_now_on() -> None:
    request = parse(LEAST, BASE)
    assert request.kind is RelationKind.AUTHORISATION
    assert (request.record, request.start, request.end) == ("r1", 0, 0)
    assert parse(with_provision(type="deny"), BASE).kind is RelationKind.REFUSAL


def test_a_period_of_days_includes_the_last() -> None:
    period = {"start": "2026-01-01", "end": "2026-01-31"}
    request = parse(with_provision(period=period), BASE)
    assert request.end == datetime.fromisoformat("2026-02-01T00:00:00+00:00").timestamp()


def kinds(*codes: str) -> list[dict[str, Any]]:
    return [{"coding": [{"system": urls.CONSENT_KINDS, "code": code}]} for code in codes]


@pytest.mark.parametrize(
    ("resource", "code"),
    [
        ({**LEAST, "resourceType": "Contract"}, "resource-type"),
        ({**LEAST, "status": "draft"}, "consent-status"),
        ({**LEAST, "scope": {"coding": [{"code": "research"}]}}, "consent-scope"),
        ({**LEAST, "category": kinds("whim")}, "consent-kind"),
        ({**LEAST, "category": kinds("author")}, "consent-kind"),
        ({**LEAST, "category": kinds("block", "physician")}, "consent-kind"),
        ({**with_provision(type="permit"), "category": kinds("block")}, "consent-provision"),
        ({**LEAST, "patient": {"display": "x"}}, "element-required"),
        ({**LEAST, "patient": {"reference": "Group/1"}}, "parameter-invalid"),
        (with_provision(actor=LEAST["provision"]["actor"] * 2), "consent-actor"),
        (with_provision(actor=[{"reference": {"reference": "Practitioner/1"}}]), "element-unknown"),
        (with_provision(period={"start": "2026-02-01", "end": "2026-01-01"}), "consent-period"),
        (with_provision(provision=[{"type": "deny"}]), "element-unknown"),
        ({**LEAST, "extension": [{"url": "http://x"}]}, "extension-unknown"),
        ({**LEAST, "verification": [{"verified": True}]}, "element-unknown"),
    ],
)
def test_a_consent_that_is_not_offered_is_refused(resource: dict[str, Any], code: str) -> None:
    with pytest.raises(CarnetError) as caught:
        parse(resource, BASE)
    assert caught.value.code == code
