"""Reads the facts of a view: rights are terms of the query, flags those that were sealed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection

import msgspec

from carnet.clinical.model import Source, Told
from carnet.record.caller import Caller
from carnet.record.document import Status
from carnet.record.errors import CarnetError
from carnet.record.facts import Facts, Kind
from carnet.record.trace import Act
from carnet.record.uuids import uuid_text
from carnet.storage.codes import STATUSES, DerivedKind, UuidKind
from carnet.storage.derived import list_derived
from carnet.storage.entries import EntryRow, Listed
from carnet.storage.kept_facts import FactsBroken, open_facts
from carnet.storage.pages import Slot
from carnet.usecases.consultation import reach
from carnet.usecases.gate import Gate
from carnet.usecases.view import RecordView

Named = Listed
"""An entry that a trace names."""

_APPROVED = STATUSES[Status.APPROVED]  # replaced, archived and deleted documents tell no facts
MOST = 50_000  # facts that one answer opens, of the newest documents: some 100 MB
_TURN = 200  # documents that are opened before others are let pass


class Gathered(msgspec.Struct, frozen=True):
    """Facts of a view, the newest document first, in the document's order within it.

    ``entries`` are the documents that were looked at, for the trace; ``cut`` those that say more
    than is here: more than a reader keeps of one, or older than the newest ``MOST`` facts.
    """

    told: tuple[Told, ...]
    entries: dict[int, Listed]
    cut: frozenset[int] = frozenset()

    def named(self, told: Collection[Told]) -> list[Listed]:
        """The entries that a trace must name when these facts are returned."""
        numbers = dict.fromkeys(one.source.entry_no for one in told)
        return [self.entries[number] for number in numbers]


async def gather(view: RecordView, kinds: Collection[Kind] | None = None) -> Gathered:
    """The facts, of some kinds or of all, of the documents that the view's caller may read.

    ``view`` must be one of ``Action.READ``. Raises ``record-damaged``.
    """
    rows = await list_derived(
        view.gate.store,
        view.record.record_id,
        DerivedKind.FACTS,
        view.terms,
        (_APPROVED, _APPROVED),
        aside=view.is_great,
    )
    rows.sort(key=lambda row: (-row.entry.created_day, -row.entry.entry_no))
    found: list[tuple[Listed, Facts]] = []
    entries: dict[int, Listed] = {}
    cut: set[int] = set()
    opened = 0
    for number, row in enumerate(rows, 1):
        entries[row.entry.entry_no] = row.entry
        if opened >= MOST:
            cut.add(row.entry.entry_no)
            continue
        facts = _opened(view, row.logical_id, row.sealed, kinds)
        opened += len(facts.facts)
        if facts.cut:
            cut.add(row.entry.entry_no)
        if facts.facts:
            found.append((row.entry, facts))
        if number % _TURN == 0:
            await asyncio.sleep(0)
    slots = await view.slots([entry for entry, _ in found])
    found.sort(key=lambda one: (-slots[one[0].entry_no].created, -one[0].entry_no))
    told = [
        one for entry, facts in found for one in told_of(facts, source_of(slots[entry.entry_no]))
    ]
    return Gathered(tuple(told), entries, frozenset(cut))


def _opened(
    view: RecordView, logical_id: bytes, sealed: bytes, kinds: Collection[Kind] | None
) -> Facts:
    try:
        return open_facts(view.sealer, logical_id, sealed, kinds)
    except FactsBroken:
        raise CarnetError("record-damaged") from None


async def told_by(gate: Gate, caller: Caller, document_id: str) -> tuple[RecordView, list[Told]]:
    """The view of one document's record and the facts of that document, not yet traced.

    Raises ``fact-absent`` for what does not exist and for what the caller may not read alike; that
    refusal is traced.
    """
    try:
        view, row = await reach(gate, caller, document_id, UuidKind.DOCUMENT, Act.READ_FACTS)
    except CarnetError as error:
        if error.code != "document-absent":
            raise
        raise CarnetError("fact-absent") from None
    return view, await _facts_of(view, row)


async def _facts_of(view: RecordView, row: EntryRow) -> list[Told]:
    """The facts of a document that its reader may read; ``row`` is its current version."""
    rows = await list_derived(
        view.gate.store,
        view.record.record_id,
        DerivedKind.FACTS,
        view.terms,
        (_APPROVED, _APPROVED),
        aside=False,
        entry_no=row.entry_no,
    )
    for found in rows:
        slots = await view.slots([found.entry])
        facts = _opened(view, found.logical_id, found.sealed, None)
        return told_of(facts, source_of(slots[row.entry_no]))
    return []


def source_of(slot: Slot) -> Source:
    """A document as the source of facts."""
    return Source(
        entry_no=slot.entry_no,
        entry_uuid=uuid_text(slot.entry_uuid),
        document_id=uuid_text(slot.logical_id),
        type_code=slot.type_code,
        created=slot.created,
        started=slot.started,
        resource=slot.resource,
    )


def told_of(facts: Facts, source: Source) -> list[Told]:
    """Facts with their source. Those of one kind at one place are told apart by their order."""
    if len({(fact.kind, fact.place.path) for fact in facts.facts}) == len(facts.facts):
        return [Told(fact, source) for fact in facts.facts]
    twins: Counter[tuple[Kind, str]] = Counter()
    told = []
    for fact in facts.facts:
        place = (fact.kind, fact.place.path)
        told.append(Told(fact, source, twins[place]))
        twins[place] += 1
    return told
