"""Times as FHIR writes them, and back."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.usecases.clock import instant, seconds_of, system_clock


def test_the_machines_clock_is_in_microseconds() -> None:
    before = time.time_ns() // 1000
    assert before <= system_clock() <= time.time_ns() // 1000


@given(st.integers(0, 4_000_000_000_000_000))
def test_an_instant_says_the_millisecond_and_no_more(microseconds: int) -> None:
    text = instant(microseconds)
    assert len(text) == len("2026-05-28T20:26:40.000Z")
    told = datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)
    assert round(told.total_seconds() * 1000) == microseconds // 1000


@given(st.datetimes(datetime(1901, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001  the bounds of hypothesis are naive
def test_a_date_time_is_as_many_seconds_as_its_instant(moment: datetime) -> None:
    assert seconds_of(moment.isoformat()) == moment.timestamp()


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2026", "2026-01-01T00:00:00Z"),
        ("2026-05", "2026-05-01T00:00:00Z"),
        ("2026-05-28", "2026-05-28T00:00:00Z"),
        ("2026-05-28T02:00:00+02:00", "2026-05-28T00:00:00Z"),
        ("2026-05-27T22:00:00.000-02:00", "2026-05-28T00:00:00Z"),
        ("2026-05-28T00:00:00.123456789Z", "2026-05-28T00:00:00.123456Z"),
        # FHIR writes leap seconds, which the count of seconds since 1970 has no place for.
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
    ],
)
def test_a_partial_date_is_its_first_second_in_utc(text: str, same: str) -> None:
    assert seconds_of(text) == seconds_of(same)


@pytest.mark.parametrize("text", ["2026-02-30", "2026-13", "0000", "2026-02-30T10:00:00Z", ""])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        seconds_of(text)
