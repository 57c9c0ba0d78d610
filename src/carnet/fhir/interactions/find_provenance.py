"""``GET Provenance?target=``: which document says something, and where in it."""

from __future__ import annotations

from carnet.fhir import values
from carnet.fhir.call import Call
from carnet.fhir.http import Response
from carnet.fhir.interactions.search import answer, asked_of, page_links
from carnet.fhir.params import Asked, Param, Table, apply, written
from carnet.fhir.resources.facts import FACT_RESOURCES
from carnet.fhir.resources.facts.provenance import SUFFIX, render
from carnet.formats.fhir.bundle import entry
from carnet.record.errors import CarnetError


class Draft:
    """A search while its parameters are read."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.target = ""
        self.id = ""


def _target(draft: Draft, asked: Asked) -> None:
    text = values.unescape(asked.value, asked.name).removeprefix(draft.base + "/")
    draft.target, _, draft.id = text.partition("/")
    if draft.target not in FACT_RESOURCES or not values.ID.fullmatch(draft.id):
        values.refuse(asked.name, "« Observation/[id] »", '"Observation/[id]"')


ORIGINS: Table[Draft] = Table(
    {
        "target": Param(
            "reference", "What is told: Observation/[id], Condition/[id] and so on.", _target
        ),
    },
    frozenset({"_id", "_count", "agent", "entity", "patient", "recorded", "when"}),
)


async def interact(call: Call) -> Response:
    """One Provenance; none where the caller may not read the document, or nothing is there."""
    asked = await asked_of(call)
    draft = Draft(call.base)
    left_out = apply(ORIGINS, asked, draft, call.lenient)
    if not draft.id:
        raise CarnetError("parameter-required", "target", name="target")
    entries: list[bytes] = []
    try:
        told, _ = await call.services.read_fact(call.caller, draft.id)
    except CarnetError as error:
        if error.code != "fact-absent":
            raise
    else:
        if FACT_RESOURCES[draft.target].holds(told):
            url = f"\x01/Provenance/{told.id}{SUFFIX}".encode()
            entries.append(entry(url, render(draft.target, told)))
    used = [item for item in asked if item.name in ORIGINS.params]
    links = page_links(f"{call.base}/Provenance", written(used), {})
    return answer(call, entries, len(entries), links, left_out)
