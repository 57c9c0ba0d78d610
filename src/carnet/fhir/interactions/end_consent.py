"""End a tie before its time: ``PATCH Consent/[id]`` to status inactive, or ``DELETE``."""

from __future__ import annotations

from carnet.fhir.body import read_json
from carnet.fhir.call import Call
from carnet.fhir.http import Response
from carnet.fhir.negotiate import FHIR_JSON, JSON_PATCH, check_content
from carnet.fhir.patches import operations_of, parameter_operations
from carnet.fhir.resources.consent import render
from carnet.record.errors import CarnetError


async def interact(call: Call) -> Response:
    """200 with the ended Consent: nothing is erased, it was true while it held."""
    call.no_parameters()
    if call.request.method == "PATCH":
        await _check_patch(call)
    line = await call.services.end_tie(call.caller, call.id, call.if_match())
    headers = [("etag", f'W/"{line.version}"')]
    return call.changed(200, render(line, call.services.now()), headers)


async def _check_patch(call: Call) -> None:
    headers = call.request.headers
    encoding = headers.get("content-encoding", "")
    kind = check_content(headers.get("content-type", ""), encoding, (JSON_PATCH, FHIR_JSON))
    patch = await read_json(call.request, "Patch")
    operations = operations_of(patch) if kind == JSON_PATCH else parameter_operations(patch)
    for operation in operations:
        if operation.path not in ("/status", "Consent.status"):
            raise CarnetError("patch-path", operation.path[:128], path=operation.path[:128])
        if operation.kind not in ("replace", "add") or operation.value != "inactive":
            raise CarnetError("consent-patch", operation.path)
