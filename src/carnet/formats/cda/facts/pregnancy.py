"""Pregnancies and births (PCC 4.13.5, F.3.53, F.3.55, F.3.56)."""

from __future__ import annotations

from carnet.formats.cda.facts.codes import ADMINISTRATIVE, DISEASES, KINDS
from carnet.formats.cda.facts.common import code_of, comment, rest, system_of
from carnet.formats.cda.facts.context import Collector, Context
from carnet.formats.cda.facts.elements import Element
from carnet.formats.cda.facts.observations import observe, read_observation
from carnet.formats.cda.facts.times import when
from carnet.record.facts import Code, Concept, Kind, Value, When, Words

HL7 = "urn:hl7-org:v3"
"""Stands as the system of what is told by an element of its own instead of an observation."""


def read_pregnancy(node: Element, context: Context, out: Collector) -> None:
    """A pregnancy as a whole: its dates stand nowhere else, hence a fact of its own."""
    around = when(node.every("effectiveTime"))
    if around.start or around.end:
        out.add(
            Kind.PREGNANCY,
            node,
            context,
            context.values.concept(node.first("code")),
            moment=around,
            comment=comment(node, context.values),
        )
    rest(node, context, out, around=around, within=Kind.PREGNANCY)


def read_delivery(node: Element, context: Context, out: Collector) -> None:
    """A child of a pregnancy: its sex and birth, then what is told of it."""
    child = node.first("subject", "relatedSubject", "subject")
    for element, value in _told(child, context) if child is not None else ():
        out.add(
            Kind.PREGNANCY,
            node,
            context,
            Concept(codes=(Code(HL7, element),)),
            value=value,
            moment=When(),
            said=("", ""),
        )
    rest(node, context, out, within=Kind.PREGNANCY, around=when(node.every("effectiveTime")))


def read_pregnancy_observation(node: Element, context: Context, out: Collector) -> None:
    """One observation of a pregnancy, unless its code says that it is something else.

    A disease is a problem, a weight a vital sign, a serology a result.
    """
    code = code_of(node)
    if system_of(node) in DISEASES or code in KINDS or code in ADMINISTRATIVE:
        read_observation(node, context, out)
    else:
        observe(node, context, out, Kind.PREGNANCY)


def _told(child: Element, context: Context) -> tuple[tuple[str, Value], ...]:
    """What the subject's own elements tell, each under its name in HL7 v3."""
    told: list[tuple[str, Value]] = []
    sex = context.values.coded(child.first("administrativeGenderCode"))
    if sex is not None:
        told.append(("administrativeGenderCode", sex))
    born = child.first("birthTime")
    if born is not None and born.get("value"):
        told.append(("birthTime", Words(born.get("value"))))
    return tuple(told)
