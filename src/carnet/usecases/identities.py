"""Whose identity a record has: a submission's is compared with it, the operator changes it.

Identities are versions under one record_id: a waiting number (NIA) that becomes a NIR is a version
and a line of the directory, and the former INS goes on leading to the record (domain §1).
"""

from __future__ import annotations

from carnet.record.access import Action
from carnet.record.caller import Caller
from carnet.record.errors import CarnetError, Notice
from carnet.record.identity import (
    OID_INS_NIA,
    IdentityStatus,
    Ins,
    Traits,
    check_birth_date,
    check_ins,
    differing_traits,
)
from carnet.record.trace import Act
from carnet.storage import records, writes
from carnet.storage.append import event_step
from carnet.storage.batch import Batch, Conflict, Step, step
from carnet.storage.codes import STATES, EventKind
from carnet.storage.sealed import IDENTITY_ACT, SUBMITTED, LifeAct, SealedIdentity
from carnet.usecases.actors import person_key
from carnet.usecases.clock import check_past
from carnet.usecases.gate import Gate
from carnet.usecases.lifecycle import TRIES
from carnet.usecases.living import capacity
from carnet.usecases.packing import packed_traces
from carnet.usecases.policy import Policy
from carnet.usecases.requests import RecordStatus
from carnet.usecases.status import current_identity, known_identities, status_of
from carnet.usecases.view import RecordView

_SUBJECT = "DocumentReference.subject"


async def check_known_identity(
    view: RecordView, ins: Ins, traits: Traits | None, policy: Policy, warnings: tuple[Notice, ...]
) -> tuple[tuple[Notice, ...], tuple[Step, ...]]:
    """Warnings and the step that marks a conflict in the record, if there is one to mark.

    The INS and its strict traits go together: a matricule known under other traits or under
    another OID is refused and the trait named, or stored and marked (domain §1). A former INS
    comes with the traits that it had, or with those in force.
    Raises ``ins-traits-differ``, ``ins-oid-differs``.
    """
    versions = await records.identities(view.gate.store, view.sealer)
    current = current_identity(versions)
    same = [one for one in known_identities(versions) if one.ins.matricule == ins.matricule]
    known = next((one for one in reversed(same) if one.ins == ins), (same or [current])[-1])
    found: list[Notice] = []
    if known.ins != ins:
        found.append(Notice("ins-oid-differs", _SUBJECT))
    differing = differing_traits(known.traits, traits) if traits is not None else ()
    if differing and traits is not None and not differing_traits(current.traits, traits):
        differing = ()
    if differing:
        found.append(Notice("ins-traits-differ", _SUBJECT, {"traits": ", ".join(differing)}))
    if found and not policy.mark_identity:
        raise CarnetError(found[-1].code, found[-1].element, **found[-1].params)
    marks = tuple(
        notice.code
        for notice in (*warnings, *found)
        if notice.code in ("ins-wrong-key", "ins-oid-differs", "ins-traits-differ")
    )
    if not marks:
        return tuple(found), ()
    marked = SealedIdentity(
        ins, traits or known.traits, str(IdentityStatus.QUALIFIED), SUBMITTED, marks
    )
    if any(_same(identity, marked) for _, identity, _ in versions):
        return tuple(found), ()
    day = view.now // records.DAY
    row = records.identity_row(view.sealer, versions[-1][0] + 1, day, 0, marked)
    return tuple(found), (step(writes.PUT_IDENTITY, row),)


def _same(one: SealedIdentity, other: SealedIdentity) -> bool:
    """Whether a version already holds the marked identity."""
    return one.ins == other.ins and not differing_traits(one.traits, other.traits)


async def change_identity(
    gate: Gate, caller: Caller, ins: Ins, new_ins: Ins, new_traits: Traits | None = None
) -> RecordStatus:
    """Put another identity in force under the same record: a NIA becomes a NIR, traits are right.

    ``ins`` is the INS in force; ``new_traits`` None keeps the traits. Said again, it finds the
    change made. Entries keep the INS they were submitted with. An act of the operator, in whatever
    state the record is. Raises ``ins-test-refused``, ``ins-wrong-key``, ``birth-date-invalid``,
    ``date-in-future``, ``record-absent``, and, traced in the record's chain, ``ins-taken`` (another
    record has the new INS: nothing changes, joining the two is another act), ``ins-former``,
    ``ins-oid-differs``, ``ins-back-to-waiting`` and the refusals of the access rules.
    """
    warnings = check_ins(
        new_ins,
        accept_test=gate.policy.accept_test_ins,
        accept_wrong_key=gate.policy.accept_wrong_key,
    )
    if new_traits is not None:
        check_birth_date(new_traits.birth_date)
        check_past(new_traits.birth_date, gate.now(), None)
    record_id = await gate.record_id_of(caller, ins)
    marks = tuple(notice.code for notice in warnings)
    for _ in range(TRIES):
        view = await gate.consult(caller, record_id, Action.CHANGE_IDENTITY, Act.CHANGE_IDENTITY)
        current = current_identity(await records.identities(gate.store, view.sealer))
        changed = SealedIdentity(
            new_ins,
            new_traits or current.traits,
            str(IdentityStatus.QUALIFIED),
            str(caller.kind),
            marks,
        )
        try:
            if not _says_the_same(current, changed):
                await _check_change(view, current, ins, new_ins)
                await _put_in_force(view, current, changed)
            else:
                await view.release(Act.CHANGE_IDENTITY)
        except Conflict:
            continue
        return await status_of(await gate.look(caller, record_id, Action.CHECK))
    raise CarnetError("record-contended")


def _says_the_same(current: SealedIdentity, changed: SealedIdentity) -> bool:
    """Whether the change is made already, complementary traits included."""
    return (current.ins, current.traits) == (changed.ins, changed.traits)


async def _check_change(view: RecordView, current: SealedIdentity, ins: Ins, new_ins: Ins) -> None:
    """Trace and raise what stands against the new INS."""
    holder = await records.record_of_ins(view.gate.store, new_ins.matricule)
    code = None
    if ins.matricule != current.ins.matricule:
        code = "ins-former"
    elif ins.oid != current.ins.oid:
        code = "ins-oid-differs"
    elif new_ins.oid == OID_INS_NIA != current.ins.oid:
        code = "ins-back-to-waiting"
    elif holder not in (None, view.record.record_id):
        code = "ins-taken"
    if code is not None:
        await view.gate.trace_refusal(view, Act.CHANGE_IDENTITY, code)
        raise CarnetError(code)


async def _put_in_force(view: RecordView, current: SealedIdentity, changed: SealedIdentity) -> None:
    """Write the version, its lines, the act in the record's life. Raises ``Conflict``."""
    gate, record, caller = view.gate, view.record, view.caller
    day = view.now // records.DAY
    past = await records.life(gate.store, view.sealer)
    act = LifeAct(IDENTITY_ACT, view.now, person_key(caller) or "", capacity(caller))
    row = (
        record.record_id,
        record.version,
        STATES[record.state],
        int(record.settings),
        day,
        records.sealed_life(view.sealer, (*past, act)),
        record.event_count + 1,
    )
    traces = view.traces(Act.CHANGE_IDENTITY, criteria=_told(current, changed))
    steps = (
        step(writes.CHANGE_RECORD, row, expect=1),
        *await records.next_identity_steps(gate.store, view.sealer, day, changed),
        event_step(record, EventKind.IDENTIFIED, 0, packed_traces(traces)),
    )
    await gate.write(Batch(record.record_id, steps=steps, traces=traces))


def _told(current: SealedIdentity, changed: SealedIdentity) -> str:
    """What changed, in the names of things and without their values: for the trace."""
    parts = []
    if current.ins != changed.ins:
        parts.append(f"ins {current.ins.oid} > {changed.ins.oid}")
    parts += differing_traits(current.traits, changed.traits)
    return ", ".join(parts) or "complementary traits"
