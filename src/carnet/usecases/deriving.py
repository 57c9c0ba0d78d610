"""What follows a change, done by the machine through the gate: one trace a document and derivation.

Each function takes an event of the outbox and finishes it in the same batch as its work, so that
doing it twice does nothing twice.
"""

from __future__ import annotations

import msgspec

from carnet.formats.cda import CdaScanner
from carnet.record.access import Action
from carnet.record.access.model import RelationKind
from carnet.record.caller import Caller, CallerKind
from carnet.record.document import Status
from carnet.record.errors import CarnetError
from carnet.record.trace import Act, Chain
from carnet.storage import append, entries, reads, writes
from carnet.storage.batch import Batch, SealedTrace, Step, step
from carnet.storage.codes import RELATIONS, STATUS_OF, DerivedKind, EventKind
from carnet.storage.compression import compress
from carnet.storage.entries import EntryRow
from carnet.storage.pages import Slot, page_of
from carnet.storage.records import DAY, NOBODY
from carnet.usecases.changing import restated, stored_entry
from carnet.usecases.consultation import open_document
from carnet.usecases.gate import Gate
from carnet.usecases.packing import packed_traces
from carnet.usecases.preparing import CDA_TYPES
from carnet.usecases.rendering import flags_of_row, is_current
from carnet.usecases.stewardship import write_flags
from carnet.usecases.view import RecordView

MACHINE = Caller(CallerKind.MACHINE, name="worker")
# Unstructured bodies whose text is no narrative (ASS_A12): nothing is read of them here.
_WITHOUT_TEXT = frozenset(
    {
        "urn:ihe:iti:xds-sd:pdf:2008",
        "urn:ihe:iti-fr:xds-sd:rtf:2010",
        "urn:ihe:iti-fr:xds-sd:jpeg:2010",
        "urn:ihe:iti-fr:xds-sd:tiff:2010",
    }
)
TEXT_READER = 1  # version of what makes narrative text; a higher one derives anew
_AUTHOR = RELATIONS[RelationKind.AUTHOR]


class DueEvent(msgspec.Struct, frozen=True):
    """An event of the outbox that this worker holds a lease on."""

    record_id: bytes
    event_no: int
    kind: EventKind
    entry_no: int
    attempts: int

    @property
    def done(self) -> Step:
        """The step that finishes the event."""
        return step(writes.DELETE_EVENT, (self.record_id, self.event_no), expect=1)

    def settled(self, traces: tuple[SealedTrace, ...]) -> Step:
        """The step that finishes the event and keeps the traces of what was done until later.

        A crash may lose them on their way into the other database; the next start appends them
        from here. The worker deletes the event when it meets it again.
        """
        row = (self.record_id, self.event_no, int(EventKind.SETTLED), packed_traces(traces))
        return step(writes.SETTLE_EVENT, row, expect=1)


async def follow(gate: Gate, event: DueEvent) -> None:
    """Do what an event asks for.

    Raises ``Conflict`` for a race, and ``store-unavailable``: the event is taken again later.
    """
    try:
        view = await gate.look(MACHINE, event.record_id, Action.DERIVE)
    except CarnetError as error:
        if error.code not in ("record-absent", "record-erased"):
            raise
        await gate.write(Batch(event.record_id, steps=(event.done,)))
        return
    row = await entries.entry(gate.store, event.record_id, event.entry_no)
    if not view.decision.permitted:
        # A record that was closed meanwhile is read no more; whose it is stands in the directory.
        lines = await _lines_of(view, event, row)
        await gate.write(Batch(event.record_id, steps=(*lines, event.done)))
        return
    match event.kind:
        case EventKind.SUBMITTED if row is not None:
            await _submitted(view, event, row)
        case EventKind.FLAG_DUE if row is not None:
            await _flag_due(view, event, row)
        case EventKind.TIED:
            steps = (*await _lines_of(view, event, row), event.done)
            await gate.write(Batch(event.record_id, steps=steps))
        case _:
            await gate.write(Batch(event.record_id, steps=(event.done,)))


async def _submitted(view: RecordView, event: DueEvent, row: EntryRow) -> None:
    """Directory lines by actor, narrative text, and a replacement that waited for this document."""
    gate = view.gate
    steps = list(await _lines_of(view, event, row))
    text = narrative_of(view, row)
    if text is not None:
        name = row.entry_no.to_bytes(8, "big")
        sealed = view.sealer.seal(b"text", name, compress(text.encode()))
        steps.append(
            step(
                writes.PUT_DERIVED,
                (row.record_id, row.entry_no, int(DerivedKind.TEXT), TEXT_READER, sealed),
            )
        )
    named: list[EntryRow | Slot] = [row]
    late = await _late_replacement(view, row)
    steps += late[0]
    named += late[1]
    traces = view.traces(Act.DERIVE, named, criteria="text")
    steps.append(event.settled(traces))
    await gate.write(Batch(row.record_id, steps=tuple(steps), traces=traces))


def narrative_of(view: RecordView, row: EntryRow) -> str | None:
    """The narrative text of a document, None where it has none that can be read as text."""
    entry = stored_entry(view, row)
    if entry.format is not None and entry.format.code in _WITHOUT_TEXT:
        return None
    document = open_document(view.gate.store, view.sealer, row)
    if document.mime_type in CDA_TYPES:
        scanner = CdaScanner(narrative=True)
        for chunk in document.content.chunks():
            scanner.feed(chunk)
        return scanner.close().narrative or None
    if document.mime_type == "text/plain":
        return b"".join(document.content.chunks()).decode("utf-8", "replace")
    return None


async def _late_replacement(
    view: RecordView, row: EntryRow
) -> tuple[list[Step], list[EntryRow | Slot]]:
    """Settle a relatedDocument whose target has now arrived: it is superseded on arrival."""
    store, record = view.gate.store, view.record
    key = store.keys.hasher.unique_id(row.unique_id)
    waiting = await store.main.fetch(reads.AWAITED, row.record_id, key)
    found = await view.latest(row.logical_id)
    if not waiting or found is None:
        return [], []
    at = view.gate.clock()
    steps = [append.touch_step(record)]
    changed: list[Slot] = []
    superseded = False
    for (entry_no,) in waiting:
        steps.append(step(writes.DELETE_AWAITED, (row.record_id, key, entry_no), expect=1))
        first = await entries.entry(store, row.record_id, entry_no)
        replacing = await view.latest(first.logical_id) if first else None
        if replacing is None or not await _may_replace(view, replacing[0], row):
            continue
        superseded = True
        status = STATUS_OF[replacing[0].status]
        slot, change = await restated(view, replacing[0], at, status=status)
        changed.append(slot)
        steps.append(change)
    if superseded and is_current(found[0]):
        slot, change = await restated(view, found[0], at, status=Status.DEPRECATED)
        changed.insert(0, slot)
        steps.append(change)
    pages: dict[int, list[Slot]] = {}
    for number in {page_of(slot.entry_no) for slot in changed}:
        pages |= await entries.open_pages(store, view.sealer, number, number)
    steps += append.page_steps(view.sealer, pages, changed)
    return steps, list(changed)


async def _may_replace(view: RecordView, replacing: EntryRow, target: EntryRow) -> bool:
    """Whether a replacement that came first may stand: it is of the target's author's side.

    Who acts is no longer there to be asked, so the documents' authors are. A document that is
    itself replaced by its target replaces nothing: one of the two stays current.
    """
    if stored_entry(view, target).replaces == replacing.unique_id:
        return False
    store = view.gate.store
    sides = []
    for row in (replacing, target):
        others = await entries.other_authors(store, row.record_id, row.entry_no)
        sides.append({row.author, row.structure, *others} - {NOBODY})
    return bool(sides[0] & sides[1])


async def _flag_due(view: RecordView, event: DueEvent, row: EntryRow) -> None:
    """INVISIBLE_PATIENT has ended by itself: write the version without it (R. 1111-53).

    Its trace, in the open chain, commits to the head of the withheld chain, so that a proof of the
    open chain has no gap.
    """
    gate = view.gate
    if not row.latest or not 0 < row.patient_until <= view.now:
        await gate.write(Batch(row.record_id, steps=(event.done,)))
        return
    flags = msgspec.structs.replace(flags_of_row(row), patient_until=0)
    heads = await gate.store.traces.fetch(reads.CHAIN_HEAD, row.record_id, int(Chain.WITHHELD))
    commits_to = f"withheld:{heads[0][0]}:{heads[0][1].hex()}" if heads else "withheld:0"
    await write_flags(view, row, flags, Act.FLAG_ENDED, also=(event.done,), criteria=commits_to)


async def _lines_of(view: RecordView, event: DueEvent, row: EntryRow | None) -> tuple[Step, ...]:
    """Directory lines by actor: my documents, my structure's; my patients, my children."""
    store = view.gate.store
    lines: list[tuple[bytes, int, bytes, int, int]] = []
    if event.kind is EventKind.SUBMITTED and row is not None:
        others = await entries.other_authors(store, row.record_id, row.entry_no)
        actors = dict.fromkeys((row.author, *others, row.structure))
        lines += [
            (who, _AUTHOR, row.record_id, row.entry_no, row.created_day)
            for who in actors
            if who != NOBODY
        ]
    if event.kind is EventKind.TIED:
        lines += [
            (actor, kind, event.record_id, 0, starts // DAY)
            for _, actor, kind, _, starts, _, _, sealed in await store.main.fetch(
                reads.TIES, event.record_id
            )
            if sealed
        ]
    return (step(writes.ADD_ACTOR, *lines),) if lines else ()
