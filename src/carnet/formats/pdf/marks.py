"""Draws sheets as a PDF file, through reportlab's canvas: the same bytes for the same sheets."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable
from functools import cache
from hashlib import blake2b

from reportlab import rl_config
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFDocument, PDFInfo, PDFString
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

from carnet.formats.pdf.sheet import Box, Line, Photo, Round, Sheet, Text

rl_config.useA85 = 0  # streams as bytes: a quarter smaller than spelled in ASCII
_Colour = tuple[float, float, float]


def draw_file(sheets: Iterable[Sheet], title: str, author: str, identity: bytes) -> bytes:
    """The sheets as the pages of a PDF file.

    ``identity`` is hashed into the file's identifier (ISO 32000-1, 14.4).
    """
    file = _File(title, author, identity)
    for sheet in sheets:
        _Page(file, sheet).draw()
    return file.finished()


class _Information(PDFInfo):
    """What a file says about itself: no date, for none is known (ISO 32000-1, 14.3.3)."""

    def format(self, document: PDFDocument) -> bytes:
        said = {"Title": self.title, "Author": self.author, "Producer": "Carnet (reportlab)"}
        entries = {key: PDFString(value) for key, value in said.items() if value}
        return PDFDictionary(entries).format(document)


class _File(Canvas):
    """A canvas whose file depends on no clock and on nothing in the environment."""

    _doc: PDFDocument

    def __init__(self, title: str, author: str, identity: bytes) -> None:
        self._file = io.BytesIO()
        super().__init__(
            self._file, pageCompression=1, invariant=1, pdfVersion=(1, 4), lang="fr-FR"
        )
        self._doc.info = _Information()
        self.setTitle(title)
        self.setAuthor(author)
        # Becomes the identifier, where reportlab would hash the time. Its stubs leave it out.
        self._doc.signature = blake2b(identity, digest_size=16)  # type: ignore[attr-defined]

    def finished(self) -> bytes:
        """The whole file."""
        self.save()
        return self._file.getvalue()


@cache
def _channels(colour: str) -> _Colour:
    """``#rrggbb`` as three shares of full light."""
    red, green, blue = (round(int(colour[n : n + 2], 16) / 255, 3) for n in (1, 3, 5))
    return red, green, blue


class _Page:
    """Draws one sheet, repeating no colour, no font and no pen in force.

    Texts that follow each other share one text object. reportlab writes every decimal that it is
    given; hundredths of a point are enough.
    """

    def __init__(self, file: _File, sheet: Sheet) -> None:
        self._canvas = file
        self._sheet = sheet
        self._words: PDFTextObject | None = None
        self._type: tuple[str, float] | None = None
        self._gap = 0.0
        self._filling = "#000000"
        self._stroking = "#000000"
        self._pen = 1.0

    def draw(self) -> None:
        """All marks in order, then the end of the page."""
        self._canvas.setPageSize((round(self._sheet.width, 2), round(self._sheet.height, 2)))
        for mark in self._sheet.marks:
            if isinstance(mark, Text):
                self._text(mark)
            else:
                self._end_text()
                self._shape(mark)
        self._end_text()
        self._canvas.showPage()

    def _height(self, y: float) -> float:
        """A height above the lower edge, as PDF counts."""
        return round(self._sheet.height - y, 2)

    def _end_text(self) -> None:
        if self._words is not None:
            self._canvas.drawText(self._words)
            self._words = None

    def _text(self, mark: Text) -> None:
        words = self._words
        if words is None:
            words = self._words = self._canvas.beginText()
            self._type = None
        if self._type != (chosen := (mark.font.name, mark.size)):
            words.setFont(*chosen)
            self._type = chosen
        if self._filling != mark.colour:
            words.setFillColor(_channels(mark.colour))
            self._filling = mark.colour
        if self._gap != (gap := round(mark.gap, 3)):
            words.setWordSpace(gap)
            self._gap = gap
        x, y = round(mark.x, 2), self._height(mark.y)
        if mark.angle:
            cos, sin = math.cos(math.radians(mark.angle)), math.sin(math.radians(mark.angle))
            words.setTextTransform(cos, sin, -sin, cos, x, y)
        else:
            words.setTextOrigin(x, y)
        words.textOut(mark.text)

    def _shape(self, mark: Line | Box | Round | Photo) -> None:
        canvas = self._canvas
        match mark:
            case Line():
                self._line(mark)
            case Box():
                painted = self._inked(mark.stroke, mark.line, mark.fill)
                canvas.rect(*self._placed(mark), **painted)
            case Round():
                painted = self._inked(mark.stroke, mark.line, mark.fill)
                x, y, width, height = self._placed(mark)
                canvas.ellipse(x, y, x + width, y + height, **painted)
            case Photo():
                canvas.drawImage(ImageReader(io.BytesIO(mark.jpeg)), *self._placed(mark))

    def _placed(self, mark: Box | Round | Photo) -> tuple[float, float, float, float]:
        """The lower left corner, width and height."""
        base = self._height(mark.y + mark.height)
        return round(mark.x, 2), base, round(mark.width, 2), round(mark.height, 2)

    def _inked(self, stroke: str | None, width: float, fill: str | None) -> dict[str, int]:
        """Chooses colours and pen, and says what to paint with them."""
        canvas = self._canvas
        if fill is not None and self._filling != fill:
            canvas.setFillColor(_channels(fill))
            self._filling = fill
        if stroke is not None and self._stroking != stroke:
            canvas.setStrokeColor(_channels(stroke))
            self._stroking = stroke
        if stroke is not None and self._pen != width:
            canvas.setLineWidth(width)
            self._pen = width
        return {"stroke": int(stroke is not None), "fill": int(fill is not None)}

    def _line(self, mark: Line) -> None:
        canvas, height = self._canvas, self._height
        painted = self._inked(mark.stroke, mark.width, mark.fill)
        path = canvas.beginPath()
        (x, y), *others = mark.points
        path.moveTo(round(x, 2), height(y))
        for x, y in others:
            path.lineTo(round(x, 2), height(y))
        if mark.fill is not None:
            path.close()
        if mark.dash:
            canvas.setDash([mark.dash])
        canvas.drawPath(path, **painted)
        if mark.dash:
            canvas.setDash()
