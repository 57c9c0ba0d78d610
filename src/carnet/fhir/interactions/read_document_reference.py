"""``GET DocumentReference/[id]``: the metadata of one document, by its id or an earlier one."""

from __future__ import annotations

from carnet.fhir.call import Call, entry_headers
from carnet.fhir.http import Response


async def interact(call: Call) -> Response:
    """200; an earlier id is answered with the current one in Content-Location."""
    call.no_parameters()
    entry = await call.services.read_entry(call.caller, call.id)
    headers = entry_headers(entry)
    if entry.entry_uuid != call.id:
        headers.append(("content-location", f"{call.base}/DocumentReference/{entry.entry_uuid}"))
    return call.json(200, entry.resource, headers)
