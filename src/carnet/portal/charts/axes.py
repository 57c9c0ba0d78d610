"""What stands along the two axes: dates that fit at 360 px, and round values."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from carnet.portal.charts.scale import (
    Scale,
    Tick,
    anchor_at,
    month_starts,
    round_values,
    year_starts,
)
from carnet.portal.charts.speech import Speech

MOST = 4  # labels of 70 px each, on a picture of 320 px
YEAR = 365.25
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
LETTER = 3.0  # per cent that a letter takes of a picture of 240 px, the narrowest
APART = 2.0  # per cent between two labels


def time_ticks(speech: Speech, time: Scale) -> tuple[Tick, ...]:
    """Years where the picture spans several, else months, else the first and the last day."""
    first, last = date.fromordinal(int(time.low)), date.fromordinal(int(time.high))
    days = time.high - time.low
    if days >= 2 * YEAR:
        step = next(step for step in STEPS if days / YEAR / step < MOST)
        return _ticks(speech, time, year_starts(time.low, time.high, step), "yyyy")
    if days >= 90:
        step = next(step for step in (1, 2, 3, 6, 12) if days / 30 / step < MOST or step == 12)
        ticks = _ticks(speech, time, month_starts(time.low, time.high, step), "MMM yyyy")
        if len(ticks) > 1:
            return ticks
    ends = (first,) if first == last else (first, last)
    return tuple(
        Tick(at, speech.short(day, "d MMM yyyy"), anchor_at(at))
        for day, at in zip(ends, (time(time.low), time(time.high)), strict=False)
    )


def _ticks(speech: Speech, time: Scale, days: Iterable[date], pattern: str) -> tuple[Tick, ...]:
    """A tick a day, those left out whose label would touch the one before.

    A month says its year where the one before is of another.
    """
    ticks: list[Tick] = []
    year = 0
    taken = -APART
    for day in days:
        at = time(day.toordinal())
        label = speech.short(day, "MMM" if day.year == year else pattern)
        anchor = anchor_at(at)
        width = len(label) * LETTER
        begin = {"start": at, "middle": at - width / 2, "end": at - width}[anchor]
        if begin < taken + APART:
            continue
        ticks.append(Tick(at, label, anchor))
        taken = begin + width
        year = day.year
    return tuple(ticks)


def value_ticks(speech: Speech, value: Scale) -> tuple[Tick, ...]:
    """Round values between the lowest and the highest that the axis has."""
    if not value.high > value.low:
        return ()
    return tuple(
        Tick(value(float(number)), speech.decimal(number))
        for number in round_values(value.low, value.high)
    )
