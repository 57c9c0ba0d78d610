"""The blood pressure: each taking is a bar between its two values."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from carnet.portal.charts.axes import time_ticks, value_ticks
from carnet.portal.charts.dated import Dated, in_order
from carnet.portal.charts.model import Point, Pressure
from carnet.portal.charts.said import change_of
from carnet.portal.charts.scale import Moment, Tick, across, float_of, upwards
from carnet.portal.charts.series import Mark, bounds_within, series_of, spans_of
from carnet.portal.charts.shapes import Area, Dot, areas_of
from carnet.portal.charts.speech import COMPARATORS, FRENCH, NO_BREAK, Speech
from carnet.portal.charts.table import (
    ROWS,
    Cell,
    Table,
    cut_note,
    day_cell,
    rest_cell,
    source_cell,
)
from carnet.portal.charts.trend import FLOOR, FOOT, HEIGHT, TOP, gutter_of

MOST = 200  # takings that a picture of 320 px can show


class Bar(msgspec.Struct, frozen=True, gc=False):
    """One taking: from its higher value (``top``) down to its lower one."""

    x: float
    top: float
    foot: float


class Taken(msgspec.Struct, frozen=True, gc=False):
    """A taking at its moment, with the numbers of it that can be drawn."""

    moment: Moment
    taking: Pressure
    systolic: float | None
    diastolic: float | None

    @property
    def known(self) -> list[float]:
        """The numbers that there are, the systolic one first."""
        return [number for number in (self.systolic, self.diastolic) if number is not None]

    @property
    def top(self) -> float:
        """The higher value, or the only one."""
        return self.systolic if self.systolic is not None else self.diastolic or 0.0

    @property
    def foot(self) -> float:
        """The lower value, or the only one."""
        return self.diastolic if self.diastolic is not None else self.systolic or 0.0

    def mark(self, side: int) -> Mark | None:
        """Its systolic (0) or diastolic (1) value as a mark; none where that is not drawn."""
        point = (self.taking.systolic, self.taking.diastolic)[side]
        number = (self.systolic, self.diastolic)[side]
        return None if point is None or number is None else Mark(self.moment, number, point, 0)


class PressureChart(msgspec.Struct, frozen=True):
    """As ``Trend``; ``systolic`` and ``diastolic`` are the bands of the two values."""

    title: str
    described: str
    change: str
    notes: tuple[str, ...]
    table: Table
    unit: str = ""
    height: float = HEIGHT
    floor: float = FLOOR
    times: tuple[Tick, ...] = ()
    values: tuple[Tick, ...] = ()
    systolic: tuple[Area, ...] = ()
    diastolic: tuple[Area, ...] = ()
    bars: tuple[Bar, ...] = ()
    lone: tuple[Dot, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not (self.bars or self.lone)

    @property
    def gutter(self) -> str:
        """How much room the figures of the axis need: a class of the picture."""
        return gutter_of(self.values)


def pressure(
    name: str, takings: Sequence[Pressure], speech: Speech = FRENCH, rest_href: str = ""
) -> PressureChart:
    """Draw takings of the blood pressure, in the unit of the latest one with a date."""
    told = [taking for taking in takings if taking.systolic or taking.diastolic]
    dated, undated = in_order(told, _day)
    ordered = [*undated, *(one.of for one in dated)]
    unit = _first(dated[-1].of).unit if dated else ""
    taken = _taken(dated, unit)
    shown = _thin(taken)
    words = PressureChart(
        title=speech.gettext("%(name)s au fil du temps") % {"name": name},
        described=_described(speech, dated),
        change=_change(speech, [one.of for one in dated[-2:]]),
        notes=_notes(speech, sum(map(_values, ordered)), shown, len(taken)),
        table=_table(speech, name, ordered, rest_href),
        unit=speech.unit(unit),
    )
    if not shown:
        return words
    spans = [spans_of([mark for each in shown if (mark := each.mark(side))]) for side in (0, 1)]
    time = across([each.moment.middle for each in shown])
    heights = [number for each in shown for number in each.known]
    value = upwards([*heights, *bounds_within((*spans[0], *spans[1]))], FOOT, TOP)
    pairs = [(time(each.moment.middle), [value(number) for number in each.known]) for each in shown]
    edges = ((0.0, 100.0), (0.0, FLOOR))
    return msgspec.structs.replace(
        words,
        times=time_ticks(speech, time),
        values=value_ticks(speech, value),
        systolic=areas_of(spans[0], time, value, *edges),
        diastolic=areas_of(spans[1], time, value, *edges),
        bars=tuple(Bar(x, min(ys), max(ys)) for x, ys in pairs if len(ys) == 2),
        lone=tuple(Dot(x, ys[0]) for x, ys in pairs if len(ys) == 1),
    )


def _first(taking: Pressure) -> Point:
    return taking.systolic or taking.diastolic or Point()


def _day(taking: Pressure) -> str:
    return _first(taking).day


def _values(taking: Pressure) -> int:
    return (taking.systolic is not None) + (taking.diastolic is not None)


def _taken(dated: Sequence[Dated[Pressure]], unit: str) -> list[Taken]:
    """The takings of which something can be drawn: exact numbers in the picture's unit."""
    numbers: dict[str, float | None] = {}

    def drawable(point: Point | None) -> float | None:
        if point is None or point.unit != unit or point.comparator:
            return None
        if point.number not in numbers:
            numbers[point.number] = float_of(point.number)
        return numbers[point.number]

    taken = []
    for one in dated:
        moment, taking = one.moment, one.of
        systolic, diastolic = drawable(taking.systolic), drawable(taking.diastolic)
        if systolic is not None or diastolic is not None:
            taken.append(Taken(moment, taking, systolic, diastolic))
    return taken


def _thin(taken: list[Taken]) -> list[Taken]:
    """Where there are too many, of each strip of time the highest and the lowest taking."""
    if len(taken) <= MOST:
        return taken
    start = taken[0].moment.middle
    width = (taken[-1].moment.middle - start) / (MOST / 2 - 1) or 1.0
    strips: dict[int, list[Taken]] = {}
    for each in taken:
        strips.setdefault(int((each.moment.middle - start) / width), []).append(each)
    kept: list[Taken] = []
    for strip in strips.values():
        tops = [each.top for each in strip]
        feet = [each.foot for each in strip]
        ends = {tops.index(max(tops)), feet.index(min(feet))}
        kept += [strip[index] for index in sorted(ends)]
    return kept


def _said(speech: Speech, taking: Pressure) -> str:
    """The two values as people say them, "138/82 mmHg"; one that is missing is a dash."""
    figures = "/".join(
        COMPARATORS.get(point.comparator, "") + speech.number(point.number) if point else "–"
        for point in (taking.systolic, taking.diastolic)
    )
    unit = speech.unit(_first(taking).unit)
    return f"{figures}{NO_BREAK}{unit}" if unit else figures


def _described(speech: Speech, dated: Sequence[Dated[Pressure]]) -> str:
    if not dated:
        return speech.gettext("Aucune mesure datée.")
    first, last, taking = dated[0].moment, dated[-1].moment, dated[-1].of
    words = speech.ngettext(
        "%(count)s mesure, le %(last)s : %(value)s.",
        "%(count)s mesures, du %(first)s au %(last)s. Dernière : %(value)s.",
        len(dated),
    )
    return words % {
        "count": speech.count(len(dated)),
        "first": speech.day(first),
        "last": speech.day(last),
        "value": _said(speech, taking),
    }


def _change(speech: Speech, takings: Sequence[Pressure]) -> str:
    """The differences of both values between the last two takings, where both have both."""
    if len(takings) < 2:
        return ""
    figures = []
    for side in (0, 1):
        points = [(taking.systolic, taking.diastolic)[side] for taking in takings]
        days = [_first(taking).day for taking in takings]
        pair = [msgspec.structs.replace(p, day=d) for p, d in zip(points, days, strict=True) if p]
        figures.append(change_of(speech, series_of(pair)).figure)
    if not all(figures):
        return ""
    words = speech.gettext("Écart avec la fois d’avant : %(systolic)s et %(diastolic)s.")
    return words % {"systolic": figures[0], "diastolic": figures[1]}


def _notes(speech: Speech, values: int, shown: Sequence[Taken], taken: int) -> tuple[str, ...]:
    notes = []
    if any(len(each.known) == 2 for each in shown):
        notes.append(speech.gettext("Point plein : maximale. Point creux : minimale."))
    points = [point for one in shown for point in (one.taking.systolic, one.taking.diastolic)]
    if any(point and (point.low or point.high) for point in points):
        notes.append(speech.gettext("Bande : les bornes indiquées à côté de chaque valeur."))
    missing = values - sum(len(each.known) for each in shown)
    if taken > len(shown):
        words = speech.gettext(
            "%(total)s mesures, trop pour un dessin : il garde, pour chaque période, la plus haute "
            "et la plus basse, soit %(shown)s mesures."
        )
        notes.append(words % {"total": speech.count(taken), "shown": speech.count(len(shown))})
    elif missing:
        words = speech.ngettext(
            "%(count)s valeur n’est pas dessinée (sans date, sans nombre exact ou dans une autre "
            "unité).",
            "%(count)s valeurs ne sont pas dessinées (sans date, sans nombre exact ou dans une "
            "autre unité).",
            missing,
        )
        notes.append(words % {"count": speech.count(missing)})
    return tuple(notes)


def _table(speech: Speech, name: str, ordered: Sequence[Pressure], rest_href: str) -> Table:
    _ = speech.gettext
    rows = tuple(_row(speech, taking) for taking in ordered[: -ROWS - 1 : -1])
    return Table(
        caption=_("Mesures de %(name)s, de la plus récente à la plus ancienne") % {"name": name},
        columns=(
            _("Date"),
            _("Maximale"),
            _("Minimale"),
            _("Bornes indiquées"),
            _("Source"),
        ),
        rows=rows,
        summary=_("Voir les mesures en tableau"),
        note=cut_note(speech, len(ordered)),
        rest=rest_cell(speech, len(ordered), rest_href),
    )


def _row(speech: Speech, taking: Pressure) -> tuple[Cell, ...]:
    points = [taking.systolic or Point(), taking.diastolic or Point()]
    bounds = [speech.range(point.low, point.high, point.bounds) for point in points]
    return (
        day_cell(speech, _first(taking).day),
        *(Cell(speech.quantity(point.number, point.unit, point.comparator)) for point in points),
        Cell(" / ".join(bounds) if any(bounds) else ""),
        source_cell(speech, _first(taking)),
    )
