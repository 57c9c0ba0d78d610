"""The words of a narrative that entries can point to: those of elements that have an ID.

HL7 CDA R2 §4.3.5: ``content``, table cells, rows, paragraphs … may carry an ID, which ``text`` and
``originalText`` of entries refer to (``#`` and the ID; the ``#`` is often left out).
"""

from __future__ import annotations

LONGEST = 2_000
"""Characters kept of one element's words."""
MAXIMUM = 2_000_000
"""Characters kept of one document's words; what comes behind is not found."""

_CELLS = frozenset({"td", "th"})
_BLOCKS = frozenset({"br", "caption", "item", "list", "paragraph", "table", "td", "th", "tr"})


class _Words:
    """The words of one open element with an ID, and of the table row that it is in."""

    __slots__ = ("identifier", "pieces", "row", "size")

    def __init__(self, identifier: str = "", row: _Words | None = None) -> None:
        self.identifier = identifier
        self.row = row
        self.pieces: list[str] = []
        self.size = 0

    def add(self, piece: str) -> None:
        if self.size <= LONGEST:
            self.pieces.append(piece[: LONGEST + 1])
            self.size += len(piece)

    def joined(self) -> str:
        words = " ".join("".join(self.pieces).split()).strip(" |")
        return words if len(words) <= LONGEST else words[:LONGEST] + "…"


class Narrative:
    """Collects the events of sections' ``text``; afterwards tells what an ID stands for."""

    def __init__(self) -> None:
        self._found: dict[str, list[tuple[int, str, _Words | None]]] = {}
        self._named: dict[int, list[tuple[str, str]]] = {}
        self._open: list[_Words | None] = []
        self._active: list[_Words] = []
        self._rows: list[_Words] = []
        self._deleted = 0
        self._size = 0
        self.section = 0

    @property
    def listening(self) -> bool:
        """Whether words that come now belong to an element with an ID."""
        return bool(self._active or self._rows) and not self._deleted

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens; ``name`` is local. Text marked as deleted is passed over."""
        if self._deleted or attributes.get("revised") == "delete":
            self._deleted += 1
            return
        if name in _BLOCKS:
            self._add(" ")
        if name == "tr":
            self._rows.append(_Words())
        identifier = attributes.get("ID")
        if identifier is None or self._size > MAXIMUM:
            self._open.append(None)
            return
        words = _Words(identifier, self._rows[-1] if self._rows else None)
        self._open.append(words)
        self._active.append(words)

    def end(self, name: str) -> None:
        """An element closes."""
        if self._deleted:
            self._deleted -= 1
            return
        words = self._open.pop()
        if words is not None:
            self._active.pop()
            self._keep(words)
        if name == "tr" and self._rows:
            self._size += self._rows.pop().size
        if name in _BLOCKS:
            self._add(" | " if name in _CELLS else " ")

    def data(self, text: str) -> None:
        """Character data inside."""
        if not self._deleted:
            self._add(text)

    def find(self, identifier: str, section: int) -> str | None:
        """The words under an ID: those of the section if it has that ID, else the first ones."""
        found = self._of(identifier, section)
        return found[1] if found is not None else None

    def row(self, identifier: str, section: int) -> str:
        """The words of the section's table row that an ID stands in; empty where there is none."""
        found = self._of(identifier, section)
        if found is None or found[0] != section or found[2] is None:
            return ""
        return found[2].joined()

    def only(self, section: int) -> tuple[str, str]:
        """The words under the only ID of a section's narrative, and it; empty where not just one.

        IDs without words do not count.
        """
        named = self._named.get(section, [])
        return named[0] if len(named) == 1 else ("", "")

    def _of(self, identifier: str, section: int) -> tuple[int, str, _Words | None] | None:
        found = self._found.get(identifier)
        if found is None:
            return None
        return next((each for each in found if each[0] == section), found[0])

    def _keep(self, words: _Words) -> None:
        joined = words.joined()
        self._size += len(joined)
        known = self._found.setdefault(words.identifier, [])
        if len(known) < 100:
            known.append((self.section, joined, words.row))
        named = self._named.setdefault(self.section, [])
        if joined and len(named) < 2:
            named.append((joined, words.identifier))

    def _add(self, piece: str) -> None:
        for words in self._active:
            words.add(piece)
        if self._rows:
            self._rows[-1].add(piece)
