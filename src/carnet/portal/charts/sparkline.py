"""The small line in a table row: which way the values went, within their own bounds."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from carnet.portal.charts.model import Point
from carnet.portal.charts.said import describe, notes_of
from carnet.portal.charts.scale import Scale, across, upwards
from carnet.portal.charts.series import Mark, bounds_within, series_of, spans_of
from carnet.portal.charts.shapes import Area, Dot, areas_of, path_of
from carnet.portal.charts.speech import FRENCH, Speech

WIDTH, HEIGHT, MARGIN = 96.0, 28.0, 4.0
MOST = 96  # one value a point of the width is all that can be seen


class Sparkline(msgspec.Struct, frozen=True):
    """A line of 96 × 28 points. ``label`` says in words what it shows.

    ``lone`` are values with no line to them, ``last`` is the latest exact value.
    """

    label: str
    path: str = ""
    areas: tuple[Area, ...] = ()
    lone: tuple[Dot, ...] = ()
    limits: tuple[Dot, ...] = ()
    last: Dot | None = None

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw, so that the label stands alone."""
        return not (self.path or self.lone or self.limits or self.last)


def sparkline(name: str, points: Sequence[Point], speech: Speech = FRENCH) -> Sparkline:
    """Draw the values of one measure as a small line."""
    series = series_of(points, MOST)
    label = f"{name} : {' '.join((describe(speech, series), *notes_of(speech, series)))}"
    marks = series.marks
    if not marks:
        return Sparkline(label)
    spans = spans_of(marks)
    time = _narrowed(across([mark.at for mark in marks]))
    values = [mark.value for mark in marks]
    height = upwards([*values, *bounds_within(spans)], HEIGHT - MARGIN, MARGIN)
    dots = [Dot(time(mark.at), height(mark.value)) for mark in series.exact]
    path, lone = path_of(series.exact, dots)
    return Sparkline(
        label,
        path=path,
        areas=areas_of(spans, time, height, (0.0, WIDTH), (0.0, HEIGHT)),
        lone=tuple(lone),
        limits=tuple(_limit(mark, time, height) for mark in series.limits),
        last=dots[-1] if dots else None,
    )


def _narrowed(percent: Scale) -> Scale:
    return Scale(percent.low, percent.high, MARGIN, WIDTH - MARGIN)


def _limit(mark: Mark, time: Scale, height: Scale) -> Dot:
    return Dot(time(mark.at), height(mark.value), mark.point.comparator)
