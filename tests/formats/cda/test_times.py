"""HL7 times to FHIR and to UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.formats.cda.times import fhir_date, fhir_date_time, to_utc, xds_time
from carnet.record.errors import CarnetError

# FHIR R4 §2.24.0.1 dateTime.
FHIR = re.compile(
    r"([0-9]([0-9]([0-9][1-9]|[1-9]0)|[1-9]00)|[1-9]000)(-(0[1-9]|1[0-2])(-(0[1-9]|[1-2][0-9]"
    r"|3[0-1])(T([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?(Z|(\+|-)((0[0-9]|1[0-3])"
    r":[0-5][0-9]|14:00)))?)?)?"
)

READ = {
    "2026": "2026",
    "202601": "2026-01",
    "20260105": "2026-01-05",
    "20260105+0100": "2026-01-05",
    "2026010510+0100": "2026-01-05T10:00:00+01:00",
    "202302091130+0100": "2023-02-09T11:30:00+01:00",
    "20260105101500+0100": "2026-01-05T10:15:00+01:00",
    "20260105101500-0330": "2026-01-05T10:15:00-03:30",
    "20260105101500+0000": "2026-01-05T10:15:00+00:00",
    "20260105101500-0000": "2026-01-05T10:15:00+00:00",
    "20260105101500.25+1400": "2026-01-05T10:15:00.25+14:00",
    # found in real documents
    "20240106113623+100": "2024-01-06T11:36:23+01:00",
    "291812011200+0100": "2918-12-01T12:00:00+01:00",
    # without zone: Europe/Paris
    "20260105101500": "2026-01-05T10:15:00+01:00",
    "202607051015": "2026-07-05T10:15:00+02:00",
    "20261025023000": "2026-10-25T02:30:00+02:00",  # twice that night: the first
    "20260329023000": "2026-03-29T02:30:00+01:00",  # not that night: the offset of winter
    "19000101120000": "1900-01-01T12:00:00+00:09",
    "19420701120000": "1942-07-01T12:00:00+02:00",
    "99991231235959": "9999-12-31T23:59:59+01:00",
}

NOT_TIMES = (
    "",
    " ",
    "20",
    "20261",
    "2026010",
    "202601051",
    "20260105101",
    "202601051015000",
    "20261301",
    "20260230",
    "00000101",
    "2026010524",
    "202601051060",
    "20260105101560",
    "20260105101500+1401",
    "20260105101500+0060",
    "20260105101500+01",
    "20260105101500Z",
    "20260105101500.+0100",
    "00010101000000+0100",
    "99991231235959-0100",
    "2026-01-05",
    "٢٠٢٦",
    "2026\n",
    "9" * 5000,
)


@pytest.mark.parametrize(("value", "expected"), READ.items())
def test_hl7_times_become_fhir_date_times(value: str, expected: str) -> None:
    assert fhir_date_time(value) == expected
    assert FHIR.fullmatch(expected)


@pytest.mark.parametrize("value", NOT_TIMES)
def test_what_is_no_time_is_refused_with_its_place(value: str) -> None:
    with pytest.raises(CarnetError) as caught:
        fhir_date_time(value, "/ClinicalDocument/effectiveTime")
    assert caught.value.code == "cda-time-malformed"
    assert caught.value.element == "/ClinicalDocument/effectiveTime"


def test_a_birth_date_keeps_no_time_of_day() -> None:
    assert fhir_date("19790328") == "1979-03-28"
    assert fhir_date("197903280930+0100") == "1979-03-28"
    assert fhir_date("1979") == "1979"


@pytest.mark.parametrize(
    ("value", "utc", "xds"),
    [
        ("2026", "2026", "2026"),
        ("2026-01", "2026-01", "202601"),
        ("2026-01-05", "2026-01-05", "20260105"),
        ("2026-01-01T00:15:00+01:00", "2025-12-31T23:15:00Z", "20251231231500"),
        ("2026-01-01T00:15:00.5+01:00", "2025-12-31T23:15:00.5Z", "20251231231500"),
        ("2026-01-01T00:15:00Z", "2026-01-01T00:15:00Z", "20260101001500"),
    ],
)
def test_times_of_day_move_to_utc_and_dates_stay(value: str, utc: str, xds: str) -> None:
    assert to_utc(value) == utc
    assert xds_time(value) == xds


@pytest.mark.parametrize(
    "value",
    ["", "2026-1", "2026-01-05T10:15", "2026-01-05T10:15:00", "9999-12-31T23:59:59-01:00", "x"],
)
def test_what_is_no_fhir_time_is_refused(value: str) -> None:
    with pytest.raises(CarnetError) as caught:
        to_utc(value)
    assert caught.value.code == "cda-time-malformed"


OFFSETS = st.integers(-14 * 60, 14 * 60)


@given(st.datetimes(datetime(1000, 1, 2), datetime(9999, 12, 30)), OFFSETS)  # noqa: DTZ001
def test_an_instant_stays_the_same_instant(moment: datetime, offset: int) -> None:
    moment = moment.replace(microsecond=0)
    zone = f"{'-' if offset < 0 else '+'}{abs(offset) // 60:02d}{abs(offset) % 60:02d}"
    hl7 = f"{moment:%Y%m%d%H%M%S}".zfill(14) + zone
    read = fhir_date_time(hl7)
    assert FHIR.fullmatch(read)
    stated = moment.replace(tzinfo=timezone(timedelta(minutes=offset)))
    assert datetime.fromisoformat(read) == stated
    assert datetime.fromisoformat(to_utc(read)) == stated.astimezone(UTC)


@given(st.datetimes(datetime(1911, 4, 1), datetime(2100, 1, 1)))  # noqa: DTZ001
def test_a_time_without_zone_keeps_what_it_says_on_the_clock(moment: datetime) -> None:
    read = fhir_date_time(f"{moment:%Y%m%d%H%M%S}")
    assert read.startswith(f"{moment:%Y-%m-%dT%H:%M:%S}")
    assert read[19:] in ("+00:00", "+01:00", "+02:00")


@given(st.text(alphabet="0123456789+-.Z", max_size=26))
def test_any_text_is_a_fhir_time_or_refused(value: str) -> None:
    try:
        read = fhir_date_time(value)
    except CarnetError:
        return
    assert FHIR.fullmatch(read)
    assert to_utc(read)
