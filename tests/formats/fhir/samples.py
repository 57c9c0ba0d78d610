"""Invented entries that several tests render."""

from __future__ import annotations

import msgspec

from carnet.record.document import (
    Author,
    AuthorKind,
    Code,
    DocumentEntry,
    EntryState,
    Flags,
    Organization,
    Person,
    Reference,
    Status,
)
from carnet.record.identity import (
    OID_PROFESSIONAL,
    OID_STRUCTURE,
    Identifier,
    Ins,
    Name,
    Sex,
    Traits,
)

INS = Ins("279035121518989", "1.2.250.1.213.1.4.10")
ENTRY_UUID = "11111111-1111-4111-8111-111111111111"
LOGICAL_ID = "21111111-1111-4111-8111-111111111111"
BINARY_ID = "31111111-1111-4111-8111-111111111111"
RECORD_ID = "7f3c0a9e"
DOCTOR = Identifier(OID_PROFESSIONAL, "801234567897")
HOSPITAL = Organization(Identifier(OID_STRUCTURE, "1750099004"), "HOPITAL SAINT-ELME")
AUTHOR = Author(
    AuthorKind.PROFESSIONAL,
    DOCTOR,
    Name("LEGRIS", "Basile", "DR"),
    organization=HOSPITAL,
    role=Code("2.16.840.1.113883.5.88", "PCP", "Médecin traitant"),
    specialty=Code(
        "1.2.250.1.213.1.1.4.5", "G15_10/SM26", "Médecin - Qualifié en Médecine Générale (SM)"
    ),
)
TRAITS = Traits(
    "VARENNE", "OCTAVIE", Sex.FEMALE, "1979-03-12", "75056", "OCTAVIE LISE", "AUBRY", "LISE"
)
ENTRY = DocumentEntry(
    unique_id="1.2.250.1.999.1.42",
    patient=INS,
    type=Code("2.16.840.1.113883.6.1", "11488-4", "CR ou fiche de consultation ou de visite"),
    class_code=Code("1.2.250.1.213.1.1.4.1", "10", "Compte rendu"),
    mime_type="text/xml",
    language="fr-FR",
    title="Compte rendu de consultation",
    hash_sha1="a9993e364706816aba3e25717850c26c9cd0d89d",
    hash_sha256="b" * 64,
    size=31_000,
    creation_time="2024-01-02T11:30:00+01:00",
    service_start="2024-01-02T10:00:00Z",
    facility=Code("1.2.250.1.71.4.2.4", "SA01", "Etablissement public de santé"),
    practice_setting=Code("1.2.250.1.213.1.1.4.9", "ETABLISSEMENT", "Etablissement de santé"),
    confidentiality=Code("2.16.840.1.113883.5.25", "N", "Normal"),
    authors=(AUTHOR,),
    custodian=HOSPITAL,
)
STATE = EntryState(
    entry_no=1,
    entry_uuid=ENTRY_UUID,
    logical_id=LOGICAL_ID,
    binary_id=BINARY_ID,
    version=1,
    change=3,
    status=Status.APPROVED,
    flags=Flags(),
    last_updated="2024-01-02T12:00:00Z",
)
FULL = msgspec.structs.replace(
    ENTRY,
    authors=(
        AUTHOR,
        Author(AuthorKind.PATIENT, Identifier(INS.oid, INS.matricule), Name("VARENNE", "OCTAVIE")),
        Author(
            AuthorKind.DEVICE,
            Identifier("1.2.3.4", "SN-1"),
            device="Spiro 3",
            organization=HOSPITAL,
        ),
        Author(AuthorKind.ORGANIZATION, organization=HOSPITAL),
    ),
    format=Code("1.3.6.1.4.1.19376.1.2.3", "urn:ihe:lab:2008", None),
    service_stop="2024-01-02T11:00:00Z",
    authenticator=Person(DOCTOR, Name("LEGRIS", "Basile"), HOSPITAL),
    comments="Adressé par le médecin traitant.",
    events=(Code("1.2.250.1.213.2.5", "HBQK389", "Radiographie"),),
    source_patient=TRAITS,
    source_patient_id=Identifier(INS.oid, INS.matricule),
    references=(Reference(Identifier("1.2.3.5", "A-77"), "urn:ihe:iti:xds:2013:order"),),
    replaces="1.2.250.1.999.1.41",
)
