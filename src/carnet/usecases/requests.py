"""What the faces hand to the use cases and get back: typed, knowing neither HTTP nor SQL."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Protocol

import msgspec

from carnet.record.access.model import RelationKind
from carnet.record.document import Author, Code, Organization, Person, Reference, Status
from carnet.record.errors import Notice
from carnet.record.identity import Identifier, IdentityStatus, Ins, Traits
from carnet.record.lifecycle import RecordState
from carnet.record.trace import Trace


class Content(Protocol):
    """Bytes of a document as submitted: in memory, or in a sealed spool on disk."""

    @property
    def size(self) -> int:
        """Number of bytes."""

    def chunks(self) -> Iterator[bytes]:
        """The bytes from the start, in pieces of at most 1 MiB; may be called several times."""


class MemoryContent:
    """A small document held in memory."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    @property
    def size(self) -> int:
        """Number of bytes."""
        return len(self.data)

    def chunks(self) -> Iterator[bytes]:
        """All bytes as one piece."""
        yield self.data


class DeclaredEntry(msgspec.Struct, kw_only=True):
    """What a submitter says of a document; None where nothing was said.

    ``paths`` names where each field was said (a FHIRPath), for errors: field name → path.
    ``hash_sha1`` is lower-case hex. ``replaces`` is the uniqueId or the id (entryUUID) of the
    document to replace. ``visibility`` are codes of TRE_A07.
    """

    unique_id: str | None = None
    patient: Ins | None = None
    type: Code | None = None
    class_code: Code | None = None
    mime_type: str | None = None
    language: str | None = None
    title: str | None = None
    hash_sha1: str | None = None
    size: int | None = None
    creation_time: str | None = None
    service_start: str | None = None
    service_stop: str | None = None
    facility: Code | None = None
    practice_setting: Code | None = None
    confidentiality: Code | None = None
    visibility: tuple[str, ...] = ()
    authors: tuple[Author, ...] = ()
    custodian: Organization | None = None
    format: Code | None = None
    authenticator: Person | None = None
    comments: str | None = None
    events: tuple[Code, ...] = ()
    source_patient: Traits | None = None
    references: tuple[Reference, ...] = ()
    replaces: str | None = None
    paths: dict[str, str] = {}


class SubmittedDocument(msgspec.Struct):
    """One document to feed: its bytes and what is said of them."""

    content: Content
    declared: DeclaredEntry


class SubmissionStatus(StrEnum):
    """What became of a document that was not refused."""

    STORED = "stored"
    IDENTICAL = "identical"


class SubmissionResult(msgspec.Struct, frozen=True):
    """What became of one document. ``resource`` is its rendered FHIR DocumentReference."""

    status: SubmissionStatus
    unique_id: str
    entry_uuid: str
    change: int
    last_updated: str
    resource: bytes
    warnings: tuple[Notice, ...] = ()


class TokenFilter(msgspec.Struct, frozen=True):
    """Any of these codes (system None: any system), or none of them when ``negate``."""

    any_of: tuple[tuple[str | None, str], ...]
    negate: bool = False


class DateField(StrEnum):
    """Which time of an entry a date filter or an order looks at."""

    CREATION = "creation"
    PERIOD = "period"
    LAST_UPDATED = "last-updated"
    TYPE = "type"  # for order only


class DateFilter(msgspec.Struct, frozen=True):
    """A FHIR date search value: ``start`` ≤ value < ``end`` in seconds since 1970 UTC.

    ``comparator`` is one of eq ne gt lt ge le (FHIR R4 §3.1.1.4.7).
    """

    field: DateField
    comparator: str
    start: float
    end: float


class DocumentQuery(msgspec.Struct, frozen=True, kw_only=True):
    """ITI-67 in types. Repeated filters are all to hold; values within one are alternatives.

    ``patient`` or ``record`` or ``identifiers`` or ``ids`` is set. ``identifiers`` are
    (system, value) pairs matched against masterIdentifier, entryUUID and logicalId; ``cursor``
    comes from an earlier answer; ``count`` 0 asks for the total only. ``criteria`` are the names
    of the parameters as asked, without values, for the trace.
    """

    patient: Ins | None = None
    record: str | None = None  # Patient.id, in place of the INS
    statuses: tuple[Status, ...] = (Status.APPROVED,)
    identifiers: tuple[tuple[str | None, str], ...] = ()
    ids: tuple[str, ...] = ()
    types: tuple[TokenFilter, ...] = ()
    categories: tuple[TokenFilter, ...] = ()
    security_labels: tuple[TokenFilter, ...] = ()
    dates: tuple[DateFilter, ...] = ()
    author_identifiers: tuple[TokenFilter, ...] = ()
    author_families: tuple[tuple[str, ...], ...] = ()
    author_givens: tuple[tuple[str, ...], ...] = ()
    archived: bool | None = None
    sort: tuple[tuple[DateField, bool], ...] = ((DateField.CREATION, True),)  # True: descending
    count: int = 50
    cursor: str | None = None
    criteria: str = ""


class FoundEntry(msgspec.Struct, frozen=True):
    """One entry of an answer: its id (entryUUID) and its rendered DocumentReference."""

    entry_uuid: str
    resource: bytes


class Found(msgspec.Struct, frozen=True):
    """A page of an answer. ``total`` counts all that match and that the caller may see."""

    entries: list[FoundEntry]
    total: int
    next_cursor: str | None = None
    previous_cursor: str | None = None


class ReadEntry(msgspec.Struct, frozen=True):
    """A DocumentReference read by id; ``entry_uuid`` differs from the id asked if that is old."""

    entry_uuid: str
    change: int
    last_updated: str
    resource: bytes


class RetrievedDocument(msgspec.Struct, frozen=True):
    """A document's bytes as submitted, with what an answer says of them.

    ``etag`` is made of the SHA-256; ``title`` is for the file name.
    """

    content: Content
    mime_type: str
    title: str
    etag: str
    entry_uuid: str


class Visibility(msgspec.Struct, frozen=True):
    """A wanted change of flags: True sets, False clears, None leaves."""

    hidden_from_professionals: bool | None = None
    hidden_from_patient: bool | None = None
    hidden_from_representatives: bool | None = None


class ConsentText(msgspec.Struct, frozen=True):
    """The text that was shown to the citizen when they consented."""

    id: str
    version: str
    language: str = "fr"


class OpeningGround(StrEnum):
    """On what a record is opened."""

    CONSENT = "consent"
    NON_OPPOSITION = "non-opposition"
    BIRTH = "birth"


class OpeningRequest(msgspec.Struct, frozen=True):
    """A record to open: for whom, on what ground, with which text shown."""

    ins: Ins
    traits: Traits
    ground: OpeningGround
    text: ConsentText | None = None
    status: IdentityStatus = IdentityStatus.QUALIFIED


class Authorisation(StrEnum):
    """The caller's authorisation, in the words of TD0.2."""

    VALID = "valide"
    NONE = "inexistante"
    EXPIRED = "expiree"
    REFUSED = "refusee"


class RecordStatus(msgspec.Struct, frozen=True, kw_only=True):
    """What TD0.2 tells a caller of a record. Times are seconds since 1970 UTC, 0 for none."""

    record_id: str
    state: RecordState
    ins: Ins
    former: tuple[Ins, ...]
    traits: Traits
    authorisation: Authorisation
    authorised_from: int = 0
    authorised_until: int = 0
    is_physician: bool = False
    attached: bool = False
    closed_at: str | None = None
    closing_code: str | None = None
    closing_reason: str | None = None
    version: int = 1
    last_updated: str = ""


class OpenedRecord(msgspec.Struct, frozen=True):
    """A record after ``open_record``; ``created`` False when it was open already."""

    status: RecordStatus
    created: bool
    warnings: tuple[Notice, ...] = ()


class ConsentRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A tie to make: whom it binds, of which kind, from when to when (seconds; 0: now, no end).

    ``actor`` is a professional, a structure, or the INS of a person (parent, delegate).
    """

    patient: Ins | None = None
    record: str | None = None
    kind: RelationKind
    actor: Identifier
    actor_name: str | None = None
    start: int = 0
    end: int = 0
    text: ConsentText | None = None
    scope: str | None = None


class ConsentLine(msgspec.Struct, frozen=True, kw_only=True):
    """A tie as it stands. ``ended`` is when somebody ended it before its time, else 0.

    ``made_by`` is the CallerKind of who made it: attested by a professional, or the citizen's own.
    """

    id: str
    record_id: str
    patient: Ins
    kind: RelationKind
    actor: Identifier
    actor_name: str | None
    start: int
    end: int
    ended: int
    made_at: int
    made_by: str
    text: ConsentText | None
    scope: str | None = None
    version: int = 1


class HistoryLine(msgspec.Struct, frozen=True):
    """A trace that the reader may see; ``documents`` are ids (entryUUID) still readable by them."""

    trace: Trace
    documents: tuple[str, ...] = ()


class HistoryPage(msgspec.Struct, frozen=True):
    """Lines of a history, newest first; ``record_id`` is the Patient.id of the record."""

    lines: list[HistoryLine]
    total: int
    next_cursor: str | None = None
    record_id: str = ""
