"""HL7 times (TS) of a CDA to FHIR dateTime strings and to UTC.

HL7 V3 data types, TS: ``YYYY[MM[DD[hh[mm[ss[.f]]]]]][±hhmm]``; FHIR R4 dateTime wants a zone with
every time of day, and seconds. Rules, the last three being choices:

- precision is kept to the day; a time of day without minutes or seconds is filled with zeros;
- a date keeps no zone;
- a time of day without zone is read in Europe/Paris: the first of the two readings in the hour
  that autumn repeats, the offset of winter in the hour that spring leaves out;
- Paris' offset of before 1911 (nine minutes and 21 seconds) is cut to the minute;
- a zone of three digits (``+100``, found in real documents) is read as ``+0100``.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from carnet.record.errors import CarnetError

PARIS = ZoneInfo("Europe/Paris")

_TS = re.compile(
    r"(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(\.\d{1,6})?)?)?)?)?)?"
    r"([+-]\d{3,4})?",
    re.ASCII,
)
_FHIR_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_FHIR_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)
_LARGEST_OFFSET = 14 * 60


def fhir_date_time(value: str, element: str | None = None) -> str:
    """A TS as a FHIR dateTime: ``202302091130+0100`` is ``2023-02-09T11:30:00+01:00``.

    Raises ``CarnetError('cda-time-malformed', element)`` where it is no time, or its UTC is out
    of the years 1 to 9999.
    """
    match = _TS.fullmatch(value)
    if match is None:
        raise CarnetError("cda-time-malformed", element)
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    try:
        if hour is None:
            return _date(year, month, day)
        clock = (int(hour), int(minute or 0), int(second or 0))
        local = datetime(int(year), int(month), int(day), *clock, tzinfo=PARIS)
        offset = _paris_offset(local) if zone is None else _minutes(zone)
        local = local.replace(tzinfo=timezone(timedelta(minutes=offset)))
        local.astimezone(UTC)
    except (ValueError, OverflowError):
        raise CarnetError("cda-time-malformed", element) from None
    return f"{local.replace(tzinfo=None).isoformat()}{fraction or ''}{_offset_text(offset)}"


def fhir_date(value: str, element: str | None = None) -> str:
    """A TS as a FHIR date (a birth date): the time of day, if any, is left out.

    Raises ``CarnetError('cda-time-malformed', element)``.
    """
    return fhir_date_time(value, element).partition("T")[0]


def to_utc(value: str) -> str:
    """A FHIR dateTime in UTC (``…Z``); a date, which is no instant, stays as it is.

    Raises ``CarnetError('cda-time-malformed')`` for anything else.
    """
    if _FHIR_DATE.fullmatch(value):
        return value
    match = _FHIR_TIME.fullmatch(value)
    if match is None:
        raise CarnetError("cda-time-malformed")
    moment, fraction, zone = match.groups()
    try:
        local = datetime.fromisoformat(f"{moment}{'+00:00' if zone == 'Z' else zone}")
        utc = local.astimezone(UTC)
    except (ValueError, OverflowError):
        raise CarnetError("cda-time-malformed") from None
    return f"{utc.replace(tzinfo=None).isoformat()}{fraction or ''}Z"


def xds_time(value: str) -> str:
    """A FHIR dateTime as an XDS DTM (ITI TF-3 §4.2.3.1.7): digits only, in UTC, to the second."""
    moment = to_utc(value).partition(".")[0]
    return "".join(character for character in moment if character.isdigit())


def _date(year: str, month: str | None, day: str | None) -> str:
    date(int(year), int(month or 1), int(day or 1))
    return "-".join(part for part in (year, month, day) if part is not None)


def _minutes(zone: str) -> int:
    """The offset of ``±hhmm`` or ``±hmm`` in minutes; FHIR allows 14 hours at most."""
    hours, minutes = int(zone[1:-2]), int(zone[-2:])
    offset = hours * 60 + minutes
    if minutes > 59 or offset > _LARGEST_OFFSET:
        raise ValueError(zone)
    return -offset if zone[0] == "-" else offset


def _paris_offset(local: datetime) -> int:
    offset = PARIS.utcoffset(local) or timedelta()
    return int(offset.total_seconds()) // 60


def _offset_text(minutes: int) -> str:
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
