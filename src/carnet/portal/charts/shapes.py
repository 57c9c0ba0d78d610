"""The few shapes that all pictures are made of."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from carnet.portal.charts.scale import Scale
from carnet.portal.charts.series import Mark, Span


class Dot(msgspec.Struct, frozen=True, gc=False):
    """A place. ``comparator`` tells that the value lies below (``<``) or above it (``>``)."""

    x: float
    y: float
    comparator: str = ""

    @property
    def below(self) -> bool:
        """Whether the value is somewhere under this place."""
        return self.comparator.startswith("<")


class Area(msgspec.Struct, frozen=True):
    """A reference range for a stretch of time; ``top`` and ``bottom`` are edges that are bounds."""

    x: float
    y: float
    width: float
    height: float
    top: bool
    bottom: bool

    @property
    def end(self) -> float:
        """Its right edge."""
        return round(self.x + self.width, 1)

    @property
    def foot(self) -> float:
        """Its lower edge."""
        return round(self.y + self.height, 1)


def areas_of(
    spans: Sequence[Span],
    time: Scale,
    value: Scale,
    across: tuple[float, float],
    down: tuple[float, float],
) -> tuple[Area, ...]:
    """Reference ranges as rectangles; an open side goes on to the edge of the picture."""
    areas = []
    for span in spans:
        x = across[0] if span.begin is None else time(span.begin)
        end = across[1] if span.end is None else time(span.end)
        top = down[0] if span.high is None else value(span.high)
        foot = down[1] if span.low is None else value(span.low)
        areas.append(
            Area(
                x,
                top,
                round(end - x, 1),
                round(foot - top, 1),
                top=span.high is not None,
                bottom=span.low is not None,
            )
        )
    return tuple(areas)


def path_of(marks: Sequence[Mark], dots: Sequence[Dot]) -> tuple[str, list[Dot]]:
    """The line through values of one run (SVG path data), and the dots that no line touches."""
    pieces: list[str] = []
    lone: list[Dot] = []
    begin = 0
    for index in range(1, len(marks) + 1):
        if index < len(marks) and marks[index].run == marks[begin].run:
            continue
        run = dots[begin:index]
        if len(run) == 1:
            lone.append(run[0])
        else:
            pieces.append("M" + "L".join(f"{dot.x:g} {dot.y:g}" for dot in run))
        begin = index
    return "".join(pieces), lone
