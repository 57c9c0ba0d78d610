"""A store that the tests of the use cases share, and invented people of whom each test has its own.

A ``Bench`` holds one store and one event loop for the whole test process; a ``Desk`` is a gate over
it with a clock of its own and the acts that tests are made of, run to their end. Nobody meets
anybody else's records: every test invents its people and its documents.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from itertools import count
from typing import Any, TypeVar

import msgspec
import orjson

from carnet.population.seeding import MovingClock
from carnet.record.access import Action
from carnet.record.access.model import RelationKind
from carnet.record.caller import Caller, CallerKind
from carnet.record.document import Author, AuthorKind, Code, Organization
from carnet.record.errors import CarnetError
from carnet.record.identity import (
    OID_INS_NIR_TEST,
    Identifier,
    Ins,
    Name,
    Sex,
    Traits,
    ins_key,
)
from carnet.record.structures import is_luhn, professional, structure
from carnet.record.trace import Chain, Trace
from carnet.storage import reads, records
from carnet.storage.codes import EventKind
from carnet.storage.store import Store
from carnet.storage.tracing import read_chain
from carnet.storage.verify import Finding, Severity, verify
from carnet.usecases import closing, consultation, feeding, lifecycle, sharing, stewardship
from carnet.usecases.deriving import DueEvent, follow
from carnet.usecases.gate import Gate
from carnet.usecases.policy import Policy
from carnet.usecases.requests import (
    ConsentLine,
    ConsentRequest,
    DeclaredEntry,
    DocumentQuery,
    Found,
    MemoryContent,
    OpenedRecord,
    OpeningGround,
    OpeningRequest,
    ReadEntry,
    RecordStatus,
    SubmissionResult,
    SubmittedDocument,
    Visibility,
)

T = TypeVar("T")

NOW = 1_780_000_000  # 2026-05-28T20:26:40Z
DAY = 86_400
LENIENT = Policy(accept_test_ins=True, accept_wrong_key=True, mark_identity=True)
PLAIN = Policy(accept_test_ins=True)

LOINC, COMPLEMENTARY = "2.16.840.1.113883.6.1", "1.2.250.1.213.1.1.4.12"
SECTORS, SETTINGS = "1.2.250.1.71.4.2.4", "1.2.250.1.213.1.1.4.9"
ROLES = "1.2.250.1.213.1.1.4.6"
VISIT, LABORATORY, PSYCHIATRY = "11488-4", "11502-2", "68599-0"
OWN = "EXPPAT_2"
ABSENT_UUID = "3f9ea1b1-9a0c-4f4e-8b3e-1c6f1a3f0001"  # names nothing

_numbers = count(1)


class Person(msgspec.Struct, frozen=True):
    """An invented citizen."""

    ins: Ins
    traits: Traits

    @property
    def caller(self) -> Caller:
        """They themself."""
        return Caller(CallerKind.CITIZEN, name=self.traits.first_given, ins=self.ins)

    @property
    def identifier(self) -> Identifier:
        """Their INS as the actor of a tie."""
        return Identifier(self.ins.oid, self.ins.matricule)


def person(born: str = "1984-06-21", *, oid: str = OID_INS_NIR_TEST) -> Person:
    """Somebody whom no other test knows."""
    number = f"28406{next(_numbers):08d}"
    ins = Ins(f"{number}{ins_key(number):02d}", oid)
    return Person(ins, Traits("TILLEUL", "ORIANE", Sex.FEMALE, born, birth_place="35238"))


def _keyed(digits: str) -> str:
    """A number of which the last digit is the Luhn key of the others."""
    return next(digits + str(key) for key in range(10) if is_luhn(digits + str(key)))


def doctor(profession: str = "G15_10/SM26", **changes: object) -> Caller:
    """A professional whom no other test knows, in a structure of their own."""
    number = next(_numbers)
    made = Caller(
        CallerKind.PROFESSIONAL,
        name=f"Docteur {number}",
        identifier=professional("8" + _keyed(f"9{number:09d}")),
        structure=structure("1" + _keyed(f"9{number:07d}")),
        structure_name="Cabinet des Tilleuls",
        profession=profession,
        sector="SA07",
    )
    return msgspec.structs.replace(made, **changes)


def house_of(caller: Caller) -> Caller:
    """The structure of a professional, without an acting person."""
    return Caller(CallerKind.STRUCTURE, name="system", structure=caller.structure, sector="SA07")


OPERATOR = Caller(CallerKind.OPERATOR, name="tests")


def author_of(caller: Caller) -> Author:
    """A caller as author of a document."""
    if caller.kind is CallerKind.CITIZEN:
        return Author(AuthorKind.PATIENT)
    return Author(
        AuthorKind.PROFESSIONAL,
        identifier=caller.identifier,
        name=Name("INVENTE", caller.name),
        organization=Organization(caller.structure, caller.structure_name),
    )


def fresh_id() -> str:
    """A uniqueId that no other document has."""
    return f"2.25.{next(_numbers)}"


def document(
    whose: Person,
    by: Caller | Iterable[Caller],
    /,
    *,
    data: bytes | None = None,
    **said: object,
) -> SubmittedDocument:
    """A report as plain text, all of it declared; ``said`` in place of what is said by default."""
    named = [by] if isinstance(by, Caller) else list(by)
    unique_id = fresh_id()
    declared = DeclaredEntry(
        unique_id=unique_id,
        patient=whose.ins,
        source_patient=whose.traits,
        type=Code(LOINC, VISIT),
        mime_type="text/plain",
        title="Compte rendu",
        creation_time="2026-05-20T10:00:00+02:00",
        service_start="2026-05-20T09:30:00+02:00",
        facility=Code(SECTORS, "SA07"),
        practice_setting=Code(SETTINGS, "AMBULATOIRE"),
        authors=tuple(author_of(one) for one in named),
        custodian=Organization(named[0].structure, named[0].structure_name),
    )
    declared = msgspec.structs.replace(declared, **said)
    content = data if data is not None else f"Compte rendu {unique_id}".encode()
    return SubmittedDocument(MemoryContent(content), declared)


def resource_of(rendered: bytes) -> dict[str, Any]:
    """A rendered resource, the base of its URLs put in."""
    read: dict[str, Any] = orjson.loads(rendered.replace(b"\x01", b"https://records.example/fhir"))
    return read


class Bench:
    """One store and the loop that everything about it runs in."""

    def __init__(self, runner: asyncio.Runner, store: Store) -> None:
        self._runner = runner
        self.store = store

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run one coroutine to its end."""
        return self._runner.run(work)

    def desk(self, policy: Policy = PLAIN, at: int = NOW) -> Desk:
        """A gate over the store, with a clock that starts ``at`` (s)."""
        return Desk(self, policy, at)


class Desk:
    """A gate, its clock, and the acts of tests."""

    def __init__(self, bench: Bench, policy: Policy, at: int) -> None:
        self.bench = bench
        self.store = bench.store
        self.clock = MovingClock(at)
        self.gate = Gate(bench.store, policy, clock=self.clock)
        self.run = bench.run

    def refusal(self, work: Coroutine[Any, Any, object]) -> str:
        """The code of the refusal that an act meets."""
        return self.error(work).code

    def error(self, work: Coroutine[Any, Any, object]) -> CarnetError:
        """The refusal that an act meets."""
        try:
            self.run(work)
        except CarnetError as error:
            return error
        raise AssertionError("it was not refused")

    def open(self, whose: Person, by: Caller | None = None, **changes: object) -> OpenedRecord:
        """Open a record."""
        request = OpeningRequest(whose.ins, whose.traits, OpeningGround.CONSENT)
        request = msgspec.structs.replace(request, **changes)
        return self.run(lifecycle.open_record(self.gate, by or whose.caller, request))

    def citizen(self, born: str = "1984-06-21") -> Person:
        """Somebody new with an open record."""
        whose = person(born)
        self.open(whose)
        return whose

    def feed(
        self, whose: Person, author: Caller, *, by: Caller | None = None, **said: object
    ) -> SubmissionResult:
        """Feed a new document of an author."""
        made = document(whose, author, **said)  # type: ignore[arg-type]  # values of the entry
        return self.run(feeding.submit(self.gate, by or author, made))

    def find(self, caller: Caller, whose: Person, **asked: object) -> Found:
        """What a caller finds in a record."""
        query = msgspec.structs.replace(DocumentQuery(patient=whose.ins), **asked)
        return self.run(consultation.find(self.gate, caller, query))

    def read(self, caller: Caller, entry_uuid: str) -> ReadEntry:
        """Read an entry by one of its ids."""
        return self.run(consultation.read_entry(self.gate, caller, entry_uuid))

    def tie(
        self,
        whose: Person,
        kind: RelationKind,
        actor: Caller | Person,
        *,
        by: Caller | None = None,
        **changes: object,
    ) -> ConsentLine:
        """Make a tie with a professional or a person, by the citizen unless said otherwise."""
        named = actor.identifier or (actor.structure if isinstance(actor, Caller) else None)
        assert named is not None
        request = ConsentRequest(patient=whose.ins, kind=kind, actor=named)
        request = msgspec.structs.replace(request, **changes)
        return self.run(sharing.make_tie(self.gate, by or whose.caller, request))

    def show(
        self, caller: Caller, entry_uuid: str, if_match: int | None = None, **wanted: bool
    ) -> ReadEntry:
        """Change the flags of a document, named as ``Visibility`` names them."""
        change = Visibility(**wanted)
        return self.run(
            stewardship.change_visibility(self.gate, caller, entry_uuid, change, if_match)
        )

    def record_of(self, whose: Person) -> bytes:
        """The id of a record."""
        found = self.run(records.record_of_ins(self.store, whose.ins.matricule))
        assert found is not None
        return found

    def chain(self, whose: Person, chain: Chain = Chain.OPEN) -> list[Trace]:
        """The traces of a record, oldest first, whoever may read them."""
        record_id = self.record_of(whose)

        async def traces() -> list[Trace]:
            sealer = await self.store.keys.sealer(record_id)
            return await read_chain(self.store, sealer, chain)

        return self.run(traces())

    def follow(self, whose: Person) -> int:
        """Do what is due for one record by the desk's clock; how many events there were."""
        record_id, done = self.record_of(whose), 0

        async def turn() -> int:
            rows = await self.store.main.fetch(reads.DUE_EVENTS, self.gate.now(), 10_000)
            due = [
                DueEvent(row[0], row[1], EventKind(row[2]), row[3], row[5])
                for row in rows
                if row[0] == record_id
            ]
            for event in due:
                await follow(self.gate, event)
            return len(due)

        while found := self.run(turn()):
            done += found
        return done

    def counts(self, whose: Person) -> tuple[int, int, int]:
        """How many entries and events a record ever had, and how many bytes' objects stand."""
        row = self.run(
            self.store.main.fetch(reads.RECORD_AND_TIES, self.record_of(whose), b"", b"")
        )
        return row[0][2], row[0][3], len(list(self.store.blobs.names()))

    def close(self, whose: Person) -> RecordStatus:
        """Close a record, as its citizen does."""
        asked = closing.close_record(
            self.gate, whose.caller, whose.ins, "patient-demande", "Demande"
        )
        return self.run(asked)

    def status(self, whose: Person, caller: Caller | None = None) -> RecordStatus:
        """What a caller (the citizen, unless said otherwise) is told of a record."""
        found = self.run(lifecycle.check_record(self.gate, caller or whose.caller, whose.ins))
        assert found is not None
        return found

    def findings(self) -> list[Finding]:
        """What a whole check of the store finds, notes aside; nothing is mended."""

        async def check() -> list[Finding]:
            found = verify(self.store, repair=False, now=self.gate.now())
            return [one async for one in found if one.severity is not Severity.INFO]

        return self.run(check())

    def permitted(self, caller: Caller, whose: Person, action: Action) -> bool:
        """Whether the gate lets a caller do something to a record."""
        record_id = self.record_of(whose)
        return self.run(self.gate.look(caller, record_id, action)).decision.permitted
