"""Parts of reimbursement entries: people known in part, deliveries, products, their words."""

from __future__ import annotations

from lxml.etree import _Element

from carnet.formats.cda.build.narrative import Words
from carnet.formats.cda.build.oids import CCD, ENTRY, PCC
from carnet.formats.cda.build.people import person_name
from carnet.formats.cda.build.reimbursement_model import (
    Caregiver,
    DeliveredDevice,
    DeliveredMedicine,
    DeliveredVaccine,
)
from carnet.formats.cda.build.statements import null, related, templates
from carnet.formats.cda.build.wording import french_name
from carnet.formats.cda.build.xml import append, coded, element, identified, moment
from carnet.record.identity import Identifier

Delivery = DeliveredMedicine | DeliveredVaccine | DeliveredDevice


def entity(tag: str, who: Caregiver) -> _Element:
    """An assignedEntity or assignedAuthor with what is known of somebody, and no more."""
    made = element(
        tag,
        null("id", "UNK") if who.identifier is None else identified(who.identifier),
        coded("code", who.profession),
        None if who.name is None else element("assignedPerson", person_name(who.name)),
    )
    if who.structure is None and who.structure_id is None:
        return made
    house = element("representedOrganization")
    append(house, None if who.structure_id is None else identified(who.structure_id))
    append(house, None if who.structure is None else element("name", who.structure))
    return append(made, house)


def performer(who: Caregiver, time: str | None = None) -> _Element:
    """The performer of an entry; ``time`` is when something was delivered."""
    return element(
        "performer",
        None if time is None else moment("time", time),
        entity("assignedEntity", who),
        attrs={"typeCode": "PRF"},
    )


def people(value: Delivery) -> list[_Element]:
    """Who delivered, and who had prescribed where that is known."""
    made = [performer(value.supplier, value.delivered)]
    if value.prescriber is not None:
        prescribed = value.prescribed
        made.append(
            element(
                "author",
                null("time", "UNK") if prescribed is None else moment("time", prescribed),
                entity("assignedAuthor", value.prescriber),
            )
        )
    return made


def delivery(
    value: DeliveredMedicine | DeliveredVaccine, identifier: str, quantity: int | None = None
) -> _Element:
    """The delivery of a product (F.3.44) under the entry of the product."""
    made = element(
        "supply",
        *templates((f"{CCD}.1.34", f"{PCC}.4.7.3", f"{ENTRY}.44")),
        identified(Identifier(identifier)),
        None if quantity is None else element("quantity", attrs={"value": str(quantity)}),
        *people(value),
        attrs={"classCode": "SPLY", "moodCode": "EVN"},
    )
    return related("REFR", made)


def prescriber_cells(value: Delivery) -> tuple[str | Words, ...]:
    """Prescriber, profession, structure of the prescriber, and who delivered."""
    who = value.prescriber
    profession = None if who is None else who.profession
    return (
        french_name(None if who is None else who.name),
        "" if profession is None else profession.display or profession.code,
        "" if who is None else who.structure or "",
        value.supplier.structure or french_name(value.supplier.name),
    )


PRESCRIBER_HEADS = (
    "Prescrit par",
    "Spécialité du prescripteur",
    "Établissement du prescripteur",
    "Délivré par",
)
