"""A submitted document becomes an entry: from its CDA header, or from what is declared."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from carnet.record.document import Author, AuthorKind, Code
from carnet.record.errors import CarnetError
from carnet.record.identity import OID_INS_NIR, Ins
from carnet.record.structures import professional
from carnet.usecases.policy import Policy
from carnet.usecases.preparing import LARGE, MIME_TYPES, Prepared, prepare
from carnet.usecases.requests import DeclaredEntry, MemoryContent, SubmittedDocument
from tests.formats.cda.minimal import MINIMAL, changed
from tests.usecases.bench import (
    DAY,
    LENIENT,
    LOINC,
    NOW,
    OWN,
    PLAIN,
    ROLES,
    Person,
    doctor,
    document,
    person,
)

WHOSE, AUTHOR = person(), doctor()
PRODUCTION = Policy()


def prepared(submitted: SubmittedDocument, policy: Policy = PLAIN, now: int = NOW) -> Prepared:
    return asyncio.run(prepare(submitted, policy, now))


def error(submitted: SubmittedDocument, policy: Policy = PLAIN, now: int = NOW) -> CarnetError:
    with pytest.raises(CarnetError) as caught:
        prepared(submitted, policy, now)
    return caught.value


def declared(
    data: bytes | None = None, /, *, whose: Person = WHOSE, **said: Any
) -> SubmittedDocument:
    return document(whose, AUTHOR, data=data, **said)


def cda(data: bytes = MINIMAL.encode(), **said: Any) -> SubmittedDocument:
    return SubmittedDocument(MemoryContent(data), DeclaredEntry(**said))


def test_a_cda_document_needs_nothing_said() -> None:
    made = prepared(cda())
    assert made.is_cda
    assert made.entry.unique_id == "1.2.250.1.999.1.1"
    assert made.entry.mime_type == "text/xml"
    assert made.entry.size == len(MINIMAL.encode())
    assert made.entry.hash_sha1 == hashlib.sha1(MINIMAL.encode(), usedforsecurity=False).hexdigest()
    assert made.entry.hash_sha256 == hashlib.sha256(MINIMAL.encode()).hexdigest()


@pytest.mark.parametrize("mime_type", ["text/xml", "application/xml"])
def test_both_media_types_of_xml_are_cda_and_are_kept(mime_type: str) -> None:
    assert prepared(cda(mime_type=mime_type)).entry.mime_type == mime_type


@pytest.mark.parametrize(
    ("mime_type", "data"),
    [
        ("application/pdf", b"%PDF-1.7 ..."),
        ("image/jpeg", b"\xff\xd8\xff\xe0 ..."),
        ("image/tiff", b"II*\x00"),
        ("text/rtf", b"{\\rtf1 }"),
        ("text/plain", b"Bonjour"),
        ("application/dicom", bytes(128) + b"DICM"),
        ("application/fhir+json", b"{}"),
    ],
)
def test_what_says_nothing_of_itself_takes_all_that_is_declared(
    mime_type: str, data: bytes
) -> None:
    made = prepared(declared(data, mime_type=mime_type, comments="Copie"))
    entry = made.entry
    assert not made.is_cda
    assert (entry.mime_type, entry.size, entry.comments) == (mime_type, len(data), "Copie")
    assert entry.type.display
    assert entry.class_code.code == "10"  # follows from the type
    assert entry.language == "fr-FR"
    assert entry.confidentiality.code == "N"


def test_every_accepted_media_type_is_tried_here() -> None:
    tried = {"application/pdf", "image/jpeg", "image/tiff", "text/rtf", "text/plain"}
    assert set(MIME_TYPES) == tried | {
        "application/dicom",
        "application/fhir+json",
        "text/xml",
        "application/xml",
    }


@pytest.mark.parametrize(
    ("mime_type", "data"),
    [
        ("application/pdf", b"PK\x03\x04"),
        ("application/pdf", b" %PDF-1.7"),
        ("image/jpeg", b"\x89PNG"),
        ("text/rtf", b"plain"),
    ],
)
def test_content_that_is_not_of_its_media_type_is_refused(mime_type: str, data: bytes) -> None:
    refused = error(declared(data, mime_type=mime_type))
    assert (refused.code, refused.params["value"]) == ("media-type-mismatch", mime_type)


def test_an_unknown_media_type_is_refused_and_named_where_it_was_said() -> None:
    path = "DocumentReference.content[0].attachment.contentType"
    refused = error(declared(b"x", mime_type="text/html", paths={"mime_type": path}))
    assert (refused.code, refused.element) == ("media-type-unknown", path)


@pytest.mark.parametrize(
    "field",
    [
        "unique_id",
        "patient",
        "type",
        "title",
        "creation_time",
        "service_start",
        "facility",
        "practice_setting",
        "custodian",
    ],
)
def test_what_is_needed_and_not_said_is_named(field: str) -> None:
    refused = error(declared(**dict[str, Any]({field: None})))
    assert refused.code == "metadata-missing"
    assert refused.element is not None
    assert refused.element.startswith("DocumentReference.")


def test_a_document_without_author_is_refused() -> None:
    refused = error(declared(authors=()))
    assert (refused.code, refused.element) == ("metadata-missing", "DocumentReference.author")


def test_an_empty_document_is_refused() -> None:
    assert error(declared(b"")).code == "document-empty"


def test_a_document_over_the_limit_is_refused_before_it_is_read() -> None:
    class Unread(MemoryContent):
        def chunks(self) -> Iterator[bytes]:
            raise AssertionError("it was read")

    big = SubmittedDocument(Unread(bytes(101)), declared().declared)
    policy = msgspec.structs.replace(PLAIN, max_document_bytes=100)
    refused = error(big, policy)
    assert (refused.code, refused.params["limit"]) == ("document-too-large", 100)


def test_a_document_at_the_limit_is_taken() -> None:
    policy = msgspec.structs.replace(PLAIN, max_document_bytes=100)
    assert prepared(declared(bytes(100)), policy).entry.size == 100


def test_a_large_document_is_read_in_pieces() -> None:
    class Pieces(MemoryContent):
        def chunks(self) -> Iterator[bytes]:
            for begin in range(0, len(self.data), 1 << 20):
                yield self.data[begin : begin + (1 << 20)]

    data = b"%PDF-" + bytes(LARGE)
    submitted = declared(data, mime_type="application/pdf")
    made = prepared(SubmittedDocument(Pieces(data), submitted.declared))
    assert made.entry.hash_sha1 == hashlib.sha1(data, usedforsecurity=False).hexdigest()


# What is declared of the bytes.


def test_a_hash_that_is_wrong_is_refused_with_both() -> None:
    right = hashlib.sha1(b"Bonjour", usedforsecurity=False).hexdigest()
    assert prepared(declared(b"Bonjour", hash_sha1=right)).entry.hash_sha1 == right
    refused = error(declared(b"Bonjour", hash_sha1="0" * 40))
    assert refused.code == "hash-mismatch"
    assert refused.params == {"declared": "0" * 40, "computed": right}


def test_a_size_that_is_wrong_is_refused_with_both() -> None:
    assert prepared(declared(b"Bonjour", size=7)).entry.size == 7
    refused = error(declared(b"Bonjour", size=8))
    assert (refused.code, refused.params) == ("size-mismatch", {"declared": 8, "computed": 7})


# Dates.


@pytest.mark.parametrize("field", ["creation_time", "service_start"])
@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("2026-05-28T20:31:40Z", None),  # a clock may run ahead by five minutes
        ("2026-05-28T20:31:41Z", "date-in-future"),
        ("2026-05-28T22:31:40+02:00", None),
        ("2026-05-29", None),  # somewhere it is tomorrow already
        ("2026-05-30", "date-in-future"),
        ("2026-06", "date-in-future"),
        ("2026-05", None),
        ("2026", None),
        ("2027", "date-in-future"),
        ("1926-05-28", None),
        ("2026-02-29", "date-invalid"),
        ("2026-02-29T10:00:00Z", "date-invalid"),
    ],
)
def test_no_document_was_made_tomorrow(field: str, value: str, code: str | None) -> None:
    submitted = declared(**dict[str, Any]({field: value}))
    if code is None:
        assert getattr(prepared(submitted).entry, field) == value
    else:
        assert error(submitted).code == code


@pytest.mark.parametrize("value", ["2026-02-30", "2026-02-30T10:00:00Z", "2026-13"])
def test_an_end_that_is_no_date_is_refused_before_anything_is_stored(value: str) -> None:
    refused = error(declared(service_stop=value))
    assert (refused.code, refused.params["value"]) == ("date-invalid", value)


def test_an_act_may_end_later_than_now() -> None:
    assert prepared(declared(service_stop="2026-07-01")).entry.service_stop == "2026-07-01"


def test_a_cda_from_the_future_is_refused() -> None:
    made = 1_767_604_500  # 2026-01-05T10:15:00+01:00
    assert prepared(cda(), now=made - 300).entry.creation_time == "2026-01-05T10:15:00+01:00"
    assert error(cda(), now=made - 301).code == "date-in-future"


# Identities.


def test_a_production_store_refuses_test_identities() -> None:
    assert error(declared(), PRODUCTION).code == "ins-test-refused"
    real = msgspec.structs.replace(WHOSE, ins=Ins(WHOSE.ins.matricule, OID_INS_NIR))
    assert prepared(declared(whose=real), PRODUCTION).entry.patient == real.ins


def test_a_wrong_key_is_refused_or_marked() -> None:
    ins = Ins(WHOSE.ins.matricule[:13] + "98", WHOSE.ins.oid)
    submitted = declared(patient=ins, paths={"patient": "DocumentReference.subject.identifier"})
    refused = error(submitted)
    assert (refused.code, refused.element) == (
        "ins-wrong-key",
        "DocumentReference.subject.identifier",
    )
    assert [notice.code for notice in prepared(submitted, LENIENT).warnings] == ["ins-wrong-key"]


def test_a_birth_date_that_is_none_is_refused() -> None:
    traits = msgspec.structs.replace(WHOSE.traits, birth_date="1984-06-31")
    assert error(declared(source_patient=traits)).code == "birth-date-invalid"


# Codes.


def test_an_unknown_type_is_refused_or_marked_and_needs_its_class() -> None:
    accepting = msgspec.structs.replace(PLAIN, accept_unknown_type=True)
    unknown = Code(LOINC, "99999-9", "Nouveau")
    assert error(declared(type=unknown)).code == "type-unknown"
    assert error(declared(type=unknown), accepting).code == "class-unknown"
    made = prepared(declared(type=unknown, class_code=Code("", "10")), accepting)
    assert made.entry.type == unknown
    assert [notice.code for notice in made.warnings if notice.code == "type-unknown"]


def test_a_class_that_is_not_that_of_the_type_is_refused_with_both() -> None:
    refused = error(declared(class_code=Code("", "11")))
    assert refused.code == "metadata-contradicts-document"
    assert refused.params == {"declared": "11", "document": "10"}


@pytest.mark.parametrize(
    ("field", "code"),
    [("facility", "facility-unknown"), ("practice_setting", "practice-setting-unknown")],
)
def test_places_and_settings_are_of_their_value_sets(field: str, code: str) -> None:
    accepting = msgspec.structs.replace(PLAIN, accept_unknown_type=True)
    assert (
        error(declared(**dict[str, Any]({field: Code("", "NULLE-PART")})), accepting).code == code
    )


def test_a_citizens_own_document_takes_the_codes_of_citizens() -> None:
    own = Code(ROLES, "EXP_PATIENT")
    made = prepared(
        declared(
            b"\xff\xd8\xff\xe0",
            mime_type="image/jpeg",
            type=Code("1.2.250.1.213.1.1.4.12", OWN),
            facility=own,
            practice_setting=own,
            authors=(Author(AuthorKind.PATIENT),),
        )
    )
    assert made.entry.type.code == OWN
    assert made.entry.facility.code == made.entry.practice_setting.code == "EXP_PATIENT"


def test_a_number_with_a_wrong_digit_is_a_warning_or_refused() -> None:
    wrong = Author(AuthorKind.PROFESSIONAL, identifier=professional("810000000008"))
    submitted = declared(authors=(wrong,))
    assert "luhn-key" in [notice.code for notice in prepared(submitted).warnings]
    refusing = msgspec.structs.replace(PLAIN, refuse_luhn=True)
    refused = error(submitted, refusing)
    assert (refused.code, refused.params["kind"]) == ("luhn-key", "RPPS")


# Flags.


def test_visibility_is_told_from_confidentiality() -> None:
    made = prepared(declared(visibility=("MASQUE_PS", "INVISIBLE_PATIENT")))
    assert {str(flag) for flag in made.flags} == {"MASQUE_PS", "INVISIBLE_PATIENT"}
    assert prepared(declared()).flags == frozenset()


@pytest.mark.parametrize(
    ("code", "refused"), [("MASQUE_PT", "visibility-refused"), ("SECRET", "visibility-unknown")]
)
def test_other_visibility_is_refused(code: str, refused: str) -> None:
    assert error(declared(visibility=(code,))).code == refused


# Replacement.


def test_who_named_the_replaced_document_is_remembered() -> None:
    related = (
        '<relatedDocument typeCode="RPLC"><parentDocument>'
        '<id root="1.2.250.1.999.1.0"/></parentDocument></relatedDocument>'
    )
    by_header = prepared(cda(changed(("<componentOf>", related + "<componentOf>"))))
    assert (by_header.entry.replaces, by_header.replaces_declared) == ("1.2.250.1.999.1.0", False)
    said = prepared(cda(replaces="1.2.250.1.999.1.0"))
    assert (said.entry.replaces, said.replaces_declared) == ("1.2.250.1.999.1.0", True)


@pytest.mark.parametrize("submitted", [declared(unique_id="2.25.7", replaces="2.25.7")])
def test_no_document_replaces_itself(submitted: SubmittedDocument) -> None:
    assert error(submitted).code == "replaces-itself"


def test_no_cda_document_replaces_itself() -> None:
    related = (
        '<relatedDocument typeCode="RPLC"><parentDocument>'
        '<id root="1.2.250.1.999.1.1"/></parentDocument></relatedDocument>'
    )
    refused = error(cda(changed(("<componentOf>", related + "<componentOf>"))))
    assert refused.code == "replaces-itself"
    assert refused.element == "/ClinicalDocument/relatedDocument/parentDocument/id"


def test_days_are_whole_here() -> None:
    assert NOW % DAY == 73_600  # 20:26:40, far from both ends of the day
