"""``GET Observation/[id]`` and its like: one thing that a document says."""

from __future__ import annotations

from carnet.fhir.call import Call, Interaction
from carnet.fhir.http import Response
from carnet.fhir.resources.facts import FACT_RESOURCES
from carnet.record.errors import CarnetError


def of(name: str) -> Interaction:
    """The reading of one type of resource."""

    async def interact(call: Call) -> Response:
        """The resource; 404 where no document says it that the caller may read."""
        call.no_parameters()
        told, record_id = await call.services.read_fact(call.caller, call.id)
        resource = FACT_RESOURCES[name]
        if not resource.holds(told):
            raise CarnetError("fact-absent")
        return call.json(200, resource.render(told, record_id))

    return interact
