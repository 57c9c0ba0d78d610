"""Renders an entry as a DocumentReference of PDSm (profile pdsm-comprehensive-document-reference).

The mapping is that of ITI TF-3 §4.5.1 as PDSm §4 narrows it; ``docs/fhir.md`` tells Carnet's
choices. URLs of this server hold the mark of ``carnet.formats.fhir.dump``.
"""

from __future__ import annotations

from carnet.formats.fhir import urls
from carnet.formats.fhir.codes import coding, concept
from carnet.formats.fhir.dump import dump, own_url
from carnet.formats.fhir.elements import hash_json
from carnet.formats.fhir.people import (
    Resource,
    add_author,
    add_organization,
    add_person,
    reference,
    source_patient_json,
)
from carnet.formats.identifiers.fhir import (
    identifier_to_fhir,
    ins_to_fhir,
    unique_id_to_fhir,
)
from carnet.record.document import DocumentEntry, EntryState, Status
from carnet.record.visibility import labels

_STATUS = {
    Status.APPROVED: "current",
    Status.ARCHIVED: "current",
    Status.DEPRECATED: "superseded",
    Status.DELETED: "entered-in-error",
}
_PROFILE = [urls.PDSM_COMPREHENSIVE]


def render(
    entry: DocumentEntry,
    state: EntryState,
    record_id: str,
    replaces_entry: str | None,
    now: int,
) -> bytes:
    """The bytes of the DocumentReference, without base.

    ``record_id`` is the Patient.id; ``replaces_entry`` the id (entryUUID) of the replaced document,
    None where it is absent; ``now`` (seconds since 1970 UTC) decides which flags are in force.
    """
    contained: list[Resource] = []
    out: Resource = {
        "resourceType": "DocumentReference",
        "id": state.entry_uuid,
        "meta": {
            "versionId": str(state.change),
            "lastUpdated": state.last_updated,
            "profile": _PROFILE,
        },
        "contained": contained,
    }
    if state.status is Status.ARCHIVED:
        out["extension"] = [{"url": urls.PDSM_IS_ARCHIVED, "valueBoolean": True}]
    out["masterIdentifier"] = unique_id_to_fhir(entry.unique_id)
    out["identifier"] = _own_identifiers(state)
    out["status"] = _STATUS[state.status]
    out["type"] = concept(entry.type)
    out["category"] = [concept(entry.class_code)]
    out["subject"] = {"reference": "Patient/" + record_id, "identifier": ins_to_fhir(entry.patient)}
    out["date"] = as_instant(entry.creation_time)
    out["author"] = [
        add_author(author, contained, f"author-{number}")
        for number, author in enumerate(entry.authors, 1)
    ]
    if entry.authenticator:
        out["authenticator"] = add_person(entry.authenticator, contained, "authenticator")
    out["custodian"] = add_organization(entry.custodian, contained, "custodian")
    if relation := _replaced(entry, replaces_entry):
        out["relatesTo"] = [{"code": "replaces", "target": relation}]
    if entry.comments:
        out["description"] = entry.comments
    out["securityLabel"] = [
        concept(label) for label in labels(entry.confidentiality, state.flags, now)
    ]
    out["content"] = [_content(entry, state)]
    out["context"] = _context(entry, contained)
    return dump(out)


def _own_identifiers(state: EntryState) -> list[Resource]:
    return [
        {"use": "official", "system": urls.RFC_3986, "value": urls.UUID_PREFIX + state.entry_uuid},
        {
            "use": "secondary",
            "type": {"text": "logicalId"},
            "system": urls.RFC_3986,
            "value": urls.UUID_PREFIX + state.logical_id,
        },
    ]


def _replaced(entry: DocumentEntry, replaces_entry: str | None) -> Resource | None:
    if replaces_entry:
        return {"reference": "DocumentReference/" + replaces_entry}
    if entry.replaces:
        identifier = unique_id_to_fhir(entry.replaces)
        del identifier["use"]
        return {"type": "DocumentReference", "identifier": identifier}
    return None


def _content(entry: DocumentEntry, state: EntryState) -> Resource:
    content: Resource = {
        "attachment": {
            "contentType": entry.mime_type,
            "language": entry.language,
            "url": own_url("Binary/" + state.binary_id),
            "size": entry.size,
            "hash": hash_json(entry.hash_sha1),
            "title": entry.title,
            "creation": entry.creation_time,
        }
    }
    if entry.format:
        content["format"] = coding(entry.format)
    return content


def _context(entry: DocumentEntry, contained: list[Resource]) -> Resource:
    context: Resource = {}
    if entry.events:
        context["event"] = [concept(code) for code in entry.events]
    period = {"start": entry.service_start}
    if entry.service_stop:
        period["end"] = entry.service_stop
    context["period"] = period
    context["facilityType"] = concept(entry.facility)
    context["practiceSetting"] = concept(entry.practice_setting)
    if entry.source_patient:
        key = "source-patient"
        contained.append(source_patient_json(entry.source_patient, entry.source_patient_id, key))
        context["sourcePatientInfo"] = reference(key)
    if entry.references:
        context["related"] = [
            {
                "identifier": {
                    **identifier_to_fhir(item.identifier),
                    "type": {"coding": [{"system": urls.RFC_3986, "code": item.kind}]},
                }
            }
            for item in entry.references
        ]
    return context


def as_instant(date_time: str) -> str:
    """The FHIR instant at which a dateTime, partial or not, begins (UTC where no offset stands)."""
    if len(date_time) > 10:
        return date_time
    return date_time + "0001-01-01"[len(date_time) :] + "T00:00:00Z"
