"""Breaks text into lines and lines into pages: the composing room of every style.

A page break hands over to the style, which prints what its later pages carry at the top. Page
totals are written onto the finished sheets, so that nothing is composed twice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from carnet.formats.pdf.families import Font
from carnet.formats.pdf.sheet import Sheet


class Type(NamedTuple):
    """How words are set: font, its bold cut, size and line distance in points, colour."""

    font: Font
    bold: Font
    size: float
    leading: float
    colour: str

    def strong(self) -> Type:
        """The same in bold."""
        return self._replace(font=self.bold)


class SetLine(NamedTuple):
    """A line that fits: its pieces, its width in points, whether a paragraph ends with it."""

    pieces: list[tuple[Font, str]]
    width: float
    last: bool


class Frame(NamedTuple):
    """Where text may stand on a page."""

    left: float
    top: float
    right: float
    bottom: float


LEFT, CENTRE, RIGHT, JUSTIFIED = range(4)


def wrap(text: str, kind: Type, width: float) -> list[SetLine]:
    """Text broken at spaces into lines of at most ``width`` points; ``**`` switches bold.

    Line ends and tabs in the text are spaces, as they are where scripts are written. A word wider
    than the line stands on a line of its own, cut where it must.
    """
    if "\n" in text or "\t" in text:
        text = text.replace("\n", " ").replace("\t", " ").strip(" ")  # no-break spaces stay
    if "**" not in text:
        whole = kind.font.width(text) * kind.size if len(text) < 200 else width + 1
        if whole <= width:
            return [SetLine([(kind.font, text)] if text else [], whole, True)]
        words = [(kind.font, word) for word in text.split(" ")]
    else:
        words = _marked_words(text, kind)
    return _fill(words, kind, width)


def _marked_words(text: str, kind: Type) -> list[tuple[Font, str]]:
    words: list[tuple[Font, str]] = []
    for n, part in enumerate(text.split("**")):
        cut = kind.bold if n % 2 else kind.font
        words.extend((cut, word) for word in part.strip(" ").split(" ") if word)
    return words


def _fill(words: list[tuple[Font, str]], kind: Type, width: float) -> list[SetLine]:
    limit = width / kind.size
    blank = kind.font.width(" ")
    lines: list[SetLine] = []
    line: list[tuple[Font, str]] = []
    used = 0.0
    for cut, word in words:
        for piece in _cut(cut, word, limit):
            length = cut.width(piece)
            if line and used + blank + length > limit:
                lines.append(SetLine(_joined(line), used * kind.size, False))
                line, used = [], 0.0
            used += length + (blank if line else 0.0)
            line.append((cut, piece))
    lines.append(SetLine(_joined(line), used * kind.size, True))
    return lines


def _cut(cut: Font, word: str, limit: float) -> list[str]:
    """A word in pieces that fit; nearly always the word itself."""
    if cut.width(word) <= limit:
        return [word]
    pieces, start = [], 0
    for n in range(1, len(word) + 1):
        if cut.width(word[start:n]) > limit and n - 1 > start:
            pieces.append(word[start : n - 1])
            start = n - 1
    return [*pieces, word[start:]]


def _joined(line: list[tuple[Font, str]]) -> list[tuple[Font, str]]:
    """Neighbours of one font as one piece; the space between fonts goes with the first."""
    made: list[tuple[Font, list[str]]] = []
    for cut, word in line:
        if made and made[-1][0] is cut:
            made[-1][1].append(word)
        else:
            if made:
                made[-1][1].append("")
            made.append((cut, [word]))
    return [(cut, " ".join(words)) for cut, words in made]


class Flow:
    """Text running down pages of one size.

    ``first`` and ``later`` are the frames of the first page and of those after it; ``turn`` is
    called with each new sheet after the first, to print what stands at its head.
    """

    def __init__(
        self,
        size: tuple[float, float],
        first: Frame,
        later: Frame | None = None,
        turn: Callable[[Sheet], None] | None = None,
    ) -> None:
        self._size = size
        self._later = later or first
        self._turn = turn
        self.sheets = [Sheet(size)]
        self.frame = first
        self.y = first.top

    @property
    def sheet(self) -> Sheet:
        """The sheet at hand."""
        return self.sheets[-1]

    @property
    def width(self) -> float:
        """How wide text may run, in points."""
        return self.frame.right - self.frame.left

    def turn_page(self) -> None:
        """Goes on with a new sheet."""
        self.sheets.append(Sheet(self._size))
        self.frame = self._later
        self.y = self.frame.top
        if self._turn is not None:
            self._turn(self.sheet)

    def need(self, height: float) -> None:
        """Turns the page unless ``height`` points are left, or the page is empty."""
        if self.y + height > self.frame.bottom and self.y > self.frame.top:
            self.turn_page()

    def space(self, height: float) -> None:
        """Leaves white, none at the top of a page after the first."""
        if len(self.sheets) == 1 or self.y > self.frame.top:
            self.y += height

    def paragraph(
        self, text: str, kind: Type, *, after: float = 0.0, align: int = LEFT, indent: float = 0.0
    ) -> None:
        """Text that may go on over the page."""
        left = self.frame.left + indent
        for line in wrap(text, kind, self.frame.right - left):
            self.need(kind.leading)
            left = self.frame.left + indent
            set_line(self.sheet, line, kind, left, self.y, self.frame.right - left, align)
            self.y += kind.leading
        self.space(after)

    def block(self, texts: tuple[str, ...], kind: Type, *, align: int = LEFT) -> None:
        """Several short texts below each other."""
        for text in texts:
            self.paragraph(text, kind, align=align)


def set_line(
    sheet: Sheet, line: SetLine, kind: Type, x: float, y: float, width: float, align: int = LEFT
) -> None:
    """One line whose upper edge is y."""
    rest, pieces = width - line.width, line.pieces
    gap = 0.0
    if align == RIGHT:
        x += rest
    elif align == CENTRE:
        x += rest / 2
    elif align == JUSTIFIED and not line.last:
        # Spaces that bind widen like the others: PDF knows one kind of word space.
        pieces = [(cut, piece.replace("\xa0", " ")) for cut, piece in pieces]
        spaces = sum(piece.count(" ") for _, piece in pieces)
        gap = rest / spaces if spaces else 0.0
    base = y + (kind.leading + kind.size * 0.7) / 2
    for cut, piece in pieces:
        sheet.write(x, base, cut, kind.size, kind.colour, piece, gap=gap)
        x += cut.width(piece) * kind.size + gap * piece.count(" ")


def set_block(
    sheet: Sheet,
    texts: tuple[str, ...],
    kind: Type,
    x: float,
    y: float,
    width: float,
    align: int = LEFT,
) -> float:
    """Texts below each other from y, wrapped, without page breaks; the y where they end."""
    for text in texts:
        for line in wrap(text, kind, width):
            set_line(sheet, line, kind, x, y, width, align)
            y += kind.leading
    return y


def block_height(texts: tuple[str, ...], kind: Type, width: float) -> float:
    """What ``set_block`` will take."""
    return sum(len(wrap(text, kind, width)) for text in texts) * kind.leading
