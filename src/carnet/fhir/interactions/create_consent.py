"""``POST Consent``: authorise or refuse somebody, block them, name a médecin traitant."""

from __future__ import annotations

from carnet.fhir.body import read_resource
from carnet.fhir.call import Call
from carnet.fhir.http import Response
from carnet.fhir.negotiate import FHIR_JSON, JSON, check_content
from carnet.fhir.resources.consent import parse, render


async def interact(call: Call) -> Response:
    """201 with the Consent as it stands."""
    call.no_parameters()
    headers = call.request.headers
    encoding = headers.get("content-encoding", "")
    check_content(headers.get("content-type", ""), encoding, (FHIR_JSON, JSON))
    body = await read_resource(call.request, "Consent", call.services.spools)
    try:
        wanted = parse(body.resource, call.base)
    finally:
        body.close()
    line = await call.services.make_tie(call.caller, wanted)
    answer_headers = [
        ("location", f"{call.base}/Consent/{line.id}"),
        ("etag", f'W/"{line.version}"'),
    ]
    return call.changed(201, render(line, call.services.now()), answer_headers)
