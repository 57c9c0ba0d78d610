"""Whole documents: bytes that depend on the input only, and that Carnet's own reader accepts."""

from __future__ import annotations

import base64
import hashlib
import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from carnet.formats.cda import read_cda
from carnet.formats.cda.build import DocumentSpec, build_document, entry_uuid
from carnet.formats.cda.metadata import entry_of
from carnet.record.document import AuthorKind, DocumentEntry
from carnet.record.errors import Notice
from tests.formats.cda.build.samples import DOCTOR, PDF, laboratory, letter, photograph

NS = {"h": "urn:hl7-org:v3"}


def read_back(spec: DocumentSpec) -> tuple[DocumentEntry, tuple[Notice, ...]]:
    data = build_document(spec)
    sha1 = hashlib.sha1(data, usedforsecurity=False).hexdigest()
    return entry_of(read_cda(data), sha1, hashlib.sha256(data).hexdigest(), len(data))


@pytest.mark.parametrize("make", [letter, photograph, laboratory])
def test_equal_specifications_give_equal_utf_8_bytes(make: object) -> None:
    assert callable(make)
    data = build_document(make())
    assert data == build_document(make())
    assert data.startswith(b"<?xml version='1.0' encoding='UTF-8'?>")
    assert "« de suivi »".encode() in build_document(letter())


@pytest.mark.parametrize("make", [letter, photograph, laboratory])
def test_the_reader_takes_what_the_builder_writes_without_a_warning(make: object) -> None:
    assert callable(make)
    _, warnings = read_back(make())
    assert warnings == ()


def test_the_reader_finds_what_was_specified() -> None:
    entry, _ = read_back(letter())
    assert entry.unique_id == "2.25.101"
    assert entry.replaces == "2.25.99"
    assert (entry.set_id, entry.version_number) == ("2.25.100", 2)
    assert entry.title == "Consultation « de suivi » <1>"
    assert entry.authors[0].name == DOCTOR.name
    assert entry.facility.code == "SA08"
    assert entry.format is not None
    assert entry.format.code == "urn:ihe:iti:xds-sd:pdf:2008"


def test_the_format_follows_from_the_body() -> None:
    image, _ = read_back(photograph())
    structured, _ = read_back(laboratory())
    assert image.format is not None
    assert structured.format is not None
    assert image.format.code == "urn:ihe:iti-fr:xds-sd:jpeg:2010"
    assert structured.format.code == "urn:ihe:lab:xd-lab:2008"


def test_a_citizens_document_is_read_as_the_citizens() -> None:
    entry, _ = read_back(photograph())
    assert entry.authors[0].kind is AuthorKind.PATIENT
    assert entry.practice_setting.code == "EXP_PATIENT"


def test_the_encoded_file_comes_out_as_it_went_in() -> None:
    text = etree.fromstring(build_document(letter())).find(".//h:nonXMLBody/h:text", NS)
    assert text is not None
    assert dict(text.attrib) == {"mediaType": "application/pdf", "representation": "B64"}
    assert base64.b64decode(text.text or "", validate=True) == PDF


@given(st.text(alphabet=string.printable.replace("\x0b", "").replace("\x0c", "") + "éœ<&>«"))
def test_any_title_is_escaped(title: str) -> None:
    found = etree.fromstring(build_document(letter(title=title))).find("h:title", NS)
    assert found is not None
    assert (found.text or "") == title


def test_entry_ids_are_upper_case_uuids_that_follow_from_document_and_label() -> None:
    one = entry_uuid("2.25.1", "copy")
    assert re.fullmatch(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", one)
    assert one == entry_uuid("2.25.1", "copy")
    assert len({one, entry_uuid("2.25.1", "other"), entry_uuid("2.25.2", "copy")}) == 3
