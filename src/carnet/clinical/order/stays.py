"""Stays in hospital and visits to emergencies: which papers they consist of."""

from __future__ import annotations

from collections.abc import Sequence

from carnet.clinical.order.childhood import NEWBORN, is_birth
from carnet.clinical.order.linking import Unit

_ANCHORS = frozenset({"stay", "emergency", "operation"})
_INSIDE = frozenset(
    {
        "anaesthesia",
        "care",
        "child",
        "emergency",
        "examination",
        "imaging",
        "implant",
        "laboratory",
        "letter",
        "operation",
        "order",
        "pathology",
        "pharmacy",
        "prescription",
        "referral",
        "social",
        "stay",
    }
)
_SAME_DAY = frozenset({"examination", "imaging", "laboratory", "letter"})
_RANK = {"operation": 0, "stay": 1, "emergency": 2, "implant": 3}
_VAGUE = frozenset({"fracture", "fall", "cancer"})


class Stay:
    """Papers of one stay or visit. ``about`` is its topic, empty where nothing says it."""

    __slots__ = ("about", "first", "units")

    def __init__(self, units: Sequence[Unit]) -> None:
        self.units = list(units)
        self.first = min(unit.day for unit in units)
        self.about = _topic(units) or (NEWBORN if self.is_told and is_birth(units) else "")

    @property
    def is_told(self) -> bool:
        """Whether a report of the stay itself is among its papers."""
        return any(unit.sort == "stay" for unit in self.units)


class _Span:
    """From when to when somebody was in a hospital."""

    def __init__(self, first: int, last: int, structure: str) -> None:
        self.first, self.last, self.structure = first, last, structure

    def holds(self, unit: Unit) -> bool:
        """Whether a paper is one of that time there."""
        head, night = unit.head, self.last > self.first + 1
        here = head.structure == self.structure
        if not self.first <= unit.day <= self.last or head.sort not in _INSIDE:
            return False
        if head.sort == "referral":
            return here or unit.day <= self.first + 1
        if head.sort == "letter" and not ((head.hospital or here) and (night or not unit.named)):
            return False
        at_once = unit.day <= self.first + 1 and head.hospital and head.sort in _SAME_DAY
        slept = night and (
            (head.hospital and unit.day < self.last) or head.sort in ("laboratory", "imaging")
        )
        return here or at_once or slept


def stays_of(units: Sequence[Unit]) -> list[Stay]:
    """The stays that the units tell of, in order; a unit is in one at most."""
    found: list[Stay] = []
    taken: set[int] = set()
    for span in _spans(units):
        held = [unit for unit in units if id(unit) not in taken and span.holds(unit)]
        if held:
            taken.update(map(id, held))
            found.append(Stay(held))
    return found


def _spans(units: Sequence[Unit]) -> list[_Span]:
    spans: list[_Span] = []
    for unit in units:
        if unit.sort not in _ANCHORS:
            continue
        last = max(one.last for one in unit.papers)
        if unit.sort == "emergency":
            last = max(last, unit.day + 1)
        for span in spans:
            near = unit.day <= span.last + 1 and last >= span.first - 1
            if near and span.structure == unit.head.structure:
                span.first, span.last = min(span.first, unit.day), max(span.last, last)
                break
        else:
            spans.append(_Span(unit.day, last, unit.head.structure))
    return spans


def _topic(units: Sequence[Unit]) -> str:
    """What the papers name, the operation's before the discharge's before the emergency's."""
    telling = [unit for unit in units if unit.named and unit.sort in _RANK]
    if telling:
        named = min(telling, key=lambda unit: (_RANK[unit.sort], unit.day)).named
        return next((key for key in named if key not in _VAGUE), named[0])
    return next((unit.hinted[0] for unit in units if unit.sort == "stay" and unit.hinted), "")
