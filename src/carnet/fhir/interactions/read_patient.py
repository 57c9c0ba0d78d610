"""``GET Patient/[id]``: what the caller may know of a record, by its id."""

from __future__ import annotations

from carnet.fhir.call import Call, version_headers
from carnet.fhir.http import Response
from carnet.fhir.resources.patient import render


async def interact(call: Call) -> Response:
    """The Patient; 404 where there is none for this caller."""
    call.no_parameters()
    status = await call.services.check_record_by_id(call.caller, call.id)
    return call.json(200, render(status), version_headers(status.version, status.last_updated))
