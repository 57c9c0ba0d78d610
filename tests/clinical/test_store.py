"""Who reads the facts of which document: whoever may read the document now, and nobody else."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carnet.clinical import finding, service
from carnet.clinical.model import FactSearch
from carnet.clinical.store import gather
from carnet.record.access.model import RelationKind
from carnet.record.caller import Caller
from carnet.record.document import Code
from carnet.record.errors import CarnetError
from carnet.record.facts import Concept, Kind
from carnet.record.trace import Act, Chain
from carnet.storage import entries, writes
from carnet.storage.batch import Batch, step
from carnet.storage.derived import move_step
from tests.clinical.known import asked, id_of, know, seen, view_of
from tests.clinical.samples import allergy, fact, problem, treatment
from tests.usecases.bench import DAY, NOW, OPERATOR, PSYCHIATRY, Desk, Person, doctor, person


def say(desk: Desk, whose: Person, entry_no: int, *labels: str) -> None:
    """Have a document name these problems."""
    know(desk, whose, entry_no, *(problem(n, what=words(one)) for n, one in enumerate(labels)))


def words(label: str) -> Concept:
    return Concept(text=label)


def test_facts_come_with_their_document_newest_document_first(either_desk: Desk) -> None:
    desk = either_desk
    whose, author = desk.citizen(), doctor()
    desk.feed(whose, author, creation_time="2026-05-10T10:00:00+02:00")
    fed = desk.feed(whose, author)
    say(desk, whose, 1, "goutte")
    say(desk, whose, 2, "asthme", "eczéma")
    gathered = desk.run(gather(view_of(desk, whose.caller, whose)))
    assert [one.fact.what.label for one in gathered.told] == ["asthme", "eczéma", "goutte"]
    assert gathered.told[0].source.entry_uuid == fed.entry_uuid
    assert gathered.told[0].source.metadata["id"] == id_of(fed.resource)


def test_only_kinds_that_are_asked_for_are_opened(desk: Desk) -> None:
    whose = desk.citizen()
    desk.feed(whose, doctor())
    know(desk, whose, 1, fact(0), problem(1), allergy(2))
    view = view_of(desk, whose.caller, whose)
    found = desk.run(gather(view, {Kind.ALLERGY, Kind.RESULT})).told
    assert [one.fact.number for one in found] == [0, 2]


def test_beyond_a_bound_the_newest_documents_tell_and_the_others_are_named(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("carnet.clinical.store.MOST", 2)
    whose, author = desk.citizen(), doctor()
    for entry_no, day in enumerate(("10", "12", "11"), 1):
        desk.feed(whose, author, creation_time=f"2026-05-{day}T10:00:00+02:00")
        say(desk, whose, entry_no, f"a {day}", f"b {day}")
    gathered = desk.run(gather(view_of(desk, whose.caller, whose)))
    assert [one.fact.what.label for one in gathered.told] == ["a 12", "b 12"]
    assert gathered.cut == {1, 3}
    answer = desk.run(service.read_facts(desk.gate, whose.caller, asked(whose)))
    assert len(answer.cut) == 2
    assert desk.chain(whose)[-1].entries == (2,)
    search = FactSearch(patient=whose.ins, name="Condition", kinds=frozenset({Kind.PROBLEM}))
    assert desk.run(finding.find_facts(desk.gate, whose.caller, search)).cut


def test_what_is_hidden_and_shown_again_takes_its_facts_along(either_desk: Desk) -> None:
    desk = either_desk
    whose, author, other = desk.citizen(), doctor(), doctor()
    desk.tie(whose, RelationKind.AUTHORISATION, other)
    fed = desk.feed(whose, author)
    say(desk, whose, 1, "asthme")
    assert seen(desk, other, whose) == ["asthme"]
    hidden = desk.show(whose.caller, fed.entry_uuid, hidden_from_professionals=True)
    assert seen(desk, other, whose) == []
    assert seen(desk, author, whose) == seen(desk, whose.caller, whose) == ["asthme"]
    desk.show(whose.caller, hidden.entry_uuid, hidden_from_professionals=False)
    assert seen(desk, other, whose) == ["asthme"]


def test_what_waits_for_its_announcement_is_not_told_to_the_citizen(either_desk: Desk) -> None:
    desk = either_desk
    whose, author = desk.citizen(), doctor()
    desk.feed(whose, author, visibility=("INVISIBLE_PATIENT",))
    desk.follow(whose)
    say(desk, whose, 1, "cancer")
    assert seen(desk, whose.caller, whose) == []
    assert seen(desk, author, whose) == ["cancer"]
    desk.clock.set(NOW + 35 * DAY)
    assert seen(desk, whose.caller, whose) == ["cancer"]
    desk.follow(whose)  # the machine writes the version without the flag
    assert seen(desk, whose.caller, whose) == ["cancer"]


def test_what_a_minor_hid_from_their_parents_is_not_told_to_them(desk: Desk) -> None:
    whose, parent, author = desk.citizen("2011-04-05"), person(), doctor()
    desk.tie(whose, RelationKind.PARENT, parent, by=OPERATOR)
    fed = desk.feed(whose, author)
    say(desk, whose, 1, "contraception")
    assert seen(desk, parent.caller, whose) == ["contraception"]
    desk.show(author, fed.entry_uuid, hidden_from_representatives=True)
    assert seen(desk, parent.caller, whose) == []


def test_what_the_matrix_closes_to_a_profession_is_not_told_to_it(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    nurse = doctor("G15_60")
    desk.tie(whose, RelationKind.AUTHORISATION, nurse)
    desk.feed(whose, author, type=Code("2.16.840.1.113883.6.1", PSYCHIATRY))
    say(desk, whose, 1, "dépression")
    found = desk.find(nurse, whose).total
    assert len(seen(desk, nurse, whose)) == found


def test_a_replaced_documents_facts_are_gone(either_desk: Desk) -> None:
    desk = either_desk
    whose, author = desk.citizen(), doctor()
    first = desk.feed(whose, author)
    say(desk, whose, 1, "diabète")
    desk.feed(whose, author, replaces=first.unique_id)
    say(desk, whose, 2, "prédiabète")
    assert seen(desk, whose.caller, whose) == ["prédiabète"]


def test_a_closed_records_facts_are_its_citizens_alone(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    desk.feed(whose, author)
    say(desk, whose, 1, "asthme")
    desk.close(whose)
    assert not view_of(desk, author, whose).decision.permitted
    refused = service.read_facts(desk.gate, author, asked(whose))
    assert desk.refusal(refused) == "record-closed"
    assert seen(desk, whose.caller, whose) == ["asthme"]


def test_a_flag_that_was_turned_in_the_database_shows_nothing(desk: Desk) -> None:
    """Columns are believed only if the sealed page says the same."""
    whose, author, other = desk.citizen(), doctor(), doctor()
    desk.tie(whose, RelationKind.AUTHORISATION, other)
    fed = desk.feed(whose, author)
    say(desk, whose, 1, "asthme")
    desk.show(whose.caller, fed.entry_uuid, hidden_from_professionals=True)
    record_id = desk.record_of(whose)
    row = desk.run(entries.entry(desk.store, record_id, 2))
    assert row is not None
    gone = (record_id, row.entry_no, 0, row.status, row.change)
    shown = msgspec.structs.replace(row, entry_no=3, hidden_ps=0, entry_uuid=bytes(16))
    steps = (
        step(writes.CHANGE_ENTRY, gone),
        step(writes.INSERT_ENTRY, msgspec.structs.astuple(shown)),
        move_step(record_id, 2, 3),
    )
    desk.run(desk.gate.write(Batch(record_id, steps)))
    with pytest.raises(CarnetError, match="record-damaged"):
        seen(desk, other, whose)


@pytest.mark.parametrize("flag", ["MASQUE_PS", "INVISIBLE_PATIENT"])
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_document_that_is_hidden_from_somebody_changes_nothing_for_them(
    desk: Desk, flag: str, data: st.DataObject
) -> None:
    """With and without it, every answer is the same to the byte."""
    whose, author, other = desk.citizen(), doctor(), doctor()
    desk.tie(whose, RelationKind.AUTHORISATION, other)
    reader = other if flag == "MASQUE_PS" else whose.caller
    makers = st.sampled_from([problem, allergy, treatment, fact])
    said = data.draw(st.lists(st.lists(makers, max_size=3), min_size=1, max_size=3))
    for entry_no, made in enumerate(said, 1):
        desk.feed(whose, author)
        know(desk, whose, entry_no, *(make(n) for n, make in enumerate(made)))
    before = answers(desk, reader, whose)
    fed = desk.feed(whose, author, visibility=(flag,))
    extra = data.draw(st.lists(makers, min_size=1, max_size=3))
    know(desk, whose, len(said) + 1, *(make(n) for n, make in enumerate(extra)))
    assert answers(desk, reader, whose) == before
    assert answers(desk, author, whose) != before
    assert fed.entry_uuid not in repr(before)


def answers(desk: Desk, caller: Caller, whose: Person) -> tuple[bytes, ...]:
    """All that can be asked of facts, encoded."""
    query = asked(whose)
    everything = FactSearch(patient=whose.ins, name="all", kinds=frozenset(Kind))
    run, gate = desk.run, desk.gate
    found = (
        run(service.read_facts(gate, caller, query)).told,
        run(service.read_summary(gate, caller, query)),
        run(service.read_results(gate, caller, query)).series,
        run(finding.find_facts(gate, caller, everything)),
        run(finding.find_reports(gate, caller, everything)),
    )
    return tuple(msgspec.json.encode(one) for one in found)


def test_a_reading_is_traced_and_names_the_documents_that_said_it(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    for _ in range(3):
        desk.feed(whose, author)
    know(desk, whose, 1, problem())
    know(desk, whose, 3, fact())
    desk.run(service.read_summary(desk.gate, whose.caller, asked(whose, criteria="summary")))
    trace = desk.chain(whose)[-1]
    assert (trace.act, trace.entries, trace.criteria) == (Act.READ_FACTS, (1,), "summary")
    desk.run(service.read_facts(desk.gate, whose.caller, asked(whose)))
    assert set(desk.chain(whose)[-1].entries) == {1, 3}


def test_a_reading_of_what_is_withheld_stands_in_both_chains(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    desk.feed(whose, author)
    desk.feed(whose, author, visibility=("INVISIBLE_PATIENT",))
    know(desk, whose, 1, problem())
    know(desk, whose, 2, problem())
    desk.run(service.read_facts(desk.gate, author, asked(whose)))
    shown, withheld = desk.chain(whose)[-1], desk.chain(whose, Chain.WITHHELD)[-1]
    assert (shown.entries, withheld.entries) == ((1,), (2,))
    assert shown.linked == withheld.id


def test_a_refused_reading_is_traced(desk: Desk) -> None:
    whose, stranger = desk.citizen(), doctor()
    refused = service.read_summary(desk.gate, stranger, asked(whose))
    assert desk.refusal(refused) == "consent-missing"
    last = desk.chain(whose)[-1]
    assert (last.act, last.outcome) == (Act.READ_FACTS, "refused")


def test_a_changed_view_of_a_document_keeps_the_ids_of_its_facts(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    fed = desk.feed(whose, author)
    know(desk, whose, 1, problem(0), fact(1))

    def ids() -> list[str]:
        return [one.id for one in desk.run(gather(view_of(desk, whose.caller, whose))).told]

    before = ids()
    desk.show(whose.caller, fed.entry_uuid, hidden_from_professionals=True)
    assert ids() == before
    # Another reader numbers otherwise, and finds more at one place.
    know(
        desk, whose, 2, allergy(0), problem(1, place=problem(0).place), fact(2, place=fact(1).place)
    )
    assert set(before) < set(ids())
