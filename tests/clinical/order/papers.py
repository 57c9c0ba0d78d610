"""Documents as the rules of order see them, made of what a test says."""

from __future__ import annotations

from datetime import date
from itertools import count

from carnet.clinical.order.model import Paper
from carnet.formats.gist import Gist, gist_of
from carnet.formats.gist.words import paper_words
from carnet.record.facts import Code, Concept, Fact, Facts, Kind, Place, Quantity, When

LOINC, ATC = "2.16.840.1.113883.6.1", "2.16.840.1.113883.6.73"
NOWHERE = Place("", "", "", 0, 0)
VISIT, LABORATORY, PRESCRIPTION, DISPENSATION = "11488-4", "11502-2", "57833-6", "60593-1"
IMAGING, DISCHARGE, OPERATION, EMERGENCY = "18748-4", "11490-0", "34874-8", "15507-7"
BIRTH, PREGNANCY, REIMBURSEMENTS = "15508-5", "89233-1", "REMB"
GENERALIST, CARDIOLOGIST, MIDWIFE = "G15_10/SM26", "G15_10/SM04", "G15_50"

_numbers = count(1)


def days(iso: str) -> int:
    """The number of a date's day."""
    return (date.fromisoformat(iso) - date(1970, 1, 1)).days


def result(code: str, name: str, number: str, unit: str, *, on: str = "", below: str = "") -> Fact:
    """A result of a laboratory."""
    return Fact(
        0,
        Kind.RESULT,
        Concept((Code(LOINC, code, name),), name),
        NOWHERE,
        When(on, point=True) if on else When(),
        Quantity(number, unit, below),
    )


def medicine(atc: str, name: str) -> Fact:
    """A line of a prescription."""
    return Fact(0, Kind.MEDICATION, Concept((Code(ATC, atc, ""),), name), NOWHERE)


def paper(
    title: str,
    day: str,
    kind: str = VISIT,
    *facts: Fact,
    text: str = "",
    to: str | None = None,
    **said: object,
) -> Paper:
    """A document of a type, with the gist of its title, facts and words."""
    number = next(_numbers)
    changes: dict[str, object] = {
        "number": number,
        "key": number.to_bytes(16, "big"),
        "unique_id": f"2.25.{number}",
        "type": kind,
        "sort": paper_words(kind).sort,
        "title": title,
        "day": days(day),
        "last": days(to or day),
        "created": float(days(day) * 86_400),
        "author": "810000000001",
        "structure": "1990000010",
        "specialty": GENERALIST,
        "sha": str(number),
        "gist": gist_of(kind, title, Facts(facts), text),
    }
    return Paper(**(changes | said))  # type: ignore[arg-type]  # the fields of a paper


EMPTY = Gist()
