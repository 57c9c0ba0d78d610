"""Where a fact comes from as Provenance (R4 §6.3): document, entry, bytes, words."""

from __future__ import annotations

from carnet.clinical.model import Told
from carnet.fhir.resources.facts.elements import Json, instant
from carnet.formats.fhir import urls
from carnet.formats.fhir.dump import dump

SUFFIX = ".p"
"""What the id of a Provenance has behind that of the fact."""


def render(kind: str, told: Told) -> bytes:
    """The Provenance of a fact that is a resource of type ``kind``."""
    source = told.source
    return dump(
        {
            "resourceType": "Provenance",
            "id": told.id + SUFFIX,
            "target": [{"reference": f"{kind}/{told.id}"}],
            "recorded": instant(source.created),
            "agent": [
                {
                    "type": {"coding": [{"system": urls.PROVENANCE_AGENT, "code": "assembler"}]},
                    "who": {"display": "Carnet"},
                }
            ],
            "entity": [
                {
                    "extension": [{"url": urls.FACT_PLACE, "extension": _place(told)}],
                    "role": "source",
                    "what": {
                        "reference": f"DocumentReference/{source.entry_uuid}",
                        "type": "DocumentReference",
                    },
                }
            ],
        }
    )


def _place(told: Told) -> list[Json]:
    """The entry, its bytes in the document, and the words that it points to."""
    place = told.fact.place
    out: list[Json] = [
        {"url": "begin", "valueUnsignedInt": place.begin},
        {"url": "end", "valueUnsignedInt": place.end},
    ]
    texts = {
        "path": place.path,
        "section": place.section,
        "title": place.title,
        "said": place.said,
        "said-id": place.said_id,
    }
    out += [{"url": name, "valueString": text} for name, text in texts.items() if text.strip()]
    out += [{"url": "entry-id", "valueString": one} for one in told.fact.ids if one.strip()]
    return out
