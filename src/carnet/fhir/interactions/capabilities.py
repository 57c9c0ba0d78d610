"""``GET metadata``: the CapabilityStatement, generated from the tables of routes and parameters."""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import version

import orjson

from carnet.fhir.call import Call
from carnet.fhir.document_params import DOCUMENTS
from carnet.fhir.fact_params import FACTS, PROVENANCE
from carnet.fhir.http import Response
from carnet.fhir.interactions.find_consents import CONSENTS
from carnet.fhir.interactions.find_patient import PATIENTS
from carnet.fhir.interactions.find_provenance import ORIGINS
from carnet.fhir.interactions.read_history import HISTORY
from carnet.fhir.params import described
from carnet.fhir.resources.facts import FACT_RESOURCES
from carnet.formats.fhir import urls

SEARCHES: dict[str, list[dict[str, str]]] = {
    "DocumentReference": described(DOCUMENTS),
    "Patient": described(PATIENTS),
    "AuditEvent": described(HISTORY),
    "Consent": described(CONSENTS),
    "Provenance": described(ORIGINS),
    **{name: described(params.table) for name, params in FACTS.items()},
}
_PROFILES = {
    "DocumentReference": [urls.PDSM_COMPREHENSIVE, urls.PDSM_SIMPLIFIED],
    "Patient": [urls.FR_PATIENT, urls.FR_PATIENT_INS],
}
_DOCUMENTATION = (
    "IHE MHD 4.2.x Document Responder and Document Recipient (simplified publish), French PDSm "
    "3.1.1 and PDSm for DMP 0.1.0: TD0.2, TD2.1 (ITI-105), TD3.1 (ITI-67), TD3.2 (ITI-68), TD3.3a "
    "and TD3.3b (PATCH). JSON only: XML is answered 406 or 415, a departure from MHD and PDSm. "
    "Strict by default: an unknown or unsupported parameter is refused by name; Prefer: "
    "handling=lenient turns that into a warning. Status absent means current. Every access is "
    "traced and can be read as AuditEvent by the patient. Observation, Condition and the other "
    "clinical resources are what the entries of CDA documents say, read-only; Provenance names the "
    "document and the place in it."
)


async def interact(call: Call) -> Response:
    """The statement; needs no token."""
    call.no_parameters()
    return call.json(200, statement(call.base))


@lru_cache(maxsize=4)
def statement(base: str) -> bytes:
    """The CapabilityStatement of this server (R4 §5.1)."""
    # The routes name this interaction, so they are looked at when first asked for.
    from carnet.fhir.routes import ROUTES  # noqa: PLC0415

    interactions: dict[str, dict[str, str]] = {}
    for route in ROUTES:
        kind = route.path.partition("/")[0]
        if route.code:
            interactions.setdefault(kind, {}).setdefault(route.code, route.text)
    return orjson.dumps(
        {
            "resourceType": "CapabilityStatement",
            "url": f"{base}/metadata",
            "version": version("carnet"),
            "name": "Carnet",
            "title": "Carnet, dossier médical partagé",
            "status": "active",
            "date": "2026-11-24",
            "kind": "instance",
            "software": {"name": "Carnet", "version": version("carnet")},
            "implementation": {"description": "Carnet", "url": base},
            "fhirVersion": "4.0.1",
            "format": ["application/fhir+json", "application/json"],
            "patchFormat": ["application/json-patch+json", "application/fhir+json"],
            "rest": [
                {
                    "mode": "server",
                    "documentation": _DOCUMENTATION,
                    "security": {
                        "service": [
                            {"coding": [{"system": urls.SMART_SECURITY, "code": "SMART-on-FHIR"}]}
                        ],
                        "description": "Bearer tokens with SMART v2 scopes.",
                    },
                    "resource": [
                        _resource(kind, found) for kind, found in sorted(interactions.items())
                    ],
                }
            ],
        }
    )


def _resource(kind: str, interactions: dict[str, str]) -> dict[str, object]:
    out: dict[str, object] = {"type": kind}
    if kind in _PROFILES:
        out["supportedProfile"] = _PROFILES[kind]
    out["interaction"] = [
        {"code": code, "documentation": text} for code, text in interactions.items()
    ]
    out["versioning"] = "versioned" if kind == "DocumentReference" else "no-version"
    if kind in FACT_RESOURCES:
        out["searchRevInclude"] = [PROVENANCE]
    if kind in SEARCHES:
        out["searchParam"] = SEARCHES[kind]
    return out
