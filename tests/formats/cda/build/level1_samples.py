"""Specifications of level 1 documents, and what those of level 3 share with them."""

from __future__ import annotations

import msgspec

from carnet.formats.cda.build import (
    DocumentSpec,
    EncodedBody,
    Encounter,
    ServiceEvent,
)
from carnet.record import vocabulary
from carnet.record.document import Code
from tests.formats.cda.build.samples import CITIZEN, DOCTOR, PDF, letter, photograph

IMP = Code("2.16.840.1.113883.5.4", "IMP", "Hospitalisation (établissement, y compris HAD)")
DAY = "20260302101500+0100"


def j07(code: str) -> Code:
    """A document type with its system and label."""
    return next(one for one in vocabulary.value_set("J07").concepts if one.code == code)


def facility(code: str) -> Code:
    """A kind of place."""
    return next(one for one in vocabulary.value_set("J02").concepts if one.code == code)


def shown(kind: str, **changes: object) -> DocumentSpec:
    """The letter of the samples as a document of another type, with a main act without code."""
    return letter(
        **{"type": j07(kind), "event": ServiceEvent(DAY, DOCTOR), "further_acts": (), **changes}
    )


def hospital(kind: str, **changes: object) -> DocumentSpec:
    """A document about a stay in a public hospital."""
    event = ServiceEvent("20260220111700+0100", DOCTOR, end="20260302110000+0100")
    met = Encounter(event.start, facility("SA01"), end=event.end, mode=IMP)
    return shown(kind, **{"event": event, "encounter": met, **changes})


def consultation() -> DocumentSpec:
    """A letter of level 1 (11488-4) of a specialist or another physician."""
    return shown("11488-4")


def hospital_summary() -> DocumentSpec:
    """A hospital's summary of level 1 (34112-3)."""
    return hospital("34112-3", event=ServiceEvent("20260220", DOCTOR, end="20260302", code=IMP))


def radiology() -> DocumentSpec:
    """A radiologist's report as PDF (18748-4)."""
    return shown("18748-4")


def flat(kind: Code, media_type: str) -> DocumentSpec:
    """A document of level 1 of any type."""
    return letter(type=kind, body=EncodedBody(media_type, PDF))


def own(kind: Code) -> DocumentSpec:
    """A document of the citizen's own, of any of their types."""
    met = Encounter("20260302100000+0100", facility("EXP_PATIENT"))
    setting = next(one for one in vocabulary.value_set("J04").concepts if one.code == "EXP_PATIENT")
    author = msgspec.structs.replace(CITIZEN, setting=setting)
    return msgspec.structs.replace(
        photograph(),
        type=kind,
        encounter=met,
        author=author,
        authenticator=author,
        event=ServiceEvent("20260302100000+0100", author),
    )
