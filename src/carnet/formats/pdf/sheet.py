"""A sheet of paper and what is drawn on it, before anyone decides how: as PDF or as a raster.

Lengths are points (1/72 inch) from the upper left corner; y grows downwards, text stands on its
baseline. Colours are ``#rrggbb``.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from carnet.formats.pdf.families import Font

A4 = (595.28, 841.89)
A5 = (419.53, 595.28)
MM = 72 / 25.4

Point = tuple[float, float]


class Text(NamedTuple):
    """Words in one font, all of whose characters that font can write.

    ``gap`` widens each space, in points; ``angle`` turns the line anticlockwise, in degrees.
    """

    x: float
    y: float
    font: Font
    size: float
    colour: str
    text: str
    gap: float = 0.0
    angle: float = 0.0


class Line(NamedTuple):
    """Straight strokes from point to point; closed and filled where ``fill`` is given."""

    points: tuple[Point, ...]
    stroke: str | None
    width: float = 0.5
    fill: str | None = None
    dash: float = 0.0


class Box(NamedTuple):
    """An upright rectangle."""

    x: float
    y: float
    width: float
    height: float
    stroke: str | None
    line: float = 0.5
    fill: str | None = None


class Round(NamedTuple):
    """An ellipse in the box from (x, y)."""

    x: float
    y: float
    width: float
    height: float
    stroke: str | None
    line: float = 0.5
    fill: str | None = None


class Photo(NamedTuple):
    """A JPEG file drawn into a box."""

    x: float
    y: float
    width: float
    height: float
    jpeg: bytes


Mark = Text | Line | Box | Round | Photo


class Sheet:
    """One page: its size, and the marks in the order in which they are made."""

    __slots__ = ("height", "marks", "width")

    def __init__(self, size: tuple[float, float] = A4) -> None:
        self.width, self.height = size
        self.marks: list[Mark] = []

    def write(
        self,
        x: float,
        y: float,
        font: Font,
        size: float,
        colour: str,
        text: str,
        *,
        gap: float = 0.0,
        angle: float = 0.0,
    ) -> None:
        """Text from x on the baseline y; what the font lacks, another writes in its place.

        Raises ``character-not-printable``.
        """
        if font.writable.issuperset(text):
            if text:
                self.marks.append(Text(x, y, font, size, colour, text, gap, angle))
            return
        for run, piece in font.runs(text):
            self.marks.append(Text(x, y, run, size, colour, piece, gap, angle))
            length = run.width(piece) * size + gap * piece.count(" ")
            x += length * math.cos(math.radians(angle))
            y -= length * math.sin(math.radians(angle))

    def write_right(
        self, x: float, y: float, font: Font, size: float, colour: str, text: str
    ) -> None:
        """Text that ends at x."""
        self.write(x - font.width(text) * size, y, font, size, colour, text)

    def write_centre(
        self, x: float, y: float, font: Font, size: float, colour: str, text: str
    ) -> None:
        """Text with x in its middle."""
        self.write(x - font.width(text) * size / 2, y, font, size, colour, text)

    def line(
        self, x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 0.5
    ) -> None:
        """One straight stroke."""
        self.marks.append(Line(((x1, y1), (x2, y2)), colour, width))

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        stroke: str | None = None,
        *,
        line: float = 0.5,
        fill: str | None = None,
    ) -> None:
        """A rectangle whose upper left corner is (x, y)."""
        self.marks.append(Box(x, y, width, height, stroke, line, fill))
