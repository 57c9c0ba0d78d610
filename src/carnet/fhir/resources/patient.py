"""Renders what TD0.2 tells of a record: the Patient and the caller's authorisation.

Profiles fr-core-patient and fr-core-patient-ins, with the extensions of PDSm for DMP §TD0.2.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from carnet.formats.fhir import urls
from carnet.formats.fhir.dump import dump
from carnet.formats.fhir.people import GENDERS, patient_names
from carnet.formats.identifiers.fhir import identifier_to_fhir, ins_to_fhir
from carnet.record.caller import Caller
from carnet.record.identity import (
    Identifier,
    Traits,
)
from carnet.record.lifecycle import RecordState
from carnet.usecases.requests import (
    Authorisation,
    RecordStatus,
)

_DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")

Json = dict[str, object]


def render(status: RecordStatus) -> bytes:
    """The Patient of a record, as its caller may know it."""
    out: Json = {
        "resourceType": "Patient",
        "id": status.record_id,
        "meta": {
            "versionId": str(status.version),
            "profile": [urls.FR_PATIENT, urls.FR_PATIENT_INS],
        },
        "extension": _extensions(status),
        "identifier": [
            ins_to_fhir(status.ins),
            *(ins_to_fhir(former, former=True) for former in status.former),
        ],
        "active": status.state is RecordState.OPEN,
        "name": _names(status.traits),
        "gender": GENDERS[status.traits.sex],
        "birthDate": status.traits.birth_date,
    }
    if status.last_updated:
        out["meta"] = {**_object(out["meta"]), "lastUpdated": status.last_updated}
    return dump(out)


def _object(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _names(traits: Traits) -> list[Json]:
    names = patient_names(traits)
    if traits.given_names:
        names[0]["extension"] = [
            {"url": urls.FR_BIRTH_GIVEN_NAMES, "valueString": traits.given_names}
        ]
    return names


def _extensions(status: RecordStatus) -> list[Json]:
    out: list[Json] = [
        {
            "url": urls.FR_IDENTITY_RELIABILITY,
            "extension": [
                {
                    "url": "identityStatus",
                    "valueCoding": {"system": urls.FR_IDENTITY_STATUS, "code": "VALI"},
                }
            ],
        },
        {"url": urls.DMP_AUTHORISATION, "valueCode": status.authorisation.value},
        {"url": urls.DMP_PHYSICIAN, "valueBoolean": status.is_physician},
        {"url": urls.DMP_ATTACHED, "valueBoolean": status.attached},
    ]
    if status.traits.birth_place:
        out.append(_birth_place(status.traits.birth_place))
    if closing := _closing(status):
        out.append({"url": urls.DMP_CLOSING, "extension": closing})
    return out


def _birth_place(code: str) -> Json:
    system = urls.COUNTRIES if code.startswith("99") else urls.COMMUNES
    insee = {"url": urls.FR_INSEE_CODE, "valueCoding": {"system": system, "code": code}}
    return {"url": urls.BIRTH_PLACE, "valueAddress": {"extension": [insee]}}


def _closing(status: RecordStatus) -> list[Json]:
    out: list[Json] = []
    if status.closed_at and _DAY.match(status.closed_at):
        out.append({"url": "dateFermeture", "valueDate": status.closed_at[:10]})
    if status.closing_code:
        coding = {"system": urls.DMP_CLOSING_REASON, "code": status.closing_code}
        out.append({"url": "motifFermeture", "valueCodeableConcept": {"coding": [coding]}})
    if status.closing_reason:
        out.append({"url": "raisonFermeture", "valueString": status.closing_reason})
    return out


def render_authorisation(status: RecordStatus, caller: Caller) -> tuple[str, bytes] | None:
    """The Consent that goes with the Patient in TD0.2, as (fullUrl, bytes); None without one.

    It tells the caller's own authorisation; it is made for this answer and has no address.
    """
    actor = actor_of(caller)
    if status.authorisation is Authorisation.NONE or actor is None:
        return None
    key = uuid5(NAMESPACE_URL, f"{status.record_id}|{actor.root}|{actor.extension}")
    provision: Json = {
        "type": "deny" if status.authorisation is Authorisation.REFUSED else "permit",
        "actor": [
            {
                "role": {"coding": [{"system": urls.PARTICIPATION, "code": "IRCP"}]},
                "reference": {"identifier": identifier_to_fhir(actor)},
            }
        ],
    }
    period = period_json(status.authorised_from, status.authorised_until)
    if period:
        provision["period"] = period
    expired = status.authorisation is Authorisation.EXPIRED
    out: Json = {
        "resourceType": "Consent",
        "id": str(key),
        "status": "inactive" if expired else "active",
        "scope": {"coding": [{"system": urls.CONSENT_SCOPE, "code": "patient-privacy"}]},
        "category": [{"coding": [{"system": urls.LOINC, "code": "59284-0"}]}],
        "patient": {"reference": "Patient/" + status.record_id},
        "policyRule": {"coding": [{"system": urls.ACT_CODE, "code": "OPTIN"}]},
        "provision": provision,
    }
    return f"urn:uuid:{key}", dump(out)


def actor_of(caller: Caller) -> Identifier | None:
    """Whom an authorisation of this caller names."""
    if caller.ins is not None:
        return Identifier(caller.ins.oid, caller.ins.matricule)
    return caller.identifier or caller.structure


def period_json(start: int, end: int) -> Json:
    """A Period of two times in seconds since 1970 UTC; 0 stands for none."""
    return {
        name: f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"
        for name, at in (("start", start), ("end", end))
        if at
    }
