"""Vector drawings: invented logos, signatures, rubber stamps, bar codes."""

from __future__ import annotations

import math
from collections.abc import Callable

from carnet.formats.pdf.chance import Chance
from carnet.formats.pdf.families import family
from carnet.formats.pdf.sheet import Line, Point, Round, Sheet

Draw = Callable[[Sheet, float, float, float, str], None]

_BLUE_INKS = ("#1f2f7a", "#22408f", "#15151f", "#2b2b35", "#14256b")


def _shape(sheet: Sheet, points: list[Point], colour: str) -> None:
    sheet.marks.append(Line(tuple(points), None, 0, colour))


def _disc(sheet: Sheet, cx: float, cy: float, radius: float, colour: str) -> None:
    box = (cx - radius, cy - radius, 2 * radius, 2 * radius)
    sheet.marks.append(Round(*box, None, 0, colour))


def _ring(sheet: Sheet, cx: float, cy: float, radius: float, colour: str, width: float) -> None:
    box = (cx - radius, cy - radius, 2 * radius, 2 * radius)
    sheet.marks.append(Round(*box, colour, width))


def _cross(sheet: Sheet, x: float, y: float, size: float, colour: str) -> None:
    third = size / 3
    sheet.box(x + third, y, third, size, fill=colour)
    sheet.box(x, y + third, size, third, fill=colour)


def _cross_in_disc(sheet: Sheet, x: float, y: float, size: float, colour: str) -> None:
    _disc(sheet, x + size / 2, y + size / 2, size / 2, colour)
    _cross(sheet, x + size * 0.26, y + size * 0.26, size * 0.48, "#ffffff")


def _waves(sheet: Sheet, x: float, y: float, size: float, colour: str) -> None:
    for row in range(3):
        points = [
            (x + size * t / 20, y + size * (0.25 + 0.26 * row + 0.09 * math.sin(t / 20 * 7)))
            for t in range(21)
        ]
        sheet.marks.append(Line(tuple(points), colour, size * 0.09))


def _heart(sheet: Sheet, x: float, y: float, size: float, colour: str) -> None:
    points = []
    for n in range(40):
        t = 2 * math.pi * n / 40
        across = 16 * math.sin(t) ** 3
        up = 13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)
        points.append((x + size / 2 + across * size / 34, y + size * 0.45 - up * size / 34))
    _shape(sheet, points, colour)
    beat = ((0, 0.5), (0.3, 0.5), (0.4, 0.3), (0.52, 0.72), (0.6, 0.5), (1, 0.5))
    trace = tuple((x + size * a, y + size * b) for a, b in beat)
    sheet.marks.append(Line(trace, "#ffffff", size * 0.05))


def _leaf(sheet: Sheet, x: float, y: float, size: float, colour: str) -> None:
    for side in (-1, 1):
        points = []
        for n in range(17):
            t = n / 16
            bulge = side * 0.26 * math.sin(math.pi * t) + 0.5
            points.append((x + size * bulge, y + size * (1 - t)))
        points.extend([(x + size * 0.5, y), (x + size * (0.5 + side * 0.02), y + size)])
        _shape(sheet, points, colour)
    sheet.line(x + size / 2, y + size * 0.2, x + size / 2, y + size * 1.1, "#ffffff", size * 0.03)


def _rod(sheet: Sheet, x: float, y: float, size: float, colour: str) -> None:
    """A rod with one snake, the old sign of medicine."""
    middle = x + size / 2
    sheet.line(middle, y, middle, y + size, colour, size * 0.06)
    points = []
    for n in range(41):
        t = n / 40
        points.append((middle + size * 0.27 * (1 - 0.5 * t) * math.sin(9.5 * t), y + size * t))
    sheet.marks.append(Line(tuple(points), colour, size * 0.055))
    _disc(sheet, middle, y, size * 0.07, colour)


def _rings(sheet: Sheet, x: float, y: float, size: float, colour: str) -> None:
    for n, (dx, dy) in enumerate(((0.35, 0.35), (0.65, 0.35), (0.5, 0.62))):
        _ring(sheet, x + size * dx, y + size * dy, size * 0.28, colour, size * (0.05 + 0.02 * n))


def _roof(sheet: Sheet, x: float, y: float, size: float, colour: str) -> None:
    outline = [(0, 0.5), (0.5, 0.05), (1, 0.5), (0.88, 0.5), (0.88, 1), (0.12, 1), (0.12, 0.5)]
    _shape(sheet, [(x + size * a, y + size * b) for a, b in outline], colour)
    _cross(sheet, x + size * 0.35, y + size * 0.5, size * 0.3, "#ffffff")


def _sun(sheet: Sheet, x: float, y: float, size: float, colour: str) -> None:
    cx, cy = x + size / 2, y + size / 2
    for n in range(12):
        angle = math.pi * n / 6
        near, far = size * 0.32, size * (0.5 if n % 2 else 0.42)
        across, down = math.cos(angle), math.sin(angle)
        ends = (cx + near * across, cy + near * down, cx + far * across, cy + far * down)
        sheet.line(*ends, colour, size * 0.05)
    _disc(sheet, cx, cy, size * 0.24, colour)


def _hexagon(sheet: Sheet, x: float, y: float, size: float, colour: str) -> None:
    corners = [math.pi / 6 + math.pi * n / 3 for n in range(6)]
    for share, fill in ((0.5, colour), (0.36, "#ffffff"), (0.26, colour)):
        points = [
            (x + size / 2 + size * share * math.cos(a), y + size / 2 + size * share * math.sin(a))
            for a in corners
        ]
        _shape(sheet, points, fill)


def _bars(sheet: Sheet, x: float, y: float, size: float, colour: str) -> None:
    for n, height in enumerate((0.45, 0.75, 1.0, 0.6)):
        width = size * 0.19
        sheet.box(x + n * size * 0.26, y + size * (1 - height), width, size * height, fill=colour)


def _eye(sheet: Sheet, x: float, y: float, size: float, colour: str) -> None:
    lids = [
        (x + size * n / 20, y + size * (0.5 - side * 0.32 * math.sin(math.pi * n / 20)))
        for side, steps in ((1, range(21)), (-1, range(20, -1, -1)))
        for n in steps
    ]
    sheet.marks.append(Line(tuple(lids), colour, size * 0.06))
    _disc(sheet, x + size / 2, y + size / 2, size * 0.19, colour)


LOGOS: dict[str, Draw] = {
    "cross": _cross,
    "disc": _cross_in_disc,
    "waves": _waves,
    "heart": _heart,
    "leaf": _leaf,
    "rod": _rod,
    "rings": _rings,
    "roof": _roof,
    "sun": _sun,
    "hexagon": _hexagon,
    "bars": _bars,
    "eye": _eye,
}
"""Logos that a look can name; each draws into a square from its upper left corner."""


def scribble(seed: str) -> list[Point]:
    """A signature as a pen's path in a unit square: a tall beginning, hurried loops, a tail."""
    chance = Chance(f"signature {seed}")
    waves = [
        (chance.between(3, 6), 0.30, chance.between(0, 6.3)),
        (chance.between(7, 11), chance.between(0.1, 0.24), chance.between(0, 6.3)),
        (chance.between(13, 19), chance.between(0.02, 0.08), chance.between(0, 6.3)),
    ]
    fade, calm = chance.between(0.9, 2.2), chance.between(0.16, 0.4)
    loop, slant = chance.between(0.02, 0.1), chance.between(0.0, 0.35)
    haste = chance.between(0.75, 1.35)
    points = []
    for n in range(111):
        t = n / 110
        envelope = max(calm * (1 - t) + 0.08, math.exp(-fade * 3 * t))
        up = envelope * sum(h * math.sin(2 * math.pi * w * t + p) for w, h, p in waves)
        (rate, _, phase), *_ = waves
        swing = loop * math.cos(2 * math.pi * rate * t + phase) * (0.4 + envelope)
        points.append((0.06 + 0.78 * t**haste + swing + slant * up, 0.5 - up))
    if chance.below(3):
        end, reach = points[-1], chance.between(0.3, 0.7)
        drop = chance.between(0.16, 0.36)
        points.extend(
            (end[0] - reach * s / 12, end[1] + drop * math.sin(s / 12 * 1.7)) for s in range(1, 13)
        )
    return points


def draw_scribble(sheet: Sheet, x: float, y: float, width: float, height: float, seed: str) -> None:
    """A signature in the ink that its seed gives."""
    ink = Chance(f"ink {seed}").pick(_BLUE_INKS)
    points = tuple((x + width * a, y + height * b) for a, b in scribble(seed))
    sheet.marks.append(Line(points, ink, 1.1))


def draw_stamp(sheet: Sheet, x: float, y: float, lines: tuple[str, ...], seed: str) -> None:
    """A rubber stamp: a few lines in one ink, never quite straight."""
    chance = Chance(f"stamp {seed} {lines}")
    ink = chance.pick(("#3b3f9c", "#4a3a8c", "#2c2c38", "#1d4f91", "#7a2f57"))
    angle = chance.between(-4.0, 4.0)
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    cuts = family("Arimo")
    widest = max(cuts.bold.width(line) for line in lines) * 7.5
    for n, line in enumerate(lines):
        cut = cuts.regular if n else cuts.bold
        across, down = (widest - cut.width(line) * 7.5) / 2, 11 + 9.5 * n
        place = (x + 5 + across * cos + down * sin, y + down * cos - across * sin)
        sheet.write(*place, cut, 7.5, ink, line, angle=angle)
    if chance.below(2):
        return
    width, height = widest + 10, 9.5 * len(lines) + 7
    corners = ((0, 0), (width, 0), (width, height), (0, height), (0, 0))
    frame = tuple((x + a * cos + b * sin, y + b * cos - a * sin) for a, b in corners)
    sheet.marks.append(Line(frame, ink, 0.9))
