"""The rows of a made record, as opening, consent and feeding would have left them.

They come from the functions that real rows come from (``storage.append``, ``records``, ``pages``,
``objects``, ``tracing``), so that every seal, chain and directory line is right and ``carnet
verify`` finds a made store sound. The outbox is empty: what the worker would add is there.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from typing import Any

import msgspec

from carnet.bench import people
from carnet.bench.manifest import FIRST_LARGE, PER_CITIZEN
from carnet.bench.templates import Document, kind_of
from carnet.record.access.model import RelationKind
from carnet.record.caller import Caller, CallerKind
from carnet.record.document import Author, AuthorKind, Code, SubmissionSet
from carnet.record.identity import IdentityStatus
from carnet.record.lifecycle import LifecycleEvent, RecordState
from carnet.record.structures import actor_key
from carnet.record.trace import GENESIS, Act, Chain, Outcome, Trace, link
from carnet.storage import append, objects, records
from carnet.storage.authors import author_keys, structure_keys
from carnet.storage.blobs import FileBlobs
from carnet.storage.codes import RELATIONS, STATES, UuidKind
from carnet.storage.journal import LINK, MovedHead
from carnet.storage.keys import Hasher, bucket_of
from carnet.storage.pages import Slot, page_of, seal_page
from carnet.storage.sealed import LifeAct, SealedIdentity, SealedTie, pack
from carnet.storage.sealing import Sealer
from carnet.storage.tracing import seal_trace
from carnet.usecases.actors import ins_key, person_key, structure_key
from carnet.usecases.clock import instant

OPENED = 1_704_100_000  # seconds since 1970 UTC: January 2024, when all made records were opened
_SPAN = 600 * 86_400  # over which documents are spread, from then on
_CONSENT = "bench-consent"
_AUTHOR = RELATIONS[RelationKind.AUTHOR]
_GRANT = RELATIONS[RelationKind.AUTHORISATION]
_NO_TIE = bytes(16)

Rows = dict[str, list[tuple[Any, ...]]]
"""Rows by table, their values in the order of its columns."""


class Made(msgspec.Struct):
    """Rows by table, and the heads that the journal is to mention."""

    rows: Rows
    heads: list[MovedHead]


class Maker:
    """Makes records of one store. ``buckets`` are the bucket keys, unwrapped."""

    def __init__(
        self,
        seed: bytes,
        hasher: Hasher,
        buckets: dict[int, bytes],
        blobs: FileBlobs,
        per_citizen: int = PER_CITIZEN,
    ) -> None:
        self._seed = seed
        self._hasher = hasher
        self._buckets = buckets
        self._blobs = blobs
        self._per_citizen = per_citizen

    def records(self, numbers: range) -> Made:
        """The records of these citizens; their documents are written, not synced."""
        rows: Rows = defaultdict(list)
        heads = [self._record(rows, number) for number in numbers]
        return Made(dict(rows), heads)

    def _record(self, rows: Rows, number: int) -> MovedHead:
        record_id = record_id_of(self._seed, number)
        key = secrets.token_bytes(32)
        bucket = Sealer(self._buckets[bucket_of(record_id)])
        rows["record_key"].append((record_id, bucket.seal(b"record", record_id, key)))
        sealer = Sealer(key, record_id)
        chain = _Chain(sealer)
        self._open(rows, sealer, number, chain)
        self._grant(rows, sealer, number, chain)
        pages: dict[int, list[Slot]] = defaultdict(list)
        for place in range(self._per_citizen):
            slot = self._feed(rows, sealer, number, place, chain)
            pages[page_of(slot.entry_no)].append(slot)
        rows["page"] += [
            (record_id, page_no, seal_page(sealer, page_no, held))
            for page_no, held in pages.items()
        ]
        rows["trace"] += chain.rows
        return MovedHead(record_id, int(Chain.OPEN), len(chain.rows), chain.head[:LINK])

    def _open(self, rows: Rows, sealer: Sealer, number: int, chain: _Chain) -> None:
        """The record, its identity, its lines of directories."""
        citizen, traits = people.citizen_ins(number), people.citizen_traits(number)
        act = LifeAct(
            event=str(LifecycleEvent.OPEN),
            at=OPENED,
            actor="",
            capacity=str(CallerKind.OPERATOR),
            ground="consent",
            text_id=_CONSENT,
            text_version="1",
            text_language="fr",
        )
        day = OPENED // records.DAY
        sealed = records.sealed_life(sealer, (act,))
        many = self._per_citizen
        counts = (1 + many, many, 2 + many)  # version, entries, events
        state = STATES[RecordState.OPEN]
        rows["record"].append((sealer.record_id, state, *counts, 0, day, sealed))
        status, source = str(IdentityStatus.QUALIFIED), str(CallerKind.OPERATOR)
        identity = SealedIdentity(citizen, traits, status, source)
        rows["identity"].append(records.identity_row(sealer, 1, day, 0, identity))
        hashed = self._hasher.ins(citizen.matricule)
        rows["directory_ins"].append((hashed, sealer.record_id, 1))
        rows["directory_traits"] += [
            (line, sealer.record_id) for line in records.traits_keys(self._hasher, traits)
        ]
        operator = Caller(CallerKind.OPERATOR, name="bench")
        chain.add(_trace(operator, Act.OPEN_RECORD, OPENED))

    def _grant(self, rows: Rows, sealer: Sealer, number: int, chain: _Chain) -> None:
        """The citizen's authorisation of their doctor."""
        doctor = people.doctor(number)
        identifier = doctor.identifier
        if identifier is None:
            raise ValueError("a doctor has an identifier")
        citizen = people.citizen_ins(number)
        who = Caller(CallerKind.CITIZEN, ins=citizen)
        tie = SealedTie(
            kind=_GRANT,
            starts=OPENED,
            ends=0,
            ended=0,
            actor_root=identifier.root,
            actor_extension=identifier.extension,
            made_at=OPENED,
            made_by=str(CallerKind.CITIZEN),
            made_by_actor=ins_key(citizen),
            actor_name=doctor.name,
            text_id=_CONSENT,
            text_version="1",
            text_language="fr",
        )
        tie_id = people.made_id(self._seed, "tie", number)
        actor = self._hasher.actor(actor_key(identifier))
        rows["relation"].append(records.tie_row(sealer, actor, tie_id, tie))
        rows["directory_uuid"].append((tie_id, sealer.record_id, 0, int(UuidKind.TIE)))
        rows["directory_actor"].append((actor, _GRANT, sealer.record_id, 0, OPENED // records.DAY))
        chain.add(_trace(who, Act.GRANT, OPENED, criteria=str(RelationKind.AUTHORISATION)))

    def _feed(self, rows: Rows, sealer: Sealer, number: int, place: int, chain: _Chain) -> Slot:
        """One document: its object, and all its rows but its page."""
        kind = kind_of(number + place, number, large=number >= FIRST_LARGE)
        document = made_document(self._seed, number, place, self._per_citizen)
        at = document.created + 3600
        ids = document_ids(self._seed, number, place)
        slot = kind.slot(document, sealer.record_id, place + 1, ids, at)
        sealed = objects.seal_small(sealer, ids[1], document.entry, document.xml)
        self._blobs.write(ids[1], (sealed,), durable=False)
        wrote = [self._hasher.actor(key) for key in author_keys(document.entry)]
        house = self._hasher.actor(structure_keys(document.entry)[0])
        row = append.entry_row(
            sealer,
            slot,
            binary_id=ids[1],
            author=wrote[0],
            structure=house,
            size=document.entry.size,
        )
        self._lines(rows, row, wrote[0], house, at)
        caller = _as_caller(kind.writer.identifier.extension, kind.entry.authors[0])
        submission = _submission(document, caller, slot.entry_no, at)
        name = slot.entry_no.to_bytes(8, "big")
        rows["submission"].append(
            (sealer.record_id, slot.entry_no, sealer.seal(b"submission", name, pack(submission)))
        )
        chain.add(_trace(caller, Act.SUBMIT, at, entries=(slot.entry_no,)))
        return slot

    def _lines(self, rows: Rows, row: Any, wrote: bytes, house: bytes, at: int) -> None:
        record_id, entry_no = row.record_id, row.entry_no
        rows["entry"].append(append.as_row(row))
        hashed = self._hasher.unique_id(row.unique_id)
        rows["directory_document"].append((hashed, record_id, entry_no, 1))
        rows["directory_uuid"] += [
            (row.entry_uuid, record_id, entry_no, int(UuidKind.ENTRY)),
            (row.logical_id, record_id, entry_no, int(UuidKind.DOCUMENT)),
        ]
        rows["directory_actor"] += [
            (who, _AUTHOR, record_id, entry_no, row.created_day) for who in (wrote, house)
        ]
        known = (record_id, wrote, _AUTHOR)
        if not any(line[:3] == known for line in rows["relation"][-1 - people.AUTHORS :]):
            rows["relation"].append((*known, _NO_TIE, at, 0, 0, b""))


class _Chain:
    """The open chain of a record while its acts are made."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer
        self.head = GENESIS
        self.rows: list[tuple[Any, ...]] = []

    def add(self, trace: Trace) -> None:
        """Append the trace of an act."""
        sealed = seal_trace(self._sealer, Chain.OPEN, trace)
        record_id, chain, seq = sealed.record_id, sealed.chain, len(self.rows) + 1
        self.head = link(self.head, record_id, chain, seq, sealed.sealed)
        self.rows.append((record_id, chain, seq, trace.id, sealed.sealed, self.head))


def record_id_of(seed: bytes, number: int) -> bytes:
    """The record of a citizen."""
    return people.made_id(seed, "record", number)


def document_ids(seed: bytes, number: int, place: int) -> tuple[bytes, bytes]:
    """The entryUUID and logicalId of a document; like fresh ones they share their start."""
    first = people.made_id(seed, "entry", number, place)
    return first, first[:8] + people.made_id(seed, "document", number, place)[8:]


def made_document(seed: bytes, number: int, place: int, per_citizen: int = PER_CITIZEN) -> Document:
    """A citizen's document, ``place`` from 0 of ``per_citizen``."""
    large = number >= FIRST_LARGE
    return kind_of(number + place, number, large=large).document(
        unique_id_of(people.made_id(seed, "unique", number, place)),
        unique_id_of(people.made_id(seed, "series", number, place)),
        people.citizen_ins(number),
        people.citizen_traits(number),
        OPENED + 86_400 + (place * _SPAN // per_citizen) + number % 80_000,
    )


def unique_id_of(made: bytes) -> str:
    """The OID of a UUID (ITU-T X.667)."""
    return f"2.25.{int.from_bytes(made)}"


def _as_caller(extension: str, author: Author) -> Caller:
    organization = author.organization
    return Caller(
        CallerKind.PROFESSIONAL,
        name=f"Auteur {extension[-4:]}",
        identifier=author.identifier,
        structure=organization.identifier if organization else None,
        structure_name=organization.name if organization else None,
        profession=people.PROFESSION,
        sector="SA01",
        software=people.SOFTWARE,
    )


def _trace(
    caller: Caller,
    act: Act,
    at: int,
    *,
    entries: tuple[int, ...] = (),
    criteria: str | None = None,
) -> Trace:
    return Trace(
        id=secrets.token_bytes(16),
        at=at * 1_000_000,
        act=act,
        outcome=Outcome.PERMITTED,
        caller=str(caller.kind),
        actor=person_key(caller) or "",
        name=caller.name,
        profession=caller.profession,
        structure=structure_key(caller),
        structure_name=caller.structure_name,
        software=caller.software,
        entries=entries,
        reason="bench",
        criteria=criteria,
    )


def _submission(document: Document, caller: Caller, entry_no: int, at: int) -> SubmissionSet:
    return SubmissionSet(
        entry_uuid=document.values["sha256"][:32].decode(),
        unique_id=f"2.25.{int(document.values['sha256'][:32], 16)}",
        patient=document.entry.patient,
        source_id=person_key(caller) or "",
        submission_time=instant(at * 1_000_000),
        content_type=Code("1.2.250.1.71.4.2.4", caller.sector or "SA07"),
        authors=(Author(AuthorKind.PROFESSIONAL, caller.identifier, device=caller.software),),
        entries=(entry_no,),
    )
