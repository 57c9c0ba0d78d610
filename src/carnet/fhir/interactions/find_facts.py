"""``GET Observation?patient=`` and its like: what documents say, a page at a time."""

from __future__ import annotations

from carnet.clinical.model import FoundFacts
from carnet.fhir.call import Call, Interaction
from carnet.fhir.fact_params import FACTS
from carnet.fhir.http import Response
from carnet.fhir.interactions.search import answer, asked_of, page_links
from carnet.fhir.params import apply, written
from carnet.fhir.resources.facts import FACT_RESOURCES, provenance
from carnet.fhir.scopes import grants
from carnet.formats.fhir.bundle import entry
from carnet.record.errors import CarnetError, Notice


def of(name: str) -> Interaction:
    """The search of one type of resource."""

    async def interact(call: Call) -> Response:
        """What matches and the caller may read; the total counts no more than that."""
        asked = await asked_of(call)
        params = FACTS[name]
        draft = params.draft(call.base)
        left_out = apply(params.table, asked, draft, call.lenient)
        if draft.provenance and not grants(call.caller.scopes, ("Provenance.s",)):
            raise CarnetError("scope-missing", "Authorization", scope="Provenance.s")
        used = [item for item in asked if item.name in params.table.params]
        used = [item for item in used if item.name != "_cursor"]
        criteria = ",".join([name, *sorted({item.name for item in used})])
        found = await call.services.find_facts(call.caller, draft.search(name, criteria))
        entries = _entries(name, found)
        if draft.provenance:
            entries += _origins(name, found)
        links = page_links(f"{call.base}/{name}", written(used), {"next": found.next_cursor})
        if found.cut:
            left_out.append(Notice("facts-cut"))
        return answer(call, entries, found.total, links, left_out)

    return interact


def _entries(name: str, found: FoundFacts) -> list[bytes]:
    render = FACT_RESOURCES[name].render
    return [
        entry(f"\x01/{name}/{told.id}".encode(), render(told, found.record_id))
        for told in found.told
    ]


def _origins(name: str, found: FoundFacts) -> list[bytes]:
    return [
        entry(
            f"\x01/Provenance/{told.id}{provenance.SUFFIX}".encode(),
            provenance.render(name, told),
            "include",
        )
        for told in found.told
    ]
