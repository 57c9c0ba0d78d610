"""From texts to places: numbers, moments, the scales of the two axes, and their ticks."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

import msgspec

# XML Schema's decimal, and the exponent that doubles may have; no "nan", no "1_000".
NUMBER = re.compile(r"[+-]?[0-9]{1,400}(?:\.[0-9]{1,400})?(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
DAY = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)[0-9:.]{0,20}(?:Z|[+-]\d\d:\d\d)?)?)?)?", re.ASCII
)
LARGEST = 1e300  # beyond, differences of doubles overflow
EDGE = 2.0  # per cent of the width left free at each end, so that a mark is not cut


def decimal_of(written: str) -> Decimal | None:
    """The number that a text is, exactly; nothing where it is none."""
    return Decimal(written) if NUMBER.fullmatch(written) else None


def float_of(written: str) -> float | None:
    """The number that a text is, near enough to be drawn; nothing where it cannot be."""
    if not NUMBER.fullmatch(written):
        return None
    value = float(written)
    return value if abs(value) <= LARGEST else None


class Moment(msgspec.Struct, frozen=True, gc=False):
    """A date on the axis: days since the year 1, from ``at`` to ``until`` where it is imprecise.

    The hour counts as written on the spot, without its zone: a day is that of where one was.
    ``precision`` is the number of characters of the date that were given: 4, 7 or 10.
    """

    at: float
    until: float
    precision: int
    year: int
    month: int

    @property
    def middle(self) -> float:
        """Where a mark for it stands."""
        return (self.at + self.until) / 2

    @property
    def date(self) -> date:
        """Its first day."""
        return date.fromordinal(int(self.at))


def moment_of(written: str) -> Moment | None:
    """The moment that a FHIR date or dateTime is; nothing where it is none, or impossible."""
    if len(written) == 10 and written[4] == written[7] == "-":  # nearly all; three times as quick
        try:
            day = date.fromisoformat(written)
        except ValueError:
            return None
        place = float(day.toordinal())
        return Moment(place, place, 10, day.year, day.month)
    found = DAY.fullmatch(written)
    if not found:
        return None
    year, month, number, hour, minute = found.groups()
    try:
        day = date(int(year), int(month or 1), int(number or 1))
    except ValueError:
        return None
    place = float(day.toordinal())
    if not month:
        return Moment(place, place + 365, 4, day.year, 1)
    if not number:
        return Moment(place, place + 30, 7, day.year, day.month)
    if hour:
        place += min(int(hour) * 60 + int(minute), 1439) / 1440
    return Moment(place, place, 10, day.year, day.month)


class Scale(msgspec.Struct, frozen=True):
    """A straight scale from ``low``..``high`` to ``begin``..``end``; the middle if it is empty."""

    low: float
    high: float
    begin: float
    end: float

    def __call__(self, value: float) -> float:
        """The place of a value, to a tenth."""
        if self.high <= self.low:
            return round((self.begin + self.end) / 2, 1)
        # Halves first: a difference of two huge numbers of opposite sign may overflow.
        share = (value / 2 - self.low / 2) / (self.high / 2 - self.low / 2)
        return round(self.begin + share * (self.end - self.begin), 1)


def across(moments: Sequence[float]) -> Scale:
    """The time axis, in per cent of the width."""
    low, high = (min(moments), max(moments)) if moments else (0.0, 0.0)
    return Scale(low, high, EDGE, 100 - EDGE)


def upwards(values: Sequence[float], foot: float, top: float) -> Scale:
    """The axis of values, from the place of the lowest to that of the highest, in points."""
    low, high = (min(values), max(values)) if values else (0.0, 0.0)
    if low == high:
        air = abs(low) * 0.1 or 1.0
        low, high = low - air, high + air
    return Scale(low, high, foot, top)


class Tick(msgspec.Struct, frozen=True):
    """A mark of an axis: where, and what is written there; ``anchor`` as in SVG."""

    at: float
    label: str
    anchor: str = "middle"


def anchor_at(percent: float) -> str:
    """On which side of a place a text stands, so that it stays inside the picture."""
    if percent < 12:
        return "start"
    return "end" if percent > 88 else "middle"


def round_values(low: float, high: float, most: int = 4) -> list[Decimal]:
    """At most so many round numbers (1, 2 or 5 times a power of ten) between two values."""
    if not high > low:
        return [Decimal(repr(low))]
    raw = (high / 2 - low / 2) / most * 2
    if raw == 0:  # two numbers that doubles can hardly tell apart
        return []
    exponent = math.floor(math.log10(raw))
    steps = (Decimal(factor).scaleb(exponent).normalize() for factor in (1, 2, 5, 10, 20))
    for step in steps:
        first = math.ceil(Decimal(low) / step)
        last = math.floor(Decimal(high) / step)
        if last - first < most:
            return [step * index for index in range(first, last + 1)]
    return []


def year_starts(low: float, high: float, step: int) -> Iterator[date]:
    """The first days of every so many years between two moments."""
    year = date.fromordinal(int(low)).year
    year += -year % step
    while year <= 9999:
        day = date(year, 1, 1)
        if day.toordinal() > high:
            return
        if day.toordinal() >= low:
            yield day
        year += step


def month_starts(low: float, high: float, step: int) -> Iterator[date]:
    """The first days of every so many months between two moments."""
    first = date.fromordinal(int(low))
    index = first.year * 12 + first.month - 1
    index += -index % step
    while index < 10_000 * 12:
        day = date(index // 12, index % 12 + 1, 1)
        if day.toordinal() > high:
            return
        if day.toordinal() >= low:
            yield day
        index += step
