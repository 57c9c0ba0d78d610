"""How letters say names, dates, ages, numbers and addresses."""

from __future__ import annotations

from datetime import date

from carnet.population.model import Place
from carnet.population.numbers import number_in
from carnet.record.identity import Name

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
_CIVILITIES = {"M": "M.", "MME": "Mme"}
_INFANT_MONTHS = 24
_MONTH_DAYS = 30
_YEAR_DAYS = 365


def french_date(day: date) -> str:
    """A date as a letter writes it: ``3 mai 2026``, ``1er mai 2026``."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {_MONTHS[day.month - 1]} {day.year}"


def french_month(day: date) -> str:
    """A month as a letter writes it: ``mai 2026``."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def age_in_months(born: date, day: date) -> int:
    """Whole months of age."""
    return (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)


def french_age(born: date, day: date) -> str:
    """An age as a letter writes it: days, months before the second birthday, then years."""
    months = age_in_months(born, day)
    if months < 1:
        days = (day - born).days
        return f"{days} jour{'s' if days > 1 else ''}"
    if months < _INFANT_MONTHS:
        return f"{months} mois"
    return f"{months // 12} ans"


def spoken(name: Name) -> str:
    """A name as a letter writes it: ``Dr Hélène GARRIGUE``, ``Mme Camille BERTHIER``."""
    civility = "Dr" if name.suffix == "DR" else _CIVILITIES.get(name.prefix or "", "")
    return " ".join(part for part in (civility, name.given, name.family) if part)


def number_of(value: str) -> str:
    """A value as French writes it: ``7.1`` → ``7,1``, ``<5`` → ``< 5``; words stay as they are."""
    number = number_in(value)
    if number is None:
        return value
    return f"{number.comparator} {number.value.replace('.', ',')}".strip()


def short_date(day: date) -> str:
    """A date as forms print it: ``03/05/2026``."""
    return f"{day:%d/%m/%Y}"


def span_of(days: int) -> str:
    """How long, as a prescription says it: ``10 jours``, ``3 mois``, ``1 an``."""
    if days == _YEAR_DAYS:
        return "1 an"
    if days >= _MONTH_DAYS and days % _MONTH_DAYS == 0:
        return f"{days // _MONTH_DAYS} mois"
    return f"{days} jour{'s' if days > 1 else ''}"


def phone_of(number: str) -> str:
    """A telephone number in pairs: ``02 61 91 01 01``."""
    return " ".join(number[i : i + 2] for i in range(0, len(number), 2))


def address_of(place: Place) -> tuple[str, str]:
    """The two lines of an address."""
    return f"{place.number}, {place.street}", f"{place.postal_code} {place.city}"
