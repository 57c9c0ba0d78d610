"""Consent both ways: the ties between a record and those who may, or may not, use it.

One resource for all kinds (authorisation, refusal, block, médecin traitant, parent, judgment,
delegate): the kind is a category of Carnet's own, permit or deny follows from it.
"""

from __future__ import annotations

from datetime import UTC, datetime

from carnet.fhir import values
from carnet.fhir.dates import period_bound
from carnet.fhir.resources.consent_text import consent_text_json, read_consent_text
from carnet.fhir.resources.patient import Json, period_json
from carnet.formats.fhir import urls
from carnet.formats.fhir.dump import dump
from carnet.formats.fhir.elements import ins_of, read_identifier
from carnet.formats.fhir.reading import Element
from carnet.formats.identifiers.fhir import identifier_to_fhir, ins_to_fhir
from carnet.record.access.model import RelationKind
from carnet.record.errors import CarnetError
from carnet.record.identity import Identifier, Ins
from carnet.usecases.requests import ConsentLine, ConsentRequest, ConsentText

_DENIED = frozenset({RelationKind.REFUSAL, RelationKind.BLOCK})
_KINDS = {kind.value: kind for kind in RelationKind if kind is not RelationKind.AUTHOR}


def is_active(line: ConsentLine, now: int) -> bool:
    """Whether a tie is in force or still to come."""
    return not line.ended and (line.end == 0 or now < line.end)


def render(line: ConsentLine, now: int) -> bytes:
    """The Consent of a tie."""
    actor: Json = {"identifier": identifier_to_fhir(line.actor)}
    if line.actor_name:
        actor["display"] = line.actor_name
    provision: Json = {
        "type": "deny" if line.kind in _DENIED else "permit",
        "actor": [
            {
                "role": {"coding": [{"system": urls.PARTICIPATION, "code": "IRCP"}]},
                "reference": actor,
            }
        ],
    }
    period = period_json(line.start, line.end)
    if period:
        provision["period"] = period
    out: Json = {
        "resourceType": "Consent",
        "id": line.id,
        "meta": {"versionId": str(line.version)},
        "extension": _extensions(line),
        "status": "active" if is_active(line, now) else "inactive",
        "scope": {"coding": [{"system": urls.CONSENT_SCOPE, "code": "patient-privacy"}]},
        "category": [
            {"coding": [{"system": urls.LOINC, "code": "59284-0"}]},
            {"coding": [{"system": urls.CONSENT_KINDS, "code": line.kind.value}]},
        ],
        "patient": {
            "reference": "Patient/" + line.record_id,
            "identifier": ins_to_fhir(line.patient),
        },
        "dateTime": _instant(line.made_at),
        "policyRule": {"coding": [{"system": urls.ACT_CODE, "code": "OPTIN"}]},
        "provision": provision,
    }
    return dump(out)


def _instant(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _extensions(line: ConsentLine) -> list[Json]:
    out: list[Json] = [{"url": urls.CONSENT_MADE_BY, "valueCode": line.made_by}]
    if line.ended:
        out.append({"url": urls.CONSENT_ENDED, "valueDateTime": _instant(line.ended)})
    if line.scope:
        out.append({"url": urls.CONSENT_SCOPE_EXTENSION, "valueCode": line.scope})
    if line.text:
        out.append(consent_text_json(line.text))
    return out


def parse(resource: Json, base: str) -> ConsentRequest:
    """The tie to make.

    Raises ``element-*``, ``consent-*``, ``identifier-*``, ``ins-*``, ``extension-unknown``.
    """
    root = Element(resource, "Consent")
    if root.raw("resourceType") != "Consent":
        raise CarnetError(
            "resource-type", root.at("resourceType"), attendu="Consent", expected="Consent"
        )
    root.ignore("meta", "language", "text", "dateTime", "policyRule", "policy")
    if root.needed_text("status", 20) != "active":
        raise CarnetError("consent-status", root.at("status"))
    _check_scope(root)
    text, scope = _read_extensions(root)
    kind = _read_kind(root)
    patient, record = _read_patient(root, base)
    provision = root.child("provision")
    if provision is None:
        root.require("provision")
    said = provision.text("type", 10)
    kind = kind or (RelationKind.REFUSAL if said == "deny" else RelationKind.AUTHORISATION)
    if said is not None and said != ("deny" if kind in _DENIED else "permit"):
        raise CarnetError("consent-provision", provision.at("type"))
    start, end = _read_period(provision)
    actor, name = _read_actor(provision)
    provision.done()
    root.done()
    return ConsentRequest(
        patient=patient,
        record=record,
        kind=kind,
        actor=actor,
        actor_name=name,
        start=start,
        end=end,
        text=text,
        scope=scope,
    )


def _check_scope(root: Element) -> None:
    scope = root.child("scope")
    if scope is None:
        root.require("scope")
    codes = [item.needed_text("code", 40) for item in scope.children("coding", 5)]
    if "patient-privacy" not in codes:
        raise CarnetError("consent-scope", scope.path)


def _read_kind(root: Element) -> RelationKind | None:
    found: RelationKind | None = None
    for category in root.children("category", 5):
        for coding in category.children("coding", 5):
            code = coding.needed_text("code", 40)
            if coding.text("system", 256) != urls.CONSENT_KINDS:
                continue
            if code not in _KINDS or found not in (None, _KINDS[code]):
                raise CarnetError("consent-kind", coding.at("code"))
            found = _KINDS[code]
    return found


def _read_patient(root: Element, base: str) -> tuple[Ins | None, str | None]:
    patient = root.child("patient")
    if patient is None:
        root.require("patient")
    patient.ignore("display", "type")
    named, target = patient.child("identifier"), patient.text("reference", 512)
    patient.done()
    if named is not None:
        return ins_of(read_identifier(named), named.at("value")), None
    if target is None:
        patient.require("identifier")
    return None, values.record_id(target, patient.at("reference"), base)


def _read_period(provision: Element) -> tuple[int, int]:
    period = provision.child("period")
    if period is None:
        return 0, 0
    start, end = period.date_time("start"), period.date_time("end")
    period.done()
    bounds = (
        period_bound(start, is_end=False) if start else 0,
        period_bound(end, is_end=True) if end else 0,
    )
    if bounds[1] and bounds[1] <= bounds[0]:
        raise CarnetError("consent-period", period.path)
    return bounds


def _read_actor(provision: Element) -> tuple[Identifier, str | None]:
    actors = provision.children("actor", 5)
    if len(actors) != 1:
        raise CarnetError("consent-actor", provision.at("actor"))
    actor = actors[0]
    actor.ignore("role")
    reference = actor.child("reference")
    if reference is None:
        actor.require("reference")
    actor.done()
    reference.ignore("type")
    named, name = reference.child("identifier"), reference.text("display", 256)
    reference.done()
    if named is None:
        reference.require("identifier")
    return read_identifier(named), name


def _read_extensions(root: Element) -> tuple[ConsentText | None, str | None]:
    text: ConsentText | None = None
    scope: str | None = None
    for extension in root.children("extension", 5):
        url = extension.needed_text("url", 256)
        if url == urls.CONSENT_TEXT:
            text = read_consent_text(extension)
        elif url == urls.CONSENT_SCOPE_EXTENSION:
            scope = extension.needed_text("valueCode", 40)
        else:
            raise CarnetError("extension-unknown", extension.path)
        extension.done()
    return text, scope
