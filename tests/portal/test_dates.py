"""Dates as people say them, exact where it matters, and never a day that nobody knows."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.portal.dates import When, day, full, time_element
from carnet.portal.manner import Language
from carnet.portal.words import speaking

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("when", "french", "english"),
    [
        (date(2026, 11, 20), "aujourd’hui", "today"),
        (date(2026, 11, 19), "hier", "yesterday"),
        (date(2026, 11, 18), "18 novembre", "18 November"),
        (date(2026, 3, 1), "1er mars", "1 March"),
        (date(2025, 11, 18), "18 novembre 2025", "18 November 2025"),
        ("2019", "2019", "2019"),
        ("2019-05", "mai 2019", "May 2019"),
        ("2026-11-18", "18 novembre", "18 November"),
        (datetime(2026, 11, 19, 8, 12, tzinfo=UTC), "hier à 9 h 12", "yesterday at 09:12"),
        (datetime(2026, 7, 14, 22, 0, tzinfo=UTC), "15 juillet à 0 h", "15 July at 00:00"),
        ("2026-11-18T17:40:00+01:00", "18 novembre à 17 h 40", "18 November at 17:40"),
    ],
)
def test_a_date_is_said_as_people_say_it(when: When, french: str, english: str) -> None:
    assert day(when, TODAY) == french
    with speaking("en"):
        assert day(when, TODAY) == english


@pytest.mark.parametrize(
    ("when", "machine", "exact"),
    [
        ("2026-11-18", "2026-11-18", "mercredi 18 novembre 2026"),
        ("2019-05", "2019-05", "mai 2019"),
        ("2019", "2019", "2019"),
        (
            datetime(2026, 11, 19, 8, 12, 3, tzinfo=UTC),
            "2026-11-19T09:12:03+01:00",
            "jeudi 19 novembre 2026, 09:12:03",
        ),
    ],
)
def test_its_element_is_exact(when: When, machine: str, exact: str) -> None:
    element = time_element(when, TODAY)
    assert f'<time datetime="{machine}" title="{exact}">' in element


def test_a_date_that_is_printed_has_its_year() -> None:
    assert full("2026-11-20") == "20 novembre 2026"
    assert full(TODAY) == "20 novembre 2026"
    assert full("2026-11") == "novembre 2026"
    assert full("bientôt") == "bientôt"


@pytest.mark.parametrize("text", ["", "vers Noël", "2026-02-30", "2026-13", "0000", "<b>"])
def test_what_is_no_date_stands_as_it_is(text: str) -> None:
    assert day(text, TODAY) == text
    assert "<time" not in time_element(text, TODAY)
    assert "<b>" not in time_element(text, TODAY)


@given(st.text(max_size=30), st.sampled_from(("fr", "en")))
def test_no_text_breaks_it(text: str, language: Language) -> None:
    with speaking(language):
        assert time_element(text, TODAY)


@given(st.dates(min_value=date(1, 1, 1)), st.sampled_from(("fr", "en")))
def test_every_day_can_be_said(when: date, language: Language) -> None:
    with speaking(language):
        assert f'datetime="{when.isoformat()}"' in time_element(when, TODAY)
