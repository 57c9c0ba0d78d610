"""Treatments: stated, prescribed, given (PCC 4.7, F.3.42, F.3.83 …) and dispensed (F.3.204).

One line of a prescription is one fact; its partial doses (tapered, split, conditional: nested
administrations without a product of their own) are its ``doses``.
"""

from __future__ import annotations

from collections.abc import Iterator

from carnet.formats.cda.facts.codes import STOPS
from carnet.formats.cda.facts.common import attributes, code_of, comment, reason, rest
from carnet.formats.cda.facts.context import Collector, Context, negation, planned, pointed
from carnet.formats.cda.facts.doses import dose
from carnet.formats.cda.facts.elements import Element
from carnet.formats.cda.facts.product import Product, read_product
from carnet.formats.cda.facts.templates import Family
from carnet.formats.cda.facts.times import when
from carnet.formats.cda.facts.values import PLACEHOLDERS, Values, interval, quantity, ratio
from carnet.record.facts import Concept, Kind, Medication, Quantity, Stage, When, Words

STAGES: dict[str, Stage] = {
    "10160-0": Stage.CURRENT,  # treatments
    "42346-7": Stage.ADMISSION,
    "10183-2": Stage.DISCHARGE,
    "18610-6": Stage.ADMINISTERED,
    "57072-1": Stage.ADMINISTERED,  # intravenous fluids
    "55111-9": Stage.ADMINISTERED,  # an imaging act
    "73569-6": Stage.ADMINISTERED,  # its radiopharmaceuticals
    "44939-7": Stage.ADMINISTERED,  # adverse effects
    "57828-6": Stage.PRESCRIBED,
    "18776-5": Stage.PRESCRIBED,  # a plan of care
    "60590-7": Stage.DISPENSED,
}
"""The moment that a section tells of, by its LOINC code."""


def read_treatment(node: Element, context: Context, out: Collector) -> None:
    """A substanceAdministration: one line of treatment."""
    values = context.values
    product = read_product(node, values)
    parts, supplies = _parts(node), _supplies(node)
    details = _details(node, product, parts, supplies, values)
    out.add(
        Kind.MEDICATION,
        node,
        context,
        _what(node, product, values),
        moment=_moment(node, parts),
        stage=_stage(node, context, supplies),
        details=details,
        comment="\n".join(filter(None, (comment(node, values), *_why_stopped(node, values)))),
        said=_said(node, product, values),
    )
    rest(
        node,
        context,
        out,
        taken=(*parts, *supplies, *_reasons(node), *_stops(node)),
        within=Kind.MEDICATION,
    )


def read_dispensed(node: Element, context: Context, out: Collector) -> None:
    """A supply that was handed out: the product in it, its quantity, lot and dosing."""
    values = context.values
    product = read_product(node, values)
    parts = tuple(
        child for _, child in node.statements() if child.name == "substanceAdministration"
    )
    dosing = tuple(part for part in parts if code_of(part) != "PREItem")
    details = _details(node, product, dosing, (node,), values)
    what = product.what
    if not (what.codes or what.text) and product.form is not None:
        what = Concept(text=product.form.label, null=what.null)
    out.add(
        Kind.MEDICATION,
        node,
        context,
        what,
        moment=_moment(node, dosing),
        stage=Stage.PRESCRIBED if planned(node) else Stage.DISPENSED,
        details=details,
        comment=comment(node, values),
        said=_said(node, product, values),
    )
    rest(node, context, out, taken=parts, within=Kind.MEDICATION)


def _what(node: Element, product: Product, values: Values) -> Concept:
    """The product; where there is none, a code that says so, or the words for it."""
    if product.what.codes or product.what.text:
        return product.what
    if code_of(node).startswith("no-"):
        return values.concept(node.first("code"))
    words = product.said[0] or pointed(node, values)[0]
    return Concept(text=words, null=product.what.null)


def _details(
    node: Element,
    product: Product,
    parts: tuple[Element, ...],
    supplies: tuple[Element, ...],
    values: Values,
) -> Medication:
    parted = (dose(each, values, part=True) for each in parts)
    doses = tuple(each for each in (dose(node, values), *parted) if each is not None)
    return Medication(
        form=product.form,
        substances=product.substances,
        route=_first(values, "routeCode", node, *parts),
        doses=doses,
        dosage=" ; ".join(each.text for each in doses if each.text),
        quantity=_quantity(supplies),
        renewals=_renewals(node),
        lot=product.lot,
        reason=reason(node, values),
        as_needed=_as_needed(node),
        mentions=tuple(_mentions(node, values)),
        maximum=ratio(node.first("maxDoseQuantity")),
        conditions=tuple(_conditions((node, *parts), values)),
    )


def _first(values: Values, name: str, *nodes: Element) -> Concept | None:
    for node in nodes:
        found = values.coded(node.first(name))
        if found is not None:
            return found
    return None


def _parts(node: Element) -> tuple[Element, ...]:
    """Nested administrations of the same product: parts of its dosing."""
    return tuple(
        child
        for link, child in node.statements()
        if child.name == "substanceAdministration" and link.get("typeCode") in ("COMP", "")
    )


def _supplies(node: Element) -> tuple[Element, ...]:
    return tuple(child for _, child in node.statements() if child.name == "supply")


def _reasons(node: Element) -> tuple[Element, ...]:
    return tuple(
        child
        for link, child in node.statements()
        if link.get("typeCode") == "RSON" and child.name == "act"
    )


def _stops(node: Element) -> tuple[Element, ...]:
    """The nested observations that say that the treatment was stopped."""
    return tuple(
        child
        for _, child in node.statements()
        if code_of(child) in STOPS
        and not negation(child)
        and all(value.get("value") != "false" for value in child.every("value"))
    )


def _why_stopped(node: Element, values: Values) -> Iterator[str]:
    """That it was stopped and why: the code's words, those of the answer and of the narrative."""
    for stop in _stops(node):
        found = [answer for each in stop.every("value") if (answer := values.value(each))]
        told = [values.concept(stop.first("code")).label]
        told += [each.label for each in found if isinstance(each, Concept)]
        told += [each.text for each in found if isinstance(each, Words) and each.text != "true"]
        told.append(pointed(stop, values)[0])
        yield " : ".join(dict.fromkeys(filter(None, told)))


def _moment(node: Element, parts: tuple[Element, ...]) -> When:
    """Its own time; where it has none, that of the dosing inside."""
    own = when(node.every("effectiveTime"))
    if own.start or own.end or own.written:
        return own
    inner = (when(part.every("effectiveTime")) for part in parts)
    return next((each for each in inner if each.start or each.end), own)


def _stage(node: Element, context: Context, supplies: tuple[Element, ...]) -> Stage:
    if _stops(node):
        return Stage.STOPPED
    if any(not planned(supply) for supply in supplies):
        return Stage.DISPENSED
    told = (STAGES.get(code) for code in reversed(context.chain))
    stage = next((each for each in told if each is not None), None)
    if stage is Stage.ADMINISTERED and "arrêt" in context.title.lower():
        return Stage.STOPPED
    if stage is None:
        return Stage.PRESCRIBED if planned(node) else Stage.ADMINISTERED
    return stage


def _said(node: Element, product: Product, values: Values) -> tuple[str, str]:
    found = pointed(node, values)
    return found if found[0] else product.said


def _quantity(supplies: tuple[Element, ...]) -> Quantity | None:
    for supply in supplies:
        found = quantity(supply.first("quantity"))
        if found is not None:
            return found
    return None


def _renewals(node: Element) -> str:
    found = interval(node.first("repeatNumber"))
    return found.number if isinstance(found, Quantity) else ""


def _as_needed(node: Element) -> bool:
    return any(each.get("code") == "PRN" for each in node.every("priorityCode"))


def _mentions(node: Element, values: Values) -> Iterator[Concept]:
    """Substitution as told, and the questions (long illness, off label …) answered by yes."""
    for child in attributes(node, Family.SUBSTITUTION, Family.MARK):
        value = child.first("value")
        if value is not None and value.get("value") != "true":
            continue
        code = values.coded(child.first("code"))
        if code is not None:
            yield code


def _conditions(nodes: tuple[Element, ...], values: Values) -> Iterator[str]:
    """Under which conditions: in words, else the code's display and what is asked of it."""
    for node in nodes:
        for each in node.every("precondition"):
            criterion = each.first("criterion")
            if criterion is None:
                continue
            words = values.words(criterion.first("text"))[0]
            value = criterion.first("value")
            if not words:
                words = values.concept(criterion.first("code")).label
                answer = value.get("value") if value is not None else ""
                words = f"{words} : {answer}" if words and answer else words
            if words and words.lower() not in PLACEHOLDERS:
                yield words
