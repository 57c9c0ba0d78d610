"""Acts done or planned (PCC 4.19, F.3.62, DICOM part 20) and what is asked for (F.3.27)."""

from __future__ import annotations

from carnet.formats.cda.facts.codes import HEADINGS, PLAN_OF_CARE
from carnet.formats.cda.facts.common import code_of, comment, concepts, reason, rest
from carnet.formats.cda.facts.context import Collector, Context, planned, pointed, status
from carnet.formats.cda.facts.elements import Element
from carnet.formats.cda.facts.observations import observe
from carnet.formats.cda.facts.results import values_of
from carnet.record.facts import Act, Concept, Kind, Stage


def read_procedure(node: Element, context: Context, out: Collector) -> None:
    """An act: its code says which."""
    values = context.values
    if code_of(node) in HEADINGS:
        out.leave(node, context, "heading")
        return
    what = values.concept(node.first("code"))
    if not (what.codes or what.text):
        what = Concept(text=pointed(node, values)[0], null=what.null)
    out.add(
        Kind.PROCEDURE,
        node,
        context,
        what,
        stage=Stage.PLANNED if planned(node) or _still_planned(node, context) else None,
        details=Act(
            site=concepts(node, "targetSiteCode", values),
            approach=concepts(node, "approachSiteCode", values),
            reason=reason(node, values),
            identifiers=_devices(node),
        ),
        comment=comment(node, values),
    )
    rest(node, context, out, within=Kind.PROCEDURE)


def read_request(node: Element, context: Context, out: Collector) -> None:
    """What is asked for or aimed at: an act, or a goal where a value is to be reached."""
    values = context.values
    found = values_of(node, values)
    if node.get("moodCode") == "GOL" and found:
        observe(node, context, out, Kind.OBSERVATION)
        return
    what = values.concept(node.first("code"))
    if not (what.codes or what.text):
        what = Concept(text=pointed(node, values)[0], null=what.null)
    for value in found or (None,):
        out.add(
            Kind.PROCEDURE,
            node,
            context,
            what,
            value=value,
            stage=Stage.PLANNED,
            details=Act(site=concepts(node, "targetSiteCode", values), reason=reason(node, values)),
            comment=comment(node, values),
        )
    rest(node, context, out, within=Kind.PROCEDURE)


def _still_planned(node: Element, context: Context) -> bool:
    """Whether it stands in a plan of care and is not yet completed."""
    return context.section == PLAN_OF_CARE and status(node) in ("active", "new")


def _devices(node: Element) -> tuple[str, ...]:
    """Identifiers of the devices that took part."""
    found = []
    for each in node.every("participant"):
        identifier = each.first("participantRole", "id")
        if each.get("typeCode") == "DEV" and identifier is not None:
            root, extension = identifier.get("root"), identifier.get("extension")
            if root or extension:
                found.append(f"{root}^{extension}" if extension else root)
    return tuple(found)
