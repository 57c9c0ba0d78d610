"""The narrative of a CDA's sections (HL7 CDA R2 §4.3.5) as plain text, for search and reading.

Titles, paragraphs, list items and table rows are lines; cells are parted by `` | ``, items start
with ``- `` or their number, a footnote stands in brackets where it is called, a link shows its
address behind its text. Text that a reader would not see (``revised="delete"``) is left out.
"""

from __future__ import annotations

MAXIMUM = 2_000_000
"""Characters kept of one document's narrative; the rest is cut."""

_BLOCKS = frozenset({"paragraph", "list", "item", "table", "caption", "tr", "br", "text", "title"})
_CELLS = frozenset({"td", "th"})


class Narrative:
    """Collects the events of sections' titles and texts; ask ``text`` at the end."""

    def __init__(self, maximum: int = MAXIMUM) -> None:
        self._maximum = maximum
        self._size = 0
        self._lines: list[str] = []
        self._words: list[str] = []
        self._rows: list[int] = []  # cells met so far, of each open row
        self._in_cell = 0
        self._lists: list[int | None] = []  # next number of each open list, None if unordered
        self._links: list[str | None] = []
        self._deleted = 0

    @property
    def cut(self) -> bool:
        """Whether there was more than the maximum."""
        return self._size > self._maximum

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element of the narrative opens; ``name`` is local."""
        if self._deleted or attributes.get("revised") == "delete":
            self._deleted += 1
            return
        if name in _BLOCKS:
            self._break()
        if name == "title":
            self._line("")
        elif name == "list":
            self._lists.append(1 if attributes.get("listType") == "ordered" else None)
        elif name == "item":
            self._words.append(self._bullet())
        elif name == "tr":
            self._rows.append(0)
        elif name in _CELLS:
            self._cell()
        elif name == "footnote":
            self._words.append(" (")
        elif name == "linkHtml":
            self._links.append(attributes.get("href"))

    def end(self, name: str) -> None:
        """An element of the narrative closes."""
        if self._deleted:
            self._deleted -= 1
            return
        if name in _CELLS:
            self._in_cell = max(0, self._in_cell - 1)
        elif name == "footnote":
            self._words.append(")")
        elif name == "linkHtml":
            self._link()
        if name == "tr" and self._rows:
            self._rows.pop()
        elif name == "list" and self._lists:
            self._lists.pop()
        if name in _BLOCKS:
            self._break()

    def data(self, text: str) -> None:
        """Character data inside."""
        if self._deleted or self._size > self._maximum:
            return
        self._size += len(text)
        self._words.append(text)

    def lines(self, text: str) -> None:
        """Plain text of a body that is no XML: its own lines are kept."""
        first, *others = text.split("\n")
        self.data(first)
        for line in others:
            self._break()
            self.data(line)

    def text(self) -> str:
        """All lines, without blank ones at either end, at most the maximum in characters."""
        self._break()
        return "\n".join(self._lines).strip()[: self._maximum]

    def _bullet(self) -> str:
        if not self._lists or self._lists[-1] is None:
            return "- "
        number = self._lists[-1]
        self._lists[-1] = number + 1
        return f"{number}. "

    def _cell(self) -> None:
        self._in_cell += 1
        if self._rows:
            if self._rows[-1]:
                self._words.append(" | ")
            self._rows[-1] += 1

    def _link(self) -> None:
        address = self._links.pop() if self._links else None
        if address and not address.startswith("#") and address not in "".join(self._words[-3:]):
            self._words.append(f" ({address})")

    def _break(self) -> None:
        """End the line; inside a cell, lines become blanks so that a row stays one line."""
        if self._in_cell:
            self._words.append(" ")
            return
        line = " ".join("".join(self._words).split())
        self._words.clear()
        if line.strip(" |-"):
            self._line(line)

    def _line(self, line: str) -> None:
        self._size += 1
        self._lines.append(line)
