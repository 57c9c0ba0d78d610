"""Writes acts of a record's life: the machine of states permits them, the chain tells them."""

from __future__ import annotations

from carnet.record.access import Action
from carnet.record.caller import Caller, CallerKind
from carnet.record.errors import CarnetError
from carnet.record.lifecycle import LifecycleEvent, RecordState, transition
from carnet.record.trace import Act
from carnet.storage import reads, records, writes
from carnet.storage.append import event_step
from carnet.storage.batch import Batch, step
from carnet.storage.codes import STATES, EventKind
from carnet.storage.entries import EntryRow
from carnet.storage.sealed import LifeAct
from carnet.usecases.actors import person_key
from carnet.usecases.gate import Gate
from carnet.usecases.packing import packed_traces
from carnet.usecases.view import RecordView


def act_of(gate: Gate, caller: Caller, event: LifecycleEvent) -> LifeAct:
    """An act of a record's life by this caller, now."""
    return LifeAct(str(event), gate.now(), person_key(caller) or "", capacity(caller))


async def flags_due(view: RecordView) -> tuple[tuple[int, int], ...]:
    """Entries whose INVISIBLE_PATIENT is still written: (number, when it ends in s)."""
    rows = await view.gate.store.main.fetch(reads.ALL_ENTRIES, view.record.record_id)
    entries = (EntryRow(*row) for row in rows)
    return tuple(
        (one.entry_no, one.patient_until) for one in entries if one.latest and one.patient_until
    )


async def live(
    view: RecordView,
    done: tuple[LifeAct, ...],
    act: Act,
    kind: EventKind,
    due: tuple[tuple[int, int], ...] = (),
) -> RecordView:
    """Write acts of a record's life, and give the record as it then stands.

    A caller or a state to which the machine of states does not give the act is traced and refused.
    ``due`` are flags to end later (entry, s). Raises ``lifecycle-forbidden``, ``not-entitled``,
    ``Conflict``.
    """
    gate, record = view.gate, view.record
    past = await records.life(gate.store, view.sealer)
    state = record.state
    try:
        for one in done:
            event = LifecycleEvent(one.event)
            state = following(view.caller, state, event, was_open=was_open(past))
    except CarnetError as error:
        await gate.trace_refusal(view, act, error.code)
        raise
    row = (
        record.record_id,
        record.version,
        STATES[state],
        int(record.settings),
        done[-1].at // records.DAY,
        records.sealed_life(view.sealer, (*past, *done)),
        record.event_count + 1 + len(due),
    )
    traces = view.traces(act)
    steps = [
        step(writes.CHANGE_RECORD, row, expect=1),
        event_step(record, kind, 0, packed_traces(traces)),
    ]
    for offset, (entry_no, until) in enumerate(due, 2):
        steps.append(
            event_step(record, EventKind.FLAG_DUE, entry_no, b"", offset=offset, not_before=until)
        )
    await gate.write(Batch(record.record_id, steps=tuple(steps), traces=traces))
    return await gate.look(view.caller, record.record_id, Action.CHECK)


def following(
    caller: Caller, state: RecordState, event: LifecycleEvent, *, was_open: bool
) -> RecordState:
    """The state after an act of this caller. Raises ``lifecycle-forbidden``, ``not-entitled``."""
    row = transition(state, event, was_open=was_open)
    if caller.kind not in row.who:
        raise CarnetError("not-entitled")
    return row.target


def was_open(acts: tuple[LifeAct, ...]) -> bool:
    """Whether a record was ever open."""
    return any(one.event == LifecycleEvent.OPEN for one in acts)


def capacity(caller: Caller) -> str:
    """In which capacity somebody acts: kind, and profession where there is one."""
    if caller.kind is CallerKind.PROFESSIONAL:
        return f"{caller.kind}:{caller.profession or ''}"
    return str(caller.kind)
