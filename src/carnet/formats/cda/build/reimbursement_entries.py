"""The entries of a list of reimbursements (CI-SIS CNAM-HR 2021.01), as the sample has them."""

from __future__ import annotations

from lxml.etree import _Element

from carnet.formats.cda.build.kind import Ids
from carnet.formats.cda.build.medication import product, treatment_entry
from carnet.formats.cda.build.medication_model import Medication, Product
from carnet.formats.cda.build.oids import ACT_CODE, CCD, ENTRY, PCC, TA_ASIP
from carnet.formats.cda.build.reimbursement_model import (
    DeliveredDevice,
    DeliveredMedicine,
    DeliveredVaccine,
    ReimbursedAct,
    ReimbursedStay,
)
from carnet.formats.cda.build.reimbursement_parts import delivery, people, performer
from carnet.formats.cda.build.statements import (
    coded_as,
    null,
    related,
    simple_observation,
    status,
    templates,
    text_reference,
    value_of,
)
from carnet.formats.cda.build.vaccination import ENTRY_TEMPLATES, kind_code
from carnet.formats.cda.build.vaccination_model import VaccinationKind
from carnet.formats.cda.build.values import Coded
from carnet.formats.cda.build.xml import append, coded, element, identified, interval, moment
from carnet.record.document import Code
from carnet.record.identity import Identifier

_REPACKAGED = Code(TA_ASIP, "MED-559", "Déconditionné")
_INPATIENT = Code(ACT_CODE, "IMP", "Hospitalisation (établissement, y compris HAD)")


def medicine_entry(value: DeliveredMedicine, ref: str, ids: Ids) -> _Element:
    """A medicine as a treatment of which only the deliveries are known."""
    known = Product(value.label, atc=value.group, cip=value.code)
    entry = treatment_entry(Medication(known, ""), ref, ids)
    made = entry[0]
    code = made.find("{*}consumable/{*}manufacturedProduct/{*}manufacturedMaterial/{*}code")
    if value.components and code is not None:
        code.append(
            element("translation", *(coded("translation", each) for each in value.components))
        )
    opened = simple_observation(
        (),
        ids(f"{ref}-repackaged"),
        Coded(_REPACKAGED),
        f"{ref}-repackaged",
        value=value_of(value.repackaged),
    )
    append(made, delivery(value, ids(f"{ref}-delivery"), value.quantity), related("COMP", opened))
    return entry


def vaccine_entry(value: DeliveredVaccine, ref: str, ids: Ids) -> _Element:
    """A vaccine; the day on which it was given is not known, only that of its delivery."""
    known = Product(value.label, atc=value.valence, cip=value.code)
    made = element(
        "substanceAdministration",
        *templates(ENTRY_TEMPLATES),
        identified(Identifier(ids(ref))),
        coded("code", kind_code(VaccinationKind.UNSPECIFIED)),
        text_reference(ref),
        status(),
        null("effectiveTime", "UNK"),
        element("consumable", product(known, ref), attrs={"typeCode": "CSM"}),
        delivery(value, ids(f"{ref}-delivery")),
        attrs={"classCode": "SBADM", "moodCode": "EVN", "negationInd": "false"},
    )
    return element("entry", made)


def device_entry(value: DeliveredDevice, ref: str, ids: Ids) -> _Element:
    """A device that was supplied (F.3.20)."""
    codes = () if value.code is None else (value.code,)
    thing = element(
        "playingDevice",
        coded_as("code", Coded(None, value.label, codes), ref),
        attrs={"classCode": "DEV", "determinerCode": "INSTANCE"},
    )
    number = None if value.device is None else identified(value.device)
    role = element("participantRole", number, thing, attrs={"classCode": "MANU"})
    made = element(
        "supply",
        *templates((f"{CCD}.1.34", f"{ENTRY}.20")),
        identified(Identifier(ids(ref))),
        text_reference(ref),
        element("effectiveTime", null("low", "UNK"), attrs={"xsi:type": "IVL_TS"}),
        element("quantity", attrs={"value": str(value.quantity)}),
        *people(value),
        element("participant", role, attrs={"typeCode": "DEV"}),
        attrs={"classCode": "SPLY", "moodCode": "EVN"},
    )
    return element("entry", made)


def stay_entry(value: ReimbursedStay, ref: str, ids: Ids) -> _Element:
    """A stay in hospital (F.3.58); its group qualifies the code of the encounter."""
    code = coded_as("code", Coded(_INPATIENT))
    if value.code is not None:
        code.append(element("qualifier", coded("value", value.code)))
    made = element(
        "encounter",
        *templates((f"{CCD}.1.21", f"{PCC}.4.14", f"{ENTRY}.58")),
        identified(Identifier(ids(ref))),
        code,
        text_reference(ref),
        interval("effectiveTime", value.start, value.end),
        performer(value.place),
        attrs={"classCode": "ENC", "moodCode": "EVN"},
    )
    return element("entry", made)


def act_entry(value: ReimbursedAct, ref: str, ids: Ids) -> _Element:
    """An act of care, radiology or biology (F.3.62)."""
    made = element(
        "procedure",
        *templates((f"{CCD}.1.29", f"{PCC}.4.19", f"{ENTRY}.62")),
        identified(Identifier(ids(ref))),
        coded("code", value.code),
        text_reference(ref),
        status(),
        moment("effectiveTime", value.day),
        *(performer(each) for each in value.performers),
        attrs={"classCode": "PROC", "moodCode": "EVN"},
    )
    return element("entry", made)
