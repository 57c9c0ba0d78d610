"""How letters say dates, ages, numbers and lengths of time."""

from __future__ import annotations

from datetime import date

import pytest

from carnet.population.writing.french import (
    age_in_months,
    french_age,
    french_date,
    number_of,
    phone_of,
    short_date,
    span_of,
)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("7.1", "7,1"),
        ("<5", "< 5"),
        (">=90", "≥ 90"),
        ("-2.5", "-2,5"),
        ("1/80", "1/80"),
        ("négatif.", "négatif."),
        ("E. coli", "E. coli"),
    ],
)
def test_numbers_have_a_comma_and_words_are_left_alone(value: str, words: str) -> None:
    assert number_of(value) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (1, "1 jour"),
        (10, "10 jours"),
        (30, "1 mois"),
        (90, "3 mois"),
        (365, "1 an"),
        (45, "45 jours"),
    ],
)
def test_spans_are_said_in_the_unit_that_doctors_use(days: int, words: str) -> None:
    assert span_of(days) == words


@pytest.mark.parametrize(
    ("day", "age"),
    [
        (date(2024, 3, 6), "2 jours"),
        (date(2024, 4, 3), "30 jours"),
        (date(2024, 4, 4), "1 mois"),
        (date(2026, 3, 3), "23 mois"),
        (date(2026, 3, 4), "2 ans"),
    ],
)
def test_ages_are_days_then_months_then_years(day: date, age: str) -> None:
    assert french_age(date(2024, 3, 4), day) == age


def test_dates_and_numbers_of_telephones() -> None:
    assert french_date(date(2026, 5, 1)) == "1er mai 2026"
    assert short_date(date(2026, 5, 3)) == "03/05/2026"
    assert phone_of("0261910101") == "02 61 91 01 01"
    assert age_in_months(date(2024, 3, 4), date(2024, 3, 3)) == -1
