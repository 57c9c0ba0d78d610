"""Syntheses (VSM): the problems, allergies and treatments of a life as they stand that day."""

from __future__ import annotations

from carnet.formats.cda.build import Absence, Allergy, Medication, Problem, SynthesisBody
from carnet.formats.pdf import Table, render_letter
from carnet.population import model
from carnet.population.saying import summed_up
from carnet.population.writing.context import Context
from carnet.population.writing.french import french_month
from carnet.population.writing.made import Made
from carnet.population.writing.naming import allergies_of, medication_of, problem_of
from carnet.population.writing.paper import encoded, page


def _is_over(one: model.Problem, context: Context) -> bool:
    return one.end is not None and one.end <= context.day


def _stated(one: model.Problem, *, over: bool) -> Problem:
    """A problem; nobody knows on that day when one that is open will end."""
    end = one.end if over else None
    return Problem(
        what=problem_of(one),
        since=f"{one.onset:%Y%m%d}",
        until=None if end is None else f"{end:%Y%m%d}",
    )


def _own(context: Context) -> list[model.Problem]:
    known = summed_up(context.life, context.document)
    return [one for one in known if one.family_of is None]


def _family(context: Context) -> tuple[str, ...]:
    """What relatives had: sentences among the risks, as the synthesis has no section for it."""
    return tuple(
        f"Antécédent familial : {one.label} ({one.family_of})"
        for one in summed_up(context.life, context.document)
        if one.family_of is not None
    )


def write(context: Context, content: model.Synthesis) -> Made:
    """The summary of the day, or its paper alone."""
    life, day = context.life, context.day
    own = _own(context)
    present = tuple(_stated(one, over=False) for one in own if not _is_over(one, context))
    past = tuple(_stated(one, over=True) for one in own if _is_over(one, context))
    allergies = allergies_of(life, day)
    taken = tuple(medication_of(life, one, day) for one in life.taken(day))
    risks = (*content.risks, *_family(context))
    if context.document.as_pdf:
        pdf = _printed(context, own, allergies, taken, risks, content.comment)
        return Made(body=encoded(pdf), act_start=context.document.at)
    body = SynthesisBody(
        problems=present or Absence.NONE_KNOWN,
        history=past or Absence.NONE_KNOWN,
        allergies=allergies or Absence.NONE_KNOWN,
        risks=risks,
        vigilance=() if content.comment is None else (content.comment,),
        treatments=taken or Absence.NONE_KNOWN,
    )
    return Made(body=body, act_start=context.document.at)


def _printed(
    context: Context,
    own: list[model.Problem],
    allergies: tuple[Allergy, ...],
    taken: tuple[Medication, ...],
    risks: tuple[str, ...],
    comment: str | None,
) -> bytes:
    present = [f"- {o.label} ({french_month(o.onset)})" for o in own if not _is_over(o, context)]
    past = [f"- {o.label} ({french_month(o.onset)})" for o in own if _is_over(o, context)]
    doses = tuple((one.product.name, one.posology) for one in taken)
    body = (
        "# Pathologies en cours",
        *(present or ("Aucune.",)),
        "# Antécédents",
        *(past or ("Aucun.",)),
        "# Allergies et intolérances",
        *([f"- {one.agent.words}" for one in allergies] or ("Aucune connue.",)),
        "# Facteurs de risque",
        *([f"- {one}" for one in risks] or ("Aucun.",)),
        "# Traitements au long cours",
        *((Table(("Médicament", "Posologie"), doses),) if doses else ("Aucun.",)),
        *(("# Points de vigilance", comment) if comment else ()),
    )
    return render_letter(page(context, body))
