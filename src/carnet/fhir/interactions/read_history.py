"""``GET AuditEvent?patient=``: the history of a record, newest first (IHE BALP patterns)."""

from __future__ import annotations

from carnet.fhir import dates, values
from carnet.fhir.call import Call
from carnet.fhir.http import Response
from carnet.fhir.interactions.search import answer, asked_of, page_links
from carnet.fhir.params import Asked, Param, Table, apply, written
from carnet.formats.fhir.audit_event import render
from carnet.formats.fhir.bundle import entry
from carnet.record.errors import CarnetError
from carnet.record.identity import Ins

_COUNT_LIMIT = 500


class _Draft:
    def __init__(self, base: str) -> None:
        self.base = base
        self.patient: Ins | None = None
        self.record: str | None = None
        self.since: float | None = None
        self.until: float | None = None
        self.count = 50
        self.cursor: str | None = None


def _patient(draft: _Draft, asked: Asked) -> None:
    draft.record = values.record_id(asked.value, asked.name, draft.base)


def _patient_identifier(draft: _Draft, asked: Asked) -> None:
    draft.patient = values.ins(asked.value, asked.name)


def _date(draft: _Draft, asked: Asked) -> None:
    comparator, start, end = dates.parse_date(asked.value, asked.name)
    since = {"ge": start, "eq": start, "gt": end}.get(comparator)
    until = {"lt": start, "le": end, "eq": end}.get(comparator)
    if comparator == "ne":
        raise CarnetError("parameter-comparator", "date", name="date", comparator="ne")
    if since is not None:
        draft.since = since if draft.since is None else max(draft.since, since)
    if until is not None:
        draft.until = until if draft.until is None else min(draft.until, until)


def _count(draft: _Draft, asked: Asked) -> None:
    draft.count = values.number(asked.value, asked.name, _COUNT_LIMIT)


def _cursor(draft: _Draft, asked: Asked) -> None:
    draft.cursor = asked.value


HISTORY: Table[_Draft] = Table(
    {
        "patient": Param("reference", "The record, by Patient.id.", _patient),
        "patient.identifier": Param(
            "token", "The record, by INS: urn:oid:…|matricule.", _patient_identifier
        ),
        "date": Param("date", "When it was done; twice for a span.", _date, once=False),
        "_count": Param("special", "Lines a page, 0 to 500, default 50.", _count),
        "_cursor": Param("special", "A page, as the link next gives it.", _cursor),
    },
    frozenset({"action", "agent", "agent.identifier", "entity", "outcome", "subtype", "type"}),
)


async def interact(call: Call) -> Response:
    """The traces that the reader may see; withheld ones are neither shown nor counted."""
    asked = await asked_of(call)
    draft = _Draft(call.base)
    left_out = apply(HISTORY, asked, draft, call.lenient)
    if (draft.patient is None) == (draft.record is None):
        raise CarnetError("parameter-required", "patient", name="patient")
    page = await call.services.history(
        call.caller,
        draft.patient,
        draft.record,
        draft.since,
        draft.until,
        draft.count,
        draft.cursor,
    )
    entries = [
        entry(
            b"\x01/AuditEvent/" + line.trace.id.hex().encode(),
            render(line.trace, page.record_id, line.documents),
        )
        for line in page.lines
    ]
    used = [item for item in asked if item.name in HISTORY.params and item.name != "_cursor"]
    links = page_links(f"{call.base}/AuditEvent", written(used), {"next": page.next_cursor})
    return answer(call, entries, page.total, links, left_out)
