"""Composition: a store, a gate and a verifier of tokens become what the faces call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from carnet.clinical import finding
from carnet.clinical.model import FactSearch, FoundFacts, FoundReports, Report, Told
from carnet.fhir.services import LogLine
from carnet.logs import Fields, Log, new_reference
from carnet.portal import app as portal
from carnet.reading.decoding import BodyDecoder
from carnet.record.access import load_matrix
from carnet.record.access.model import AccessSettings
from carnet.record.caller import Caller
from carnet.record.errors import CarnetError
from carnet.record.events import Event
from carnet.record.identity import Ins
from carnet.record.store_kind import StoreKind
from carnet.settings.model import IdentityConflict, Settings, Severity, Unknown
from carnet.storage.spool import SpoolFactory
from carnet.storage.store import Store
from carnet.usecases import (
    consultation,
    feeding,
    history,
    lifecycle,
    sharing,
    stewardship,
)
from carnet.usecases.clock import Clock, system_clock
from carnet.usecases.crowding import Place
from carnet.usecases.gate import Gate
from carnet.usecases.policy import Policy
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
from carnet.usecases.tokens import KeySource, Signer, TokenVerifier, TrustedIssuer, key_source

SIGNING_KEY = "signing-key.json"  # in the data directory of demo and test stores
OWN_ISSUER = "urn:carnet:store:"  # and the store's id


def policy_of(settings: Settings, kind: StoreKind) -> Policy:
    """The policy that settings and the kind of store make."""
    lenient = kind is not StoreKind.PRODUCTION
    return Policy(
        accept_test_ins=lenient,
        accept_wrong_key=lenient and settings.identity.conflict is IdentityConflict.MARK,
        mark_identity=lenient and settings.identity.conflict is IdentityConflict.MARK,
        refuse_luhn=settings.identity.luhn is Severity.REFUSE,
        refuse_absent_target=settings.documents.replaced_absent is Severity.REFUSE,
        accept_unknown_type=settings.documents.unknown_type is Unknown.ACCEPT,
        reading_operator=lenient,
        max_document_bytes=settings.documents.max_bytes,
        access=AccessSettings(),
    )


def gate_of(store: Store, settings: Settings, clock: Clock = system_clock) -> Gate:
    """The gate of a store, by the machine's clock unless given."""
    matrix_file = settings.access.matrix_file
    matrix = load_matrix(matrix_file) if matrix_file else None
    return Gate(store, policy_of(settings, store.kind), clock=clock, matrix=matrix)


def decoder_of(log: Log) -> BodyDecoder:
    """What reads printed pages for a worker; to be used as an asynchronous context manager."""
    return BodyDecoder(lambda code: log.write(Event.DERIVING_FAILED, new_reference(), code=code))


def own_issuer(store: Store) -> str:
    """The issuer name of tokens that ``carnet token`` signs."""
    return OWN_ISSUER + store.store_id


def audience_of(public_base: str) -> str:
    """The audience that tokens of this server carry."""
    return public_base + "/fhir"


def verifier_of(
    store: Store, settings: Settings, public_base: str, directory: Path | None, log: Log
) -> TokenVerifier:
    """Who is believed: the issuers of the settings and, in demo and test stores, the store."""
    audience = audience_of(public_base)
    now = lambda: system_clock() / 1_000_000  # noqa: E731  a clock in seconds
    trusted = [
        TrustedIssuer(
            iss=issuer.iss,
            audience=issuer.audience or audience,
            keys=key_source(issuer.jwks, now),
            algorithms=tuple(str(one) for one in issuer.algorithms),
        )
        for issuer in settings.issuers
    ]
    if store.kind is not StoreKind.PRODUCTION and directory is not None:
        signing = directory / SIGNING_KEY
        if signing.exists():
            signer = Signer(signing.read_bytes())
            trusted.append(
                TrustedIssuer(
                    iss=own_issuer(store),
                    audience=audience,
                    keys=KeySource(signer.jwks, now),
                    algorithms=("ES256",),
                )
            )

    def on_keys(issuer: str, error: CarnetError | None) -> None:
        if error is None:
            log.write(Event.ISSUER_KEYS_READ, issuer=issuer)
        else:
            log.write(Event.ISSUER_KEYS_UNREADABLE, issuer=issuer, code=error.code)

    verifier = TokenVerifier(trusted, now, on_keys)
    verifier.load()
    return verifier


def portal_services(
    kind: StoreKind, public_base: str, log: Log, place: Callable[[], Place]
) -> portal.Services:
    """What the portals are given: what they serve, where, the time, and places for requests."""

    def write(line: portal.LogLine) -> None:
        log.write(
            line.event,
            line.reference,
            route=line.route,
            status=line.status,
            code=line.code,
            where=line.where,
        )

    def now() -> datetime:
        return datetime.fromtimestamp(system_clock() / 1_000_000, UTC)

    return portal.Services(kind, public_base, now, write, place)


class Application:
    """The use cases by name, as ``carnet.fhir.services.Services`` asks for them."""

    def __init__(
        self,
        gate: Gate,
        verifier: TokenVerifier,
        *,
        public_base: str,
        spools: SpoolFactory,
        log: Log,
    ) -> None:
        self.gate = gate
        self.public_base = public_base
        self.spools = spools
        self._verifier = verifier
        self._log = log

    def now(self) -> int:
        """Seconds since 1970 UTC."""
        return self.gate.now()

    def log(self, line: LogLine) -> None:
        """Write a line of the node's log."""
        fields: Fields = {
            "route": line.route,
            "status": line.status,
            "code": line.code,
            "where": line.where,
        }
        if line.count > 1:
            fields["count"] = line.count
        self._log.write(Event(line.event), line.reference, **fields)

    async def authenticate(self, token: str) -> Caller:
        """The caller of a bearer token; a bad one is counted in the node's journal."""
        try:
            return await self._verifier.verify(token)
        except CarnetError as error:
            await self.gate.note(error.code)
            raise

    async def check_record(self, caller: Caller, ins: Ins) -> RecordStatus | None:
        """TD0.2."""
        return await lifecycle.check_record(self.gate, caller, ins)

    async def check_record_by_id(self, caller: Caller, record_id: str) -> RecordStatus:
        """TD0.2 by Patient.id."""
        return await lifecycle.check_record_by_id(self.gate, caller, record_id)

    async def open_record(self, caller: Caller, request: OpeningRequest) -> OpenedRecord:
        """Open a record."""
        return await lifecycle.open_record(self.gate, caller, request)

    async def submit(
        self,
        caller: Caller,
        document: SubmittedDocument,
        strict: bool,  # noqa: ARG002  what is strict here is decided by the store's policy
    ) -> SubmissionResult:
        """ITI-105."""
        return await feeding.submit(self.gate, caller, document)

    async def find(self, caller: Caller, query: DocumentQuery) -> Found:
        """ITI-67."""
        return await consultation.find(self.gate, caller, query)

    async def read_entry(self, caller: Caller, entry_uuid: str) -> ReadEntry:
        """A DocumentReference by id."""
        return await consultation.read_entry(self.gate, caller, entry_uuid)

    async def retrieve(self, caller: Caller, binary_id: str) -> RetrievedDocument:
        """ITI-68."""
        return await consultation.retrieve(self.gate, caller, binary_id)

    async def change_visibility(
        self,
        caller: Caller,
        target: stewardship.Target,
        wanted: Visibility,
        if_match: int | None,
    ) -> ReadEntry:
        """Hide and show."""
        return await stewardship.change_visibility(self.gate, caller, target, wanted, if_match)

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
        """The history of a record."""
        query = history.HistoryQuery(
            patient=patient, record=record, since=since, until=until, count=count, cursor=cursor
        )
        return await history.read_history(self.gate, caller, query)

    async def find_facts(self, caller: Caller, search: FactSearch) -> FoundFacts:
        """What documents say."""
        return await finding.find_facts(self.gate, caller, search)

    async def find_reports(self, caller: Caller, search: FactSearch) -> FoundReports:
        """The results of documents."""
        return await finding.find_reports(self.gate, caller, search)

    async def read_fact(self, caller: Caller, fact_id: str) -> tuple[Told, str]:
        """One thing that a document says."""
        return await finding.read_fact(self.gate, caller, fact_id)

    async def read_report(self, caller: Caller, report_id: str) -> tuple[Report, str]:
        """The results of one document."""
        return await finding.read_report(self.gate, caller, report_id)

    async def make_tie(self, caller: Caller, request: ConsentRequest) -> ConsentLine:
        """Consent, create."""
        return await sharing.make_tie(self.gate, caller, request)

    async def end_tie(self, caller: Caller, consent_id: str, if_match: int | None) -> ConsentLine:
        """Consent, end."""
        return await sharing.end_tie(self.gate, caller, consent_id, if_match)

    async def read_tie(self, caller: Caller, consent_id: str) -> ConsentLine:
        """Consent, read."""
        return await sharing.read_tie(self.gate, caller, consent_id)

    async def find_ties(
        self, caller: Caller, patient: Ins | None, record: str | None, status: str | None
    ) -> list[ConsentLine]:
        """Consent, search."""
        return await sharing.find_ties(self.gate, caller, patient, record, status)
