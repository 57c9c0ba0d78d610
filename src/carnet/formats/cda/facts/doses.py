"""One dosing of a treatment: how much, how often, when, for how long."""

from __future__ import annotations

from carnet.formats.cda.facts.elements import Element
from carnet.formats.cda.facts.times import rhythm
from carnet.formats.cda.facts.values import Values, interval, quantity
from carnet.record.facts import Dose, Quantity, Range, When


def dose(node: Element, values: Values, *, part: bool = False) -> Dose | None:
    """The dosing that an administration tells; None where it tells nothing but its dates.

    A ``part`` of another one's dosing (tapered, split, conditional) has dates and words of its own.
    """
    told = rhythm(node.every("effectiveTime"))
    amount, rate = _amount(node.first("doseQuantity")), _amount(node.first("rateQuantity"))
    text = values.words(node.first("text"))[0] if part else ""
    if not (amount or rate or told.every or told.event or told.duration or text):
        return None
    return Dose(
        amount=amount,
        rate=rate,
        every=told.every,
        event=told.event,
        when=told.when if part else When(),
        text=text,
        duration=told.duration,
    )


def _amount(node: Element | None) -> Quantity | Range | None:
    """A dose; some documents put both ends into a translation of a value left out."""
    if node is None:
        return None
    found = interval(node)
    if found is not None:
        return found
    for each in node.every("translation"):
        found = interval(each) or quantity(each)
        if found is not None:
            return found
    return None
