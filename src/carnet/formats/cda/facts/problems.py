"""Problems: concern entries and what was observed (PCC 4.5, F.3.37, F.3.39)."""

from __future__ import annotations

from carnet.formats.cda.facts.codes import DISEASES, FINDING, TA
from carnet.formats.cda.facts.common import (
    attribute,
    code_of,
    comment,
    concepts,
    rest,
)
from carnet.formats.cda.facts.context import Collector, Context, pointed
from carnet.formats.cda.facts.elements import Element
from carnet.formats.cda.facts.templates import Family
from carnet.formats.cda.facts.times import when
from carnet.formats.cda.facts.values import PLACEHOLDERS, Values
from carnet.record.facts import Concept, Kind, Problem, Words


def read_concern(node: Element, context: Context, out: Collector) -> None:
    """An act around problems or allergies: it gives them its time and its subject."""
    rest(
        node,
        context,
        out,
        around=when(node.every("effectiveTime")),
    )


def read_problem(node: Element, context: Context, out: Collector) -> None:
    """A disease, symptom or finding: what it is stands in ``value``, its sort in ``code``."""
    values = context.values
    what, told, said = named(node, context), None, pointed(node, values)
    examined = _examined(node, values)
    if examined is not None and not what.codes:
        lost = values.lost(node.first("text"))
        words, said = (what.text, said) if what.text else (lost[0], lost)
        if words and words.lower() not in PLACEHOLDERS:
            what, told = examined, Words(words)
    observed = code_of(node) == FINDING and any(code.system == TA for code in what.codes)
    observed = observed or (examined is not None and not _disease(what))
    details = Problem(
        sort=values.coded(node.first("code")),
        severity=attribute(node, Family.SEVERITY, values),
        clinical_status=attribute(node, Family.STATUS, values)
        or attribute(node, Family.CLINICAL_STATUS, values),
        certainty=attribute(node, Family.CERTAINTY, values),
        site=concepts(node, "targetSiteCode", values),
    )
    kind = Kind.OBSERVATION if observed else Kind.PROBLEM
    out.add(
        kind,
        node,
        context,
        what,
        value=told,
        details=details,
        comment=comment(node, values),
        said=said,
    )
    rest(node, context, out, within=Kind.PROBLEM)


def _examined(node: Element, values: Values) -> Concept | None:
    """What was examined, where a finding's code is narrowed to an examination ("hearing")."""
    if code_of(node) != FINDING:
        return None
    qualifiers = values.concept(node.first("code")).qualifiers
    return Concept(codes=qualifiers) if qualifiers else None


def _disease(what: Concept) -> bool:
    return any(code.system in DISEASES for code in what.codes)


def named(node: Element, context: Context) -> Concept:
    """The value as a concept; without code or words of its own, the words it points to."""
    value = node.first("value")
    what = context.values.concept(value)
    if what.codes or what.text:
        return what
    text = value.text.strip() if value is not None else ""
    return Concept(text=text or pointed(node, context.values)[0], null=what.null)
