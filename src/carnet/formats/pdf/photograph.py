"""Draws what a telephone's photograph of a sheet of paper looks like, as JPEG.

No camera and no chance: a desk, a sheet a little askew, words, a shadow. Equal input gives equal
bytes with equal versions of pillow. The letters are Bitstream Vera's, which reportlab carries and
which has the French accents that pillow's own font lacks.
"""

from __future__ import annotations

import io
import math
from pathlib import Path

import msgspec
import reportlab
from PIL import Image, ImageDraw, ImageFilter, ImageFont

_SIZE = (900, 1200)
_SHEET = (720, 980)
_INK = (38, 44, 58)
_BLUE_INK = (36, 58, 128)
_FONTS = Path(reportlab.__file__).parent / "fonts"


class Photograph(msgspec.Struct, frozen=True):
    """What stands on the sheet; ``tilt`` is its turn in degrees, ``stamp`` a round stamp's word."""

    title: str
    lines: tuple[str, ...]
    handwritten: tuple[str, ...] = ()
    stamp: str | None = None
    tilt: float = 2.5
    quality: int = 78


def _font(size: int, italic: bool = False) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONTS / ("VeraIt.ttf" if italic else "Vera.ttf"), size)


def _desk() -> Image.Image:
    """A wooden desk: bands of brown with a soft fall of light from the upper left."""
    desk = Image.new("RGB", _SIZE)
    draw = ImageDraw.Draw(desk)
    for y in range(_SIZE[1]):
        grain = 6 * math.sin(y / 9) + 4 * math.sin(y / 31)
        light = 1.08 - 0.28 * y / _SIZE[1]
        draw.line(
            [(0, y), (_SIZE[0], y)],
            fill=(int((136 + grain) * light), int((102 + grain) * light), int(74 * light)),
        )
    return desk


def _signature(draw: ImageDraw.ImageDraw, x: int, y: int) -> None:
    """A scribble, as a pen leaves it."""
    points = [(x + t * 3, y + 18 * math.sin(t / 3) * math.cos(t / 11) - t * 0.3) for t in range(60)]
    draw.line(points, fill=_BLUE_INK, width=3, joint="curve")


def _sheet(photograph: Photograph) -> Image.Image:
    sheet = Image.new("RGB", _SHEET, (246, 243, 236))
    draw = ImageDraw.Draw(sheet)
    draw.text((60, 56), photograph.title, font=_font(32), fill=_INK)
    draw.line([(60, 112), (_SHEET[0] - 60, 112)], fill=(150, 150, 150), width=2)
    y = 150
    for line in photograph.lines:
        draw.text((60, y), line, font=_font(20), fill=_INK)
        y += 40
    y += 20
    for line in photograph.handwritten:
        draw.text((84, y), line, font=_font(24, italic=True), fill=_BLUE_INK)
        y += 48
    _signature(draw, 440, min(y + 90, _SHEET[1] - 90))
    if photograph.stamp is not None:
        _stamp(draw, photograph.stamp)
    return sheet


def _stamp(draw: ImageDraw.ImageDraw, word: str) -> None:
    box = (90, _SHEET[1] - 250, 270, _SHEET[1] - 70)
    draw.ellipse(box, outline=(120, 40, 60), width=5)
    draw.ellipse((104, _SHEET[1] - 236, 256, _SHEET[1] - 84), outline=(120, 40, 60), width=2)
    font = _font(20)
    draw.text((180, _SHEET[1] - 160), word, font=font, fill=(120, 40, 60), anchor="mm")


def render_photograph(photograph: Photograph) -> bytes:
    """The photograph as a JPEG file of 900 by 1200 points."""
    desk = _desk()
    sheet = _sheet(photograph).convert("RGBA")
    turned = sheet.rotate(photograph.tilt, resample=Image.Resampling.BICUBIC, expand=True)
    left = (_SIZE[0] - turned.width) // 2
    top = (_SIZE[1] - turned.height) // 2
    shadow = Image.new("L", _SIZE, 0)
    shadow.paste(turned.getchannel("A").point(lambda a: a // 2), (left + 14, top + 18))
    dark = Image.new("RGB", _SIZE, (30, 20, 12))
    desk.paste(dark, (0, 0), shadow.filter(ImageFilter.BoxBlur(10)))
    desk.paste(turned, (left, top), turned)
    buffer = io.BytesIO()
    desk.save(buffer, "JPEG", quality=photograph.quality, optimize=False)
    return buffer.getvalue()
