"""Which template is read how: a table, most specific first.

The roots are those of the CI-SIS (``F``), of IHE PCC, PaLM and Pharmacy (``P``, ``L``, ``M``), of
the CCD (``C``) and of DICOM part 20 (``D``), as the national samples carry them.
"""

from __future__ import annotations

from enum import StrEnum

F = "1.2.250.1.213.1.1.3"
P = "1.3.6.1.4.1.19376.1.5.3.1.4"
L = "1.3.6.1.4.1.19376.1.3"
M = "1.3.6.1.4.1.19376.1.9.1.3"
C = "2.16.840.1.113883.10.20"
D = "1.2.840.10008.9"


class Family(StrEnum):
    """How a statement is read. From ``SEVERITY`` on: folded into the fact around it."""

    ADMINISTRATIVE = "administrative"
    ATTACHMENT = "attachment"
    IMAGES = "images"
    CONCERN = "concern"
    PROBLEM = "problem"
    ALLERGY = "allergy"
    ADVERSE_EFFECT = "adverse-effect"
    TREATMENT = "treatment"
    DISPENSED = "dispensed"
    VACCINATION = "vaccination"
    ISOLATE = "isolate"
    BATTERY = "battery"
    RESULT = "result"
    CHAPTER = "chapter"
    VITALS = "vitals"
    VITAL = "vital"
    PROCEDURE = "procedure"
    PREGNANCY = "pregnancy"
    PREGNANCY_OBSERVATION = "pregnancy-observation"
    DELIVERY = "delivery"
    FAMILY = "family"
    DEVICE = "device"
    WORN = "worn"
    REQUEST = "request"
    DIRECTIVE = "directive"
    SOCIAL = "social"
    FUNCTION = "function"
    MEMBERS = "members"
    OBSERVATION = "observation"
    SEVERITY = "severity"
    STATUS = "status"
    CLINICAL_STATUS = "clinical-status"
    CERTAINTY = "certainty"
    CRITICALITY = "criticality"
    EFFECT = "effect"
    COMMENT = "comment"
    INSTRUCTION = "instruction"
    REASON = "reason"
    REFERENCE = "reference"
    RANK = "rank"
    AMOUNT = "amount"
    SUBSTITUTION = "substitution"
    ITEM = "item"
    MARK = "mark"
    RECEIVED = "received"
    DOSE = "dose"


FOLDED = frozenset(list(Family)[list(Family).index(Family.SEVERITY) :])
"""Attributes: they belong to the fact around them."""

ROWS: tuple[tuple[Family, tuple[str, ...]], ...] = (
    (Family.MARK, (f"{F}.48.12", f"{F}.48.13", f"{F}.48.14", f"{F}.48.15", f"{F}.48.34")),
    (Family.CERTAINTY, (f"{F}.171",)),
    (Family.CRITICALITY, (f"{F}.172",)),
    (Family.EFFECT, (f"{F}.211", f"{F}.212", f"{F}.213")),
    (Family.SEVERITY, (f"{F}.29", f"{P}.1", f"{C}.1.55")),
    (Family.CLINICAL_STATUS, (f"{F}.31", f"{P}.1.2", f"{C}.1.51")),
    (Family.STATUS, (f"{F}.30", f"{P}.1.1", f"{C}.1.57")),
    (Family.COMMENT, (f"{F}.32", f"{P}.2", f"{C}.1.40")),
    (
        Family.INSTRUCTION,
        (f"{F}.33", f"{F}.34", f"{F}.207", f"{P}.3", f"{P}.3.1", f"{C}.1.49", f"{C}.1.43"),
    ),
    (Family.REASON, (f"{F}.36", f"{P}.4.1")),
    (Family.REFERENCE, (f"{F}.35", f"{P}.4")),
    (Family.RANK, (f"{F}.82", f"{C}.1.46")),
    (Family.AMOUNT, (f"{F}.86", f"{M}.8")),
    (Family.SUBSTITUTION, (f"{F}.87", f"{F}.206", f"{M}.9.1", f"{M}.9.2")),
    (Family.ITEM, (f"{F}.90", f"{M}.11")),
    (Family.RECEIVED, (f"{F}.107", f"{L}.1.3")),
    (Family.DOSE, (f"{F}.42.1", f"{F}.83.1")),
    (
        Family.ADMINISTRATIVE,
        (
            *(f"{F}.48.{number}" for number in (6, 7, 16)),
            *(f"{F}.{number}" for number in (24, 28, 58, 61, 94, 97)),
            *(f"{P}.{number}" for number in (14, 17, 18)),
            *(f"{C}.1.{number}" for number in (20, 21, 26)),
        ),
    ),
    (Family.IMAGES, (f"{F}.155", f"{F}.156", f"{F}.157", f"{D}.16", f"{D}.17", f"{D}.18")),
    (Family.ATTACHMENT, (f"{F}.18", f"{F}.48.18", f"{F}.103")),
    (Family.ADVERSE_EFFECT, (f"{F}.210",)),
    (Family.ALLERGY, (f"{F}.41", f"{P}.6", f"{C}.1.18")),
    (Family.CONCERN, (f"{F}.39", f"{F}.40", f"{P}.5.1", f"{C}.1.27")),
    (Family.FAMILY, (f"{F}.59", f"{F}.51", f"{P}.15", f"{P}.13.3", f"{C}.1.22", f"{C}.1.23")),
    (Family.PROBLEM, (f"{F}.37", f"{F}.113", f"{P}.5", f"{C}.1.28")),
    (Family.VACCINATION, (f"{F}.45", f"{F}.47", f"{P}.12", f"{P}.12.2")),
    (Family.DISPENSED, (f"{F}.204", f"{F}.44", f"{M}.4", f"{P}.7.3")),
    (
        Family.TREATMENT,
        (
            *(f"{F}.{number}" for number in (42, 83, 26, 151, 173)),
            *(f"{P}.{number}" for number in (7, 8, 9)),
            f"{C}.1.24",
            f"{M}.2",
            f"{D}.13",
        ),
    ),
    (Family.ISOLATE, (f"{F}.79", f"{L}.1.5")),
    (Family.BATTERY, (f"{F}.78", f"{F}.74", f"{F}.208", f"{L}.1.4", "1.3.6.1.4.1.19376.1.8.1.3.6")),
    (
        Family.RESULT,
        (f"{F}.80", f"{F}.102", f"{F}.170", f"{F}.209", f"{L}.1.6", "1.3.6.1.4.1.19376.1.8.1.4.9"),
    ),
    (Family.VITALS, (f"{F}.49", f"{P}.13.1")),
    (Family.VITAL, (f"{F}.50", f"{F}.89", f"{P}.13.2")),
    (
        Family.PROCEDURE,
        (f"{F}.62", f"{F}.77", f"{F}.100", f"{F}.153", f"{F}.165", f"{P}.19", f"{C}.1.29"),
    ),
    (Family.DELIVERY, (f"{F}.56", f"{P}.13.5.2")),
    (Family.PREGNANCY, (f"{F}.55", f"{P}.13.5.1")),
    (Family.PREGNANCY_OBSERVATION, (f"{F}.53", f"{P}.13.5")),
    (Family.WORN, (f"{F}.12",)),
    (Family.DEVICE, (f"{F}.20",)),
    (Family.REQUEST, (f"{F}.27", "1.3.6.1.4.1.19376.1.5.3.1.1.20.3.1")),
    (Family.DIRECTIVE, (f"{F}.54", f"{P}.13.7", f"{C}.1.17")),
    (Family.SOCIAL, (f"{F}.52", f"{P}.13.4", f"{C}.1.33")),
    (Family.MEMBERS, (f"{F}.7", f"{F}.95", f"{F}.98", f"{F}.115", f"{F}.116", f"{F}.117")),
    (Family.FUNCTION, (f"{F}.25", f"{F}.110")),
    (Family.OBSERVATION, (f"{F}.48", f"{F}.150", f"{F}.154", f"{P}.13")),
)

TEMPLATES: dict[str, Family] = {root: family for family, roots in ROWS for root in roots}
_RANK = {root: number for number, root in enumerate(TEMPLATES)}


SECTIONS: dict[str, Family] = {
    "8716-3": Family.VITAL,
    "48765-2": Family.ALLERGY,
    "10157-6": Family.FAMILY,
    "10162-6": Family.PREGNANCY_OBSERVATION,
    "29762-2": Family.SOCIAL,
    "42348-3": Family.DIRECTIVE,
    "18776-5": Family.REQUEST,
    **dict.fromkeys(
        (
            *("18717-9", "18718-7", "18719-5", "18720-3", "18723-7", "18725-2", "18726-0"),
            *("18727-8", "18729-4", "18767-4", "26436-6", "26438-2"),
        ),
        Family.RESULT,
    ),
}
"""What an observation without a known template is, by the LOINC code of its section."""


def by_template(roots: tuple[str, ...]) -> Family | None:
    """The family of the most specific of these templates; None where none is known."""
    known = [root for root in roots if root in _RANK]
    return TEMPLATES[min(known, key=_RANK.__getitem__)] if known else None
