"""What bad input gets: its precise error, nothing stored, and the server goes on."""

from __future__ import annotations

import base64
import copy
import json
import secrets
import time
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from carnet.app import OWN_ISSUER, SIGNING_KEY, audience_of
from carnet.record.caller import Caller
from carnet.record.lifecycle import LifecycleEvent, RecordState
from carnet.record.trace import Act
from carnet.storage import records, writes
from carnet.storage.batch import Batch, step
from carnet.storage.codes import STATES
from carnet.storage.facts import stored_facts
from carnet.storage.sealed import LifeAct
from carnet.storage.store import Store
from carnet.usecases.tokens import Signer, new_signing_key
from tests.system.checks import refused
from tests.system.documents import Letter, attachment, letter, simplified
from tests.system.people import (
    ENDOCRINOLOGIST,
    GENERALIST,
    Citizen,
    Json,
    citizen,
    house,
    opening,
    tie,
)
from tests.system.server import FHIR, Client, Node

Change = Callable[[Any], object]


class Scene:
    """A record with one document, and a second one to feed in bad ways."""

    def __init__(self, node: Node) -> None:
        self.who: Citizen = citizen()
        self.record = node.open_for(self.who)
        self.first = node.feed(letter(self.who, GENERALIST))
        self.letter: Letter = letter(self.who, GENERALIST)


@pytest.fixture(scope="session")
def scene(node: Node) -> Scene:
    return Scene(node)


@pytest.fixture
def unharmed(node: Node) -> Iterator[None]:
    """After the test as much is stored as before, and the server answers without a restart."""
    before, web = node.stored(), [child.pid for child in node.server.children("web")]
    yield
    assert node.stored() == before
    assert node.acting(None).get("metadata").status_code == 200
    assert [child.pid for child in node.server.children("web")] == web
    assert not node.server.logged("fhir-defect")


# Documents


def xml(one: Letter, *changes: tuple[bytes, bytes]) -> Json:
    """The submission of a document with bytes changed, its hash and size right again."""
    data = one.data
    for old, new in changes:
        assert old in data, old
        data = data.replace(old, new, 1)
    return simplified(msgspec.structs.replace(one, data=data))


def sent(change: Change) -> Callable[[Letter], Json]:
    """The submission of a letter, its resource changed."""

    def make(one: Letter) -> Json:
        resource = json.loads(msgspec.json.encode(simplified(one)))
        change(resource)
        return resource

    return make


def document(*changes: tuple[bytes, bytes]) -> Callable[[Letter], Json]:
    """The submission of a letter, its bytes changed."""
    return lambda one: xml(one, *changes)


def put(path: str, value: object) -> Change:
    """Set a member, its path written ``content.0.attachment.title``."""

    def change(resource: Any) -> None:
        *parts, last = path.split(".")
        for part in parts:
            resource = resource[int(part)] if part.isdigit() else resource.setdefault(part, {})
        resource[last] = value

    return change


def drop(*names: str) -> Change:
    """Take members away."""
    return lambda resource: [resource.pop(name) for name in names]


def data_is(data: bytes, media_type: str = "text/xml") -> Callable[[Letter], Json]:
    """The submission of other bytes."""
    return lambda one: simplified(
        one, content=[{"attachment": attachment(data, one.title, media_type)}]
    )


def other_ins(resource: Any) -> None:
    resource["subject"] = {"identifier": citizen().identifier}


def other_traits(resource: Any) -> None:
    resource["contained"].append(
        {
            "resourceType": "Patient",
            "id": "p",
            "name": [{"use": "official", "family": "AUTRE", "given": ["CLAIRE"]}],
            "gender": "female",
            "birthDate": "1984-06-15",
        }
    )
    resource["context"] = {"sourcePatientInfo": {"reference": "#p"}}


BOMB = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><ClinicalDocument xmlns="urn:hl7-org:v3">&c;</ClinicalDocument>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>
<ClinicalDocument xmlns="urn:hl7-org:v3"><title>&e;</title></ClinicalDocument>"""
DEEP = b'<ClinicalDocument xmlns="urn:hl7-org:v3">' + b"<a>" * 200_000
WIDE = (
    b'<ClinicalDocument xmlns="urn:hl7-org:v3" '
    + b" ".join(b'a%d="1"' % n for n in range(5000))
    + b"/>"
)
DATA = "DocumentReference.content[0].attachment.data"
HASH = "DocumentReference.content[0].attachment.hash"
SIZE = "DocumentReference.content[0].attachment.size"

SUBMISSIONS: dict[str, tuple[Callable[[Letter], Json], int, str, str | None]] = {
    # What it says of itself does not hold.
    "hash": (sent(put("content.0.attachment.hash", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=")), 422, "hash-mismatch", HASH),
    "hash of another length": (sent(put("content.0.attachment.hash", "AAAA")), 422, "hash-malformed", HASH),
    "size": (sent(put("content.0.attachment.size", 7)), 422, "size-mismatch", SIZE),
    "another patient": (sent(other_ins), 422, "patient-contradicts-document", "DocumentReference.subject"),
    "other traits": (sent(other_traits), 409, "ins-traits-differ", "DocumentReference.context.sourcePatientInfo"),
    "another type": (
        sent(put("type", {"coding": [{"system": "http://loinc.org", "code": "34133-9"}]})),
        422, "metadata-contradicts-document", "DocumentReference.type",
    ),
    "another author": (
        sent(put("author.0.identifier.value", "899972238705")),
        422, "metadata-contradicts-document", "DocumentReference.author",
    ),
    "another date": (sent(put("date", "2026-01-06T10:15:00+01:00")), 422, "metadata-contradicts-document", "DocumentReference.date"),
    "another unique id": (
        sent(put("masterIdentifier.value", "urn:oid:1.2.3.4")),
        422, "metadata-contradicts-document", "DocumentReference.masterIdentifier",
    ),
    "a PDF that is said to be a CDA": (data_is(b"%PDF-1.4 no CDA"), 400, "xml-malformed", None),
    "a CDA that is said to be a PDF": (
        lambda one: simplified(one, content=[{"attachment": attachment(one.data, "x", "application/pdf")}]),
        422, "media-type-mismatch", "DocumentReference.content[0].attachment.contentType",
    ),
    # Codes and dates.
    "an unknown type": (document((b'code="11488-4"', b'code="11488-x"')), 422, "type-unknown", None),
    "an unknown sex": (
        document((b'administrativeGenderCode code="F"', b'administrativeGenderCode code="Q"')),
        422, "cda-sex-unknown", None,
    ),
    "a date of the future": (
        document((b'<effectiveTime value="20260105101500+0100"/>', b'<effectiveTime value="20990105101500+0100"/>')),
        422, "metadata-contradicts-document", "DocumentReference.date",
    ),
    "a day that is none": (
        document((b'<effectiveTime value="20260105101500+0100"/>', b'<effectiveTime value="20260231101500+0100"/>')),
        422, "cda-time-malformed", None,
    ),
    "a media type that is none of ours": (
        sent(put("content.0.attachment.contentType", "application/x-msdownload")),
        422, "media-type-unknown", None,
    ),
    "an unknown label": (
        sent(put("securityLabel", [{"coding": [{"code": "TOP-SECRET"}]}])),
        422, "visibility-unknown", "DocumentReference.securityLabel",
    ),
    # What is broken.
    "truncated base64": (sent(put("content.0.attachment.data", "AAAA=AA")), 422, "base64-invalid", DATA),
    "data that is no base64": (sent(put("content.0.attachment.data", "«é»")), 422, "base64-invalid", DATA),
    "data that is no text": (sent(put("content.0.attachment.data", 5)), 422, "base64-invalid", DATA),
    "no data": (sent(put("content.0.attachment.data", "")), 422, "base64-invalid", DATA),
    "truncated XML": (lambda one: data_is(one.data[:-40])(one), 400, "xml-truncated", None),
    "XML in another encoding": (data_is(b"<?xml version='1.0' encoding='IBM037'?><a/>"), 400, "xml-encoding-refused", None),
    "an XML bomb": (data_is(BOMB), 400, "xml-dtd-refused", None),
    "a file from outside": (data_is(OUTSIDE), 400, "xml-dtd-refused", None),
    "deep XML": (data_is(DEEP), 400, "xml-too-deep", None),
    "many attributes": (data_is(WIDE), 400, "xml-too-many", None),
    "XML that is no CDA": (data_is(b"<html/>"), 400, "cda-not-a-document", None),
    "a NUL byte in XML": (document((b"<title>", b"<title>\x00")), 400, "xml-malformed", None),
    # The resource.
    "no masterIdentifier": (sent(drop("masterIdentifier")), 422, "element-required", "DocumentReference.masterIdentifier"),
    "another status": (sent(put("status", "superseded")), 422, "status-not-current", "DocumentReference.status"),
    "an unknown member": (sent(put("colour", "red")), 422, "element-unknown", "DocumentReference.colour"),
    "a modifier extension": (
        sent(put("modifierExtension", [{"url": "http://x.example", "valueBoolean": True}])),
        422, "modifier-extension-unknown", "DocumentReference.modifierExtension",
    ),
    "a contained resource twice": (
        sent(lambda r: r["contained"].append(copy.deepcopy(r["contained"][0]))),
        422, "contained-repeated", "DocumentReference.contained[1].id",
    ),
    "a contained resource that is absent": (sent(put("custodian.reference", "#nobody")), 422, "contained-absent", None),
    "a text in place of a list": (sent(put("author", "me")), 400, "element-type", "DocumentReference.author"),
    "a NUL in a text": (sent(put("content.0.attachment.title", "a\x00b")), 422, "element-control-character", "DocumentReference.content[0].attachment.title"),
    "an endless title": (sent(put("content.0.attachment.title", "é" * 5000)), 422, "element-too-long", "DocumentReference.content[0].attachment.title"),
    "a huge size": (sent(put("content.0.attachment.size", 2**63)), 400, "element-type", SIZE),
    "a huger size": (sent(put("content.0.attachment.size", 10**30)), 400, "element-type", SIZE),
    "a negative size": (sent(put("content.0.attachment.size", -1)), 400, "element-type", SIZE),
    "two contents": (
        sent(lambda r: r["content"].append(copy.deepcopy(r["content"][0]))),
        422, "content-not-one", "DocumentReference.content",
    ),
    "a fetch from elsewhere": (
        sent(put("content.0.attachment.url", "http://127.0.0.1:1/x")),
        422, "url-not-allowed", "DocumentReference.content[0].attachment.url",
    ),
    "a wrong INS key": (sent(put("subject.identifier.value", "284061523800101")), 422, "patient-contradicts-document", None),
    "an INS that is none": (sent(put("subject.identifier.value", "28406")), 422, "ins-malformed", None),
    "an OID of no INS": (sent(put("subject.identifier.system", "urn:oid:1.2.3")), 422, "ins-oid-unknown", None),
    "another type of resource": (sent(put("resourceType", "Observation")), 422, "resource-type", "DocumentReference.resourceType"),
}  # fmt: skip


@pytest.mark.usefixtures("unharmed")
@pytest.mark.parametrize("name", SUBMISSIONS)
def test_a_bad_submission_is_refused_by_name(node: Node, scene: Scene, name: str) -> None:
    make, status, code, element = SUBMISSIONS[name]
    response = node.acting(GENERALIST).post("DocumentReference", make(scene.letter))
    refused(response, status, code, element)


@pytest.mark.usefixtures("unharmed")
def test_a_contradiction_names_both_values(node: Node, scene: Scene) -> None:
    make = sent(put("type", {"coding": [{"system": "http://loinc.org", "code": "34133-9"}]}))
    response = node.acting(GENERALIST).post("DocumentReference", make(scene.letter))
    assert "34133-9" in response.text
    assert "11488-4" in response.text


@pytest.mark.usefixtures("unharmed")
def test_a_document_that_says_nothing_of_itself_is_not_of_the_future(
    node: Node, scene: Scene
) -> None:
    codings = {
        "type": ("http://loinc.org", "11488-4"),
        "facilityType": ("urn:oid:1.2.250.1.71.4.2.4", "SA08"),
        "practiceSetting": ("urn:oid:1.2.250.1.213.1.1.4.9", "AMBULATOIRE"),
    }
    coded = {name: {"coding": [{"system": s, "code": c}]} for name, (s, c) in codings.items()}
    one = msgspec.structs.replace(
        scene.letter,
        data=b"%PDF-1.4 text",
        media_type="application/pdf",
        unique_id="1.2.250.1.999.8",
    )
    resource = simplified(
        one,
        type=coded["type"],
        date="2099-01-05T10:15:00+01:00",
        context={
            "period": {"start": "2026-01-05"},
            "facilityType": coded["facilityType"],
            "practiceSetting": coded["practiceSetting"],
        },
    )
    response = node.acting(GENERALIST).post("DocumentReference", resource)
    refused(response, 422, "date-in-future", "DocumentReference.date")
    begun = {**resource, "date": "2026-01-05"}
    begun["context"] = {**begun["context"], "period": {"start": "2099-01-05"}}  # type: ignore[dict-item]  # a plain dict
    response = node.acting(GENERALIST).post("DocumentReference", begun)
    refused(response, 422, "date-in-future", "DocumentReference.context.period.start")


# Bodies that are no JSON


BODIES: dict[str, tuple[bytes, int, str]] = {
    "nothing": (b"", 400, "body-empty"),
    "white space": (b"  \n ", 400, "body-empty"),
    "truncated JSON": (
        b'{"resourceType":"DocumentReference","status":"curr',
        400,
        "json-malformed",
    ),
    "a list": (b"[]", 400, "json-not-object"),
    "a number": (b"1e999", 400, "json-malformed"),
    "no UTF-8": (b'{"status":"\xff\xfe"}', 400, "json-malformed"),
    "a raw NUL": (b'{"status":"a\x00"}', 400, "json-malformed"),
    "a lone surrogate": (
        b'{"resourceType":"DocumentReference","status":"\\ud800"}',
        400,
        "json-malformed",
    ),
    "an integer of a million digits": (b'{"size":' + b"9" * 900_000 + b"}", 400, "json-malformed"),
    "NaN": (b'{"size":NaN}', 400, "json-malformed"),
    "deep nesting": (b'{"a":' * 2000 + b"1" + b"}" * 2000, 400, "json-too-deep"),
    "deeper nesting": (b"[" * 400_000, 400, "json-too-deep"),
    "a name twice": (b'{"status":"current","status":"current"}', 400, "json-duplicate-key"),
    "a name twice, further down": (b'{"a":[{"b":1,"b":2}]}', 400, "json-duplicate-key"),
    "XML": (b"<DocumentReference/>", 400, "json-malformed"),
}


@pytest.mark.usefixtures("unharmed")
@pytest.mark.parametrize("path", ["DocumentReference", "Patient", "Consent"])
@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_no_resource(node: Node, name: str, path: str) -> None:
    body, status, code = BODIES[name]
    headers = {"content-type": FHIR}
    response = node.acting(GENERALIST).request("POST", path, content=body, headers=headers)
    refused(response, status, code)


def large(body: bytes, filler: bytes = b" ") -> bytes:
    """A body that is too large for memory, so that it is read as it arrives."""
    return body.replace(b"@", filler * 1_200_000)


LARGE_BODIES: dict[str, tuple[bytes, int, str]] = {
    "a resource that is mostly text": (large(b'{"resourceType":"DocumentReference","a":"@"}', b"a"), 413, "body-too-large"),
    "truncated in the document": (large(b'{"content":[{"attachment":{"data":"@', b"AAAA"), 400, "json-truncated"),
    "broken base64": (large(b'{"content":[{"attachment":{"data":"@!"}}]}', b"AAAA"), 422, "base64-invalid"),
    "padding in the middle": (large(b'{"content":[{"attachment":{"data":"AA==@"}}]}', b"AAAA"), 422, "base64-invalid"),
    "two documents of one name": (large(b'{"data":"@","data":"@"}', b"AAAA"), 400, "json-duplicate-key"),
    "deep nesting": (large(b'{"a":' * 100 + b'"@"', b"A"), 400, "json-too-deep"),
    "a document in a strange place": (large(b'{"resourceType":"DocumentReference","status":"current","subject":{"data":"@"}}', b"AAAA"), 422, "element-required"),
    "a closing bracket too many": (large(b'}{"data":"@"}', b"AAAA"), 400, "json-malformed"),
}  # fmt: skip


@pytest.mark.usefixtures("unharmed")
@pytest.mark.parametrize("name", LARGE_BODIES)
def test_a_large_body_that_is_no_resource(node: Node, name: str) -> None:
    body, status, code = LARGE_BODIES[name]
    headers = {"content-type": FHIR}
    client = node.acting(GENERALIST)
    refused(
        client.request("POST", "DocumentReference", content=body, headers=headers), status, code
    )


@pytest.mark.usefixtures("unharmed")
def test_a_document_of_more_than_fifty_million_bytes(node: Node) -> None:
    body = b'{"content":[{"attachment":{"data":"' + b"AAAA" * 16_700_000 + b'"}}]}'
    headers = {"content-type": FHIR}
    response = node.acting(GENERALIST).request(
        "POST", "DocumentReference", content=body, headers=headers
    )
    refused(response, 413, "document-too-large")


# Openings, ties, patches


OPENINGS: dict[str, tuple[Change, int, str]] = {
    "no ground": (lambda r: r["extension"].pop(0), 422, "opening-ground-unknown"),
    "an unknown ground": (lambda r: r["extension"][0].update(valueCode="whim"), 422, "opening-ground-unknown"),
    "no INS": (drop("identifier"), 422, "element-required"),
    "two INS": (lambda r: r["identifier"].append(dict(r["identifier"][0])), 422, "ins-not-one"),
    "a wrong key": (lambda r: r["identifier"][0].update(value=wrong_key(r)), 422, "ins-wrong-key"),
    "no name": (drop("name"), 422, "element-required"),
    "an unknown gender": (put("gender", "robot"), 422, "gender-unknown"),
    "the 30th of February": (put("birthDate", "1984-02-30"), 422, "birth-date-invalid"),
    "born tomorrow": (put("birthDate", "2999-01-01"), 422, "date-in-future"),
    "a provisional identity": (
        lambda r: r["extension"].append({"url": "https://carnet.example/fhir/StructureDefinition/identity-status", "valueCode": "provisional"}),
        422, "identity-not-qualified",
    ),
    "a photograph": (put("photo", [{"data": "AAAA"}]), 422, "element-unknown"),
}  # fmt: skip


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
    "an unknown kind": (lambda r: r["category"].append({"coding": [{"system": "https://carnet.example/fhir/CodeSystem/consent-kind", "code": "friend"}]}), 422, "consent-kind"),
    "a permit that blocks": (lambda r: r["category"].append({"coding": [{"system": "https://carnet.example/fhir/CodeSystem/consent-kind", "code": "block"}]}), 422, "consent-provision"),
    "nobody": (lambda r: r["provision"].pop("actor"), 422, "consent-actor"),
    "two actors": (lambda r: r["provision"]["actor"].append(r["provision"]["actor"][0]), 422, "consent-actor"),
    "backwards": (lambda r: r["provision"].update(period={"start": "2027-01-01", "end": "2026-01-01"}), 422, "consent-period"),
    "over since long, never begun": (lambda r: r["provision"].update(period={"end": "2020-01-01"}), 422, "tie-invalid"),
    "a year that does not exist": (lambda r: r["provision"].update(period={"start": "0000-01-01"}), 400, "element-type"),
    "no patient": (drop("patient"), 422, "element-required"),
}  # fmt: skip


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
    "too many": ([{"op": "add", "path": "/securityLabel/0", "value": LABEL}] * 50, 400, "patch-malformed"),
    "another path": ([{"op": "replace", "path": "/type", "value": LABEL}], 405, "patch-path"),
    "a removal": ([{"op": "remove", "path": "/securityLabel/0"}], 405, "patch-operation"),
    "an unknown label": ([{"op": "add", "path": "/securityLabel/0", "value": {"coding": [{"code": "X"}]}}], 422, "visibility-unknown"),
    "a refused label": ([{"op": "add", "path": "/securityLabel/0", "value": {"coding": [{"code": "MASQUE_PT"}]}}], 422, "visibility-refused"),
    "another level": ([{"op": "add", "path": "/securityLabel/0", "value": {"coding": [{"code": "V"}]}}], 422, "patch-value"),
    "no value": ([{"op": "add", "path": "/securityLabel/0"}], 400, "element-type"),
    "a number": ([{"op": "add", "path": "/securityLabel/0", "value": 7}], 400, "element-type"),
    "deletion": ([{"op": "replace", "path": "/status", "value": "entered-in-error"}], 405, "patch-later"),
    "an unknown member": ([{"op": "add", "path": "/securityLabel/0", "value": LABEL, "by": "me"}], 422, "element-unknown"),
}  # fmt: skip


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


# Records that cannot be used


def close(node: Node, who: Citizen) -> None:
    """Close a record, as the operator does on the citizen's request (no face does yet)."""

    async def write(store: Store) -> None:
        record_id = await records.record_of_ins(store, who.ins.matricule)
        assert record_id is not None
        found = await records.load_record(store, record_id, bytes(16), bytes(16))
        assert found is not None
        record, sealer = found
        acts = await records.life(store, sealer)
        act = LifeAct(
            event=str(LifecycleEvent.CLOSE), at=int(time.time()), actor="", capacity="operator"
        )
        row = (
            record_id,
            record.version,
            STATES[RecordState.CLOSED],
            int(record.settings),
            act.at // records.DAY,
            records.sealed_life(sealer, (*acts, act)),
            record.event_count,
        )
        await store.writer.write(
            Batch(record_id, steps=(step(writes.CHANGE_RECORD, row, expect=1),))
        )

    node.with_store(write)


def test_a_closed_record_is_the_citizens_own_copy_until_it_is_reopened(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    node.acting(who).post("Consent", tie(who, ENDOCRINOLOGIST))
    node.feed(letter(who, GENERALIST))
    close(node, who)
    before = node.stored()
    for caller in (GENERALIST, ENDOCRINOLOGIST, house()):
        refused(node.acting(caller).find(who), 403, "record-closed")
        refused(node.acting(caller).submit(letter(who, GENERALIST)), 403, "record-closed")
        status = node.acting(caller).get("Patient", identifier=who.token).json()
        assert status["entry"][0]["resource"]["active"] is False
    assert node.acting(who).find(who).json()["total"] == 1
    refused(node.acting(who).post("Consent", tie(who, GENERALIST)), 403, "record-closed")
    assert node.stored() == before
    assert node.acting(GENERALIST).post("Patient", opening(who)).status_code == 201
    assert node.acting(ENDOCRINOLOGIST).find(who).json()["total"] == 1


# Tokens


def signed(
    node: Node,
    caller: Caller,
    *,
    audience: str | None = None,
    issuer: str | None = None,
    key: bytes | None = None,
    now: int | None = None,
    lifetime: int = 600,
) -> str:
    """A token of which something may be wrong."""
    facts = stored_facts(node.directory, node.database)
    return Signer(key or (node.directory / SIGNING_KEY).read_bytes()).sign(
        caller,
        iss=issuer or OWN_ISSUER + facts["id"],
        audience=audience or audience_of(node.server.base),
        client_id="test",
        jti=secrets.token_hex(16),
        now=int(time.time()) if now is None else now,
        lifetime=lifetime,
    )


def forged(token: str, part: int, **members: object) -> str:
    """A token whose header (0) or claims (1) say something else under the same signature."""
    parts = token.split(".")
    said = json.loads(base64.urlsafe_b64decode(parts[part] + "=="))
    said.update(members)
    parts[part] = base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
    return ".".join(parts)


TOKENS: dict[str, tuple[Callable[[Node], str], int, str]] = {
    "expired": (lambda node: signed(node, GENERALIST, now=int(time.time()) - 7200), 401, "token-expired"),
    "of tomorrow": (lambda node: signed(node, GENERALIST, now=int(time.time()) + 86400), 401, "token-not-yet-valid"),
    "for another server": (lambda node: signed(node, GENERALIST, audience="https://other.example/fhir"), 401, "token-audience"),
    "of a foreign issuer": (lambda node: signed(node, GENERALIST, issuer="https://elsewhere.example"), 401, "token-foreign-issuer"),
    "of a foreign key": (lambda node: signed(node, GENERALIST, key=new_signing_key()), 401, "token-key-unknown"),
    "unsigned": (lambda node: forged(signed(node, GENERALIST), 0, alg="none").rpartition(".")[0] + ".", 401, "token-malformed"),
    "of no algorithm": (lambda node: forged(signed(node, GENERALIST), 0, alg="none"), 401, "token-algorithm"),
    "by a shared secret": (lambda node: forged(signed(node, GENERALIST), 0, alg="HS256"), 401, "token-algorithm"),
    "with a key of its own": (lambda node: forged(signed(node, GENERALIST), 0, jwk={"kty": "EC"}), 401, "token-header"),
    "of another person": (lambda node: forged(signed(node, GENERALIST), 1, sub="someone"), 401, "token-invalid"),
    "of the operator": (lambda node: forged(signed(node, GENERALIST), 1, carnet_caller={"kind": "operator"}), 401, "token-invalid"),
    "that is none": (lambda _: "nonsense", 401, "token-malformed"),
    "that is too long": (lambda _: "a" * 20_000, 401, "token-malformed"),
}  # fmt: skip


@pytest.mark.usefixtures("unharmed")
@pytest.mark.parametrize("name", TOKENS)
def test_a_token_that_vouches_for_nobody(node: Node, scene: Scene, name: str) -> None:
    make, status, code = TOKENS[name]
    client = Client(node.base + "/", make(node))
    response = client.find(scene.who)
    client.close()
    refused(response, status, code)
    assert response.headers["www-authenticate"].startswith('Bearer realm="carnet"')


@pytest.mark.usefixtures("unharmed")
def test_a_token_without_the_scope_is_forbidden(node: Node, scene: Scene) -> None:
    reading = msgspec.structs.replace(GENERALIST, scopes=frozenset({"user/DocumentReference.rs"}))
    client = node.acting(reading)
    assert client.find(scene.who).status_code == 200
    refused(client.submit(scene.letter), 403, "scope-missing")
    refused(client.post("Patient", opening(citizen())), 403, "scope-missing")


def test_no_token_makes_an_operator_or_a_machine(node: Node, scene: Scene) -> None:
    from carnet.record.caller import CallerKind

    for kind in (CallerKind.OPERATOR, CallerKind.MACHINE):
        caller = Caller(kind, name="root", scopes=frozenset({"system/*.cruds"}))
        refused(node.acting(caller).find(scene.who), 401, "token-caller")


def test_refusals_are_acts_of_the_record(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    refused(node.acting(ENDOCRINOLOGIST).find(who), 403, "consent-missing")
    last = node.traces(who.ins)[-1]
    assert (last.act, last.outcome, last.reason) == (Act.FIND, "refused", "consent-missing")
