"""A small store with some of everything, fed through the gate, and ways to damage it.

Three people: Ada has documents of which one was replaced, one hidden, one kept from
representatives, and ties of several kinds, one of them ended; Basile has more documents than a
page holds, one of them long; Céleste has none.
"""

from __future__ import annotations

import asyncio
import io
import random
import shutil
import sqlite3
import uuid
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from carnet.logs import Log
from carnet.record.access.model import RelationKind
from carnet.record.caller import Caller, CallerKind
from carnet.record.document import Author, AuthorKind, Code, Organization
from carnet.record.identity import (
    OID_INS_NIR_TEST,
    OID_PROFESSIONAL,
    OID_STRUCTURE,
    Identifier,
    Ins,
    Name,
    Sex,
    Traits,
    ins_key,
)
from carnet.record.store_kind import StoreKind
from carnet.storage.batch import Batch
from carnet.storage.create import create_embedded
from carnet.storage.ledger import Ledger
from carnet.storage.ledger_thread import ThreadWriter
from carnet.storage.masterkey import KeyFile
from carnet.storage.records import record_of_ins
from carnet.storage.store import Store, journal_key, open_embedded
from carnet.storage.verify import Anchor, Finding, Severity, export_anchor, verify
from carnet.usecases import consultation, feeding, lifecycle, sharing, stewardship
from carnet.usecases.gate import Gate
from carnet.usecases.identities import change_identity
from carnet.usecases.policy import Policy
from carnet.usecases.requests import (
    ConsentRequest,
    DeclaredEntry,
    DocumentQuery,
    MemoryContent,
    OpeningGround,
    OpeningRequest,
    SubmittedDocument,
    Visibility,
)
from carnet.worker import Worker

DATABASES = ("carnet", "traces", "keys")
T = TypeVar("T")

START = 1_767_225_600_000_000  # 2026-01-01T00:00:00Z, in µs
NOW = START // 1_000_000 + 3600  # when the check is made, in s

LONG = random.Random(7).randbytes(1_200_000).hex().encode()
"""A text that takes more than one sealed segment even when compressed."""

LATER = NOW + 200 * 86_400

POLICY = Policy(accept_test_ins=True, reading_operator=True)
STRUCTURE = Identifier(OID_STRUCTURE, "1750712184")
DOCTOR = Caller(
    CallerKind.PROFESSIONAL,
    name="Oriane Lestrade",
    identifier=Identifier(OID_PROFESSIONAL, "810000000017"),
    structure=STRUCTURE,
    profession="G15_10/SM26",
    sector="SA07",
)
OTHER = Identifier(OID_PROFESSIONAL, "810000000025")
OPERATOR = Caller(CallerKind.OPERATOR, name="feed")


def _person(number: str, family: str, given: str) -> tuple[Ins, Traits]:
    ins = Ins(f"{number}{ins_key(number):02d}", OID_INS_NIR_TEST)
    used = "Vasseur" if family == "Montreuil" else None
    return ins, Traits(family, given, Sex.FEMALE, "2010-05-17", used_family=used)


ADA = _person("2100575116001", "Montreuil", "Ada")
BASILE = _person("2100575116002", "Quercy", "Basile")
CELESTE = _person("2100575116003", "Rigaud", "Céleste")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run one coroutine to its end."""
    return asyncio.run(work)


class Ticking:
    """A clock that moves on by a second at every look, so that no two acts are at once."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> int:
        self.now += 1_000_000
        return self.now


def citizen(person: tuple[Ins, Traits]) -> Caller:
    """A person as the caller of their own record."""
    return Caller(CallerKind.CITIZEN, name=person[1].first_given, ins=person[0])


def document(
    person: tuple[Ins, Traits],
    number: str,
    *,
    replaces: str | None = None,
    authors: int = 1,
    data: bytes | None = None,
) -> SubmittedDocument:
    """A consultation report as plain text; uniqueId ``1.2.3.<number>``."""
    organization = Organization(STRUCTURE, "Cabinet des Tilleuls")
    named = [
        Author(
            AuthorKind.PROFESSIONAL,
            identifier=identifier,
            name=Name("Lestrade", "Oriane"),
            organization=organization,
        )
        for identifier in (DOCTOR.identifier, OTHER)[:authors]
    ]
    loinc, sectors = "2.16.840.1.113883.6.1", "1.2.250.1.71.4.2.4"
    return SubmittedDocument(
        MemoryContent(data or f"Compte rendu {number} de {person[1].first_given}".encode()),
        DeclaredEntry(
            unique_id=f"1.2.3.{number}",
            patient=person[0],
            source_patient=person[1],
            type=Code(loinc, "11488-4"),
            mime_type="text/plain",
            title="Compte rendu de consultation",
            creation_time="2025-12-30T10:00:00+01:00",
            service_start="2025-12-30T09:30:00+01:00",
            facility=Code(sectors, "SA07"),
            practice_setting=Code("1.2.250.1.213.1.1.4.9", "AMBULATOIRE"),
            authors=tuple(named),
            custodian=organization,
            replaces=replaces,
        ),
    )


async def fill(store: Store) -> None:
    """Open three records and do some of everything in them."""
    gate = Gate(store, POLICY, clock=Ticking())
    for person in (ADA, BASILE, CELESTE):
        opening = OpeningRequest(person[0], person[1], OpeningGround.CONSENT)
        await lifecycle.open_record(gate, OPERATOR, opening)
    for number in ("1", "2", "3"):
        await feeding.submit(gate, DOCTOR, document(ADA, number, authors=2))
    await feeding.submit(gate, DOCTOR, document(ADA, "4", replaces="1.2.3.1"))
    for count in range(201, 235):  # more than a page of 32
        await feeding.submit(gate, DOCTOR, document(BASILE, str(count)))
    await feeding.submit(gate, DOCTOR, document(BASILE, "299", data=LONG))
    ada = citizen(ADA)
    for kind, actor in (
        (RelationKind.AUTHORISATION, DOCTOR.identifier),
        (RelationKind.PHYSICIAN, DOCTOR.identifier),
        (RelationKind.BLOCK, OTHER),
    ):
        assert actor is not None
        request = ConsentRequest(patient=ADA[0], kind=kind, actor=actor)
        line = await sharing.make_tie(gate, ada, request)
        if kind is RelationKind.BLOCK:
            await sharing.end_tie(gate, ada, line.id, None)
    hidden = Visibility(hidden_from_professionals=True)
    await stewardship.change_visibility(gate, ada, ("unique", "1.2.3.2"), hidden, None)
    private = Visibility(hidden_from_representatives=True)
    await stewardship.change_visibility(gate, ada, ("unique", "1.2.3.3"), private, None)
    for caller in (ada, DOCTOR):
        await consultation.find(gate, caller, DocumentQuery(patient=ADA[0]))
    said = io.StringIO()
    worker = Worker(gate, Log(said))
    while await worker.turn():
        assert said.getvalue() == ""


class Site:
    """An embedded store that is closed between acts, and its damager."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.key_file = directory.with_name("store.key")
        self.completed: list[bytes] = []

    @classmethod
    def make(cls, directory: Path) -> Site:
        """A new store, filled."""
        site = cls(directory)
        create_embedded(directory, StoreKind.TEST, site.key_file)
        run(site._fill())
        return site

    def copy(self, folder: Path, *, databases: tuple[str, ...] = ()) -> Site:
        """The same store in another folder; with ``databases``, only these files."""
        made = Site(folder / "store")
        made.directory.mkdir(parents=True, exist_ok=True)
        for name in databases or DATABASES:
            shutil.copy(self.directory / f"{name}.db", made.directory / f"{name}.db")
        if not databases:
            shutil.copy(self.key_file, made.key_file)
            for source in (self.directory / "blobs").glob("*/*"):
                target = made.directory / "blobs" / source.parent.name / source.name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, target)
        return made

    def put_back(self, earlier: Site, *databases: str) -> None:
        """Put databases back to what they were when ``earlier`` was copied."""
        for name in databases:
            for old in self.directory.glob(f"{name}.db*"):
                old.unlink()
            shutil.copy(earlier.directory / f"{name}.db", self.directory / f"{name}.db")

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Store]:
        """The store with a ledger of this process."""
        master = KeyFile.load(self.key_file)
        ledger = Ledger(self.directory, await journal_key(self.directory, master))
        self.completed = ledger.completed_records
        store = await open_embedded(self.directory, master, ThreadWriter(ledger))
        try:
            yield store
        finally:
            await store.close()

    async def _fill(self) -> None:
        async with self.open() as store:
            await fill(store)

    def check(
        self, *, repair: bool = True, anchor: Anchor | None = None, now: float = NOW
    ) -> list[Finding]:
        """All findings."""

        async def whole() -> list[Finding]:
            async with self.open() as store:
                return [
                    found
                    async for found in verify(
                        store, repair=repair, anchor=anchor, completed=self.completed, now=now
                    )
                ]

        return run(whole())

    def anchor(self) -> Anchor:
        """The exported heads as they stand."""

        async def exported() -> Anchor:
            async with self.open() as store:
                return await export_anchor(store, NOW)

        return run(exported())

    def act(self, number: str = "31", *, replaces: str | None = None) -> None:
        """Feed one more document of Ada, later; its event is left to wait."""
        self.make_leaves()

        async def more() -> None:
            async with self.open() as store:
                gate = Gate(store, POLICY, clock=lambda: START + 1_000_000_000)
                await feeding.submit(gate, DOCTOR, document(ADA, number, replaces=replaces))

        run(more())

    def add_key(self, record_id: bytes) -> None:
        """Make a key as an opening does that breaks off before the record is written."""

        async def made() -> None:
            async with self.open() as store:
                _, step = await store.keys.new_key(record_id)
                await store.writer.write(Batch(record_id, key_steps=(step,)))

        run(made())

    def identify(self, number: str) -> None:
        """Ada gets another INS, later; the event is left to wait."""

        async def changed() -> None:
            async with self.open() as store:
                gate = Gate(store, POLICY, clock=lambda: START + 1_000_000_000)
                new, _ = _person(number, "Montreuil", "Ada")
                await change_identity(gate, OPERATOR, ADA[0], new)

        run(changed())

    def end(self, tie_id: bytes) -> None:
        """Ada ends a tie, later; the event is worked off."""

        async def ended() -> None:
            async with self.open() as store:
                gate = Gate(store, POLICY, clock=lambda: START + 1_000_000_000)
                await sharing.end_tie(gate, citizen(ADA), str(uuid.UUID(bytes=tie_id)), None)
                await Worker(gate, Log(io.StringIO())).turn()

        run(ended())

    def end_hiding(self, unique_id: str) -> None:
        """A doctor hides a document from Ada; much later that ends by itself."""

        async def hidden_and_shown() -> None:
            async with self.open() as store:
                now = START + 1_000_000_000
                gate = Gate(store, POLICY, clock=lambda: now)
                worker = Worker(gate, Log(io.StringIO()))
                hidden = Visibility(hidden_from_patient=True)
                await stewardship.change_visibility(
                    gate, DOCTOR, ("unique", unique_id), hidden, None
                )
                await worker.turn()
                now = LATER * 1_000_000
                while await worker.turn():
                    pass

        run(hidden_and_shown())

    def make_leaves(self) -> None:
        """Make the directories of blobs that ``copy`` left out, for a store that is written to."""
        for leaf in range(4096):
            (self.directory / "blobs" / f"{leaf:03x}").mkdir(exist_ok=True)

    def sql(self, database: str, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """What somebody does who has the database and not the keys."""
        connection = sqlite3.connect(self.directory / f"{database}.db")
        try:
            with connection:
                return connection.execute(statement, values).fetchall()
        finally:
            connection.close()

    def record_of(self, person: tuple[Ins, Traits]) -> bytes:
        """The record of a person: documents are told apart by their uniqueId."""

        async def found() -> bytes:
            async with self.open() as store:
                record_id = await record_of_ins(store, person[0].matricule)
                assert record_id is not None
                return record_id

        return run(found())

    def blob(self, unique_id: str) -> Path:
        """The file of a document."""
        rows = self.sql("carnet", "SELECT binary_id FROM entry WHERE unique_id = ?", unique_id)
        name: str = rows[0][0].hex()
        return self.directory / "blobs" / name[:3] / name


def damages(findings: list[Finding]) -> set[tuple[str, str | None, str]]:
    """Code, record and place of all damage."""
    return {
        (found.code, found.record, found.where)
        for found in findings
        if found.severity is Severity.DAMAGE
    }


def flipped(data: bytes, at: int = -1) -> bytes:
    """The bytes with one bit turned."""
    changed = bytearray(data)
    changed[at] ^= 1
    return bytes(changed)
