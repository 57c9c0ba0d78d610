"""A record's life against the gate, step by step beside a model written from docs/access.md.

After every step each caller's view must hold what the model says and nothing else, and the chains
must hold exactly the traces that the acts so far leave.
"""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from carnet.record.access import Action
from carnet.record.caller import Caller, CallerKind
from carnet.record.document import Code, Status
from carnet.record.errors import CarnetError
from carnet.record.trace import Chain
from carnet.storage.codes import STATUSES
from carnet.usecases import consultation, feeding, sharing
from carnet.usecases.history import HistoryQuery, read_history
from carnet.usecases.requests import DocumentQuery
from tests.fuzz.life_model import OPEN, WITHHELD, Doc, Record, Tie, Who, a_month_after
from tests.fuzz.life_people import MASK, WAIT, WHO, callers_of, code_of, codes_of, tie_with
from tests.usecases.bench import (
    COMPLEMENTARY,
    DAY,
    LOINC,
    NOW,
    Bench,
    Person,
    document,
    house_of,
    person,
)

LIVES = int(os.environ.get("CARNET_TEST_LIVES", "6"))
STEPS = 25
KINDS = ("11488-4", "11502-2", "68599-0")
CURRENT = STATUSES[Status.APPROVED]
_ALL = (min(STATUSES.values()), max(STATUSES.values()))
callers = st.sampled_from(sorted(WHO))
professionals = st.sampled_from(
    ("author", "colleague", "reader", "nurse", "optician", "psychologist")
)


class Life(RuleBasedStateMachine):
    """One record from its opening on."""

    bench: Bench

    def __init__(self) -> None:
        super().__init__()
        self.desk = self.bench.desk(at=NOW)
        self.ids: list[str] = []  # the first id of each document
        self.uniques: list[str] = []
        self.ties: list[str] = []

    @initialize(is_minor=st.booleans())
    def open(self, is_minor: bool) -> None:
        self.whose = person("2012-03-04" if is_minor else "1984-06-21")
        self.desk.clock.set(NOW)
        self.record = Record(is_minor, NOW)
        self.callers = callers_of(self.whose)
        self.desk.open(self.whose)
        self.record.traces[OPEN] += 1

    # What happens

    @rule(seconds=st.sampled_from((1, 60, DAY, 20 * DAY, 40 * DAY)))
    def time_passes(self, seconds: int) -> None:
        self.record.now += seconds
        self.desk.clock.set(self.record.now)

    @rule()
    def the_worker_follows(self) -> None:
        self.desk.follow(self.whose)
        self.desk.clock.set(self.record.now)

    @rule(name=callers, kind=st.sampled_from(KINDS), flag=st.sampled_from(("", MASK, WAIT)))
    def feed(self, name: str, kind: str, flag: str) -> None:
        who = WHO[name]
        if who.kind == "citizen":
            return  # the citizen's own documents have types of their own: see deposit
        said: dict[str, Any] = {"type": Code(LOINC, kind), "visibility": codes_of(flag)}
        self._submit(who, self._by(who, kind), flag, said)

    @rule(mask=st.booleans())
    def deposit(self, mask: bool) -> None:
        said = {
            "type": Code(COMPLEMENTARY, "EXPPAT_2"),
            "facility": Code("1.2.250.1.213.1.1.4.9", "EXP_PATIENT"),
            "practice_setting": Code("1.2.250.1.213.1.1.4.9", "EXP_PATIENT"),
            "visibility": codes_of(MASK if mask else ""),
        }
        doc = Doc("citizen", "", "EXPPAT_2", self.record.now)
        self._submit(WHO["citizennormal"], doc, MASK if mask else "", said)

    @precondition(lambda self: self.uniques)
    @rule(name=callers, data=st.data())
    def replace(self, name: str, data: st.DataObject) -> None:
        who, number = WHO[name], data.draw(st.integers(0, len(self.uniques) - 1))
        if who.kind == "citizen":
            return
        target = self.record.docs[number]
        doc = self._by(who, KINDS[0])
        may = self.record.wrote(who, target) or who.house == target.house
        permitted = target.current and target.kind in KINDS and bool(target.house) and may
        said: dict[str, Any] = {"type": Code(LOINC, KINDS[0]), "replaces": self.uniques[number]}
        self._submit(who, doc, "", said, target=target, permitted=permitted)

    def _submit(
        self,
        who: Who,
        doc: Doc,
        flag: str,
        said: dict[str, Any],
        *,
        target: Doc | None = None,
        permitted: bool = True,
    ) -> None:
        caller = self._caller(who)
        made = document(self.whose, self._writer(who), **said)
        result = self._attempt(feeding.submit(self.desk.gate, caller, made))
        if not (permitted and self.record.may_feed(who)):
            assert isinstance(result, CarnetError), "fed by who may not"
            self.record.refuse()
            return
        assert not isinstance(result, CarnetError), str(result)
        doc.masked = flag == MASK
        doc.patient_until = a_month_after(self.record.now) if flag == WAIT else 0
        self.record.docs.append(doc)
        self.ids.append(result.entry_uuid)
        assert made.declared.unique_id is not None
        self.uniques.append(made.declared.unique_id)
        self.record.trace([doc] + ([target] if target else []))
        if target is not None:
            target.current = False

    @precondition(lambda self: self.ids)
    @rule(name=callers, data=st.data(), hide=st.booleans())
    def mask(self, name: str, data: st.DataObject, hide: bool) -> None:
        who, number = WHO[name], data.draw(st.integers(0, len(self.ids) - 1))
        doc = self.record.docs[number]
        result = self._change(who, number, **{MASK: hide})
        if not self.record.sees(who, doc):
            assert code_of(result) == "document-absent", result
            self.record.refuse(doc)
        elif doc.masked == hide:
            assert not isinstance(result, CarnetError), str(result)
            self.record.trace([doc])
        elif not self.record.may_mask(who, doc, hide=hide):
            assert isinstance(result, CarnetError), "masked by who may not"
            self.record.refuse(doc)
        else:
            assert not isinstance(result, CarnetError), str(result)
            doc.masked = hide
            self.record.trace([doc], together=True)

    @precondition(lambda self: self.ids)
    @rule(name=callers, data=st.data())
    def wait_for_the_announcement(self, name: str, data: st.DataObject) -> None:
        who, number = WHO[name], data.draw(st.integers(0, len(self.ids) - 1))
        doc, now = self.record.docs[number], self.record.now
        due = a_month_after(doc.deposited)
        result = self._change(who, number, **{WAIT: True})
        if not (self.record.sees(who, doc) or self.record.may_wait(who, doc)):
            assert code_of(result) == "document-absent", result
            self.record.refuse(doc)
        elif doc.patient_until > now:
            assert not isinstance(result, CarnetError), str(result)
            self.record.trace([doc])
        elif not self.record.may_wait(who, doc):
            assert isinstance(result, CarnetError), "kept from the patient by who may not"
            self.record.refuse(doc)
        elif due <= now:
            assert code_of(result) == "announcement-over", result
        else:
            assert not isinstance(result, CarnetError), str(result)
            doc.patient_until = due
            self.record.trace([doc], together=True)

    @rule(
        kind=st.sampled_from(("authorisation", "refusal", "block", "physician", "delegate")),
        name=professionals,
        to_house=st.booleans(),
        days=st.sampled_from((0, 0, 10, 30)),
    )
    def tie(self, kind: str, name: str, to_house: bool, days: int) -> None:
        who = WHO[f"{name}normal"]
        by_house = to_house and kind in ("authorisation", "block")
        if kind == "physician" and who.profession != "doctor":
            return
        actor: Caller | Person = self._caller(who)
        key = who.house if by_house else who.key
        if kind == "delegate":
            actor, key = self.others["delegate"], "delegate"
        elif by_house:
            assert isinstance(actor, Caller)
            actor = house_of(actor)
        end = self.record.now + days * DAY if days else 0
        request = tie_with(self.whose, kind, actor, end)
        made = self._attempt(sharing.make_tie(self.desk.gate, self.whose.caller, request))
        if self.record.closed:
            assert isinstance(made, CarnetError)
            self.record.refuse()
            return
        assert not isinstance(made, CarnetError), str(made)
        self.ties.append(made.id)
        self.record.ties.append(Tie(kind, key, self.record.now, end))
        self.record.traces[OPEN] += 1

    @precondition(lambda self: self.ties and not self.record.closed)
    @rule(data=st.data())
    def end_a_tie(self, data: st.DataObject) -> None:
        number = data.draw(st.integers(0, len(self.ties) - 1))
        tie, now = self.record.ties[number], self.record.now
        if not tie.holds(now):
            return
        self.desk.run(sharing.end_tie(self.desk.gate, self.whose.caller, self.ties[number], None))
        tie.end = now
        self.record.traces[OPEN] += 1

    @precondition(lambda self: len(self.ids) > 3)
    @rule()
    def close(self) -> None:
        if not self.record.closed:
            self.desk.close(self.whose)
            self.record.closed = True
            self.record.traces[OPEN] += 1

    # Who asks

    @rule(name=callers)
    def search(self, name: str) -> None:
        who = WHO[name]
        wanted = self.record.found(who)
        query = DocumentQuery(patient=self.whose.ins, count=500)
        found = self._attempt(consultation.find(self.desk.gate, self._caller(who), query))
        if wanted is None:
            assert isinstance(found, CarnetError), f"{who} was let in"
            self.record.refuse()
            return
        assert not isinstance(found, CarnetError), str(found)
        assert found.total == len(found.entries) == len(wanted)
        self.record.trace([self.record.docs[n] for n in wanted], search=True)

    @precondition(lambda self: self.ids)
    @rule(name=callers, data=st.data())
    def read(self, name: str, data: st.DataObject) -> None:
        who, number = WHO[name], data.draw(st.integers(0, len(self.ids) - 1))
        doc = self.record.docs[number]
        read = consultation.read_entry(self.desk.gate, self._caller(who), self.ids[number])
        result = self._attempt(read)
        if self.record.sees(who, doc):
            assert not isinstance(result, CarnetError), f"{who} may read: {result}"
            self.record.trace([doc])
        else:
            assert code_of(result) == "document-absent", f"{who} may not read {doc}"
            self.record.refuse(doc)

    @rule()
    def read_the_history(self) -> None:
        query = HistoryQuery(patient=self.whose.ins, count=500)
        page = self._attempt(read_history(self.desk.gate, self.whose.caller, query))
        if self.record.closed:
            assert isinstance(page, CarnetError)
            self.record.refuse()
            return
        assert not isinstance(page, CarnetError), str(page)
        people = [one for one in page.lines if one.trace.caller != CallerKind.MACHINE]
        shown = [doc for doc in self.record.docs if not doc.withheld(self.record.now)]
        assert len(people) >= self.record.traces[OPEN]
        if len(shown) < len(self.record.docs):
            assert len(people) <= self.record.traces.total()
        self.record.traces[OPEN] += 1

    # What must hold after every step

    @invariant()
    def each_view_holds_what_the_model_says(self) -> None:
        for who in WHO.values():
            view = self.desk.run(
                self.desk.gate.look(self._caller(who), self._record_id, Action.FIND)
            )
            wanted = self.record.found(who)
            assert view.decision.permitted == (wanted is not None), f"{who} {view.decision}"
            if wanted is None:
                continue
            listed = self.desk.run(view.listed(*_ALL))
            current = [item for item in listed if item.status == CURRENT]
            assert len(current) == len(wanted), f"{who}: {len(current)}, {wanted} wanted"
            every = {n for n, doc in enumerate(self.record.docs) if self.record.sees(who, doc)}
            assert len(listed) == len(every), f"{who}: {len(listed)} of all, {every} wanted"

    @invariant()
    def each_act_left_its_traces(self) -> None:
        for chain, name in ((Chain.OPEN, OPEN), (Chain.WITHHELD, WITHHELD)):
            found = [
                trace
                for trace in self.desk.chain(self.whose, chain)
                if trace.caller != CallerKind.MACHINE
            ]
            told = [(str(trace.act), str(trace.outcome)) for trace in found[-3:]]
            assert len(found) == self.record.traces[name], f"{name}: {told}"

    # Means

    @property
    def others(self) -> dict[str, Person]:
        return self.callers[1]

    @property
    def _record_id(self) -> bytes:
        return self.desk.record_of(self.whose)

    def _caller(self, who: Who) -> Caller:
        return self.callers[0][who.key + who.mode]

    def _writer(self, who: Who) -> Caller:
        """Whom a document names as its author: a structure's has the house's doctor."""
        return self._caller(WHO["authornormal"] if who.kind == "structure" else who)

    def _by(self, who: Who, kind: str) -> Doc:
        """A document of a professional, or of a structure's people."""
        author = "author" if who.kind == "structure" else who.key
        return Doc(author, who.house, kind, self.record.now)

    def _change(self, who: Who, number: int, **wanted: bool) -> object:
        try:
            return self.desk.show(self._caller(who), self.ids[number], **wanted)
        except CarnetError as error:
            return error

    def _attempt(self, work: Any) -> Any:
        try:
            return self.desk.run(work)
        except CarnetError as error:
            return error


def test_a_record_lives_as_the_model_says(bench: Bench) -> None:
    machine = type("OneLife", (Life,), {"bench": bench})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=LIVES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
