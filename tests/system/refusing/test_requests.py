"""Bad openings, ties, patches and media types."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from tests.system.checks import refused
from tests.system.people import (
    ENDOCRINOLOGIST,
    GENERALIST,
    citizen,
    opening,
    tie,
)
from tests.system.refusing.changes import Change, Scene, drop, put
from tests.system.server import FHIR, Node

OPENINGS: dict[str, tuple[Change, int, str]] = {
    "no ground": (lambda r: r["extension"].pop(0), 422, "opening-ground-unknown"),
    "an unknown ground": (
        lambda r: r["extension"][0].update(valueCode="whim"),
        422,
        "opening-ground-unknown",
    ),
    "no INS": (drop("identifier"), 422, "element-required"),
    "two INS": (lambda r: r["identifier"].append(dict(r["identifier"][0])), 422, "ins-not-one"),
    "a wrong key": (lambda r: r["identifier"][0].update(value=wrong_key(r)), 422, "ins-wrong-key"),
    "no name": (drop("name"), 422, "element-required"),
    "an unknown gender": (put("gender", "robot"), 422, "gender-unknown"),
    "the 30th of February": (put("birthDate", "1984-02-30"), 422, "birth-date-invalid"),
    "born tomorrow": (put("birthDate", "2999-01-01"), 422, "date-in-future"),
    "a provisional identity": (
        lambda r: r["extension"].append(
            {
                "url": "https://carnet.example/fhir/StructureDefinition/identity-status",
                "valueCode": "provisional",
            }
        ),
        422,
        "identity-not-qualified",
    ),
    "a photograph": (put("photo", [{"data": "AAAA"}]), 422, "element-unknown"),
}


def wrong_key(resource: Any) -> str:
    """The INS of an opening with another key."""
    value: str = resource["identifier"][0]["value"]
    return f"{value[:13]}{int(value[13:]) % 97 + 1:02d}"


@pytest.mark.usefixtures("unharmed")
@pytest.mark.parametrize("name", OPENINGS)
def test_a_bad_opening_is_refused_by_name(node: Node, name: str) -> None:
    change, status, code = OPENINGS[name]
    resource = json.loads(msgspec.json.encode(opening(citizen())))
    change(resource)
    refused(node.acting(GENERALIST).post("Patient", resource), status, code)


TIES: dict[str, tuple[Change, int, str]] = {
    "an inactive one": (put("status", "inactive"), 422, "consent-status"),
    "another scope": (put("scope", {"coding": [{"code": "research"}]}), 422, "consent-scope"),
    "an unknown kind": (
        lambda r: r["category"].append(
            {
                "coding": [
                    {
                        "system": "https://carnet.example/fhir/CodeSystem/consent-kind",
                        "code": "friend",
                    }
                ]
            }
        ),
        422,
        "consent-kind",
    ),
    "a permit that blocks": (
        lambda r: r["category"].append(
            {
                "coding": [
                    {
                        "system": "https://carnet.example/fhir/CodeSystem/consent-kind",
                        "code": "block",
                    }
                ]
            }
        ),
        422,
        "consent-provision",
    ),
    "nobody": (lambda r: r["provision"].pop("actor"), 422, "consent-actor"),
    "two actors": (
        lambda r: r["provision"]["actor"].append(r["provision"]["actor"][0]),
        422,
        "consent-actor",
    ),
    "backwards": (
        lambda r: r["provision"].update(period={"start": "2027-01-01", "end": "2026-01-01"}),
        422,
        "consent-period",
    ),
    "over since long, never begun": (
        lambda r: r["provision"].update(period={"end": "2020-01-01"}),
        422,
        "tie-invalid",
    ),
    "a year that does not exist": (
        lambda r: r["provision"].update(period={"start": "0000-01-01"}),
        400,
        "element-type",
    ),
    "no patient": (drop("patient"), 422, "element-required"),
}


@pytest.mark.usefixtures("unharmed")
@pytest.mark.parametrize("name", TIES)
def test_a_bad_tie_is_refused_by_name(node: Node, scene: Scene, name: str) -> None:
    change, status, code = TIES[name]
    resource = json.loads(msgspec.json.encode(tie(scene.who, ENDOCRINOLOGIST)))
    change(resource)
    refused(node.acting(scene.who).post("Consent", resource), status, code)


LABEL = {"coding": [{"code": "MASQUE_PS"}]}
PATCHES: dict[str, tuple[object, int, str]] = {
    "nothing": ([], 400, "patch-malformed"),
    "an object": ({"op": "replace"}, 400, "patch-malformed"),
    "too many": (
        [{"op": "add", "path": "/securityLabel/0", "value": LABEL}] * 50,
        400,
        "patch-malformed",
    ),
    "another path": ([{"op": "replace", "path": "/type", "value": LABEL}], 405, "patch-path"),
    "a removal": ([{"op": "remove", "path": "/securityLabel/0"}], 405, "patch-operation"),
    "an unknown label": (
        [{"op": "add", "path": "/securityLabel/0", "value": {"coding": [{"code": "X"}]}}],
        422,
        "visibility-unknown",
    ),
    "a refused label": (
        [{"op": "add", "path": "/securityLabel/0", "value": {"coding": [{"code": "MASQUE_PT"}]}}],
        422,
        "visibility-refused",
    ),
    "another level": (
        [{"op": "add", "path": "/securityLabel/0", "value": {"coding": [{"code": "V"}]}}],
        422,
        "patch-value",
    ),
    "no value": ([{"op": "add", "path": "/securityLabel/0"}], 400, "element-type"),
    "a number": ([{"op": "add", "path": "/securityLabel/0", "value": 7}], 400, "element-type"),
    "deletion": (
        [{"op": "replace", "path": "/status", "value": "entered-in-error"}],
        405,
        "patch-later",
    ),
    "an unknown member": (
        [{"op": "add", "path": "/securityLabel/0", "value": LABEL, "by": "me"}],
        422,
        "element-unknown",
    ),
}


@pytest.mark.usefixtures("unharmed")
@pytest.mark.parametrize("name", PATCHES)
def test_a_bad_patch_is_refused_by_name(node: Node, scene: Scene, name: str) -> None:
    patch, status, code = PATCHES[name]
    response = node.acting(scene.who).patch(f"DocumentReference/{scene.first['id']}", patch)
    refused(response, status, code)


@pytest.mark.usefixtures("unharmed")
def test_media_types_that_are_not_taken(node: Node, scene: Scene) -> None:
    client = node.acting(GENERALIST)
    path = f"DocumentReference/{scene.first['id']}"
    for method, where, kind in (
        ("POST", "DocumentReference", "application/fhir+xml"),
        ("POST", "DocumentReference", "text/plain"),
        ("POST", "DocumentReference", "application/fhir+json; charset=latin-1"),
        ("PATCH", path, "application/xml-patch+xml"),
        ("POST", "DocumentReference/_search", "multipart/form-data; boundary=x"),
    ):
        headers = {"content-type": kind}
        response = client.request(method, where, content=b"<x/>", headers=headers)
        refused(response, 415, "content-type-unsupported")
    packed = {"content-type": FHIR, "content-encoding": "gzip"}
    response = client.request("POST", "DocumentReference", content=b"\x1f\x8b", headers=packed)
    refused(response, 415, "content-encoding-unsupported")
    response = client.get(
        "DocumentReference", headers={"accept": "application/fhir+xml"}, patient=scene.record
    )
    refused(response, 406, "not-acceptable")
