"""Discharge letters: a stay, what is taken on leaving, what others are asked to do."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from carnet.formats.cda.build import (
    Absence,
    Coded,
    DischargeBody,
    HospitalStay,
    Medication,
)
from carnet.formats.pdf import Table, render_letter
from carnet.population import model
from carnet.population.codes import Drug, entry
from carnet.population.systems import SNOMED
from carnet.population.writing import paper
from carnet.population.writing.context import Context, cda_time
from carnet.population.writing.french import french_date
from carnet.population.writing.made import Made
from carnet.population.writing.naming import allergies_of, medication_of
from carnet.population.writing.paper import encoded
from carnet.record.document import Code

TRANSFER = Code(SNOMED, "107724000", "transfert d'un(e) patient(e)")
"""The one mode of entry whose meaning the samples give (LDL-SES 2022.01)."""
_FROM_EMERGENCY = Coded(text="Entrée par le service des urgences")
_FROM_HOME = Coded(text="Entrée depuis le domicile")


def start_of(document: model.Document) -> datetime:
    """When the stay began."""
    return document.at - timedelta(days=document.stay)


def entry_mode(context: Context) -> Coded:
    """How the stay began, by what came just before it in the life."""
    own = context.document
    before = [one for one in context.records.before_stay(start_of(own)) if one.key != own.key]
    house = context.writer.structure.key
    for one in before:
        author = context.directory.professional(one.author)
        if one.stay and author is not None and author.structure.key != house:
            return Coded(code=TRANSFER)
    if any(one.kind == "emergency" for one in before):
        return _FROM_EMERGENCY
    return _FROM_HOME


def _treatments(context: Context, keys: tuple[str, ...]) -> tuple[model.Treatment, ...]:
    return tuple(one for one in context.life.treatments if one.key in keys)


def stopped(content: model.Discharge) -> tuple[str, ...]:
    """The keys of what was taken on admission and is no longer on leaving."""
    return tuple(key for key in content.on_admission if key not in content.on_leaving)


def _medications(context: Context, keys: tuple[str, ...]) -> tuple[Medication, ...]:
    day = context.day
    return tuple(medication_of(context.life, one, day) for one in _treatments(context, keys))


def _ended(context: Context, content: model.Discharge) -> tuple[Medication, ...]:
    """What was stopped during the stay: on its last day at the latest."""
    last = f"{context.day:%Y%m%d}"
    return tuple(
        one if one.end is not None else msgspec.structs.replace(one, end=last)
        for one in _medications(context, stopped(content))
    )


def write(context: Context, content: model.Discharge) -> Made:
    """The letter on leaving, or its paper alone."""
    document = context.document
    if document.as_pdf:
        made = paper.letter_page(context, _prose(context, content), model.Letter(text=()))
        return Made(body=encoded(render_letter(made)))
    body = DischargeBody(
        reason=content.reason,
        stay=HospitalStay(
            entry=cda_time(start_of(document)),
            exit=cda_time(document.at),
            entry_mode=entry_mode(context),
            summary="\n".join(content.course),
        ),
        treatments=_medications(context, content.on_leaving) or Absence.NONE_KNOWN,
        stopped=_ended(context, content),
        follow_up=content.follow_up,
        allergies=allergies_of(context.life, context.day) or Absence.NONE_KNOWN,
    )
    return Made(body=body)


def _prose(context: Context, content: model.Discharge) -> tuple[str | Table, ...]:
    """The same on paper: treatments in a table that says what is new."""
    document = context.document
    came, left = french_date(start_of(document).date()), french_date(context.day)
    during = f"Hospitalisation du {came} au {left}." if document.stay else f"Passage du {left}."
    rows = tuple(
        (
            entry(Drug, one.drug).name,
            one.dose,
            "inchangé" if one.key in content.on_admission else "nouveau",
        )
        for one in _treatments(context, content.on_leaving)
    )
    ended = tuple(
        f"- {entry(Drug, one.drug).name}" for one in _treatments(context, stopped(content))
    )
    allergies = tuple(f"- {one.agent.words}" for one in allergies_of(context.life, context.day))
    return (
        during,
        "# Motif d'hospitalisation",
        content.reason,
        "# Allergies",
        *(allergies or ("Aucune allergie connue.",)),
        "# Séjour",
        *content.course,
        "# Traitement à la sortie",
        *((Table(("Médicament", "Posologie", "Statut"), rows),) if rows else ("Aucun.",)),
        *(("# Traitements arrêtés", *ended) if ended else ()),
        *(("# Suite", *(f"- {one}" for one in content.follow_up)) if content.follow_up else ()),
    )
