"""The record's life: whether it exists (TD0.2), how it is opened and opposed, on what ground.

How it is closed, and how an opposition is withdrawn, stands in ``closing``.
"""

from __future__ import annotations

import uuid

import msgspec

from carnet.record.access import Action, RecordFacts, refusal
from carnet.record.access.model import Reason
from carnet.record.caller import Caller
from carnet.record.errors import CarnetError, Notice
from carnet.record.identity import (
    IdentityStatus,
    Ins,
    check_birth_date,
    check_ins,
    differing_traits,
)
from carnet.record.lifecycle import LifecycleEvent, RecordState
from carnet.record.trace import Act, Chain, Outcome
from carnet.storage import records, writes
from carnet.storage.append import event_step
from carnet.storage.batch import Batch, Conflict, step
from carnet.storage.codes import EventKind, RecordSettings
from carnet.storage.records import LoadedRecord
from carnet.storage.sealed import LifeAct, SealedIdentity
from carnet.storage.tracing import seal_trace
from carnet.usecases.clock import check_past
from carnet.usecases.gate import Gate
from carnet.usecases.living import act_of, flags_due, following, live, was_open
from carnet.usecases.packing import packed_traces
from carnet.usecases.policy import Policy
from carnet.usecases.requests import OpenedRecord, OpeningRequest, RecordStatus
from carnet.usecases.status import current_identity, status_of
from carnet.usecases.view import RecordView

_ACTIONS = {True: Action.OPEN, False: Action.OPPOSE}
_EVENTS = {True: EventKind.OPENED, False: EventKind.ENDED}
TRIES = 20  # races with another writer of the same record before the store is called busy


async def check_record(gate: Gate, caller: Caller, ins: Ins) -> RecordStatus | None:
    """TD0.2: what this caller may know of the record of an INS; None where there is none.

    None too where an opposition was withdrawn before anything was opened. Raises
    ``not-your-record`` for a citizen who asks for another's, known or not.
    """
    try:
        record_id = await gate.record_id_of(caller, ins)
    except CarnetError as error:
        if error.code == "record-absent":
            await gate.note("td02-absent")
            return None
        raise
    status = await _status(gate, caller, record_id)
    return None if status.state is RecordState.NONE else status


async def check_record_by_id(gate: Gate, caller: Caller, record_id: str) -> RecordStatus:
    """The same by Patient.id. Raises ``record-absent``, also for an id that is no UUID."""
    status = await _status(gate, caller, record_key(record_id))
    if status.state is RecordState.NONE:
        raise CarnetError("record-absent")
    return status


def record_key(record_id: str) -> bytes:
    """The key of a Patient.id. Raises ``record-absent`` for what is no UUID."""
    try:
        return uuid.UUID(record_id).bytes
    except ValueError:
        raise CarnetError("record-absent") from None


async def _status(gate: Gate, caller: Caller, record_id: bytes) -> RecordStatus:
    view = await gate.consult(caller, record_id, Action.CHECK, Act.CHECK_RECORD)
    status = await status_of(view)
    await view.release(Act.CHECK_RECORD)
    return status


async def open_record(
    gate: Gate, caller: Caller, request: OpeningRequest, policy: Policy | None = None
) -> OpenedRecord:
    """Open a record, or find it open; ``policy`` in place of the gate's.

    Raises ``ins-test-refused``, ``ins-wrong-key``, ``identity-not-qualified``, ``opening-opposed``,
    ``date-in-future`` (birth), ``ins-traits-differ`` and the refusals of the access rules.
    """
    policy = policy or gate.policy
    warnings = check_ins(
        request.ins,
        accept_test=policy.accept_test_ins,
        accept_wrong_key=policy.accept_wrong_key,
        element="Patient.identifier",
    )
    check_birth_date(request.traits.birth_date, "Patient.birthDate")
    check_past(request.traits.birth_date, gate.now(), "Patient.birthDate")
    if request.status is not IdentityStatus.QUALIFIED:
        raise CarnetError("identity-not-qualified", "Patient.identifier")
    for _ in range(TRIES):
        record_id = await records.record_of_ins(gate.store, request.ins.matricule)
        try:
            if record_id is None:
                view = await _create(gate, caller, request, warnings)
                return OpenedRecord(await status_of(view), created=True, warnings=warnings)
            return await _open_known(gate, caller, record_id, request, warnings)
        except Conflict:
            continue
    raise CarnetError("record-contended")


async def oppose(gate: Gate, caller: Caller, request: OpeningRequest) -> RecordStatus:
    """Note an opposition: it prevents opening, and ends a record that is open (domain §2).

    ``request.ground`` and ``text`` are not of an opposition. Raises ``lifecycle-forbidden`` where
    one is noted already, ``ins-traits-differ``, and the refusals of the access rules.
    """
    for _ in range(TRIES):
        record_id = await records.record_of_ins(gate.store, request.ins.matricule)
        try:
            if record_id is None:
                view = await _create(gate, caller, request, (), event=LifecycleEvent.OPPOSE)
            else:
                view = await gate.consult(caller, record_id, Action.OPPOSE, Act.OPPOSE)
                await check_traits(view, request, Act.OPPOSE)
                act = act_of(gate, caller, LifecycleEvent.OPPOSE)
                view = await live(view, (act,), Act.OPPOSE, EventKind.ENDED)
        except Conflict:
            continue
        return await status_of(view)
    raise CarnetError("record-contended")


async def _create(
    gate: Gate,
    caller: Caller,
    request: OpeningRequest,
    warnings: tuple[Notice, ...],
    *,
    event: LifecycleEvent = LifecycleEvent.OPEN,
) -> RecordView:
    own = caller.ins is not None and caller.ins.matricule == request.ins.matricule
    facts = RecordFacts(state=RecordState.NONE, is_own=own)
    opening = event is LifecycleEvent.OPEN
    decision = gate.decide(caller, facts if own else None, _ACTIONS[opening])
    if not decision.permitted:
        await gate.note("open-refused" if opening else "oppose-refused")
        raise refusal(decision)
    record_id = uuid.uuid4().bytes
    sealer, key_step = await gate.store.keys.new_key(record_id)
    identity = SealedIdentity(
        request.ins,
        request.traits,
        str(request.status),
        str(caller.kind),
        tuple(notice.code for notice in warnings),
    )
    act = _opening_act(gate, caller, event, request)
    state = following(caller, RecordState.NONE, event, was_open=False)
    done = Act.OPEN_RECORD if opening else Act.OPPOSE
    trace = gate.trace(caller, done, Outcome.PERMITTED, reason=str(decision.reason))
    traces = (seal_trace(sealer, Chain.OPEN, trace),)
    fresh = LoadedRecord(record_id, state, 1, 0, 0, RecordSettings(0), ())
    steps = [
        *records.new_record_steps(gate.store, sealer, state, act, identity),
        step(
            writes.ADD_TRAITS,
            *(
                (key, record_id)
                for key in records.traits_keys(gate.store.keys.hasher, request.traits)
            ),
        ),
        event_step(fresh, _EVENTS[opening], 0, packed_traces(traces)),
    ]
    await gate.write(Batch(record_id, steps=tuple(steps), traces=traces, key_steps=(key_step,)))
    return await gate.look(caller, record_id, Action.CHECK)


async def _open_known(
    gate: Gate,
    caller: Caller,
    record_id: bytes,
    request: OpeningRequest,
    warnings: tuple[Notice, ...],
) -> OpenedRecord:
    view = await gate.look(caller, record_id, Action.OPEN)
    if view.decision.reason is Reason.RECORD_OPPOSED:
        await gate.trace_refusal(view, Act.OPEN_RECORD, "opening-opposed")
        raise CarnetError("opening-opposed")
    if not view.decision.permitted:
        await gate.refuse(view, Act.OPEN_RECORD)
    await check_traits(view, request, Act.OPEN_RECORD)
    if view.record.state is RecordState.OPEN:
        await view.release(Act.OPEN_RECORD)
        return OpenedRecord(await status_of(view), created=False, warnings=warnings)
    opened = await _open_again(view, request)
    return OpenedRecord(await status_of(opened), created=True, warnings=warnings)


async def check_traits(view: RecordView, request: OpeningRequest, act: Act) -> None:
    """Trace and raise ``ins-traits-differ`` where the record knows the person otherwise."""
    versions = await records.identities(view.gate.store, view.sealer)
    differing = differing_traits(current_identity(versions).traits, request.traits)
    if differing:
        await view.gate.trace_refusal(view, act, "ins-traits-differ")
        raise CarnetError("ins-traits-differ", "Patient", traits=", ".join(differing))


async def _open_again(view: RecordView, request: OpeningRequest) -> RecordView:
    """Open what was announced, reopen what was closed: the same record and the same chain.

    Who opens an opposed record (the citizen's side alone may) withdraws the opposition by it.
    INVISIBLE_PATIENT that came to its end meanwhile is due again: the worker leaves a closed
    record alone.
    """
    gate, caller = view.gate, view.caller
    before = was_open(await records.life(gate.store, view.sealer))
    events = [LifecycleEvent.OPEN]
    if view.record.state is RecordState.OPPOSED:
        events.insert(0, LifecycleEvent.WITHDRAW_OPPOSITION)
    if before:
        events[-1] = LifecycleEvent.REOPEN
    acts = tuple(_opening_act(gate, caller, event, request) for event in events)
    return await live(view, acts, Act.OPEN_RECORD, EventKind.OPENED, await flags_due(view))


def _opening_act(
    gate: Gate, caller: Caller, event: LifecycleEvent, request: OpeningRequest
) -> LifeAct:
    """An act with its ground and the text that was shown; an opposition needs neither."""
    act = act_of(gate, caller, event)
    if event is LifecycleEvent.OPPOSE:
        return act
    text = request.text
    return msgspec.structs.replace(
        act,
        ground=str(request.ground),
        text_id=text.id if text else None,
        text_version=text.version if text else None,
        text_language=text.language if text else None,
    )
