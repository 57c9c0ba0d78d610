"""DocumentEntry, SubmissionSet, Folder, Association: what the record says of its documents.

Names and cardinalities follow IHE XDS metadata (ITI TF-3 §4.2) as the French CI-SIS narrows it.
``uniqueId`` names a document as its producer made it, ``entryUUID`` one version of its metadata,
``logicalId`` all metadata versions of one document. Times are FHIR dateTime strings (precision as
given; a time of day always has its offset). Code systems are OIDs, or a URL where none is known.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from carnet.record.identity import Identifier, Ins, Name, Traits


class Code(msgspec.Struct, frozen=True):
    """A coded value; compare by system and code, never by display."""

    system: str
    code: str
    display: str | None = None


class Status(StrEnum):
    """availabilityStatus, with the two that the French volume adds."""

    APPROVED = "approved"  # FHIR current
    DEPRECATED = "deprecated"  # FHIR superseded
    ARCHIVED = "archived"
    DELETED = "deleted"


class Organization(msgspec.Struct, frozen=True):
    """A structure: identifier (Struct_IdNat or another root), name."""

    identifier: Identifier | None = None
    name: str | None = None


class AuthorKind(StrEnum):
    """What kind of actor an author is."""

    PROFESSIONAL = "professional"
    PATIENT = "patient"
    DEVICE = "device"
    ORGANIZATION = "organization"


class Author(msgspec.Struct, frozen=True):
    """authorPerson, authorInstitution, authorRole (J47), authorSpecialty (J01)."""

    kind: AuthorKind
    identifier: Identifier | None = None
    name: Name | None = None
    device: str | None = None  # model and software of a device
    organization: Organization | None = None
    role: Code | None = None
    specialty: Code | None = None
    time: str | None = None


class Person(msgspec.Struct, frozen=True):
    """legalAuthenticator: a person and their structure."""

    identifier: Identifier | None = None
    name: Name | None = None
    organization: Organization | None = None


class Reference(msgspec.Struct, frozen=True):
    """One element of referenceIdList: an identifier and its kind (urn:ihe:iti:xds:2013:order …)."""

    identifier: Identifier
    kind: str


class DocumentEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """The metadata of one document version, as its producer states them.

    What the server adds (entryUUID, logicalId, versions, status, flags) is in ``EntryState``.
    ``unique_id`` is an OID, ``OID^extension`` or ``urn:uuid:`` value; ``hash_sha1`` is lower-case
    hex over the bytes as submitted, ``size`` their number.
    """

    unique_id: str
    patient: Ins
    type: Code
    class_code: Code
    mime_type: str
    language: str
    title: str
    hash_sha1: str
    hash_sha256: str
    size: int
    creation_time: str
    service_start: str
    facility: Code
    practice_setting: Code
    confidentiality: Code
    authors: tuple[Author, ...]
    custodian: Organization
    format: Code | None = None
    service_stop: str | None = None
    authenticator: Person | None = None
    comments: str | None = None
    events: tuple[Code, ...] = ()
    source_patient: Traits | None = None
    source_patient_id: Identifier | None = None
    references: tuple[Reference, ...] = ()
    replaces: str | None = None  # uniqueId of the replaced document
    set_id: str | None = None  # CDA setId, the series
    version_number: int | None = None  # CDA versionNumber


class Flags(msgspec.Struct, frozen=True):
    """The three visibility flags of an entry (TRE_A07).

    ``patient_until`` is the instant (seconds since 1970, UTC) at which INVISIBLE_PATIENT ends by
    itself; 0 means that the flag is not set.
    """

    hidden_from_professionals: bool = False  # MASQUE_PS
    patient_until: int = 0  # INVISIBLE_PATIENT
    hidden_from_representatives: bool = False  # INVISIBLE_REPRESENTANTS_LEGAUX


class EntryState(msgspec.Struct, frozen=True):
    """What the server keeps beside an entry.

    ``entry_no`` is its place in the record (1, 2, …), ``version`` the number of its metadata
    version, ``change`` counts every change, status included (FHIR meta.versionId).
    """

    entry_no: int
    entry_uuid: str
    logical_id: str
    binary_id: str
    version: int
    change: int
    status: Status
    flags: Flags
    last_updated: str


class SubmissionSet(msgspec.Struct, frozen=True):
    """One act of feeding: who gave which documents, when, with what kind of content."""

    entry_uuid: str
    unique_id: str
    patient: Ins
    source_id: str
    submission_time: str
    content_type: Code
    authors: tuple[Author, ...]
    entries: tuple[int, ...] = ()
    title: str | None = None
    comments: str | None = None
    intended_recipients: tuple[Author, ...] = ()


class Folder(msgspec.Struct, frozen=True):
    """A named group of entries."""

    entry_uuid: str
    unique_id: str
    patient: Ins
    title: str
    codes: tuple[Code, ...]
    last_updated: str
    entries: tuple[int, ...] = ()


class AssociationKind(StrEnum):
    """Ways in which two objects of a record are tied (ITI TF-3 §4.2.2)."""

    HAS_MEMBER = "HasMember"
    REPLACES = "RPLC"
    TRANSFORMS = "XFRM"
    APPENDS = "APND"
    SIGNS = "signs"


class Association(msgspec.Struct, frozen=True):
    """A tie from one object to another; ``target`` may name a document that is still absent."""

    kind: AssociationKind
    source: str
    target: str
