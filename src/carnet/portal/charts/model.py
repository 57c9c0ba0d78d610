"""What the pictures are made of: plain values that a caller fills from facts and documents.

Numbers and dates are texts as a document gives them (``carnet.record.facts``): a number that is
no number and a date that is no date are shown as written and not drawn. Structs that come by the
thousand and cannot form a circle are kept from the garbage collector (``gc=False``).
"""

from __future__ import annotations

import msgspec


class Source(msgspec.Struct, frozen=True, gc=False):
    """Who says it (a laboratory, a document's title), and the address of that document."""

    label: str = ""
    href: str = ""


class Point(msgspec.Struct, frozen=True, gc=False):
    """One value of one measure, with the reference range reported beside it.

    ``day`` is a FHIR date or dateTime of any precision, empty where none is given. ``low`` and
    ``high`` are in the unit of the value; one of them, or both, may be empty. ``bounds`` are
    reference words that are no numbers. ``comparator`` is empty, ``<``, ``<=``, ``>`` or ``>=``.
    ``interpretation`` is the mark as reported (``H``, ``L`` …). ``original`` is the value as the
    document writes it, where that is in another unit.
    """

    day: str = ""
    number: str = ""
    unit: str = ""
    low: str = ""
    high: str = ""
    comparator: str = ""
    interpretation: str = ""
    source: Source = Source()
    bounds: str = ""
    original: str = ""


class Pressure(msgspec.Struct, frozen=True, gc=False):
    """One taking of the blood pressure; one of the two values may be missing.

    The day and the source are those of ``systolic``, else of ``diastolic``.
    """

    systolic: Point | None = None
    diastolic: Point | None = None


class Document(msgspec.Struct, frozen=True, gc=False):
    """A document on the life line. ``day`` as in ``Point``; ``kind`` are words beside the title."""

    day: str
    title: str
    href: str
    kind: str = ""


class Episode(msgspec.Struct, frozen=True):
    """A band on the life line: from ``start`` to ``end`` (as in ``Point``).

    An empty ``start`` means before the first document, an empty ``end`` that it goes on.
    """

    title: str
    start: str = ""
    end: str = ""
    href: str = ""
    documents: int = 0
