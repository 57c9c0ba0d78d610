"""Facts with the documents that say them, and what is made of them for a reader."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from functools import cached_property

import msgspec

from carnet.record.facts import Concept, Fact, Kind, Stage, When
from carnet.record.identity import Ins
from carnet.usecases.clock import seconds_of


class Source(msgspec.Struct, frozen=True, dict=True):
    """The document that says something, in its current metadata version.

    ``document_id`` is its logicalId, which is also its Binary.id; ``created`` is when it was made
    and ``started`` when the act began that it tells of (seconds since 1970 UTC); ``resource`` is
    its rendered DocumentReference, the base of URLs left open.
    """

    entry_no: int
    entry_uuid: str
    document_id: str
    type_code: str
    created: float
    started: float
    resource: bytes

    @cached_property
    def metadata(self) -> dict[str, object]:
        """The DocumentReference, for who needs a title or an author."""
        found: dict[str, object] = msgspec.json.decode(self.resource.replace(b"\x01", b""))
        return found


class Told(msgspec.Struct, frozen=True, gc=False):
    """One fact as one document tells it. ``twin`` counts facts of one kind at one place, from 0."""

    fact: Fact
    source: Source
    twin: int = 0

    @property
    def id(self) -> str:
        """A name that holds when the document is read anew: of the document and the fact's place.

        The logicalId leads back to the record; a FHIR id has at most 64 characters.
        """
        fact = self.fact
        place = f"{fact.kind} {fact.place.path} {self.twin}"
        digest = hashlib.sha256(place.encode()).hexdigest()
        return f"{self.source.document_id.replace('-', '')}.{digest[:24]}"

    @property
    def time(self) -> When:
        """The time of the fact, or where it has none that of the organizer or act around it."""
        own = self.fact.when
        return own if own.start or own.end else self.fact.around

    @property
    def when(self) -> str:
        """When it was so, as told: a FHIR date or dateTime, empty where the document says none."""
        return self.time.start or self.time.end

    @property
    def moment(self) -> tuple[float, bool]:
        """When it was so (seconds since 1970 UTC), and whether the document says so itself.

        Where no date stands, or none that is one, it is when the document's act began.
        """
        for text in (self.time.start, self.time.end):
            if text:
                try:
                    return seconds_of(text), True
                except (ValueError, OverflowError):
                    continue
        return self.source.started, False


class Heading(StrEnum):
    """The parts of a summary."""

    ALLERGIES = "allergies"
    PROBLEMS = "problems"
    TREATMENTS = "treatments"
    VACCINATIONS = "vaccinations"
    PREGNANCIES = "pregnancies"
    DEVICES = "devices"


HEADINGS: dict[Heading, Kind] = {
    Heading.ALLERGIES: Kind.ALLERGY,
    Heading.PROBLEMS: Kind.PROBLEM,
    Heading.TREATMENTS: Kind.MEDICATION,
    Heading.VACCINATIONS: Kind.IMMUNIZATION,
    Heading.PREGNANCIES: Kind.PREGNANCY,
    Heading.DEVICES: Kind.DEVICE,
}
"""What each part is made of."""


class Item(msgspec.Struct, frozen=True):
    """One thing that documents tell of, with every statement of it, the newest first.

    ``negated``: every statement says that it is not so. ``disputed``: some say so and others that
    it is not. ``contradicted``: a document's narrative says otherwise than its own entry.
    ``subject`` is of whom it is told where that is not the patient (a fetus, a parent): such a
    thing is never under one heading with the patient's own.
    """

    what: Concept
    told: tuple[Told, ...]
    negated: bool = False
    disputed: bool = False
    contradicted: bool = False
    subject: Concept | None = None


class Summary(msgspec.Struct, frozen=True):
    """The parts of a summary, each with its items, the newest first.

    ``cut`` are the ids of documents that say more than was looked through.
    """

    parts: dict[Heading, tuple[Item, ...]]
    cut: tuple[str, ...] = ()


class Change(msgspec.Struct, frozen=True):
    """How a value differs from the one before it, in the unit of its series.

    ``since`` is the date of the one before; ``by`` is a decimal number with its sign.
    """

    since: str
    before: str
    by: str


class Point(msgspec.Struct, frozen=True):
    """One value of a series; several documents may tell the same one, the newest first.

    ``number`` is the value in the unit of the series, None where it is no plain number;
    ``converted`` says that the document gives it in another unit. ``at`` is in seconds since 1970
    UTC, and ``dated`` False where only the document's own date is known.
    """

    told: tuple[Told, ...]
    at: float
    dated: bool
    number: str | None = None
    converted: bool = False
    change: Change | None = None


class Series(msgspec.Struct, frozen=True):
    """One analyte over time, the newest value first.

    ``system`` and ``code`` name the analysis, both empty where the document gives no code: such a
    value stands alone. ``unit`` is that of the newest value: values whose units cannot be
    converted into it make a series of their own. ``kind`` is result or vital sign. ``subject`` is
    of whom the values are where that is not the patient.
    """

    kind: Kind
    system: str
    code: str
    what: Concept
    unit: str
    points: tuple[Point, ...]
    isolate: str = ""
    subject: Concept | None = None


class FactQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Whose facts, and which. ``codes`` are (system OID or None, code) pairs, alternatives."""

    patient: Ins | None = None
    record: str | None = None  # Patient.id, in place of the INS
    kinds: frozenset[Kind] = frozenset(Kind)
    codes: tuple[tuple[str | None, str], ...] = ()
    since: float | None = None
    criteria: str = ""


class Report(msgspec.Struct, frozen=True):
    """The results of one document, in its order."""

    source: Source
    told: tuple[Told, ...]

    @property
    def id(self) -> str:
        """A name that holds as long as the document does."""
        return self.source.document_id.replace("-", "") + REPORT


REPORT = ".report"
"""What the id of a report has behind that of the document."""


class Span(msgspec.Struct, frozen=True):
    """A FHIR date search value: ``start`` ≤ value < ``end`` (s), by one of eq ne gt lt ge le."""

    comparator: str
    start: float
    end: float


class FactSearch(msgspec.Struct, frozen=True, kw_only=True):
    """A search of facts or reports. All filters are to hold; values within one are alternatives.

    ``name`` is the type that is asked for; ``stages`` are those of treatments that are wanted, or
    with ``others`` those that are not. ``codes`` and ``types`` (of documents) are tuples of
    (system OID or None, code) pairs. ``criteria`` are the names of the parameters as asked.
    """

    patient: Ins | None = None
    record: str | None = None
    name: str
    kinds: frozenset[Kind]
    stages: frozenset[Stage] = frozenset()
    others: bool = True
    ids: tuple[str, ...] = ()
    codes: tuple[tuple[tuple[str | None, str], ...], ...] = ()
    dates: tuple[Span, ...] = ()
    count: int = 50
    cursor: str | None = None
    criteria: str = ""


class FoundFacts(msgspec.Struct, frozen=True):
    """A page of facts, with how many match in all. ``record_id`` is the Patient.id.

    ``cut``: documents say more than was looked through.
    """

    told: tuple[Told, ...]
    total: int
    record_id: str
    next_cursor: str | None = None
    cut: bool = False


class FoundReports(msgspec.Struct, frozen=True):
    """A page of reports, as ``FoundFacts``."""

    reports: tuple[Report, ...]
    total: int
    record_id: str
    next_cursor: str | None = None
    cut: bool = False
