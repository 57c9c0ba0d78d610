"""Every public sample is read, and what is read agrees with INDEX.tsv, with lxml's own view of the
file, and with the counts of the reference. The warnings of each file are known one by one."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from lxml import etree

from carnet.formats.cda import CdaDocument, CdaScanner, read_cda
from carnet.formats.cda.metadata import entry_of
from carnet.record.document import AuthorKind, DocumentEntry
from carnet.record.errors import Notice
from tests.corpus import corpus_files, corpus_folder, corpus_index

FILES = corpus_files()
NS = {"h": "urn:hl7-org:v3"}

AUTHOR_KEY = "luhn-key /ClinicalDocument/author[1]/assignedAuthor/id"
SECOND_AUTHOR_KEY = "luhn-key /ClinicalDocument/author[2]/assignedAuthor/id"
CUSTODIAN_KEY = (
    "luhn-key /ClinicalDocument/custodian/assignedCustodian/representedCustodianOrganization/id"
)
NO_FORMAT = "format-unknown /ClinicalDocument/templateId"
NO_PROFESSION = "author-without-profession /ClinicalDocument/author[1]/assignedAuthor/code"
BOTH_KEYS = (AUTHOR_KEY, CUSTODIAN_KEY)

# The samples whose warnings are not none: file name (start) → warnings.
WARNINGS: dict[str, tuple[str, ...]] = {
    "01_Modeles": (CUSTODIAN_KEY,),
    "AVC-": (CUSTODIAN_KEY,),
    "BIO-CR-BIO_": BOTH_KEYS,
    "BIO-CR-BIO_2024.01_DEP-CCU": (AUTHOR_KEY, SECOND_AUTHOR_KEY, CUSTODIAN_KEY),
    "BIO-TROD_": (NO_FORMAT, CUSTODIAN_KEY),
    "CANCER-CR-GM_": (AUTHOR_KEY, SECOND_AUTHOR_KEY, CUSTODIAN_KEY),
    "CANCER-FRCP_": (CUSTODIAN_KEY,),
    "CANCER-PPS_": (CUSTODIAN_KEY,),
    "CARD-F-PRC-": (NO_PROFESSION, CUSTODIAN_KEY),
    "CSE-": (CUSTODIAN_KEY,),
    "DLU-EHPAD-FLUDR_": BOTH_KEYS,
    "DOC_NON_STRUCTURE": BOTH_KEYS,
    "IPS-FR_": (CUSTODIAN_KEY,),
    "LDL-EES_": (CUSTODIAN_KEY,),
    "OBP-": (CUSTODIAN_KEY,),
    "OPH-": (CUSTODIAN_KEY,),
    "TLM-CR_": (AUTHOR_KEY,),
    "TLM-DA_": (CUSTODIAN_KEY,),
    "VSM_": (CUSTODIAN_KEY,),
    "eDISP-MED_": (SECOND_AUTHOR_KEY,),
}


def expected_warnings(name: str) -> tuple[str, ...]:
    starts = [start for start in WARNINGS if name.startswith(start)]
    return WARNINGS[max(starts, key=len)] if starts else ()


def entry(path: Path) -> tuple[CdaDocument, DocumentEntry, tuple[Notice, ...]]:
    data = path.read_bytes()
    document = read_cda(data)
    sha1, sha256 = hashlib.sha1(data, usedforsecurity=False), hashlib.sha256(data)
    return document, *entry_of(document, sha1.hexdigest(), sha256.hexdigest(), len(data))


def test_the_corpus_is_whole() -> None:
    assert len(FILES) == 65
    assert {path.name for path in FILES} == set(corpus_index())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_sample_says_what_the_index_says(path: Path) -> None:
    document, metadata, _ = entry(path)
    row = corpus_index()[path.name]
    assert metadata.type.code == row["type_code"]
    assert document.level == int(row["level"][1:])
    assert metadata.size == int(row["bytes"])
    assert f"{metadata.patient.oid}|{metadata.patient.matricule}" == row["patient_ins"]
    specialty = metadata.authors[0].specialty
    assert (specialty.code if specialty is not None else "") == row["author_profession"]
    if document.embedded:
        assert document.embedded == int(row["embedded_media"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_sample_makes_its_known_warnings_and_no_other(path: Path) -> None:
    _, _, notices = entry(path)
    found = tuple(f"{notice.code} {notice.element}" for notice in notices)
    assert found == expected_warnings(path.name)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_sample_reads_as_lxml_sees_it(path: Path) -> None:
    document = read_cda(path.read_bytes(), narrative=True)
    root = etree.parse(path).getroot()

    def count(xpath: str) -> int:
        return len(root.xpath(xpath, namespaces=NS))

    def texts(xpath: str) -> list[str]:
        return [str(each) for each in root.xpath(xpath, namespaces=NS)]

    assert len(document.template_ids) == count("h:templateId")
    assert len(document.authors) == count("h:author")
    assert len(document.informants) == count("h:informant")
    assert len(document.participants) == count("h:participant")
    assert len(document.authenticators) == count("h:authenticator")
    assert len(document.orders) == count("h:inFulfillmentOf")
    assert len(document.service_events) == count("h:documentationOf")
    assert len(document.related_documents) == count("h:relatedDocument")
    assert len(document.guardians) == count("h:recordTarget//h:guardian")
    assert document.embedded == count("//*[@representation='B64']")
    assert [each.extension for each in document.patient.identifiers] == texts(
        "h:recordTarget/h:patientRole/h:id/@extension"
    )
    traits = document.patient.traits
    assert traits is not None
    name = "h:recordTarget/h:patientRole/h:patient/h:name"
    assert traits.birth_family == texts(f"{name}/h:family[@qualifier='BR']/text()")[0]
    assert traits.first_given == texts(f"{name}/h:given[@qualifier='BR']/text()")[0]
    assert traits.given_names == " ".join(texts(f"{name}/h:given[not(@qualifier)]/text()"))
    assert document.patient.missing_traits == ()
    assert document.narrative is not None
    for title in texts("//h:section/h:title/text()"):
        assert " ".join(title.split()) in document.narrative


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_sample_reads_alike_in_pieces_of_any_size(path: Path) -> None:
    data = path.read_bytes()
    scanner = CdaScanner(narrative=True)
    for start in range(0, len(data), 4_099):
        scanner.feed(data[start : start + 4_099])
    assert scanner.close() == read_cda(data, narrative=True)


def test_the_samples_hold_what_the_reference_counts() -> None:
    read = [entry(path) for path in FILES]
    documents = [document for document, _, _ in read]
    entries = [metadata for _, metadata, _ in read]

    def documents_with(what: str) -> int:
        return sum(bool(getattr(document, what)) for document in documents)

    held = {
        what: documents_with(what)
        for what in (
            *("id", "set_id", "version_number", "code", "title", "effective_time"),
            *("confidentiality", "custodian", "legal_authenticator", "encounter", "authors"),
            *("guardians", "informants", "authenticators", "participants", "orders"),
            *("related_documents", "main_act"),
        )
    }
    some = {"guardians": 63, "informants": 55, "authenticators": 17, "participants": 62}
    some |= {"orders": 17, "related_documents": 6}
    assert held == dict.fromkeys(held, 65) | some
    assert {each.confidentiality.code for each in entries} == {"N"}
    assert {each.language for each in entries} == {"fr-FR"}
    assert all("^" not in each.unique_id for each in entries)
    assert sum(each.patient.is_test for each in entries) == 57
    assert sum(each.replaces is not None for each in entries) == 6
    authors = [author for each in entries for author in each.authors]
    assert len(authors) == 70
    assert sum(author.kind is AuthorKind.DEVICE for author in authors) == 2
    assert sum(author.specialty is not None for author in authors) == 67
    main_acts = [
        sum(act.performer is not None for act in document.service_events) for document in documents
    ]
    assert sum(number in (2, 3) for number in main_acts) == 5
    ccam = {"1.2.250.1.215.300.1"}
    assert any(code.system in ccam for each in entries for code in each.events)
    assert sum(each.format is None for each in entries) == 2


def test_an_imaging_report_names_its_orders_accessions_and_studies() -> None:
    _, metadata, _ = entry(corpus_folder() / "IMG_CR_IMG_2024.01.xml")
    kinds = [reference.kind.rpartition(":")[2] for reference in metadata.references]
    assert kinds == ["order", "accession"] * 2 + ["studyInstanceUID"] * 3
    assert metadata.references[1].identifier.extension == "105234751"
    assert {"ACQH004", "CT", "774007", "Z13.9"} <= {code.code for code in metadata.events}
    assert metadata.replaces == "urn:uuid:90e1c8ec-f951-4b26-a305-a34848818dd6"


def test_a_dispensation_by_a_device_is_marked_as_such() -> None:
    _, metadata, _ = entry(corpus_folder() / "eDISP-MED_2024.01.xml")
    author = metadata.authors[0]
    assert author.kind is AuthorKind.DEVICE
    assert author.device == "Dossier Pharmaceutique"
    assert author.specialty is not None
    assert author.specialty.code == "DISPOSITIF"
