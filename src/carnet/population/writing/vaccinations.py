"""Vaccination notes and histories."""

from __future__ import annotations

from carnet.formats.cda.build import (
    Vaccination,
    VaccinationHistoryBody,
    VaccinationKind,
    VaccinationNoteBody,
)
from carnet.formats.pdf import Table, render_letter
from carnet.population import model
from carnet.population.codes import Vaccine, entry
from carnet.population.writing import people
from carnet.population.writing.context import Context, cda_time
from carnet.population.writing.french import short_date, spoken
from carnet.population.writing.made import Made
from carnet.population.writing.naming import vaccine_product
from carnet.population.writing.paper import encoded, page

_SEASONAL = ("GRIPPE", "COVID")
"""Lines of the calendar that come back each year: neither a first series nor a booster."""


def kind_of(given: model.Vaccination) -> VaccinationKind:
    """Where a dose stands in its scheme.

    Every dose of a first series is INITIMMUNIZ, the second too (VAC 2023.01, its two doses of
    tetanus vaccine).
    """
    if given.booster:
        return VaccinationKind.BOOSTER
    calendar = entry(Vaccine, given.vaccine).calendar
    if calendar and all(line.startswith(_SEASONAL) for line in calendar):
        return VaccinationKind.UNSPECIFIED
    return VaccinationKind.FIRST_SERIES


def _vaccination(
    context: Context, document: model.Document, given: model.Vaccination
) -> Vaccination:
    who = people.actor(context.professional(document.author))
    return Vaccination(
        time=cda_time(document.at),
        product=vaccine_product(given.vaccine, given.lot),
        author=who,
        recorded=cda_time(document.at),
        kind=kind_of(given),
        rank=given.rank,
        performer=who,
        comment=given.comment,
    )


def _printed(
    context: Context, doses: list[tuple[model.Document, model.Vaccination]], comment: str | None
) -> bytes:
    """A table of doses, the oldest first, with whoever gave them."""
    rows = tuple(
        (
            short_date(one.at.date()),
            entry(Vaccine, given.vaccine).name.split(",")[0],
            ", ".join(entry(Vaccine, given.vaccine).valences),
            f"{given.rank}{' (rappel)' if given.booster else ''}",
            given.lot,
            spoken(context.professional(one.author).name),
        )
        for one, given in doses
    )
    heads = ("Date", "Vaccin", "Maladies", "Dose", "Lot", "Vaccinateur")
    words = () if comment is None else (comment,)
    return render_letter(page(context, (Table(heads, rows), *words)))


def write_note(context: Context, content: model.Vaccination) -> Made:
    """A note of one dose."""
    document = context.document
    if document.as_pdf:
        pdf = _printed(context, [(document, content)], content.comment)
        return Made(body=encoded(pdf))
    return Made(body=VaccinationNoteBody(_vaccination(context, document, content)))


def write_history(context: Context, content: model.VaccinationHistory) -> Made:
    """All doses up to that day, the oldest first, each as its last version says it."""
    past = [
        (one, one.content)
        for one in context.records.vaccinations(context.document.at)
        if isinstance(one.content, model.Vaccination)
    ]
    if context.document.as_pdf:
        return Made(body=encoded(_printed(context, past, content.comment)))
    given = tuple(_vaccination(context, one, dose) for one, dose in past)
    return Made(body=VaccinationHistoryBody(given))
