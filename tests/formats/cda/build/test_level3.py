"""Every row of the reference's table of kinds, for the kinds with a structured body; read back."""

from __future__ import annotations

import hashlib
import re

import msgspec
import pytest
from lxml import etree
from lxml.etree import _Element

from carnet.formats.cda import read_cda
from carnet.formats.cda.build import DocumentSpec, ServiceEvent, build_document, kind_of
from carnet.formats.cda.metadata import entry_of
from carnet.record.document import DocumentEntry
from carnet.record.errors import CarnetError
from tests.formats.cda.build.header_samples import built, holds
from tests.formats.cda.build.level3_samples import DAY, LEVEL_3, prescription
from tests.formats.cda.build.samples import CITIZEN, DOCTOR

ROWS = {
    "laboratory": (
        ("11502-2", "CR d'examens biologiques"),
        (("1.3.6.1.4.1.19376.1.3.3", None), ("1.2.250.1.213.1.1.1.55", "2024.01")),
        "urn:ihe:lab:xd-lab:2008",
        "10",
        "18719-5",
        "SA25",
    ),
    "imaging": (
        ("18748-4", "CR d'imagerie médicale"),
        (
            ("1.2.840.10008.9.1", None),
            ("1.2.840.10008.9.20", None),
            ("1.2.840.10008.9.21", None),
            ("1.2.250.1.213.1.1.1.45", "2024.01"),
        ),
        "urn:ihe:rad:CDA:ImagingReportStructuredHeadings:2013",
        "31",
        "30746-2",
        "SA08",
    ),
    "prescription": (
        ("57833-6", "Prescription de produits de santé"),
        (
            ("1.3.6.1.4.1.19376.1.9.1.1.1", None),
            ("1.3.6.1.4.1.19376.1.5.3.1.1.1", None),
            ("1.2.250.1.213.1.1.1.39", "2024.01"),
        ),
        "urn:ihe:pharm:pre:2010",
        "42",
        "57833-6",
        "SA07",
    ),
    "dispensation": (
        ("60593-1", "Dispensation médicamenteuse"),
        (
            ("1.3.6.1.4.1.19376.1.5.3.1.1.1", None),
            ("1.3.6.1.4.1.19376.1.9.1.1.3", None),
            ("1.2.250.1.213.1.1.1.54", "2024.01"),
        ),
        "urn:ihe:pharm:dis:2010",
        "43",
        "60593-1",
        "SA33",
    ),
}
"""Kind → code and displayName, templateIds, formatCode, class (A03), main act, place."""

UUID = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}")


@pytest.fixture(params=sorted(ROWS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def root(kind: str) -> _Element:
    return built(LEVEL_3[kind])


def read_back(spec: DocumentSpec) -> DocumentEntry:
    data = build_document(spec)
    sha1 = hashlib.sha1(data, usedforsecurity=False).hexdigest()
    entry, warnings = entry_of(read_cda(data), sha1, hashlib.sha256(data).hexdigest(), len(data))
    assert warnings == ()
    return entry


def test_code_and_display_are_those_of_the_kind(kind: str, root: _Element) -> None:
    (code, display), *_ = ROWS[kind]
    assert holds(root, f'h:code[@code="{code}" and @displayName="{display}"]')
    type_ = kind_of(LEVEL_3[kind].body).type
    assert type_ is not None
    assert (type_.code, type_.display) == (code, display)


def test_templates_are_the_two_of_every_document_and_those_of_the_kind(
    kind: str, root: _Element
) -> None:
    found = [(t.get("root"), t.get("extension")) for t in root.findall("{*}templateId")]
    common = [("2.16.840.1.113883.2.8.2.1", None), ("1.2.250.1.213.1.1.1.1", None)]
    assert found == [*common, *ROWS[kind][1]]


def test_format_and_class_follow_from_what_the_builder_wrote(kind: str) -> None:
    entry = read_back(LEVEL_3[kind])
    assert entry.format is not None
    assert entry.format.code == ROWS[kind][2]
    assert entry.class_code.code == ROWS[kind][3]


def test_main_act_and_place_are_those_of_the_row(kind: str, root: _Element) -> None:
    *_, act, place = ROWS[kind]
    assert holds(root, f"h:documentationOf[1]/h:serviceEvent/h:code/@code='{act}'")
    assert holds(root, f"h:componentOf//h:healthCareFacility/h:code/@code='{place}'")
    assert act in {event.code for event in read_back(LEVEL_3[kind]).events}


def test_what_is_read_back_is_what_was_specified(kind: str) -> None:
    spec, entry = LEVEL_3[kind], read_back(LEVEL_3[kind])
    assert (entry.unique_id, entry.set_id) == (spec.unique_id, spec.set_id)
    assert entry.version_number == spec.version_number
    assert (entry.type, entry.title) == (spec.type, spec.title)
    assert entry.patient == spec.patient.ins
    assert entry.facility == spec.encounter.facility
    assert [author.name for author in entry.authors] == [DOCTOR.name]
    assert entry.mime_type == "text/xml"
    assert entry.replaces == "2.25.99"


def test_equal_specifications_give_equal_bytes(kind: str) -> None:
    spec = LEVEL_3[kind]
    assert build_document(spec) == build_document(msgspec.structs.replace(spec))


def test_every_reference_points_to_words_and_every_id_is_unique(root: _Element) -> None:
    anchors = [e.get("ID") for e in root.iter() if e.get("ID")]
    assert len(anchors) == len(set(anchors))
    references = [e.get("value") or "" for e in root.iter("{urn:hl7-org:v3}reference")]
    local = {r.removeprefix("#") for r in references if r}
    assert local
    assert local <= set(anchors)


def test_ids_of_sections_and_entries_are_uuids_and_unique(root: _Element) -> None:
    body = root.find("{*}component")
    assert body is not None
    owned = body.xpath(
        ".//h:section/h:id | .//h:entry//h:id[not(ancestor::h:author)]"
        "[not(parent::h:externalDocument)]",
        namespaces={"h": "urn:hl7-org:v3"},
    )
    roots = [i.get("root") for i in owned if i.get("nullFlavor") is None]
    assert all(UUID.fullmatch(r) for r in roots)
    assert len(roots) == len(set(roots))


def test_every_section_has_a_title_and_text_or_sub_sections(root: _Element) -> None:
    assert holds(root, "//h:section")
    assert not holds(root, "//h:section[not(h:title) or not(h:text or h:component)]")


def test_the_copy_is_a_section_of_its_own(root: _Element) -> None:
    copy = "//h:section[h:templateId/@root='1.2.250.1.213.1.1.2.243']"
    entry = f"{copy}/h:entry/h:organizer[@classCode='CLUSTER']"
    said = f"{entry}/h:component/h:observation[h:templateId/@root='1.2.250.1.213.1.1.3.48.18']"
    for clause in (
        f"count({copy})=1",
        f"{copy}[h:id/@root and h:code/@code='55108-5' and h:text]",
        f"{copy}/h:title='Copie du document'",
        f"{entry}[h:templateId/@root='1.2.250.1.213.1.1.3.18' and h:id/@root]",
        f"{entry}[h:code/@code='55107-7' and h:statusCode/@code='completed']",
        f"{said}[h:code/@code='69764-9']/h:value[@x:type='CD' and @code='55108-5']",
        f"{said}[h:templateId/@root='1.3.6.1.4.1.19376.1.5.3.1.4.13']",
        f"{said}[h:templateId/@root='1.2.250.1.213.1.1.3.48']",
        f"{said}[h:id/@root and h:text/h:reference and h:statusCode/@code='completed']",
        f"{said}/h:effectiveTime/@nullFlavor='NA'",
        f"{entry}/h:component/h:observationMedia/h:value[@mediaType='application/pdf']",
        f"{entry}/h:component/h:observationMedia/h:value[@representation='B64' and string()]",
    ):
        assert holds(root, clause), clause


def test_a_prescription_has_a_start_and_an_end() -> None:
    times = "h:documentationOf[1]/h:serviceEvent/h:effectiveTime"
    assert holds(built(prescription()), f"{times}[h:low/@value and h:high/@value]")
    endless = msgspec.structs.replace(prescription(), event=ServiceEvent(DAY, DOCTOR))
    with pytest.raises(CarnetError) as refused:
        build_document(endless)
    assert refused.value.code == "cda-element-missing"


def test_a_prescription_names_the_authors_profession_and_structure() -> None:
    author = "h:author/h:assignedAuthor"
    assert holds(built(prescription()), f"{author}/h:code/@code")
    structure = f"{author}/h:representedOrganization"
    assert holds(built(prescription()), f"{structure}[h:id/@root and string(h:name)]")
    for who in (
        CITIZEN,
        msgspec.structs.replace(DOCTOR, profession=None),
        msgspec.structs.replace(DOCTOR, structure=None),
    ):
        with pytest.raises(CarnetError) as refused:
            build_document(msgspec.structs.replace(prescription(), author=who))
        assert refused.value.element == "assignedAuthor"


def test_the_patients_address_and_telecoms_are_always_there(root: _Element) -> None:
    role = "h:recordTarget/h:patientRole"
    assert holds(root, f"{role}[h:addr and h:telecom]")


def test_an_imaging_report_and_only_that_declares_the_prefix_of_dicom() -> None:
    for kind, spec in LEVEL_3.items():
        found = etree.fromstring(build_document(spec)).nsmap
        assert ("ps3-20" in found) == (kind == "imaging")
