"""Small parts of a CDA header: identifiers, codes, names, organizations, times, people."""

from __future__ import annotations

import msgspec

from carnet.formats.cda.times import fhir_date_time
from carnet.formats.cda.tree import Node
from carnet.formats.identifiers import normalise_root
from carnet.record.document import Code, Organization, Person
from carnet.record.errors import CarnetError, Notice
from carnet.record.identity import OID_STRUCTURE, Identifier, Name


class Interval(msgspec.Struct, frozen=True):
    """Two FHIR dateTimes, either of which may be absent."""

    start: str | None = None
    stop: str | None = None


class Times:
    """Reads times; one that nothing depends on and that is no time becomes a notice."""

    def __init__(self) -> None:
        self.notices: list[Notice] = []

    def needed(self, node: Node | None, path: str) -> str | None:
        """A time that metadata is made of. Raises ``CarnetError('cda-time-malformed', path)``."""
        value = node.attribute("value") if node is not None else None
        return fhir_date_time(value, path) if value is not None else None

    def optional(self, node: Node | None, path: str) -> str | None:
        """Any other time: None with the notice ``cda-time-ignored`` where it is malformed."""
        try:
            return self.needed(node, path)
        except CarnetError:
            self.notices.append(Notice("cda-time-ignored", path))
            return None

    def interval(self, node: Node | None, path: str, *, needed: bool = False) -> Interval:
        """``low`` and ``high``, or ``value`` alone, which is then the start."""
        if node is None:
            return Interval()
        read = self.needed if needed else self.optional
        low = node.first("low")
        start = read(low, f"{path}/low") if low is not None else read(node, path)
        return Interval(start, read(node.first("high"), f"{path}/high"))


def identifier(node: Node | None) -> Identifier | None:
    """An II: root (a UUID in lower case) and extension; None for an absent or null one."""
    root = node.attribute("root") if node is not None else None
    if node is None or root is None or "nullFlavor" in node.attributes:
        return None
    if "." not in root or ":" in root:  # no plain OID: the common case needs no look
        root = normalise_root(root)
    return Identifier(root, node.attribute("extension") or "")


def identifiers(nodes: list[Node]) -> tuple[Identifier, ...]:
    """All identifiers that are not null."""
    found = (identifier(node) for node in nodes)
    return tuple(each for each in found if each is not None)


def code(node: Node | None) -> Code | None:
    """A CE or CD with code and codeSystem; None where either is missing."""
    if node is None:
        return None
    value, system = node.attribute("code"), node.attribute("codeSystem")
    if value is None or system is None:
        return None
    return Code(system, value, node.attribute("displayName"))


def plain_code(node: Node | None) -> str | None:
    """The code of a CS, whose system is fixed by its place."""
    return node.attribute("code") if node is not None else None


def name(node: Node | None) -> Name | None:
    """A PN of somebody who is not the patient; a name without parts is taken as family name."""
    if node is None:
        return None
    given = " ".join(filter(None, (part.words() for part in node.every("given")))) or None
    family = _words(node.first("family"))
    if family is None and given is None:
        family = node.words()
    if family is None and given is None:
        return None
    return Name(family, given, _words(node.first("prefix")), _words(node.first("suffix")))


def organization(node: Node | None) -> Organization | None:
    """An organization: its identifier as a structure if it has one, else its first."""
    if node is None:
        return None
    known = identifiers(node.every("id"))
    structure = next((each for each in known if each.root == OID_STRUCTURE), None)
    label = _words(node.first("name"))
    if not known and label is None:
        return None
    return Organization(structure or (known[0] if known else None), label)


def person(entity: Node) -> Person:
    """An assignedEntity: identifier, name, organization."""
    return Person(
        identifier(entity.first("id")),
        name(entity.first("assignedPerson", "name")),
        organization(entity.first("representedOrganization")),
    )


def version_number(node: Node | None, path: str) -> int | None:
    """versionNumber: from 1, at most nine digits. Raises ``cda-version-malformed``."""
    value = node.attribute("value") if node is not None else None
    if value is None:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= 9 and int(value)):
        raise CarnetError("cda-version-malformed", path)
    return int(value)


def _words(node: Node | None) -> str | None:
    return node.words() if node is not None else None
