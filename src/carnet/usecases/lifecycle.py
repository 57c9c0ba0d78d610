"""The record's life: whether it exists (TD0.2), how it is opened, and on what ground."""

from __future__ import annotations

import uuid

from carnet.record.access import Action, RecordFacts, refusal
from carnet.record.access.model import Reason
from carnet.record.caller import Caller, CallerKind
from carnet.record.errors import CarnetError, Notice
from carnet.record.identity import (
    IdentityStatus,
    Ins,
    check_birth_date,
    check_ins,
    differing_traits,
)
from carnet.record.lifecycle import LifecycleEvent, RecordState, next_state
from carnet.record.trace import Act, Chain, Outcome
from carnet.storage import records, writes
from carnet.storage.append import event_step
from carnet.storage.batch import Batch, Conflict, step
from carnet.storage.codes import STATES, EventKind, RecordSettings
from carnet.storage.records import LoadedRecord
from carnet.storage.sealed import LifeAct, SealedIdentity
from carnet.storage.tracing import seal_trace
from carnet.usecases.actors import person_key
from carnet.usecases.clock import check_past
from carnet.usecases.gate import Gate
from carnet.usecases.packing import packed_traces
from carnet.usecases.policy import Policy
from carnet.usecases.requests import OpenedRecord, OpeningRequest, RecordStatus
from carnet.usecases.status import current_identity, status_of
from carnet.usecases.view import RecordView

TRIES = 20  # races with another writer of the same record before the store is called busy


async def check_record(gate: Gate, caller: Caller, ins: Ins) -> RecordStatus | None:
    """TD0.2: what this caller may know of the record of an INS; None where there is none.

    Raises ``not-your-record`` for a citizen who asks for another's, known or not.
    """
    try:
        record_id = await gate.record_id_of(caller, ins)
    except CarnetError as error:
        if error.code == "record-absent":
            await gate.note("td02-absent")
            return None
        raise
    return await _status(gate, caller, record_id)


async def check_record_by_id(gate: Gate, caller: Caller, record_id: str) -> RecordStatus:
    """The same by Patient.id. Raises ``record-absent``, also for an id that is no UUID."""
    return await _status(gate, caller, record_key(record_id))


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


async def oppose(gate: Gate, caller: Caller, request: OpeningRequest) -> None:
    """Note an opposition where no record exists yet; it prevents opening (domain §2).

    Raises ``lifecycle-forbidden`` where there is a record, and the refusals of the access rules.
    """
    if await records.record_of_ins(gate.store, request.ins.matricule) is not None:
        raise CarnetError("lifecycle-forbidden", state="open", event="oppose")
    await _create(gate, caller, request, (), event=LifecycleEvent.OPPOSE)


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
    decision = gate.decide(caller, facts if own else None, Action.OPEN)
    if not decision.permitted:
        await gate.note("open-refused")
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
    act = _act(gate, caller, event, request)
    state = next_state(RecordState.NONE, event)
    done = Act.OPEN_RECORD if event is LifecycleEvent.OPEN else Act.OPPOSE
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
        event_step(fresh, EventKind.OPENED, 0, packed_traces(traces)),
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
    versions = await records.identities(gate.store, view.sealer)
    differing = differing_traits(current_identity(versions).traits, request.traits)
    if differing:
        await gate.trace_refusal(view, Act.OPEN_RECORD, "ins-traits-differ")
        raise CarnetError("ins-traits-differ", "Patient", traits=", ".join(differing))
    if view.record.state is RecordState.OPEN:
        await view.release(Act.OPEN_RECORD)
        return OpenedRecord(await status_of(view), created=False, warnings=warnings)
    await _change_state(view, request)
    reopened = await gate.look(caller, record_id, Action.CHECK)
    return OpenedRecord(await status_of(reopened), created=True, warnings=warnings)


async def _change_state(view: RecordView, request: OpeningRequest) -> None:
    """Open what was announced, reopen what was closed: the same record and the same chain.

    Who opens an opposed record (the citizen's side alone may) withdraws the opposition by it.
    """
    gate, record = view.gate, view.record
    acts = await records.life(gate.store, view.sealer)
    state = record.state
    events: list[LifecycleEvent] = []
    if state is RecordState.OPPOSED:
        was_open = any(one.event == LifecycleEvent.OPEN for one in acts)
        events.append(LifecycleEvent.WITHDRAW_OPPOSITION)
        state = next_state(state, events[0], was_open=was_open)
    events.append(LifecycleEvent.REOPEN if state is RecordState.CLOSED else LifecycleEvent.OPEN)
    done = [_act(gate, view.caller, event, request) for event in events]
    row = (
        record.record_id,
        record.version,
        STATES[next_state(state, events[-1])],
        int(record.settings),
        done[-1].at // records.DAY,
        records.sealed_life(view.sealer, (*acts, *done)),
        record.event_count + 1,
    )
    traces = view.traces(Act.OPEN_RECORD)
    await gate.write(
        Batch(
            record.record_id,
            steps=(
                step(writes.CHANGE_RECORD, row, expect=1),
                event_step(record, EventKind.OPENED, 0, packed_traces(traces)),
            ),
            traces=traces,
        )
    )


def _act(gate: Gate, caller: Caller, event: LifecycleEvent, request: OpeningRequest) -> LifeAct:
    text = request.text
    return LifeAct(
        event=str(event),
        at=gate.now(),
        actor=person_key(caller) or "",
        capacity=_capacity(caller),
        ground=str(request.ground),
        text_id=text.id if text else None,
        text_version=text.version if text else None,
        text_language=text.language if text else None,
    )


def _capacity(caller: Caller) -> str:
    """In which capacity somebody acts: kind, and profession where there is one."""
    if caller.kind is CallerKind.PROFESSIONAL:
        return f"{caller.kind}:{caller.profession or ''}"
    return str(caller.kind)
