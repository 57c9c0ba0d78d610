from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from carnet.clinical.model import Heading, Told
from carnet.clinical.rules import has_code, items_of, parts_of, plain, statement_key
from carnet.record.facts import Code, Concept, Fact, Kind, Medication, When
from tests.clinical.samples import (
    ATC,
    DIABETES,
    ICD10,
    METFORMIN,
    PENICILLIN,
    SNOMED,
    allergy,
    fact,
    problem,
    told,
    treatment,
)


def test_one_statement_of_several_documents_is_one_heading_with_all_sources() -> None:
    other = msgspec.structs.replace(DIABETES, text="diabète sucré")
    (item,) = items_of([told(problem(), 1), told(problem(what=other), 3), told(problem(), 2)])
    assert [one.source.entry_no for one in item.told] == [3, 2, 1]
    assert item.what == other
    assert (item.negated, item.disputed, item.contradicted) == (False, False, False)


def test_a_statement_and_its_denial_stand_together_and_are_marked() -> None:
    (item,) = items_of([told(allergy(), 1), told(allergy(negated=True), 2)])
    assert (len(item.told), item.negated, item.disputed) == (2, False, True)
    (denied,) = items_of([told(allergy(negated=True), 2)])
    assert (denied.negated, denied.disputed) == (True, False)


def test_what_the_narrative_says_otherwise_is_marked() -> None:
    (item,) = items_of([told(problem(contradicts=("2018",)), 1)])
    assert item.contradicted


def test_codes_decide_and_not_names_that_look_alike() -> None:
    others = [
        problem(what=Concept((Code(ICD10, "E10", "Diabète de type 2"),))),
        problem(what=Concept((Code(SNOMED, "E11", "Diabète de type 2"),))),
        problem(what=Concept(text="Diabète de type 2")),
        problem(what=msgspec.structs.replace(DIABETES, qualifiers=(Code(SNOMED, "7771000"),))),
    ]
    assert len(items_of([told(one) for one in (problem(), *others)])) == 5


def test_words_are_compared_without_case_and_accents_where_no_code_stands() -> None:
    said = [Concept(text="Fracture du  fémur"), Concept(text="FRACTURE DU FEMUR")]
    (item,) = items_of([told(problem(what=one), n) for n, one in enumerate(said, 1)])
    assert len(item.told) == 2
    assert plain("Angiœdème") == plain("ANGIŒDÈME")


def test_what_says_nothing_comparable_stands_alone() -> None:
    assert statement_key(Concept(null="NI")) is None
    assert len(items_of([told(problem(what=Concept(null="NI")), n) for n in (1, 2)])) == 2


def test_what_is_told_of_somebody_else_is_never_the_patients() -> None:
    fetus = Concept(text="Fœtus")
    items = items_of([told(problem(), 1), told(problem(subject=fetus), 2)])
    assert [(item.subject, len(item.told)) for item in items] == [(fetus, 1), (None, 1)]


def test_a_treatment_is_known_by_its_substances_where_it_has_no_name() -> None:
    nameless = Concept(null="OTH")
    made = [
        treatment(what=nameless, details=Medication(substances=(METFORMIN,))),
        treatment(what=nameless, details=Medication(substances=(METFORMIN,), dosage="1 le soir")),
    ]
    (item,) = items_of([told(one, n) for n, one in enumerate(made, 1)])
    assert len(item.told) == 2


def test_a_summary_has_every_part_and_no_results() -> None:
    parts = parts_of([told(problem()), told(allergy()), told(fact())])
    assert set(parts) == set(Heading)
    assert [heading for heading, items in parts.items() if items] == [
        Heading.ALLERGIES,
        Heading.PROBLEMS,
    ]


def test_a_code_is_looked_for_with_its_system_or_without() -> None:
    assert has_code(METFORMIN, [(ATC, "A10BA02")])
    assert has_code(METFORMIN, [(None, "A10BA02")])
    assert not has_code(METFORMIN, [(SNOMED, "A10BA02"), (None, "A10")])
    by_url = Concept((Code("http://www.whocc.no/atc", "A10BA02"),))
    assert has_code(by_url, [(ATC, "A10BA02")])


concepts = st.sampled_from([DIABETES, PENICILLIN, Concept(text="x"), Concept(null="NI")])
statements = st.builds(
    lambda what, negated, entry_no, kind, when: told(
        problem(what=what, negated=negated, kind=kind, when=When(when)), entry_no
    ),
    concepts,
    st.booleans(),
    st.integers(1, 5),
    st.sampled_from([Kind.PROBLEM, Kind.ALLERGY, Kind.DEVICE]),
    st.sampled_from(["", "2019", "2019-02-30", "2020-01-01T10:00:00Z", "hier"]),
)


@given(st.lists(statements, max_size=12))
def test_nothing_is_left_out_nor_said_twice(made: list[Told]) -> None:
    parts = parts_of(made)
    shown: list[Fact] = [
        one.fact for items in parts.values() for item in items for one in item.told
    ]
    assert sorted(map(repr, shown)) == sorted(repr(one.fact) for one in made)
    for items in parts.values():
        for item in items:
            days = [one.source.created for one in item.told]
            assert days == sorted(days, reverse=True)
