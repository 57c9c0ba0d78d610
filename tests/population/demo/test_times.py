"""Days of the demo: Paris time, French dates and ages, placeholders."""

from __future__ import annotations

from datetime import date

import pytest

from carnet.population.demo.times import cda_time, fill, french_age, french_date, instant


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (date(2026, 1, 11), "20260110082000+0100"),
        (date(2026, 7, 11), "20260710082000+0200"),
    ],
)
def test_an_hour_is_of_paris_in_winter_and_in_summer(as_of: date, expected: str) -> None:
    assert cda_time(instant(as_of, 1, "08:20")) == expected


def test_dates_are_written_as_letters_write_them() -> None:
    assert french_date(date(2026, 5, 1)) == "1er mai 2026"
    assert french_date(date(2025, 12, 24)) == "24 décembre 2025"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 2, 13), "0 mois"),
        (date(2025, 2, 14), "1 mois"),
        (date(2026, 12, 31), "23 mois"),
        (date(2027, 1, 14), "2 ans"),
        (date(2035, 1, 13), "9 ans"),
    ],
)
def test_small_children_are_counted_in_months(day: date, expected: str) -> None:
    assert french_age(date(2025, 1, 14), day) == expected


def test_placeholders_become_dates_age_and_name() -> None:
    text = fill("{patient}, {age}, vue le {-2}", date(2026, 5, 3), "42 ans", "Mme X")
    assert text == "Mme X, 42 ans, vue le 1er mai 2026"


def test_other_braces_are_left_alone() -> None:
    assert fill("{2} {x}", date(2026, 5, 3), "a", "b") == "{2} {x}"
