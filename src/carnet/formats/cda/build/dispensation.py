"""The level 3 body of a dispensation (CI-SIS eDISP-MED 2024.01, IHE Pharmacy DIS)."""

from __future__ import annotations

from lxml.etree import _Element

from carnet.formats.cda.build.dispensation_model import DispensationBody, Dispensed
from carnet.formats.cda.build.kind import BodyKind, Ids
from carnet.formats.cda.build.medication import patient_instruction, pharmacist_note, product
from carnet.formats.cda.build.narrative import Cell, Words, table, text
from carnet.formats.cda.build.oids import CCD, ENTRY, MODEL, PCC, PHARM, SECTION
from carnet.formats.cda.build.sections import pdf_copy, section, structured
from carnet.formats.cda.build.statements import (
    act,
    author,
    coded_as,
    null,
    quantity,
    related,
    templates,
    text_reference,
)
from carnet.formats.cda.build.values import Coded
from carnet.formats.cda.build.xml import LOINC, element, identified
from carnet.record.document import Code
from carnet.record.errors import CarnetError
from carnet.record.identity import Identifier

_HEADS = (
    "Médicament délivré",
    "Quantité",
    "Ligne de l'ordonnance",
    "Posologie",
    "Substitution",
    "Instruction au patient",
    "Notes du dispensateur",
)
_ITEM = Code("1.3.6.1.4.1.19376.1.9.2.2", "PREItem", "Prescription Item")
_NO_NOTE = "Aucune note"


def _prescribed(item: Dispensed, prefix: str, prescription: str | None) -> _Element:
    """The line of the prescription (M.3.11, F.3.90), by its id; the product is not said again."""
    made = element(
        "substanceAdministration",
        *templates((f"{PHARM}.3.11", f"{ENTRY}.90")),
        identified(Identifier(item.item)),
        coded_as("code", Coded(_ITEM), f"{prefix}-item"),
        element(
            "consumable",
            element(
                "manufacturedProduct",
                element("manufacturedMaterial", null("name", "NA"), attrs={"nullFlavor": "NA"}),
            ),
        ),
        attrs={"classCode": "SBADM", "moodCode": "INT"},
    )
    if item.prescriber is not None and item.prescribed_at is not None:
        made.append(author(item.prescriber, item.prescribed_at))
    if prescription is not None:
        external = element("externalDocument", identified(Identifier(prescription)))
        made.append(element("reference", external, attrs={"typeCode": "XCRPT"}))
    return related("REFR", made)


def _substitution(item: Dispensed, prefix: str) -> _Element | None:
    """What was replaced by what (M.3.9.2, F.3.206)."""
    if item.substitution is None:
        return None
    code = coded_as("code", Coded(item.substitution), f"{prefix}-substitution")
    return related("COMP", act((f"{PHARM}.3.9.2", f"{ENTRY}.206"), code, None))


def _supply(item: Dispensed, prefix: str, body: DispensationBody, ids: Ids) -> _Element:
    told = item.instruction
    made = element(
        "supply",
        *templates((f"{CCD}.1.34", f"{PCC}.4.7.3", f"{PHARM}.3.4", f"{ENTRY}.204")),
        identified(Identifier(ids(prefix))),
        text_reference(prefix),
        quantity("quantity", item.quantity),
        element("product", product(item.product, prefix, of_a_kind=True)),
        _prescribed(item, prefix, body.prescription),
        None if told is None else patient_instruction(f"{prefix}-instruction"),
        pharmacist_note(f"{prefix}-note", f"{ENTRY}.207"),
        _substitution(item, prefix),
        attrs={"classCode": "SPLY", "moodCode": "EVN"},
    )
    return element("entry", made)


def _cells(item: Dispensed, prefix: str) -> tuple[Cell, ...]:
    replaced, told = item.substitution, item.instruction
    words = "" if replaced is None else replaced.display or replaced.code
    return (
        Words(item.product.name, prefix),
        item.quantity.value,
        Words(item.prescribed, f"{prefix}-item"),
        item.posology,
        "" if replaced is None else Words(words, f"{prefix}-substitution"),
        "" if told is None else Words(told, f"{prefix}-instruction"),
        Words(item.note or _NO_NOTE, f"{prefix}-note"),
    )


def write_dispensation(body: DispensationBody, ids: Ids) -> _Element:
    """The component with the structured body.

    Raises ``CarnetError('cda-element-missing')`` where nothing was given.
    """
    if not body.items:
        raise CarnetError("cda-element-missing", "structuredBody/component/section/entry")
    lines = [(item, f"given-{number}") for number, item in enumerate(body.items)]
    given = section(
        Code(LOINC, "60590-7", "Médicaments délivrés"),
        "Médicaments délivrés",
        ((f"{PHARM}.2.3", None), (f"{CCD}.1.8", None), (f"{SECTION}.236", None)),
        identifier=ids("given"),
        narrative=text(table(_HEADS, [_cells(item, name) for item, name in lines])),
        entries=[_supply(item, name, body, ids) for item, name in lines],
    )
    return structured(given, None if body.pdf is None else pdf_copy(body.pdf, ids))


_TYPE = Code(LOINC, "60593-1", "Dispensation médicamenteuse")

DISPENSATION = BodyKind(
    body=DispensationBody,
    templates=((f"{PCC}.1.1", None), (f"{PHARM}.1.3", None), (f"{MODEL}.54", "2024.01")),
    write=write_dispensation,
    type=_TYPE,
    main_act=_TYPE,
)
