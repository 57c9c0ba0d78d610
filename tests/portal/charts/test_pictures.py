"""The pictures: a bar within bounds, lines, pairs; every place is inside, nothing stops them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.portal import charts
from carnet.portal.charts import Point, Pressure
from tests.portal.charts.samples import RANGES, hba1c, many, mixed, pressures
from tests.portal.charts.test_series import points

texts = st.sampled_from(["", "0", "-1e300", "1e300", "4", "6", "-2.5", "1e-300", "x", "1e400"])


@pytest.mark.parametrize(
    ("name", "position", "outside"),
    [
        ("HbA1c", "au-dessus", True),
        ("Glycémie", "entre les bornes", False),
        ("DFG", "entre les bornes", False),
        ("CRP", "", False),
        ("Excès de base", "en dessous", True),
        ("TSH", "", False),
    ],
)
def test_a_bar_says_where_the_value_lies(name: str, position: str, outside: bool) -> None:
    bar = charts.range_bar(name, RANGES[name])
    assert (bar.position, bar.outside) == (position, outside)


def test_a_value_on_its_bound_is_neither_in_nor_out() -> None:
    assert charts.range_bar("x", Point(number="6", low="4", high="6")).position == "sur la borne"


@pytest.mark.parametrize(
    ("point", "position"),
    [
        (Point(number="4", low="4", high="6", comparator="<"), "en dessous"),
        (Point(number="4", low="4", high="6", comparator="<="), ""),
        (Point(number="3", low="4", high="6", comparator="<="), "en dessous"),
        (Point(number="5", low="4", high="6", comparator="<"), ""),
        (Point(number="6", low="4", high="6", comparator=">"), "au-dessus"),
        (Point(number="6", low="4", high="6", comparator=">="), ""),
        (Point(number="3", high="6", comparator=">"), ""),
    ],
)
def test_a_limit_lies_outside_only_where_all_of_it_does(point: Point, position: str) -> None:
    assert charts.range_bar("x", point).position == position


def test_bounds_stand_at_their_places() -> None:
    assert charts.range_bar("x", Point(number="4", low="4", high="6")).at == 25
    assert charts.range_bar("x", Point(number="5", low="4", high="6")).at == 50
    assert charts.range_bar("x", Point(number="1", high="1.00")).at == 70
    assert charts.range_bar("x", Point(number="60", low="60")).at == 30


def test_a_value_beyond_the_bar_is_an_arrow() -> None:
    assert charts.range_bar("x", Point(number="2500", low="30", high="300")).arrow == 1
    assert charts.range_bar("x", Point(number="-2500", low="30", high="300")).arrow == -1
    assert charts.range_bar("x", Point(number="100", low="30", high="300")).arrow == 0


@pytest.mark.parametrize(
    "point",
    [Point(number="5"), Point(number="x", low="4"), Point(number="5", low="6", high="4")],
)
def test_where_nothing_can_be_placed_there_is_no_bar(point: Point) -> None:
    assert not charts.range_bar("x", point).drawn
    assert not charts.range_bar("x", point).position


@given(texts, texts, texts, st.sampled_from(["", "<", ">="]))
def test_a_mark_never_leaves_the_bar(number: str, low: str, high: str, comparator: str) -> None:
    bar = charts.range_bar("x", Point("", number, "", low, high, comparator))
    assert not bar.drawn or 2 <= bar.at <= 98
    assert bar.label


@given(points)
def test_a_trend_stays_in_its_picture(values: list[Point]) -> None:
    picture = charts.trend("x", values)
    for dot in (*picture.dots, *picture.limits):
        assert 0 <= dot.x <= 100
        assert 32 <= dot.y <= 158
    for area in picture.areas:
        assert area.width >= 0
        assert area.height >= 0
        assert 0 <= area.x <= area.end <= 100
        assert 0 <= area.y <= area.foot <= picture.floor
    assert len(picture.table.rows) == len(values)


@given(points)
def test_a_sparkline_stays_in_its_picture(values: list[Point]) -> None:
    picture = charts.sparkline("x", values)
    for dot in (*picture.lone, *picture.limits, *([picture.last] if picture.last else [])):
        assert 0 <= dot.x <= 96
        assert 0 <= dot.y <= 28


def test_an_empty_picture_has_words_only() -> None:
    assert charts.trend("x", []).empty
    assert charts.sparkline("x", []).empty
    assert charts.pressure("x", []).empty
    assert charts.trend("x", [Point("", "5", "")]).empty
    assert charts.trend("x", [Point("", "5", "")]).table.rows, "the value stays in the table"


def test_one_value_stands_in_the_middle() -> None:
    picture = charts.trend("x", hba1c()[:1])
    assert [dot.x for dot in picture.dots] == [50]
    assert picture.path == ""
    assert len(picture.times) == 1


def test_lines_have_as_many_pieces_as_there_are_runs() -> None:
    assert charts.trend("x", hba1c()).path.count("M") == 1
    assert charts.trend("x", mixed()).path.count("M") == 2


def test_a_vague_date_is_drawn_as_wide_as_it_is() -> None:
    (strip,) = charts.trend("x", mixed()).vague
    assert strip[1] - strip[0] > 1


def test_a_long_table_says_what_it_leaves_out() -> None:
    table = charts.trend("x", many(500), rest_href="/resultats").table
    assert len(table.rows) == 100
    assert "500" in table.note
    assert table.rest
    assert table.rest.href == "/resultats"
    assert table.rows[0][0].day == many(500)[-1].day, "the newest comes first"
    assert charts.trend("x", many(100)).table.note == ""


def test_a_taking_is_a_bar_between_its_values() -> None:
    picture = charts.pressure("la tension", pressures())
    assert len(picture.bars) == 4
    assert len(picture.lone) == 1, "one taking has no lower value"
    assert all(bar.top < bar.foot for bar in picture.bars)
    assert picture.change.endswith("6 et −\N{NO-BREAK SPACE}2.")


def test_takings_of_one_day_stay_apart() -> None:
    morning = Pressure(Point("2026-11-18", "150", "mm[Hg]"), Point("2026-11-18", "90", "mm[Hg]"))
    evening = Pressure(Point("2026-11-18", "120", "mm[Hg]"), Point("2026-11-18", "70", "mm[Hg]"))
    assert len(charts.pressure("x", [morning, evening]).bars) == 2


def test_a_pressure_that_cannot_be_drawn_is_said() -> None:
    other = Pressure(Point("2026-11-19", "15", "cm[Hg]"), Point("2026-11-19", "9", "cm[Hg]"))
    picture = charts.pressure("x", [*pressures(), other])
    assert len(picture.bars) == 1
    assert any("9 valeurs" in note for note in picture.notes)
    assert picture.change == ""


def test_many_takings_keep_the_highest_and_the_lowest() -> None:
    takings = [Pressure(point, Point(point.day, "70", point.unit)) for point in many(2_000)]
    takings[777] = Pressure(Point(takings[777].systolic.day, "250", "mg/dL"))  # type: ignore[union-attr]  # just set
    picture = charts.pressure("x", takings)
    assert len(picture.bars) + len(picture.lone) <= 200
    assert len(picture.lone) == 1
    assert any("2000" in note for note in picture.notes)


@given(st.lists(st.builds(Pressure, *[st.none() | st.builds(Point, number=texts)] * 2), max_size=9))
def test_no_pressure_stops_the_drawing(takings: list[Pressure]) -> None:
    assert charts.pressure("x", takings).described
