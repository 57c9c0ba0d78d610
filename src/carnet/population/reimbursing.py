"""What the insurance paid for, out of the documents of a life: the lines of its lists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from carnet.population.codes import Act, Drug, Vaccine, entry
from carnet.population.model import (
    Discharge,
    Dispensation,
    Document,
    Imaging,
    Life,
    Prescription,
    Reimbursed,
    Vaccination,
)

_STAY = "Hospitalisation"
"""What a stay is called: the insurance knows its group and its length, no reason in words."""


def reimbursed(life: Life, since: date, until: date) -> tuple[Reimbursed, ...]:
    """What was paid from ``since`` up to the day before ``until``, in the order of the days.

    Medicines given, vaccines given, stays, imaging. A document sent twice was paid once.
    """
    lines = [
        line
        for one in life.documents
        if one.copy_of is None and one.replaces is None and since <= one.at.date() < until
        for line in _lines(life, one)
    ]
    return tuple(sorted(lines, key=lambda line: line.day))


def _lines(life: Life, one: Document) -> Iterator[Reimbursed]:
    content = one.content
    if isinstance(content, Dispensation):
        yield from _medicines(life, one, content)
    elif isinstance(content, Vaccination):
        name = entry(Vaccine, content.vaccine).name
        yield _line(one, "vaccine", name, content.vaccine)
    elif isinstance(content, Imaging):
        yield _line(one, "imaging", entry(Act, content.exam).label, content.exam)
    elif isinstance(content, Discharge):
        start = one.at.date() - timedelta(days=one.stay)
        yield Reimbursed(day=start, kind="stay", label=_STAY, by=one.author, until=one.at.date())


def _medicines(life: Life, one: Document, content: Dispensation) -> Iterator[Reimbursed]:
    prescription = life.document(content.prescription)
    ordered = prescription is not None and isinstance(prescription.content, Prescription)
    for line in content.lines:
        if line.drug is not None:
            yield Reimbursed(
                day=one.at.date(),
                kind="medicine",
                label=entry(Drug, line.drug).name,
                by=one.author,
                item=line.drug,
                quantity=line.boxes,
                prescriber=prescription.author if ordered and prescription else None,
                prescribed=prescription.at.date() if ordered and prescription else None,
            )


def _line(one: Document, kind: str, label: str, item: str) -> Reimbursed:
    return Reimbursed(
        day=one.at.date(),
        kind=kind,
        label=label,
        by=one.author,
        item=item,
        prescriber=one.ordered_by,
    )
