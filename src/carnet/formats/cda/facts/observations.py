"""Vital signs, directives, ways of life, and whatever else was observed (PCC 4.13, F.3.48 …)."""

from __future__ import annotations

from carnet.formats.cda.facts.codes import (
    ADMINISTRATIVE,
    ASSERTION,
    BIRTHS,
    CIM10,
    DELIVERIES,
    DISEASES,
    KINDS,
    PREGNANT,
)
from carnet.formats.cda.facts.common import (
    code_of,
    comment,
    concepts,
    folded,
    reason,
    rest,
    system_of,
)
from carnet.formats.cda.facts.context import (
    Collector,
    Context,
    answered_no,
    negation,
    planned,
    pointed,
)
from carnet.formats.cda.facts.elements import Element
from carnet.formats.cda.facts.results import read_result, unanswered, values_of
from carnet.formats.cda.facts.times import when
from carnet.formats.cda.facts.values import Values
from carnet.record.facts import (
    GENERAL,
    Act,
    Concept,
    Details,
    Kind,
    Problem,
    Stage,
    Value,
    Words,
)


def read_members(node: Element, context: Context, out: Collector) -> None:
    """An organizer or act that only holds others."""
    rest(
        node,
        context,
        out,
        around=when(node.every("effectiveTime")),
    )


def read_vital(node: Element, context: Context, out: Collector) -> None:
    """A vital sign."""
    observe(node, context, out, Kind.VITAL)


def read_social(node: Element, context: Context, out: Collector) -> None:
    """Tobacco, alcohol, work, way of life."""
    if code_of(node) in GENERAL and _only_asked(node, context.values):
        out.leave(node, context, "placeholder")
        return
    observe(node, context, out, Kind.OBSERVATION)


def _only_asked(node: Element, values: Values) -> bool:
    """Whether the answer is not coded and its words are those of the question (the qualifier)."""
    question = values.concept(node.first("code")).label.lower()
    return all(
        isinstance(value, Concept) and not value.codes and value.text.lower() == question
        for value in values_of(node, values) or (Concept(text=pointed(node, values)[0]),)
    )


def read_function(node: Element, context: Context, out: Collector) -> None:
    """What a person can do: walk, wash, decide; a score of it."""
    observe(node, context, out, Kind.OBSERVATION)


def read_directive(node: Element, context: Context, out: Collector) -> None:
    """An advance directive: "no" is a wish, not the negation of a fact."""
    if not node.every("value") and any(
        child.name == "observationMedia" for _, child in node.statements()
    ):
        out.leave(node, context, "attachment")
        return
    observe(node, context, out, Kind.OBSERVATION, wish=True)


def read_observation(node: Element, context: Context, out: Collector) -> None:
    """Any other observation: what it is follows from its code, its value and its section."""
    if code_of(node) in ADMINISTRATIVE:
        out.leave(node, context, "administrative")
        return
    if folded(node):
        out.leave(node, context, "attribute")
        return
    if _disease(node, context):
        _read_disease(node, context, out)
        return
    kind = _kind(node, context)
    if kind is Kind.RESULT:
        read_result(node, context, out)
    else:
        observe(node, context, out, kind)


def observe(
    node: Element, context: Context, out: Collector, kind: Kind, *, wish: bool = False
) -> None:
    """One fact for each value: ``code`` says what, ``value`` how much or which."""
    values = context.values
    if unanswered(node, values) or _unfilled(node, kind, values):
        out.leave(node, context, "placeholder")
        return
    for value in values_of(node, values) or (None,):
        out.add(
            kind,
            node,
            context,
            values.concept(node.first("code")),
            value=value,
            denied=negation(node) or (answered_no(value) and not wish),
            stage=Stage.PLANNED if planned(node) else None,
            interpretation=concepts(node, "interpretationCode", values),
            bounds=tuple(
                found
                for each in node.every("referenceRange")
                if (found := values.bounds(each)) is not None
            ),
            details=_details(node, context),
            comment=comment(node, values),
        )
    rest(node, context, out, within=kind)


def _unfilled(node: Element, kind: Kind, values: Values) -> bool:
    """Whether a question was left open; a thing that is worn is told by its code alone."""
    return kind is not Kind.DEVICE and any(map(values.unfilled, node.every("value")))


def _details(node: Element, context: Context) -> Details | None:
    site = concepts(node, "targetSiteCode", context.values)
    why = reason(node, context.values)
    return Act(site=site, reason=why) if site or why is not None else None


def _kind(node: Element, context: Context) -> Kind:
    known = KINDS.get(code_of(node))
    value = node.first("value")
    if known is not None:
        return known
    if value is not None and value.get("code") in PREGNANT:
        return Kind.PREGNANCY
    if _delivery(node) or BIRTHS.intersection(context.chain):
        return Kind.PREGNANCY
    if node.first("referenceRange") is not None or node.first("interpretationCode") is not None:
        return Kind.RESULT
    return Kind.OBSERVATION


def _disease(node: Element, context: Context) -> bool:
    """Whether it names a disease: by the code, or as what caused the problem around it."""
    if _delivery(node):
        return False
    if code_of(node) == ASSERTION or system_of(node) in DISEASES:
        return True
    caused = context.within == Kind.PROBLEM and context.link == "CAUS"
    value = node.first("value")
    return caused and value is not None and value.get("value") in ("true", "false")


def _delivery(node: Element) -> bool:
    """Whether it tells a way of giving birth, in a classification of diseases."""
    return system_of(node) == CIM10 and code_of(node)[:3] in DELIVERIES


def _read_disease(node: Element, context: Context, out: Collector) -> None:
    """The disease is the value where that names one, else the code; "false" says that it is not."""
    values = context.values
    value = node.first("value")
    answer: Value | None = values.value(value) if value is not None else None
    what = values.concept(node.first("code"))
    if isinstance(answer, Concept) and _names_disease(node, answer):
        what, answer = answer, None
    elif code_of(node) == ASSERTION:
        what = Concept(null="UNK")
    told = answer if not isinstance(answer, Words) or answer.text != "true" else None
    out.add(
        Kind.PROBLEM,
        node,
        context,
        what,
        value=told,
        denied=negation(node) or answered_no(answer),
        details=Problem(sort=values.coded(node.first("code"))),
        comment=comment(node, values),
    )
    rest(node, context, out, within=Kind.PROBLEM)


def _names_disease(node: Element, answer: Concept) -> bool:
    """Whether the value is of a classification of diseases, or all that an assertion says."""
    asserted = code_of(node) == ASSERTION
    return asserted or any(code.system in DISEASES for code in answer.codes)
