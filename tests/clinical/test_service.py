"""Facts, summary and results of a view."""

from __future__ import annotations

from carnet.clinical import service
from carnet.clinical.model import Heading
from carnet.record.facts import Kind, Quantity, When
from tests.clinical.known import asked, know, view_of
from tests.clinical.samples import A1C, LOINC, allergy, fact, problem, treatment
from tests.usecases.bench import Desk, Person, doctor


def filled(desk: Desk) -> Person:
    """A record of two documents, of which the second says again what the first did."""
    whose, author = desk.citizen(), doctor()
    desk.feed(whose, author, creation_time="2026-05-10T10:00:00+02:00")
    desk.feed(whose, author, creation_time="2026-05-12T10:00:00+02:00")
    first = fact(2, when=When("2025-11-02", point=True), value=Quantity("7.8", "%"))
    know(desk, whose, 1, problem(0), allergy(1), first)
    know(desk, whose, 2, problem(0), treatment(1), fact(2))
    return whose


def test_a_summary_lists_each_thing_once_with_all_that_say_it(desk: Desk) -> None:
    whose = filled(desk)
    answer = desk.run(service.summary(view_of(desk, whose.caller, whose)))
    parts = answer.summary.parts
    (diabetes,) = parts[Heading.PROBLEMS]
    assert [one.source.entry_no for one in diabetes.told] == [2, 1]
    assert len(parts[Heading.ALLERGIES]) == len(parts[Heading.TREATMENTS]) == 1
    assert parts[Heading.DEVICES] == ()
    assert {one.entry_no for one in answer.named} == {1, 2}


def test_results_over_time_tell_how_a_value_changed(desk: Desk) -> None:
    whose = filled(desk)
    answer = desk.run(service.read_results(desk.gate, whose.caller, asked(whose)))
    (series,) = answer.series
    assert series.what == A1C
    assert [point.number for point in series.points] == ["7.1", "7.8"]
    change = series.points[0].change
    assert change is not None
    assert change.by == "-0.7"


def test_units_are_loaded_when_two_meet(desk: Desk) -> None:
    whose = filled(desk)
    glucose = fact(0, value=Quantity("0.9", "g/L"))
    other = fact(1, value=Quantity("90", "mg/dL"), when=When("2026-01-01", point=True))
    know(desk, whose, 2, glucose, other)
    (grams, percent) = desk.run(service.results(view_of(desk, whose.caller, whose))).series
    assert [point.number for point in grams.points] == ["0.9", "0.90"]
    assert percent.unit == "%"


def test_facts_are_narrowed_by_kind_code_and_day(desk: Desk) -> None:
    whose = filled(desk)

    def numbers(**narrowed: object) -> list[tuple[int, int]]:
        query = asked(whose, **narrowed)
        told = desk.run(service.read_facts(desk.gate, whose.caller, query)).told
        return [(one.source.entry_no, one.fact.number) for one in told]

    assert numbers(kinds=frozenset({Kind.ALLERGY})) == [(1, 1)]
    assert numbers(codes=((LOINC, "4548-4"),)) == [(2, 2), (1, 2)]
    assert numbers(since=1_767_225_600.0) == [(2, 2)]
    assert len(numbers()) == 6
