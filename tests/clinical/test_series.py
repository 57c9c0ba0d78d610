from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from carnet.clinical.model import Series, Told
from carnet.clinical.series import mixes_units, series_of
from carnet.record.facts import (
    Analysis,
    Code,
    Concept,
    Fact,
    Kind,
    Quantity,
    Ratio,
    When,
    Words,
)
from tests.clinical.samples import A1C, LOINC, SODIUM, fact, problem, told

LOCAL = "1.2.250.1.999.7"
GLUCOSE = Concept((Code(LOINC, "2345-7", "Glucose"),))


def value(number: str, unit: str, day: int = 1, **changes: Any) -> Fact:
    moment = When(f"2026-03-{day:02d}T08:00:00+01:00", point=True)
    given_ = {"what": GLUCOSE, "value": Quantity(number, unit), "when": moment}
    return fact(day, **given_ | changes)


def numbers(series: Series) -> list[str | None]:
    return [point.number for point in series.points]


def test_laboratories_share_a_series_by_loinc_and_the_newest_comes_first() -> None:
    of_another = value("0.95", "g/L", 9, details=Analysis(laboratory="Autre laboratoire"))
    (series,) = series_of([told(value("0.88", "g/L", 2), 1), told(of_another, 2)])
    assert (series.system, series.code, series.unit) == (LOINC, "2345-7", "g/L")
    assert numbers(series) == ["0.95", "0.88"]
    change = series.points[0].change
    assert change is not None
    assert (change.by, change.before, change.since) == (
        "+0.07",
        "0.88",
        "2026-03-02T08:00:00+01:00",
    )
    assert series.points[1].change is None


def test_units_of_one_dimension_are_converted_into_that_of_the_newest() -> None:
    (series,) = series_of([told(value("88", "mg/dL", 2), 1), told(value("0.95", "g/L", 9), 2)])
    assert numbers(series) == ["0.95", "0.88"]
    assert [point.converted for point in series.points] == [False, True]
    assert series.points[1].told[0].fact.value == Quantity("88", "mg/dL")


def test_only_an_analysis_in_two_units_needs_the_libraries() -> None:
    one, other = told(value("88", "mg/dL", 2), 1), told(value("0.95", "g/L", 9), 2)
    assert mixes_units([one, other])
    sodium = told(value("140", "mmol/L", what=SODIUM), 3)
    assert not mixes_units([one, sodium, told(value("1", "", 3), 4), told(problem(), 5)])


def test_mass_and_amount_of_substance_stand_apart() -> None:
    found = series_of([told(value("4.89", "mmol/L", 2), 1), told(value("0.88", "g/L", 2), 1)])
    assert sorted(series.unit for series in found) == ["g/L", "mmol/L"]
    assert all(point.change is None for series in found for point in series.points)


def test_a_missing_unit_is_no_unit_that_another_has() -> None:
    found = series_of([told(value("0.88", "", 2), 1), told(value("0.95", "g/L", 9), 2)])
    assert [series.unit for series in found] == ["g/L", ""]


def test_a_code_of_another_system_is_another_series_whatever_its_name() -> None:
    local = Concept((Code(LOCAL, "GLY", "Glucose"),))
    found = series_of([told(value("1", "g/L"), 1), told(value("1", "g/L", what=local), 2)])
    assert {(series.system, series.code) for series in found} == {
        (LOINC, "2345-7"),
        (LOCAL, "GLY"),
    }


def test_a_loinc_translation_is_what_a_local_code_is_known_by() -> None:
    both = Concept((Code(LOCAL, "GLY"), *GLUCOSE.codes))
    (series,) = series_of([told(value("1", "g/L", 1), 1), told(value("2", "g/L", 2, what=both), 2)])
    assert len(series.points) == 2


def test_values_without_code_stand_alone() -> None:
    nameless = Concept(text="Glycémie")
    found = series_of([told(value("1", "g/L", day, what=nameless), day) for day in (1, 2)])
    assert [len(series.points) for series in found] == [1, 1]
    assert {series.code for series in found} == {""}


def test_less_than_five_is_shown_and_not_compared() -> None:
    below = value("5", "mg/L", 5, value=Quantity("5", "mg/L", "<"))
    (series,) = series_of(
        [told(value("8", "mg/L", 9), 3), told(below, 2), told(value("6", "mg/L", 1), 1)]
    )
    assert numbers(series) == ["8", "5", "6"]
    assert series.points[1].change is None
    newest = series.points[0].change
    assert newest is not None
    assert (newest.before, newest.by) == ("6", "+2")


def test_one_value_in_two_documents_is_one_point_with_both() -> None:
    (series,) = series_of([told(value("0.88", "g/L", 2), 1), told(value("88", "mg/dL", 2), 2)])
    (point,) = series.points
    assert [one.source.entry_no for one in point.told] == [2, 1]


def test_two_different_values_of_one_moment_are_two_points() -> None:
    (series,) = series_of([told(value("0.88", "g/L", 2), 1), told(value("0.90", "g/L", 2), 2)])
    assert len(series.points) == 2


def test_undated_values_are_dated_by_their_document_and_say_so() -> None:
    (series,) = series_of([told(value("1", "g/L", when=When()), n) for n in (1, 2)])
    assert [point.dated for point in series.points] == [False, False]


def test_germs_have_series_of_their_own() -> None:
    germs = [Concept((Code(LOCAL, code, code),)) for code in ("ECOLI", "KLEB")]
    found = series_of(
        [told(value("4", "mg/L", details=Analysis(isolate=germ)), 1) for germ in germs]
    )
    assert {series.isolate for series in found} == {"ECOLI", "KLEB"}


def test_vital_signs_are_series_too_and_nothing_else_is() -> None:
    weight = value("68", "kg", kind=Kind.VITAL, what=Concept((Code(LOINC, "29463-7"),)))
    (series,) = series_of([told(weight), told(problem())])
    assert series.kind is Kind.VITAL


VALUES = st.one_of(
    st.none(),
    st.builds(
        Quantity,
        st.sampled_from(["1", "0.5", "x", "", "1e999", "-3"]),
        st.sampled_from(["", "g/L", "mg/dL", "mmol/L", "foo"]),
        st.sampled_from(["", "<", ">="]),
    ),
    st.builds(Words, st.text(max_size=3)),
    st.just(Concept(text="Négatif")),
    st.just(Ratio(Quantity("1"), Quantity("64"))),
)


@given(
    st.lists(
        st.builds(
            lambda held, what, day, entry_no, negated: told(
                fact(
                    day,
                    what=what,
                    value=held,
                    when=When(f"2026-03-0{day}" if day else ""),
                    negated=negated,
                ),
                entry_no,
            ),
            VALUES,
            st.sampled_from([A1C, SODIUM, Concept(), Concept(null="NI", text="?")]),
            st.integers(0, 3),
            st.integers(1, 3),
            st.booleans(),
        ),
        max_size=15,
    )
)
def test_every_value_is_in_exactly_one_series(made: list[Told]) -> None:
    made = [msgspec.structs.replace(one, twin=n) for n, one in enumerate(made)]
    shown = [one for series in series_of(made) for point in series.points for one in point.told]
    assert sorted(one.twin for one in shown) == list(range(len(made)))


FETUS = Concept((Code("2.16.840.1.113883.5.111", "CHILD", "enfant"),), "Fœtus")


def test_values_of_somebody_else_make_a_series_of_their_own() -> None:
    weight = Concept((Code(LOINC, "29463-7", "Poids"),))
    mother = value("64", "kg", 2, what=weight, kind=Kind.VITAL)
    child = value("3.1", "kg", 3, what=weight, kind=Kind.VITAL, subject=FETUS)
    found = series_of([told(mother, 1), told(child, 2)])
    assert [(series.subject, numbers(series)) for series in found] == [
        (FETUS, ["3.1"]),
        (None, ["64"]),
    ]


def test_an_undated_vital_sign_joins_no_curve() -> None:
    height = Concept((Code(LOINC, "8302-2", "Taille"),))
    dated = value("74", "cm", 2, what=height, kind=Kind.VITAL)
    undated = value("172", "cm", 1, what=height, kind=Kind.VITAL, when=When())
    found = series_of([told(dated, 1), told(undated, 2)])
    assert sorted(numbers(series) for series in found) == [["172"], ["74"]]


def test_a_vital_sign_has_the_time_of_its_organizer() -> None:
    height = Concept((Code(LOINC, "8302-2", "Taille"),))
    around = When("2026-03-05", point=True)
    found = told(value("74", "cm", 1, what=height, kind=Kind.VITAL, when=When(), around=around), 1)
    (series,) = series_of([found, told(value("75", "cm", 9, what=height, kind=Kind.VITAL), 2)])
    assert numbers(series) == ["75", "74"]
    assert series.points[1].dated
    assert found.when == "2026-03-05"
