"""The level 3 body of a list of reimbursements (CI-SIS CNAM-HR 2021.01): one section a kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from lxml.etree import _Element

from carnet.formats.cda.build.kind import BodyKind, Ids, Template
from carnet.formats.cda.build.narrative import Words, paragraph, table, text
from carnet.formats.cda.build.oids import CCD, MODEL, PCC, SECTION
from carnet.formats.cda.build.reimbursement_entries import (
    act_entry,
    device_entry,
    medicine_entry,
    stay_entry,
    vaccine_entry,
)
from carnet.formats.cda.build.reimbursement_model import (
    DeliveredDevice,
    DeliveredMedicine,
    DeliveredVaccine,
    ReimbursedAct,
    ReimbursedStay,
    ReimbursementBody,
)
from carnet.formats.cda.build.reimbursement_parts import (
    PRESCRIBER_HEADS,
    prescriber_cells,
)
from carnet.formats.cda.build.sections import section, structured
from carnet.formats.cda.build.vaccination import SECTION_TEMPLATES as VACCINES
from carnet.formats.cda.build.wording import french_day, french_name, french_span
from carnet.formats.cda.build.xml import LOINC, coded
from carnet.record.document import Code

_Value = TypeVar("_Value")
_Row = Sequence[str | Words]

# The specification's own samples write this root of HL7 with a digit missing, all of them.
_DEVICES: tuple[Template, ...] = (
    ("2.16.840.1.11383.10.20.1.7", None),
    (f"{PCC}.1.5.3.5", None),
    (f"{SECTION}.1", None),
)
_MEDICINES: tuple[Template, ...] = (
    (f"{CCD}.1.8", None),
    (f"{PCC}.3.19", None),
    (f"{SECTION}.143", None),
)
_STAYS: tuple[Template, ...] = (
    (f"{CCD}.1.3", None),
    (f"{PCC}.1.5.3.3", None),
    (f"{SECTION}.76", None),
)
_ACTS: tuple[Template, ...] = ((f"{PCC}.1.13.2.11", None), (f"{SECTION}.118", None))
_MENTION: tuple[Template, ...] = (
    ("2.16.840.1.113883.10.12.201", None),
    ("1.3.6.1.4.1.19376.1.4.1.2.16", None),
    (f"{SECTION}.73", None),
)
_ACTS_CODE = Code(LOINC, "29554-3", "Actes")


def _mention(body: ReimbursementBody, ids: Ids) -> _Element:
    return section(
        Code(LOINC, "55112-7", "Commentaire sur le document"),
        "Usage et responsabilités",
        _MENTION,
        identifier=ids("mention"),
        narrative=text(paragraph(body.mention)),
    )


def _list(
    values: tuple[_Value, ...],
    code: Code,
    title: str,
    roots: Iterable[Template],
    prefix: str,
    ids: Ids,
    heads: Sequence[str],
    row: Callable[[_Value, str], _Row],
    entry: Callable[[_Value, str, Ids], _Element],
) -> _Element | None:
    """A section with a table and an entry for each of its lines; nothing for no lines."""
    if not values:
        return None
    named = [(value, f"{prefix}-{number}") for number, value in enumerate(values)]
    return section(
        code,
        title,
        roots,
        narrative=text(table(heads, (row(value, ref) for value, ref in named))),
        identifier=ids(prefix),
        entries=[entry(value, ref, ids) for value, ref in named],
    )


def _medicine_row(value: DeliveredMedicine, ref: str) -> _Row:
    group = value.group
    return (
        french_day(value.delivered),
        Words(value.label, ref),
        "" if group is None else group.display or group.code,
        ", ".join(each.display or each.code for each in value.components),
        *prescriber_cells(value),
        str(value.quantity),
        Words("Oui" if value.repackaged else "Non", f"{ref}-repackaged"),
    )


def _medicines(body: ReimbursementBody, ids: Ids) -> _Element | None:
    heads = ("Date de délivrance", "Libellé du médicament", "Groupe thérapeutique")
    more = ("Composants actifs", *PRESCRIBER_HEADS, "Quantité délivrée", "Déconditionné")
    return _list(
        body.medicines,
        Code(LOINC, "10160-0", "Médication administrée"),
        "Médicaments",
        _MEDICINES,
        "medicine",
        ids,
        (*heads, *more),
        _medicine_row,
        medicine_entry,
    )


def _vaccine_row(value: DeliveredVaccine, ref: str) -> _Row:
    valence = value.valence
    return (
        french_day(value.delivered),
        Words(value.label, ref),
        "" if valence is None else valence.display or valence.code,
        *prescriber_cells(value),
    )


def _vaccines(body: ReimbursementBody, ids: Ids) -> _Element | None:
    return _list(
        body.vaccines,
        Code(LOINC, "11369-6", "Historique des vaccinations"),
        "Vaccinations",
        VACCINES,
        "vaccine",
        ids,
        ("Date de délivrance", "Libellé du vaccin", "Valence vaccinale", *PRESCRIBER_HEADS),
        _vaccine_row,
        vaccine_entry,
    )


def _device_row(value: DeliveredDevice, ref: str) -> _Row:
    day, label = french_day(value.delivered), Words(value.label, ref)
    return (day, label, *prescriber_cells(value), str(value.quantity))


def _devices(body: ReimbursementBody, ids: Ids) -> _Element | None:
    heads = ("Date de délivrance", "Libellé du dispositif médical")
    return _list(
        body.devices,
        Code(LOINC, "46264-8", "Dispositifs médicaux"),
        "Dispositifs médicaux",
        _DEVICES,
        "device",
        ids,
        (*heads, *PRESCRIBER_HEADS, "Quantité délivrée"),
        _device_row,
        device_entry,
    )


def _stay_row(value: ReimbursedStay, ref: str) -> _Row:
    place = value.place
    span = french_span(value.start, value.end)
    return (span, Words(value.label, ref), place.structure or french_name(place.name))


def _stays(body: ReimbursementBody, ids: Ids) -> _Element | None:
    return _list(
        body.stays,
        Code(LOINC, "46240-8", "Historique des rencontres"),
        "Hospitalisations",
        _STAYS,
        "stay",
        ids,
        ("Période du séjour", "Nature du séjour", "Lieu du séjour"),
        _stay_row,
        stay_entry,
    )


def _act_row(value: ReimbursedAct, ref: str) -> _Row:
    professions = (each.profession for each in value.performers)
    return (
        french_day(value.day),
        value.code.code,
        Words(value.label, ref),
        ", ".join(filter(None, (french_name(each.name) for each in value.performers))),
        ", ".join(each.display or each.code for each in professions if each is not None),
        ", ".join(each.structure for each in value.performers if each.structure is not None),
    )


def _acts(
    values: tuple[ReimbursedAct, ...], kind: Code, title: str, prefix: str, ids: Ids
) -> _Element | None:
    """A section of acts; its code is the same for all, a translation says of which kind."""
    heads = ("Date de l'acte", "Code de l'acte", "Libellé de l'acte", "Réalisé par")
    made = _list(
        values,
        _ACTS_CODE,
        title,
        _ACTS,
        prefix,
        ids,
        (*heads, "Spécialité", "Établissement"),
        _act_row,
        act_entry,
    )
    translation = coded("translation", kind)
    if made is not None and translation is not None:
        made[0][len(_ACTS) + 1].append(translation)  # the code follows templates and id
    return made


def write_reimbursement(body: ReimbursementBody, ids: Ids) -> _Element:
    """The component with the structured body."""
    return structured(
        _mention(body, ids),
        _medicines(body, ids),
        _vaccines(body, ids),
        _devices(body, ids),
        _stays(body, ids),
        _acts(
            body.care,
            Code(LOINC, "67803-7", "Liste des actes"),
            "Soins médicaux et dentaires",
            "care",
            ids,
        ),
        _acts(body.radiology, Code(LOINC, "18726-0", "Radiologie"), "Radiologie", "radiology", ids),
        _acts(body.biology, Code(LOINC, "26436-6", "Biologie"), "Biologie", "biology", ids),
    )


REIMBURSEMENT = BodyKind(
    body=ReimbursementBody,
    templates=((f"{MODEL}.36", "2021.01"),),
    write=write_reimbursement,
    type=Code("1.2.250.1.213.1.1.4.12", "REMB", "Données de remboursement"),
)
