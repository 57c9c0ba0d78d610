"""``POST Patient``: open a record, on the ground that the caller states."""

from __future__ import annotations

from carnet.fhir.body import read_resource
from carnet.fhir.call import Call, version_headers
from carnet.fhir.http import Response
from carnet.fhir.negotiate import FHIR_JSON, JSON, check_content
from carnet.fhir.resources.opening import parse_opening
from carnet.fhir.resources.patient import render


async def interact(call: Call) -> Response:
    """201 with the Patient; 200 where the record was open already."""
    call.no_parameters()
    headers = call.request.headers
    encoding = headers.get("content-encoding", "")
    check_content(headers.get("content-type", ""), encoding, (FHIR_JSON, JSON))
    body = await read_resource(call.request, "Patient", call.services.spools)
    try:
        opening = parse_opening(body.resource)
    finally:
        body.close()
    opened = await call.services.open_record(call.caller, opening)
    status = opened.status
    answer_headers = [
        ("location", f"{call.base}/Patient/{status.record_id}"),
        *version_headers(status.version, status.last_updated),
    ]
    code = 201 if opened.created else 200
    return call.changed(code, render(status), answer_headers, opened.warnings)
