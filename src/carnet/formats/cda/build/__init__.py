"""Writes CDA R2 documents with the French header (CI-SIS, minimal structuring of documents).

Level 1 bodies hold a PDF, an image or another encoded file; level 3 is the laboratory report.
Pure: every identifier and every time is passed in, equal input gives equal bytes.
"""

from __future__ import annotations

from carnet.formats.cda.build.document import build_document, entry_uuid
from carnet.formats.cda.build.laboratory_model import (
    Battery,
    Chapter,
    Interpretation,
    LaboratoryBody,
    PastValue,
    Result,
)
from carnet.formats.cda.build.model import (
    Actor,
    Address,
    Body,
    Citizen,
    DocumentSpec,
    EncodedBody,
    Encounter,
    Guardian,
    Participant,
    PatientRole,
    Recipient,
    Replaced,
    ServiceEvent,
    Structure,
    Telecom,
)

__all__ = [
    "Actor",
    "Address",
    "Battery",
    "Body",
    "Chapter",
    "Citizen",
    "DocumentSpec",
    "EncodedBody",
    "Encounter",
    "Guardian",
    "Interpretation",
    "LaboratoryBody",
    "Participant",
    "PastValue",
    "PatientRole",
    "Recipient",
    "Replaced",
    "Result",
    "ServiceEvent",
    "Structure",
    "Telecom",
    "build_document",
    "entry_uuid",
]
