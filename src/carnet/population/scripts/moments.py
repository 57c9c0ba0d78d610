"""Dates of a script: counted from the day of the demo, from birth, from an episode, or fixed.

``-8y+3d``, ``today``, ``birth+2m``, ``start+10d`` (of the episode), ``2019-05-02``; with an hour
where it matters: ``start+3d 09:40``. Units: y, m (calendar months), w, d. Hours are of Paris.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")

_FORM = re.compile(
    r"(?:(?P<fixed>\d{4}-\d\d-\d\d)|(?P<anchor>today|birth|start)?(?P<steps>(?:[+-]\d+[ymwd])*))"
    r"(?: (?P<hour>\d\d):(?P<minute>\d\d))?"
)
_STEP = re.compile(r"([+-])(\d+)([ymwd])")
_DAYS = {"w": 7, "d": 1}
_MONTHS = {"y": 12, "m": 1}
_NOON = time(12)
_FRIDAY = 4
_HOLIDAYS = frozenset(
    {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
)  # month and day


class ImpossibleDateError(ValueError):
    """A date that a script names and no calendar has."""


def months_after(day: date, months: int) -> date:
    """The same day of the month that many months later, or the last day of a shorter month."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def stepped(day: date, steps: str) -> date:
    """``day`` moved by steps such as ``-2y+3d``, from left to right.

    Raises ``ImpossibleDateError`` for other words and for days outside the calendar.
    """
    if "".join(found.group() for found in _STEP.finditer(steps)) != steps:
        raise ImpossibleDateError(f"“{steps}” is not a span such as +3m or -2y+10d")
    try:
        for sign, number, unit in _STEP.findall(steps):
            count = int(number) if sign == "+" else -int(number)
            if unit in _MONTHS:
                day = months_after(day, count * _MONTHS[unit])
            else:
                day += timedelta(days=count * _DAYS[unit])
    except (ValueError, OverflowError) as error:
        raise ImpossibleDateError(f"“{steps}” leads out of the calendar") from error
    return day


class Anchors:
    """What dates of one script count from."""

    def __init__(self, today: date, birth: date | None = None, start: date | None = None) -> None:
        self.today = today
        self.birth = birth
        self.start = start

    def within(self, start: date | None) -> Anchors:
        """The same, inside an episode that began then."""
        return Anchors(self.today, self.birth, start)

    def day(self, words: str) -> date:
        """The day that ``words`` name. Raises ``ImpossibleDateError``."""
        return self._read(words)[0]

    def moment(self, words: str, hour: time = _NOON) -> datetime:
        """The moment that ``words`` name, at ``hour`` where they say none.

        Raises ``ImpossibleDateError``.
        """
        day, said = self._read(words)
        return datetime.combine(day, said or hour, tzinfo=PARIS)

    def _read(self, words: str) -> tuple[date, time | None]:
        found = _FORM.fullmatch(words)
        if found is None or not words:
            raise ImpossibleDateError(
                f"“{words}” is no date: write -8y+3d, birth+2m, start+10d or 2019-05-02"
            )
        return self._day(found), self._hour(found)

    def _hour(self, found: re.Match[str]) -> time | None:
        if found["hour"] is None:
            return None
        try:
            return time(int(found["hour"]), int(found["minute"]))
        except ValueError as error:
            raise ImpossibleDateError(f"“{found.group()}” has no such hour") from error

    def _day(self, found: re.Match[str]) -> date:
        if found["fixed"]:
            try:
                return date.fromisoformat(found["fixed"])
            except ValueError as error:
                raise ImpossibleDateError(f"“{found['fixed']}” is no day") from error
        return stepped(self._anchor(found["anchor"] or "today"), found["steps"])

    def _anchor(self, name: str) -> date:
        day = {"today": self.today, "birth": self.birth, "start": self.start}[name]
        if day is None:
            raise ImpossibleDateError(f"“{name}” means nothing here")
        return day


def working_day(day: date) -> date:
    """That day, or the next on which practices are open: no weekend, no holiday of a fixed date."""
    while day.weekday() > _FRIDAY or (day.month, day.day) in _HOLIDAYS:
        day += timedelta(days=1)
    return day


def _multiplied(span: str, number: int) -> str:
    """A span so many times over, counted at once, so that months do not lose their last days."""
    return re.sub(r"\d+", lambda found: str(int(found.group()) * number), f"+{span}")


def repeated(
    anchors: Anchors, words: str, every: str | None, times: int, hour: time
) -> Iterator[datetime]:
    """The first moment and those that follow at equal spans (``3m``): ``times`` in all.

    Raises ``ImpossibleDateError``, also where ``times`` says more than one and nothing how often.
    """
    if times > 1 and every is None:
        raise ImpossibleDateError("`times` needs `every`, such as 3m")
    first = anchors.moment(words, hour)
    for number in range(times):
        day = stepped(first.date(), _multiplied(every or "0d", number))
        yield datetime.combine(day, first.timetz().replace(tzinfo=None), tzinfo=PARIS)
