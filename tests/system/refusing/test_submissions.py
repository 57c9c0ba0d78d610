"""Bad documents and bad metadata: each its precise error, nothing stored."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from tests.system.checks import refused
from tests.system.documents import Letter, attachment, simplified
from tests.system.people import (
    GENERALIST,
    Json,
    citizen,
)
from tests.system.refusing.changes import Scene, data_is, document, drop, put, sent
from tests.system.server import Node


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
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><ClinicalDocument xmlns="urn:hl7-org:v3">&c;
</ClinicalDocument>"""
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
    "hash": (
        sent(put("content.0.attachment.hash", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=")),
        422,
        "hash-mismatch",
        HASH,
    ),
    "hash of another length": (
        sent(put("content.0.attachment.hash", "AAAA")),
        422,
        "hash-malformed",
        HASH,
    ),
    "size": (sent(put("content.0.attachment.size", 7)), 422, "size-mismatch", SIZE),
    "another patient": (
        sent(other_ins),
        422,
        "patient-contradicts-document",
        "DocumentReference.subject",
    ),
    "other traits": (
        sent(other_traits),
        409,
        "ins-traits-differ",
        "DocumentReference.context.sourcePatientInfo",
    ),
    "another type": (
        sent(put("type", {"coding": [{"system": "http://loinc.org", "code": "34133-9"}]})),
        422,
        "metadata-contradicts-document",
        "DocumentReference.type",
    ),
    "another author": (
        sent(put("author.0.identifier.value", "899972238705")),
        422,
        "metadata-contradicts-document",
        "DocumentReference.author",
    ),
    "another date": (
        sent(put("date", "2026-01-06T10:15:00+01:00")),
        422,
        "metadata-contradicts-document",
        "DocumentReference.date",
    ),
    "another unique id": (
        sent(put("masterIdentifier.value", "urn:oid:1.2.3.4")),
        422,
        "metadata-contradicts-document",
        "DocumentReference.masterIdentifier",
    ),
    "a PDF that is said to be a CDA": (data_is(b"%PDF-1.4 no CDA"), 400, "xml-malformed", None),
    "a CDA that is said to be a PDF": (
        lambda one: simplified(
            one, content=[{"attachment": attachment(one.data, "x", "application/pdf")}]
        ),
        422,
        "media-type-mismatch",
        "DocumentReference.content[0].attachment.contentType",
    ),
    # Codes and dates.
    "an unknown type": (
        document((b'code="11488-4"', b'code="11488-x"')),
        422,
        "type-unknown",
        None,
    ),
    "an unknown sex": (
        document((b'administrativeGenderCode code="F"', b'administrativeGenderCode code="Q"')),
        422,
        "cda-sex-unknown",
        None,
    ),
    "a date of the future": (
        document(
            (
                b'<effectiveTime value="20260105101500+0100"/>',
                b'<effectiveTime value="20990105101500+0100"/>',
            )
        ),
        422,
        "metadata-contradicts-document",
        "DocumentReference.date",
    ),
    "a day that is none": (
        document(
            (
                b'<effectiveTime value="20260105101500+0100"/>',
                b'<effectiveTime value="20260231101500+0100"/>',
            )
        ),
        422,
        "cda-time-malformed",
        None,
    ),
    "a media type that is none of ours": (
        sent(put("content.0.attachment.contentType", "application/x-msdownload")),
        422,
        "media-type-unknown",
        None,
    ),
    "an unknown label": (
        sent(put("securityLabel", [{"coding": [{"code": "TOP-SECRET"}]}])),
        422,
        "visibility-unknown",
        "DocumentReference.securityLabel",
    ),
    # What is broken.
    "truncated base64": (
        sent(put("content.0.attachment.data", "AAAA=AA")),
        422,
        "base64-invalid",
        DATA,
    ),
    "data that is no base64": (
        sent(put("content.0.attachment.data", "«é»")),
        422,
        "base64-invalid",
        DATA,
    ),
    "data that is no text": (
        sent(put("content.0.attachment.data", 5)),
        422,
        "base64-invalid",
        DATA,
    ),
    "no data": (sent(put("content.0.attachment.data", "")), 422, "base64-invalid", DATA),
    "truncated XML": (lambda one: data_is(one.data[:-40])(one), 400, "xml-truncated", None),
    "XML in another encoding": (
        data_is(b"<?xml version='1.0' encoding='IBM037'?><a/>"),
        400,
        "xml-encoding-refused",
        None,
    ),
    "an XML bomb": (data_is(BOMB), 400, "xml-dtd-refused", None),
    "a file from outside": (data_is(OUTSIDE), 400, "xml-dtd-refused", None),
    "deep XML": (data_is(DEEP), 400, "xml-too-deep", None),
    "many attributes": (data_is(WIDE), 400, "xml-too-many", None),
    "XML that is no CDA": (data_is(b"<html/>"), 400, "cda-not-a-document", None),
    "a NUL byte in XML": (document((b"<title>", b"<title>\x00")), 400, "xml-malformed", None),
    # The resource.
    "no masterIdentifier": (
        sent(drop("masterIdentifier")),
        422,
        "element-required",
        "DocumentReference.masterIdentifier",
    ),
    "another status": (
        sent(put("status", "superseded")),
        422,
        "status-not-current",
        "DocumentReference.status",
    ),
    "an unknown member": (
        sent(put("colour", "red")),
        422,
        "element-unknown",
        "DocumentReference.colour",
    ),
    "a modifier extension": (
        sent(put("modifierExtension", [{"url": "http://x.example", "valueBoolean": True}])),
        422,
        "modifier-extension-unknown",
        "DocumentReference.modifierExtension",
    ),
    "a contained resource twice": (
        sent(lambda r: r["contained"].append(copy.deepcopy(r["contained"][0]))),
        422,
        "contained-repeated",
        "DocumentReference.contained[1].id",
    ),
    "a contained resource that is absent": (
        sent(put("custodian.reference", "#nobody")),
        422,
        "contained-absent",
        None,
    ),
    "a text in place of a list": (
        sent(put("author", "me")),
        400,
        "element-type",
        "DocumentReference.author",
    ),
    "a NUL in a text": (
        sent(put("content.0.attachment.title", "a\x00b")),
        422,
        "element-control-character",
        "DocumentReference.content[0].attachment.title",
    ),
    "an endless title": (
        sent(put("content.0.attachment.title", "é" * 5000)),
        422,
        "element-too-long",
        "DocumentReference.content[0].attachment.title",
    ),
    "a huge size": (sent(put("content.0.attachment.size", 2**63)), 400, "element-type", SIZE),
    "a huger size": (sent(put("content.0.attachment.size", 10**30)), 400, "element-type", SIZE),
    "a negative size": (sent(put("content.0.attachment.size", -1)), 400, "element-type", SIZE),
    "two contents": (
        sent(lambda r: r["content"].append(copy.deepcopy(r["content"][0]))),
        422,
        "content-not-one",
        "DocumentReference.content",
    ),
    "a fetch from elsewhere": (
        sent(put("content.0.attachment.url", "http://127.0.0.1:1/x")),
        422,
        "url-not-allowed",
        "DocumentReference.content[0].attachment.url",
    ),
    "a wrong INS key": (
        sent(put("subject.identifier.value", "284061523800101")),
        422,
        "patient-contradicts-document",
        None,
    ),
    "an INS that is none": (
        sent(put("subject.identifier.value", "28406")),
        422,
        "ins-malformed",
        None,
    ),
    "an OID of no INS": (
        sent(put("subject.identifier.system", "urn:oid:1.2.3")),
        422,
        "ins-oid-unknown",
        None,
    ),
    "another type of resource": (
        sent(put("resourceType", "Observation")),
        422,
        "resource-type",
        "DocumentReference.resourceType",
    ),
}


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
