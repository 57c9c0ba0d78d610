"""``GET Provenance/[id]``: which document says something, and where in it."""

from __future__ import annotations

from carnet.fhir.call import Call
from carnet.fhir.http import Response
from carnet.fhir.resources.facts import type_of
from carnet.fhir.resources.facts.provenance import SUFFIX, render


async def interact(call: Call) -> Response:
    """The Provenance; 404 where no document says it that the caller may read."""
    call.no_parameters()
    told, _ = await call.services.read_fact(call.caller, _target(call.id))
    return call.json(200, render(type_of(told), told))


def _target(name: str) -> str:
    """The id of the fact; of another name, one that no fact has."""
    return name.removesuffix(SUFFIX) if name.endswith(SUFFIX) else ""
