"""What several families read in the same way: attributes, reasons, comments, the rest."""

from __future__ import annotations

from collections.abc import Iterator

from carnet.formats.cda.facts.codes import ATTRIBUTES
from carnet.formats.cda.facts.context import Collector, Context, pointed
from carnet.formats.cda.facts.elements import Element
from carnet.formats.cda.facts.templates import FOLDED, Family, by_template
from carnet.formats.cda.facts.values import PLACEHOLDERS, Values
from carnet.record.facts import Concept


def folded(node: Element) -> bool:
    """Whether a nested statement is an attribute of the one around it."""
    return by_template(node.templates) in FOLDED or code_of(node) in ATTRIBUTES


def code_of(node: Element) -> str:
    """The code of a statement's ``code``; empty where there is none."""
    code = node.first("code")
    return code.get("code") if code is not None else ""


def system_of(node: Element) -> str:
    """The code system of a statement's ``code``."""
    code = node.first("code")
    return code.get("codeSystem") if code is not None else ""


def attributes(node: Element, *families: Family) -> Iterator[Element]:
    """The nested statements of these families."""
    for _, child in node.statements():
        if by_template(child.templates) in families:
            yield child


def attribute(node: Element, family: Family, values: Values) -> Concept | None:
    """The value of the first nested observation of a family: a severity, a status."""
    for child in attributes(node, family):
        found = values.coded(child.first("value"))
        if found is not None:
            return found
    return None


def reason(node: Element, values: Values) -> Concept | None:
    """Why: the code (or value) of what is linked as RSON."""
    for link, child in node.statements():
        if link.get("typeCode") != "RSON":
            continue
        value = child.first("value")
        found = values.coded(value) if value is not None else None
        if found is None and child.name in ("act", "observation"):
            found = values.coded(child.first("code"))
        if found is not None:
            return found
    return None


def comment(node: Element, values: Values) -> str:
    """The free words beside: nested comments and instructions, in order."""
    found = (
        pointed(child, values)[0] for child in attributes(node, Family.COMMENT, Family.INSTRUCTION)
    )
    return "\n".join(words for words in found if words and words.lower() not in PLACEHOLDERS)


def rest(
    node: Element,
    context: Context,
    out: Collector,
    *,
    taken: tuple[Element, ...] = (),
    **changes: object,
) -> None:
    """Read the nested statements that are neither attributes nor already ``taken``."""
    for link, child in node.statements():
        if child not in taken and not folded(child):
            out.read(child, context.inside(link, child, **changes), out)


def concepts(node: Element, name: str, values: Values) -> tuple[Concept, ...]:
    """All children of a name that say something."""
    found = (values.coded(each) for each in node.every(name))
    return tuple(each for each in found if each is not None)


def subject(node: Element, context: Context) -> Concept | None:
    """Of whom it is told, where that is not the patient."""
    related = node.first("subject", "relatedSubject")
    if related is None:
        return context.subject
    code = context.values.coded(related.first("code"))
    return code or Concept(null="UNK")
