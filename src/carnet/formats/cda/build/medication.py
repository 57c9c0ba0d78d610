"""Medicines as entries: product (F.3.43) and substance administration (F.3.42, F.3.83).

The words stand in the section's text under IDs that start with the prefix of the entry:
``P`` the name, ``P-posology``, ``P-route``, ``P-reason``, ``P-instruction``.
"""

from __future__ import annotations

from lxml.etree import _Element

from carnet.formats.cda.build.kind import Ids
from carnet.formats.cda.build.medication_model import Dose, Medication, Product, Schedule
from carnet.formats.cda.build.narrative import Words
from carnet.formats.cda.build.oids import ACT_CODE, CCD, ENTRY, IHE_ACT_CODE, PCC, PHARM
from carnet.formats.cda.build.statements import (
    act,
    coded_as,
    null,
    quantity,
    related,
    status,
    templates,
    text_reference,
)
from carnet.formats.cda.build.values import Coded
from carnet.formats.cda.build.xml import append, coded, element, identified, moment
from carnet.record.document import Code
from carnet.record.identity import Identifier

_DRUG = Code(ACT_CODE, "DRUG", "Médicament")


def product(value: Product, ref: str, *, of_a_kind: bool = False) -> _Element:
    """A manufacturedProduct; ``ref`` is the ID of its name.

    ``of_a_kind`` is for what is prescribed: any box of that kind (M.3.1), not one box.
    """
    codes = tuple(code for code in (value.atc, value.cip) if code is not None)
    material = element(
        "manufacturedMaterial",
        *templates((f"{PHARM}.3.1",) if of_a_kind else ()),
        coded_as("code", Coded(value.cis, value.name, codes), ref),
        element("name", value.name),
        None if value.lot is None else element("lotNumberText", value.lot),
        attrs={"classCode": "MMAT", "determinerCode": "KIND"} if of_a_kind else None,
    )
    return element(
        "manufacturedProduct",
        *templates((f"{CCD}.1.53", f"{PCC}.4.7.2", f"{ENTRY}.43")),
        material,
        attrs={"classCode": "MANU"},
    )


def bounds(tag: str, dose: Dose | None) -> _Element:
    """A dose or rate with both bounds; each says that it is unknown where no value is given."""
    if dose is None:
        return element(tag, null("low", "UNK"), null("high", "UNK"))
    low, high = dose.bounds
    return element(tag, quantity("low", low), quantity("high", high))


def rhythm(schedule: Schedule | None) -> _Element:
    """The second effectiveTime: how often within the span of the first."""
    if schedule is None:
        return element("effectiveTime", attrs={"operator": "A", "nullFlavor": "UNK"})
    period = quantity("period", schedule.period)
    return element("effectiveTime", period, attrs={"xsi:type": "PIVL_TS", "operator": "A"})


def span(start: str | None, end: str | None) -> _Element:
    """The first effectiveTime: from when to when, each bound unknown where it is not given."""
    return element(
        "effectiveTime",
        null("low", "UNK") if start is None else moment("low", start),
        null("high", "UNK") if end is None else moment("high", end),
        attrs={"xsi:type": "IVL_TS"},
    )


def reason(problem: Coded, ref: str, identifier: str) -> _Element:
    """The problem that is treated: an act whose code is that of the problem, or null (F.3.36)."""
    code = coded_as("code", problem, ref)
    roots = (f"{PCC}.4.4.1", f"{ENTRY}.36")
    return related("RSON", act(roots, code, None, identifier=identifier, status_code=None))


def patient_instruction(ref: str) -> _Element:
    """What the patient is told (F.3.33)."""
    code = element("code", attrs={"code": "PINSTRUCT", "codeSystem": IHE_ACT_CODE})
    roots = (f"{CCD}.1.49", f"{PCC}.4.3", f"{ENTRY}.33")
    return related("SUBJ", act(roots, code, ref, mood="INT"), inverted=True)


def pharmacist_note(ref: str, root: str) -> _Element:
    """What is told to the pharmacist (F.3.34), or what the pharmacist noted (F.3.207)."""
    code = element("code", attrs={"code": "FINSTRUCT", "codeSystem": IHE_ACT_CODE})
    roots = (f"{CCD}.1.43", f"{PCC}.4.3.1", root)
    return related("SUBJ", act(roots, code, ref, mood="INT"), inverted=True)


def administration(
    value: Medication,
    prefix: str,
    identifier: str,
    roots: tuple[str, ...],
    *,
    mood: str = "EVN",
    repeats: int | None = None,
    ids: Ids,
) -> _Element:
    """A substanceAdministration with id, code DRUG, words, span, rhythm, doses and product.

    ``identifier`` is its UUID, ``roots`` its templates, ``repeats`` how often it may be renewed;
    what is intended (``mood`` INT) names a product of a kind, and its reason stands in the words
    alone: no sample has an entry for it there. Callers append further entryRelationships.
    """
    route = value.route
    made = element(
        "substanceAdministration",
        *templates(roots),
        identified(Identifier(identifier)),
        coded("code", _DRUG),
        text_reference(prefix),
        status(),
        span(value.start, value.end),
        rhythm(value.schedule),
        None if repeats is None else element("repeatNumber", attrs={"value": str(repeats)}),
        None if route is None else coded_as("routeCode", Coded(route), f"{prefix}-route"),
        bounds("doseQuantity", value.dose),
        bounds("rateQuantity", value.rate),
        element("consumable", product(value.product, prefix, of_a_kind=mood == "INT")),
        attrs={"classCode": "SBADM", "moodCode": mood},
    )
    if value.reason is not None and mood == "EVN":
        made.append(reason(value.reason, f"{prefix}-reason", ids(f"{prefix}-reason")))
    if value.instruction is not None:
        made.append(patient_instruction(f"{prefix}-instruction"))
    return made


_TREATMENT = (f"{CCD}.1.24", f"{PCC}.4.7", f"{ENTRY}.42", f"{PCC}.4.7.1")


def treatment_entry(value: Medication, prefix: str, ids: Ids) -> _Element:
    """An entry that states a treatment (F.3.42): sections of treatments in synthesis, letter."""
    made = administration(value, prefix, ids(prefix), _TREATMENT, ids=ids)
    return append(element("entry", attrs={"typeCode": "DRIV"}), made)


def _day(time: str | None) -> str:
    return "" if time is None else "/".join(filter(None, (time[6:8], time[4:6], time[:4])))


def span_text(start: str | None, end: str | None) -> str:
    """The span in words: "du 01/12/2026 au 06/12/2026", one bound, or nothing."""
    if start is None:
        return "" if end is None else f"jusqu'au {_day(end)}"
    return f"depuis le {_day(start)}" if end is None else f"du {_day(start)} au {_day(end)}"


TREATMENT_HEADS = (
    "Médicament",
    "Posologie",
    "Durée du traitement",
    "Voie",
    "Motif",
    "Instruction au patient",
)


def treatment_row(value: Medication, prefix: str) -> tuple[str | Words, ...]:
    """The cells of a treatment under ``TREATMENT_HEADS``, with the IDs its entry points to."""
    route, problem, told = value.route, value.reason, value.instruction
    return (
        Words(value.product.name, prefix),
        Words(value.posology, f"{prefix}-posology"),
        span_text(value.start, value.end),
        "" if route is None else Words(route.display or route.code, f"{prefix}-route"),
        "" if problem is None else Words(problem.words, f"{prefix}-reason"),
        "" if told is None else Words(told, f"{prefix}-instruction"),
    )
