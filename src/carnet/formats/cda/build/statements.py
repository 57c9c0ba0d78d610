"""The parts that entries are put together from: codes, values, simple observations, authors.

A ``ref`` is the ID of words in the section's text, without the ``#``.
"""

from __future__ import annotations

from collections.abc import Iterable

from lxml.etree import _Element

from carnet.formats.cda.build.oids import ENTRY, PCC
from carnet.formats.cda.build.people import assigned
from carnet.formats.cda.build.people_model import Actor
from carnet.formats.cda.build.values import Coded, Comparator, Quantity
from carnet.formats.cda.build.xml import (
    append,
    code_attrs,
    coded,
    element,
    identified,
    moment,
    template,
)
from carnet.record.document import Code
from carnet.record.identity import Identifier

Value = Quantity | Coded | Code | bool | int | str
"""What an observation may state: PQ (or IVL_PQ), CD, CD, BL, INT, ST."""


def reference(ref: str) -> _Element:
    """The pointer to words of the section's text."""
    return element("reference", attrs={"value": f"#{ref}"})


def text_reference(ref: str) -> _Element:
    """``text/reference``."""
    return element("text", reference(ref))


def original_text(ref: str | None, words: str | None = None) -> _Element | None:
    """``originalText`` that points to words, or holds them; nothing where there are none."""
    if ref is not None:
        return element("originalText", reference(ref))
    return None if words is None else element("originalText", words)


def coded_as(
    tag: str, value: Coded, ref: str | None = None, *, typed: str | None = None, null: str = "UNK"
) -> _Element:
    """A coded element: code or null flavour ``null``, original text, translations.

    With ``ref`` the original text points to the section's text, else it holds ``value.text``.
    ``typed`` is the xsi:type, where the schema leaves the type open.
    """
    attrs = {"nullFlavor": null} if value.code is None else code_attrs(value.code)
    return element(
        tag,
        original_text(ref, value.text),
        *(coded("translation", code) for code in value.translations),
        attrs={"xsi:type": typed, **attrs},
    )


def null(tag: str, flavor: str) -> _Element:
    """An element that says only why it has no value."""
    return element(tag, attrs={"nullFlavor": flavor})


def status(code: str = "completed") -> _Element:
    """``statusCode``."""
    return element("statusCode", attrs={"code": code})


def when(value: str | None, flavor: str = "NA") -> _Element:
    """``effectiveTime`` at a point in time, or why there is none."""
    return null("effectiveTime", flavor) if value is None else moment("effectiveTime", value)


def quantity(tag: str, value: Quantity, *, typed: str | None = None) -> _Element:
    """A physical quantity; the unit is left out where there is none."""
    attrs = {"xsi:type": typed, "value": value.value, "unit": value.unit or None}
    return element(tag, attrs=attrs)


def bounded(value: Quantity) -> _Element:
    """A quantity of which only a bound is known ("< 5"): IVL_PQ, open where the sign says so."""
    below = value.comparator in (Comparator.BELOW, Comparator.AT_MOST)
    closed = value.comparator in (Comparator.AT_MOST, Comparator.AT_LEAST)
    bound = quantity("high" if below else "low", value)
    bound.set("inclusive", "true" if closed else "false")
    return element("value", bound, attrs={"xsi:type": "IVL_PQ"})


def value_of(value: Value, ref: str | None = None) -> _Element:
    """The ``value`` of an observation with its xsi:type; ``ref`` is for the words of a code."""
    if isinstance(value, Quantity):
        exact = value.comparator is None
        return quantity("value", value, typed="PQ") if exact else bounded(value)
    if isinstance(value, Code):
        return coded_as("value", Coded(value), ref, typed="CD")
    if isinstance(value, Coded):
        return coded_as("value", value, ref, typed="CD")
    if isinstance(value, bool):
        return element("value", attrs={"xsi:type": "BL", "value": "true" if value else "false"})
    if isinstance(value, int):
        return element("value", attrs={"xsi:type": "INT", "value": str(value)})
    return element("value", value, attrs={"xsi:type": "ST"})


def templates(roots: Iterable[str]) -> list[_Element]:
    """The templateIds of an entry."""
    return [template(root) for root in roots]


def simple_observation(
    own: Iterable[str],
    identifier: str,
    code: Coded,
    ref: str,
    *,
    time: str | None = None,
    value: _Element | None = None,
) -> _Element:
    """Simple observation (SO of the reference): PCC 4.13, F.3.48, then the templates ``own``.

    ``identifier`` is a UUID from ``Ids``; without ``time`` the null flavour NA stands there;
    ``value`` comes from ``value_of``.
    """
    return element(
        "observation",
        *templates((f"{PCC}.4.13", f"{ENTRY}.48", *own)),
        identified(Identifier(identifier)),
        coded_as("code", code),
        text_reference(ref),
        status(),
        when(time),
        value,
        attrs={"classCode": "OBS", "moodCode": "EVN"},
    )


def organizer(
    kind: str,
    roots: Iterable[str],
    identifier: str | None,
    code: Code | None,
    *parts: _Element | None,
) -> _Element:
    """An organizer of class ``kind`` (CLUSTER, BATTERY) that is completed."""
    return element(
        "organizer",
        *templates(roots),
        None if identifier is None else identified(Identifier(identifier)),
        coded("code", code),
        status(),
        *parts,
        attrs={"classCode": kind, "moodCode": "EVN"},
    )


def component(part: _Element) -> _Element:
    """A ``component`` of an organizer."""
    return element("component", part)


def related(kind: str, part: _Element, *, inverted: bool = False) -> _Element:
    """An ``entryRelationship`` of type ``kind`` (COMP, SUBJ, REFR, RSON)."""
    return element(
        "entryRelationship",
        part,
        attrs={"typeCode": kind, "inversionInd": "true" if inverted else None},
    )


def author(actor: Actor, time: str) -> _Element:
    """The author of an entry, and when they wrote it."""
    return element("author", moment("time", time), assigned("assignedAuthor", actor))


def performer(actor: Actor, time: str | None = None, kind: str = "PRF") -> _Element:
    """The performer of an entry, and when it was done where that is said."""
    return element(
        "performer",
        None if time is None else moment("time", time),
        assigned("assignedEntity", actor),
        attrs={"typeCode": kind},
    )


def act(
    roots: Iterable[str],
    code: _Element | None,
    ref: str | None,
    *,
    mood: str = "EVN",
    identifier: str | None = None,
    status_code: str | None = "completed",
) -> _Element:
    """An act of class ACT with its code and the words that it points to."""
    made = element("act", *templates(roots), attrs={"classCode": "ACT", "moodCode": mood})
    return append(
        made,
        None if identifier is None else identified(Identifier(identifier)),
        code,
        None if ref is None else text_reference(ref),
        None if status_code is None else status(status_code),
    )
