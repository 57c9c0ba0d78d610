"""Dates as people say them: "hier à 9 h 12", "18 novembre", "mai 2019"; exact in ``<time>``.

What is known to the month or the year only is said so, and no day is invented.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from markupsafe import Markup

from carnet.portal.words import gettext as _
from carnet.portal.words import language

PARIS = ZoneInfo("Europe/Paris")
When = date | datetime | str
_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2}))?")


def time_element(when: When, today: date) -> Markup:
    """A ``<time>``: what people say, its machine form and, on hover, the exact one.

    ``when`` is a date, an instant, or ISO 8601 text to the year, month, day or second. Text that is
    no date stands there as it is.
    """
    known = _read(when)
    if isinstance(known, str):
        return Markup("<span>{}</span>").format(known)
    said, machine, exact = _forms(known, today)
    form = '<time datetime="{}" title="{}">{}</time>'
    return Markup(form).format(machine, exact, said)  # noqa: S704  a constant, its parts escaped


def full(when: When) -> str:
    """A date in words with its year, whatever the day: for what is printed or stays for long."""
    known = _read(when)
    if isinstance(known, str):
        return known
    if isinstance(known, _Month):
        return _month_forms(known)[0]
    return _with_year(known.date() if isinstance(known, datetime) else known)


def day(when: When, today: date) -> str:
    """A date in words, without its element."""
    known = _read(when)
    return known if isinstance(known, str) else _forms(known, today)[0]


class _Month:
    """A month, or with ``month`` None a year."""

    def __init__(self, year: int, month: int | None) -> None:
        self.year, self.month = year, month


def _read(when: When) -> date | datetime | _Month | str:
    if not isinstance(when, str):
        return when
    partial = _PARTIAL.fullmatch(when)
    try:
        if partial:
            month = int(partial[2]) if partial[2] else None
            date(int(partial[1]), month or 1, 1)
            return _Month(int(partial[1]), month)
        return date.fromisoformat(when) if len(when) == 10 else datetime.fromisoformat(when)
    except ValueError:
        return when


def _forms(known: date | datetime | _Month, today: date) -> tuple[str, str, str]:
    """What is said, the machine form, the exact words."""
    if isinstance(known, _Month):
        return _month_forms(known)
    if isinstance(known, datetime):
        local = (known if known.tzinfo else known.replace(tzinfo=UTC)).astimezone(PARIS)
        hour = _("{day} à {time}").format(day=_day(local.date(), today), time=_time(local))
        exact = format_datetime(local, "EEEE d MMMM y, HH:mm:ss", locale=language())
        return hour, local.isoformat(timespec="seconds"), exact
    return _day(known, today), known.isoformat(), _exact(known)


def _month_forms(known: _Month) -> tuple[str, str, str]:
    if known.month is None:
        return str(known.year), f"{known.year:04}", str(known.year)
    first = date(known.year, known.month, 1)
    said = format_date(first, "MMMM y", locale=language())
    return said, f"{known.year:04}-{known.month:02}", said


def _day(known: date, today: date) -> str:
    if known == today:
        return _("aujourd’hui")
    if known == today - timedelta(days=1):
        return _("hier")
    return _with_year(known) if known.year != today.year else _said(known, "d MMMM")


def _with_year(known: date) -> str:
    return _said(known, "d MMMM y")


def _said(known: date, pattern: str) -> str:
    said = format_date(known, pattern, locale=language())
    return re.sub(r"^1 ", "1er ", said) if language() == "fr" else said


def _exact(known: date) -> str:
    return format_date(known, "EEEE d MMMM y", locale=language())


def _time(local: datetime) -> str:
    if language() == "en":
        return f"{local:%H:%M}"
    return f"{local.hour} h {local.minute:02}" if local.minute else f"{local.hour} h"
