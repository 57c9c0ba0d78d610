"""What bodies and answers look like, as JSON schemas: ``carnet.fhir.openapi`` places them.

The readers in ``resources/`` and ``patches`` decide; these schemas say as much as a client needs to
send something that they understand. Elements that a schema leaves open are FHIR's.
"""

from __future__ import annotations

from carnet.fhir.fact_params import FACTS
from carnet.fhir.negotiate import FHIR_JSON, JSON, JSON_PATCH
from carnet.formats.fhir import urls
from carnet.record.access.model import RelationKind
from carnet.record.visibility import OID_CONFIDENTIALITY, OID_VISIBILITY, FlagCode

Json = dict[str, object]

BODIES: dict[tuple[str, str], dict[str, str]] = {
    ("POST", "Patient"): {FHIR_JSON: "PatientToOpen", JSON: "PatientToOpen"},
    ("POST", "DocumentReference"): {FHIR_JSON: "DocumentToSubmit", JSON: "DocumentToSubmit"},
    ("POST", "Consent"): {FHIR_JSON: "ConsentToMake", JSON: "ConsentToMake"},
    ("PATCH", "DocumentReference"): {JSON_PATCH: "VisibilityPatch", FHIR_JSON: "FhirPathPatch"},
    ("PATCH", "DocumentReference/{id}"): {
        JSON_PATCH: "VisibilityPatch",
        FHIR_JSON: "FhirPathPatch",
    },
    ("PATCH", "Consent/{id}"): {JSON_PATCH: "EndingPatch", FHIR_JSON: "FhirPathPatch"},
}
"""The schema of each body by route and media type."""


def _object(required: tuple[str, ...], **properties: object) -> Json:
    out: Json = {"type": "object", "properties": properties}
    if required:
        out["required"] = list(required)
    return out


def _list(items: object, least: int = 1, most: int = 5) -> Json:
    return {"type": "array", "items": items, "minItems": least, "maxItems": most}


def _resource(kind: str) -> Json:
    """A resource of which only the type is said here."""
    return _object(("resourceType",), resourceType={"const": kind})


_TEXT: Json = {"type": "string", "minLength": 1, "maxLength": 64}
_DAY: Json = {"type": "string", "pattern": r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"}
_INSTANT: Json = {"type": "string", "format": "date-time"}
_IDENTIFIER = _object(
    ("system", "value"),
    system={"type": "string", "pattern": r"^urn:oid:[0-2](\.[0-9]{1,9}){1,12}$"},
    value=_TEXT,
    use={"enum": ["official", "usual", "secondary", "old"]},
)
_CODING = _object(("code",), system=_TEXT, code=_TEXT, display=_TEXT)
_CONCEPT = _object(("coding",), coding=_list(_CODING, most=2))
_REFERENCE = _object((), reference=_TEXT, identifier=_IDENTIFIER, display=_TEXT)
_PERIOD = _object((), start=_INSTANT, end=_INSTANT)
_LABEL = _object(
    ("coding",),
    coding=_list(
        _object(
            ("code",),
            system={
                "enum": [urls.OID_PREFIX + OID_VISIBILITY, urls.OID_PREFIX + OID_CONFIDENTIALITY]
            },
            code={"enum": [*(flag.value for flag in FlagCode), "N"]},
        ),
        most=2,
    ),
)
_PATHS = ["/securityLabel", "/securityLabel/0", "/securityLabel/-", "/status"]

RESOURCES: dict[str, Json] = {
    **{
        kind: _resource(kind)
        for kind in (
            "AuditEvent",
            "Bundle",
            "CapabilityStatement",
            "Consent",
            "DocumentReference",
            "Patient",
            "Provenance",
            *FACTS,
        )
    },
    "OperationOutcome": _object(
        ("resourceType", "issue"),
        resourceType={"const": "OperationOutcome"},
        issue=_list(
            _object(
                ("severity", "code"),
                severity={"enum": ["error", "warning", "information"]},
                code=_TEXT,
                details={"type": "object"},
                diagnostics={"type": "string"},
                expression={"type": "array", "items": {"type": "string"}},
            ),
            most=100,
        ),
    ),
    "PatientToOpen": _object(
        ("resourceType", "identifier", "name", "gender", "birthDate", "extension"),
        resourceType={"const": "Patient"},
        extension=_list(
            _object(
                ("url",),
                url={"enum": [urls.OPENING_GROUND, urls.CONSENT_TEXT, urls.IDENTITY_STATUS]},
                valueCode={"enum": ["consent", "non-opposition", "birth", "qualified"]},
                extension=_list(_object(("url", "valueString"), url=_TEXT, valueString=_TEXT)),
            )
        ),
        identifier=_list(_IDENTIFIER),
        name=_list(
            _object(
                ("use", "family", "given"),
                use={"enum": ["official", "usual"]},
                family=_TEXT,
                given=_list(_TEXT),
            )
        ),
        gender={"enum": ["male", "female", "other", "unknown"]},
        birthDate=_DAY,
    ),
    "DocumentToSubmit": _object(
        (
            "resourceType",
            "masterIdentifier",
            "status",
            "subject",
            "date",
            "author",
            "custodian",
            "content",
        ),
        resourceType={"const": "DocumentReference"},
        contained=_list(
            _object(
                ("resourceType", "id"),
                resourceType={
                    "enum": ["Organization", "Practitioner", "PractitionerRole", "Patient"]
                },
                id=_TEXT,
                identifier=_list(_IDENTIFIER),
            )
        ),
        masterIdentifier=_object(
            ("system", "value"),
            system={"const": "urn:ietf:rfc:3986"},
            value={"type": "string", "pattern": r"^urn:oid:[0-2](\.[0-9]{1,9}){1,12}$"},
        ),
        status={"const": "current"},
        type=_CONCEPT,
        category=_list(_CONCEPT),
        subject=_REFERENCE,
        date=_INSTANT,
        author=_list(_REFERENCE),
        authenticator=_REFERENCE,
        custodian=_REFERENCE,
        relatesTo=_list(
            _object(
                ("code", "target"),
                code={"enum": ["replaces", "transforms", "appends", "signs"]},
                target=_REFERENCE,
            )
        ),
        securityLabel=_list(_LABEL),
        content=_list(
            _object(
                ("attachment",),
                attachment=_object(
                    ("contentType", "title", "data"),
                    contentType={"enum": ["text/xml", "application/pdf", "text/plain"]},
                    language={"enum": ["fr-FR", "fr"]},
                    title=_TEXT,
                    creation=_INSTANT,
                    data={
                        "type": "string",
                        "contentEncoding": "base64",
                        "pattern": "^([A-Za-z0-9+/]{4})+$",
                    },
                    size={"type": "integer"},
                    hash={"type": "string"},
                ),
                format=_CODING,
            ),
            most=2,
        ),
        context=_object(
            (),
            period=_PERIOD,
            event=_list(_CONCEPT),
            facilityType=_CONCEPT,
            practiceSetting=_CONCEPT,
        ),
    ),
    "ConsentToMake": _object(
        ("resourceType", "status", "scope", "category", "patient", "provision"),
        resourceType={"const": "Consent"},
        status={"const": "active"},
        scope=_object(
            ("coding",), coding=_list(_object(("code",), code={"const": "patient-privacy"}))
        ),
        category=_list(
            _object(
                ("coding",),
                coding=_list(
                    _object(
                        ("system", "code"),
                        system={"const": urls.CONSENT_KINDS},
                        code={"enum": [kind.value for kind in RelationKind]},
                    )
                ),
            )
        ),
        patient=_REFERENCE,
        provision=_object(
            ("actor",),
            type={"enum": ["permit", "deny"]},
            period=_PERIOD,
            actor=_list(_object(("reference",), reference=_REFERENCE)),
        ),
    ),
    "VisibilityPatch": _list(
        _object(
            ("op", "path", "value"),
            op={"enum": ["add", "replace"]},
            path={"enum": _PATHS},
            value=_LABEL,
        ),
        most=10,
    ),
    "EndingPatch": _list(
        _object(
            ("op", "path", "value"),
            op={"enum": ["add", "replace"]},
            path={"const": "/status"},
            value={"const": "inactive"},
        ),
        most=10,
    ),
    "FhirPathPatch": _object(
        ("resourceType", "parameter"),
        resourceType={"const": "Parameters"},
        parameter=_list(
            _object(
                ("name", "part"),
                name={"const": "operation"},
                part=_list(
                    _object(
                        ("name",),
                        name={"enum": ["type", "path", "name", "value"]},
                        valueCode={"enum": ["add", "replace"]},
                        valueString=_TEXT,
                        valueCodeableConcept=_CONCEPT,
                    ),
                    most=10,
                ),
            ),
            most=10,
        ),
    ),
}
"""The schemas that the description refers to, by name."""
