"""Vaccinations given, refused or planned (PCC 4.12, F.3.45; 4.12.2, F.3.47)."""

from __future__ import annotations

from carnet.formats.cda.facts.common import attributes, comment, reason, rest
from carnet.formats.cda.facts.context import Collector, Context, negation, planned, pointed
from carnet.formats.cda.facts.doses import dose
from carnet.formats.cda.facts.elements import Element
from carnet.formats.cda.facts.product import Product, read_product
from carnet.formats.cda.facts.templates import Family
from carnet.formats.cda.facts.values import Values
from carnet.record.facts import Concept, Immunization, Kind, Quantity, Stage


def read_vaccination(node: Element, context: Context, out: Collector) -> None:
    """One dose of one vaccine; the reactions to it are folded."""
    values = context.values
    product = read_product(node, values)
    reactions = tuple(child for link, child in node.statements() if link.get("typeCode") == "CAUS")
    supplies = tuple(child for _, child in node.statements() if child.name == "supply")
    details = _details(node, product, reactions, values)
    found = pointed(node, values)
    out.add(
        Kind.IMMUNIZATION,
        node,
        context,
        _what(node, product, values),
        stage=Stage.PLANNED if planned(node) else None,
        details=details,
        comment=comment(node, values),
        said=found if found[0] else product.said,
    )
    rest(
        node,
        context,
        out,
        taken=(*reactions, *supplies, *_reasons(node)),
        within=Kind.IMMUNIZATION,
    )


def _what(node: Element, product: Product, values: Values) -> Concept:
    if product.what.codes or product.what.text:
        return product.what
    return Concept(text=product.said[0] or pointed(node, values)[0], null=product.what.null)


def _details(
    node: Element, product: Product, reactions: tuple[Element, ...], values: Values
) -> Immunization:
    told = dose(node, values)
    amount = told.amount if told is not None else None
    known = (values.coded(each.first("value")) for each in reactions if not negation(each))
    return Immunization(
        lot=product.lot,
        rank=_rank(node),
        dose=amount if isinstance(amount, Quantity) else None,
        route=values.coded(node.first("routeCode")),
        site=values.coded(node.first("approachSiteCode")),
        reason=reason(node, values),
        expires=product.expires,
        sort=values.coded(node.first("code")),
        reactions=tuple(each for each in known if each is not None),
    )


def _rank(node: Element) -> str:
    for each in attributes(node, Family.RANK):
        value = each.first("value")
        if value is not None:
            return value.get("value")
    return ""


def _reasons(node: Element) -> tuple[Element, ...]:
    return tuple(child for link, child in node.statements() if link.get("typeCode") == "RSON")
