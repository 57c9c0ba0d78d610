"""The words and figures of the pictures, in the language of the reader.

Sentences are French in the source and go through gettext; figures follow the locale (a comma and
a narrow space in French). A number keeps the decimals it was written with: 7,10 is not 7,1.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache

import msgspec
from babel.dates import format_date
from babel.numbers import get_decimal_symbol, get_group_symbol

from carnet.portal import words
from carnet.portal.charts.scale import Moment, decimal_of

MINUS = "\N{MINUS SIGN}"
NO_BREAK = "\N{NO-BREAK SPACE}"
PLAIN_DIGITS = 15  # a number of more digits is written with its exponent, as it was given

COMPARATORS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥"}

# UCUM codes that people write otherwise (ucum.org, case sensitive); all others stand as given.
UNITS = {
    "1": "",
    "mm[Hg]": "mmHg",
    "Cel": "°C",
    "ug": "µg",
    "ug/L": "µg/L",
    "umol/L": "µmol/L",
    "10*9/L": "10⁹/L",
    "10*12/L": "10¹²/L",
    "10*3/uL": "10³/µL",
    "10*6/uL": "10⁶/µL",
    "/min": "par minute",
    "{beats}/min": "par minute",
    "m[IU]/L": "mUI/L",
    "[IU]/L": "UI/L",
    "U/L": "U/L",
    "mL/min/{1.73_m2}": "mL/min/1,73 m²",
    "kg/m2": "kg/m²",
}


def _same(text: str) -> str:
    return text


def _french_plural(singular: str, plural: str, count: int) -> str:
    """French counts none and one alike."""
    return singular if count < 2 else plural


@lru_cache(maxsize=16)
def _symbols(locale: str) -> tuple[str, str]:
    return get_decimal_symbol(locale), get_group_symbol(locale)


@lru_cache(maxsize=4096)
def _date(day: date, pattern: str, locale: str) -> str:
    return format_date(day, pattern, locale=locale)


class Speech(msgspec.Struct, frozen=True):
    """A language: its two functions of gettext, and the locale for figures and dates."""

    locale: str = "fr"
    gettext: Callable[[str], str] = _same
    ngettext: Callable[[str, str, int], str] = _french_plural

    def number(self, written: str) -> str:
        """A number as written, with the locale's signs; other words stay as they are."""
        value = decimal_of(written)
        if value is None:
            return written
        return self.decimal(value)

    def decimal(self, value: Decimal) -> str:
        """A number with all its decimals, at least its integer digits in groups of three."""
        point, group = _symbols(self.locale)
        if abs(value.adjusted()) >= PLAIN_DIGITS:
            return f"{value:E}".replace(".", point).replace("-", MINUS)
        whole, _, decimals = f"{abs(value):f}".partition(".")
        if len(whole) > 4:  # four digits stand together in French
            whole = f"{int(whole):,}".replace(",", group)
        sign = MINUS if value < 0 else ""
        return f"{sign}{whole}{point}{decimals}" if decimals else sign + whole

    def change(self, value: Decimal) -> str:
        """A difference with its sign: "+ 0,7", "− 0,7", or "0"."""
        if value == 0:
            return self.decimal(value.copy_abs())
        sign = MINUS if value < 0 else "+"
        return f"{sign}{NO_BREAK}{self.decimal(abs(value))}"

    def count(self, number: int) -> str:
        """How many."""
        return self.decimal(Decimal(number))

    def unit(self, code: str) -> str:
        """A unit as people write it, where that is known."""
        return UNITS.get(code, code)

    def quantity(self, written: str, unit: str, comparator: str = "") -> str:
        """A value with its comparator and its unit: "< 5 mg/L"."""
        parts = (COMPARATORS.get(comparator, comparator), self.number(written), self.unit(unit))
        return NO_BREAK.join(part for part in parts if part)

    def range(self, low: str, high: str, words: str = "") -> str:
        """Bounds as reported: "4 à 6", "moins de 1,00", "plus de 60", words, or nothing.

        A range of HL7 does not say whether its ends belong to it; neither does "à".
        """
        if low and high:
            text = self.gettext("%(low)s à %(high)s")
        elif high:
            text = self.gettext("jusqu’à %(high)s")
        elif low:
            text = self.gettext("à partir de %(low)s")
        else:
            return words
        return text % {"low": self.number(low), "high": self.number(high)}

    def day(self, moment: Moment) -> str:
        """A date as people say it, as precise as it was given: "18 nov. 2026", "2026"."""
        pattern = {4: "yyyy", 7: "MMM yyyy"}.get(moment.precision, "d MMM yyyy")
        return self.short(moment.date, pattern)

    def month(self, day: date) -> str:
        """A month with its year, in full: "novembre 2026"."""
        return _date(day, "MMMM yyyy", self.locale)

    def short(self, day: date, pattern: str) -> str:
        """A date by a pattern of Unicode TR 35; the first of a month as French says it."""
        said = _date(day, pattern, self.locale)
        first = day.day == 1 and pattern.startswith("d ") and self.locale.startswith("fr")
        return said.replace("1", "1er", 1) if first else said


FRENCH = Speech()


def ambient() -> Speech:
    """The language of the page that is being written."""
    return Speech(words.language(), words.gettext, words.ngettext)
