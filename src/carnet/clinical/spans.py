"""Dates of facts as ranges, and FHIR's comparators over them (R4 §3.1.1.4.5).

A date is as long as its precision: ``2019`` is the year. A period without an end goes on; one
without a start was always so.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from carnet.clinical.model import Span, Told
from carnet.record.facts import When
from carnet.usecases.clock import seconds_of

_FOREVER = float("inf")
_MONTH, _DAY, _MINUTE = 7, 10, 16  # characters of a date of this precision


def span_of(told: Told) -> tuple[float, float] | None:
    """From when (s) to when, that second excluded, a fact was so; None where no date is told."""
    return _span(told.time)


def _span(when: When) -> tuple[float, float] | None:
    start, end = _range(when.start), _range(when.end)
    if start is None and end is None:
        return None
    if when.point and start is not None:
        return start
    low = start[0] if start is not None else -_FOREVER
    high = end[1] if end is not None else _FOREVER
    return low, max(low, high)


def _range(text: str) -> tuple[float, float] | None:
    """What a FHIR date or dateTime covers; None for what is none."""
    try:
        begin = seconds_of(text)
        if len(text) > _DAY:
            return begin, begin + (60 if len(text) == _MINUTE else 1)
        first = datetime.fromtimestamp(begin, UTC)
        if len(text) == _DAY:
            return begin, (first + timedelta(days=1)).timestamp()
        if len(text) == _MONTH:
            following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
            return begin, following.timestamp()
        return begin, first.replace(year=first.year + 1).timestamp()
    except (ValueError, OverflowError):
        return None


def matches(asked: Span, low: float, high: float) -> bool:
    """Whether a range that ends before ``high`` meets a date search value."""
    within = asked.start <= low and high <= asked.end
    match asked.comparator:
        case "eq":
            return within
        case "ne":
            return not within
        case "gt":
            return high > asked.end
        case "lt":
            return low < asked.start
        case "ge":
            return within or high > asked.end
        case _:
            return within or low < asked.start
