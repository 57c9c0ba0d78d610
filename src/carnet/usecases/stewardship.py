"""Changing who sees a document: the three visibility flags (TD3.3a, TD3.3b)."""

from __future__ import annotations

from typing import Literal

import msgspec

from carnet.record.access import Action, Decision, refusal
from carnet.record.caller import Caller
from carnet.record.document import Flags
from carnet.record.errors import CarnetError
from carnet.record.trace import Act, Chain
from carnet.record.uuids import uuid_text
from carnet.record.visibility import due_date
from carnet.storage import append, entries, reads, writes
from carnet.storage.batch import Batch, Conflict, Step, step
from carnet.storage.codes import EventKind, UuidKind
from carnet.storage.derived import move_step
from carnet.storage.entries import EntryRow
from carnet.storage.pages import Slot, page_of
from carnet.storage.sealed import SUBMISSION_DECODER
from carnet.usecases.changing import reversioned
from carnet.usecases.clock import instant, seconds_of
from carnet.usecases.consultation import reach
from carnet.usecases.gate import Gate
from carnet.usecases.lifecycle import TRIES
from carnet.usecases.packing import packed_traces
from carnet.usecases.relations import shown
from carnet.usecases.rendering import flags_of_row
from carnet.usecases.requests import ReadEntry, Visibility
from carnet.usecases.scope import unique_id_named
from carnet.usecases.view import RecordView, is_withheld

Target = str | tuple[Literal["unique"], str]


async def change_visibility(
    gate: Gate, caller: Caller, target: Target, wanted: Visibility, if_match: int | None
) -> ReadEntry:
    """Set or clear flags of a document; a change makes a new metadata version, a new id.

    The author's side sets INVISIBLE_PATIENT without a right to read; what it may not read it is
    not shown either: ``resource`` is empty then. Raises ``document-absent``, ``version-mismatch``
    (If-Match), and ``not-entitled`` for what the caller may read but not change.
    """
    for _ in range(TRIES):
        unread = None if wanted.hidden_from_patient is None else Action.HIDE_FROM_PATIENT
        view, row = await _reach(gate, caller, target, unread)
        if if_match is not None and if_match != row.change:
            raise CarnetError("version-mismatch", expected=if_match, current=row.change)
        flags = await _permitted_flags(view, row, wanted)
        reads_it = unread is None or (await view.may(Action.READ, row)).permitted
        try:
            if flags == flags_of_row(row):
                answer = await _unchanged(view, row)
            else:
                answer = await write_flags(view, row, flags, Act.CHANGE_VISIBILITY)
        except Conflict:
            continue
        return answer if reads_it else msgspec.structs.replace(answer, resource=b"")
    raise CarnetError("record-contended")


async def _reach(
    gate: Gate, caller: Caller, target: Target, unread: Action | None
) -> tuple[RecordView, EntryRow]:
    name = target if isinstance(target, str) else await _id_of_unique(gate, target[1])
    act = Act.CHANGE_VISIBILITY
    return await reach(gate, caller, name, UuidKind.ENTRY, act, unread=unread)


async def _id_of_unique(gate: Gate, unique_id: str) -> str:
    """The id of the first entry of a uniqueId. Raises ``document-absent``."""
    line = await entries.document_of(gate.store, unique_id_named(None, unique_id))
    row = await entries.entry(gate.store, *line) if line else None
    if row is None:
        await gate.note("document-absent")
        raise CarnetError("document-absent")
    return uuid_text(row.entry_uuid)


async def _permitted_flags(view: RecordView, row: EntryRow, wanted: Visibility) -> Flags:
    """The flags after the wanted changes that the caller may make; a refused one is traced.

    ``False`` for a flag that is not set asks for nothing; a patch to ``N`` clears what it may.
    """
    flags = flags_of_row(row)
    asked: list[tuple[Action, dict[str, object]]] = []
    if wanted.hidden_from_professionals not in (None, flags.hidden_from_professionals):
        hide = bool(wanted.hidden_from_professionals)
        asked.append((Action.HIDE if hide else Action.SHOW, {"hidden_from_professionals": hide}))
    waiting = flags.patient_until > view.now
    if wanted.hidden_from_patient not in (None, waiting):
        until = due_date(await deposited_at(view, row)) if wanted.hidden_from_patient else 0
        asked.append((Action.HIDE_FROM_PATIENT, {"patient_until": until}))
    if wanted.hidden_from_representatives not in (None, flags.hidden_from_representatives):
        hide = bool(wanted.hidden_from_representatives)
        asked.append((Action.HIDE_FROM_REPRESENTATIVES, {"hidden_from_representatives": hide}))
    decisions = [(await view.may(action, row), change) for action, change in asked]
    for decision, _ in decisions:
        if not decision.permitted and not _is_partial_clearing(wanted, decisions):
            await _refuse(view, row, decision)
    for decision, change in decisions:
        if 0 < int(str(change.get("patient_until", 0))) <= view.now:
            raise CarnetError("announcement-over", "DocumentReference.securityLabel")
        if decision.permitted:
            flags = msgspec.structs.replace(flags, **change)
    return flags


async def deposited_at(view: RecordView, row: EntryRow) -> int:
    """When a document was fed, in seconds since 1970 UTC: the time of its submission set.

    The month of INVISIBLE_PATIENT counts from there (R. 1111-53), not from each setting of it.
    """
    rows = await view.gate.store.main.fetch(reads.ALL_ENTRIES, row.record_id)
    versions = [EntryRow(*one) for one in rows]
    first = min(one.entry_no for one in versions if one.logical_id == row.logical_id)
    sets = await view.gate.store.main.fetch(reads.ALL_SUBMISSIONS, row.record_id)
    number, sealed = max(one[1:] for one in sets if one[1] <= first)
    data = view.sealer.unseal(b"submission", number.to_bytes(8, "big"), sealed)
    return int(seconds_of(SUBMISSION_DECODER.decode(data).submission_time))


def _is_partial_clearing(
    wanted: Visibility, decisions: list[tuple[Decision, dict[str, object]]]
) -> bool:
    """A return to N clears the flags that the caller may clear, and needs one at least (§8)."""
    clears_all = (
        wanted.hidden_from_professionals is False
        and wanted.hidden_from_patient is False
        and wanted.hidden_from_representatives is False
    )
    return clears_all and any(decision.permitted for decision, _ in decisions)


async def _refuse(view: RecordView, row: EntryRow, decision: Decision) -> None:
    error = refusal(decision)
    chain = Chain.WITHHELD if is_withheld(row, view.now) else Chain.OPEN
    await view.gate.trace_refusal(
        view, Act.CHANGE_VISIBILITY, error.code, entries=(row.entry_no,), chain=chain
    )
    raise error


async def _unchanged(view: RecordView, row: EntryRow) -> ReadEntry:
    slot = await entries.slot_of(view.gate.store, view.sealer, row)
    await view.release(Act.CHANGE_VISIBILITY, (row,))
    return await _as_read(view, slot)


async def write_flags(
    view: RecordView,
    row: EntryRow,
    flags: Flags,
    act: Act,
    *,
    also: tuple[Step, ...] = (),
    criteria: str | None = None,
) -> ReadEntry:
    """Write the new metadata version with these flags, ``also`` in the same batch.

    Raises ``Conflict``.
    """
    gate, record = view.gate, view.record
    at = gate.clock()
    slot, _ = await reversioned(view, row, flags, at)
    steps = await _version_steps(view, row, slot)
    traces = view.traces(act, (row, slot), criteria=criteria, together=True)
    packed = packed_traces(traces)
    steps.append(append.event_step(record, EventKind.CHANGED, slot.entry_no, packed))
    if slot.patient_until > view.now:
        steps.append(
            append.event_step(
                record,
                EventKind.FLAG_DUE,
                slot.entry_no,
                b"",
                offset=2,
                not_before=slot.patient_until,
            )
        )
    await gate.write(Batch(record.record_id, steps=(*steps, *also), traces=traces))
    return await _as_read(view, slot)


async def _version_steps(view: RecordView, row: EntryRow, slot: Slot) -> list[Step]:
    """The old version stands aside; the new one takes its place.

    Its authors, its object and what was derived of the document go with it.
    """
    store, record = view.gate.store, view.record
    fresh = append.entry_row(
        view.sealer,
        slot,
        binary_id=row.binary_id,
        author=row.author,
        structure=row.structure,
        size=row.size,
    )
    aside = (record.record_id, row.entry_no, 0, row.status, row.change)
    pages = await entries.open_pages(
        store, view.sealer, page_of(slot.entry_no), page_of(slot.entry_no)
    )
    others = await entries.other_authors(store, record.record_id, row.entry_no)
    steps = [
        append.touch_step(record, entries=1, events=2 if slot.patient_until > view.now else 1),
        step(writes.CHANGE_ENTRY, aside, expect=1),
        step(writes.INSERT_ENTRY, append.as_row(fresh)),
        append.uuid_step(fresh),
        move_step(record.record_id, row.entry_no, slot.entry_no),
        *append.page_steps(view.sealer, pages, [slot]),
    ]
    if others:
        rows = tuple((record.record_id, who, slot.entry_no) for who in others)
        steps.append(step(writes.ADD_ENTRY_ACTOR, *rows))
    return steps


async def _as_read(view: RecordView, slot: Slot) -> ReadEntry:
    return ReadEntry(
        entry_uuid=uuid_text(slot.entry_uuid),
        change=slot.change,
        last_updated=instant(round(slot.updated * 1_000_000)),
        resource=await shown(view, slot.resource),
    )
