"""Prescriptions: lines of a life to items, and to an ordonnance on paper."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from carnet.formats.cda.build import (
    GENERIC_ALLOWED,
    NOT_SUBSTITUTABLE,
    Coded,
    Coverage,
    Medication,
    PrescribedDevice,
    PrescribedMedicine,
    PrescriptionBody,
    Quantity,
)
from carnet.formats.pdf import Style, render_letter
from carnet.population import model
from carnet.population.codes import Drug, entry
from carnet.population.writing.context import Context, cda_time
from carnet.population.writing.french import span_of
from carnet.population.writing.made import Made
from carnet.population.writing.naming import product_of, reason_of
from carnet.population.writing.paper import encoded, page

_BOX_DAYS = 28  # no renewal is for less: days that would make it so are those of one time


class Span(msgspec.Struct, frozen=True):
    """How long a line treats: days at a time, and in all with its renewals."""

    each: int
    total: int


def span_of_line(line: model.Line) -> Span:
    """The days of a line. ``days`` counts the renewals in, where that leaves a month at a time.

    A line without length, such as a device that is kept, stands for a day.
    """
    days, times = line.days or 1, line.renewals + 1
    if days >= _BOX_DAYS * times:
        return Span(days // times, days)
    return Span(days, days * times)


def end_of(day: date, line: model.Line) -> date:
    """The last day that a line covers."""
    return day + timedelta(days=span_of_line(line).total)


def name_of(line: model.Line) -> str:
    """What a line is of: the medicine as on its box, or the device."""
    return entry(Drug, line.drug).name if line.drug is not None else line.device or ""


def words_of(line: model.Line) -> str:
    """How to take what a line names, how long, how often renewed."""
    parts = [line.dose] if line.dose else []
    if line.days:
        parts.append(f"pendant {span_of(span_of_line(line).each)}")
    if line.renewals:
        parts.append(f"à renouveler {line.renewals} fois")
    if line.boxes > 1:
        parts.append(f"{line.boxes} {'boîtes' if line.drug else 'unités'}")
    return ", ".join(parts)


def sentence_of(line: model.Line) -> str:
    """A line in one sentence, as entries and tickets say it."""
    said = words_of(line)
    fixed = f", non substituable ({line.not_substitutable})" if line.not_substitutable else ""
    return f"{name_of(line)} : {said}{fixed}" if said else f"{name_of(line)}{fixed}"


def _items(lines: tuple[model.Line, ...]) -> list[str]:
    """The lines as an ordonnance sets them: name in bold, how to take it below."""
    found = []
    for line in lines:
        fixed = f" – NON SUBSTITUABLE ({line.not_substitutable})" if line.not_substitutable else ""
        found.append(f"**{name_of(line)}**{fixed}")
        if words_of(line):
            found.append(f"- {words_of(line)}")
    return found


def printed(context: Context, content: model.Prescription) -> bytes:
    """The ordonnance; where a line treats a long-term illness, in two zones.

    Article R. 161-45 of the social security code asks for the form of two zones.
    """
    above = tuple(line for line in content.lines if line.long_illness)
    below = tuple(line for line in content.lines if not line.long_illness)
    body = [*_items(above), "---", *_items(below)] if above else _items(below)
    style = Style.BIZONE if above else None
    return render_letter(page(context, tuple(body), style=style))


def _medicine(context: Context, number: int, line: model.Line, drug: str) -> PrescribedMedicine:
    medication = Medication(
        product=product_of(drug),
        posology=line.dose,
        start=f"{context.day:%Y%m%d}",
        end=f"{end_of(context.day, line):%Y%m%d}",
        reason=reason_of(context.life, line.problem),
    )
    return PrescribedMedicine(
        identifier=context.line_id(context.document.key, number),
        medication=medication,
        substitution=NOT_SUBSTITUTABLE if line.not_substitutable else GENERIC_ALLOWED,
        substitution_reason=line.not_substitutable,
        repeats=line.renewals,
        quantity=Quantity(str(line.boxes)),
        coverage=Coverage(long_term=line.long_illness),
    )


def _device(context: Context, number: int, line: model.Line, device: str) -> PrescribedDevice:
    return PrescribedDevice(
        device=Coded(text=device),
        start=f"{context.day:%Y%m%d}",
        end=f"{end_of(context.day, line):%Y%m%d}",
        repeats=line.renewals,
        quantity=line.boxes,
        posology=line.dose,
        coverage=Coverage(long_term=line.long_illness),
        identifier=context.line_id(context.document.key, number),
    )


def write(context: Context, content: model.Prescription) -> Made:
    """A prescription with its copy on paper, or the paper alone."""
    pdf = printed(context, content)
    days = max(span_of_line(line).total for line in content.lines)
    end = context.document.at + timedelta(days=days)
    if context.document.as_pdf:
        return Made(body=encoded(pdf), act_end=end)
    numbered = list(enumerate(content.lines, 1))
    body = PrescriptionBody(
        written=cda_time(context.document.at),
        pdf=pdf,
        medicines=tuple(_medicine(context, n, one, one.drug) for n, one in numbered if one.drug),
        devices=tuple(
            _device(context, n, one, one.device)
            for n, one in numbered
            if one.device and not one.drug
        ),
    )
    return Made(body=body, act_end=end)
