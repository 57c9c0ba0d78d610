"""The list of reimbursements: what the specification's sample of it has, part by part."""

from __future__ import annotations

import msgspec
import pytest

from carnet.formats.cda.build import ReimbursementBody
from tests.formats.cda.build.care_samples import reimbursement
from tests.formats.cda.build.clauses import CCD as C
from tests.formats.cda.build.clauses import ENTRY as F3
from tests.formats.cda.build.clauses import PCC as P
from tests.formats.cda.build.clauses import SECTION as F2
from tests.formats.cda.build.clauses import of_templates
from tests.formats.cda.build.header_samples import NS, built, holds

BODY = "h:component/h:structuredBody/h:component/h:section"
MEDICINES = f"{BODY}[h:code/@code='10160-0']"
MEDICINE = f"{MEDICINES}/h:entry[1]/h:substanceAdministration"
VACCINE = f"{BODY}[h:code/@code='11369-6']/h:entry/h:substanceAdministration"
DEVICE = f"{BODY}[h:code/@code='46264-8']/h:entry/h:supply"
STAY = f"{BODY}[h:code/@code='46240-8']/h:entry/h:encounter"
CARE = f"{BODY}[h:code/h:translation/@code='67803-7']"
CLAUSES = {
    "level 3, F.1.36^2021.01": (
        "count(h:templateId)=3 and "
        "h:templateId[3][@root='1.2.250.1.213.1.1.1.36' and @extension='2021.01']"
    ),
    "type REMB": "h:code[@code='REMB' and @codeSystem='1.2.250.1.213.1.1.4.12']",
    "author ALIM_AM, a device": (
        "h:author/h:assignedAuthor[h:code/@code='ALIM_AM']/h:assignedAuthoringDevice["
        "h:manufacturerModelName='.' and h:softwareName]"
    ),
    "author's organization: the insurance": (
        "h:author//h:representedOrganization/h:id/@extension='318003502400041'"
    ),
    "custodian: the insurance, nothing more known": (
        "h:custodian//h:representedCustodianOrganization[h:id and h:name and not(h:addr)]"
    ),
    "performer: nobody, setting AMO": (
        "h:documentationOf//h:assignedEntity[h:id/@nullFlavor='NA']"
        "//h:standardIndustryClassCode/@code='AMO'"
    ),
    "main act without code, low and high": (
        "h:documentationOf/h:serviceEvent[not(h:code)]/h:effectiveTime[h:low and h:high]"
    ),
    "encounter: time NA, SA24": (
        "h:componentOf/h:encompassingEncounter[h:effectiveTime/@nullFlavor='NA']"
        "//h:healthCareFacility/h:code/@code='SA24'"
    ),
    "mention 55112-7": f"{BODY}[h:code/@code='55112-7']/h:text/h:paragraph",
    "medicines C.1.8+P.3.19+F.2.143": of_templates(MEDICINES, f"{C}.1.8", f"{P}.3.19", f"{F2}.143"),
    "medicine: treatment F.3.42, code null with originalText": (
        f"{MEDICINE}[h:templateId/@root='{F3}.42']//h:manufacturedMaterial/h:code"
        "[@nullFlavor='UNK']/h:originalText/h:reference"
    ),
    "medicine: codes of the insurance as translations": (
        f"{MEDICINE}//h:manufacturedMaterial/h:code["
        "h:translation/@codeSystem='1.2.250.1.215.200.1.1.1' and "
        "h:translation/@codeSystem='1.2.250.1.215.200.1.2.1' and "
        "h:translation/h:translation/@codeSystem='1.2.250.1.215.200.1.3.1']"
    ),
    "medicine: REFR supply F.3.44 with quantity": (
        of_templates(
            f"{MEDICINE}/h:entryRelationship[@typeCode='REFR']/h:supply",
            f"{C}.1.34",
            f"{P}.4.7.3",
            f"{F3}.44",
        )
        + "/h:quantity/@value='2'"
    ),
    "medicine: who delivered and when": (
        f"{MEDICINE}//h:supply/h:performer[@typeCode='PRF' and h:time/@value='20260112']"
        "/h:assignedEntity[h:id/@nullFlavor='UNK']/h:representedOrganization/h:name"
    ),
    "medicine: who prescribed": (
        f"{MEDICINE}//h:supply/h:author[h:time/@value='20260111']/h:assignedAuthor["
        "h:id/@extension and h:assignedPerson/h:name/h:family]"
    ),
    "medicine: COMP MED-559 BL": (
        f"{MEDICINE}/h:entryRelationship[@typeCode='COMP']/h:observation[h:code/@code='MED-559']"
        "/h:value[@x:type='BL' and @value='true']"
    ),
    "vaccine: F.3.45, IMMUNIZ, date unknown": (
        of_templates(VACCINE, f"{C}.1.24", f"{P}.4.12", f"{F3}.45")
        + "[h:code/@code='IMMUNIZ' and @negationInd='false']/h:effectiveTime/@nullFlavor='UNK'"
    ),
    "vaccine: REFR supply without quantity": (
        f"{VACCINE}/h:entryRelationship[@typeCode='REFR']/h:supply[not(h:quantity)]/h:performer"
    ),
    "device: supply C.1.34+F.3.20": of_templates(DEVICE, f"{C}.1.34", f"{F3}.20"),
    "device: DEV/MANU/playingDevice, code of the LPP as translation": (
        f"{DEVICE}/h:participant[@typeCode='DEV']/h:participantRole[@classCode='MANU' and h:id]"
        "/h:playingDevice[@classCode='DEV']/h:code/h:translation/@code='1397790'"
    ),
    "stay: C.1.21+P.4.14+F.3.58": of_templates(STAY, f"{C}.1.21", f"{P}.4.14", f"{F3}.58"),
    "stay: IMP, its group as qualifier": (
        f"{STAY}/h:code[@code='IMP']/h:qualifier/h:value/@code='1940'"
    ),
    "stay: from, to, where": (
        f"{STAY}[h:effectiveTime/h:low and h:effectiveTime/h:high]/h:performer//h:name"
    ),
    "acts P.1.13.2.11+F.2.118 29554-3": of_templates(CARE, f"{P}.1.13.2.11", f"{F2}.118")
    + "/h:code/@code='29554-3'",
    "acts: radiology 18726-0": f"{BODY}/h:code/h:translation/@code='18726-0'",
    "acts: biology 26436-6": f"{BODY}/h:code/h:translation/@code='26436-6'",
    "act: C.1.29+P.4.19+F.3.62": of_templates(
        f"{CARE}/h:entry[1]/h:procedure", f"{C}.1.29", f"{P}.4.19", f"{F3}.62"
    ),
    "act: performers as far as known": (
        f"{BODY}/h:entry/h:procedure[count(h:performer)=2]"
        "/h:performer[1]/h:assignedEntity[h:id/@nullFlavor='UNK']//h:name"
    ),
}


@pytest.mark.parametrize("clause", CLAUSES)
def test_a_part_of_the_sample_is_written(clause: str) -> None:
    assert holds(built(reimbursement()), CLAUSES[clause]), clause


def test_a_kind_of_which_there_is_nothing_has_no_section() -> None:
    spec = msgspec.structs.replace(reimbursement(), body=ReimbursementBody("Rien."))
    codes = built(spec).xpath(f"{BODY}/h:code/@code", namespaces=NS)
    assert codes == ["55112-7"]


def test_what_the_insurance_does_not_know_is_left_out_or_unknown() -> None:
    second = f"{MEDICINES}/h:entry[2]/h:substanceAdministration"
    root = built(reimbursement())
    assert holds(root, f"{second}//h:supply[not(h:author)]")
    assert holds(root, f"not({second}//h:code/h:translation)")
    assert holds(root, f"{VACCINE}//h:author/h:time/@nullFlavor='UNK'")


def test_people_read_who_prescribed_and_who_delivered() -> None:
    cells = built(reimbursement()).xpath(f"{MEDICINES}/h:text//h:tbody/h:tr[1]/h:td", namespaces=NS)
    assert ["".join(cell.itertext()) for cell in cells] == [
        "12/01/2026",
        "MEDICAMENT INVENTE CPR",
        "MEDICAMENTS DU DIABETE",
        "METFORMINE",
        "Dr Hélène GARRIGUE",
        "Médecin - Qualifié en Médecine Générale (SM)",
        "Cabinet <A> & B",
        "PHARMACIE INVENTÉE",
        "2",
        "Oui",
    ]
