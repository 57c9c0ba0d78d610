"""Values put in order of time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

import msgspec

from carnet.portal.charts.scale import Moment, moment_of

T = TypeVar("T")


class Dated(msgspec.Struct, Generic[T], frozen=True, gc=False):
    """Something at its moment."""

    moment: Moment
    of: T


def in_order(values: Iterable[T], day: Callable[[T], str]) -> tuple[list[Dated[T]], list[T]]:
    """Those that have a date, oldest first (as given, within one moment), and those without."""
    dated: list[Dated[T]] = []
    undated: list[T] = []
    for value in values:
        moment = moment_of(day(value))
        if moment is None:
            undated.append(value)
        else:
            dated.append(Dated(moment, value))
    dated.sort(key=lambda one: one.moment.middle)
    return dated, undated
