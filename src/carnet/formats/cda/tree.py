"""The few nodes of a CDA header that are kept in memory: plain, small, quick to build."""

from __future__ import annotations

HL7 = "urn:hl7-org:v3"


class Node:
    """One element: local name (``namespace local`` outside HL7 v3), attributes, children, text.

    ``text`` is the character data before the first child: a header has no mixed content.
    """

    __slots__ = ("attributes", "children", "name", "text")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[Node] | tuple[Node, ...] = ()
        self.text = ""

    def add(self, child: Node) -> None:
        """Append a child; the list is made with the first, since most elements have none."""
        if isinstance(self.children, list):
            self.children.append(child)
        else:
            self.children = [child]

    def first(self, *names: str) -> Node | None:
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

    def every(self, name: str) -> list[Node]:
        """All children of that name, in order."""
        return [child for child in self.children if child.name == name]

    def attribute(self, name: str) -> str | None:
        """An attribute without surrounding blanks; None where absent or blank."""
        value = self.attributes.get(name)
        return (value.strip() or None) if value is not None else None

    def words(self) -> str | None:
        """The text with its white space collapsed; None where there is none."""
        return " ".join(self.text.split()) or None
