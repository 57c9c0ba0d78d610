"""Searches of facts: filters, pages, reading by id."""

from __future__ import annotations

import msgspec
import pytest

from carnet.clinical import finding
from carnet.clinical.model import FactSearch, FoundFacts, Span
from carnet.record.access.model import RelationKind
from carnet.record.caller import Caller
from carnet.record.facts import Kind, Stage, When
from carnet.record.trace import Act
from tests.clinical.known import know
from tests.clinical.samples import ICD10, LOINC, fact, problem, treatment
from tests.usecases.bench import Desk, Person, doctor

OBSERVATION = FactSearch(name="Observation", kinds=frozenset({Kind.RESULT}))


def find(desk: Desk, caller: Caller, whose: Person, **asked: object) -> FoundFacts:
    search = msgspec.structs.replace(OBSERVATION, patient=whose.ins, **asked)
    return desk.run(finding.find_facts(desk.gate, caller, search))


def filled(desk: Desk, documents: int = 2, each: int = 3) -> Person:
    """A record whose documents have so many results each."""
    whose, author = desk.citizen(), doctor()
    for entry_no in range(1, documents + 1):
        desk.feed(whose, author)
        know(desk, whose, entry_no, *(fact(number) for number in range(each)))
    return whose


def test_pages_tell_everything_once_and_the_total_each_time(desk: Desk) -> None:
    whose = filled(desk, 3, 5)
    seen: list[str] = []
    cursor = None
    while True:
        page = find(desk, whose.caller, whose, count=4, cursor=cursor)
        assert page.total == 15
        seen += [one.id for one in page.told]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 15


def test_a_page_names_in_its_trace_the_documents_that_it_shows(desk: Desk) -> None:
    whose = filled(desk, 2, 3)
    find(desk, whose.caller, whose, count=3)
    assert desk.chain(whose)[-1].entries == (2,)


def test_a_cursor_is_bound_to_its_search_and_to_who_asked(desk: Desk) -> None:
    whose = filled(desk, 1, 3)
    cursor = find(desk, whose.caller, whose, count=1).next_cursor
    other = msgspec.structs.replace(
        OBSERVATION, patient=whose.ins, count=1, cursor=cursor, ids=("x",)
    )
    assert desk.refusal(finding.find_facts(desk.gate, whose.caller, other)) == "cursor-invalid"
    friend = doctor()
    desk.tie(whose, RelationKind.AUTHORISATION, friend)
    same = msgspec.structs.replace(OBSERVATION, patient=whose.ins, count=1, cursor=cursor)
    assert desk.refusal(finding.find_facts(desk.gate, friend, same)) == "cursor-invalid"


def test_filters_are_all_to_hold(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    desk.feed(whose, author)
    know(
        desk,
        whose,
        1,
        fact(0, when=When("2026-01-05", point=True)),
        fact(1, when=When()),
        problem(2),
        treatment(3, stage=Stage.DISPENSED),
        treatment(4),
    )

    def numbers(**asked: object) -> list[int]:
        return [one.fact.number for one in find(desk, whose.caller, whose, **asked).told]

    in_january = Span("eq", 1_767_225_600.0, 1_769_904_000.0)
    assert numbers() == [0, 1]
    assert numbers(dates=(in_january,)) == [0]
    assert numbers(codes=(((LOINC, "4548-4"),),)) == [0, 1]
    assert numbers(codes=(((ICD10, "4548-4"), (None, "x")),)) == []
    everything = frozenset(Kind)
    assert numbers(kinds=everything, codes=(((None, "E11"),),)) == [2]
    handed = frozenset({Stage.DISPENSED})
    medication = frozenset({Kind.MEDICATION})
    assert numbers(kinds=medication, stages=handed, others=False) == [3]
    assert numbers(kinds=medication, stages=handed) == [4]
    assert numbers(kinds=frozenset()) == []


def test_a_fact_is_read_by_its_id_and_traced(desk: Desk) -> None:
    whose = filled(desk, 1, 2)
    one = find(desk, whose.caller, whose).told[1]
    told, record = desk.run(finding.read_fact(desk.gate, whose.caller, one.id))
    assert told.fact == one.fact
    assert record
    trace = desk.chain(whose)[-1]
    assert (trace.act, trace.entries) == (Act.READ_FACTS, (1,))


@pytest.mark.parametrize("name", ["", "x", "0" * 32 + "." + "0" * 24, "3f9ea1b1.report"])
def test_an_id_that_names_nothing_is_absent(desk: Desk, name: str) -> None:
    whose = filled(desk, 1, 1)
    for read in (finding.read_fact, finding.read_report):
        assert desk.refusal(read(desk.gate, whose.caller, name)) == "fact-absent"


def test_what_somebody_may_not_read_is_absent_to_them_in_the_same_words(desk: Desk) -> None:
    whose = filled(desk, 1, 1)
    one = find(desk, whose.caller, whose).told[0]
    stranger = doctor()
    error = desk.error(finding.read_fact(desk.gate, stranger, one.id))
    nothing = desk.error(finding.read_fact(desk.gate, stranger, "0" * 32 + one.id[32:]))
    assert (error.code, error.params) == (nothing.code, nothing.params)
    last = desk.chain(whose)[-1]
    assert (last.act, last.outcome) == (Act.READ_FACTS, "refused")
    own = one.id[:33] + "0" * 24
    assert desk.refusal(finding.read_fact(desk.gate, whose.caller, own)) == "fact-absent"


def test_reports_hold_the_results_of_one_document_each(desk: Desk) -> None:
    whose = filled(desk, 2, 3)
    search = FactSearch(
        patient=whose.ins, name="DiagnosticReport", kinds=frozenset({Kind.RESULT}), count=1
    )
    first = desk.run(finding.find_reports(desk.gate, whose.caller, search))
    assert (first.total, len(first.reports[0].told)) == (2, 3)
    after = msgspec.structs.replace(search, cursor=first.next_cursor)
    second = desk.run(finding.find_reports(desk.gate, whose.caller, after))
    assert second.reports[0].id != first.reports[0].id
    assert second.next_cursor is None
    read, _ = desk.run(finding.read_report(desk.gate, whose.caller, first.reports[0].id))
    assert read == first.reports[0]


def test_a_document_without_results_has_no_report(desk: Desk) -> None:
    whose = desk.citizen()
    desk.feed(whose, doctor())
    know(desk, whose, 1, problem())
    one = find(desk, whose.caller, whose, kinds=frozenset({Kind.PROBLEM})).told[0]
    name = one.id[:32] + ".report"
    assert desk.refusal(finding.read_report(desk.gate, whose.caller, name)) == "fact-absent"


def test_a_replaced_document_is_not_read_by_the_ids_of_its_facts(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    first = desk.feed(whose, author)
    know(desk, whose, 1, fact())
    one = find(desk, whose.caller, whose).told[0]
    desk.feed(whose, author, replaces=first.unique_id)
    assert desk.refusal(finding.read_fact(desk.gate, whose.caller, one.id)) == "fact-absent"
    assert find(desk, whose.caller, whose).total == 0


def test_ten_thousand_results_are_all_there(desk: Desk) -> None:
    whose = desk.citizen()
    desk.feed(whose, doctor())
    know(desk, whose, 1, *(fact(number) for number in range(10_000)))
    page = find(desk, whose.caller, whose, count=500)
    assert (page.total, len(page.told)) == (10_000, 500)
