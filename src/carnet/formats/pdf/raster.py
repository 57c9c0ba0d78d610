"""Draws a sheet as grey dots, with the same outlines and measures as its PDF."""

from __future__ import annotations

import io
import math
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from carnet.formats.pdf.families import Font
from carnet.formats.pdf.fonts import face
from carnet.formats.pdf.sheet import Box, Line, Mark, Photo, Round, Sheet, Text


@lru_cache(maxsize=256)
def typeface(name: str, size: float) -> ImageFont.FreeTypeFont:
    """A packaged typeface at a size in dots."""
    stream = io.BytesIO(face(name).file)
    return ImageFont.truetype(stream, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=256)
def _grey(colour: str) -> int:
    red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
    return round(0.299 * red + 0.587 * green + 0.114 * blue)


def rasterise(sheet: Sheet, dots: int) -> Image.Image:
    """The sheet as a grey image of ``dots`` an inch."""
    scale = dots / 72
    size = (round(sheet.width * scale), round(sheet.height * scale))
    image = Image.new("L", size, 255)
    draw = ImageDraw.Draw(image)
    for mark in sheet.marks:
        _draw(image, draw, mark, scale)
    return image


def _draw(image: Image.Image, draw: ImageDraw.ImageDraw, mark: Mark, scale: float) -> None:
    match mark:
        case Text():
            _text(image, mark, scale)
        case Line():
            _line(draw, mark, scale)
        case Box() | Round():
            corners = (
                mark.x * scale,
                mark.y * scale,
                (mark.x + mark.width) * scale,
                (mark.y + mark.height) * scale,
            )
            shape = draw.rectangle if isinstance(mark, Box) else draw.ellipse
            shape(
                corners,
                fill=None if mark.fill is None else _grey(mark.fill),
                outline=None if mark.stroke is None else _grey(mark.stroke),
                width=max(1, round(mark.line * scale)),
            )
        case Photo():
            with Image.open(io.BytesIO(mark.jpeg)) as opened:
                size = (round(mark.width * scale), round(mark.height * scale))
                small = opened.convert("L").resize(size)
            image.paste(small, (round(mark.x * scale), round(mark.y * scale)))


def _line(draw: ImageDraw.ImageDraw, mark: Line, scale: float) -> None:
    points = [(x * scale, y * scale) for x, y in mark.points]
    if mark.fill is not None:
        draw.polygon(points, fill=_grey(mark.fill))
    if mark.stroke is None:
        return
    width = max(1, round(mark.width * scale))
    if not mark.dash:
        draw.line(points, fill=_grey(mark.stroke), width=width, joint="curve")
        return
    (x1, y1), (x2, y2) = points[0], points[-1]
    length = max(abs(x2 - x1), abs(y2 - y1), 1)
    step = mark.dash * scale
    for n in range(0, int(length / step), 2):
        part = [n * step / length, min(1.0, (n + 1) * step / length)]
        ends = [(x1 + (x2 - x1) * t, y1 + (y2 - y1) * t) for t in part]
        draw.line(ends, fill=_grey(mark.stroke), width=width)


@lru_cache(maxsize=8192)
def _word(used: Font, size: float, word: str) -> tuple[Image.Image, int, int]:
    """A word as a mask, and where its corner lies from the start of its baseline.

    Letters say the same words again and again, and outlines are slow to fill. Each character stands
    where its PDF has it: the rasteriser's own advances are whole dots and run too wide.
    """
    letters = typeface(used.face.name, size)
    ascent, descent = letters.getmetrics()
    margin = round(size / 3)
    width = round(used.width(word) * size) + 2 * margin
    mask = Image.new("L", (width, ascent + descent + 2), 0)
    draw, x = ImageDraw.Draw(mask), float(margin)
    for char in word:
        draw.text((x, ascent), char, font=letters, fill=255, anchor="ls")
        x += used.widths[char] * size / 1000
    return mask, -margin, -ascent


def _text(image: Image.Image, mark: Text, scale: float) -> None:
    size = round(mark.size * scale * 2) / 2  # half dots: fewer sizes of the same words
    x, y, ink = mark.x * scale, round(mark.y * scale), _grey(mark.colour)
    if mark.angle:
        _turned_text(image, mark, size, x, y)
        return
    blank = (mark.font.width(" ") * mark.size + mark.gap) * scale
    for word in mark.text.split(" "):
        if word:
            mask, left, top = _word(mark.font, size, word)
            image.paste(ink, (round(x) + left, y + top), mask)
        x += mark.font.width(word) * mark.size * scale + blank


def _turned_text(image: Image.Image, mark: Text, size: float, x: float, y: float) -> None:
    """Text at an angle: written straight, turned around its middle, put where the middle goes."""
    straight, left, top = _word(mark.font, size, mark.text)
    across, down = left + straight.width / 2, top + straight.height / 2
    cos, sin = math.cos(math.radians(mark.angle)), math.sin(math.radians(mark.angle))
    turned = straight.rotate(mark.angle, Image.Resampling.BILINEAR, expand=True)
    place = (
        round(x + across * cos + down * sin - turned.width / 2),
        round(y - across * sin + down * cos - turned.height / 2),
    )
    image.paste(_grey(mark.colour), place, turned)
