"""From the facts of documents to what pictures are made of.

A bound is shown in the unit of its value, converted with it; where that cannot be done it stays in
words beside the value, with its own unit. A value that a document denies is no value: it is told
in the table and not drawn.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from carnet.clinical.model import Point as Valued
from carnet.clinical.model import Series, Told
from carnet.clinical.units import convert, number_of, written
from carnet.portal.charts.model import Point, Pressure, Source
from carnet.portal.charts.speech import FRENCH, Speech
from carnet.record.facts import Bounds, Concept, Fact, Quantity, Range, Ratio, Value, Words

SYSTOLIC, DIASTOLIC = "8480-6", "8462-4"  # LOINC
SourceOf = Callable[[Told], Source]
"""Names the document of a fact, and leads to it."""


def points_of(series: Series, source: SourceOf, speech: Speech = FRENCH) -> list[Point]:
    """The values of one analysis, oldest first; those without a date of their own have none."""
    return [_point(series.unit, valued, source, speech) for valued in reversed(series.points)]


def pressures_of(
    series: Iterable[Series], source: SourceOf, speech: Speech = FRENCH
) -> list[Pressure]:
    """Takings of the blood pressure: the two values that one document tells of one moment.

    Several takings of one moment are paired in the order in which the document tells them; where
    it tells more of one value than of the other, nobody knows which belong together.
    """
    found: dict[tuple[int, float], tuple[list[Point], list[Point]]] = defaultdict(lambda: ([], []))
    for one in series:
        if one.code not in (SYSTOLIC, DIASTOLIC):
            continue
        ordered = sorted(one.points, key=lambda valued: valued.told[0].fact.number)
        for valued in ordered:
            key = (valued.told[0].source.entry_no, valued.at)
            side = found[key][one.code == DIASTOLIC]
            side.append(_point(one.unit, valued, source, speech))
    takings: list[Pressure] = []
    for upper, lower in found.values():
        if len(upper) == len(lower):
            takings += map(Pressure, upper, lower)
        else:
            takings += (Pressure(systolic=point) for point in upper)
            takings += (Pressure(diastolic=point) for point in lower)
    return takings


def _point(unit: str, valued: Valued, source: SourceOf, speech: Speech) -> Point:
    told = valued.told[0]
    fact = told.fact
    value = fact.value
    bounds = fact.bounds[0] if fact.bounds else None
    number, shown, comparator, original = value_words(value, speech), "", "", ""
    if isinstance(value, Quantity):
        number, shown, comparator = value.number, value.unit, value.comparator
        if valued.number is not None:
            number, shown = valued.number, unit
        if valued.converted:
            original = value_words(value, speech)
    if fact.negated:
        denied = speech.gettext("écarté par le document\N{NO-BREAK SPACE}: %(value)s")
        number = denied % {"value": speech.quantity(number, shown, comparator)}
        shown = comparator = original = ""
    low, high, words = _bounds(bounds, shown, speech)
    return Point(
        day=told.when if valued.dated else "",
        number=number,
        unit=shown,
        low=low,
        high=high,
        comparator=comparator,
        interpretation=interpretation_of(fact),
        source=source(told),
        bounds=words,
        original=original,
    )


def interpretation_of(fact: Fact) -> str:
    """The marks as reported: their codes, else their words."""
    marks = (one.codes[0].code if one.codes else one.text for one in fact.interpretation)
    return ", ".join(mark for mark in marks if mark)


def value_words(value: Value | None, speech: Speech = FRENCH) -> str:
    """A value of any sort in words, as it was given."""
    if isinstance(value, Quantity):
        return speech.quantity(value.number, value.unit, value.comparator)
    if isinstance(value, Concept):
        return value.label
    if isinstance(value, Words):
        return value.text
    if isinstance(value, Ratio):
        return f"{value_words(value.numerator, speech)}/{value_words(value.denominator, speech)}"
    if isinstance(value, Range):
        return _range_words(value, speech)
    return ""


def _range_words(value: Range, speech: Speech) -> str:
    ends = [value_words(end, speech) for end in (value.low, value.high)]
    if all(ends):
        return speech.gettext("%(low)s à %(high)s") % {"low": ends[0], "high": ends[1]}
    return speech.range(*ends)


def _bounds(bounds: Bounds | None, unit: str, speech: Speech) -> tuple[str, str, str]:
    """The two bounds in a unit, or words where they are none or cannot be told in it."""
    if bounds is None:
        return "", "", ""
    if not isinstance(bounds.value, Range):
        return "", "", bounds.text or value_words(bounds.value, speech)
    low, high = (_in(unit, end) for end in (bounds.value.low, bounds.value.high))
    if low is None or high is None:
        return "", "", _range_words(bounds.value, speech)
    return low, high, ""


def _in(unit: str, bound: Quantity | None) -> str | None:
    """A bound in a unit; empty where there is none, nothing where it cannot be told in it.

    A bound without a unit is in that of its value.
    """
    if bound is None:
        return ""
    number = number_of(bound.number)
    if number is None or bound.comparator:
        return None
    if bound.unit in ("", unit):
        return bound.number
    converted = convert(number, bound.unit, unit)
    return None if converted is None else written(converted)
