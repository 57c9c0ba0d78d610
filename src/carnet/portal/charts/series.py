"""The values of one measure made ready to be drawn: in order, with their gaps and their bands.

A line joins two values only where nothing stands between them that it would hide: a value in
another unit, a value that is only a limit ("< 5"), or one that is no number ends it. Values that
cannot be drawn are counted, so that a sentence can say so; the table has them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter

import msgspec

from carnet.portal.charts.dated import in_order
from carnet.portal.charts.model import Point
from carnet.portal.charts.scale import Moment, float_of

COLUMNS = 100  # so many strips of the width keep their first, lowest, highest and last value
DRAWN = 4 * COLUMNS  # above this number of values, a picture is thinned


class Mark(msgspec.Struct, frozen=True, gc=False):
    """A value at its place in time. Marks of one ``run`` are joined by a line."""

    moment: Moment
    value: float
    point: Point
    run: int

    @property
    def at(self) -> float:
        """The place on the time axis, in days."""
        return self.moment.middle


class Span(msgspec.Struct, frozen=True):
    """A reference range for a stretch of time, in days; an open side has no bound."""

    begin: float | None
    end: float | None
    low: float | None
    high: float | None


class Series(msgspec.Struct, frozen=True):
    """What can be drawn of some values, and what cannot.

    ``ordered`` are all values, oldest first, those without a date in front. ``exact`` and
    ``limits`` are drawn, in ``unit``; ``apart`` are the moments of values in another unit.
    ``undated`` and ``wordy`` (values that are no numbers) count what is only in the table;
    ``thinned`` counts the values that the drawing leaves out because there are too many.
    """

    unit: str
    ordered: tuple[Point, ...]
    exact: tuple[Mark, ...]
    limits: tuple[Mark, ...]
    apart: tuple[Moment, ...]
    undated: int
    wordy: int
    thinned: int

    @property
    def marks(self) -> list[Mark]:
        """All that is drawn to scale, in time."""
        return sorted((*self.exact, *self.limits), key=lambda mark: mark.at)

    @property
    def drawn(self) -> int:
        """How many values the picture stands for, those thinned away included."""
        return len(self.exact) + len(self.limits) + self.thinned


def series_of(points: Sequence[Point], most: int = DRAWN) -> Series:
    """Make values ready to be drawn, in the unit of the latest that has a date and a number."""
    dated, undated = in_order(points, attrgetter("day"))
    numbers: dict[str, float | None] = {}
    for one in dated:
        number = one.of.number
        if number not in numbers:
            numbers[number] = float_of(number)
    unit = next((d.of.unit for d in reversed(dated) if numbers[d.of.number] is not None), "")
    exact: list[Mark] = []
    limits: list[Mark] = []
    apart: list[Moment] = []
    wordy = run = 0
    for one in dated:
        moment, point = one.moment, one.of
        value = numbers[point.number]
        if value is None:
            wordy += 1
        elif point.unit != unit:
            apart.append(moment)
        elif point.comparator:
            limits.append(Mark(moment, value, point, run))
        else:
            exact.append(Mark(moment, value, point, run))
            continue
        run += 1
    total = len(exact) + len(limits)
    if total > most:
        exact, limits = thin(exact, most // 4), thin(limits, most // 4)
    return Series(
        unit=unit,
        ordered=(*undated, *(one.of for one in dated)),
        exact=tuple(exact),
        limits=tuple(limits),
        apart=tuple(apart),
        undated=len(undated),
        wordy=wordy,
        thinned=total - len(exact) - len(limits),
    )


def thin(marks: list[Mark], columns: int) -> list[Mark]:
    """Of each strip of time the first, the lowest, the highest and the last value.

    A line through these has the same outline as one through all of them (the M4 aggregation of
    Jugel et al., VLDB 2014): no peak is lost.
    """
    if len(marks) <= 4 * columns:
        return marks
    start = marks[0].at
    width = (marks[-1].at - start) / columns or 1.0
    kept: list[Mark] = []
    strip: list[Mark] = []
    number = 0
    for mark in marks:
        column = int((mark.at - start) / width)
        if column != number and strip:
            kept += _outline(strip)
            strip = []
        number = column
        strip.append(mark)
    return kept + _outline(strip)


def _outline(strip: list[Mark]) -> list[Mark]:
    if len(strip) <= 4:
        return strip
    values = [mark.value for mark in strip]
    chosen = {0, len(strip) - 1, values.index(min(values)), values.index(max(values))}
    return [strip[index] for index in sorted(chosen)]


def spans_of(marks: Sequence[Mark]) -> list[Span]:
    """Each value's own reference range, half-way to its neighbours; equal neighbours are one.

    Bounds the wrong way round are left out: what they mean is not known.
    """
    spans: list[Span] = []
    bounds: dict[str, float | None] = {"": None}
    begin: float | None = None
    for index, mark in enumerate(marks):
        end = (mark.at + marks[index + 1].at) / 2 if index + 1 < len(marks) else None
        low, high = (_bound(bounds, text) for text in (mark.point.low, mark.point.high))
        if (low is not None or high is not None) and not _reversed(low, high):
            if spans and (spans[-1].low, spans[-1].high, spans[-1].end) == (low, high, begin):
                spans[-1] = Span(spans[-1].begin, end, low, high)
            else:
                spans.append(Span(begin, end, low, high))
        begin = end
    return spans


def _bound(known: dict[str, float | None], text: str) -> float | None:
    if text not in known:
        known[text] = float_of(text)
    return known[text]


def _reversed(low: float | None, high: float | None) -> bool:
    return low is not None and high is not None and low > high


def bounds_within(spans: Iterable[Span]) -> list[float]:
    """All bounds of some ranges, so that the axis shows them."""
    return [bound for span in spans for bound in (span.low, span.high) if bound is not None]
