"""The body of a document by what stands in it, and what the header must say because of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from carnet.population import model
from carnet.population.writing import (
    dispensations,
    imaging,
    laboratory,
    paper,
    photos,
    prescriptions,
    reimbursements,
    stays,
    syntheses,
    vaccinations,
)
from carnet.population.writing.context import Context
from carnet.population.writing.made import Made


def body_of(context: Context) -> Made:
    """The body of the document at hand; as a PDF alone where the life asks for that."""
    content = context.document.content
    return _WRITERS[type(content)](context, content)


def _letter(context: Context, content: model.Letter) -> Made:
    return Made(body=paper.letter_body(context, content))


def _photo(context: Context, content: model.Photo) -> Made:
    return Made(body=photos.photo_body(context, content))


_WRITERS: dict[type, Callable[[Context, Any], Made]] = {
    model.Letter: _letter,
    model.Photo: _photo,
    model.Laboratory: laboratory.write,
    model.Prescription: prescriptions.write,
    model.Dispensation: dispensations.write,
    model.Vaccination: vaccinations.write_note,
    model.VaccinationHistory: vaccinations.write_history,
    model.Synthesis: syntheses.write,
    model.Discharge: stays.write,
    model.Imaging: imaging.write,
    model.Reimbursements: reimbursements.write,
}
