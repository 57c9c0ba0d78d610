from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.fhir.dates import parse_date, period_bound
from carnet.record.errors import CarnetError


def at(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


@pytest.mark.parametrize(
    ("value", "comparator", "start", "end"),
    [
        ("2024", "eq", "2024-01-01T00:00:00+00:00", "2025-01-01T00:00:00+00:00"),
        ("ge2024-02", "ge", "2024-02-01T00:00:00+00:00", "2024-03-01T00:00:00+00:00"),
        ("lt2024-12", "lt", "2024-12-01T00:00:00+00:00", "2025-01-01T00:00:00+00:00"),
        ("ne2024-02-29", "ne", "2024-02-29T00:00:00+00:00", "2024-03-01T00:00:00+00:00"),
        (
            "gt2024-02-29T10:00+01:00",
            "gt",
            "2024-02-29T09:00:00+00:00",
            "2024-02-29T09:01:00+00:00",
        ),
        (
            "le2024-02-29T10:00:30Z",
            "le",
            "2024-02-29T10:00:30+00:00",
            "2024-02-29T10:00:31+00:00",
        ),
        ("2024-02-29T10:00:30", "eq", "2024-02-29T10:00:30+00:00", "2024-02-29T10:00:31+00:00"),
        # "+" not written as %2B arrives as a space.
        (
            "2024-02-29T10:00:30 01:00",
            "eq",
            "2024-02-29T09:00:30+00:00",
            "2024-02-29T09:00:31+00:00",
        ),
    ],
)
def test_a_partial_date_is_the_range_that_it_covers(
    value: str, comparator: str, start: str, end: str
) -> None:
    assert parse_date(value, "date") == (comparator, at(start), at(end))


def test_a_fraction_covers_its_own_precision() -> None:
    _, start, end = parse_date("2024-02-29T10:00:30.5Z", "date")
    assert start == at("2024-02-29T10:00:30.500+00:00")
    assert end - start == pytest.approx(0.1, abs=1e-6)


def test_the_last_day_of_the_calendar_has_an_end() -> None:
    assert parse_date("9999", "date")[2] == parse_date("9999-12-31", "date")[2]
    assert parse_date("9999-12", "date")[2] == 253_402_300_800.0


@pytest.mark.parametrize("value", ["sa2024", "eb2024", "ap2024", "xx2024"])
def test_other_comparators_are_refused_by_name(value: str) -> None:
    with pytest.raises(CarnetError) as caught:
        parse_date(value, "date")
    assert caught.value.code == "parameter-comparator"
    assert caught.value.params["comparator"] == value[:2]


@pytest.mark.parametrize(
    "value",
    ["", "ge", "24", "2024-13", "2024-02-30", "2024-02-29T25:00Z", "2024-02-29T", "GE2024",
     "0000", "2024-02-29T10:00:00+25:00", "２０２４", "2024-02-29T10", "1 or 1=1"],
)  # fmt: skip
def test_what_is_no_date_is_refused(value: str) -> None:
    with pytest.raises(CarnetError) as caught:
        parse_date(value, "date")
    assert (caught.value.code, caught.value.element) == ("parameter-invalid", "date")


@given(st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)))  # noqa: DTZ001 - UTC by the rule
def test_a_range_holds_its_moment(moment: datetime) -> None:
    second = moment.replace(microsecond=0, tzinfo=UTC)
    for text in ("%Y", "%Y-%m", "%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"):
        written = second.strftime(text).rjust(len(second.strftime("2000" + text[2:])), "0")
        _, start, end = parse_date(written, "date")
        assert start <= second.timestamp() < end


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_is_refused(text: str) -> None:
    refused, start, end = "", 0.0, 1.0
    try:
        _, start, end = parse_date(text, "date")
    except CarnetError as error:
        refused = error.code
    assert refused in ("", "parameter-invalid", "parameter-comparator")
    assert start < end


def test_a_period_ends_with_its_last_day() -> None:
    assert period_bound("2026-01-31", is_end=True) == at("2026-02-01T00:00:00+00:00")
    assert period_bound("2026-01-31", is_end=False) == at("2026-01-31T00:00:00+00:00")
    assert period_bound("2026-01-31T10:00:00Z", is_end=True) == at("2026-01-31T10:00:00+00:00")
