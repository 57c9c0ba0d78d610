"""Values over time at full size, each with its own reference band, its gaps and its change."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from carnet.portal.charts.axes import time_ticks, value_ticks
from carnet.portal.charts.model import Point
from carnet.portal.charts.said import Change, change_of, describe, keys_of, notes_of
from carnet.portal.charts.scale import Scale, Tick, across, upwards
from carnet.portal.charts.series import Mark, bounds_within, series_of, spans_of
from carnet.portal.charts.shapes import Area, Dot, areas_of, path_of
from carnet.portal.charts.speech import FRENCH, Speech
from carnet.portal.charts.table import Table, values_table

HEIGHT = 200.0  # points, labels of the time axis included
FLOOR = 172.0  # where the plot ends
FOOT, TOP = 158.0, 32.0  # places of the lowest and of the highest value; above stands the unit
LETTERS = {3: "narrow", 6: "medium"}  # figures of so many letters fit beside the picture


class Trend(msgspec.Struct, frozen=True):
    """A picture as wide as its place: x in per cent, y in points from the top.

    ``vague`` are strips (begin, end, y) for values whose date is a month or a year; ``elsewhere``
    the places of values in another unit.
    """

    title: str
    described: str
    unit: str
    change: Change
    notes: tuple[str, ...]
    table: Table
    height: float = HEIGHT
    floor: float = FLOOR
    times: tuple[Tick, ...] = ()
    values: tuple[Tick, ...] = ()
    areas: tuple[Area, ...] = ()
    path: str = ""
    dots: tuple[Dot, ...] = ()
    limits: tuple[Dot, ...] = ()
    vague: tuple[tuple[float, float, float], ...] = ()
    elsewhere: tuple[float, ...] = ()
    last: Dot | None = None

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw; the words and the table stay."""
        return not (self.dots or self.limits)

    @property
    def gutter(self) -> str:
        """How much room the figures of the axis need: a class of the picture."""
        return gutter_of(self.values)


def trend(
    name: str, points: Sequence[Point], speech: Speech = FRENCH, rest_href: str = ""
) -> Trend:
    """Draw the values of one measure; ``rest_href`` leads to the table of all of them."""
    series = series_of(points)
    marks = series.marks
    words = Trend(
        title=speech.gettext("%(name)s au fil du temps") % {"name": name},
        described=describe(speech, series),
        unit=speech.unit(series.unit),
        change=change_of(speech, series),
        notes=(*keys_of(speech, series), *notes_of(speech, series)),
        table=values_table(speech, name, series.ordered, rest_href),
    )
    if not marks:
        return words
    spans = spans_of(marks)
    time = across([mark.at for mark in marks] + [moment.middle for moment in series.apart])
    shown = [*(mark.value for mark in marks), *bounds_within(spans)]
    value = upwards(shown, FOOT, TOP)
    dots = tuple(Dot(time(mark.at), value(mark.value)) for mark in series.exact)
    path, _ = path_of(series.exact, dots)
    return msgspec.structs.replace(
        words,
        times=time_ticks(speech, time),
        values=value_ticks(speech, value),
        areas=areas_of(spans, time, value, (0.0, 100.0), (0.0, FLOOR)),
        path=path,
        dots=dots,
        limits=tuple(
            Dot(time(mark.at), value(mark.value), mark.point.comparator) for mark in series.limits
        ),
        vague=_vague(marks, time, value),
        elsewhere=tuple(sorted({time(moment.middle) for moment in series.apart})),
        last=dots[-1] if dots else None,
    )


def gutter_of(ticks: Sequence[Tick]) -> str:
    """The class of a picture with such figures at its side."""
    longest = max((len(tick.label) for tick in ticks), default=0)
    return next((name for most, name in LETTERS.items() if longest <= most), "wide")


def _vague(
    marks: Sequence[Mark], time: Scale, value: Scale
) -> tuple[tuple[float, float, float], ...]:
    """The stretch of time that an imprecise date leaves open, cut at the picture's edges."""
    strips = []
    for mark in marks:
        if mark.moment.precision < 10 and time.high > time.low:
            begin, end = (
                min(max(time(at), 0.0), 100.0) for at in (mark.moment.at, mark.moment.until)
            )
            strips.append((begin, end, value(mark.value)))
    return tuple(strips)
