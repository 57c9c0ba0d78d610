"""The words of a section: tables, lists and paragraphs whose parts entries point to by ID.

An ID is unique in the document: callers prefix it with a name of the section. A line break in a
text becomes ``br``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from lxml.etree import _Element

from carnet.formats.cda.build.xml import append, element


class Words(msgspec.Struct, frozen=True):
    """Words that an entry points to by ``id``, or that stand out; ``bold`` prints them so."""

    text: str
    id: str | None = None
    bold: bool = False


Cell = str | Words | tuple[str | Words, ...]
"""A cell or a paragraph: words, or several on lines of their own."""


def _broken(made: _Element, text: str) -> _Element:
    """Puts a text into an empty element, with ``br`` for its line breaks."""
    first, *others = text.split("\n")
    made.text = first
    for line in others:
        br = element("br")
        br.tail = line
        made.append(br)
    return made


def content(words: Words) -> _Element:
    """The ``content`` of words, with their ID and style."""
    style = "Bold" if words.bold else None
    return _broken(element("content", attrs={"ID": words.id, "styleCode": style}), words.text)


def fill(made: _Element, cell: Cell) -> _Element:
    """Puts the words of a cell into an empty element and gives it back."""
    if isinstance(cell, str):
        return _broken(made, cell)
    parts = (cell,) if isinstance(cell, Words) else cell
    for number, part in enumerate(parts):
        if number:
            made.append(element("br"))
        made.append(content(part if isinstance(part, Words) else Words(part)))
    return made


def paragraph(cell: Cell) -> _Element:
    """A paragraph."""
    return fill(element("paragraph"), cell)


def bullets(items: Iterable[Cell]) -> _Element:
    """A list without numbers."""
    return append(element("list"), *(fill(element("item"), item) for item in items))


def row(cells: Iterable[Cell], tag: str = "td") -> _Element:
    """A row of a table."""
    return append(element("tr"), *(fill(element(tag), cell) for cell in cells))


def table(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> _Element:
    """A table with a line of headings; without headings only its rows."""
    made = element("table")
    if heads:
        made.append(element("thead", row(heads, "th")))
    return append(made, append(element("tbody"), *(row(cells) for cells in rows)))


def text(*blocks: _Element | None) -> _Element:
    """The ``text`` of a section; absent blocks are left out."""
    return append(element("text"), *blocks)


def paragraphs(texts: Iterable[str], prefix: str | None = None) -> _Element:
    """A ``text`` of paragraphs; with a ``prefix``, number 0 has the ID ``prefix-0``, and so on."""
    return text(
        *(
            paragraph(words if prefix is None else Words(words, f"{prefix}-{number}"))
            for number, words in enumerate(texts)
        )
    )
