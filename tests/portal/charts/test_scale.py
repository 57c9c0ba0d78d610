"""Numbers, dates and axes: what is none is not drawn, what is huge does not overflow."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.portal.charts.axes import time_ticks, value_ticks
from carnet.portal.charts.scale import (
    LARGEST,
    Scale,
    across,
    decimal_of,
    float_of,
    moment_of,
    round_values,
    upwards,
)
from carnet.portal.charts.speech import FRENCH

drawable = st.floats(-LARGEST, LARGEST, allow_nan=False)


@pytest.mark.parametrize("text", ["7.10", "-0.5", "+3", "0", "1e5", "1E-3", "12345678901234567890"])
def test_a_number_of_a_document_is_read(text: str) -> None:
    assert decimal_of(text) == Decimal(text)
    assert float_of(text) == float(text)


@pytest.mark.parametrize(
    "text", ["", "nan", "inf", "1_000", " 5", "5 ", "1,5", "< 5", ".5", "٣", "1e"]
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert decimal_of(text) is None
    assert float_of(text) is None


@pytest.mark.parametrize("text", ["1e308", "-1e999"])
def test_a_number_too_large_to_be_drawn_is_not_drawn(text: str) -> None:
    assert decimal_of(text) is not None
    assert float_of(text) is None


@pytest.mark.parametrize(
    ("text", "first", "days"),
    [
        ("2026-11-18", date(2026, 11, 18), 0),
        ("2026-11", date(2026, 11, 1), 30),
        ("2026", date(2026, 1, 1), 365),
        ("2024-02-29", date(2024, 2, 29), 0),
        ("9999-12-31", date(9999, 12, 31), 0),
    ],
)
def test_a_date_is_as_wide_as_it_is_imprecise(text: str, first: date, days: int) -> None:
    moment = moment_of(text)
    assert moment
    assert moment.date == first
    assert moment.until - moment.at == days


def test_the_hour_counts_as_it_is_written() -> None:
    moment = moment_of("2026-11-18T06:00:00+01:00")
    assert moment
    assert moment.at == date(2026, 11, 18).toordinal() + 0.25


@pytest.mark.parametrize(
    "text",
    ["", "2026-02-30", "2023-02-29", "2026-13", "0000", "18/11/2026", "2026-W01-1", "20261118"],
)
def test_a_date_that_does_not_exist_is_none(text: str) -> None:
    assert moment_of(text) is None


@given(st.text(max_size=30))
def test_no_text_stops_the_reading(text: str) -> None:
    moment_of(text)
    float_of(text)
    decimal_of(text)


@given(st.lists(drawable, min_size=1, max_size=20))
def test_every_value_lies_in_the_picture(values: list[float]) -> None:
    scale = upwards(values, 158, 32)
    assert all(32 <= scale(value) <= 158 for value in values)


@given(st.lists(drawable, min_size=2, max_size=2, unique=True).map(sorted))
def test_a_greater_value_never_lies_lower(pair: list[float]) -> None:
    scale = upwards(pair, 158, 32)
    assert scale(pair[0]) >= scale(pair[1])


def test_equal_values_lie_in_the_middle() -> None:
    assert upwards([5, 5], 100, 0)(5) == 50
    assert upwards([0], 100, 0)(0) == 50
    assert across([7.0])(7.0) == 50
    assert across([])(0.0) == 50


@given(drawable, drawable)
def test_round_values_are_few_and_within(one: float, other: float) -> None:
    low, high = sorted((one, other))
    found = round_values(low, high)
    assert len(found) <= 4
    assert found == sorted(found)
    assert all(Decimal(low) <= value <= Decimal(high) for value in found[1:])


def test_round_values_are_round() -> None:
    assert [str(value) for value in round_values(3.7, 8.2)] == ["4", "6", "8"]
    assert round_values(5.0, 5.0) == [Decimal(5)]


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        ("2019-03-01", "2026-11-18", ["2020", "2022", "2024", "2026"]),
        ("2026-01-10", "2026-11-18", ["avr. 2026", "juil.", "oct."]),
        ("2025-06-10", "2026-11-18", ["juil. 2025", "juil. 2026"]),
        ("2026-11-02", "2026-11-18", ["2 nov. 2026", "18 nov. 2026"]),
        ("2026-11-01", "2026-11-01", ["1er nov. 2026"]),
    ],
)
def test_the_time_axis_says_what_fits(first: str, last: str, labels: list[str]) -> None:
    moments = [moment_of(first), moment_of(last)]
    ticks = time_ticks(FRENCH, across([moment.at for moment in moments if moment]))
    assert [tick.label for tick in ticks] == labels


@given(st.dates(), st.dates())
def test_dates_of_the_axis_do_not_touch(one: date, other: date) -> None:
    low, high = sorted((one.toordinal(), other.toordinal()))
    ticks = time_ticks(FRENCH, across([low, high]))
    assert len(ticks) <= 5
    assert all(0 <= tick.at <= 100 for tick in ticks)
    assert all(b.at - a.at >= 12 for a, b in pairwise(ticks))


def test_figures_of_the_axis_keep_their_decimals() -> None:
    labels = [tick.label for tick in value_ticks(FRENCH, Scale(0.62, 1.18, 158, 32))]
    assert labels == ["0,8", "1,0"]
