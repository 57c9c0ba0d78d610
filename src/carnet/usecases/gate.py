"""The only door to a record: loads it with the caller's ties, asks ``decide``, traces, opens.

Four callers pass here: a person (citizen or professional), a structure, the operator, the machine.
A refusal about an existing record enters its chain before it is answered; the view that a permit
hands out writes the trace of what it returned before any byte leaves (design §4).
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date

from carnet.record.access import Action, Decision, Matrix, RecordFacts, decide, refusal
from carnet.record.access.model import Relation, RelationKind
from carnet.record.caller import Caller, CallerKind
from carnet.record.errors import CarnetError
from carnet.record.identity import Ins, age_on
from carnet.record.trace import Act, Chain, Outcome, Trace
from carnet.storage import records
from carnet.storage.batch import Batch, WriterLost
from carnet.storage.codes import RecordSettings
from carnet.storage.records import NOBODY, LoadedRecord
from carnet.storage.sealing import SealBroken, Sealer
from carnet.storage.store import Store
from carnet.storage.tracing import seal_trace
from carnet.usecases.actors import ins_key, person_key, structure_key
from carnet.usecases.clock import Clock, instant, system_clock
from carnet.usecases.crowding import Crowds
from carnet.usecases.notes import NodeJournal
from carnet.usecases.policy import Policy
from carnet.usecases.status import current_identity, known_identities
from carnet.usecases.turns import Turns
from carnet.usecases.view import RecordView

_AGED = (RelationKind.PARENT,)


class Gate:
    """Decides, traces, and hands out views. One a process, over one store."""

    def __init__(
        self,
        store: Store,
        policy: Policy,
        *,
        clock: Clock = system_clock,
        matrix: Matrix | None = None,
    ) -> None:
        self.store = store
        self.policy = policy
        self.clock = clock
        self.matrix = matrix
        self.turns = Turns()
        self.crowds = Crowds()
        self._journal = NodeJournal(store.writer, clock)

    def now(self) -> int:
        """Seconds since 1970 UTC."""
        return self.clock() // 1_000_000

    async def record_id_of(self, caller: Caller, ins: Ins) -> bytes:
        """The record of an INS; whatever the OID, a matricule has one record.

        Raises ``not-your-record`` for a citizen where there is none, so that they cannot learn it,
        and ``record-absent`` for everybody else.
        """
        record_id = await records.record_of_ins(self.store, ins.matricule)
        if record_id is None:
            own = caller.ins is not None and caller.ins.matricule == ins.matricule
            if caller.kind is CallerKind.CITIZEN and not own:
                raise CarnetError("not-your-record")
            raise CarnetError("record-absent")
        return record_id

    async def consult(
        self,
        caller: Caller,
        record_id: bytes,
        action: Action,
        act: Act,
        *,
        criteria: str | None = None,
    ) -> RecordView:
        """A view of a record for one act, or the refusal, traced in the record's chain.

        Raises ``CarnetError`` of the access rules.
        """
        view = await self.look(caller, record_id, action)
        if not view.decision.permitted:
            await self.refuse(view, act, criteria=criteria)
        return view

    async def look(self, caller: Caller, record_id: bytes, action: Action) -> RecordView:
        """What ``consult`` decides, before anything is traced: for acts that trace themselves.

        Raises ``record-absent`` where the id names nothing (``not-your-record`` for a citizen),
        ``record-erased`` where its key is gone, ``record-damaged`` where its rights were not
        written by Carnet.
        """
        await self.crowds.join(record_id)
        hasher = self.store.keys.hasher
        person, structure = person_key(caller), structure_key(caller)
        me = hasher.actor(person) if person else NOBODY
        ours = hasher.actor(structure) if structure else NOBODY
        try:
            found = await records.load_record(self.store, record_id, me, ours)
        except (records.TieBroken, SealBroken):
            raise CarnetError("record-damaged") from None
        if found is None:
            # A citizen learns nothing of the ids of others' records either.
            unknown = caller.kind is CallerKind.CITIZEN
            raise CarnetError("not-your-record" if unknown else "record-absent")
        loaded, sealer = found
        facts = await self._facts(caller, loaded, sealer)
        decision = self.decide(caller, facts, action)
        return RecordView(
            gate=self,
            caller=caller,
            record=loaded,
            facts=facts,
            decision=decision,
            sealer=sealer,
            me=me,
            our_structure=ours,
            now=self.now(),
        )

    def decide(self, caller: Caller, facts: RecordFacts | None, action: Action) -> Decision:
        """``decide`` with this node's matrix and settings."""
        return decide(
            caller, facts, action, now=self.now(), matrix=self.matrix, settings=self.policy.access
        )

    async def refuse(self, view: RecordView, act: Act, *, criteria: str | None = None) -> None:
        """Trace a record-level refusal and raise it."""
        error = refusal(view.decision)
        await self.trace_refusal(view, act, error.code, criteria=criteria)
        raise error

    async def trace_refusal(
        self,
        view: RecordView,
        act: Act,
        code: str,
        *,
        entries: Sequence[int] = (),
        chain: Chain = Chain.OPEN,
        criteria: str | None = None,
    ) -> None:
        """Write the trace of a refused act."""
        trace = self.trace(
            view.caller,
            act,
            Outcome.REFUSED,
            entries=tuple(entries),
            reason=code,
            criteria=criteria,
        )
        sealed = seal_trace(view.sealer, chain, trace)
        await self.write(Batch(view.record.record_id, traces=(sealed,)))

    def trace(
        self,
        caller: Caller,
        act: Act,
        outcome: Outcome,
        *,
        entries: tuple[int, ...] = (),
        reason: str | None = None,
        criteria: str | None = None,
        linked: bytes | None = None,
    ) -> Trace:
        """What the evidence says of an act of this caller, now."""
        return Trace(
            id=secrets.token_bytes(16),
            at=self.clock(),
            act=act,
            outcome=outcome,
            caller=str(caller.kind),
            actor=person_key(caller) or "",
            purpose=str(caller.purpose),
            name=caller.name,
            profession=caller.profession,
            structure=structure_key(caller),
            structure_name=caller.structure_name,
            software=caller.software,
            on_behalf_of=ins_key(caller.on_behalf_of) if caller.on_behalf_of else None,
            entries=entries,
            reason=reason,
            stated_reason=caller.reason,
            criteria=criteria,
            linked=linked,
        )

    async def note(self, code: str) -> None:
        """Count a refusal that concerns no record in the node's journal."""
        try:
            await self._journal.note(code)
        except WriterLost as fault:
            raise CarnetError(fault.code) from None

    async def write(self, batch: Batch) -> None:
        """Write a batch; a writer that is lost is a busy store. Raises ``Conflict``."""
        try:
            await self.store.writer.write(batch)
        except WriterLost as fault:
            raise CarnetError(fault.code) from None

    async def _facts(self, caller: Caller, loaded: LoadedRecord, sealer: Sealer) -> RecordFacts:
        own = False
        age = None
        relations = loaded.relations
        if caller.kind is CallerKind.CITIZEN and caller.ins is not None:
            theirs = await records.record_of_ins(self.store, caller.ins.matricule)
            own = theirs == loaded.record_id
            if theirs is not None and not own:
                relations += await self._former_ties(caller.ins, theirs, loaded)
            if any(tie.kind in _AGED for tie in relations):
                age = await self.age(sealer)
        settings = loaded.settings
        return RecordFacts(
            state=loaded.state,
            relations=relations,
            is_own=own,
            age=age,
            break_glass_opposed=bool(settings & RecordSettings.BREAK_GLASS_OPPOSED),
            break_glass_lifts_hiding=bool(settings & RecordSettings.BREAK_GLASS_LIFTS_HIDING),
            regulation_opposed=bool(settings & RecordSettings.REGULATION_OPPOSED),
            reading_operator=self.policy.reading_operator,
        )

    async def _former_ties(
        self, ins: Ins, theirs: bytes, loaded: LoadedRecord
    ) -> tuple[Relation, ...]:
        """The ties that a citizen has with another's record under an INS that they had before.

        A tie names its actor by the INS of its day; who had a NIA is the same parent with a NIR.
        """
        try:
            sealer = await self.store.keys.sealer(theirs)
            known = known_identities(await records.identities(self.store, sealer))
        except (CarnetError, SealBroken):  # their own record is erased or damaged: nothing is sure
            return ()
        found: tuple[Relation, ...] = ()
        for key in {ins_key(one.ins) for one in known} - {ins_key(ins)}:
            actor = self.store.keys.hasher.actor(key)
            try:
                again = await records.load_record(self.store, loaded.record_id, actor, NOBODY)
            except records.TieBroken:
                raise CarnetError("record-damaged") from None
            found += again[0].relations if again else ()
        return found

    async def patient_hashes(self, sealer: Sealer) -> frozenset[bytes]:
        """The actor hashes of the citizen of a record, under each of their identities."""
        versions = await records.identities(self.store, sealer)
        actor = self.store.keys.hasher.actor
        return frozenset(actor(ins_key(identity.ins)) for _, identity, _ in versions)

    async def age(self, sealer: Sealer) -> int:
        """The age of the citizen of a record, in years, by the identity that the record knows."""
        current = current_identity(await records.identities(self.store, sealer))
        today = date.fromisoformat(instant(self.clock())[:10])
        return age_on(current.traits.birth_date, today)
