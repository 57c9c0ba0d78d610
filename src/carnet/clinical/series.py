"""Results over time: one series an analysis, by its code and never by a name that looks alike.

Laboratories that use the same LOINC code share a series; a code of any other system makes one of
its own, and a value without code stands alone. Values whose units cannot be converted into one
another make series beside each other, and so do values that are no numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

from carnet.clinical.model import Change, Point, Series, Told
from carnet.clinical.rules import newest_first, plain, subject_key
from carnet.clinical.units import convert, number_of, written
from carnet.record.facts import Analysis, Concept, Kind, Quantity

LOINC = "2.16.840.1.113883.6.1"
KINDS = frozenset({Kind.RESULT, Kind.VITAL})

_Key = tuple[str, ...]


def series_of(told: Iterable[Told]) -> tuple[Series, ...]:
    """The series of results and vital signs, the one with the newest value first."""
    groups: dict[_Key, list[Told]] = {}
    for number, one in enumerate(told):
        if one.fact.kind in KINDS:
            groups.setdefault(_key_of(one) or ("alone", str(number)), []).append(one)
    found = [series for group in groups.values() for series in _by_unit(group)]
    found.sort(key=lambda one: (-one.points[0].at, one.code))
    return tuple(found)


def mixes_units(told: Iterable[Told]) -> bool:
    """Whether an analysis comes in two units, so that one may have to be converted."""
    units: dict[_Key, str] = {}
    for one in told:
        value = one.fact.value
        if not isinstance(value, Quantity) or one.fact.kind not in KINDS or not value.unit:
            continue
        key = _key_of(one)
        if key is not None and units.setdefault(key, value.unit) != value.unit:
            return True
    return False


def _key_of(told: Told) -> _Key | None:
    """Kind, analysis, germ, of whom; None for what makes no series with others.

    That is an analysis without code, and a vital sign without any date: measures of a mother stand
    undated in her child's certificates, and would be drawn as the child's of that day.
    """
    system, code = analysis_of(told.fact.what)
    if not code or (told.fact.kind is Kind.VITAL and not told.when):
        return None
    return (told.fact.kind, system, code, plain(isolate_of(told)), *subject_key(told))


def analysis_of(what: Concept) -> tuple[str, str]:
    """The code of an analysis: LOINC where one of its codes is, else the first."""
    loinc = what.code_in(LOINC)
    if loinc is not None:
        return LOINC, loinc
    return (what.codes[0].system, what.codes[0].code) if what.codes else ("", "")


def isolate_of(told: Told) -> str:
    """The germ that a result is about: the same analysis of another germ is another series."""
    details = told.fact.details
    if not isinstance(details, Analysis) or details.isolate is None:
        return ""
    first = details.isolate.codes[:1]
    return details.isolate.label or "".join(code.code for code in first)


class _Value(msgspec.Struct, frozen=True):
    """One telling of a value; ``number`` is in the unit of its series, None for no number."""

    told: Told
    at: float
    dated: bool
    number: Decimal | None = None


def _value(told: Told) -> _Value:
    return _Value(told, *told.moment)


def _by_unit(group: Sequence[Told]) -> list[Series]:
    """The series of one analysis: the newest value's unit leads, what converts into it follows."""
    units: list[str] = []
    placed: dict[str | None, list[_Value]] = {}
    for one in sorted(map(_value, group), key=_order):
        value = one.told.fact.value
        number = number_of(value.number) if isinstance(value, Quantity) else None
        if not isinstance(value, Quantity) or number is None:
            placed.setdefault(None, []).append(one)
            continue
        for unit in units:
            converted = convert(number, value.unit, unit)
            if converted is not None:
                placed[unit].append(msgspec.structs.replace(one, number=converted))
                break
        else:
            units.append(value.unit)
            placed[value.unit] = [msgspec.structs.replace(one, number=number)]
    return [_series(unit, values) for unit, values in placed.items()]


def _order(one: _Value) -> tuple[float, float, int, int]:
    source = one.told.source
    return (-one.at, -source.created, -source.entry_no, one.told.fact.number)


def _series(unit: str | None, values: list[_Value]) -> Series:
    first = values[0].told
    system, code = analysis_of(first.fact.what)
    labelled = (one.told.fact.what for one in values if one.told.fact.what.label)
    return Series(
        kind=first.fact.kind,
        system=system,
        code=code,
        what=next(labelled, first.fact.what),
        unit=unit or "",
        points=_points(unit, values),
        isolate=isolate_of(first),
        subject=first.fact.subject,
    )


def _points(unit: str | None, values: list[_Value]) -> tuple[Point, ...]:
    """One point a value; the same value of the same moment in several documents is one point."""
    merged: dict[tuple[object, ...], list[_Value]] = {}
    for one in values:
        merged.setdefault(_same(one), []).append(one)
    points: list[Point] = []
    before: tuple[Point, Decimal] | None = None
    for group in reversed(merged.values()):
        point = _point(unit, group)
        number = group[0].number
        if number is not None and _is_plain(group[0].told):
            if before is not None:
                point = _compared(point, number, *before)
            before = (point, number)
        points.append(point)
    return tuple(reversed(points))


def _same(one: _Value) -> tuple[object, ...]:
    """What two tellings of one value share: when, how much, and whether it is denied."""
    fact = one.told.fact
    if not one.dated:  # two undated values of two documents are two
        return ("undated", one.told.source.entry_no, fact.number)
    if one.number is None:
        return (one.at, fact.value, fact.negated, fact.interpretation)
    comparator = fact.value.comparator if isinstance(fact.value, Quantity) else ""
    return (one.at, one.number, comparator, fact.negated)


def _point(unit: str | None, group: list[_Value]) -> Point:
    told = newest_first(one.told for one in group) if len(group) > 1 else (group[0].told,)
    first = group[0]
    value = told[0].fact.value
    given = value.unit if isinstance(value, Quantity) else ""
    return Point(
        told=told,
        at=first.at,
        dated=first.dated,
        number=written(first.number) if first.number is not None else None,
        converted=first.number is not None and given != unit,
    )


def _is_plain(told: Told) -> bool:
    """Whether a value can be compared: "< 5" is less than 5, by nobody knows how much."""
    value = told.fact.value
    return isinstance(value, Quantity) and not value.comparator and not told.fact.negated


def _compared(point: Point, number: Decimal, last: Point, before: Decimal) -> Point:
    change = Change(since=last.told[0].when, before=written(before), by=f"{number - before:+f}")
    return msgspec.structs.replace(point, change=change)
