"""The level 3 body of a prescription (CI-SIS eP-MED-DM 2024.01, IHE Pharmacy PRE)."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import _Element

from carnet.formats.cda.build.kind import BodyKind, HeaderRules, Ids
from carnet.formats.cda.build.medication import (
    TREATMENT_HEADS,
    administration,
    pharmacist_note,
    span,
    span_text,
    treatment_row,
)
from carnet.formats.cda.build.narrative import Cell, Words, table, text
from carnet.formats.cda.build.oids import CCD, ENTRY, MODEL, PCC, PHARM, SECTION, TA_ASIP
from carnet.formats.cda.build.prescription_model import (
    Coverage,
    PrescribedDevice,
    PrescribedMedicine,
    PrescriptionBody,
)
from carnet.formats.cda.build.sections import comment, pdf_copy, section, structured
from carnet.formats.cda.build.statements import (
    act,
    coded_as,
    null,
    quantity,
    related,
    simple_observation,
    templates,
    text_reference,
    value_of,
)
from carnet.formats.cda.build.values import Coded
from carnet.formats.cda.build.xml import LOINC, append, element, identified
from carnet.record.document import Code
from carnet.record.errors import CarnetError
from carnet.record.identity import Identifier

_FLAGS = (
    ("long_term", "13", Code(TA_ASIP, "MED-574", "En rapport avec une ALD"), "ALD"),
    (
        "work",
        "14",
        Code(
            TA_ASIP,
            "GEN-180",
            "En rapport avec un accident du travail ou une maladie professionnelle",
        ),
        "AT/MP",
    ),
    ("prevention", "34", Code(TA_ASIP, "GEN-295", "En rapport avec la prévention"), "Prévention"),
    ("not_reimbursed", "15", Code(TA_ASIP, "GEN-181", "Non remboursable"), "Non remboursable"),
    (
        "off_label",
        "12",
        Code(TA_ASIP, "GEN-179", "Hors Autorisation de Mise sur le Marché (AMM)"),
        "Hors AMM",
    ),
)
"""Field of ``Coverage``, last arc of F.3.48, code of TA, and heading of the column."""

_MEDICINE_FLAGS = _FLAGS
_DEVICE_FLAGS = _FLAGS[:-1]
_ITEM = (
    f"{CCD}.1.24",
    f"{PCC}.4.7",
    f"{PHARM}.3.2",
    f"{ENTRY}.83",
    f"{PHARM}.3.6",
    f"{PCC}.4.7.1",
)
_Flags = tuple[tuple[str, str, Code, str], ...]


def _flags(
    coverage: Coverage, flags: _Flags, prefix: str, written: str, ids: Ids
) -> list[_Element]:
    """The simple observations with a yes or no."""
    made = []
    for field, arc, code, _ in flags:
        ref = f"{prefix}-{field}"
        value = value_of(bool(getattr(coverage, field)))
        roots = (f"{ENTRY}.48.{arc}",)
        observed = simple_observation(roots, ids(ref), Coded(code), ref, time=written, value=value)
        made.append(related("COMP", observed))
    return made


def _flag_cells(coverage: Coverage, flags: _Flags, prefix: str) -> Iterator[Cell]:
    for field, *_ in flags:
        yield Words("Oui" if getattr(coverage, field) else "Non", f"{prefix}-{field}")


def _substitution(item: PrescribedMedicine, prefix: str) -> _Element:
    """Whether a generic may be given (M.3.9.1, F.3.87)."""
    code = coded_as("code", Coded(item.substitution), f"{prefix}-substitution")
    return related("COMP", act((f"{PHARM}.3.9.1", f"{ENTRY}.87"), code, None, mood="DEF"))


def _dispense(item: PrescribedMedicine) -> _Element | None:
    """How many packages to give (M.3.8, F.3.86)."""
    if item.quantity is None:
        return None
    supply = element(
        "supply",
        *templates((f"{PHARM}.3.8", f"{ENTRY}.86")),
        element("independentInd", attrs={"value": "false"}),
        quantity("quantity", item.quantity),
        attrs={"classCode": "SPLY", "moodCode": "RQO"},
    )
    return related("COMP", supply)


def _medicine(item: PrescribedMedicine, prefix: str, written: str, ids: Ids) -> _Element:
    made = administration(
        item.medication,
        prefix,
        item.identifier,
        _ITEM,
        mood="INT",
        repeats=item.repeats,
        ids=ids,
    )
    note = item.pharmacist_note
    append(made, None if note is None else pharmacist_note(f"{prefix}-note", f"{ENTRY}.34"))
    append(made, _dispense(item), _substitution(item, prefix))
    append(made, *_flags(item.coverage, _MEDICINE_FLAGS, prefix, written, ids))
    return element("entry", made)


def _medicine_cells(item: PrescribedMedicine, prefix: str) -> tuple[Cell, ...]:
    note = item.pharmacist_note
    return (
        *treatment_row(item.medication, prefix),
        Words(item.substitution_words, f"{prefix}-substitution"),
        str(item.repeats),
        *_flag_cells(item.coverage, _MEDICINE_FLAGS, prefix),
        "" if note is None else Words(note, f"{prefix}-note"),
    )


def _medicines(body: PrescriptionBody, ids: Ids) -> _Element | None:
    """The section of medicines (M.2.1, F.2.171)."""
    if not body.medicines:
        return None
    lines = [(item, f"med-{number}") for number, item in enumerate(body.medicines)]
    flags = (heading for *_, heading in _MEDICINE_FLAGS)
    heads = (*TREATMENT_HEADS, "Substitution", "Renouvellements", *flags, "Note au pharmacien")
    return section(
        Code(LOINC, "57828-6", "Prescriptions"),
        "Prescription de médicaments",
        ((f"{PHARM}.2.1", None), (f"{SECTION}.171", None)),
        identifier=ids("medicines"),
        narrative=text(table(heads, [_medicine_cells(item, name) for item, name in lines])),
        entries=[_medicine(item, name, body.written, ids) for item, name in lines],
    )


def _device(item: PrescribedDevice, prefix: str, written: str, ids: Ids) -> _Element:
    """A device (C.1.34, F.3.20)."""
    playing = element(
        "playingDevice",
        coded_as("code", item.device, prefix),
        attrs={"classCode": "DEV", "determinerCode": "INSTANCE"},
    )
    role = element("participantRole", playing, attrs={"classCode": "MANU"})
    count = item.quantity
    made = element(
        "supply",
        *templates((f"{CCD}.1.34", f"{ENTRY}.20")),
        null("id", "UNK") if item.identifier is None else identified(Identifier(item.identifier)),
        text_reference(prefix),
        span(item.start, item.end),
        element("repeatNumber", attrs={"value": str(item.repeats)}),
        None if count is None else element("quantity", attrs={"value": str(count)}),
        element("participant", role, attrs={"typeCode": "DEV"}),
        attrs={"classCode": "SPLY", "moodCode": "INT"},
    )
    append(made, *_flags(item.coverage, _DEVICE_FLAGS, prefix, written, ids))
    return element("entry", made)


def _device_cells(item: PrescribedDevice, prefix: str) -> tuple[Cell, ...]:
    return (
        Words(item.device.words, prefix),
        item.posology,
        span_text(item.start, item.end),
        "" if item.quantity is None else str(item.quantity),
        str(item.repeats),
        *_flag_cells(item.coverage, _DEVICE_FLAGS, prefix),
    )


def _devices(body: PrescriptionBody, ids: Ids) -> _Element | None:
    """The section of devices (F.2.222)."""
    if not body.devices:
        return None
    lines = [(item, f"device-{number}") for number, item in enumerate(body.devices)]
    flags = (heading for *_, heading in _DEVICE_FLAGS)
    heads = ("Dispositif", "Utilisation", "Durée", "Quantité", "Renouvellements", *flags)
    return section(
        Code(LOINC, "46264-8", "Dispositifs médicaux"),
        "Prescription de dispositifs médicaux",
        ((f"{SECTION}.222", None),),
        identifier=ids("devices"),
        narrative=text(table(heads, [_device_cells(item, name) for item, name in lines])),
        entries=[_device(item, name, body.written, ids) for item, name in lines],
    )


def write_prescription(body: PrescriptionBody, ids: Ids) -> _Element:
    """The component with the structured body.

    Raises ``CarnetError('cda-element-missing')`` where neither medicine nor device is prescribed.
    """
    if not body.medicines and not body.devices:
        raise CarnetError("cda-element-missing", "structuredBody/component/section/entry")
    return structured(
        _medicines(body, ids),
        _devices(body, ids),
        comment(body.comment, ids),
        pdf_copy(body.pdf, ids),
    )


_TYPE = Code(LOINC, "57833-6", "Prescription de produits de santé")

PRESCRIPTION = BodyKind(
    body=PrescriptionBody,
    templates=((f"{PHARM}.1.1", None), (f"{PCC}.1.1", None), (f"{MODEL}.39", "2024.01")),
    write=write_prescription,
    type=_TYPE,
    main_act=_TYPE,
    header=HeaderRules(ended=True, author_at_work=True),
)
