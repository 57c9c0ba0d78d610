"""effectiveTime of entries (TS, IVL_TS, PIVL_TS, EIVL_TS, SXPR_TS) as ``When`` and dosing.

A time that is none (month 20, 31 February) gives no date: what was written stands in
``When.written``.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from carnet.formats.cda.facts.elements import Element
from carnet.formats.cda.facts.values import XSI_TYPE, quantity
from carnet.formats.cda.times import fhir_date_time
from carnet.record.errors import CarnetError
from carnet.record.facts import Quantity, When


class Rhythm(msgspec.Struct, frozen=True):
    """How often: a period, or an event of the day; for how long, where no end is given."""

    when: When = When()
    every: Quantity | None = None
    event: str = ""
    duration: Quantity | None = None


def when(nodes: Iterable[Element]) -> When:
    """The first of these times that says something, periods and events apart."""
    written = ""
    for node in flat(nodes):
        if node.first("period") is not None or node.first("event") is not None:
            continue
        found = _one(node)
        if found.start or found.end:
            return found
        written = written or found.written
    return When(written=written)


def rhythm(nodes: Iterable[Element]) -> Rhythm:
    """What the times say of how often and for how long."""
    every: Quantity | None = None
    event = ""
    duration: Quantity | None = None
    parts = flat(nodes)
    for node in parts:
        every = every or quantity(node.first("period"))
        found = node.first("event")
        event = event or (found.get("code") if found is not None else "")
        high = node.first("high")
        if high is None or not high.get("value"):
            duration = duration or quantity(node.first("width"))
    return Rhythm(when(parts), every, event, duration)


def flat(nodes: Iterable[Element]) -> list[Element]:
    """Times that are made of others (SXPR_TS) give those."""
    found: list[Element] = []
    for node in nodes:
        parts = node.every("comp")
        found.extend(parts if parts and node.get(XSI_TYPE).endswith("SXPR_TS") else [node])
    return found


def _one(node: Element) -> When:
    low, high = node.first("low"), node.first("high")
    if low is None and high is None:
        center = node.first("center")
        raw = node.get("value") or (center.get("value") if center is not None else "")
        start = moment(raw)
        return When(start, "", point=bool(start), written="" if start else raw[:40])
    raws = [each.get("value") if each is not None else "" for each in (low, high)]
    start, end = (moment(raw) for raw in raws)
    bad = [raw[:40] for raw, read in zip(raws, (start, end), strict=True) if raw and not read]
    return When(start, end, written=" ".join(bad))


def moment(raw: str) -> str:
    """A TS as a FHIR date or dateTime; empty where it is none."""
    if not raw:
        return ""
    try:
        return fhir_date_time(raw)
    except CarnetError:
        return ""
