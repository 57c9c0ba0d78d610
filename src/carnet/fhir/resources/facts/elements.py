"""Datatypes of facts as FHIR elements: concepts, quantities, dates, periods, reference ranges.

What a document gives is carried as given; what FHIR cannot hold in its place (a date that is none,
a number that is none) stands beside it in words, so that nothing is lost.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

import orjson

from carnet.formats.fhir import urls
from carnet.formats.fhir.reading import is_date, is_date_time
from carnet.record.facts import Bounds, Code, Concept, Quantity, Range, Ratio, Value, When, Words
from carnet.record.vocabulary import system_url

Json = dict[str, object]

_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,17})?", re.ASCII)
# A number of several digits is the code of a unit in another system (EDQM), which UCUM would read
# as a factor.
_UNIT = re.compile(r"(?![0-9]{4,}$)[!-~]{1,64}", re.ASCII)
_OID = re.compile(r"[0-2](?:\.(?:0|[1-9][0-9]*))+", re.ASCII)
_NULL = re.compile(r"[A-Z]{2,5}", re.ASCII)
_URI = re.compile(r"[!-~]{1,255}", re.ASCII)
UNKNOWN: Json = {"coding": [{"system": urls.NULL_FLAVOR, "code": "UNK"}]}
"""Where FHIR demands a concept and the document has none."""


def coding(code: Code) -> Json | None:
    """A Coding; None for a code without characters."""
    text = " ".join(code.code.split())
    if not text:
        return None
    out: Json = {}
    system = system_url(code.system)
    if _URI.fullmatch(system):
        out["system"] = system
    out["code"] = text
    if code.display.strip():
        out["display"] = code.display
    return out


def concept(what: Concept | None) -> Json | None:
    """A CodeableConcept; None where nothing is said at all."""
    if what is None:
        return None
    out: Json = {}
    codings = [one for one in map(coding, what.codes) if one is not None]
    if not codings and _NULL.fullmatch(what.null):
        codings = [{"system": urls.NULL_FLAVOR, "code": what.null}]
    qualifiers = [one for one in map(coding, what.qualifiers) if one is not None]
    if qualifiers:
        out["extension"] = [{"url": urls.FACT_QUALIFIER, "valueCoding": one} for one in qualifiers]
    if codings:
        out["coding"] = codings
    if what.text.strip():
        out["text"] = what.text
    return out or None


def concepts(found: tuple[Concept, ...]) -> list[Json]:
    """Those of several concepts that say something."""
    return [one for one in map(concept, found) if one is not None]


def number(text: str) -> orjson.Fragment | None:
    """A decimal with the digits that were written; None for what is no number."""
    plain = text.strip().replace(",", ".").removeprefix("+")
    plain = re.sub(r"^(-?)0+(?=[0-9])", r"\1", plain)
    plain = re.sub(r"^(-?)\.", r"\g<1>0.", plain)
    return orjson.Fragment(plain) if _NUMBER.fullmatch(plain) else None


def quantity(given: Quantity | None) -> Json | None:
    """A Quantity; None for what is no number. CDA says its units in UCUM (data type PQ)."""
    value = number(given.number) if given is not None else None
    if given is None or value is None:
        return None
    out: Json = {"value": value}
    if given.comparator in ("<", "<=", ">", ">="):
        out["comparator"] = given.comparator
    if given.unit.strip():
        out["unit"] = given.unit
        if _UNIT.fullmatch(given.unit):
            out |= {"system": urls.UCUM, "code": given.unit}
    return out


def spoken(value: Value) -> str:
    """A value in words, for where FHIR has no place for it."""
    match value:
        case Quantity():
            return f"{value.comparator}{value.number} {value.unit}".strip()
        case Range():
            ends = [spoken(end) if end else "" for end in (value.low, value.high)]
            return " – ".join(ends)
        case Ratio():
            return f"{spoken(value.numerator)} / {spoken(value.denominator)}"
        case Words():
            return value.text
        case _:
            return value.label


def value_of(value: Value | None) -> Json:
    """``value[x]`` of an Observation, by what the value is; empty where there is none."""
    match value:
        case None:
            return {}
        case Quantity():
            found: tuple[str, Json | None] = ("valueQuantity", quantity(value))
        case Range():
            found = ("valueRange", range_of(value))
        case Ratio():
            parts = quantity(value.numerator), quantity(value.denominator)
            both: Json | None = (
                {"numerator": parts[0], "denominator": parts[1]} if all(parts) else None
            )
            found = ("valueRatio", both)
        case Words():
            found = ("valueString", None)
        case _:
            found = ("valueCodeableConcept", concept(value))
    if found[1] is not None:
        return {found[0]: found[1]}
    words = spoken(value)
    return {"valueString": words} if words.strip() else {}


def range_of(given: Range) -> Json | None:
    """A Range; None where an end is given that is no number (or has a comparator)."""
    out: Json = {}
    for name, end in (("low", given.low), ("high", given.high)):
        if end is None:
            continue
        made = quantity(end)
        if made is None or "comparator" in made:
            return None
        out[name] = made
    return out or None


def reference_range(bounds: Bounds) -> Json | None:
    """A referenceRange; bounds that are no numbers are words."""
    out: Json = {}
    words = bounds.text
    if isinstance(bounds.value, Range):
        out |= range_of(bounds.value) or {}
    if not out and bounds.value is not None and not words:
        words = spoken(bounds.value)
    meaning = concept(bounds.meaning)
    if meaning is not None:
        out["type"] = meaning
    if words.strip():
        out["text"] = words
    return out or None


def date(text: str) -> str | None:
    """A FHIR date or dateTime; None for what is none."""
    return text if is_date(text) or is_date_time(text) else None


def period(when: When) -> Json | None:
    """A Period of the ends that are dates."""
    ends = {"start": date(when.start), "end": date(when.end)}
    out: Json = {name: end for name, end in ends.items() if end}
    return out or None


def timed(when: When, name: str) -> Json:
    """``name`` + DateTime for a moment, + Period for a period; empty where nothing is told."""
    if when.point or (when.start and when.start == when.end):
        moment = date(when.start)
        return {f"{name}DateTime": moment} if moment else {}
    found = period(when)
    return {f"{name}Period": found} if found else {}


def identifier(given: str) -> Json | None:
    """An Identifier of ``root^extension``, as facts keep them; None for one without characters."""
    root, _, extension = given.partition("^")
    if _OID.fullmatch(root) and extension.strip():
        return {"system": urls.OID_PREFIX + root, "value": extension}
    return {"value": given} if given.strip() else None


def instant(seconds: float) -> str:
    """A FHIR instant, UTC."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"
