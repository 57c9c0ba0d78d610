"""The reference's clauses on imaging reports, one by one, and what the builder refuses."""

from __future__ import annotations

import pytest
from lxml.etree import _Element

from carnet.formats.cda.build import Coded, build_document
from carnet.record.document import Code
from carnet.record.errors import CarnetError
from tests.formats.cda.build.header_samples import built, holds
from tests.formats.cda.build.level3_samples import CHEST, UNCODED, imaging

D, C, F2, F3 = (
    "1.2.840.10008.9",
    "2.16.840.1.113883.10.20",
    "1.2.250.1.213.1.1.2",
    "1.2.250.1.213.1.1.3",
)
DCM = "1.2.840.10008.2.16.4"
TOP = "h:component/h:structuredBody/h:component/h:section"
ACT = f"{TOP}[h:templateId/@root='{D}.3']"
DONE = f"({ACT})[1]/h:entry/h:procedure"


def section(root: str, own: str, code: str) -> str:
    return (
        f"{TOP}[h:templateId/@root='{root}' and h:templateId/@root='{F2}.{own}' and "
        f"h:code/@code='{code}']"
    )


CLAUSES = {
    "main act LN > translation with qualifier/name 121139 DCM": (
        "h:documentationOf[1]/h:serviceEvent/h:code[@codeSystem='2.16.840.1.113883.6.1']"
        f"/h:translation[@code='DX']/h:qualifier/h:name[@code='121139' and @codeSystem='{DCM}']"
    ),
    "order: id + ps3-20:accessionNumber": (
        "h:inFulfillmentOf/h:order[h:id/@extension='984']"
        "/d:accessionNumber[@root='2.25.601' and @extension='105']"
    ),
    "D.3+F.2.206 55111-9 act 1..*": f"count({section(f'{D}.3', '206', '55111-9')})=2",
    "procedure D.14+F.3.153": (
        f"count({ACT}/h:entry/h:procedure[h:templateId/@root='{D}.14' and "
        f"h:templateId/@root='{F3}.153' and h:id/@root])=2"
    ),
    "procedure: translation CCAM": (
        f"{DONE}/h:code/h:translation[@code='ZBQK002' and @codeSystem='1.2.250.1.215.300.1']"
    ),
    "procedure: methodCode DCM": f"{DONE}/h:methodCode[@code='DX' and @codeSystem='{DCM}']",
    "procedure: targetSiteCode SCT": (
        f"{DONE}/h:targetSiteCode[@code='302551006' and @codeSystem='2.16.840.1.113883.6.96']"
    ),
    "procedure: text, originalText": (
        f"{DONE}[h:text/h:reference and h:code/h:originalText/h:reference]"
    ),
    "a code that is not known is null with original text": (
        f"({ACT})[2]/h:entry/h:procedure[h:code/@nullFlavor='UNK' and "
        "h:methodCode/@nullFlavor='UNK' and "
        "h:targetSiteCode[@nullFlavor='UNK']/h:originalText/h:reference]"
    ),
    "sub-section C.6.1.1+F.2.217 121181 DCM 1..1": (
        f"count({ACT}[count(h:component/h:section[h:templateId/@root='{C}.6.1.1' and "
        f"h:templateId/@root='{F2}.217' and h:code[@code='121181' and @codeSystem='{DCM}']])=1])=2"
    ),
    "D.5+F.2.209 19005-8 conclusion 1..1": f"count({section(f'{D}.5', '209', '19005-8')})=1",
    "0..1: C.6.1.2+F.2.208 59776-5 result": f"count({section(f'{C}.6.1.2', '208', '59776-5')})=1",
    "0..1: D.4+F.2.207 18834-2 comparison": f"count({section(f'{D}.4', '207', '18834-2')})=1",
    "0..1: D.6+F.2.210 55107-7 addendum": f"count({section(f'{D}.6', '210', '55107-7')})=1",
    "addendum: its author": f"{section(f'{D}.6', '210', '55107-7')}/h:author/h:time/@value",
    "request within clinical information": (
        f"{section(f'{D}.2', '205', '55752-0')}/h:component/h:section/h:code/@code='55115-0'"
    ),
}


@pytest.fixture(scope="module")
def root() -> _Element:
    return built(imaging())


@pytest.mark.parametrize("clause", CLAUSES)
def test_the_clause_holds(root: _Element, clause: str) -> None:
    assert holds(root, CLAUSES[clause])


def test_paragraphs_and_the_words_of_an_act_are_there_to_read(root: _Element) -> None:
    words = {"".join(p.itertext()) for p in root.iter("{urn:hl7-org:v3}paragraph")}
    assert {
        "Pas de foyer.",
        "Contrôle inutile.",
        "Toux fébrile.",
        "Relu avec le clinicien.",
    } <= words
    cells = ["".join(td.itertext()) for td in root.iter("{urn:hl7-org:v3}td")]
    assert "Radiographie du thorax de face (ZBQK002)" in cells
    assert "Incidence de face, debout.Inspiration complète." in cells  # one line each
    assert "Thorax" in cells


def test_a_study_is_named_and_linked_to_its_images(root: _Element) -> None:
    links = [link.get("href") for link in root.iter("{urn:hl7-org:v3}linkHtml")]
    assert links == ["https://images.example.fr/1"]
    assert holds(root, "//h:td='1.2.250.1.999.27.2'")


def test_without_studies_the_catalogue_says_that_there_is_none() -> None:
    root = built(imaging(exams=(UNCODED,)))
    assert holds(root, "//h:section[h:code/@code='121181']//h:paragraph='Aucune image référencée.'")


def test_sections_without_words_are_left_out() -> None:
    root = built(imaging(indication=(), findings=(), comparison=(), addendum=None, pdf=None))
    codes = [c.get("code") for c in root.xpath(f"{TOP}/h:code", namespaces={"h": "urn:hl7-org:v3"})]
    assert codes == ["55111-9", "55111-9", "19005-8"]


@pytest.mark.parametrize("missing", [{"exams": ()}, {"conclusion": ()}])
def test_a_report_without_examination_or_conclusion_is_refused(missing: dict[str, object]) -> None:
    with pytest.raises(CarnetError) as refused:
        build_document(imaging(**missing))
    assert refused.value.code == "cda-element-missing"


def test_the_main_act_is_translated_as_far_as_codes_are_known() -> None:
    said = [(t.code.code, t.qualifier and t.qualifier.code) for t in CHEST.translations]
    assert said == [("ZBQK002", None), ("DX", "121139"), ("302551006", "39111-0")]
    assert UNCODED.translations == ()


def test_words_fall_back_from_text_to_display_to_code() -> None:
    assert Coded(Code("2.25.1", "A", "alpha"), "the first").words == "the first"
    assert Coded(Code("2.25.1", "A", "alpha")).words == "alpha"
    assert Coded(Code("2.25.1", "A")).words == "A"
    assert Coded().words == ""
