"""Dispensations: what a pharmacy gave, each line with the line of the prescription it answers."""

from __future__ import annotations

from carnet.formats.cda.build import DispensationBody, Dispensed, Quantity
from carnet.formats.pdf import Table, render_letter
from carnet.population import model
from carnet.population.codes import Drug, entry
from carnet.population.stating import answered
from carnet.population.writing import people
from carnet.population.writing.context import Context, cda_time, oid_of
from carnet.population.writing.french import short_date, spoken
from carnet.population.writing.made import Made
from carnet.population.writing.naming import product_of
from carnet.population.writing.paper import encoded, page
from carnet.population.writing.prescriptions import name_of, sentence_of
from carnet.record.identity import Identifier


def _ordered(context: Context, content: model.Dispensation) -> model.Document:
    """The prescription that was answered. Raises LookupError, which the rules of lives prevent."""
    ordered = context.records.document(content.prescription)
    if ordered is None or not isinstance(ordered.content, model.Prescription):
        raise LookupError(f"“{content.prescription}” is no prescription")
    return ordered


def _lines_of(ordered: model.Document) -> tuple[model.Line, ...]:
    return ordered.content.lines if isinstance(ordered.content, model.Prescription) else ()


def _ticket(context: Context, content: model.Dispensation, ordered: model.Document) -> bytes:
    prescriber = spoken(context.professional(ordered.author).name)
    given = Table(
        ("Produit", "Qté"),
        tuple((name_of(line).upper(), str(line.boxes)) for line in content.lines),
    )
    doses = tuple(
        f"- {_short(line)} : {line.dose}" for line in content.lines if line.drug and line.dose
    )
    covered = any(line.long_illness for line in content.lines)
    fields = (
        ("Prescripteur", prescriber),
        ("Ordonnance du", short_date(ordered.at.date())),
        ("Lignes", str(len(content.lines))),
    )
    body = (given, *doses, *(("**Prise en charge ALD 100 %**",) if covered else ()))
    return render_letter(page(context, body, fields=fields))


def _short(line: model.Line) -> str:
    """The substance, as a pharmacist writes it on the box."""
    return entry(Drug, line.drug).substance.capitalize() if line.drug else ""


def write(context: Context, content: model.Dispensation) -> Made:
    """What the pharmacy gave of the medicines, with its ticket, or the ticket alone.

    Devices stand on the ticket: the specification's entry is for medicines.
    """
    ordered = _ordered(context, content)
    pdf = _ticket(context, content, ordered)
    uid = oid_of(context.name_of(ordered.key))
    medicines = tuple(line for line in content.lines if line.drug)
    if context.document.as_pdf or not medicines:
        return Made(body=encoded(pdf), orders=(Identifier(uid),))
    prescriber = people.actor(context.professional(ordered.author))
    numbers = answered(_lines_of(ordered), content.lines)
    items = tuple(
        Dispensed(
            item=context.line_id(ordered.key, number),
            product=product_of(line.drug or ""),
            quantity=Quantity(str(line.boxes)),
            prescribed=sentence_of(line),
            posology=line.dose,
            prescriber=prescriber,
            prescribed_at=cda_time(ordered.at),
        )
        for line, number in zip(content.lines, numbers, strict=True)
        if line.drug
    )
    return Made(
        body=DispensationBody(items=items, prescription=uid, pdf=pdf),
        orders=(Identifier(uid),),
    )
