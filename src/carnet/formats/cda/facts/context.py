"""What stands around an entry, and where its facts go."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from carnet.formats.cda.facts.codes import OTHER
from carnet.formats.cda.facts.contradictions import contradictions
from carnet.formats.cda.facts.elements import Element
from carnet.formats.cda.facts.times import when
from carnet.formats.cda.facts.values import FILLERS, PLACEHOLDERS, Values
from carnet.record.facts import (
    Bounds,
    Concept,
    Details,
    Fact,
    Kind,
    Place,
    Stage,
    Unread,
    Value,
    When,
    Words,
)

MAXIMUM = 20_000
"""Facts kept of one document; as many entries without a fact."""
PLANNED_MOODS = frozenset({"ARQ", "GOL", "INT", "PRMS", "PRP", "RQO"})
"""moodCodes of what is intended, promised, proposed or asked for (HL7 ActMood)."""
DENIALS = frozenset({"false", "non", "aucun", "aucune", "aucuns", "aucunes", "néant"})
"""Whole answers that deny what is asked about: the truth value, and the words for it."""
ABSENCES = "no-known-"
"""How codes of the international patient summary begin that say that there is none."""


class Context(msgspec.Struct, frozen=True):
    """Around a statement: its section, what it belongs to, of whom it is told.

    ``chain`` are the sections' codes, outermost first; ``within`` is the kind that it is nested in
    and ``link`` the typeCode of what leads to it.
    """

    values: Values
    section: str
    title: str
    chain: tuple[str, ...]
    path: str
    subject: Concept | None = None
    around: When = When()
    batteries: tuple[Concept, ...] = ()
    specimen: Concept | None = None
    isolate: Concept | None = None
    laboratory: str = ""
    within: str = ""
    link: str = ""

    def inside(self, link: Element, child: Element, **changes: object) -> Context:
        """For a statement inside this one."""
        path = f"{self.path}/{link.name}[{link.number}]/{child.name}[{child.number}]"
        return msgspec.structs.replace(self, path=path, link=link.get("typeCode"), **changes)


class Collector:
    """Takes facts and unread entries; ``read`` reads one statement into it."""

    def __init__(self, read: Callable[[Element, Context, Collector], None]) -> None:
        self.read = read
        self.facts: list[Fact] = []
        self.unread: list[Unread] = []
        self.cut = False

    def leave(self, node: Element, context: Context, reason: str) -> None:
        """Note an entry that gives no fact. ``reason``: see ``docs/facts.md``."""
        if len(self.unread) >= MAXIMUM:
            self.cut = True
            return
        template = node.templates[-1] if node.templates else ""
        self.unread.append(Unread(place(node, context), template, reason))

    def add(
        self,
        kind: Kind,
        node: Element,
        context: Context,
        what: Concept,
        *,
        value: Value | None = None,
        moment: When | None = None,
        denied: bool | None = None,
        stage: Stage | None = None,
        bounds: tuple[Bounds, ...] = (),
        interpretation: tuple[Concept, ...] = (),
        details: Details | None = None,
        comment: str = "",
        said: tuple[str, str] | None = None,
    ) -> None:
        """Keep a fact, unless it names nothing (``nothing-said``, ``placeholder`` …)."""
        where = place(node, context, said)
        reason = _empty(what, value, where.said)
        if reason:
            self.leave(node, context, reason)
            return
        if len(self.facts) >= MAXIMUM:
            self.cut = True
            return
        if not what.label and where.said and (what.codes or what.null):
            what = msgspec.structs.replace(what, text=where.said)
        own = moment if moment is not None else when(node.every("effectiveTime"))
        fact = Fact(
            number=len(self.facts),
            kind=kind,
            what=what,
            place=where,
            when=own,
            value=value,
            status=status(node),
            negated=_negated(node, what) if denied is None else denied,
            stage=stage,
            bounds=bounds,
            interpretation=interpretation,
            details=details,
            comment=comment,
            ids=identifiers(node),
            subject=context.subject,
            around=context.around if not (own.start or own.end) else When(),
        )
        row = context.values.row(fact.place.said_id) if not context.within else ""
        self.facts.append(msgspec.structs.replace(fact, contradicts=contradictions(fact, row)))


def place(node: Element, context: Context, said: tuple[str, str] | None = None) -> Place:
    """Where a statement stands, with the words that it points to."""
    words, identifier = said if said is not None else pointed(node, context.values)
    return Place(
        context.section, context.title, context.path, node.begin, node.end, words, identifier
    )


def pointed(node: Element, values: Values) -> tuple[str, str]:
    """The words a statement points to: by its text, else by the words of its code or value."""
    found = values.words(node.first("text"))
    for name in ("code", "value"):
        if found[0]:
            break
        holder = node.first(name)
        found = values.words(holder.first("originalText")) if holder is not None else found
    return found


def status(node: Element) -> str:
    """The statusCode of a statement."""
    found = node.first("statusCode")
    return found.get("code") if found is not None else ""


def identifiers(node: Element) -> tuple[str, ...]:
    """The statement's own identifiers, ``root^extension`` or the root alone."""
    found = []
    for each in node.every("id"):
        root, extension = each.get("root"), each.get("extension")
        if root:
            found.append(f"{root}^{extension}" if extension else root)
    return tuple(found)


def negation(node: Element) -> bool:
    """Whether negationInd says that it is not so."""
    return node.get("negationInd") == "true"


def answered_no(value: Value | None) -> bool:
    """Whether a question is answered with false, or with nothing but a word for "none"."""
    return isinstance(value, Words) and value.text.strip(" .").lower() in DENIALS


def planned(node: Element) -> bool:
    """Whether it is not done but intended or asked for."""
    return node.get("moodCode") in PLANNED_MOODS


def _negated(node: Element, what: Concept) -> bool:
    return negation(node) or any(code.code.startswith(ABSENCES) for code in what.codes)


def _empty(what: Concept, value: Value | None, said: str) -> str:
    """Why a statement says nothing; empty where it does say something."""
    if value is None and len(what.codes) == 1 and what.codes[0].code.startswith(OTHER):
        unfilled = said.lower() in FILLERS or (said.startswith("[") and said.endswith("]"))
        return "placeholder" if unfilled and not what.qualifiers else ""
    if any(code.code.startswith("no-") and code.code.endswith("-info") for code in what.codes):
        return "no-information"
    if what.codes or what.qualifiers or value is not None:
        return ""
    if what.text.lower() in PLACEHOLDERS:
        return "placeholder"
    return "" if what.text else "nothing-said"
