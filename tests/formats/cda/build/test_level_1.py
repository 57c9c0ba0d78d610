"""Documents of level 1: any type, any of the media, and the documents of the citizen's own."""

from __future__ import annotations

import base64

import pytest

from carnet.formats.cda import read_cda
from carnet.formats.cda.build import build_document
from carnet.record import vocabulary
from carnet.record.document import AuthorKind, Code
from tests.formats.cda.build.header_samples import built, holds
from tests.formats.cda.build.level1_samples import (
    consultation,
    flat,
    hospital_summary,
    j07,
    own,
    radiology,
)
from tests.formats.cda.build.samples import PDF
from tests.formats.cda.build.test_kinds import read_back

MEDIA = {
    "application/pdf": "urn:ihe:iti:xds-sd:pdf:2008",
    "text/plain": "urn:ihe:iti:xds-sd:text:2008",
    "text/rtf": "urn:ihe:iti-fr:xds-sd:rtf:2010",
    "image/jpeg": "urn:ihe:iti-fr:xds-sd:jpeg:2010",
    "image/tiff": "urn:ihe:iti-fr:xds-sd:tiff:2010",
}
CLASSED = [
    one
    for one in vocabulary.value_set("J07").concepts
    if vocabulary.class_of_type(one.code) is not None
]
OWN = [one for one in CLASSED if one.code.startswith(("DOCPAT", "EXPPAT"))]
CLAUSES = {
    "nonXMLBody/text mediaType application/pdf": (
        "h:component/h:nonXMLBody/h:text/@mediaType='application/pdf'"
    ),
    "representation B64": "h:component/h:nonXMLBody/h:text/@representation='B64'",
    "exactly these two and 1.3.6.1.4.1.19376.1.2.20": (
        "count(h:templateId)=3 and h:templateId[3]/@root='1.3.6.1.4.1.19376.1.2.20'"
    ),
}


@pytest.mark.parametrize("clause", CLAUSES)
@pytest.mark.parametrize("make", [consultation, hospital_summary, radiology])
def test_a_clause_of_level_1_holds(make: object, clause: str) -> None:
    assert callable(make)
    assert holds(built(make()), CLAUSES[clause]), clause


@pytest.mark.parametrize("media_type", MEDIA)
def test_every_medium_has_the_format_of_the_published_table(media_type: str) -> None:
    entry, warnings = read_back(flat(j07("11502-2"), media_type))
    assert entry.format is not None
    assert entry.format.code == MEDIA[media_type]
    assert warnings == ()


@pytest.mark.parametrize("media_type", MEDIA)
def test_the_file_comes_out_as_it_went_in(media_type: str) -> None:
    data = build_document(flat(j07("11488-4"), media_type))
    document = read_cda(data)
    assert (document.level, document.media_type) == (1, media_type)
    assert base64.b64encode(PDF) in data


@pytest.mark.parametrize("kind", CLASSED, ids=lambda kind: kind.code)
def test_every_type_of_j07_that_has_a_class_is_writable(kind: Code) -> None:
    entry, _ = read_back(flat(kind, "application/pdf"))
    assert entry.type == kind
    assert entry.class_code == vocabulary.class_of_type(kind.code)


def test_there_are_types_of_the_citizens_own() -> None:
    assert {"DOCPAT01", "EXPPAT_1"} <= {kind.code for kind in OWN}


@pytest.mark.parametrize("kind", OWN, ids=lambda kind: kind.code)
def test_a_document_of_the_citizens_own_says_so_everywhere(kind: Code) -> None:
    entry, warnings = read_back(own(kind))
    assert warnings == ()
    assert entry.type == kind
    assert entry.class_code == vocabulary.class_of_type(kind.code)
    assert (entry.facility.code, entry.practice_setting.code) == ("EXP_PATIENT", "EXP_PATIENT")
    assert entry.authors[0].kind is AuthorKind.PATIENT
    assert entry.authenticator is not None
    assert entry.authors[0].identifier == entry.authenticator.identifier
    assert entry.custodian.identifier is not None
    assert entry.custodian.identifier.root == "1.2.250.1.213.4.1"


def test_equal_specifications_give_equal_bytes() -> None:
    assert build_document(own(j07("DOCPAT02"))) == build_document(own(j07("DOCPAT02")))
