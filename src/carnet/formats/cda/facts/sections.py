"""Sections of a CDA and their entries, while it is read."""

from __future__ import annotations

import msgspec

from carnet.formats.cda.facts.elements import Element


class Section(msgspec.Struct):
    """A section: ``serial`` counts them, ``chain`` are the codes from the outermost to its own.

    ``entries`` counts its entries.
    """

    serial: int
    path: str
    outer: Section | None = None
    code: str = ""
    title: str = ""
    entries: int = 0

    @property
    def chain(self) -> tuple[str, ...]:
        """The codes of the sections around it and its own, outermost first."""
        return (*(self.outer.chain if self.outer is not None else ()), self.code)


class Entry(msgspec.Struct):
    """An ``entry`` of a section."""

    section: Section
    element: Element
    path: str


class Open:
    """An element of the body that is open: its name, path and how many children of each name."""

    __slots__ = ("counts", "name", "path", "section")

    def __init__(self, name: str, path: str, section: Section | None) -> None:
        self.name = name
        self.path = path
        self.section = section
        self.counts: dict[str, int] = {}

    def number(self, name: str) -> int:
        """The number of the next child of that name, from 1."""
        count = self.counts[name] = self.counts.get(name, 0) + 1
        return count
