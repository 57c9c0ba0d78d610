"""What the FHIR face calls: the use cases by name, and nothing else.

The composition root hands an object of this shape to ``build_app``. All functions are coroutines,
raise ``CarnetError`` of the catalogue, and know neither HTTP nor SQL. Resources that they return
hold the mark of ``carnet.formats.fhir.dump`` in place of ``[base]``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, Protocol

import msgspec

from carnet.clinical.model import FactSearch, FoundFacts, FoundReports, Report, Told
from carnet.record.caller import Caller
from carnet.record.events import Event
from carnet.record.identity import Ins
from carnet.usecases.requests import (
    ConsentLine,
    ConsentRequest,
    DocumentQuery,
    Found,
    HistoryPage,
    OpenedRecord,
    OpeningRequest,
    ReadEntry,
    RecordStatus,
    RetrievedDocument,
    SubmissionResult,
    SubmittedDocument,
    Visibility,
)

Target = str | tuple[Literal["unique"], str]
"""A document to change: its id (entryUUID, also an earlier one) or ``("unique", uniqueId)``."""


class Spool(Protocol):
    """A document under way: written in pieces, then a ``Content`` of the use cases."""

    @property
    def size(self) -> int:
        """Number of bytes written."""

    def write(self, data: bytes) -> None:
        """Append bytes."""

    def finish(self) -> None:
        """Say that all bytes are there."""

    def chunks(self) -> Iterator[bytes]:
        """The bytes from the start."""

    def close(self) -> None:
        """Give back what the spool holds; may be called twice."""


class SpoolFactory(Protocol):
    """Makes spools for bodies too large for memory."""

    def new(self) -> Spool:
        """An empty spool."""


class LogLine(msgspec.Struct, frozen=True):
    """One line for the log of the node: no health data, no identity.

    ``code`` is the code of the catalogue;
    ``reference`` what the answer told its reader; ``where`` file, line and function of a defect;
    ``count`` for how many requests the line stands.
    """

    event: Event
    reference: str
    route: str
    status: int
    code: str
    where: tuple[str, ...] = ()
    count: int = 1


class Services(Protocol):
    """The use cases that the interactions call."""

    @property
    def public_base(self) -> str:
        """The public address of this server without trailing slash; ``[base]`` is it + /fhir."""

    @property
    def spools(self) -> SpoolFactory:
        """Where large documents go while they arrive."""

    def now(self) -> int:
        """The time of the store, in seconds since 1970 UTC."""

    def log(self, line: LogLine) -> None:
        """Write a line of the node's log."""

    async def authenticate(self, token: str) -> Caller:
        """The caller whom a bearer token vouches for."""

    async def check_record(self, caller: Caller, ins: Ins) -> RecordStatus | None:
        """TD0.2: what this caller may know of the record of an INS; None where there is none."""

    async def check_record_by_id(self, caller: Caller, record_id: str) -> RecordStatus:
        """As ``check_record``, by Patient.id."""

    async def open_record(self, caller: Caller, request: OpeningRequest) -> OpenedRecord:
        """Open a record."""

    async def submit(
        self, caller: Caller, document: SubmittedDocument, strict: bool
    ) -> SubmissionResult:
        """Feed one document; ``strict`` False under ``Prefer: handling=lenient``."""

    async def find(self, caller: Caller, query: DocumentQuery) -> Found:
        """ITI-67."""

    async def read_entry(self, caller: Caller, entry_uuid: str) -> ReadEntry:
        """One entry by its id, or by an earlier one."""

    async def retrieve(self, caller: Caller, binary_id: str) -> RetrievedDocument:
        """ITI-68."""

    async def change_visibility(
        self, caller: Caller, target: Target, wanted: Visibility, if_match: int | None
    ) -> ReadEntry:
        """TD3.3a and TD3.3b. ``False`` clears a flag where the caller may clear it."""

    async def history(
        self,
        caller: Caller,
        patient: Ins | None,
        record: str | None,
        since: float | None,
        until: float | None,
        count: int,
        cursor: str | None,
    ) -> HistoryPage:
        """Traces of a record: ``since`` ≤ time < ``until``, newest first."""

    async def find_facts(self, caller: Caller, search: FactSearch) -> FoundFacts:
        """A page of what documents say."""

    async def find_reports(self, caller: Caller, search: FactSearch) -> FoundReports:
        """A page of the results of documents."""

    async def read_fact(self, caller: Caller, fact_id: str) -> tuple[Told, str]:
        """One thing that a document says, and the Patient.id of its record."""

    async def read_report(self, caller: Caller, report_id: str) -> tuple[Report, str]:
        """The results of one document, and the Patient.id of its record."""

    async def make_tie(self, caller: Caller, request: ConsentRequest) -> ConsentLine:
        """Make a consent, a refusal, a block or another tie."""

    async def end_tie(self, caller: Caller, consent_id: str, if_match: int | None) -> ConsentLine:
        """End a tie before its time."""

    async def read_tie(self, caller: Caller, consent_id: str) -> ConsentLine:
        """One tie."""

    async def find_ties(
        self, caller: Caller, patient: Ins | None, record: str | None, status: str | None
    ) -> list[ConsentLine]:
        """The ties of a record; ``status`` is ``active``, ``inactive`` or None for both."""
