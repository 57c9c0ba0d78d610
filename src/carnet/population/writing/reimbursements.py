"""The insurance's lists: what it paid for, as its own system writes it (CNAM-HR)."""

from __future__ import annotations

from datetime import date, datetime, time

from carnet.formats.cda.build import (
    Caregiver,
    DeliveredMedicine,
    DeliveredVaccine,
    Device,
    ReimbursedAct,
    ReimbursedStay,
    ReimbursementBody,
    Structure,
)
from carnet.population import model
from carnet.population.codes import Act, entry
from carnet.population.scripts.cast import J01, J04, concept
from carnet.population.scripts.moments import PARIS
from carnet.population.systems import ccam_of
from carnet.population.writing.context import Context
from carnet.population.writing.made import Made
from carnet.record.identity import OID_PROFESSIONAL, OID_STRUCTURE, Identifier

MENTION = (
    "Liste établie par l'organisme d'assurance maladie (démonstration) à partir de ce qu'il a "
    "remboursé. Elle ne dit pas ce qui a été fait ni ce qui a été pris."
)
SOFTWARE = "Assurance Maladie (démonstration)"
INSURER = Structure(
    identifier=Identifier(OID_STRUCTURE, "399999999900017"),
    name=SOFTWARE,
    setting=concept(J04, "AMO"),
)
DEVICE = Device(
    identifier=Identifier(OID_PROFESSIONAL, "599999999900017/1.2.250.1.999.1"),
    software=SOFTWARE,
    profession=concept(J01, "ALIM_AM"),
    structure=INSURER,
)


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _caregiver(context: Context, key: str) -> Caregiver:
    one = context.professional(key)
    return Caregiver(
        structure=one.structure.name,
        structure_id=one.structure.identifier,
        name=one.name,
        identifier=one.identifier,
        profession=one.profession,
    )


def _house(context: Context, key: str) -> Caregiver:
    """Who delivered something: the insurance knows the house, not the person."""
    house = context.professional(key).structure
    return Caregiver(structure=house.name, structure_id=house.identifier)


def _prescriber(context: Context, line: model.Reimbursed) -> Caregiver | None:
    return None if line.prescriber is None else _caregiver(context, line.prescriber)


def write(context: Context, content: model.Reimbursements) -> Made:
    """The list of a period, each kind of thing in its section."""
    lines = content.lines
    body = ReimbursementBody(
        mention=MENTION,
        medicines=tuple(_medicine(context, one) for one in lines if one.kind == "medicine"),
        vaccines=tuple(
            DeliveredVaccine(
                label=one.label,
                delivered=_day(one.day),
                supplier=_house(context, one.by),
                prescriber=_prescriber(context, one),
            )
            for one in lines
            if one.kind == "vaccine"
        ),
        stays=tuple(
            ReimbursedStay(
                label=one.label,
                start=_day(one.day),
                end=None if one.until is None else _day(one.until),
                place=_house(context, one.by),
            )
            for one in lines
            if one.kind == "stay"
        ),
        radiology=tuple(_radiology(context, lines)),
    )
    return Made(
        body=body,
        act_start=datetime.combine(content.since, time(0), tzinfo=PARIS),
        act_end=context.document.at,
    )


def _medicine(context: Context, line: model.Reimbursed) -> DeliveredMedicine:
    return DeliveredMedicine(
        label=line.label,
        delivered=_day(line.day),
        supplier=_house(context, line.by),
        quantity=line.quantity,
        prescriber=_prescriber(context, line),
        prescribed=None if line.prescribed is None else _day(line.prescribed),
    )


def _radiology(context: Context, lines: tuple[model.Reimbursed, ...]) -> list[ReimbursedAct]:
    """Acts of imaging; one without a code of the list of acts is not on the list."""
    found = []
    for line in lines:
        known = entry(Act, line.item) if line.kind == "imaging" and line.item else None
        code = None if known is None else ccam_of(known)
        if code is not None:
            who = (_caregiver(context, line.by),)
            found.append(
                ReimbursedAct(label=line.label, day=_day(line.day), code=code, performers=who)
            )
    return found
