"""Dates of scripts: anchors, steps, hours, and what is refused."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.population.scripts.moments import (
    PARIS,
    Anchors,
    ImpossibleDateError,
    months_after,
    repeated,
    working_day,
)

TODAY = date(2026, 11, 25)
ANCHORS = Anchors(TODAY, birth=date(1984, 6, 21), start=date(2024, 2, 29))


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("today", TODAY),
        ("-14d", date(2026, 11, 11)),
        ("-2w", date(2026, 11, 11)),
        ("-8y+3d", date(2018, 11, 28)),
        ("birth+2m", date(1984, 8, 21)),
        ("birth", date(1984, 6, 21)),
        ("start+1y", date(2025, 2, 28)),
        ("start+1d", date(2024, 3, 1)),
        ("+10d", date(2026, 12, 5)),
        ("2019-05-02", date(2019, 5, 2)),
    ],
)
def test_days(words: str, day: date) -> None:
    assert ANCHORS.day(words) == day


def test_an_hour_is_of_paris() -> None:
    moment = ANCHORS.moment("-4m 09:40")
    assert moment == datetime(2026, 7, 25, 9, 40, tzinfo=PARIS)
    assert moment.strftime("%z") == "+0200"
    assert ANCHORS.moment("today", time(18)) == datetime(2026, 11, 25, 18, tzinfo=PARIS)


@pytest.mark.parametrize(
    "words",
    ["", "yesterday", "-3", "3d", "-8y+", "2026-02-30", "-3d 25:00", "-30000y", "start 9:00"],
)
def test_what_no_calendar_has(words: str) -> None:
    with pytest.raises(ImpossibleDateError) as caught:
        ANCHORS.moment(words)
    assert words.partition(" ")[0] in str(caught.value)


@pytest.mark.parametrize("words", ["birth+1d", "start+1d"])
def test_an_anchor_that_is_not_there(words: str) -> None:
    with pytest.raises(ImpossibleDateError, match="means nothing here"):
        Anchors(TODAY).day(words)


def test_a_series_counts_from_its_first_day() -> None:
    found = list(repeated(ANCHORS, "2026-01-31 08:00", "1m", 4, time(12)))
    days = [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]
    assert [moment.date() for moment in found] == days
    assert {moment.time() for moment in found} == {time(8)}


def test_a_series_says_how_often() -> None:
    with pytest.raises(ImpossibleDateError, match="every"):
        list(repeated(ANCHORS, "-1y", None, 2, time(12)))


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(-600, 600))
def test_months_keep_the_day_or_end_the_month(day: date, months: int) -> None:
    moved = months_after(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (moved.day < day.day and months_after(moved, 0) == moved)


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)))
def test_a_working_day_is_a_few_days_later_at_most(day: date) -> None:
    moved = working_day(day)
    assert moved.weekday() < 5
    assert 0 <= (moved - day).days <= 3
    assert working_day(moved) == moved


@pytest.mark.parametrize(
    ("day", "moved"),
    [
        ("2026-12-25", "2026-12-28"),  # a Friday
        ("2025-05-01", "2025-05-02"),
        ("2026-11-11", "2026-11-12"),
        ("2026-08-15", "2026-08-17"),
        ("2026-11-25", "2026-11-25"),
    ],
)
def test_practices_are_shut_on_holidays(day: str, moved: str) -> None:
    assert working_day(date.fromisoformat(day)) == date.fromisoformat(moved)
