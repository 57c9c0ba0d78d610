"""``GET openapi.json``: this face as OpenAPI 3.1, generated from the tables that serve it."""

from __future__ import annotations

from carnet.fhir.call import Call
from carnet.fhir.http import Response
from carnet.fhir.negotiate import OPENAPI


async def interact(call: Call) -> Response:
    """The description; needs no token."""
    # The routes name this interaction, so they are looked at when first asked for.
    from carnet.fhir.openapi import description  # noqa: PLC0415

    call.no_parameters()
    return Response(200, [("content-type", OPENAPI)], description(call.base))
