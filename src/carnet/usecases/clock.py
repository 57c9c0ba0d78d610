"""Time is passed in: what people do has the date of who does it, in tests and demos too."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], int]
"""Microseconds since 1970 UTC."""


def system_clock() -> int:
    """The clock of the machine."""
    return time.time_ns() // 1000


def instant(microseconds: int) -> str:
    """A FHIR instant, to the millisecond, UTC."""
    moment = datetime.fromtimestamp(microseconds // 1000 / 1000, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{microseconds // 1000 % 1000:03d}Z"


def seconds_of(date_time: str) -> float:
    """The first second of a FHIR dateTime, since 1970 UTC; a date without time begins in UTC.

    A leap second counts as the second before it. Raises ``ValueError`` for what is no date.
    """
    if len(date_time) > 10:
        return datetime.fromisoformat(date_time.replace(":60", ":59")).timestamp()
    if len(date_time) < 4:
        raise ValueError("not a date")
    padded = date_time + "0001-01-01"[len(date_time) :]
    return datetime.fromisoformat(padded).replace(tzinfo=UTC).timestamp()
