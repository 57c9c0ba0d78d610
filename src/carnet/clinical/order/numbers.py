"""Numbers, units and days as people write them in French and in English."""

from __future__ import annotations

import re
import tomllib
from datetime import date, timedelta
from functools import cache
from importlib import resources

NARROW = " "
"""Narrow no-break space: between thousands, before a unit and before a percent sign in French."""

_DIGITS = re.compile(r"([+-]?)(\d+)(?:[.,](\d+))?")
_BRACES = re.compile(r"\{([^{}]*)\}")
_EPOCH = date(1970, 1, 1)
_MONTHS = {
    "fr": (
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
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}


def number(written: str, language: str) -> str:
    """A number as written, with this language's decimal sign and thousands; digits unchanged.

    What is no plain number stands as it was given.
    """
    found = _DIGITS.fullmatch(written.strip())
    if found is None:
        return written.strip()
    sign, whole, part = found.groups()
    if len(whole) > 4:
        whole = _grouped(whole, NARROW if language == "fr" else ",")
    return sign + whole + (("," if language == "fr" else ".") + part if part else "")


def _grouped(digits: str, between: str) -> str:
    head = len(digits) % 3
    groups = [digits[at : at + 3] for at in range(head, len(digits), 3)]
    return between.join(([digits[:head]] if head else []) + groups)


def quantity(written: str, unit: str, comparator: str, language: str) -> str:
    """A number with its comparator and unit: ``< 5 mg/L``, ``7,1 %``."""
    shown = number(written, language)
    if comparator:
        shown = f"{comparator}{NARROW}{shown}"
    words = unit_words(unit)
    if not words:
        return shown
    return f"{shown}{words}" if words == "%" and language == "en" else f"{shown}{NARROW}{words}"


@cache
def _units() -> dict[str, str]:
    data = resources.files("carnet.formats.gist") / "data" / "units.toml"
    return tomllib.loads(data.read_text(encoding="utf-8"))


def unit_words(unit: str) -> str:
    """A UCUM unit in words that people know; another one as it was given."""
    known = _units().get(unit)
    return known if known is not None else _BRACES.sub(lambda each: each[1].replace("_", " "), unit)


def day_of(number_of_days: int) -> date:
    """The date of a number of days since 1970-01-01."""
    return _EPOCH + timedelta(days=number_of_days)


def month(day: date, today: date, language: str) -> str:
    """The month of a day; its year too unless the day lies within the year before ``today``."""
    name = _MONTHS[language][day.month - 1]
    recent = 0 <= (today - day).days < 330
    return name if recent else f"{name} {day.year}"
