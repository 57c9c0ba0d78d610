"""What a submitted DocumentReference declares: accepted variants, and refusals by FHIRPath."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import msgspec
import orjson
import pytest

from carnet.fhir.resources.document_reference import PATHS, Declared, parse
from carnet.formats.fhir.document_reference import render
from carnet.formats.fhir.dump import with_base
from carnet.record.errors import CarnetError
from carnet.usecases.requests import DeclaredEntry
from tests.formats.fhir.samples import FULL, INS, RECORD_ID, STATE

BASE = "https://carnet.example/fhir"
A07 = "https://mos.esante.gouv.fr/NOS/TRE_A07-StatutVisibiliteDocument/FHIR/TRE-A07-StatutVisibiliteDocument"

SUBJECT = {"system": "urn:oid:1.2.250.1.213.1.4.10", "value": "279035121518989"}
LEAST: dict[str, Any] = {
    "resourceType": "DocumentReference",
    "contained": [{"resourceType": "Organization", "id": "o", "name": "HOPITAL SAINT-ELME"}],
    "masterIdentifier": {"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.250.1.999.7"},
    "status": "current",
    "subject": {"identifier": SUBJECT},
    "date": "2024-01-02T11:30:00+01:00",
    "author": [{"identifier": {"system": "urn:oid:1.2.250.1.71.4.2.1", "value": "801234567897"}}],
    "custodian": {"reference": "#o"},
    "content": [{"attachment": {"contentType": "text/xml", "title": "Bilan", "data": ""}}],
}


def least(**changes: Any) -> dict[str, Any]:
    resource = copy.deepcopy(LEAST)
    for name, value in changes.items():
        if value is None:
            del resource[name]
        else:
            resource[name] = value
    return resource


def declared(**changes: Any) -> Declared:
    return parse(least(**changes), BASE)


def test_the_least_that_simplified_publish_asks_for() -> None:
    found = declared()
    entry = found.entry
    assert entry.unique_id == "1.2.250.1.999.7"
    assert entry.patient == INS
    assert entry.creation_time == "2024-01-02T11:30:00+01:00"
    assert (entry.mime_type, entry.title) == ("text/xml", "Bilan")
    assert entry.type is None
    assert entry.confidentiality is None
    assert found.record_id is None
    assert found.warnings == ()


def test_what_carnet_renders_it_reads_back() -> None:
    resource = orjson.loads(with_base(render(FULL, STATE, RECORD_ID, None, 0), BASE))
    for name in ("identifier", "id", "meta"):
        del resource[name]
    del resource["content"][0]["attachment"]["url"]
    resource["content"][0]["attachment"]["data"] = ""
    entry = parse(resource, BASE).entry
    same = (
        "unique_id patient type class_code mime_type language title hash_sha1 size creation_time "
        "service_start service_stop facility practice_setting confidentiality custodian format "
        "authenticator comments events references replaces"
    )
    for name in same.split():
        assert getattr(entry, name) == getattr(FULL, name), name
    assert [author.kind for author in entry.authors] == [author.kind for author in FULL.authors]
    assert FULL.source_patient is not None
    assert entry.source_patient == msgspec.structs.replace(FULL.source_patient, birth_place=None)


def test_every_field_has_its_place_for_errors() -> None:
    fields = set(DeclaredEntry.__struct_fields__) - {"paths"}
    assert set(PATHS) == fields


@pytest.mark.parametrize(
    "subject",
    [
        {"identifier": SUBJECT},
        {"reference": "Patient?identifier=urn:oid:1.2.250.1.213.1.4.10|279035121518989"},
        {"reference": f"{BASE}/Patient?identifier=urn:oid:1.2.250.1.213.1.4.10|279035121518989"},
        {"reference": "#p"},
        {"reference": "#p", "identifier": SUBJECT},
        {"reference": "Patient/r1", "identifier": SUBJECT},
    ],
)
def test_the_subject_is_named_in_any_of_its_ways(subject: dict[str, Any]) -> None:
    contained = copy.deepcopy(LEAST["contained"])
    if subject.get("reference") == "#p":
        contained.append({"resourceType": "Patient", "id": "p", "identifier": [SUBJECT]})
    found = declared(subject=subject, contained=contained)
    assert (found.entry.patient, found.record_id) == (INS, None)


@pytest.mark.parametrize("reference", ["Patient/r1", f"{BASE}/Patient/r1"])
def test_a_literal_subject_is_left_to_who_may_know_the_record(reference: str) -> None:
    found = declared(subject={"reference": reference})
    assert (found.entry.patient, found.record_id) == (None, "r1")


@pytest.mark.parametrize(
    "profile",
    [
        "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/pdsm-simplified-publish",
        "http://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/pdsm-simplified-publish",
        "https://profiles.ihe.net/ITI/MHD/StructureDefinition/IHE.MHD.SimplifiedPublish.DocumentReference",
    ],
)
def test_profiles_of_pdsm_and_mhd_are_accepted(profile: str) -> None:
    assert declared(meta={"profile": [profile]}).entry.unique_id


@pytest.mark.parametrize(
    ("master", "unique_id"),
    [
        ({"use": "usual", "system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.3"}, "1.2.3"),
        ({"system": "urn:oid:1.2.3", "value": "A7"}, "1.2.3^A7"),
        (
            {
                "system": "urn:ietf:rfc:3986",
                "value": "urn:uuid:11111111-1111-4111-8111-11111111111A",
            },
            "urn:uuid:11111111-1111-4111-8111-11111111111a",
        ),
    ],
)
def test_the_master_identifier_in_its_three_forms(master: dict[str, str], unique_id: str) -> None:
    assert declared(masterIdentifier=master).entry.unique_id == unique_id


def test_n_under_the_system_of_the_flags_is_corrected() -> None:
    entry = declared(securityLabel=[{"coding": [{"system": A07, "code": "N"}]}]).entry
    assert entry.confidentiality is not None
    assert entry.confidentiality.system == "2.16.840.1.113883.5.25"
    assert entry.visibility == ()


def test_flags_are_read_beside_the_level() -> None:
    labels = [
        {"coding": [{"system": A07, "code": "MASQUE_PS"}]},
        {"coding": [{"system": A07, "code": "INVISIBLE_PATIENT"}]},
    ]
    entry = declared(securityLabel=labels).entry
    assert entry.visibility == ("INVISIBLE_PATIENT", "MASQUE_PS")


def test_systems_become_oids() -> None:
    kind = {"coding": [{"system": "urn:oid:2.16.840.1.113883.6.1", "code": "11488-4"}]}
    entry = declared(type=kind).entry
    assert entry.type is not None
    assert entry.type.system == "2.16.840.1.113883.6.1"


@pytest.mark.parametrize(
    "target",
    [
        {"reference": "DocumentReference/11111111-1111-4111-8111-111111111111"},
        {"reference": f"{BASE}/DocumentReference/11111111-1111-4111-8111-111111111111"},
        {"reference": "urn:uuid:11111111-1111-4111-8111-111111111111"},
    ],
)
def test_the_replaced_document_by_its_id(target: dict[str, Any]) -> None:
    entry = declared(relatesTo=[{"code": "replaces", "target": target}]).entry
    assert entry.replaces == "11111111-1111-4111-8111-111111111111"


@pytest.mark.parametrize(
    "target",
    [
        {"identifier": {"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.3"}},
        {"reference": "DocumentReference?identifier=urn:ietf:rfc:3986|urn:oid:1.2.3"},
    ],
)
def test_the_replaced_document_by_its_unique_id(target: dict[str, Any]) -> None:
    assert declared(relatesTo=[{"code": "replaces", "target": target}]).entry.replaces == "1.2.3"


@pytest.mark.parametrize(
    ("code", "mhd"),
    [
        ("transforms", "PartialTransformContentNotProcessed"),
        ("appends", "PartialAppendContentNotProcessed"),
    ],
)
def test_other_relations_are_warned_of(code: str, mhd: str) -> None:
    found = declared(relatesTo=[{"code": code, "target": {"reference": "DocumentReference/a"}}])
    assert found.entry.replaces is None
    assert [(w.code, w.params["mhd"]) for w in found.warnings] == [("relation-not-processed", mhd)]


def test_an_incomplete_source_patient_is_warned_of() -> None:
    contained = [*LEAST["contained"], {"resourceType": "Patient", "id": "p", "gender": "female"}]
    found = declared(contained=contained, context={"sourcePatientInfo": {"reference": "#p"}})
    assert found.entry.source_patient is None
    assert [notice.code for notice in found.warnings] == ["source-patient-incomplete"]


def test_the_time_of_the_attachment_goes_before_the_date() -> None:
    resource = least()
    resource["content"][0]["attachment"]["creation"] = "2024-01-01"
    entry = parse(resource, BASE).entry
    assert entry.creation_time == "2024-01-01"
    assert entry.paths["creation_time"].endswith("content[0].attachment.creation")


def attachment(**changes: Any) -> Callable[[], dict[str, Any]]:
    def make() -> dict[str, Any]:
        resource = least()
        resource["content"][0]["attachment"].update(changes)
        return resource

    return make


def without(name: str) -> Callable[[], dict[str, Any]]:
    return lambda: least(**{name: None})


def changed(**changes: Any) -> Callable[[], dict[str, Any]]:
    return lambda: least(**changes)


ROOT = "DocumentReference"


@pytest.mark.parametrize(
    ("make", "code", "element"),
    [
        (without("masterIdentifier"), "element-required", "masterIdentifier"),
        (without("status"), "element-required", "status"),
        (without("subject"), "element-required", "subject"),
        (without("custodian"), "element-required", "custodian"),
        (without("date"), "element-required", "date"),
        (without("author"), "element-required", "author"),
        (without("content"), "content-not-one", "content"),
        (changed(status="superseded"), "status-not-current", "status"),
        (changed(docStatus="final"), "doc-status-refused", "docStatus"),
        (changed(identifier=[{"value": "x"}]), "identifier-not-allowed", "identifier"),
        (changed(colour="red"), "element-unknown", "colour"),
        (changed(implicitRules="http://x"), "element-unknown", "implicitRules"),
        (
            changed(modifierExtension=[{"url": "http://x"}]),
            "modifier-extension-unknown",
            "modifierExtension",
        ),
        (
            changed(extension=[{"url": "http://x", "valueCode": "y"}]),
            "extension-unknown",
            "extension[0]",
        ),
        (
            changed(
                extension=[
                    {
                        "url": "http://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/"
                        "pdsm-ext-is-archived",
                        "valueBoolean": True,
                    }
                ]
            ),
            "archived-at-creation",
            "extension[0]",
        ),
        (changed(date="2024-02-30"), "element-type", "date"),
        (changed(subject={"reference": "Group/1"}), "reference-external", "subject.reference"),
        (changed(subject={"reference": "r1"}), "reference-external", "subject.reference"),
        (changed(subject={"display": "x"}), "element-required", "subject.identifier"),
        (
            changed(subject={"identifier": {"system": "urn:oid:1.2.3", "value": "1"}}),
            "ins-oid-unknown",
            "subject.identifier",
        ),
        (
            changed(
                subject={
                    "reference": "Patient?identifier=urn:oid:1.2.250.1.213.1.4.10|179035121518989",
                    "identifier": SUBJECT,
                }
            ),
            "subject-differs",
            "subject.identifier",
        ),
        (
            changed(securityLabel=[{"coding": [{"system": A07, "code": "MASQUE_PT"}]}]),
            "visibility-refused",
            "securityLabel",
        ),
        (
            changed(relatesTo=[{"code": "eats", "target": {"reference": "DocumentReference/a"}}]),
            "relation-unknown",
            "relatesTo[0].code",
        ),
        (
            changed(
                relatesTo=[{"code": "replaces", "target": {"reference": "DocumentReference/a"}}] * 2
            ),
            "element-too-many",
            "relatesTo",
        ),
        (
            changed(relatesTo=[{"code": "replaces", "target": {"reference": "https://x/Thing/1"}}]),
            "reference-external",
            "relatesTo[0].target.reference",
        ),
        (
            changed(category=[{"coding": [{"code": "10"}]}, {"coding": [{"code": "11"}]}]),
            "element-too-many",
            "category",
        ),
        (
            attachment(hash="abc"),
            "hash-malformed",
            "content[0].attachment.hash",
        ),
        (attachment(size=1.5), "element-type", "content[0].attachment.size"),
        (attachment(url="http://x"), "url-not-allowed", "content[0].attachment.url"),
        (attachment(data=5), "base64-invalid", "content[0].attachment.data"),
        (attachment(duration=1), "element-unknown", "content[0].attachment.duration"),
        (attachment(title="a\x00b"), "element-control-character", "content[0].attachment.title"),
        (
            changed(context={"encounter": [{"reference": "Encounter/1"}]}),
            "element-unknown",
            "context.encounter",
        ),
        (
            changed(context={"period": {"start": "yesterday"}}),
            "element-type",
            "context.period.start",
        ),
        (
            changed(context={"related": [{"reference": "Thing/1"}]}),
            "reference-external",
            "context.related[0].reference",
        ),
        (
            changed(
                contained=[
                    *LEAST["contained"],
                    {"resourceType": "Organization", "id": "x", "name": "y"},
                ]
            ),
            "contained-unused",
            "contained[1]",
        ),
        (changed(resourceType="Patient"), "resource-type", "resourceType"),
    ],
)
def test_a_refusal_names_the_element(
    make: Callable[[], dict[str, Any]], code: str, element: str
) -> None:
    with pytest.raises(CarnetError) as caught:
        parse(make(), BASE)
    assert (caught.value.code, caught.value.element) == (code, f"{ROOT}.{element}")


def test_two_contents_are_one_too_many() -> None:
    with pytest.raises(CarnetError) as caught:
        declared(content=LEAST["content"] * 2)
    assert caught.value.code == "content-not-one"
