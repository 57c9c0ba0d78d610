"""``GET Consent/[id]``: one tie."""

from __future__ import annotations

from carnet.fhir.call import Call
from carnet.fhir.http import Response
from carnet.fhir.resources.consent import render


async def interact(call: Call) -> Response:
    """The Consent; 404 where there is none for this caller."""
    call.no_parameters()
    line = await call.services.read_tie(call.caller, call.id)
    headers = [("etag", f'W/"{line.version}"')]
    return call.json(200, render(line, call.services.now()), headers)
