"""The level 3 laboratory report: chapters, codes, ranges, the copy, and its place in the corpus."""

from __future__ import annotations

import base64
import re

import pytest
from lxml import etree
from lxml.etree import _Element

from carnet.formats.cda.build import build_document
from tests.corpus import corpus_files
from tests.formats.cda.build.samples import PDF, SAMPLED, laboratory

NS = {"h": "urn:hl7-org:v3"}
BODY = "h:component/h:structuredBody/h:component/h:section"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


@pytest.fixture(scope="module")
def root() -> _Element:
    return etree.fromstring(build_document(laboratory()))


def sections(root: _Element) -> list[_Element]:
    return root.findall(BODY, NS)


def templates(node: _Element) -> list[str | None]:
    return [t.get("root") for t in node.findall("h:templateId", NS)]


def observations(section: _Element) -> list[_Element]:
    found = section.findall(".//h:observation", NS)
    return [o for o in found if "1.2.250.1.213.1.1.3.80" in templates(o)]


def only(node: _Element, path: str) -> _Element:
    found = node.findall(path, NS)
    assert len(found) == 1, path
    return found[0]


def test_the_body_holds_chapters_then_the_copy(root: _Element) -> None:
    assert [only(s, "h:code").get("code") for s in sections(root)] == [
        "18719-5",
        "18723-7",
        "55108-5",
    ]


def test_a_chapter_has_title_text_and_one_entry(root: _Element) -> None:
    for chapter in sections(root)[:2]:
        assert templates(chapter) == ["1.3.6.1.4.1.19376.1.3.3.2.1", "1.2.250.1.213.1.1.2.70"]
        names = [etree.QName(child).localname for child in chapter]
        assert names[2:] == ["code", "title", "text", "entry"]
        entry = only(chapter, "h:entry")
        assert entry.get("typeCode") == "DRIV"
        assert templates(entry) == ["1.3.6.1.4.1.19376.1.3.1", "1.2.250.1.213.1.1.3.21"]
        act_code = only(entry, "h:act/h:code").get("code")
        assert act_code == only(chapter, "h:code").get("code")


def test_every_reference_points_to_words_of_the_narrative(root: _Element) -> None:
    anchors = [e.get("ID") for e in root.iter() if e.get("ID")]
    assert len(anchors) == len(set(anchors))
    references = [e.get("value") for e in root.iter("{urn:hl7-org:v3}reference")]
    assert references
    assert {r.removeprefix("#") for r in references if r} <= set(anchors)


def test_a_value_is_a_physical_quantity_with_time_and_interpretation(root: _Element) -> None:
    glucose = observations(sections(root)[0])[0]
    value = only(glucose, "h:value")
    assert (value.get(TYPE), value.get("value"), value.get("unit")) == ("PQ", "8.40", "mmol/L")
    assert only(glucose, "h:effectiveTime").get("value") == SAMPLED
    assert only(glucose, "h:statusCode").get("code") == "completed"
    assert only(glucose, "h:interpretationCode").get("code") == "H"


def test_low_values_and_values_without_range_are_told_apart(root: _Element) -> None:
    score = observations(sections(root)[0])[2]
    white_cells = observations(sections(root)[1])[0]
    assert only(white_cells, "h:interpretationCode").get("code") == "L"
    assert score.find("h:interpretationCode", NS) is None
    assert score.find("h:referenceRange", NS) is None


def test_a_range_holds_the_bounds_that_are_known(root: _Element) -> None:
    glucose, hba1c, _ = observations(sections(root)[0])
    both = only(glucose, "h:referenceRange/h:observationRange/h:value")
    assert both.get(TYPE) == "IVL_PQ"
    assert [b.get("value") for b in both] == ["3.90", "6.10"]
    upper = only(hba1c, "h:referenceRange/h:observationRange/h:value")
    assert [etree.QName(b).localname for b in upper] == ["high"]


def test_without_loinc_code_the_local_one_is_a_translation(root: _Element) -> None:
    code = only(observations(sections(root)[0])[1], "h:code")
    assert (code.get("nullFlavor"), code.get("code")) == ("UNK", None)
    assert only(code, "h:originalText/h:reference").get("value") == "#c0-1"
    assert only(code, "h:translation").get("code") == "HBA1C"


def test_the_earlier_value_stands_with_the_same_code(root: _Element) -> None:
    hba1c = observations(sections(root)[0])[1]
    earlier = only(hba1c, "h:entryRelationship[@typeCode='REFR']/h:observation")
    assert only(earlier, "h:code/h:translation").get("code") == "HBA1C"
    assert only(earlier, "h:value").get("value") == "9.4"


def test_a_battery_groups_its_results(root: _Element) -> None:
    battery = only(sections(root)[1], ".//h:organizer")
    assert battery.get("classCode") == "BATTERY"
    assert templates(battery) == ["1.3.6.1.4.1.19376.1.3.1.4", "1.2.250.1.213.1.1.3.78"]
    assert len(battery.findall("h:component/h:observation", NS)) == 1


def test_people_read_decimals_with_a_comma(root: _Element) -> None:
    cells = ["".join(td.itertext()) for td in sections(root)[0].iter("{urn:hl7-org:v3}td")]
    assert cells[:4] == [
        "Glycémie à jeun (enzymatique)",
        "8,40 mmol/L",
        "3,90 à 6,10",
        "7,10 (03/12/2025)",
    ]
    assert "< 6,0" in cells


def test_the_copy_has_its_fixed_title_and_the_pdf(root: _Element) -> None:
    copy = sections(root)[2]
    assert only(copy, "h:title").text == "Copie du document"
    assert templates(copy) == ["1.2.250.1.213.1.1.2.243"]
    value = only(copy, ".//h:observationMedia/h:value")
    assert base64.b64decode(value.text or "", validate=True) == PDF
    media = only(copy, ".//h:observationMedia")
    shown = only(copy, ".//h:renderMultiMedia")
    assert shown.get("referencedObject") == media.get("ID")


NOT_IN_THE_CORPUS = {
    # A name without LOINC code says in a nullFlavor that the code is unknown; the samples of such
    # results leave the attribute out and hold originalText and translation alone, as here.
    "/act/entryRelationship/observation/code/@nullFlavor",
    "/act/entryRelationship/organizer/code/@nullFlavor",
    # The same local code names the earlier value; the samples' earlier values all have LOINC codes.
    "/act/entryRelationship/observation/entryRelationship/observation/code/@nullFlavor",
    "/act/entryRelationship/observation/entryRelationship/observation/code/translation",
    "/act/entryRelationship/observation/entryRelationship/observation/code/translation/@code",
    "/act/entryRelationship/observation/entryRelationship/observation/code/translation/@codeSystem",
    "/act/entryRelationship/observation/entryRelationship/observation/code/translation/@displayName",
}


def shape(root: _Element) -> set[str]:
    """Paths of elements and attributes; sub-sections and batteries count as their parents."""
    found: set[str] = set()

    def walk(node: _Element, path: str) -> None:
        if not isinstance(node.tag, str):
            return
        path = f"{path}/{etree.QName(node).localname}"
        path = path.replace("/section/component/section", "/section")
        path = path.replace("/organizer/component/observation", "/observation")
        found.add(path)
        found.update(f"{path}/@{etree.QName(name).localname}" for name in node.attrib)
        for child in node:
            walk(child, path)

    walk(root, "")
    return found


def all_templates(root: _Element) -> set[tuple[str | None, str | None]]:
    return {(t.get("root"), t.get("extension")) for t in root.iter("{urn:hl7-org:v3}templateId")}


def test_only_what_is_explained_occurs_in_none_of_the_samples(root: _Element) -> None:
    known: set[str] = set()
    declared: set[tuple[str | None, str | None]] = set()
    for path in corpus_files():
        sample = etree.parse(path, etree.XMLParser(huge_tree=True)).getroot()
        known |= shape(sample)
        declared |= all_templates(sample)
    assert all_templates(root) <= declared
    new = {re.sub(r"^.*/section/entry", "", path) for path in shape(root) - known}
    assert new == NOT_IN_THE_CORPUS
