"""What lies before the camera of a photograph, and what it lies on."""

from __future__ import annotations

import math
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from carnet.formats.pdf.barcode import bars
from carnet.formats.pdf.chance import Chance
from carnet.formats.pdf.families import HANDS
from carnet.formats.pdf.ornaments import scribble
from carnet.formats.pdf.raster import typeface

Colour = tuple[int, int, int]

_SHEET = (720, 980)
_INK = (38, 44, 58)
_BLUE_INKS = ((36, 58, 128), (30, 40, 96), (24, 24, 34), (46, 70, 150))
_STAMPS = ((120, 40, 60), (58, 52, 130), (34, 70, 130))


def _print(size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    return typeface("Arimo-Bold" if bold else "Arimo-Regular", float(size))


def _hand(chance: Chance, size: int) -> tuple[ImageFont.FreeTypeFont, Colour]:
    """A handwriting and its ink."""
    return typeface(chance.pick(HANDS), float(size)), chance.pick(_BLUE_INKS)


@lru_cache(maxsize=8)
def desk(size: tuple[int, int], seed: str) -> Image.Image:
    """A wooden desk: bands of brown with a soft fall of light from the upper left."""
    chance = Chance(f"desk {seed}")
    shade, period = chance.between(0.8, 1.15), chance.between(7, 12)
    top = Image.new("RGB", (1, size[1]))
    for y in range(size[1]):
        grain = 6 * math.sin(y / period) + 4 * math.sin(y / 31)
        light = (1.08 - 0.28 * y / size[1]) * shade
        brown = ((136 + grain) * light, (102 + grain) * light, 74 * light)
        top.putpixel((0, y), tuple(min(255, int(value)) for value in brown))
    return top.resize(size)


@lru_cache(maxsize=8)
def oilcloth(size: tuple[int, int], seed: str) -> Image.Image:
    """A checked oilcloth under a kitchen's lamp, with the rim of a cup and a ring that it left."""
    chance = Chance(f"cloth {seed}")
    base = chance.pick(((176, 52, 50), (52, 88, 150), (70, 128, 84), (196, 150, 60)))
    check = chance.pick((60, 75, 90))
    cloth = Image.new("RGB", size, (238, 234, 226))
    draw = ImageDraw.Draw(cloth, "RGBA")
    for start in range(0, max(size), 2 * check):
        draw.rectangle((start, 0, start + check, size[1]), fill=(*base, 110))
        draw.rectangle((0, start, size[0], start + check), fill=(*base, 110))
    draw.ellipse((size[0] - 190, -90, size[0] + 90, 190), fill=(250, 250, 248, 255))
    draw.ellipse((size[0] - 165, -65, size[0] + 65, 165), fill=(62, 38, 24, 255))
    draw.ellipse((20, size[1] - 230, 200, size[1] - 50), outline=(120, 84, 50, 110), width=7)
    light = Image.linear_gradient("L").resize(size).point([150 * n // 255 for n in range(256)])
    cloth.paste((40, 26, 14), (0, 0), light.point([n // 2 for n in range(256)]))
    return cloth


def _signature(draw: ImageDraw.ImageDraw, x: int, y: int, seed: str, ink: Colour) -> None:
    points = [(x + 200 * a, y + 80 * (b - 0.5)) for a, b in scribble(seed)]
    draw.line(points, fill=ink, width=3, joint="curve")


def _round_stamp(draw: ImageDraw.ImageDraw, word: str, chance: Chance) -> None:
    ink = chance.pick(_STAMPS)
    draw.ellipse((90, _SHEET[1] - 250, 270, _SHEET[1] - 70), outline=ink, width=5)
    draw.ellipse((104, _SHEET[1] - 236, 256, _SHEET[1] - 84), outline=ink, width=2)
    draw.text((180, _SHEET[1] - 160), word, font=_print(20), fill=ink, anchor="mm")


def sheet(
    title: str,
    lines: tuple[str, ...],
    handwritten: tuple[str, ...],
    stamp: str | None,
    seed: str,
) -> Image.Image:
    """A printed sheet with a title and a rule, lines by hand below, signature and stamp."""
    chance = Chance(f"sheet {seed}")
    made = Image.new("RGBA", _SHEET, (246, 243, 236, 255))
    draw = ImageDraw.Draw(made)
    draw.text((60, 56), title, font=_print(32, bold=True), fill=_INK)
    draw.line([(60, 112), (_SHEET[0] - 60, 112)], fill=(150, 150, 150), width=2)
    y = 150
    for line in lines:
        draw.text((60, y), line, font=_print(20), fill=_INK)
        y += 40
    y += 20
    hand, ink = _hand(chance, 32)
    for line in handwritten:
        draw.text((84 + chance.below(12), y), line, font=hand, fill=ink)
        y += 48
    _signature(draw, 440, min(y + 90, _SHEET[1] - 90), f"{title}{seed}", ink)
    if stamp is not None:
        _round_stamp(draw, stamp, chance)
    _fold(made, chance)
    return made


def _fold(made: Image.Image, chance: Chance) -> None:
    """The crease of a sheet that was in a pocket."""
    if chance.below(2):
        y = made.height // 2 + chance.below(60) - 30
        draw = ImageDraw.Draw(made)
        draw.rectangle((0, y, made.width, y + 2), fill=(226, 221, 210))
        draw.rectangle((0, y + 3, made.width, y + 5), fill=(252, 250, 246))


def _cells(line: str) -> list[str]:
    """What a line puts into each column."""
    return [cell.strip() for cell in line.split("|")]


def log(title: str, lines: tuple[str, ...], seed: str) -> Image.Image:
    """A page of squared paper, torn from a pad, written on line by line with more than one pen."""
    chance = Chance(f"log {seed}")
    made = Image.new("RGBA", _SHEET, (250, 249, 244, 255))
    draw = ImageDraw.Draw(made)
    for n in range(0, max(_SHEET), 24):
        draw.line((n, 0, n, _SHEET[1]), fill=(196, 206, 226), width=1)
        draw.line((0, n, _SHEET[0], n), fill=(196, 206, 226), width=1)
    draw.line((84, 0, 84, _SHEET[1]), fill=(226, 150, 156), width=2)
    name = chance.pick(HANDS)
    draw.text((110, 38), title, font=typeface(name, 42.0), fill=chance.pick(_BLUE_INKS))
    columns = max((line.count("|") for line in lines), default=0) + 1
    step = (_SHEET[0] - 130) // columns
    y = 116
    for line in lines:
        ink = chance.pick(_BLUE_INKS)
        size = 34.0 if columns < 4 else 29.0
        for n, cell in enumerate(_cells(line)):
            place = (104 + n * step + chance.below(9), y + chance.below(7))
            draw.text(place, cell, font=typeface(name, size), fill=ink)
        y += 48
    return made


def vaccination(
    title: str,
    lines: tuple[str, ...],
    handwritten: tuple[str, ...],
    stamp: str | None,
    seed: str,
) -> Image.Image:
    """A page of an old booklet: yellowed, ruled in columns, each line by another hand and pen."""
    chance = Chance(f"booklet {seed}")
    paper = chance.pick(((240, 226, 188), (236, 220, 176), (228, 224, 204)))
    made = Image.new("RGBA", _SHEET, (*paper, 255))
    draw = ImageDraw.Draw(made)
    ink = (92, 70, 58)
    draw.text((360, 60), title, font=_print(30, bold=True), fill=ink, anchor="mm")
    columns = max((line.count("|") for line in lines), default=0) + 1
    step, top, height = 640 // columns, 110, 62
    rows = max(len(lines) + 2, 10)
    for n in range(rows + 1):
        draw.line((40, top + n * height, 680, top + n * height), fill=ink, width=1)
    for n in range(columns + 1):
        draw.line((40 + n * step, top, 40 + n * step, top + rows * height), fill=ink, width=2)
    for number, line in enumerate(lines):
        hand, pen = _hand(chance, 31 if columns < 4 else 26)
        head = number == 0
        for n, cell in enumerate(_cells(line)):
            place = (50 + n * step + chance.below(5), top + number * height + 12 + chance.below(8))
            font, colour = (_print(18, bold=True), ink) if head else (hand, pen)
            draw.text(place, cell, font=font, fill=colour)
        if not head and stamp is not None:
            _small_stamp(made, stamp, 500, top + number * height + 4, chance)
    y = top + rows * height + 14
    for line in handwritten:
        hand, pen = _hand(chance, 30)
        draw.text((50, y), line, font=hand, fill=pen)
        y += 40
    for _ in range(14):
        x, y, radius = chance.below(700), chance.below(960), 2 + chance.below(9)
        draw.ellipse((x, y, x + radius, y + radius), fill=(206, 180, 128, 255))
    return made


def _small_stamp(made: Image.Image, word: str, x: int, y: int, chance: Chance) -> None:
    """A doctor's stamp over the last column, a little askew."""
    stamp = Image.new("RGBA", (170, 50), (0, 0, 0, 0))
    draw, ink = ImageDraw.Draw(stamp), (*chance.pick(_STAMPS), 190)
    draw.rectangle((2, 8, 166, 44), outline=ink, width=2)
    draw.text((84, 26), word, font=_print(15, bold=True), fill=ink, anchor="mm")
    turned = stamp.rotate(chance.between(-7, 7), Image.Resampling.BILINEAR)
    made.alpha_composite(turned, (x, y))


def box(title: str, lines: tuple[str, ...], seed: str) -> Image.Image:
    """A box of medicine from the front, its side in shadow, with a band of the maker's colours."""
    chance = Chance(f"box {seed}")
    colour = chance.pick(((34, 110, 160), (190, 60, 70), (60, 140, 96), (120, 80, 150)))
    second = chance.pick(((240, 190, 60), (210, 220, 230), (90, 170, 210)))
    made = Image.new("RGBA", (760, 480), (0, 0, 0, 0))
    draw = ImageDraw.Draw(made)
    draw.polygon([(20, 60), (80, 10), (740, 10), (680, 60)], fill=(232, 232, 230))
    draw.polygon([(680, 60), (740, 10), (740, 400), (680, 460)], fill=(196, 198, 200))
    draw.rectangle((20, 60, 680, 460), fill=(252, 252, 251))
    draw.rectangle((20, 60, 680, 110), fill=colour)
    draw.polygon([(20, 460), (20, 400), (330, 460)], fill=second)
    draw.polygon([(680, 460), (680, 330), (250, 460)], fill=colour)
    size = 58
    while size > 24 and _print(size, bold=True).getlength(title) > 600:
        size -= 2
    draw.text((50, 130), title, font=_print(size, bold=True), fill=colour)
    y = 150 + size
    for line in lines:
        draw.text((52, y), line, font=_print(26), fill=_INK)
        y += 38
    draw.rectangle((690, 80, 730, 250), fill=(240, 240, 238))
    y = 92
    for n, width in enumerate(bars("34009300")):
        if n % 2 == 0:
            draw.rectangle((698, y, 722, y + width - 1), fill=(20, 20, 20))
        y += width
    return made
