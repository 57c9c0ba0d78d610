"""Where a value lies within the reference range reported beside it, as a bar.

The bar is a picture of three words: below, between, above. Bounds of both sides stand at a quarter
and three quarters; a single bound at 70 % (or 30 %) of a bar that begins at zero (or ends at a
multiple). A value outside the bar stands at its end as an arrow. Without bounds there is no bar.
"""

from __future__ import annotations

from enum import Enum, auto

import msgspec

from carnet.portal.charts.model import Point
from carnet.portal.charts.scale import float_of
from carnet.portal.charts.speech import FRENCH, Speech

QUARTER, SIDE = 25.0, 70.0  # places of the bounds, in per cent of the bar
INNER, OUTER = 2.0, 98.0  # a mark stays whole at the ends


class Lies(Enum):
    """Where a value lies to its bounds; ``BETWEEN`` also where only one is known and kept."""

    ABOVE = auto()
    BELOW = auto()
    AT = auto()
    BETWEEN = auto()
    OPEN = auto()


class RangeBar(msgspec.Struct, frozen=True):
    """A bar, in per cent of its width. ``label`` says it all in words.

    ``text`` are the bounds as reported. ``position`` is the word for where the value lies, empty
    where that cannot be told. ``drawn`` is whether there is a bar. ``arrow`` is -1 or 1 where the
    value lies beyond the bar's end. ``open_from`` and ``open_to`` are the stretch in which a value
    given only as a limit may lie.
    """

    label: str
    text: str
    position: str
    drawn: bool = False
    band: tuple[float, float] = (0.0, 0.0)
    at: float = 0.0
    arrow: int = 0
    open_from: float | None = None
    open_to: float | None = None
    outside: bool = False


def range_bar(name: str, point: Point, speech: Speech = FRENCH) -> RangeBar:
    """Draw a value within its reported bounds."""
    value, low, high = (float_of(text) for text in (point.number, point.low, point.high))
    text = speech.range(point.low, point.high, point.bounds)
    quantity = speech.quantity(point.number, point.unit, point.comparator)
    if low is not None and high is not None and low > high:  # nobody knows what was meant
        value = None
    lies = Lies.OPEN if value is None else _lies(value, low, high, point.comparator)
    position = _word(speech, lies)
    label = _label(speech, name, quantity, text, position)
    if value is None or (low is None and high is None):
        return RangeBar(label, text, position)
    place = _place(value, low, high)
    at = round(min(max(place, INNER), OUTER), 1)
    begin, end = _open(point.comparator, at)
    return RangeBar(
        label,
        text,
        position,
        drawn=True,
        band=_band(low, high),
        at=at,
        arrow=(place > 100) - (place < 0),
        open_from=begin,
        open_to=end,
        outside=lies in {Lies.ABOVE, Lies.BELOW},
    )


def _label(speech: Speech, name: str, quantity: str, text: str, position: str) -> str:
    bounds = text or speech.gettext("non indiquées")
    words = speech.gettext("%(name)s : %(value)s ; bornes : %(bounds)s.")
    sentence = words % {"name": name, "value": quantity, "bounds": bounds}
    return f"{sentence} {position[0].upper()}{position[1:]}." if position else sentence


def _word(speech: Speech, lies: Lies) -> str:
    return {
        Lies.ABOVE: speech.gettext("au-dessus"),
        Lies.BELOW: speech.gettext("en dessous"),
        Lies.AT: speech.gettext("sur la borne"),
        Lies.BETWEEN: speech.gettext("entre les bornes"),
        Lies.OPEN: "",
    }[lies]


def _lies(value: float, low: float | None, high: float | None, comparator: str) -> Lies:
    """Where a value lies; open where its comparator, or the bound that is missing, says so."""
    if comparator:
        limit = low if comparator.startswith("<") else high
        if limit is None:
            return Lies.OPEN
        beyond = value < limit if comparator.startswith("<") else value > limit
        if beyond or (value == limit and not comparator.endswith("=")):  # "≤ 4" may be 4 itself
            return Lies.BELOW if comparator.startswith("<") else Lies.ABOVE
        return Lies.OPEN
    if high is not None and value > high:
        return Lies.ABOVE
    if low is not None and value < low:
        return Lies.BELOW
    if value in {low, high}:
        return Lies.AT
    return Lies.OPEN if low is None and high is None else Lies.BETWEEN


def _band(low: float | None, high: float | None) -> tuple[float, float]:
    """The range's begin and width on the bar."""
    if low is None:
        return 0.0, SIDE
    if high is None:
        return 100 - SIDE, SIDE
    return QUARTER, 100 - 2 * QUARTER


def _place(value: float, low: float | None, high: float | None) -> float:
    """Where a value stands, in per cent; beyond 0 and 100 it is off the bar.

    Halves first: differences of huge numbers of opposite sign may overflow.
    """
    if low is not None and high is not None:
        width = high / 2 - low / 2
        if width == 0:  # a range of one number: its sides say below and above
            return 50.0 + 35.0 * ((value > low) - (value < low))
        return QUARTER + (value / 2 - low / 2) / width * (100 - 2 * QUARTER)
    bound = high if high is not None else low or 0.0
    stands = SIDE if high is not None else 100 - SIDE
    unit = abs(bound) or max(abs(value), 1.0)
    return stands + (value / unit - bound / unit) * stands


def _open(comparator: str, at: float) -> tuple[float | None, float | None]:
    if comparator.startswith("<"):
        return 0.0, at
    if comparator.startswith(">"):
        return at, 100.0
    return None, None
