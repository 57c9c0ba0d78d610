"""The truth agrees with the bytes: every entry of every document is in it, and the other way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from lxml import etree
from lxml.etree import _Element

from carnet.population.making import Made, scripted_keys
from carnet.population.model import (
    Dispensation,
    Document,
    Laboratory,
    Prescription,
    Synthesis,
    Vaccination,
    VaccinationHistory,
)
from carnet.population.saying import shown
from carnet.population.writing.laboratory import LOCAL_CODES
from tests.population.test_lives import made as scripted
from tests.population.writing.samples import made as invented

NS = {"h": "urn:hl7-org:v3", "x": "http://www.w3.org/2001/XMLSchema-instance"}
LOINC = "2.16.840.1.113883.6.1"
ATC, CIS, CIP = "2.16.840.1.113883.6.73", "1.2.250.1.213.2.3.1", "1.2.250.1.213.2.3.2"
RESULT = "//h:observation[h:templateId/@root='1.2.250.1.213.1.1.3.80']"
GERM = "ancestor::h:organizer[@classCode='CLUSTER']"
ITEM = "//h:substanceAdministration[h:templateId/@root='1.2.250.1.213.1.1.3.83']"
SUPPLY = "//h:supply[h:templateId/@root='1.2.250.1.213.1.1.3.204']"
DOSE = "//h:substanceAdministration[h:templateId/@root='1.2.250.1.213.1.1.3.45']"
DRUG = "//h:substanceAdministration[h:templateId/@root='1.2.250.1.213.1.1.3.42']"
SECTION = "//h:section[h:code/@code='{code}']"
SEEN = "h:entry/h:act/h:entryRelationship/h:observation"
LIVES = ["invented", *scripted_keys()]


def life_of(key: str) -> Made:
    """A life with its documents and its truth."""
    return invented() if key == "invented" else scripted(key)


def found(node: _Element, path: str) -> list[_Element]:
    nodes = node.xpath(path, namespaces=NS)
    assert isinstance(nodes, list)
    return [one for one in nodes if isinstance(one, _Element)]


def attribute(node: _Element, path: str) -> str:
    """The value of one attribute or text; empty where there is none."""
    values = node.xpath(path, namespaces=NS)
    assert isinstance(values, list)
    assert len(values) <= 1
    return str(values[0]) if values else ""


def words(root: _Element, node: _Element) -> str:
    """The words of the section that a reference points to."""
    ref = next((str(r.get("value")) for r in found(node, ".//h:reference")), "")
    target = found(root, f"//*[@ID='{ref.removeprefix('#')}']")
    return "".join(str(text) for text in target[0].itertext()) if target else ""


def documents(made: Made, kind: type) -> Iterator[tuple[Document, Document, _Element]]:
    """The level 3 documents of a kind, with what they show and their bytes parsed."""
    by_key = {one.key: one for one in made.life.documents}
    for written in made.written:
        one = by_key[written.key]
        source = shown(one, by_key)
        if written.level == 3 and isinstance(source.content, kind):
            yield one, source, etree.fromstring(written.xml)


def _quantity(value: _Element) -> tuple[str, str, str]:
    """Number, comparator and unit of a PQ, or of the one bound of an IVL_PQ."""
    if value.get("value") is not None:
        return str(value.get("value")), "", str(value.get("unit", "1"))
    (bound,) = found(value, "h:low | h:high")
    is_low = etree.QName(bound).localname == "low"
    inside = bound.get("inclusive") != "false"
    comparator = {(True, True): "≥", (True, False): ">", (False, True): "≤", (False, False): "<"}
    return str(bound.get("value")), comparator[is_low, inside], str(bound.get("unit", "1"))


def _stated_result(root: _Element, one: _Element) -> tuple[str, ...]:
    code = attribute(one, f"h:code[@codeSystem='{LOINC}']/@code") or attribute(
        one, f"h:code/h:translation[@codeSystem='{LOCAL_CODES}']/@code"
    )
    (value,) = found(one, "h:value")
    kind = str(value.get(f"{{{NS['x']}}}type"))
    if kind in ("PQ", "IVL_PQ"):
        number, comparator, unit = _quantity(value)
        return code, number, comparator, unit
    return code, words(root, value), "", ""


@pytest.mark.parametrize("key", LIVES)
def test_results_are_those_of_the_entries(key: str) -> None:
    made = life_of(key)
    for one, _, root in documents(made, Laboratory):
        stated = Counter(
            _stated_result(root, each) for each in found(root, f"{RESULT}[not({GERM})]")
        )
        true = Counter(
            (r.loinc or r.analysis.upper(), r.number or r.value, r.comparator, r.unit)
            for r in made.truth.results
            if r.document == one.key
        )
        assert stated == true, one.key


@pytest.mark.parametrize("key", LIVES)
def test_germs_are_those_of_the_entries(key: str) -> None:
    made = life_of(key)
    for one, _, root in documents(made, Laboratory):
        stated = [
            (
                words(root, found(each, ".//h:specimenPlayingEntity/h:code")[0]),
                tuple(
                    (
                        words(root, found(tried, "h:code")[0]),
                        attribute(tried, "h:interpretationCode/@code"),
                    )
                    for tried in found(each, "h:component/h:organizer/h:component/h:observation")
                ),
            )
            for each in found(root, "//h:organizer[@classCode='CLUSTER'][h:specimen]")
        ]
        true = [(g.name, g.antibiogram) for g in made.truth.germs if g.document == one.key]
        assert stated == true, one.key


def _product(node: _Element) -> tuple[str, str, str, str]:
    """Name, CIS, CIP and ATC of a product."""
    (material,) = found(node, "(h:product | h:consumable)//h:manufacturedMaterial")
    return (
        attribute(material, "h:name/text()"),
        attribute(material, f"h:code[@codeSystem='{CIS}']/@code"),
        attribute(material, f"h:code/h:translation[@codeSystem='{CIP}']/@code"),
        attribute(material, f"h:code/h:translation[@codeSystem='{ATC}']/@code"),
    )


@pytest.mark.parametrize("key", LIVES)
def test_lines_prescribed_and_given_are_those_of_the_entries(key: str) -> None:
    """A line that was given has the id of the line that was prescribed."""
    made = life_of(key)
    ids: dict[tuple[str, int], str] = {}
    for one, _, root in documents(made, Prescription):
        lines = [t for t in made.truth.prescribed if t.document == one.key and t.drug]
        items = found(root, ITEM)
        assert [_product(each) for each in items] == [
            (t.name, t.cis or "", t.cip or "", t.atc or "") for t in lines
        ]
        for line, item in zip(lines, items, strict=True):
            ids[one.key, line.number] = attribute(item, "h:id/@root")
            assert attribute(item, "h:repeatNumber/@value") in (str(line.renewals), "")
    for one, _, root in documents(made, Dispensation):
        lines = [t for t in made.truth.dispensed if t.document == one.key and t.drug]
        supplies = found(root, SUPPLY)
        assert [_product(each) for each in supplies] == [
            (t.name, t.cis or "", t.cip or "", t.atc or "") for t in lines
        ]
        for line, supply in zip(lines, supplies, strict=True):
            assert attribute(supply, "h:quantity/@value") == str(line.boxes)
            answered = attribute(supply, "h:entryRelationship/h:substanceAdministration/h:id/@root")
            assert line.of is not None
            assert line.answers is not None
            known = ids.get((line.of, line.answers))
            assert known is None or answered == known  # None: that one was on paper only


def _dose(each: _Element) -> tuple[str, str, str, str, str]:
    day = attribute(each, "h:effectiveTime/@value")[:8]
    rank = attribute(
        each, "h:entryRelationship/h:observation[h:code/@code='30973-2']/h:value/@value"
    )
    name, _, _, atc = _product(each)
    return day, name, attribute(each, ".//h:lotNumberText/text()"), rank, atc


@pytest.mark.parametrize("key", LIVES)
def test_vaccinations_are_those_of_notes_and_histories(key: str) -> None:
    made = life_of(key)
    replaced = {one.replaces for one in made.life.documents if one.replaces}
    for kind in (Vaccination, VaccinationHistory):
        for one, _, root in documents(made, kind):
            if one.key in replaced:
                continue
            stated = Counter(_dose(each) for each in found(root, DOSE))
            true = Counter(
                (t.day.replace("-", ""), t.name, t.lot, str(t.rank), t.atc or "")
                for t in made.truth.vaccinations
                if one.key in t.documents
            )
            assert stated == true, one.key


def _problems(root: _Element, code: str) -> Counter[tuple[str, str, str]]:
    """Words, CIM-10 and beginning of each problem of a section."""
    return Counter(
        (
            words(root, found(each, "h:value")[0]),
            attribute(each, "h:value/@code"),
            attribute(each, "h:effectiveTime/h:low/@value"),
        )
        for each in found(root, f"{SECTION.format(code=code)}/{SEEN}")
        if "no-known" not in attribute(each, "h:value/@code")
    )


@pytest.mark.parametrize("key", LIVES)
def test_a_synthesis_states_the_problems_allergies_and_treatments_of_its_day(key: str) -> None:
    made = life_of(key)
    truth = made.truth
    for one, source, root in documents(made, Synthesis):
        day = source.at.date().isoformat()
        own = [p for p in truth.problems if one.key in p.documents and p.family_of is None]
        for code, over in (("11450-4", False), ("11348-0", True)):
            true = Counter(
                (p.label, p.code.code if p.code else "", p.onset.replace("-", ""))
                for p in own
                if (p.end is not None and p.end <= day) is over
            )
            assert _problems(root, code) == true, one.key
        agents = Counter(name for name, _, _ in _problems(root, "48765-2"))
        assert agents == Counter(a.label for a in truth.allergies if one.key in a.documents)
        taken = Counter(
            name
            for each in found(root, f"{SECTION.format(code='10160-0')}{DRUG}")
            if (name := _product(each)[0])  # an empty list has an entry that says so
        )
        assert taken == Counter(t.name for t in truth.treatments if one.key in t.documents)


def test_a_replaced_report_keeps_its_results_and_a_copy_has_its_own() -> None:
    truth = invented().truth
    counted = Counter(one.document for one in truth.results)
    assert counted["bilan"] == counted["bilan-corrige"] == 9
    assert truth.duplicates == (("courrier", "copie"),)


def test_who_names_what_follows_from_the_kind() -> None:
    truth = invented().truth
    problems = {one.key: one.documents for one in truth.problems}
    assert problems["diabete"] == ("ordonnance", "sortie", "resume")
    assert problems["infarctus"] == ("resume",)
    assert problems["sciatique"] == ()
    allergies = {one.key: one.documents for one in truth.allergies}
    assert allergies["penicilline"] == ("sortie", "resume")
    treatments = {one.key: one for one in truth.treatments}
    assert treatments["metformine"].prescribed == ("ordonnance",)
    assert treatments["metformine"].dispensed == ("pharmacie",)
    assert treatments["metformine"].documents == ("ordonnance", "pharmacie", "sortie", "resume")


def test_every_document_is_there_in_order_with_its_size() -> None:
    made = invented()
    assert [one.key for one in made.truth.documents] == [one.key for one in made.written]
    assert [one.size for one in made.truth.documents] == [len(one.xml) for one in made.written]
