"""Invented entries for tests of storage."""

from __future__ import annotations

from carnet.record.document import Code, DocumentEntry, Organization
from carnet.record.identity import OID_INS_NIR_TEST, Ins, ins_key
from carnet.storage.pages import Slot

NUMBER = "2800575116009"
INS = Ins(f"{NUMBER}{ins_key(NUMBER):02d}", OID_INS_NIR_TEST)


def an_entry(unique_id: str = "1.2.3.4") -> DocumentEntry:
    code = Code("2.16.840.1.113883.6.1", "11488-4", "CR de consultation")
    return DocumentEntry(
        unique_id=unique_id,
        patient=INS,
        type=code,
        class_code=code,
        mime_type="text/plain",
        language="fr-FR",
        title="Compte rendu inventé",
        hash_sha1="0" * 40,
        hash_sha256="0" * 64,
        size=3,
        creation_time="2026-01-01T10:00:00+01:00",
        service_start="2026-01-01T09:00:00+01:00",
        facility=code,
        practice_setting=code,
        confidentiality=code,
        authors=(),
        custodian=Organization(name="Cabinet des Tilleuls"),
    )


def a_slot(
    number: int,
    *,
    type_code: str = "11488-4",
    hidden_ps: int = 0,
    patient_until: int = 0,
    hidden_reps: int = 0,
    status: int = 1,
) -> Slot:
    """The slot of entry ``number``; its ids follow from the number."""
    return Slot(
        entry_no=number,
        entry_uuid=b"entry" + number.to_bytes(11, "big"),
        logical_id=b"logic" + number.to_bytes(11, "big"),
        unique_id=f"1.2.3.{number}",
        version=1,
        change=1,
        status=status,
        type_code=type_code,
        class_code="10",
        hidden_ps=hidden_ps,
        patient_until=patient_until,
        hidden_reps=hidden_reps,
        confidentiality="N",
        created=1_767_225_600.5,
        started=1_767_222_000.0,
        stopped=1_767_225_000.0,
        updated=1_767_226_000.25,
        resource=b'{"resourceType":"DocumentReference","id":"%d"}' % number,
    )
