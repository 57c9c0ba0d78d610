"""Numbers from one unit into another, where both are UCUM and of one dimension; else not at all.

UCUM 2.1 §§ 6, 16, 22-24 by ``ucumvert`` and ``pint``. They are loaded when the first two different
units meet: that takes a third of a second. What is never converted, although a library might:
units with different annotations (``mL/min`` and ``mL/min/{1.73_m2}``), arbitrary units (``[IU]``)
into others, numbers without dimension (``%`` and ``mmol/mol`` of HbA1c differ by more than a
factor), equivalents into moles, and mass into amount of substance.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

_ANNOTATION = re.compile(r"\{[^{}]*\}")
_BRACKETS = re.compile(r"\[[^\[\]]*\]")
_ATOM = re.compile(r"[A-Za-z]+")
_OF_THEIR_OWN = ("eq", "osm")  # amounts of substance, but not of the same as moles
_UNLIKELY = "u"  # an atomic mass to UCUM; who writes it of an enzyme means U
_LONGEST = 64
_DIGITS = 4  # significant digits of a converted number, or as many as were given
_TENS = 30  # powers of ten in which an exact factor is looked for


def number_of(text: str) -> Decimal | None:
    """A number as written, a comma for a point as well; None for what is none."""
    try:
        found = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found.adjusted()) <= _TENS else None


def written(number: Decimal) -> str:
    """A number without exponent, its digits as they are."""
    return f"{number:f}"


def convert(number: Decimal, unit: str, wanted: str) -> Decimal | None:
    """The number in the wanted unit; None where the two cannot be converted.

    An exact power of ten moves the point and keeps all digits; other factors are rounded to the
    digits that were given, four at least.
    """
    if unit == wanted:
        return number
    factor = factor_of(unit, wanted)
    if factor is None:
        return None
    power = _power_of_ten(factor)
    if power is not None:
        return number.scaleb(power)
    digits = max(_DIGITS, len(number.as_tuple().digits))
    product = number * Decimal(repr(factor))
    return product.quantize(Decimal(1).scaleb(product.adjusted() + 1 - digits)).normalize() + 0


def _power_of_ten(factor: float) -> int | None:
    power = Decimal(repr(factor)).adjusted()
    for candidate in (power, power + 1):
        if abs(factor / 10.0**candidate - 1) < 1e-12:
            return candidate
    return None


@lru_cache(maxsize=4096)
def factor_of(unit: str, wanted: str) -> float | None:
    """By what a number of a unit is multiplied to be of another; None where it is not so simple.

    Never raises: whatever a document calls a unit is looked at.
    """
    if not unit or not wanted or max(len(unit), len(wanted)) > _LONGEST:
        return None
    if _ANNOTATION.findall(unit) != _ANNOTATION.findall(wanted):
        return None
    try:
        registry = _registry()
        if _apart(registry, unit) != _apart(registry, wanted):
            return None
        given, asked = registry.from_ucum(unit), registry.from_ucum(wanted)
        if given.dimensionless or given.dimensionality != asked.dimensionality:
            return None
        zero = registry.Quantity(0, given.units).to(asked.units).magnitude
        one = given.to(asked.units).magnitude / asked.magnitude
    except Exception:  # noqa: BLE001  the text is anybody's, and the two libraries raise many kinds
        return None
    factor = float(one)
    return factor if not zero and 0 < factor < float("inf") else None


def _apart(registry: Any, unit: str) -> list[str]:
    """The atoms of a unit that convert into nothing but themselves. Raises for an unknown one."""
    found = []
    for bracket in _BRACKETS.findall(unit):
        atom = "[iU]" if bracket == "[IU]" else bracket
        if registry.from_ucum(atom).dimensionless:
            found.append(atom)
    bare = _ANNOTATION.sub("", _BRACKETS.sub("X", unit))
    for atom in _ATOM.findall(bare):
        if atom == _UNLIKELY:
            raise ValueError(atom)
        found += [own for own in _OF_THEIR_OWN if atom.endswith(own)]
    return sorted(found)


def load() -> None:
    """Load the libraries, which takes a third of a second: in a thread, so that nobody waits."""
    _registry()


def is_loaded() -> bool:
    """Whether they are there."""
    return bool(_registry.cache_info().currsize)


@lru_cache(maxsize=1)
def _registry() -> Any:
    from ucumvert import PintUcumRegistry  # noqa: PLC0415  heavy, and seldom needed

    return PintUcumRegistry()
