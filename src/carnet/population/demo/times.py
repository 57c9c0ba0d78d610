"""Days and hours of the demo, counted back from the day it is run, and how letters say them."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

FIRST_DAY = date(2026, 8, 1)
"""The first day on which every script fits its person: births are fixed, documents are not."""

_PARIS = ZoneInfo("Europe/Paris")
_MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
_PLACEHOLDER = re.compile(r"\{(-\d+|age|patient)\}")


def instant(as_of: date, days_ago: int, clock: str) -> datetime:
    """The moment ``clock`` (HH:MM, Paris) on the day that many days before ``as_of``."""
    hour, minute = clock.split(":")
    day = as_of - timedelta(days=days_ago)
    return datetime.combine(day, time(int(hour), int(minute)), tzinfo=_PARIS)


def cda_time(moment: datetime) -> str:
    """A CDA timestamp with its offset: ``20260105101500+0100``."""
    return moment.strftime("%Y%m%d%H%M%S%z")


def french_date(day: date) -> str:
    """A date as a letter writes it: ``3 mai 2026``, ``1er mai 2026``."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {_MONTHS[day.month - 1]} {day.year}"


def french_age(born: date, day: date) -> str:
    """An age as a letter writes it: in months before the second birthday, then in years."""
    months = (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)
    if months < 24:
        return f"{months} mois"
    return f"{months // 12} ans"


def fill(text: str, as_of: date, age: str, patient: str) -> str:
    """Replaces ``{-30}`` by the date thirty days before ``as_of``, ``{age}`` and ``{patient}``."""

    def word(found: re.Match[str]) -> str:
        name = found.group(1)
        if name == "age":
            return age
        if name == "patient":
            return patient
        return french_date(as_of + timedelta(days=int(name)))

    return _PLACEHOLDER.sub(word, text)
