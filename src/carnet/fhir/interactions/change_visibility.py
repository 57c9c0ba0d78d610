"""TD3.3a and TD3.3b, ``PATCH DocumentReference``: hide and show (PDSm flows 3-4).

By id, or conditionally by ``?identifier=``; JSON Patch (RFC 6902) or FHIRPath Patch. Only the
visibility changes here; ``carnet.fhir.patches`` reads the patch.
"""

from __future__ import annotations

from carnet.fhir import values
from carnet.fhir.body import read_json
from carnet.fhir.call import Call, entry_headers
from carnet.fhir.http import Response
from carnet.fhir.negotiate import FHIR_JSON, JSON_PATCH, check_content
from carnet.fhir.patches import read_fhirpath_patch, read_json_patch
from carnet.fhir.services import Target
from carnet.formats.fhir.elements import unique_id_of
from carnet.record.errors import CarnetError


async def interact(call: Call) -> Response:
    """200 with the changed resource; its id is new, so Content-Location names it."""
    target = _target(call)
    headers = call.request.headers
    encoding = headers.get("content-encoding", "")
    kind = check_content(headers.get("content-type", ""), encoding, (JSON_PATCH, FHIR_JSON))
    patch = await read_json(call.request, "Patch")
    read = read_json_patch if kind == JSON_PATCH else read_fhirpath_patch
    wanted, warnings = read(patch)
    entry = await call.services.change_visibility(call.caller, target, wanted, call.if_match())
    location = f"{call.base}/DocumentReference/{entry.entry_uuid}"
    answer_headers = [*entry_headers(entry), ("content-location", location)]
    return call.changed(200, entry.resource, answer_headers, warnings)


def _target(call: Call) -> Target:
    if call.id:
        call.no_parameters()
        return call.id
    unique: str | None = None
    for item in call.asked():
        if item.name in ("_format", "_pretty"):
            continue
        if item.name != "identifier" or item.modifier:
            raise CarnetError("parameter-unknown", item.name[:64], name=item.name[:64])
        found = values.tokens(item.value, item.name)
        if unique is not None or len(found) != 1:
            raise CarnetError("parameter-repeated", "identifier", name="identifier")
        unique = unique_id_of(*found[0], "identifier")
    if unique is None:
        raise CarnetError("parameter-required", "identifier", name="identifier")
    return "unique", unique
