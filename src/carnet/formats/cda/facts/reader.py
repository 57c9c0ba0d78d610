"""Reads one statement: by its template, and where it has none that is known, by its structure."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from carnet.formats.cda.facts.allergies import read_allergy
from carnet.formats.cda.facts.common import subject
from carnet.formats.cda.facts.context import Collector, Context
from carnet.formats.cda.facts.devices import read_device, read_worn
from carnet.formats.cda.facts.elements import Element
from carnet.formats.cda.facts.family import read_family
from carnet.formats.cda.facts.observations import (
    read_directive,
    read_function,
    read_members,
    read_observation,
    read_social,
    read_vital,
)
from carnet.formats.cda.facts.pregnancy import (
    read_delivery,
    read_pregnancy,
    read_pregnancy_observation,
)
from carnet.formats.cda.facts.problems import read_concern, read_problem
from carnet.formats.cda.facts.procedures import read_procedure, read_request
from carnet.formats.cda.facts.results import (
    read_battery,
    read_chapter,
    read_isolate,
    read_result,
)
from carnet.formats.cda.facts.templates import FOLDED, SECTIONS, Family, by_template
from carnet.formats.cda.facts.treatments import read_dispensed, read_treatment
from carnet.formats.cda.facts.vaccinations import read_vaccination
from carnet.record.facts import Kind

Read = Callable[[Element, Context, Collector], None]

READERS: dict[Family, Read] = {
    Family.CONCERN: read_concern,
    Family.PROBLEM: read_problem,
    Family.ALLERGY: read_allergy,
    Family.ADVERSE_EFFECT: read_allergy,
    Family.TREATMENT: read_treatment,
    Family.DISPENSED: read_dispensed,
    Family.VACCINATION: read_vaccination,
    Family.ISOLATE: read_isolate,
    Family.BATTERY: read_battery,
    Family.RESULT: read_result,
    Family.CHAPTER: read_chapter,
    Family.VITALS: read_members,
    Family.VITAL: read_vital,
    Family.PROCEDURE: read_procedure,
    Family.PREGNANCY: read_pregnancy,
    Family.PREGNANCY_OBSERVATION: read_pregnancy_observation,
    Family.DELIVERY: read_delivery,
    Family.FAMILY: read_family,
    Family.DEVICE: read_device,
    Family.WORN: read_worn,
    Family.REQUEST: read_request,
    Family.DIRECTIVE: read_directive,
    Family.SOCIAL: read_social,
    Family.FUNCTION: read_function,
    Family.MEMBERS: read_members,
    Family.OBSERVATION: read_observation,
}

_VACCINES = frozenset({"BOOSTER", "IMMUNIZ", "INITIMMUNIZ"})
_PROBLEM_SORTS = frozenset(
    {"282291009", "55607006", "418799008", "404684003", "64572001", "409586006", "248536006"}
)
_LEFT = {
    "encounter": "administrative",
    "observationMedia": "attachment",
    "regionOfInterest": "attachment",
}


def read(node: Element, context: Context, out: Collector) -> None:
    """One statement with all that is inside; it gives facts, or says why not."""
    if node.name in _LEFT:
        out.leave(node, context, _LEFT[node.name])
        return
    if node.first("subject") is not None:
        context = msgspec.structs.replace(context, subject=subject(node, context))
    family = by_template(node.templates) or by_structure(node, context)
    reader = READERS.get(family)
    if reader is not None:
        reader(node, context, out)
    else:
        out.leave(node, context, str(family) if family not in FOLDED else _folded(family))


def _folded(family: Family) -> str:
    """Why an attribute that stands alone gives no fact."""
    alone = family in (Family.COMMENT, Family.INSTRUCTION, Family.REFERENCE)
    return str(family) if alone else "attribute"


def by_structure(node: Element, context: Context) -> Family:
    """What a statement is that carries no template known here."""
    if node.name == "substanceAdministration":
        code = node.first("code")
        vaccine = code is not None and code.get("code") in _VACCINES
        return Family.VACCINATION if vaccine else Family.TREATMENT
    if node.name == "supply":
        return Family.DEVICE if node.first("product") is None else Family.DISPENSED
    if node.name == "procedure":
        return Family.PROCEDURE
    if node.name == "organizer":
        return Family.BATTERY if node.get("classCode") == "BATTERY" else Family.MEMBERS
    if node.name == "act":
        return Family.CHAPTER
    return _observation(node, context)


def _observation(node: Element, context: Context) -> Family:
    if context.within == Kind.RESULT or context.batteries:
        return Family.RESULT
    code = node.first("code")
    if code is not None and code.get("code") in _PROBLEM_SORTS:
        return Family.PROBLEM
    told = (SECTIONS.get(code) for code in reversed(context.chain))
    return next((family for family in told if family is not None), Family.OBSERVATION)
