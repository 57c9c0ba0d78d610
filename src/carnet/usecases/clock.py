"""Time is passed in: what people do has the date of who does it, in tests and demos too."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from carnet.record.errors import CarnetError

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


_TOLERANCE = 300  # seconds by which a producer's clock may run ahead
_DAY = 86_400


def check_past(value: str, now: int, element: str | None) -> None:
    """Refuse a FHIR date or dateTime of the future; a date without time may be today anywhere.

    ``now`` is in seconds since 1970 UTC. Raises ``date-in-future``, ``ValueError`` for no date.
    """
    if seconds_of(value) > now + (_TOLERANCE if len(value) > 10 else _DAY):
        raise CarnetError("date-in-future", element, value=value)
