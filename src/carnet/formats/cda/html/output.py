"""Where the HTML of a narrative goes: into cells, notes and tables within each other, bounded."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from carnet.formats.cda.html.model import NarrativeLimits
from carnet.formats.cda.html.naming import cleaned, html_id
from carnet.formats.cda.html.references import References
from carnet.formats.cda.html.tables import Cell

_CUT = '<span class="cda-cut">…</span>'
_STRUCTURES = ("table", "tr", "list")
"""Kinds of elements that hold elements only: words in them stand wrongly."""


class Frame:
    """An open element: what it is, what closes it, and for a list whether it has begun."""

    __slots__ = ("begun", "end", "kind", "opening")

    def __init__(self, kind: str, end: Callable[[], None] | str, opening: str = "") -> None:
        self.kind = kind
        self.end = end
        self.opening = opening
        self.begun = False


class Output:
    """The parts being written, innermost last, and the elements that are open."""

    def __init__(self, limits: NarrativeLimits, references: References) -> None:
        self.limits = limits
        self.references = references
        self.prefix = references.prefix
        self.frames: list[Frame] = []
        self.cells: list[Cell] = []
        self.cut = False
        self.straightened = 0
        self._parts: list[list[str]] = [[]]
        self._size = 0

    def kind(self) -> str:
        """What the innermost open element is; empty outside all."""
        return self.frames[-1].kind if self.frames else ""

    def write(self, html: str) -> None:
        """HTML into the innermost part."""
        self._size += len(html)
        self._parts[-1].append(html)
        if self._size > self.limits.characters and not self.cut:
            self.begin_cut()

    def open_part(self, parts: list[str] | None = None) -> None:
        """What is written from here on goes into a part of its own."""
        self._parts.append([] if parts is None else parts)

    def close_part(self) -> str:
        """The part written last, which ends."""
        return "".join(self._parts.pop())

    def take_back(self, html: str) -> None:
        """HTML that was counted before goes into the innermost part."""
        self._parts[-1].append(html)

    def html(self) -> str:
        """All of it, with what was referred to."""
        return self.references.resolved("".join(self._parts[0]))

    def words(self, text: str) -> None:
        """Character data into the innermost element."""
        words = self.straight(text)
        kind = self.kind()
        if kind in _STRUCTURES:
            if not words.isspace():
                self._stray(words, kind)
            return
        room = self.limits.characters - self._size
        if len(words) > room:
            words = words[: max(room, 0)]
            self.take_back(escape(words[: _last_blank(words) + 1], quote=False))
            self.begin_cut()
            return
        self._size += len(words)
        self._parts[-1].append(escape(words, quote=False))
        if self.cells and self.cells[-1].head:
            self.cells[-1].words.append(words)

    def begin_list(self, frame: Frame) -> None:
        """A list opens with its first item, so that its caption can stand before it."""
        if not frame.begun:
            frame.begun = True
            self.write(frame.opening)

    def begin_cut(self) -> None:
        """From here on elements only close; where words stop, a sign says so."""
        self.cut = True
        if self.kind() not in _STRUCTURES:
            self._parts[-1].append(_CUT)

    def straight(self, text: str) -> str:
        """Text without characters that turn others round; those are counted."""
        words, changed = cleaned(text)
        self.straightened += changed
        return words

    def id(self, attributes: dict[str, str]) -> str:
        """The ``id`` attribute of an element; empty where it has none or it is taken."""
        given = attributes.get("ID")
        if not given or not self.references.take(given):
            return ""
        return f' id="{html_id(given, self.prefix)}"'

    def _stray(self, words: str, kind: str) -> None:
        """Words where none may stand: in a list as an item, in a table before it."""
        html = escape(words, quote=False)
        if kind == "list":
            self.begin_list(self.frames[-1])
            self.write(f"<li>{html}</li>")
            return
        self._size += len(words)
        self._parts[-2].append(f'<p class="cda-other">{html}</p>')


def _last_blank(words: str) -> int:
    return max(words.rfind(" "), words.rfind("\n"))
