"""Sections of treatments, and the entry of an empty one, as the specification's samples have it."""

from __future__ import annotations

from collections.abc import Iterable

from lxml.etree import _Element

from carnet.formats.cda.build.kind import Ids, Template
from carnet.formats.cda.build.medication import TREATMENT_HEADS, treatment_entry, treatment_row
from carnet.formats.cda.build.medication_model import Medication
from carnet.formats.cda.build.narrative import Words, paragraph, table, text
from carnet.formats.cda.build.oids import CCD, ENTRY, PCC
from carnet.formats.cda.build.problems_model import Absence
from carnet.formats.cda.build.sections import section
from carnet.formats.cda.build.statements import (
    coded_as,
    null,
    status,
    templates,
    text_reference,
)
from carnet.formats.cda.build.values import Coded
from carnet.formats.cda.build.xml import element, identified
from carnet.record.document import Code
from carnet.record.identity import Identifier

_ABSENT = "2.16.840.1.113883.5.1150.1"  # IPS, absent and unknown data
_NOTHING = {
    Absence.NONE_KNOWN: Code(
        _ABSENT, "no-known-medications", "Pas de traitement médicamenteux connu"
    ),
    Absence.NOT_STATED: Code(
        _ABSENT, "no-medication-info", "Pas d'information sur les traitements"
    ),
}


def _absent_entry(value: Code, ref: str, ids: Ids) -> _Element:
    """A treatment whose code says that there is none, or that nothing is said."""
    product = element(
        "manufacturedProduct",
        *templates((f"{CCD}.1.53", f"{PCC}.4.7.2", f"{ENTRY}.43")),
        element("manufacturedMaterial", null("code", "NA"), null("name", "NA")),
    )
    made = element(
        "substanceAdministration",
        *templates((f"{CCD}.1.24", f"{PCC}.4.7", f"{ENTRY}.42", f"{PCC}.4.7.1")),
        identified(Identifier(ids(ref))),
        coded_as("code", Coded(value), ref),
        text_reference(ref),
        status(),
        element("effectiveTime", null("low", "NA"), null("high", "NA"), attrs=_SPAN),
        element("consumable", product),
        attrs={"classCode": "SBADM", "moodCode": "EVN"},
    )
    return element("entry", made, attrs={"typeCode": "DRIV"})


_SPAN: dict[str, str | None] = {"xsi:type": "IVL_TS"}


def treatment_section(
    treatments: tuple[Medication, ...] | Absence,
    code: Code,
    title: str,
    roots: Iterable[Template],
    prefix: str,
    ids: Ids,
) -> _Element:
    """A section of treatments, or one that says why it is empty."""
    if isinstance(treatments, Absence):
        value, ref = _NOTHING[treatments], f"{prefix}-0"
        words = text(paragraph(Words(value.display or value.code, ref)))
        entries = [_absent_entry(value, ref, ids)]
    else:
        named = [(each, f"{prefix}-{number}") for number, each in enumerate(treatments)]
        words = text(table(TREATMENT_HEADS, (treatment_row(each, ref) for each, ref in named)))
        entries = [treatment_entry(each, ref, ids) for each, ref in named]
    return section(code, title, roots, narrative=words, identifier=ids(prefix), entries=entries)
