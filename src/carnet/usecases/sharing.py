"""The citizen's decisions on who reads: grant, end, refuse, block, name; and attested consent.

A tie is dated and kept for good: ending it sets a date. A professional may attest that the citizen
consented, for themself or their structure (domain §5, rule 6).
"""

from __future__ import annotations

import uuid

import msgspec

from carnet.record.access import Action, refusal
from carnet.record.access.model import Reason, RelationKind
from carnet.record.caller import Caller, CallerKind
from carnet.record.errors import CarnetError
from carnet.record.identity import Identifier, Ins
from carnet.record.trace import Act
from carnet.record.uuids import uuid_text
from carnet.storage import append, entries, records, writes
from carnet.storage.batch import Batch, Conflict, step
from carnet.storage.codes import (
    RELATION_OF,
    RELATIONS,
    STATES,
    EventKind,
    RecordSettings,
    UuidKind,
)
from carnet.storage.records import LoadedTie
from carnet.storage.sealed import SETTINGS_ACT, LifeAct, SealedTie
from carnet.usecases.actors import identifier_key, person_key, structure_key
from carnet.usecases.gate import Gate
from carnet.usecases.lifecycle import TRIES
from carnet.usecases.packing import packed_traces
from carnet.usecases.requests import ConsentLine, ConsentRequest, ConsentText
from carnet.usecases.scope import record_of
from carnet.usecases.status import current_identity, patient_id
from carnet.usecases.view import RecordView

_ACTS: dict[RelationKind, tuple[Action, Act]] = {
    RelationKind.AUTHORISATION: (Action.GRANT, Act.GRANT),
    RelationKind.REFUSAL: (Action.GRANT, Act.GRANT),
    RelationKind.BLOCK: (Action.BLOCK, Act.BLOCK),
    RelationKind.PHYSICIAN: (Action.NAME_PHYSICIAN, Act.NAME_PHYSICIAN),
    RelationKind.DELEGATE: (Action.GRANT, Act.GRANT),
    RelationKind.PARENT: (Action.NOTE_REPRESENTATIVE, Act.GRANT),
    RelationKind.JUDGMENT: (Action.NOTE_REPRESENTATIVE, Act.GRANT),
}


async def make_tie(gate: Gate, caller: Caller, request: ConsentRequest) -> ConsentLine:
    """Make a tie, or attest the citizen's consent.

    Raises ``tie-invalid`` for a period that ends before it begins or a kind that is not made here,
    and the refusals of the access rules.
    """
    _check(request, gate.now())
    record_id = await record_of(gate, caller, request.patient, request.record)
    action, act = _ACTS[request.kind]
    if _is_attestation(caller, request):
        action, act = Action.ATTEST_CONSENT, Act.ATTEST_CONSENT
    for _ in range(TRIES):
        view = await gate.consult(caller, record_id, action, act)
        if request.kind is RelationKind.DELEGATE and _is_delegate(view):
            await gate.trace_refusal(view, act, "not-entitled")
            raise CarnetError("not-entitled")
        try:
            return await _write_new(view, request, act)
        except Conflict:
            continue
    raise CarnetError("record-contended")


def _check(request: ConsentRequest, now: int) -> None:
    start = request.start or now
    if request.kind not in _ACTS:
        raise CarnetError("tie-invalid", "Consent.provision")
    if request.end and request.end <= start:
        raise CarnetError("tie-invalid", "Consent.provision.period")


def _is_delegate(view: RecordView) -> bool:
    """Whether the caller acts by powers that the citizen gave, which they cannot hand on."""
    kinds = {tie.kind for tie in view.facts.relations if tie.holds(view.now)}
    by_law = kinds & {RelationKind.PARENT, RelationKind.JUDGMENT}
    return not view.facts.is_own and RelationKind.DELEGATE in kinds and not by_law


def _is_attestation(caller: Caller, request: ConsentRequest) -> bool:
    """A professional who notes the citizen's consent to themself or to their structure."""
    if caller.kind is not CallerKind.PROFESSIONAL:
        return False
    if request.kind is not RelationKind.AUTHORISATION:
        return False
    return identifier_key(request.actor) in (person_key(caller), structure_key(caller))


async def _write_new(view: RecordView, request: ConsentRequest, act: Act) -> ConsentLine:
    gate, caller = view.gate, view.caller
    tie_id = uuid.uuid4().bytes
    text = request.text
    tie = SealedTie(
        kind=RELATIONS[request.kind],
        starts=request.start or view.now,
        ends=request.end,
        ended=0,
        actor_root=request.actor.root,
        actor_extension=request.actor.extension,
        made_at=view.now,
        made_by=str(caller.kind),
        made_by_actor=person_key(caller) or "",
        actor_name=request.actor_name,
        text_id=text.id if text else None,
        text_version=text.version if text else None,
        text_language=text.language if text else None,
        scope=request.scope,
    )
    hasher = gate.store.keys.hasher
    actor = hasher.actor(identifier_key(request.actor))
    traces = view.traces(act, criteria=str(request.kind))
    record = view.record
    steps = (
        append.touch_step(record, events=1),
        step(writes.PUT_RELATION, records.tie_row(view.sealer, actor, tie_id, tie)),
        step(writes.ADD_UUID, (tie_id, record.record_id, 0, int(UuidKind.TIE)), expect=1),
        append.event_step(record, EventKind.TIED, 0, packed_traces(traces)),
    )
    await gate.write(Batch(record.record_id, steps=steps, traces=traces))
    return await _line(view, LoadedTie(tie_id, actor, tie))


async def end_tie(gate: Gate, caller: Caller, consent_id: str, if_match: int | None) -> ConsentLine:
    """End a tie now. Raises ``consent-absent``, ``version-mismatch``, ``not-entitled``."""
    for _ in range(TRIES):
        view, found = await _reach(gate, caller, consent_id, Act.END_GRANT)
        tie = found.tie
        if if_match is not None and if_match != tie.version:
            raise CarnetError("version-mismatch", expected=if_match, current=tie.version)
        if tie.ended:
            return await _line(view, found)
        act = await _check_ending(view, tie)
        ended = msgspec.structs.replace(tie, ended=view.now, version=tie.version + 1)
        traces = view.traces(act, criteria=str(RELATION_OF[tie.kind]))
        record = view.record
        row = records.tie_row(view.sealer, found.actor, found.tie_id, ended)
        steps = (
            append.touch_step(record, events=1),
            step(writes.PUT_RELATION, row),
            append.event_step(record, EventKind.TIED, 0, packed_traces(traces)),
        )
        try:
            await gate.write(Batch(record.record_id, steps=steps, traces=traces))
        except Conflict:
            continue
        return await _line(view, LoadedTie(found.tie_id, found.actor, ended))
    raise CarnetError("record-contended")


async def _check_ending(view: RecordView, tie: SealedTie) -> Act:
    """Who may make a tie may end it; a professional may end what they attested themselves."""
    kind = RELATION_OF[tie.kind]
    action, act = _ACTS[kind]
    if kind is RelationKind.BLOCK:
        act = Act.UNBLOCK
    elif act is Act.GRANT:
        act = Act.END_GRANT
    decision = view.gate.decide(view.caller, view.facts, action)
    own = kind is RelationKind.AUTHORISATION and tie.made_by_actor == person_key(view.caller)
    if not decision.permitted and not own:
        error = refusal(decision)
        await view.gate.trace_refusal(view, act, error.code)
        raise error
    return act


async def read_tie(gate: Gate, caller: Caller, consent_id: str) -> ConsentLine:
    """One tie. Raises ``consent-absent`` for what does not exist or may not be read."""
    view, found = await _reach(gate, caller, consent_id, Act.READ_CONSENT)
    await view.release(Act.READ_CONSENT)
    return await _line(view, found)


async def find_ties(
    gate: Gate, caller: Caller, patient: Ins | None, record: str | None, status: str | None
) -> list[ConsentLine]:
    """The ties of a record that the caller may read: all, or a professional's own."""
    record_id = await record_of(gate, caller, patient, record)
    view = await gate.consult(caller, record_id, Action.READ_CONSENT, Act.READ_CONSENT)
    found = [tie for tie in await records.ties(gate.store, view.sealer) if _is_open(view, tie)]
    lines = [await _line(view, tie) for tie in found]
    await view.release(Act.READ_CONSENT)
    if status is None:
        return lines
    return [line for line in lines if is_active(line, view.now) is (status == "active")]


async def oppose_break_glass(gate: Gate, caller: Caller, patient: Ins, *, opposed: bool) -> None:
    """The citizen's wish on break-glass (bris de glace): opposed beforehand, or not any more."""
    record_id = await record_of(gate, caller, patient, None)
    for _ in range(TRIES):
        view = await gate.consult(caller, record_id, Action.GRANT, Act.CHANGE_SETTINGS)
        record = view.record
        flag = RecordSettings.BREAK_GLASS_OPPOSED
        settings = record.settings | flag if opposed else record.settings & ~flag
        acts = await records.life(gate.store, view.sealer)
        act = LifeAct(
            event=SETTINGS_ACT,
            at=view.now,
            actor=person_key(caller) or "",
            capacity=str(caller.kind),
            settings=int(settings),
        )
        row = (
            record.record_id,
            record.version,
            STATES[record.state],
            int(settings),
            view.now // records.DAY,
            records.sealed_life(view.sealer, (*acts, act)),
            record.event_count + 1,
        )
        traces = view.traces(Act.CHANGE_SETTINGS, criteria=f"break-glass-opposed={opposed}")
        steps = (
            step(writes.CHANGE_RECORD, row, expect=1),
            append.event_step(record, EventKind.TIED, 0, packed_traces(traces)),
        )
        try:
            await gate.write(Batch(record.record_id, steps=steps, traces=traces))
        except Conflict:
            continue
        return
    raise CarnetError("record-contended")


def is_active(line: ConsentLine, now: int) -> bool:
    """Whether a tie still holds or will hold: nobody ended it, and its end has not come."""
    return not line.ended and not (line.end and line.end <= now)


def _is_open(view: RecordView, found: LoadedTie) -> bool:
    """A professional reads only ties with themself and their structure, and no block."""
    if view.decision.reason is not Reason.EXISTENCE:
        return True
    own = found.actor in (view.me, view.our_structure)
    return own and RELATION_OF[found.tie.kind] is not RelationKind.BLOCK


async def _reach(
    gate: Gate, caller: Caller, consent_id: str, act: Act
) -> tuple[RecordView, LoadedTie]:
    try:
        tie_id = uuid.UUID(consent_id).bytes
    except ValueError:
        raise CarnetError("consent-absent") from None
    located = await entries.locate(gate.store, tie_id)
    if located is None or located[2] != UuidKind.TIE:
        await gate.note("consent-absent")
        raise CarnetError("consent-absent")
    view = await gate.look(caller, located[0], Action.READ_CONSENT)
    ties = await records.ties(gate.store, view.sealer)
    found = next((tie for tie in ties if tie.tie_id == tie_id), None)
    if found is None or not view.decision.permitted or not _is_open(view, found):
        await gate.trace_refusal(view, act, str(view.decision.reason))
        raise CarnetError("consent-absent")
    return view, found


async def _line(view: RecordView, found: LoadedTie) -> ConsentLine:
    tie = found.tie
    versions = await records.identities(view.gate.store, view.sealer)
    text = None
    if tie.text_id is not None:
        text = ConsentText(tie.text_id, tie.text_version or "", tie.text_language or "fr")
    return ConsentLine(
        id=uuid_text(found.tie_id),
        record_id=patient_id(view.record.record_id),
        patient=current_identity(versions).ins,
        kind=RELATION_OF[tie.kind],
        actor=Identifier(tie.actor_root, tie.actor_extension),
        actor_name=tie.actor_name,
        start=tie.starts,
        end=tie.ends,
        ended=tie.ended,
        made_at=tie.made_at,
        made_by=tie.made_by,
        text=text,
        scope=tie.scope,
        version=tie.version,
    )
