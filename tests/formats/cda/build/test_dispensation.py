"""The reference's clauses on dispensations, one by one, and what the builder refuses."""

from __future__ import annotations

import pytest
from lxml.etree import _Element

from carnet.formats.cda.build import build_document
from carnet.record.errors import CarnetError
from tests.formats.cda.build.header_samples import built, holds
from tests.formats.cda.build.level3_samples import ITEM, ITEM_2, dispensation, prescription
from tests.formats.cda.build.test_prescription import F2, F3, C, M, P, all_have

TOP = "h:component/h:structuredBody/h:component/h:section"
GIVEN = (
    f"{TOP}[h:templateId/@root='{M}.2.3' and h:templateId/@root='{C}.1.8' and "
    f"h:templateId/@root='{F2}.236']"
)
SUPPLY = f"{GIVEN}/h:entry/h:supply"
LINE = "h:entryRelationship[@typeCode='REFR']/h:substanceAdministration"
LINES = f"{SUPPLY}/{LINE}"

CLAUSES = {
    "M.2.3+C.1.8+F.2.236 60590-7": f"{GIVEN}/h:code/@code='60590-7'",
    "supply EVN C.1.34+P.4.7.3+M.3.4+F.3.204": all_have(
        SUPPLY,
        "@classCode='SPLY' and @moodCode='EVN'",
        *(
            f"h:templateId/@root='{root}'"
            for root in (f"{C}.1.34", f"{P}.4.7.3", f"{M}.3.4", f"{F3}.204")
        ),
    ),
    "supply: id, text/reference": all_have(SUPPLY, "h:id/@root", "h:text/h:reference/@value"),
    "supply: quantity": all_have(SUPPLY, "h:quantity/@value"),
    "supply: quantity with the package it counts, or bare": (
        f"{SUPPLY}/h:quantity[@value='2' and @unit='30009000'] and "
        f"{SUPPLY}/h:quantity[@value='1' and not(@unit)]"
    ),
    "supply: product": all_have(
        SUPPLY, f"h:product/h:manufacturedProduct[h:templateId/@root='{F3}.43']//h:name"
    ),
    "product: lot": f"{SUPPLY}//h:lotNumberText='A123'",
    "REFR substanceAdministration INT M.3.11+F.3.90": all_have(
        LINES,
        "@classCode='SBADM' and @moodCode='INT'",
        f"h:templateId/@root='{M}.3.11' and h:templateId/@root='{F3}.90'",
    ),
    "line: the item's id": f"{LINES}/h:id/@root='{ITEM}' and {LINES}/h:id/@root='{ITEM_2}'",
    "line: PREItem": all_have(
        LINES, "h:code[@code='PREItem' and @codeSystem='1.3.6.1.4.1.19376.1.9.2.2']"
    ),
    "line: material null NA": all_have(
        LINES, "h:consumable/h:manufacturedProduct/h:manufacturedMaterial/@nullFlavor='NA'"
    ),
    "line: the prescription": all_have(
        LINES, "h:reference[@typeCode='XCRPT']/h:externalDocument/h:id/@root='2.25.300'"
    ),
    "line: who prescribed": f"{LINES}/h:author[h:time/@value]/h:assignedAuthor/h:id/@extension",
    "SUBJ act P.4.3.1+F.3.207 FINSTRUCT wherever there is an entryRelationship": all_have(
        f"{SUPPLY}[h:entryRelationship]",
        "count(h:entryRelationship[@typeCode='SUBJ']/h:act["
        f"h:templateId/@root='{P}.4.3.1' and h:templateId/@root='{F3}.207' and "
        "h:code[@code='FINSTRUCT' and @codeSystem='1.3.6.1.4.1.19376.1.5.3.2'] and "
        "h:text/h:reference])=1",
    ),
    "what the patient is told": f"{SUPPLY}//h:code/@code='PINSTRUCT'",
    "what was replaced": (
        f"{SUPPLY}/h:entryRelationship/h:act[h:templateId/@root='{M}.3.9.2']/h:code/@code='G'"
    ),
}


@pytest.fixture(scope="module")
def root() -> _Element:
    return built(dispensation())


@pytest.mark.parametrize("clause", CLAUSES)
def test_the_clause_holds(root: _Element, clause: str) -> None:
    assert holds(root, CLAUSES[clause])


def test_the_lines_of_a_dispensation_are_those_of_the_prescription(root: _Element) -> None:
    ordered = built(prescription())
    ids = ordered.xpath(
        "//h:substanceAdministration/h:id/@root", namespaces={"h": "urn:hl7-org:v3"}
    )
    given = root.xpath("//h:substanceAdministration/h:id/@root", namespaces={"h": "urn:hl7-org:v3"})
    assert given == ids


def test_a_note_that_was_not_made_is_said_not_to_be(root: _Element) -> None:
    cells = ["".join(td.itertext()) for td in root.iter("{urn:hl7-org:v3}td")]
    assert "Patient averti" in cells
    assert "Aucune note" in cells


def test_without_copy_or_prescription_neither_is_written() -> None:
    root = built(dispensation(pdf=None, prescription=None))
    assert not holds(root, "//h:observationMedia or //h:externalDocument")


def test_nothing_given_is_refused() -> None:
    with pytest.raises(CarnetError) as refused:
        build_document(dispensation(items=()))
    assert refused.value.code == "cda-element-missing"
