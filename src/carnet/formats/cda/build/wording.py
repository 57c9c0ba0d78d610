"""Days and names as French readers write them."""

from __future__ import annotations

from carnet.record.identity import Name

_TITLES = {"DR": "Dr", "PR": "Pr"}


def french_day(time: str | None, unknown: str = "") -> str:
    """A CDA timestamp of any precision: ``20261201…`` as 01/12/2026, ``2026`` as itself."""
    if time is None:
        return unknown
    return "/".join(part for part in (time[6:8], time[4:6], time[:4]) if part)


def french_span(start: str | None, end: str | None) -> str:
    """``du … au …``, or ``le …`` where the two are one day or one of them is unknown."""
    first, last = french_day(start), french_day(end)
    if not first or not last or first == last:
        return f"le {first or last}" if first or last else ""
    return f"du {first} au {last}"


def french_name(name: Name | None) -> str:
    """Title, given name and family name; empty where nobody is named."""
    if name is None:
        return ""
    title = None if name.suffix is None else _TITLES.get(name.suffix)
    return " ".join(part for part in (title, name.given, name.family) if part)
