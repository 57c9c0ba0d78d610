"""Elements of an entry, with the bytes that they stand in: plain, small, quick to build."""

from __future__ import annotations

from collections.abc import Iterator

ACTS = frozenset(
    {
        "act",
        "encounter",
        "observation",
        "observationMedia",
        "organizer",
        "procedure",
        "regionOfInterest",
        "substanceAdministration",
        "supply",
    }
)
"""Clinical statements (HL7 CDA R2 §4.3.6): what may stand in an entry, and inside one another."""
LINKS = frozenset({"entryRelationship", "component"})
"""Elements that lead from a statement to another one."""


class Element:
    """One element: local name, attributes, children, text.

    ``begin``, ``end`` (bytes in the document) and ``number`` (among its equals, from 1) are kept
    of statements and of what leads to them; ``templates`` are the roots of the templateIds.
    ``text`` is the character data of elements that hold words.
    """

    __slots__ = ("attributes", "begin", "children", "end", "name", "number", "templates", "text")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[Element] | tuple[Element, ...] = ()
        self.text = ""
        self.begin = 0
        self.end = 0
        self.number = 1
        self.templates: tuple[str, ...] = ()

    def add(self, child: Element) -> None:
        """Append a child; the list is made with the first, since most elements have none."""
        if isinstance(self.children, list):
            self.children.append(child)
        else:
            self.children = [child]

    def first(self, *names: str) -> Element | None:
        """The first child of the first name, its first child of the second, and so on."""
        node = self
        for name in names:
            for child in node.children:
                if child.name == name:
                    node = child
                    break
            else:
                return None
        return node

    def every(self, name: str) -> list[Element]:
        """All children of that name, in order."""
        return [child for child in self.children if child.name == name]

    def get(self, name: str) -> str:
        """An attribute without surrounding blanks; empty where absent."""
        return self.attributes.get(name, "").strip()

    def statements(self) -> Iterator[tuple[Element, Element]]:
        """The statements right inside: each link and the statement that it leads to."""
        for link in self.children:
            if link.name in LINKS:
                for child in link.children:
                    if child.name in ACTS:
                        yield link, child
