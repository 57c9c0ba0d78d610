"""Allergies and intolerances (PCC 4.6, F.3.41) and adverse effects of treatments (F.3.210)."""

from __future__ import annotations

from carnet.formats.cda.facts.common import attribute, comment, rest
from carnet.formats.cda.facts.context import Collector, Context, negation
from carnet.formats.cda.facts.elements import Element
from carnet.formats.cda.facts.product import read_product
from carnet.formats.cda.facts.templates import Family
from carnet.formats.cda.facts.values import Values
from carnet.record.facts import Allergy, Concept, Kind

_REACTIONS = frozenset({"MFST", "CAUS"})


def read_allergy(node: Element, context: Context, out: Collector) -> None:
    """What against: the substance that takes part, else the value; reactions are folded."""
    values = context.values
    agent = _substance(node, values) or _medication(node, values)
    value = values.coded(node.first("value"))
    reactions = _reactions(node)
    known = tuple(
        concept
        for each in reactions
        if not negation(each) and (concept := values.coded(each.first("value"))) is not None
    )
    details = Allergy(
        sort=values.coded(node.first("code")),
        reactions=known,
        severity=_severity(node, reactions, values),
        clinical_status=attribute(node, Family.STATUS, values),
        certainty=attribute(node, Family.CERTAINTY, values),
        criticality=attribute(node, Family.CRITICALITY, values),
    )
    out.add(
        Kind.ALLERGY,
        node,
        context,
        agent or value or values.concept(node.first("value")),
        value=value if agent is not None and value is not None and value.codes else None,
        details=details,
        comment=comment(node, values),
    )
    rest(node, context, out, taken=reactions, within=Kind.ALLERGY)


def _substance(node: Element, values: Values) -> Concept | None:
    for participant in node.every("participant"):
        entity = participant.first("participantRole", "playingEntity")
        if entity is None:
            continue
        code = values.coded(entity.first("code"))
        name = values.words(entity.first("name"))[0]
        if code is not None:
            return code
        if name:
            return Concept(text=name)
    return None


def _medication(node: Element, values: Values) -> Concept | None:
    """The treatment inside an adverse effect."""
    for _, child in node.statements():
        if child.name == "substanceAdministration":
            return read_product(child, values).what
    return None


def _reactions(node: Element) -> tuple[Element, ...]:
    return tuple(
        child
        for link, child in node.statements()
        if link.get("typeCode") in _REACTIONS and child.name == "observation"
    )


def _severity(node: Element, reactions: tuple[Element, ...], values: Values) -> Concept | None:
    for each in (node, *reactions):
        found = attribute(each, Family.SEVERITY, values)
        if found is not None:
            return found
    return None
