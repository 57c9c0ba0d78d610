"""Reads the documents of a view as the rules of order see them, corrections, and marks.

Rights are terms of every query; flags are those that were sealed (``RecordView.slots``).
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import msgspec

from carnet.clinical.order.corrections import Correction
from carnet.clinical.order.model import Paper
from carnet.formats.gist import Gist, gist_of, unpack_gist
from carnet.formats.gist.words import paper_words
from carnet.record.document import Status
from carnet.record.errors import CarnetError
from carnet.record.facts import Facts
from carnet.storage import arranged
from carnet.storage.batch import Step
from carnet.storage.codes import STATUSES, DerivedKind
from carnet.storage.derived import SEALED_AS, list_derived
from carnet.storage.entries import Listed
from carnet.storage.pages import Slot
from carnet.storage.sealing import SealBroken
from carnet.usecases.actors import ins_key, person_key
from carnet.usecases.view import RecordView

_APPROVED = STATUSES[Status.APPROVED]
_ORDER = "urn:ihe:iti:xds:2013:order"
_URI = "urn:ietf:rfc:3986"
_EPOCH = date(1970, 1, 1).toordinal()
_HOSPITAL = frozenset({"ETABLISSEMENT", "SAMU_SMUR", "PALLIATIF"})  # JDV_J04
_HOMES = frozenset({"SA16", "SA17", "SA20", "SA21", "SA41"})  # JDV_J02: where people live
_WHOLE_DATE = 10  # characters; FHIR allows a year alone
_MARK = 8  # bytes of a document's random id that a mark keeps


class Read(msgspec.Struct, frozen=True):
    """The documents of a view, and the entry of each for traces and ids."""

    papers: tuple[Paper, ...]
    entries: dict[bytes, Listed]
    slots: dict[bytes, Slot]


class _Identifier(msgspec.Struct, frozen=True, gc=False):
    system: str = ""
    value: str = ""
    type: _Concept | None = None


class _Coding(msgspec.Struct, frozen=True, gc=False):
    system: str = ""
    code: str = ""


class _Concept(msgspec.Struct, frozen=True, gc=False):
    coding: tuple[_Coding, ...] = ()

    @property
    def first(self) -> str:
        return self.coding[0].code if self.coding else ""


class _Reference(msgspec.Struct, frozen=True, gc=False):
    reference: str = ""
    identifier: _Identifier | None = None


class _Contained(msgspec.Struct, frozen=True, gc=False):
    id: str = ""
    resource_type: str = msgspec.field(name="resourceType", default="")
    # Only of these kinds the name is not needed, and the rest is.
    identifier: tuple[_Identifier, ...] = ()
    specialty: tuple[_Concept, ...] = ()
    born: str = msgspec.field(name="birthDate", default="")


class _Attachment(msgspec.Struct, frozen=True, gc=False):
    title: str = ""
    hash: str = ""


class _Content(msgspec.Struct, frozen=True, gc=False):
    attachment: _Attachment


class _Period(msgspec.Struct, frozen=True, gc=False):
    start: str = ""
    end: str = ""


class _Context(msgspec.Struct, frozen=True, gc=False):
    period: _Period = _Period()
    facility: _Concept = msgspec.field(name="facilityType", default_factory=_Concept)
    setting: _Concept = msgspec.field(name="practiceSetting", default_factory=_Concept)
    related: tuple[_Reference, ...] = ()


class _Relation(msgspec.Struct, frozen=True, gc=False):
    target: _Reference


class _Resource(msgspec.Struct, frozen=True, gc=False):
    """What is read of a rendered DocumentReference (``formats.fhir.document_reference``)."""

    content: tuple[_Content, ...]
    context: _Context = msgspec.field(default_factory=_Context)
    contained: tuple[_Contained, ...] = ()
    replaces: tuple[_Relation, ...] = msgspec.field(name="relatesTo", default=())


_DECODER = msgspec.json.Decoder(_Resource)


async def read_papers(view: RecordView) -> Read:
    """The documents that the view's caller sees, current ones only. Raises ``record-damaged``."""
    listed = await view.listed(_APPROVED, _APPROVED)
    slots = await view.slots(listed)
    rows = await list_derived(
        view.gate.store,
        view.record.record_id,
        DerivedKind.GIST,
        view.terms,
        (_APPROVED, _APPROVED),
        aside=view.is_great,
    )
    gists = {row.entry.entry_no: _opened(view, row.logical_id, row.sealed) for row in rows}
    papers = []
    entries: dict[bytes, Listed] = {}
    by_key: dict[bytes, Slot] = {}
    for item in listed:
        slot = slots[item.entry_no]
        papers.append(paper_of(slot, gists.get(item.entry_no)))
        entries[slot.logical_id] = item
        by_key[slot.logical_id] = slot
    return Read(tuple(papers), entries, by_key)


def _opened(view: RecordView, logical_id: bytes, sealed: bytes) -> Gist:
    try:
        return unpack_gist(view.sealer.unseal(SEALED_AS[DerivedKind.GIST], logical_id, sealed))
    except (SealBroken, msgspec.DecodeError):
        raise CarnetError("record-damaged") from None


def paper_of(slot: Slot, gist: Gist | None) -> Paper:
    """A document from its slot. Without a gist (nothing was derived yet) its title speaks alone."""
    resource = _DECODER.decode(slot.resource.replace(b"\x01", b""))
    attachment, context = resource.content[0].attachment, resource.context
    people = {one.id: one for one in resource.contained}
    author = people.get("author-1")
    person = people.get("author-1-person") or author
    house = people.get("author-1-structure")
    patient = people.get("source-patient")
    start = context.period.start
    day = _day(start) if start else int(slot.started // 86_400)
    end = context.period.end
    return Paper(
        number=slot.entry_no,
        key=slot.logical_id,
        unique_id=slot.unique_id,
        type=slot.type_code,
        sort=paper_words(slot.type_code).sort,
        title=attachment.title,
        day=day,
        last=_day(end) if end else day,
        created=slot.created,
        author=_named(person),
        structure=_named(house),
        specialty=author.specialty[0].first if author and author.specialty else "",
        hospital=context.setting.first in _HOSPITAL,
        home=context.facility.first in _HOMES,
        orders=tuple(
            _unique_id(one.identifier)
            for one in context.related
            if one.identifier and one.identifier.type and one.identifier.type.first == _ORDER
        ),
        replaces=next(
            (
                _unique_id(one.target.identifier)
                for one in resource.replaces
                if one.target.identifier
            ),
            None,
        ),
        born=_date(patient.born) if patient and len(patient.born) == _WHOLE_DATE else None,
        sha=attachment.hash,
        gist=gist or gist_of(slot.type_code, attachment.title, Facts(), ""),
    )


@lru_cache(maxsize=4096)
def _date(text: str) -> int:
    return date.fromisoformat(text).toordinal() - _EPOCH


def _day(moment: str) -> int:
    """The day of a dateTime of any precision, where it was written."""
    return _date((moment[:10] + "0001-01-01"[len(moment) :]) if len(moment) < 10 else moment[:10])


def _named(one: _Contained | None) -> str:
    return one.identifier[0].value if one is not None and one.identifier else ""


def _unique_id(identifier: _Identifier) -> str:
    """An identifier as ``Slot.unique_id`` writes it."""
    value = identifier.value.removeprefix("urn:oid:").removeprefix("urn:uuid:")
    if identifier.system in ("", _URI):
        return value
    return f"{identifier.system.removeprefix('urn:oid:')}^{value}"


async def read_corrections(view: RecordView) -> list[tuple[Correction, int]]:
    """Every correction of the record with its row's version. Raises ``record-damaged``."""
    try:
        rows = await arranged.arrangements(view.gate.store, view.sealer)
        return [(_CORRECTION.decode(data), version) for _, version, data in rows]
    except (SealBroken, msgspec.DecodeError):
        raise CarnetError("record-damaged") from None


_CORRECTION = msgspec.msgpack.Decoder(Correction)
_ENCODER = msgspec.msgpack.Encoder()


def correction_step(view: RecordView, correction: Correction, version: int) -> Step:
    """The step that writes a correction; ``version`` is the one that was read, 0 for a new one."""
    data = _ENCODER.encode(correction)
    return arranged.arrangement_step(view.sealer, correction.id, version, data)


def person_mark(view: RecordView) -> bytes | None:
    """The keyed hash under which this person's marks of this record stand; None for no person.

    It is of the person and the record, so that two records of one doctor are not tied together.
    The citizen of the record is the same one under every INS that they ever had.
    """
    caller = view.caller
    who = person_key(caller) if caller.identifier or caller.ins else None
    if who is None:
        return None
    if view.facts.is_own:
        who = "own"
    elif caller.ins is not None:
        who = ins_key(caller.ins)
    return view.gate.store.keys.hasher.actor(f"seen|{view.record.record_id.hex()}|{who}")


async def read_seen(view: RecordView, mark: bytes) -> tuple[int, frozenset[bytes]]:
    """Version of a person's mark, and what it holds. Raises ``record-damaged``."""
    try:
        version, data = await arranged.seen_by(view.gate.store, view.sealer, mark)
    except SealBroken:
        raise CarnetError("record-damaged") from None
    return version, frozenset(data[at : at + _MARK] for at in range(0, len(data), _MARK))


def marked(key: bytes) -> bytes:
    """What a mark keeps of a document's id."""
    return key[:_MARK]


def seen_step(view: RecordView, mark: bytes, version: int, keys: frozenset[bytes]) -> Step:
    """The step that writes a person's mark; ``keys`` are made by ``marked``."""
    return arranged.seen_step(view.sealer, mark, version, b"".join(sorted(keys)))
