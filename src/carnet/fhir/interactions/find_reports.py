"""``GET DiagnosticReport?patient=``: the results of each document, a page at a time."""

from __future__ import annotations

from carnet.fhir.call import Call
from carnet.fhir.fact_params import FACTS, REPORTS
from carnet.fhir.http import Response
from carnet.fhir.interactions.search import answer, asked_of, page_links
from carnet.fhir.params import apply, written
from carnet.fhir.resources.facts.report import render
from carnet.formats.fhir.bundle import entry
from carnet.record.errors import Notice


async def interact(call: Call) -> Response:
    """One report a document that the caller may read and that has results."""
    asked = await asked_of(call)
    params = FACTS[REPORTS]
    draft = params.draft(call.base)
    left_out = apply(params.table, asked, draft, call.lenient)
    used = [i for i in asked if i.name in params.table.params and i.name != "_cursor"]
    criteria = ",".join([REPORTS, *sorted({item.name for item in used})])
    found = await call.services.find_reports(call.caller, draft.search(REPORTS, criteria))
    entries = [
        entry(f"\x01/{REPORTS}/{report.id}".encode(), render(report, found.record_id))
        for report in found.reports
    ]
    links = page_links(f"{call.base}/{REPORTS}", written(used), {"next": found.next_cursor})
    if found.cut:
        left_out.append(Notice("facts-cut"))
    return answer(call, entries, found.total, links, left_out)
