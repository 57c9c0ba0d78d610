"""A document of a script, or a series of them, with their days and hours; content comes after."""

from __future__ import annotations

from datetime import date, datetime, time

import msgspec

from carnet.population.model import Document, Letter, Statement
from carnet.population.scripts.forms import DocumentForm
from carnet.population.scripts.moments import PARIS, Anchors, repeated, working_day
from carnet.population.scripts.reading import kinds

_EMPTY = Letter(text=())


class UnknownKeyError(LookupError):
    """A key that no data file and no line of the life has."""


class Unfolded(msgspec.Struct, frozen=True):
    """One document of a form: ``rank`` from 0 within its series. Its content is still empty."""

    document: Document
    form: DocumentForm
    rank: int


def unfold(form: DocumentForm, patient: str, anchors: Anchors, today: date) -> list[Unfolded]:
    """The documents of a form. A series ends today at the latest.

    Raises ``ImpossibleDateError`` and ``UnknownKeyError``.
    """
    kind = kinds().get(form.kind)
    if kind is None:
        raise UnknownKeyError(f"“{form.kind}” is no kind of document")
    made = []
    moments = repeated(anchors, form.at, form.every, form.times, _hour(form.key))
    for rank, meant in enumerate(moments):
        at = meant if kind.weekend or form.any_day else _at_work(meant)
        if at.date() > today and form.times > 1:
            break
        made.append(Unfolded(_document(form, patient, anchors, at, rank), form, rank))
    return made


def _at_work(at: datetime) -> datetime:
    return datetime.combine(working_day(at.date()), at.time(), tzinfo=PARIS)


def _document(
    form: DocumentForm, patient: str, anchors: Anchors, at: datetime, rank: int
) -> Document:
    kind = kinds()[form.kind]
    return Document(
        key=form.key if form.times == 1 else f"{form.key}-{rank + 1}",
        kind=form.kind,
        author=patient if form.by == "self" else form.by,
        at=at,
        title=form.title or kind.title or form.kind,
        content=_EMPTY,
        episode=form.episode,
        style=form.style or kind.style,
        to=form.to,
        ordered_by=form.ordered_by,
        stay=form.stay,
        replaces=form.replaces,
        copy_of=form.copy_of,
        sender=form.sender,
        visibility=form.visibility,
        hidden=None if form.hidden is None else anchors.moment(form.hidden),
        announced=None if form.announced is None else anchors.moment(form.announced),
        as_pdf=form.as_pdf,
        states=Statement(
            problems=form.states.problems,
            allergies=form.states.allergies,
            treatments=form.states.treatments,
        ),
    )


def _hour(key: str) -> time:
    """An hour of the working day that follows from the key: a life has few at the same minute."""
    minutes = 8 * 60 + 30 + sum(key.encode()) * 7 % 108 * 5
    return time(minutes // 60, minutes % 60)
