"""``GET DiagnosticReport/[id]``: the results of one document."""

from __future__ import annotations

from carnet.fhir.call import Call
from carnet.fhir.http import Response
from carnet.fhir.resources.facts.report import render


async def interact(call: Call) -> Response:
    """The report; 404 where there is none that the caller may read."""
    call.no_parameters()
    return call.json(200, render(*await call.services.read_report(call.caller, call.id)))
