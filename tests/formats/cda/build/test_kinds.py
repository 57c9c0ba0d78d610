"""The reference's table of kinds, all of them: what is written is read back as it was specified."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

import pytest
from lxml import etree

from carnet.formats.cda import CdaScanner, read_cda
from carnet.formats.cda.build import (
    Actor,
    Citizen,
    Device,
    DocumentSpec,
    FurtherAct,
    Order,
    build_document,
)
from carnet.formats.cda.metadata import ACCESSION, ORDER, entry_of
from carnet.formats.cda.times import fhir_date_time
from carnet.record import vocabulary
from carnet.record.document import AuthorKind, Code, DocumentEntry
from carnet.record.errors import Notice
from carnet.record.identity import Identifier
from tests.formats.cda.build import care_samples, level1_samples, level3_samples
from tests.formats.cda.build.header_samples import built, full

NS = {"h": "urn:hl7-org:v3"}
PDF = "urn:ihe:iti:xds-sd:pdf:2008"
Row = tuple[Callable[[], DocumentSpec], str, str, str, str | None, str | None]

# Kind → specification, code, formatCode, class (A03), main act, place: the table's own columns,
# a blank one None; the last three kinds are named below it or are of the samples.
ROWS: dict[str, Row] = {
    "lab report": (
        level3_samples.full_laboratory,
        "11502-2",
        "urn:ihe:lab:xd-lab:2008",
        "10",
        "18719-5",
        "SA25",
    ),
    "imaging report": (
        level3_samples.imaging,
        "18748-4",
        "urn:ihe:rad:CDA:ImagingReportStructuredHeadings:2013",
        "31",
        None,
        "SA08",
    ),
    "prescription": (
        level3_samples.prescription,
        "57833-6",
        "urn:ihe:pharm:pre:2010",
        "42",
        "57833-6",
        "SA07",
    ),
    "dispensation": (
        level3_samples.dispensation,
        "60593-1",
        "urn:ihe:pharm:dis:2010",
        "43",
        "60593-1",
        "SA33",
    ),
    "vaccination note": (
        care_samples.note,
        "87273-9",
        "urn:asip:ci-sis:vac-note:2021",
        "52",
        None,
        None,
    ),
    "synthesis (VSM)": (
        care_samples.synthesis,
        "SYNTH",
        "urn:asip:ci-sis:vsm:2012",
        "11",
        "34117-2",
        None,
    ),
    "discharge letter": (
        care_samples.discharge,
        "11490-0",
        "urn:asip:ci-sis:ldl-ses:2017",
        "10",
        "IMP",
        "SA01",
    ),
    "specialist's letter": (level1_samples.consultation, "11488-4", PDF, "10", None, None),
    "discharge summary": (level1_samples.hospital_summary, "34112-3", PDF, "10", "IMP", "SA01"),
    "radiology, PDF": (level1_samples.radiology, "18748-4", PDF, "31", None, None),
    "vaccination history": (
        care_samples.history,
        "11369-6",
        "urn:asip:ci-sis:vac:2019",
        "52",
        "11369-6",
        None,
    ),
    "reimbursements": (
        care_samples.reimbursement,
        "REMB",
        "urn:asip:ci-sis:hr:2019",
        "60",
        None,
        "SA24",
    ),
    "every part of the header": (full, "11488-4", PDF, "10", None, "SA08"),
}
OTHERS = {
    "bare synthesis": care_samples.bare_synthesis,
    "bare discharge": care_samples.bare_discharge,
}
ALL = {name: row[0] for name, row in ROWS.items()} | OTHERS
MINE = {name: make for name, make in ALL.items() if not make.__module__.endswith("level3_samples")}
"""The kinds whose entries no other test file looks at."""

ACTS_OF_ROWS = {name: row for name, row in ROWS.items() if row[4] is not None}


def read_back(spec: DocumentSpec) -> tuple[DocumentEntry, tuple[Notice, ...]]:
    """The metadata that follow from the document, and the warnings."""
    data = build_document(spec)
    sha1 = hashlib.sha1(data, usedforsecurity=False).hexdigest()
    return entry_of(read_cda(data), sha1, hashlib.sha256(data).hexdigest(), len(data))


def fhir(time: str | None) -> str | None:
    return None if time is None else fhir_date_time(time, "test")


def identifier_of(who: Actor | Citizen | Device) -> Identifier:
    return (
        Identifier(who.ins.oid, who.ins.matricule) if isinstance(who, Citizen) else who.identifier
    )


def kind_of_author(who: Actor | Citizen | Device) -> AuthorKind:
    if isinstance(who, Device):
        return AuthorKind.DEVICE
    return AuthorKind.PATIENT if isinstance(who, Citizen) else AuthorKind.PROFESSIONAL


def references(spec: DocumentSpec) -> list[tuple[Identifier, str]]:
    found: list[tuple[Identifier, str]] = []
    for order in spec.orders:
        known = order if isinstance(order, Order) else Order(order)
        found.append((known.identifier, ORDER))
        if known.accession is not None:
            found.append((known.accession, ACCESSION))
    return found


@pytest.mark.parametrize("name", ROWS)
def test_type_format_and_class_are_those_of_the_row(name: str) -> None:
    make, code, format_code, class_code, _, _ = ROWS[name]
    entry, _ = read_back(make())
    assert (entry.type.code, entry.class_code.code) == (code, class_code)
    assert entry.format is not None
    assert entry.format.code == format_code


@pytest.mark.parametrize("name", ROWS)
def test_class_and_format_follow_from_type_and_model_by_the_published_tables(name: str) -> None:
    spec = ROWS[name][0]()
    entry, _ = read_back(spec)
    assert entry.class_code == vocabulary.class_of_type(spec.type.code)
    document = read_cda(build_document(spec))
    templates = tuple((each.root, each.extension or None) for each in document.template_ids)
    expected = (
        vocabulary.format_of_media_type(document.media_type or "")
        if document.level == 1
        else vocabulary.format_of_template(templates)
    )
    assert expected is not None
    assert entry.format == expected


@pytest.mark.parametrize("name", ACTS_OF_ROWS)
def test_the_main_act_is_that_of_the_row(name: str) -> None:
    make, _, _, _, code, _ = ROWS[name]
    root = built(make())
    first = root.find("h:documentationOf/h:serviceEvent/h:code", NS)
    assert first is not None
    assert first.get("code") == code


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row[5] is not None])
def test_the_place_is_that_of_the_row(name: str) -> None:
    make, _, _, _, _, place = ROWS[name]
    entry, _ = read_back(make())
    assert entry.facility.code == place


@pytest.mark.parametrize("name", ALL)
def test_nothing_that_was_specified_is_lost_on_the_way(name: str) -> None:
    spec = ALL[name]()
    entry, _ = read_back(spec)
    assert entry.unique_id == spec.unique_id
    assert entry.patient == spec.patient.ins
    assert entry.title == spec.title
    assert entry.creation_time == fhir(spec.created)
    assert entry.service_start == fhir(spec.event.start)
    assert entry.service_stop == fhir(spec.event.end)
    assert entry.facility.code == spec.encounter.facility.code
    assert entry.confidentiality.code == spec.confidentiality.code
    assert entry.language == spec.language
    assert (entry.set_id, entry.version_number) == (spec.set_id, spec.version_number)
    assert entry.replaces == (None if spec.replaced is None else spec.replaced.unique_id)
    assert entry.source_patient is not None
    assert entry.source_patient.birth_place == spec.patient.traits.birth_place
    assert entry.source_patient_id == spec.patient.local_ids[0]
    assert [(each.identifier, each.kind) for each in entry.references][: len(spec.orders)] == (
        references(spec)[: len(spec.orders)]
    )


@pytest.mark.parametrize("name", ALL)
def test_authors_authenticator_and_custodian_are_read_back(name: str) -> None:
    spec = ALL[name]()
    entry, _ = read_back(spec)
    authors = (spec.author, *(each.author for each in spec.further_authors))
    assert [each.identifier for each in entry.authors] == [identifier_of(each) for each in authors]
    assert [each.kind for each in entry.authors] == [kind_of_author(each) for each in authors]
    assert entry.authors[0].time == fhir(spec.authored)
    assert entry.authenticator is not None
    assert entry.authenticator.identifier == identifier_of(spec.authenticator)
    assert spec.custodian is not None
    assert entry.custodian.identifier == spec.custodian.identifier
    assert entry.custodian.name == spec.custodian.name


@pytest.mark.parametrize("name", ALL)
def test_all_acts_are_read_back(name: str) -> None:
    spec = ALL[name]()
    entry, _ = read_back(spec)
    stated = {each.code for each in entry.events}
    acts = [act.code if isinstance(act, FurtherAct) else act for act in spec.further_acts]
    own = [spec.event.code] if spec.event.code is not None else []
    assert {act.code for act in (*own, *acts)} <= stated


@pytest.mark.parametrize("name", ALL)
def test_the_reader_has_nothing_to_complain_about(name: str) -> None:
    _, warnings = read_back(ALL[name]())
    # The header's sample has an author without profession, which the table allows.
    known = {"author-without-profession"} if name == "every part of the header" else set()
    assert {warning.code for warning in warnings} == known


@pytest.mark.parametrize("name", ALL)
def test_equal_specifications_give_equal_bytes_and_the_scanner_takes_them_in_pieces(
    name: str,
) -> None:
    data = build_document(ALL[name]())
    assert data == build_document(ALL[name]())
    scanner = CdaScanner()
    for start in range(0, len(data), 1000):
        scanner.feed(data[start : start + 1000])
    assert scanner.close() == read_cda(data)


@pytest.mark.parametrize("name", MINE)
def test_every_reference_points_to_words_and_every_id_stands_once(name: str) -> None:
    root = built(MINE[name]())
    anchors = [each.get("ID") for each in root.iter() if each.get("ID")]
    assert len(anchors) == len(set(anchors))
    pointed = {each.get("value") for each in root.iter("{urn:hl7-org:v3}reference")}
    assert {str(each).removeprefix("#") for each in pointed} <= set(anchors)


@pytest.mark.parametrize("name", MINE)
def test_ids_of_the_body_are_upper_case_uuids_each_once(name: str) -> None:
    body = built(MINE[name]()).find("h:component/h:structuredBody", NS)
    roots = (
        []
        if body is None
        else [
            each.get("root") or ""
            for each in body.iter("{urn:hl7-org:v3}id")
            if each.get("extension") is None and each.get("nullFlavor") is None
        ]
    )
    assert len(roots) == len(set(roots))
    form = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}")
    assert [each for each in roots if not form.fullmatch(each)] == []


@pytest.mark.parametrize("name", ALL)
def test_every_section_has_a_title_and_text_or_sub_sections(name: str) -> None:
    for section in built(ALL[name]()).iter("{urn:hl7-org:v3}section"):
        assert section.findtext("h:title", namespaces=NS)
        assert section.find("h:text", NS) is not None or section.find("h:component", NS) is not None


@pytest.mark.parametrize("name", ALL)
def test_codes_have_a_system_or_say_that_there_is_none(name: str) -> None:
    """A code is stated with its system or not at all: then there are words, or a null flavour."""
    root = built(ALL[name]())
    own = {"realmCode", "languageCode", "statusCode", "signatureCode"}
    for each in root.iter("{urn:hl7-org:v3}*"):
        local = etree.QName(each).localname
        if each.get("code") is not None and local not in own:
            assert each.get("codeSystem"), etree.tostring(each)


def test_a_code_of_the_main_act_that_the_caller_gives_goes_before_that_of_the_kind() -> None:
    spec = care_samples.synthesis()
    assert spec.event.code is None
    entry, _ = read_back(spec)
    assert entry.events[0] == Code("2.16.840.1.113883.6.1", "34117-2", "Historique et clinique")
