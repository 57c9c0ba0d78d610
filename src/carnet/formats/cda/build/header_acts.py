"""What a document reports and when: its acts, the orders it answers, the encounter."""

from __future__ import annotations

from lxml import etree
from lxml.etree import _Element

from carnet.formats.cda.build.kind import BodyKind
from carnet.formats.cda.build.model import Encounter, FurtherAct, Order, ServiceEvent
from carnet.formats.cda.build.people import address, assigned
from carnet.formats.cda.build.values import Translation
from carnet.formats.cda.build.xml import (
    append,
    code_attrs,
    coded,
    element,
    identified,
    interval,
    template,
)
from carnet.record.document import Code
from carnet.record.identity import Identifier

DICOM = "urn:dicom-org:ps3-20"


def order(answered: Identifier | Order) -> _Element:
    """The order; the accession number stands in the namespace of DICOM PS3.20."""
    if isinstance(answered, Identifier):
        return element("inFulfillmentOf", element("order", identified(answered)))
    made = element("order", identified(answered.identifier))
    if answered.accession is not None:
        accession = etree.SubElement(made, f"{{{DICOM}}}accessionNumber")
        accession.set("root", answered.accession.root)
        if answered.accession.extension:
            accession.set("extension", answered.accession.extension)
    return element("inFulfillmentOf", made)


def _act_code(code: Code | None, translations: tuple[Translation, ...]) -> _Element | None:
    """The code of an act with its translations, each under its qualifier."""
    made = coded("code", code)
    if made is None:
        return None
    for translation in translations:
        second = element("translation", attrs=code_attrs(translation.code))
        if translation.qualifier is not None:
            second.append(element("qualifier", coded("name", translation.qualifier)))
        made.append(second)
    return made


def main_act(event: ServiceEvent, kind: BodyKind) -> _Element:
    """The main act with its one performer; the laboratory says when the work was done."""
    rules = kind.header
    performer = element(
        "performer",
        None if rules.performer is None else template(rules.performer),
        interval("time", None, event.end or event.start) if rules.performer_time else None,
        assigned("assignedEntity", event.performer, with_setting=True),
        attrs={"typeCode": "PRF"},
    )
    act = element(
        "serviceEvent",
        None if event.identifier is None else identified(event.identifier),
        _act_code(event.code or kind.main_act, event.translations),
        interval("effectiveTime", event.start, event.end),
        performer,
    )
    return element("documentationOf", act)


def further_act(act: Code | FurtherAct) -> _Element:
    """An act beside the main one: its code, and no performer."""
    if isinstance(act, Code):
        return element("documentationOf", element("serviceEvent", coded("code", act)))
    made = element(
        "serviceEvent",
        None if act.identifier is None else identified(act.identifier),
        _act_code(act.code, act.translations),
        None if act.start is None else interval("effectiveTime", act.start, act.end),
    )
    return element("documentationOf", made)


def encounter(met: Encounter) -> _Element:
    """The care encounter; where no time applies (a list of reimbursements) it says so."""
    place: _Element | None = None
    if met.place_name is not None:
        place = element("location", element("name", met.place_name))
        place.append(address(met.place_address))
    timed = met.start is not None or met.end is not None
    made = element(
        "encompassingEncounter",
        coded("code", met.mode),
        interval("effectiveTime", met.start, met.end)
        if timed
        else element("effectiveTime", attrs={"nullFlavor": "NA"}),
        None
        if met.responsible is None
        else element("responsibleParty", assigned("assignedEntity", met.responsible)),
    )
    facility = element("healthCareFacility", coded("code", met.facility), place)
    return element("componentOf", append(made, element("location", facility)))
