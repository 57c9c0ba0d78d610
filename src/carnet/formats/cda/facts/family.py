"""Diseases of relatives (PCC 4.15, F.3.59, F.3.51)."""

from __future__ import annotations

import msgspec

from carnet.formats.cda.facts.codes import AGES, DIED
from carnet.formats.cda.facts.common import code_of, comment, rest
from carnet.formats.cda.facts.context import Collector, Context
from carnet.formats.cda.facts.elements import Element
from carnet.formats.cda.facts.problems import named
from carnet.formats.cda.facts.values import quantity
from carnet.record.facts import Kind, Relative


def read_family(node: Element, context: Context, out: Collector) -> None:
    """The organizer of a relative, or one disease of that relative."""
    if node.name != "observation":
        rest(node, context, out, within=Kind.FAMILY)
        return
    told = msgspec.structs.replace(context, subject=None)
    folded = tuple(child for _, child in node.statements() if _folded(child))
    details = Relative(
        relation=context.subject,
        age=next((quantity(each.first("value")) for each in folded if code_of(each) in AGES), None),
        died_of_it=any(_died(each) for each in folded),
    )
    out.add(
        Kind.FAMILY,
        node,
        told,
        named(node, context),
        details=details,
        comment=comment(node, context.values),
    )
    rest(node, context, out, taken=folded, within=Kind.FAMILY)


def _folded(node: Element) -> bool:
    return code_of(node) in AGES or _died(node)


def _died(node: Element) -> bool:
    value = node.first("value")
    return value is not None and value.get("code") == DIED
