"""What a style sets a letter with: its fonts, colours and sizes, and the parts all styles share."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image

from carnet.formats.pdf.families import family
from carnet.formats.pdf.flow import CENTRE, JUSTIFIED, LEFT, RIGHT, Flow, Type
from carnet.formats.pdf.model import Letter, Part, Picture, Table
from carnet.formats.pdf.ornaments import LOGOS, draw_scribble, draw_stamp
from carnet.formats.pdf.sheet import MM, Photo, Sheet
from carnet.formats.pdf.tables import Grid, set_table

INK = "#1b2a33"
BLACK = "#000000"
GREY = "#5d6a70"
LINE = "#c3cdd0"


def tint(colour: str, share: float) -> str:
    """A colour thinned with white: ``share`` of it is left."""
    values = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - value) * share):02x}" for value in values)


class Kit:
    """Fonts and measures of one letter, from its look and from what its style offers."""

    def __init__(
        self,
        letter: Letter,
        families: tuple[str, ...],
        *,
        size: float = 10.0,
        ink: str = INK,
        accent: str | None = None,
    ) -> None:
        look = letter.look
        self.letter = letter
        self.family = family(families[look.font % len(families)])
        self.size = size * look.density
        self.ink = ink
        self.accent = accent or look.accent
        self.text = self.type()
        self.small = self.type(0.85)
        self.align = JUSTIFIED if look.justified else LEFT
        self.heading: Callable[[Flow, str], None] = self.plain_heading
        self.grid = Grid(self.type(0.9, bold=True), self.type(0.9), "lines", self.accent, LINE)
        self.bullet = "–"
        self.after = 0.6 * self.size
        self.list_gap = 0.4 * self.size
        self._listing = False  # whether an item was set last

    def type(
        self,
        scale: float = 1.0,
        *,
        bold: bool = False,
        italic: bool = False,
        colour: str | None = None,
        leading: float = 1.36,
    ) -> Type:
        """Words at a share of the body size; leading is a share of their own."""
        size = round(self.size * scale, 2)
        cut = self.family.bold if bold else self.family.italic if italic else self.family.regular
        return Type(cut, self.family.bold, size, size * leading, colour or self.ink)

    def variant(self, count: int) -> int:
        """Which of ``count`` variants of the style this house has."""
        return self.letter.look.variant % count

    def logo(self, sheet: Sheet, x: float, y: float, size: float) -> bool:
        """Draws the house's logo, and says whether it has one."""
        draw = LOGOS.get(self.letter.look.logo)
        if draw is not None:
            draw(sheet, x, y, size, self.accent)
        return draw is not None

    def plain_heading(self, flow: Flow, text: str) -> None:
        """A line in bold."""
        kind = self.type(bold=True)
        flow.space(0.4 * self.size)
        flow.need(kind.leading * 2.5)
        flow.paragraph(text, kind, after=0.2 * self.size)

    def body(self, flow: Flow, parts: tuple[Part, ...]) -> None:
        """All parts below each other."""
        for part in parts:
            if isinstance(part, Table):
                self.table(flow, part)
            elif isinstance(part, Picture):
                self.picture(flow, part)
            else:
                self._words(flow, part)

    def _words(self, flow: Flow, text: str) -> None:
        kind, indent = self.text, 1.3 * self.size
        listing = text.startswith(("- ", "[ ] ", "[x] "))
        if self._listing and not listing:
            flow.space(self.list_gap)
        self._listing = listing
        if text.startswith("# "):
            self.heading(flow, text[2:])
        elif text == "---":
            y = flow.y + self.after / 2
            flow.sheet.line(flow.frame.left, y, flow.frame.right, y, LINE, 0.6)
            flow.space(self.after)
        elif text.startswith("- "):
            flow.need(kind.leading)
            place = (flow.frame.left + 0.3 * self.size, _base(flow, kind))
            flow.sheet.write(*place, kind.font, kind.size, kind.colour, self.bullet)
            flow.paragraph(text[2:], kind, indent=indent, after=0.2 * self.size)
        elif text.startswith(("[ ] ", "[x] ")):
            flow.need(kind.leading)
            tick(flow.sheet, flow.frame.left + 1, _base(flow, kind), self.size, text[1] == "x")
            flow.paragraph(text[4:], kind, indent=indent, after=0.15 * self.size)
        else:
            flow.paragraph(text, kind, after=self.after, align=self.align)

    def table(self, flow: Flow, table: Table) -> None:
        """A table below its title."""
        if table.title is not None:
            self.heading(flow, table.title)
        set_table(flow, table, self.grid)
        flow.space(0.8 * self.size)

    def picture(self, flow: Flow, picture: Picture) -> None:
        """A picture in the middle, its caption below."""
        with Image.open(io.BytesIO(picture.jpeg)) as opened:
            ratio = opened.height / opened.width
        width = min(picture.width * MM, flow.width)
        flow.need(width * ratio + 2 * self.small.leading)
        x = flow.frame.left + (flow.width - width) / 2
        flow.sheet.marks.append(Photo(x, flow.y, width, width * ratio, picture.jpeg))
        flow.y += width * ratio + 2
        flow.paragraph(picture.caption, self.small, align=CENTRE, after=self.after)

    def ending(self, flow: Flow, *, align: int = RIGHT) -> None:
        """Closing words, signature, scribble and stamp, kept on one page."""
        letter, kind = self.letter, self.text
        drawn = bool(letter.scribble or letter.stamp)
        lines = len(letter.signature) + (2 if letter.closing else 0)
        flow.need(lines * kind.leading + (22 * MM if drawn else 0))
        if self._listing:
            flow.space(self.list_gap)
        if letter.closing is not None:
            flow.paragraph(letter.closing, kind, after=self.after, align=self.align)
        flow.space(0.8 * self.size)
        flow.block(letter.signature, kind, align=align)
        if not drawn:
            return
        width = 52 * MM
        x = flow.frame.right - width if align == RIGHT else flow.frame.left
        if align == CENTRE:
            x = flow.frame.left + (flow.width - width) / 2
        if letter.stamp:
            draw_stamp(flow.sheet, x - 6, flow.y + 4, letter.stamp, self.letter.scribble)
        if letter.scribble:
            draw_scribble(flow.sheet, x, flow.y - 4, width, 17 * MM, letter.scribble)
        flow.y += 19 * MM


def tick(sheet: Sheet, x: float, base: float, size: float, ticked: bool) -> None:
    """A box of a form on the baseline, crossed or not."""
    side = 0.72 * size
    sheet.box(x, base - side, side, side, BLACK, line=0.6)
    if ticked:
        sheet.line(x + 1, base - side + 1, x + side - 1, base - 1, BLACK, 1)
        sheet.line(x + side - 1, base - side + 1, x + 1, base - 1, BLACK, 1)


def _base(flow: Flow, kind: Type) -> float:
    """The baseline of the line that comes next."""
    return flow.y + (kind.leading + kind.size * 0.7) / 2


def number_pages(
    sheets: list[Sheet], kind: Type, x: float, y: float, form: str = "Page {n}/{total}"
) -> None:
    """Writes page numbers that end at x, now that the total is known."""
    for n, sheet in enumerate(sheets, 1):
        words = form.format(n=n, total=len(sheets))
        sheet.write_right(x, y, kind.font, kind.size, kind.colour, words)
