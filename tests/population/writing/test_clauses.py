"""What the population writes passes the tables of the reference that the builder is tested by.

Clauses of the builder's tests that name values of its own samples are listed here and left out;
all others hold of every document of their kind.
"""

from __future__ import annotations

import hashlib
import re

import pytest
from lxml import etree
from lxml.etree import _Element

from carnet.formats.cda import read_cda
from carnet.formats.cda.metadata import entry_of
from carnet.population.making import scripted_keys
from tests.formats.cda.build import (
    test_discharge,
    test_dispensation,
    test_imaging,
    test_kinds,
    test_laboratory_clauses,
    test_level_1,
    test_prescription,
    test_reimbursement,
    test_schema_order,
    test_synthesis,
    test_upper_bound,
    test_vaccination,
)
from tests.formats.cda.build.header_samples import holds
from tests.population.test_lives import made as scripted
from tests.population.writing.samples import made, xml_of

ROLE = "h:recordTarget/h:patientRole"
ACT = "h:documentationOf[1]/h:serviceEvent"
MET = "h:componentOf/h:encompassingEncounter"
HEADER = {
    "realmCode, typeId": "h:realmCode/@code='FR' and h:typeId/@extension='POCD_HD000040'",
    "templateId 3..*": (
        "h:templateId[1]/@root='2.16.840.1.113883.2.8.2.1' and "
        "h:templateId[2]/@root='1.2.250.1.213.1.1.1.1' and count(h:templateId)>=3"
    ),
    "id: root": "count(h:id)=1 and h:id[starts-with(@root,'2.25.') and not(@extension)]",
    "code: J07 with displayName": "count(h:code)=1 and h:code[@code and @displayName]",
    "title, effectiveTime: not null": "string(h:title) and h:effectiveTime/@value",
    "confidentialityCode": "h:confidentialityCode[@code='N' and @displayName]",
    "languageCode": "h:languageCode/@code='fr-FR'",
    "setId, versionNumber": "h:setId/@root and h:versionNumber/@value>=1",
    "patientRole: one INS": (
        f"count({ROLE}/h:id)=1 and {ROLE}/h:id[string-length(@extension)=15 and "
        "(@root='1.2.250.1.213.1.4.10' or @root='1.2.250.1.213.1.4.9')]"
    ),
    "patientRole: addr, telecom": f"{ROLE}[h:addr and h:telecom]",
    "patient: names under qualifiers": (
        f"{ROLE}/h:patient/h:name[h:family[@qualifier='BR'] and h:given[@qualifier='BR'] and "
        "h:given[not(@qualifier)] and not(h:family[not(@qualifier='BR' or @qualifier='CL')])]"
    ),
    "patient: gender, birth, place": (
        f"{ROLE}/h:patient[h:administrativeGenderCode/@code and "
        "string-length(h:birthTime/@value)=8 and h:birthplace/h:place/h:addr/h:county]"
    ),
    "author: time, id, person or device": (
        "h:author[h:time/@value]/h:assignedAuthor[h:id/@extension and "
        "(h:assignedPerson or h:assignedAuthoringDevice)]"
    ),
    "custodian 1..1": "count(h:custodian)=1 and count(h:custodian//h:id)=1",
    "legalAuthenticator": (
        "h:legalAuthenticator[h:time/@value and h:signatureCode/@code='S' and "
        "count(h:assignedEntity/h:id)=1]"
    ),
    "participant: time and id": (
        "not(h:participant[not(h:time) or not(h:associatedEntity/h:id/@extension)])"
    ),
    "inFulfillmentOf: one id": "not(h:inFulfillmentOf/h:order[count(h:id)!=1])",
    "main act: low, one performer at a place": (
        f"{ACT}[h:effectiveTime/h:low/@value and count(h:performer)=1]/h:performer"
        "//h:representedOrganization/h:standardIndustryClassCode/@code"
    ),
    "further acts: code, no performer": (
        "not(h:documentationOf[position()>1]/h:serviceEvent[h:performer or not(h:code/@code)])"
    ),
    "encounter: J02 with displayName": (
        f"count({MET})=1 and {MET}/h:location/h:healthCareFacility/h:code[@code and @displayName]"
    ),
    "telecom: tel, mailto, fax": (
        "not(//h:telecom[@value and not(starts-with(@value,'tel:') or "
        "starts-with(@value,'mailto:') or starts-with(@value,'fax:'))])"
    ),
    "professional: 8 and RPPS": (
        "not(//*[self::h:assignedEntity or self::h:assignedAuthor]/h:id["
        "@root='1.2.250.1.71.4.2.1' and not(starts-with(@extension,'8') or "
        "starts-with(@extension,'5'))])"
    ),
}
"""Clause of the reference's table of the header → XPath that holds of every document."""

KINDS: dict[str, tuple[str, dict[str, str], str]] = {
    "resume": ("synthesis (VSM)", test_synthesis.CLAUSES, "Problem: "),
    "sortie": ("discharge letter", test_discharge.CLAUSES, "stay: SO TA .9"),
    "rappel": (
        "vaccination note",
        test_vaccination.CLAUSES,
        "date|routeCode|lotNumberText|value INT|product with",
    ),
    "radio": (
        "imaging report",
        test_imaging.CLAUSES,
        "main act|order|D.3|procedure|a code|sub-section|.*addendum",
    ),
    "pharmacie": (
        "dispensation",
        test_dispensation.CLAUSES,
        "supply: quantity with|product: lot|line: the|what",
    ),
    "ordonnance": (
        "prescription",
        test_prescription.CLAUSES,
        "medication: (both|a b|tw|the|one)|item: r|product: |subst.*N|SO|device: |what|pack|route",
    ),
    "bilan": (
        "lab report",
        test_laboratory_clauses.CLAUSES,
        "authenticator|chapter 1|sub-section|observation: (c|ab)|value|isolate|antibiogram",
    ),
    "remboursements": (
        "reimbursements",
        test_reimbursement.CLAUSES,
        "author's|medicine: (codes|REFR|who|COMP)|device|stay: IMP|act",
    ),
    "courrier": ("specialist's letter", test_level_1.CLAUSES, "$^"),
    "vaccinations": ("vaccination history", {}, "$^"),
}
"""Document → kind of the reference's table, its clauses, those that name the sample's values."""

UUID = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}")
ALL = [one.key for one in made().written]


def general(key: str) -> dict[str, str]:
    """The clauses of a kind that hold of each of its documents."""
    _, clauses, own = KINDS[key]
    return {name: test for name, test in clauses.items() if not re.match(own, name)}


def unmet(root: _Element) -> list[str]:
    return [clause for clause, test in HEADER.items() if not holds(root, test)]


@pytest.mark.parametrize("key", ALL)
def test_the_header_table_holds_of_every_document(key: str) -> None:
    assert unmet(etree.fromstring(xml_of(key))) == []


@pytest.mark.parametrize("key", KINDS)
def test_the_clauses_of_its_kind_hold(key: str) -> None:
    root = etree.fromstring(xml_of(key))
    assert [name for name, test in general(key).items() if not holds(root, test)] == []


def test_most_clauses_are_general() -> None:
    assert sum(len(general(key)) for key in KINDS) >= 99


@pytest.mark.parametrize("key", KINDS)
def test_type_format_class_and_place_are_those_of_the_table(key: str) -> None:
    _, code, format_code, class_code, act, place = test_kinds.ROWS[KINDS[key][0]]
    xml = xml_of(key)
    sha1 = hashlib.sha1(xml, usedforsecurity=False).hexdigest()
    entry, warnings = entry_of(read_cda(xml), sha1, hashlib.sha256(xml).hexdigest(), len(xml))
    assert warnings == ()
    assert entry.format is not None
    assert (entry.type.code, entry.format.code, entry.class_code.code) == (
        code,
        format_code,
        class_code,
    )
    if act is not None and key != "bilan":  # a laboratory's main act is its first chapter
        assert entry.events[0].code == act
    if place is not None and key != "ordonnance":  # a general practice prescribes too
        assert entry.facility.code == place


@pytest.mark.parametrize("key", ALL)
def test_children_stand_in_the_order_of_the_schema(key: str) -> None:
    assert list(test_schema_order.disordered(etree.fromstring(xml_of(key)))) == []


@pytest.mark.parametrize("key", ALL)
def test_nothing_is_written_that_no_sample_holds_and_no_clause_explains(key: str) -> None:
    found = test_upper_bound.places(etree.fromstring(xml_of(key)))
    known = test_upper_bound.known() | test_upper_bound.EXPLAINED.keys()
    assert sorted(found - known) == []


@pytest.mark.parametrize("key", ALL)
def test_references_point_to_words_and_ids_stand_once(key: str) -> None:
    root = etree.fromstring(xml_of(key))
    anchors = [each.get("ID") for each in root.iter() if each.get("ID")]
    assert len(anchors) == len(set(anchors))
    pointed = {each.get("value") or "" for each in root.iter("{urn:hl7-org:v3}reference")}
    assert {one.removeprefix("#") for one in pointed if one} <= set(anchors)
    ids = [
        each.get("root") or ""
        for each in root.iterfind(".//{urn:hl7-org:v3}entry//{urn:hl7-org:v3}id")
        if each.get("extension") is None and each.get("nullFlavor") is None
    ]
    own = [one for one in ids if not one.startswith("2.25.")]
    assert all(UUID.fullmatch(one) for one in own)


@pytest.mark.parametrize("key", scripted_keys())
def test_every_document_of_the_scripted_lives_passes_the_header_table(key: str) -> None:
    for one in scripted(key).written:
        root = etree.fromstring(one.xml)
        assert unmet(root) == [], one.key
        assert list(test_schema_order.disordered(root)) == [], one.key
