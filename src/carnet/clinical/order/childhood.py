"""The years as a child: examinations, vaccinations and what a nurse of infants writes are one.

An illness or a stay that says so of itself keeps its papers. The age is that on the day of service,
by the day of birth that the document itself gives of its patient.
"""

from __future__ import annotations

from collections.abc import Sequence

from carnet.clinical.order.linking import Unit
from carnet.clinical.order.model import Paper

CHILDHOOD = "childhood"
NEWBORN = "newborn"

_HISTORY = "11369-6"  # JDV_J07: historique des vaccinations
_CERTIFICATE = "89601-9"
_YEAR = 365.25  # days
_GROWN = 16  # years; a vaccination from then on stands alone
_YOUNG = 10  # years from which vaccinations need an examination beside them
_SMALL = 7  # years until which certificates are for a crèche or a school
_INFANT = 3  # years in which a nurse's visit is one to an infant
_BORN_HERE = 3  # days after birth in which the stay of birth begins


def years_of(paper: Paper) -> float | None:
    """The age of its patient on the day of service; None where the document does not tell."""
    return None if paper.born is None else (paper.day - paper.born) / _YEAR


def is_childs_history(paper: Paper) -> bool:
    """The list of a child's vaccinations; that of an adult is about everything."""
    years = years_of(paper)
    return paper.type == _HISTORY and years is not None and years < _GROWN


def find_childhood(units: Sequence[Unit]) -> None:
    """Sets ``about`` of what belongs to childhood and says of nothing else what it is about."""
    examined = any(unit.sort == "child" for unit in units)
    for unit in units:
        caught_up = unit.sort == "vaccination" and unit.about == "access"
        if (not unit.about or caught_up) and _of_childhood(unit, examined=examined):
            unit.about = CHILDHOOD


def _of_childhood(unit: Unit, *, examined: bool) -> bool:
    if unit.sort == "child" or is_childs_history(unit.head):
        return True
    years = years_of(unit.head)
    if years is None or years >= _GROWN:
        return False
    if unit.sort == "vaccination":
        return years < _YOUNG or examined
    if unit.named or unit.head.hospital:
        return False
    if unit.head.type == _CERTIFICATE:
        return years < _SMALL
    return unit.sort == "care" and years < _INFANT


def is_birth(units: Sequence[Unit]) -> bool:
    """Whether a stay is the one in which its patient was born."""
    head = units[0].head
    return head.born is not None and 0 <= head.day - head.born <= _BORN_HERE
