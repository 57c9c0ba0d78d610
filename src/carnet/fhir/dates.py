"""FHIR date search values (R4 §3.1.1.4.5): a comparator and the range that a partial date covers.

A date without offset is read in UTC, the zone of the record's times.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from carnet.formats.fhir.reading import is_date, is_date_time
from carnet.record.errors import CarnetError

COMPARATORS = ("eq", "ne", "gt", "lt", "ge", "le")
_LATER = ("sa", "eb", "ap")
_SPLIT = re.compile(r"([a-z]{2})?(.+)")
_END_OF_TIME = 253_402_300_800.0  # 10000-01-01T00:00:00Z
_MINUTES = re.compile(r"(.*T\d\d:\d\d)(Z|[+-]\d\d:\d\d)?")
_FRACTION = re.compile(r"\.(\d{1,9})")


def parse_date(value: str, name: str) -> tuple[str, float, float]:
    """Comparator, start and end (seconds since 1970 UTC, ``start`` ≤ value < ``end``).

    Raises ``parameter-invalid`` for what is no date, ``parameter-comparator`` for a comparator
    that Carnet does not offer.
    """
    match = _SPLIT.fullmatch(value)
    comparator = (match[1] if match else None) or "eq"
    text = match[2] if match else ""
    if comparator in _LATER or comparator not in COMPARATORS:
        raise CarnetError("parameter-comparator", name, name=name, comparator=comparator)
    try:
        start, end = _range(text)
    except (ValueError, OverflowError) as error:
        raise CarnetError(
            "parameter-invalid",
            name,
            name=name,
            attendu="une date (AAAA, AAAA-MM, AAAA-MM-JJ ou date et heure)",
            expected="a date (YYYY, YYYY-MM, YYYY-MM-DD or date and time)",
        ) from error
    return comparator, start, end


def period_bound(text: str, is_end: bool) -> int:
    """A bound of a Period in seconds since 1970 UTC; a partial end date includes its last day.

    Raises ``ValueError`` for what is no date.
    """
    start, end = _range(text)
    return int(end if is_end and len(text) <= 10 else start)


def _range(text: str) -> tuple[float, float]:
    if len(text) <= 10:
        return _days(text)
    # A "+" that was not written as %2B arrives as a space.
    text = text.replace(" ", "+") if text[-6:-5] == " " else text
    minutes = _MINUTES.fullmatch(text)
    if minutes:
        text = f"{minutes[1]}:00{minutes[2] or ''}"
    if not is_date_time(text if _has_offset(text) else text + "Z"):
        raise ValueError("not a date and time")
    fraction = _FRACTION.search(text)
    whole = _FRACTION.sub("", text).replace("Z", "+00:00").replace(":60", ":59")
    moment = datetime.fromisoformat(whole)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    start = moment.timestamp() + (float(fraction[0]) if fraction else 0)
    return start, start + (60 if minutes else 10 ** -len(fraction[1]) if fraction else 1)


def _has_offset(text: str) -> bool:
    return text.endswith("Z") or text[-6:-5] in ("+", "-")


def _days(text: str) -> tuple[float, float]:
    if not is_date(text):
        raise ValueError("not a date")
    start = datetime.fromisoformat(text + "0001-01-01"[len(text) :]).replace(tzinfo=UTC)
    if len(text) == 10:
        if text == "9999-12-31":
            return start.timestamp(), _END_OF_TIME
        return start.timestamp(), (start + timedelta(days=1)).timestamp()
    months = 12 if len(text) == 4 else 1
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > 9999:
        return start.timestamp(), _END_OF_TIME
    return start.timestamp(), start.replace(year=year, month=month + 1).timestamp()
