"""The corpus as an upper bound: what the builder writes that no sample holds must be explained.

An element is known by the template that it stands under: the root of each templateId of the
nearest element that has one, and the path from there. Elements of a header outside any template
count by their path from the root, words of a section by parent and child. ``entryRelationship``
and ``value`` carry their type. Kinds are added to ``SPECS``, explanations to ``EXPLAINED``.
"""

from __future__ import annotations

from functools import cache

import pytest
from lxml import etree
from lxml.etree import _Element

from carnet.formats.cda.build import DocumentSpec, build_document
from tests.corpus import corpus_files
from tests.formats.cda.build import care_samples, level1_samples
from tests.formats.cda.build.header_samples import full
from tests.formats.cda.build.level3_samples import LEVEL_3
from tests.formats.cda.build.samples import letter, photograph

SPECS: dict[str, DocumentSpec] = {
    "letter": letter(),
    "letter with a full header": full(),
    "photograph": photograph(),
    **LEVEL_3,
    **{name: make() for name, make in care_samples.LEVEL_3.items()},
    "consultation": level1_samples.consultation(),
    "hospital summary": level1_samples.hospital_summary(),
    "radiology, PDF": level1_samples.radiology(),
    "document of the citizen's own": level1_samples.own(level1_samples.j07("DOCPAT01")),
}

Place = tuple[str, str]
"""Root of a template, ``header`` or ``words``; path below it."""

_ADDRESS = ("", "/city", "/houseNumber", "/postalCode", "/streetName")


def _under(base: str, ends: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{base}{end}" for end in ends)


_GUARDIAN = "recordTarget/patientRole/patient/guardian"
_CLAUSES: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "§2 guardian 0..*: guardianPerson or guardianOrganization",
        ("header",),
        _under(
            f"{_GUARDIAN}/guardianOrganization",
            ("", "/id", "/name", "/telecom", *_under("/addr", _ADDRESS)),
        ),
    ),
    (
        "§1 addr: each part 0..1, or streetAddressLine 0..7",
        ("header",),
        (f"{_GUARDIAN}/addr/streetAddressLine",),
    ),
    (
        "§1 professional, structure: id, addr, telecom of a recipient (XD-LAB 3.1.4)",
        ("1.3.6.1.4.1.19376.1.3.3.1.4",),
        (
            *_under("addr", _ADDRESS),
            *_under("receivedOrganization/addr", _ADDRESS),
            "receivedOrganization/id",
            "receivedOrganization/telecom",
        ),
    ),
    (
        "§2 authenticator: same, id of a professional; §1 professional: code J01",
        ("1.3.6.1.4.1.19376.1.3.3.1.5",),
        ("assignedEntity/code",),
    ),
    (
        "§3 lab, observation: an earlier value (REFR) is named as its result, LOINC or local code",
        ("1.2.250.1.213.1.1.3.80", "1.3.6.1.4.1.19376.1.3.1.6"),
        ("entryRelationship[REFR]/observation/code/translation",),
    ),
    (
        "§3 Medication: doseQuantity, rateQuantity with low and high; item: medication as INT",
        ("1.2.250.1.213.1.1.3.83", "1.3.6.1.4.1.19376.1.9.1.3.2"),
        (
            *_under("doseQuantity", ("", "/low", "/high")),
            *_under("rateQuantity", ("", "/low", "/high")),
        ),
    ),
    (
        "§1 name: prefix 0..1, of the prescriber of a dispensed line",
        ("1.2.250.1.213.1.1.3.90", "1.3.6.1.4.1.19376.1.9.1.3.11"),
        ("author/assignedAuthor/assignedPerson/name/prefix",),
    ),
)

_CARE: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "§3 VSM: F.2.29 to F.2.32: one id each, text where there is no sub-section",
        ("1.2.250.1.213.1.1.2.31",),
        ("text",),
    ),
    (
        "§1 entry: originalText/reference points to an ID, of a mode of entry without code",
        ("1.2.250.1.213.1.1.3.48", "1.2.250.1.213.1.1.3.48.6", "1.2.250.1.213.1.1.3.48.7"),
        _under("value[CE]/originalText", ("", "/reference")),
    ),
    (
        "§1 name: prefix 0..1, of somebody whose act was reimbursed",
        ("1.2.250.1.213.1.1.3.44", "1.3.6.1.4.1.19376.1.5.3.1.4.7.3"),
        ("author/assignedAuthor/assignedPerson/name/prefix",),
    ),
    (
        "§1 name: prefix 0..1, of somebody whose act was reimbursed",
        ("2.16.840.1.113883.10.20.1.29",),
        ("performer/assignedEntity/assignedPerson/name/prefix",),
    ),
    (
        "§1 structure: id, of a pharmacy that delivered",
        ("1.2.250.1.213.1.1.3.44", "1.3.6.1.4.1.19376.1.5.3.1.4.7.3"),
        ("performer/assignedEntity/representedOrganization/id",),
    ),
)

EXPLAINED: dict[Place, str] = {
    (root, path): clause
    for clause, roots, paths in (*_CLAUSES, *_CARE)
    for root in roots
    for path in paths
}
"""Place that no sample holds → clause of the reference that it comes from."""

V3 = "{urn:hl7-org:v3}"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


def _step(node: _Element) -> str:
    """The name of an element, with its type where it says what the element is."""
    name = etree.QName(node).localname
    kind = {"entryRelationship": node.get("typeCode"), "value": node.get(TYPE)}.get(name)
    return name if kind is None else f"{name}[{kind}]"


def places(root: _Element) -> set[Place]:
    """All places of a document."""
    found: set[Place] = set()

    def words(node: _Element) -> None:
        for child in node.iterchildren(tag=etree.Element):
            found.add(("words", f"{etree.QName(node).localname}/{etree.QName(child).localname}"))
            words(child)

    def walk(node: _Element, anchors: tuple[str, ...], path: str) -> None:
        found.update((anchor, path) for anchor in anchors)
        parent = node.getparent()
        inside = parent is not None and parent.tag == f"{V3}section"
        if inside and node.tag == f"{V3}text":
            words(node)
            return
        own = tuple(t.get("root") or "" for t in node.findall(f"{V3}templateId"))
        if own and node.tag != f"{V3}ClinicalDocument":
            anchors, path = own, ""
        for child in node.iterchildren(tag=etree.Element):
            walk(child, anchors, f"{path}/{_step(child)}".removeprefix("/"))

    walk(root, ("header",), "")
    return found


@cache
def known() -> frozenset[Place]:
    """All places of all samples."""
    found: set[Place] = set()
    for path in corpus_files():
        found |= places(etree.parse(path, etree.XMLParser(huge_tree=True)).getroot())
    return frozenset(found)


@cache
def new(name: str) -> frozenset[Place]:
    """The places of a document of the builder's that no sample holds."""
    return frozenset(places(etree.fromstring(build_document(SPECS[name]))) - known())


@pytest.mark.parametrize("name", SPECS)
def test_what_no_sample_holds_is_explained(name: str) -> None:
    assert sorted(new(name) - EXPLAINED.keys()) == []


def test_every_explanation_is_of_something_that_is_written() -> None:
    assert EXPLAINED.keys() - {place for name in SPECS for place in new(name)} == set()
    assert all(EXPLAINED.values())


def test_a_place_that_no_sample_holds_is_noticed() -> None:
    root = etree.fromstring(build_document(letter()))
    etree.SubElement(root, f"{V3}invented")
    assert places(root) - known() >= {("header", "invented")}
