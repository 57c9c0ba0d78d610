"""Valid inputs that fuzzing begins from: invented documents, the examples of the docs, tokens."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import orjson

from carnet.formats.fhir import urls
from carnet.record.access.model import RelationKind
from carnet.usecases.tokens.claims import caller_claims
from tests.formats.cda.minimal import MINIMAL
from tests.system.documents import hiding, letter, simplified
from tests.system.people import ENDOCRINOLOGIST, GENERALIST, citizen, house, opening, tie

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"


@cache
def cda_samples() -> list[bytes]:
    """Level 1 by hand, level 1 as built, level 3 in sections."""
    who = citizen()
    sections = (
        b'<component><structuredBody><component><section><title>Motif</title><text ID="t">Toux'
        b'<table><tr><td styleCode="Bold">a</td></tr></table><list><item>b</item></list></text>'
        b"<entry><observation classCode='OBS' moodCode='EVN'><text><reference value='#t'/></text>"
        b"</observation></entry></section></component></structuredBody></component>"
        b"</ClinicalDocument>"
    )
    minimal = MINIMAL.encode()
    header = minimal[: minimal.rindex(b"<component>")]
    return [
        minimal,
        header + sections,
        letter(who, GENERALIST).data,
        letter(who, who.caller, kind="EXPPAT_1").data,
        letter(who, GENERALIST, replaces="2.25.9").data,
    ]


@cache
def json_samples() -> list[bytes]:
    """Records to open, ties to make, documents to submit."""
    who = citizen()
    made = [
        opening(who),
        tie(who, ENDOCRINOLOGIST),
        *(tie(who, GENERALIST, kind.value) for kind in RelationKind),
        simplified(letter(who, GENERALIST)),
        simplified(letter(who, who.caller, kind="EXPPAT_1")),
        simplified(
            letter(who, GENERALIST),
            relatesTo=[
                {"code": "replaces", "target": {"reference": "DocumentReference?identifier=a|b"}}
            ],
            securityLabel=[
                {"coding": [{"system": urls.OID_PREFIX + "1.2.250.1.213.1.1.4.13", "code": "N"}]}
            ],
        ),
    ]
    files = [EXAMPLES / name for name in ("patient.json", "consent.json", "document.json")]
    return [orjson.dumps(one) for one in made] + [file.read_bytes() for file in files]


@cache
def patch_samples() -> list[bytes]:
    """Hiding and showing, both ways of saying it; ending a tie."""
    operation = [
        {"name": "type", "valueCode": "replace"},
        {"name": "path", "valueString": "DocumentReference.securityLabel[0]"},
        {"name": "value", "valueCodeableConcept": hiding()[0]["value"]},
    ]
    parameters = {
        "resourceType": "Parameters",
        "parameter": [{"name": "operation", "part": operation}],
    }
    ending = [{"op": "replace", "path": "/status", "value": "inactive"}]
    made: list[object] = [
        hiding(),
        hiding("N"),
        hiding("INVISIBLE_PATIENT", "/securityLabel/-"),
        [{"op": "add", "path": "/securityLabel", "value": [hiding()[0]["value"]]}],
        [{"op": "add", "path": "/securityLabel/0", "value": "MASQUE_PS"}],
        ending,
        parameters,
    ]
    return [orjson.dumps(one) for one in made]


@cache
def token_samples() -> list[bytes]:
    """The claims of every kind of caller, and headers."""
    who = citizen()
    common = {
        "iss": "urn:carnet:fuzz",
        "sub": "s",
        "aud": "https://carnet.example/fhir",
        "client_id": "c",
        "jti": "j",
        "iat": 1_780_000_000,
        "exp": 1_780_000_600,
    }
    callers = (who.caller, GENERALIST, house())
    claims = [orjson.dumps({**common, **caller_claims(caller)}) for caller in callers]
    return [*claims, b'{"alg":"ES256","typ":"at+jwt","kid":"k"}', b"eyJhbGciOiJFUzI1NiJ9.e30.AA"]


def query_samples() -> list[bytes]:
    """Searches of documents."""
    return [
        b"patient.identifier=urn:oid:1.2.250.1.213.1.4.10%7C104029933001995&status=current",
        b"patient=Patient/3f9ea1b1-9a0c-4f4e-8b3e-1c6f1a3f0001&type=11488-4&_count=5&_sort=-date",
        b"identifier=urn:ietf:rfc:3986|urn:oid:2.25.7&category=10&date=ge2024-01&date=lt2026",
        b"_id=3f9ea1b1-9a0c-4f4e-8b3e-1c6f1a3f0001&security-label=N,MASQUE_PS&type:not=a%5C,b",
        b"patient=x&period=eq2026-01-05T10:15:00+01:00&author.family=ES&author.given=A&_cursor=AA",
    ]


def identifier_samples() -> list[bytes]:
    """CX, XCN, XON, FHIR and CDA forms."""
    return [
        b"104029933001995^^^&1.2.250.1.213.1.4.10&ISO^NH",
        b"899972101176^GARRIGUE^Helene^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS",
        b"Cabinet^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^1359910072",
        b"urn:oid:1.2.250.1.213.1.4.10^104029933001995",
        b"2.25.17^^^&1.2.3&ISO^urn:ihe:iti:xds:2013:order",
        b"urn:uuid:3f9ea1b1-9a0c-4f4e-8b3e-1c6f1a3f0001",
        b"Q29uc3VsdGF0aW9u",
    ]
