"""What an event of the outbox asks for, done and finished in one batch."""

from __future__ import annotations

import msgspec

from carnet.record.access import Action
from carnet.record.errors import CarnetError
from carnet.record.trace import Act, Chain
from carnet.storage import entries, reads
from carnet.storage.batch import Batch
from carnet.storage.codes import EventKind
from carnet.storage.entries import EntryRow
from carnet.storage.pages import Slot
from carnet.usecases.deriving.decoding import Decoder
from carnet.usecases.deriving.event import MACHINE, DueEvent
from carnet.usecases.deriving.lines import lines_of
from carnet.usecases.deriving.reading import CRITERIA, reading_steps
from carnet.usecases.deriving.replacing import late_replacement
from carnet.usecases.deriving.rereading import reread
from carnet.usecases.gate import Gate
from carnet.usecases.rendering import flags_of_row
from carnet.usecases.stewardship import write_flags
from carnet.usecases.view import RecordView


async def follow(gate: Gate, event: DueEvent, decoder: Decoder | None = None) -> None:
    """Do what an event asks for. Without a decoder, printed pages are left to a later walk.

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
        lines = await lines_of(view, event, row)
        await gate.write(Batch(event.record_id, steps=(*lines, event.done)))
        return
    match event.kind:
        case EventKind.SUBMITTED if row is not None:
            await _submitted(view, event, row, decoder)
        case EventKind.FLAG_DUE if row is not None:
            await _flag_due(view, event, row)
        case EventKind.OPENED:
            # What was fed before and never read: the record was closed meanwhile.
            await reread(view, decoder)
            await gate.write(Batch(event.record_id, steps=(event.done,)))
        case EventKind.TIED:
            steps = (*await lines_of(view, event, row), event.done)
            await gate.write(Batch(event.record_id, steps=steps))
        case _:
            await gate.write(Batch(event.record_id, steps=(event.done,)))


async def _submitted(
    view: RecordView, event: DueEvent, row: EntryRow, decoder: Decoder | None
) -> None:
    """Directory lines by actor, text and facts, and a replacement that waited for this document."""
    gate = view.gate
    found = await view.latest(row.logical_id)
    current = found[0] if found else row
    steps = [*await lines_of(view, event, row), *await reading_steps(view, current, decoder)]
    named: list[EntryRow | Slot] = [current]
    late = await late_replacement(view, row)
    steps += late[0]
    named += late[1]
    traces = view.traces(Act.DERIVE, named, criteria=CRITERIA)
    steps.append(event.settled(traces))
    await gate.write(Batch(row.record_id, steps=tuple(steps), traces=traces))


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
