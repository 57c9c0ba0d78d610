"""The reference's clauses on prescriptions, medication and product, one by one."""

from __future__ import annotations

import pytest
from lxml.etree import _Element

from carnet.formats.cda.build import Quantity, Schedule, build_document
from carnet.record.errors import CarnetError
from tests.formats.cda.build.header_samples import built, holds
from tests.formats.cda.build.level3_samples import DAY, ITEM, ITEM_2, prescription

C, P, M = "2.16.840.1.113883.10.20", "1.3.6.1.4.1.19376.1.5.3.1", "1.3.6.1.4.1.19376.1.9.1"
F2, F3, TA = "1.2.250.1.213.1.1.2", "1.2.250.1.213.1.1.3", "1.2.250.1.213.1.1.4.322"
TOP = "h:component/h:structuredBody/h:component/h:section"
MEDICINES = f"{TOP}[h:templateId/@root='{M}.2.1' and h:templateId/@root='{F2}.171']"
DEVICES = f"{TOP}[h:templateId/@root='{F2}.222']"
ITEMS = f"{MEDICINES}/h:entry/h:substanceAdministration"
FIRST, SECOND = f"{ITEMS}[h:id/@root='{ITEM}']", f"{ITEMS}[h:id/@root='{ITEM_2}']"
MADE = "h:consumable/h:manufacturedProduct"
MATERIAL = f"{MADE}/h:manufacturedMaterial"
SUPPLY = f"{DEVICES}/h:entry/h:supply"


def all_have(path: str, *clauses: str) -> str:
    """That there is such an element, and that the clauses hold of each."""
    return " and ".join((path, *(f"not({path}[not({clause})])" for clause in clauses)))


def flag(path: str, arc: str, code: str) -> str:
    """That each element states a yes or no exactly once."""
    observed = (
        f"h:entryRelationship[@typeCode='COMP']/h:observation[h:templateId/@root='{P}.4.13' and "
        f"h:templateId/@root='{F3}.48' and h:templateId/@root='{F3}.48.{arc}' and "
        f"h:code[@code='{code}' and @codeSystem='{TA}'] and h:id/@root and h:text/h:reference and "
        f"h:statusCode/@code='completed' and h:effectiveTime/@value='{DAY}' and "
        "h:value[@x:type='BL' and (@value='true' or @value='false')]]"
    )
    return all_have(path, f"count({observed})=1")


CLAUSES = {
    "M.2.1+F.2.171 57828-6": f"{MEDICINES}/h:code/@code='57828-6'",
    "or devices F.2.222 46264-8": f"{DEVICES}/h:code/@code='46264-8'",
    "PDF copy 1..1": f"count({TOP}[h:templateId/@root='{F2}.243'])=1",
    "item: medication as INT C.1.24+P.4.7+M.3.2+F.3.83+M.3.6+P.4.7.1": all_have(
        ITEMS,
        "@classCode='SBADM' and @moodCode='INT'",
        *(
            f"h:templateId/@root='{root}'"
            for root in (f"{C}.1.24", f"{P}.4.7", f"{M}.3.2", f"{F3}.83", f"{M}.3.6", f"{P}.4.7.1")
        ),
    ),
    "medication: one id": all_have(ITEMS, "count(h:id)=1"),
    "medication: DRUG (A5)": all_have(
        ITEMS, "h:code[@code='DRUG' and @codeSystem='2.16.840.1.113883.5.4']"
    ),
    "medication: text/reference, completed": all_have(
        ITEMS, "h:text/h:reference/@value and h:statusCode/@code='completed'"
    ),
    "medication: effectiveTime IVL_TS low+high": all_have(
        ITEMS, "h:effectiveTime[1][@x:type='IVL_TS' and h:low and h:high]"
    ),
    "medication: both bounds as given": (
        f"{FIRST}/h:effectiveTime[1][h:low/@value='20260302' and h:high/@value='20260308']"
    ),
    "medication: a bound that is not known is null": (
        f"{SECOND}/h:effectiveTime[1][h:low/@value='20260302' and h:high/@nullFlavor='UNK']"
    ),
    "medication: then operator A": all_have(
        ITEMS, "count(h:effectiveTime)=2 and h:effectiveTime[2]/@operator='A'"
    ),
    "medication: twice a day is every 12 hours": (
        f"{FIRST}/h:effectiveTime[2][@x:type='PIVL_TS']/h:period[@value='12' and @unit='h']"
    ),
    "medication: doseQuantity with low and high": all_have(
        ITEMS, "h:doseQuantity[h:low and h:high]"
    ),
    "medication: the dose as given": (
        f"{FIRST}/h:doseQuantity[h:low[@value='1' and @unit='{{capsule}}'] and h:high/@value='2']"
    ),
    "medication: rateQuantity with low and high": all_have(
        ITEMS, "h:rateQuantity[h:low and h:high]"
    ),
    "medication: one rate is both bounds": (
        f"{FIRST}/h:rateQuantity[h:low/@value='2000' and h:high/@value='2000']"
    ),
    "item: repeatNumber": (
        f"{FIRST}/h:repeatNumber/@value='2' and {SECOND}/h:repeatNumber/@value='0'"
    ),
    "product C.1.53+P.4.7.2+F.3.43, MANU": all_have(
        f"{ITEMS}/{MADE}",
        "@classCode='MANU'",
        f"h:templateId/@root='{C}.1.53'",
        f"h:templateId/@root='{P}.4.7.2'",
        f"h:templateId/@root='{F3}.43'",
    ),
    "product: material MMAT KIND M.3.1": all_have(
        f"{ITEMS}/{MATERIAL}",
        f"@classCode='MMAT' and @determinerCode='KIND' and h:templateId/@root='{M}.3.1'",
    ),
    "product: code in CIS": (
        f"{FIRST}/{MATERIAL}/h:code[@code='60000001' and @codeSystem='1.2.250.1.213.2.3.1']"
    ),
    "product: or null": f"{SECOND}/{MATERIAL}/h:code[@nullFlavor='UNK' and not(@code)]",
    "product: originalText/reference": all_have(
        f"{ITEMS}/{MATERIAL}", "h:code/h:originalText/h:reference/@value"
    ),
    "product: translation ATC": (
        f"{FIRST}/{MATERIAL}/h:code/h:translation[@code='J01CA04' and "
        "@codeSystem='2.16.840.1.113883.6.73']"
    ),
    "product: translation CIP": (
        f"{FIRST}/{MATERIAL}/h:code/h:translation[@code='3400900000001' and "
        "@codeSystem='1.2.250.1.213.2.3.2']"
    ),
    "product: name 1..1": all_have(f"{ITEMS}/{MATERIAL}", "count(h:name)=1 and string(h:name)"),
    "COMP act DEF M.3.9.1+F.3.87 1..1": all_have(
        ITEMS,
        "count(h:entryRelationship[@typeCode='COMP']/h:act[@moodCode='DEF' and "
        f"h:templateId/@root='{M}.3.9.1' and h:templateId/@root='{F3}.87' and "
        "h:code/@codeSystem='2.16.840.1.113883.5.1070'])=1",
    ),
    "substitution: N, G": (
        f"{FIRST}/h:entryRelationship/h:act/h:code/@code='N' and "
        f"{SECOND}/h:entryRelationship/h:act/h:code/@code='G'"
    ),
    "SO F.3.48.13 MED-574": flag(ITEMS, "13", "MED-574"),
    "SO .14 GEN-180": flag(ITEMS, "14", "GEN-180"),
    "SO .34 GEN-295": flag(ITEMS, "34", "GEN-295"),
    "SO .15 GEN-181": flag(ITEMS, "15", "GEN-181"),
    "SO .12 GEN-179": flag(ITEMS, "12", "GEN-179"),
    "SO: yes where said": (
        f"{FIRST}/h:entryRelationship/h:observation[h:code/@code='MED-574']/h:value/@value='true'"
        f" and {FIRST}/h:entryRelationship/h:observation[h:code/@code='GEN-181']"
        "/h:value/@value='false'"
    ),
    "device: supply INT C.1.34+F.3.20": all_have(
        SUPPLY,
        "@moodCode='INT'",
        f"h:templateId/@root='{C}.1.34'",
        f"h:templateId/@root='{F3}.20'",
    ),
    "device: effectiveTime, repeatNumber": all_have(
        SUPPLY, "h:effectiveTime[@x:type='IVL_TS' and h:low/@value]", "h:repeatNumber/@value"
    ),
    "device: participant DEV/MANU/playingDevice": all_have(
        SUPPLY,
        "h:participant[@typeCode='DEV']/h:participantRole[@classCode='MANU']/h:playingDevice/h:code",
    ),
    "device: code, LPP, or null": (
        f"({SUPPLY})[1]//h:playingDevice/h:code[@code='V0806']/h:translation/@code='1215702' and "
        f"({SUPPLY})[2]//h:playingDevice/h:code[@nullFlavor='UNK']/h:originalText/h:reference"
    ),
    "device: first SO": flag(SUPPLY, "13", "MED-574"),
    "device: second SO": flag(SUPPLY, "14", "GEN-180"),
    "device: third SO": flag(SUPPLY, "34", "GEN-295"),
    "device: fourth SO": flag(SUPPLY, "15", "GEN-181"),
    "device: the first four SO only": f"not({SUPPLY}//h:code[@code='GEN-179'])",
    "what the patient is told": (
        f"{FIRST}/h:entryRelationship[@typeCode='SUBJ' and @inversionInd='true']"
        "/h:act/h:code[@code='PINSTRUCT' and @codeSystem='1.3.6.1.4.1.19376.1.5.3.2']"
    ),
    "what the pharmacist is told": (
        f"{FIRST}/h:entryRelationship[@typeCode='SUBJ']/h:act[h:templateId/@root='{F3}.34']"
        "/h:code/@code='FINSTRUCT'"
    ),
    "packages to dispense": (
        f"{FIRST}/h:entryRelationship/h:supply[@moodCode='RQO' and h:templateId/@root='{M}.3.8']"
        "/h:quantity/@value='2'"
    ),
    "route (EDQM)": f"{FIRST}/h:routeCode[@code='20053000']/h:originalText/h:reference",
}


@pytest.fixture(scope="module")
def root() -> _Element:
    return built(prescription())


@pytest.mark.parametrize("clause", CLAUSES)
def test_the_clause_holds(root: _Element, clause: str) -> None:
    assert holds(root, CLAUSES[clause])


def test_medicines_or_devices_or_both() -> None:
    assert not holds(built(prescription(devices=())), DEVICES)
    assert not holds(built(prescription(medicines=())), MEDICINES)
    with pytest.raises(CarnetError) as refused:
        build_document(prescription(medicines=(), devices=()))
    assert refused.value.code == "cda-element-missing"


def test_people_read_posology_span_substitution_and_cover(root: _Element) -> None:
    row = next(tr for tr in root.iter("{urn:hl7-org:v3}tr") if "AMOXI" in "".join(tr.itertext()))
    assert ["".join(td.itertext()) for td in row] == [
        "AMOXICILLINE ESSAI 500 mg, gélule",
        "2 gélules matin et soir pendant 6 jours",
        "du 02/03/2026 au 08/03/2026",
        "Voie orale",
        "Pneumopathie",
        "Au cours du repas",
        "Non (MTE)",
        "2",
        "Oui",
        "Non",
        "Non",
        "Non",
        "Oui",
        "Délivrer en une fois",
    ]


@pytest.mark.parametrize(
    ("schedule", "period"),
    [
        (Schedule(), Quantity("1", "d")),
        (Schedule(3), Quantity("8", "h")),
        (Schedule(5), Quantity("4.8", "h")),
        (Schedule(1, Quantity("1", "wk")), Quantity("1", "wk")),
        (Schedule(2, Quantity("1", "wk")), Quantity("84", "h")),
        (Schedule(2, Quantity("1", "mo")), Quantity("0.5", "mo")),
    ],
)
def test_so_many_times_in_a_span_is_a_period(schedule: Schedule, period: Quantity) -> None:
    assert schedule.period == period
