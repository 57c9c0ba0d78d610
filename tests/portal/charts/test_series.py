"""What is drawn of some values: gaps are kept, peaks are kept, what is left out is counted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from carnet.portal.charts import Point
from carnet.portal.charts.series import DRAWN, Series, series_of, spans_of, thin
from tests.portal.charts.samples import many, mixed

days = st.dates().map(str) | st.sampled_from(["", "2026", "2026-11", "2026-02-30"])
numbers = st.integers(-999, 999).map(str) | st.sampled_from(["", "1e300", "négatif", "-0.05"])
points = st.lists(
    st.builds(
        Point,
        day=days,
        number=numbers,
        unit=st.sampled_from(["mg/L", "g/L", ""]),
        low=numbers,
        high=numbers,
        comparator=st.sampled_from(["", "<", ">="]),
    ),
    max_size=40,
)


def counted(series: Series) -> int:
    return series.drawn + len(series.apart) + series.undated + series.wordy


def test_a_line_ends_where_it_would_hide_a_value() -> None:
    series = series_of(mixed())
    runs = [mark.run for mark in series.exact]
    assert [mark.point.number for mark in series.exact] == ["4", "12", "8", "6", "7.25"]
    assert runs[0] == runs[1]
    assert len(set(runs[1:])) == len(set(runs)) == 3, (
        "a limit, another unit and a word end the line"
    )
    assert runs[3] == runs[4]


def test_what_cannot_be_drawn_is_counted() -> None:
    series = series_of(mixed())
    assert [mark.point.comparator for mark in series.limits] == ["<"]
    assert (len(series.apart), series.undated, series.wordy) == (1, 1, 1)
    assert series.unit == "mg/L"


@given(points)
def test_every_value_is_drawn_or_counted(values: list[Point]) -> None:
    assert counted(series_of(values)) == len(values)
    assert len(series_of(values).ordered) == len(values)


@given(points)
def test_values_stand_in_the_order_of_their_dates(values: list[Point]) -> None:
    places = [mark.at for mark in series_of(values).marks]
    assert places == sorted(places)


def test_few_values_are_all_drawn() -> None:
    assert series_of(many(DRAWN)).thinned == 0


def test_many_values_keep_their_outline() -> None:
    values = many(10_000)
    values[4_321] = Point(values[4_321].day, "4000", "mg/dL")
    values[7_654] = Point(values[7_654].day, "-1", "mg/dL")
    series = series_of(values)
    shown = [mark.point.number for mark in series.exact]
    assert len(series.exact) <= DRAWN
    assert len(series.exact) + series.thinned == 10_000
    assert {"4000", "-1"} <= set(shown)
    assert (shown[0], shown[-1]) == (values[0].number, values[-1].number)


def test_values_of_one_moment_are_thinned_too() -> None:
    marks = list(series_of([Point("2026-11-18", str(i % 7), "") for i in range(400)]).exact)
    kept = [mark.value for mark in thin(marks, 10)]
    assert (min(kept), max(kept)) == (0, 6)
    assert len(kept) <= 4


def test_each_value_has_its_own_range() -> None:
    values = [
        Point("2026-01-01", "5", "", "4", "6"),
        Point("2026-01-11", "5", "", "4", "6"),
        Point("2026-01-21", "5", "", "", "7"),
        Point("2026-01-31", "5", ""),
        Point("2026-02-10", "5", "", "4", ""),
    ]
    spans = spans_of(series_of(values).exact)
    assert [(span.low, span.high) for span in spans] == [(4, 6), (None, 7), (4, None)]
    assert spans[0].begin is None, "the first reaches to the edge"
    assert spans[0].end == spans[1].begin, "half-way between two values"
    assert spans[1].end != spans[2].begin, "a value without bounds has none lent"
    assert spans[2].end is None


def test_bounds_the_wrong_way_round_are_no_range() -> None:
    assert spans_of(series_of([Point("2026-01-01", "5", "", "6", "4")]).exact) == []


def test_bounds_that_are_no_numbers_are_no_range() -> None:
    assert spans_of(series_of([Point("2026-01-01", "5", "", "x", "1e400")]).exact) == []
