"""Laboratory results (IHE PaLM XD-LAB, F.3.21, F.3.78 to F.3.80): chapters, batteries, isolates."""

from __future__ import annotations

import msgspec

from carnet.formats.cda.facts.codes import IMAGING
from carnet.formats.cda.facts.common import code_of, comment, concepts, rest
from carnet.formats.cda.facts.context import (
    Collector,
    Context,
    negation,
)
from carnet.formats.cda.facts.elements import Element
from carnet.formats.cda.facts.times import when
from carnet.formats.cda.facts.values import Values, written_quantity
from carnet.record.facts import Act, Analysis, Concept, Kind, Value, Words


def read_chapter(node: Element, context: Context, out: Collector) -> None:
    """The act of a chapter: who did it and, where there is one sampling only, on what."""
    samples = [
        found
        for _, child in node.statements()
        if child.name == "procedure" and (found := _sampled(child, context.values)) is not None
    ]
    rest(
        node,
        context,
        out,
        laboratory=laboratory(node) or context.laboratory,
        specimen=samples[0] if len(samples) == 1 else context.specimen,
    )


def read_battery(node: Element, context: Context, out: Collector) -> None:
    """An organizer of results that belong together; it is no fact itself."""
    code = context.values.coded(node.first("code"))
    batteries = context.batteries if code is None else (*context.batteries, code)
    rest(
        node,
        context,
        out,
        batteries=batteries,
        laboratory=laboratory(node) or context.laboratory,
        specimen=specimen(node, context.values) or context.specimen,
        around=when(node.every("effectiveTime")),
    )


def read_isolate(node: Element, context: Context, out: Collector) -> None:
    """A germ that was found: a fact, and what its members are about."""
    germ = context.values.coded(
        node.first("specimen", "specimenRole", "specimenPlayingEntity", "code")
    )
    if germ is not None:
        out.add(
            Kind.RESULT,
            node,
            context,
            context.values.concept(node.first("code")),
            value=germ,
            details=msgspec.structs.replace(_analysis(node, context), isolate=germ),
            said=_said(node, context.values),
        )
    rest(
        node,
        context,
        out,
        isolate=germ,
        laboratory=laboratory(node) or context.laboratory,
        around=when(node.every("effectiveTime")),
    )


def read_result(node: Element, context: Context, out: Collector) -> None:
    """One analysis; an imaging act among a synthesis' results is an act."""
    values = context.values
    if unanswered(node, values):
        out.leave(node, context, "placeholder")
        return
    imaging = any(code.code == IMAGING for each in context.batteries for code in each.codes)
    kind = Kind.PROCEDURE if imaging else Kind.RESULT
    for value in values_of(node, values) or (None,):
        out.add(
            kind,
            node,
            context,
            values.concept(node.first("code")),
            value=_result(value) if kind is Kind.RESULT else value,
            denied=negation(node),
            bounds=tuple(
                found
                for each in node.every("referenceRange")
                if (found := values.bounds(each)) is not None
            ),
            interpretation=concepts(node, "interpretationCode", values),
            details=_analysis(node, context) if kind is Kind.RESULT else Act(),
            comment=comment(node, values),
        )
    rest(node, context, out, within=Kind.RESULT)


def values_of(node: Element, values: Values) -> tuple[Value, ...]:
    """The values of an observation that say something: mostly one."""
    found = (values.value(each) for each in node.every("value"))
    return tuple(each for each in found if each is not None)


def unanswered(node: Element, values: Values) -> bool:
    """Whether the answer is nothing but the words that a model holds its place with."""
    given = node.every("value")
    return bool(given) and all(values.placeholder(each) for each in given)


def _result(value: Value | None) -> Value | None:
    """A number that is written as text ("<1.0 mg/L") is that number."""
    return (written_quantity(value.text) or value) if isinstance(value, Words) else value


def _analysis(node: Element, context: Context) -> Analysis:
    values = context.values
    return Analysis(
        batteries=context.batteries,
        specimen=specimen(node, values) or context.specimen,
        isolate=context.isolate,
        method=values.coded(node.first("methodCode")),
        laboratory=laboratory(node) or context.laboratory,
    )


def specimen(node: Element, values: Values) -> Concept | None:
    """What was analysed; a germ (class MIC) is no specimen in this sense."""
    entity = node.first("specimen", "specimenRole", "specimenPlayingEntity")
    if entity is None or entity.get("classCode") == "MIC":
        return None
    return values.coded(entity.first("code"))


def laboratory(node: Element) -> str:
    """The name of the organization that performed it."""
    name = node.first("performer", "assignedEntity", "representedOrganization", "name")
    return " ".join(name.text.split()) if name is not None else ""


def _sampled(node: Element, values: Values) -> Concept | None:
    """What a sampling took, where it is one."""
    if not code_of(node):
        return None
    entity = node.first("participant", "participantRole", "playingEntity", "code")
    return values.coded(entity)


def _said(node: Element, values: Values) -> tuple[str, str]:
    code = node.first("specimen", "specimenRole", "specimenPlayingEntity", "code")
    return values.words(code.first("originalText")) if code is not None else ("", "")
