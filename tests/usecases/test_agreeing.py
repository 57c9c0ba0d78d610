"""What is declared must agree with the document; where the document is silent it completes it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.formats.cda import CdaScanner
from carnet.formats.cda.metadata import entry_of
from carnet.record.document import (
    Author,
    AuthorKind,
    Code,
    DocumentEntry,
    Organization,
    Person,
)
from carnet.record.errors import CarnetError, Notice
from carnet.record.identity import OID_INS_NIR, Identifier, Ins, Name
from carnet.record.structures import professional, structure
from carnet.usecases.agreeing import agreed
from carnet.usecases.requests import DeclaredEntry
from tests.formats.cda.minimal import MINIMAL


def _found() -> DocumentEntry:
    scanner = CdaScanner()
    scanner.feed(MINIMAL.encode())
    data = MINIMAL.encode()
    return entry_of(scanner.close(), "0" * 40, "0" * 64, len(data), accept_unknown_type=False)[0]


FOUND = _found()


def together(
    *, found: DocumentEntry = FOUND, mark: bool = False, **said: Any
) -> tuple[DocumentEntry, tuple[Notice, ...]]:
    return agreed(found, DeclaredEntry(**said), mark_identity=mark)


def error(*, found: DocumentEntry = FOUND, mark: bool = False, **said: Any) -> CarnetError:
    with pytest.raises(CarnetError) as caught:
        together(found=found, mark=mark, **said)
    return caught.value


def test_who_says_nothing_contradicts_nothing() -> None:
    assert together() == (FOUND, ())


def test_who_says_the_same_contradicts_nothing() -> None:
    entry, notices = together(
        unique_id=FOUND.unique_id,
        patient=FOUND.patient,
        source_patient=FOUND.source_patient,
        type=msgspec.structs.replace(FOUND.type, display="Autre libellé"),
        class_code=FOUND.class_code,
        facility=FOUND.facility,
        practice_setting=FOUND.practice_setting,
        confidentiality=FOUND.confidentiality,
        creation_time=FOUND.creation_time,
        service_start=FOUND.service_start,
        language="fr",
        authors=FOUND.authors,
        custodian=FOUND.custodian,
    )
    assert entry == FOUND
    assert notices == ()


@pytest.mark.parametrize(
    ("field", "value", "theirs", "ours"),
    [
        ("unique_id", "2.25.9", "2.25.9", "1.2.250.1.999.1.1"),
        ("type", Code("", "11502-2"), "11502-2", "11488-4"),
        ("class_code", Code("", "31"), "31", "10"),
        ("facility", Code("", "SA01"), "SA01", "SA07"),
        ("practice_setting", Code("", "IMP"), "IMP", "AMBULATOIRE"),
        ("confidentiality", Code("", "V"), "V", "N"),
        ("creation_time", "2026-01-06", "2026-01-06", "2026-01-05T10:15:00+01:00"),
        ("service_start", "2025", "2025", "2026-01-05T09:30:00+01:00"),
        ("language", "en-GB", "en-GB", "fr-FR"),
        (
            "authors",
            (Author(AuthorKind.PROFESSIONAL, identifier=professional("810000000017")),),
            "1.2.250.1.71.4.2.1|810000000017",
            "1.2.250.1.71.4.2.1|810000000009",
        ),
        (
            "custodian",
            Organization(structure("1990000028")),
            "1.2.250.1.71.4.2.2|1990000028",
            "1.2.250.1.71.4.2.2|1990000010",
        ),
    ],
)
def test_a_contradiction_is_refused_with_both_values_and_its_place(
    field: str, value: object, theirs: str, ours: str
) -> None:
    said: dict[str, Any] = {field: value}
    refused = error(**said, paths={field: "there"})
    assert (refused.code, refused.element) == ("metadata-contradicts-document", "there")
    assert refused.params == {"declared": theirs, "document": ours}
    unplaced = error(**said)
    assert unplaced.element == f"DocumentReference.{field}"


@pytest.mark.parametrize(
    ("stated", "agrees"),
    [
        ("2026", True),
        ("2026-01", True),
        ("2026-01-05", True),
        ("2026-01-05T10:15:00+01:00", True),
        ("2026-01-05T09:15:00Z", True),
        ("2026-01-05T09:15:30Z", True),  # CDA often has no seconds
        ("2026-01-05T09:16:00Z", False),
        ("2026-01-05T10:15:00Z", False),
        ("2026-02", False),
        ("2025", False),
        ("2026-01-05T09:14:60Z", True),
    ],
)
def test_times_agree_as_far_as_the_less_precise_goes(stated: str, agrees: bool) -> None:
    if agrees:
        assert together(creation_time=stated)[0] == FOUND
    else:
        assert error(creation_time=stated).code == "metadata-contradicts-document"


@given(st.sampled_from(["2026", "2026-01", "2026-01-05"]), st.sampled_from([4, 7, 10]))
def test_partial_times_agree_both_ways(text: str, cut: int) -> None:
    partial = msgspec.structs.replace(FOUND, creation_time=text)
    assert together(found=partial, creation_time="2026-01-05"[:cut])[0] == partial


# What completes and what stands.


def test_what_the_document_does_not_say_is_completed() -> None:
    said: dict[str, Any] = {
        "format": Code("", "urn:ihe:iti:xds-sd:pdf:2008"),
        "comments": "Lettre reçue",
        "service_stop": "2026-01-05T10:00:00+01:00",
        "authenticator": Person(name=Name("AUTRE")),
        "replaces": "2.25.1",
    }
    silent = msgspec.structs.replace(
        FOUND, format=None, comments=None, service_stop=None, authenticator=None, replaces=None
    )
    entry, _ = together(found=silent, **said)
    assert {field: getattr(entry, field) for field in said} == said


def test_what_the_document_says_stands_against_what_completes() -> None:
    entry, _ = together(
        comments="A", service_stop="2026-01-06", authenticator=Person(name=Name("AUTRE"))
    )
    assert entry.service_stop == FOUND.service_stop
    assert entry.authenticator == FOUND.authenticator
    assert entry.comments == "A"  # the header has none


def test_title_and_media_type_are_the_submitters() -> None:
    entry, _ = together(title="Titre de la liste", mime_type="application/xml")
    assert (entry.title, entry.mime_type) == ("Titre de la liste", "application/xml")


# Authors and custodian.


def test_both_spellings_of_an_rpps_agree() -> None:
    bare = Author(AuthorKind.PROFESSIONAL, identifier=professional("10000000009"))
    assert together(authors=(bare,))[0] == FOUND


def test_an_author_without_identifier_is_not_compared() -> None:
    named = Author(AuthorKind.PROFESSIONAL, name=Name("QUELQU'UN"))
    assert together(authors=(named,))[0].authors == FOUND.authors


def test_one_of_several_authors_may_be_named() -> None:
    second = Author(AuthorKind.PROFESSIONAL, identifier=professional("810000000017"))
    two = msgspec.structs.replace(FOUND, authors=(*FOUND.authors, second))
    assert together(found=two, authors=(second,))[0] == two


# The replaced document.


@pytest.mark.parametrize("stated", ["2.25.2", "urn:uuid:3f9ea1b1-9a0c-4f4e-8b3e-1c6f1a3f0001"])
def test_another_replaced_document_contradicts(stated: str) -> None:
    replacing = msgspec.structs.replace(FOUND, replaces="2.25.1")
    refused = error(found=replacing, replaces=stated)
    assert refused.params == {"declared": stated, "document": "2.25.1"}


def test_the_replaced_document_may_be_named_by_an_id_that_only_the_gate_knows() -> None:
    replacing = msgspec.structs.replace(FOUND, replaces="2.25.1")
    entry, _ = together(found=replacing, replaces="3f9ea1b1-9a0c-4f4e-8b3e-1c6f1a3f0001")
    assert entry.replaces == "2.25.1"
    assert together(found=replacing, replaces="2.25.1")[0] == replacing


# The patient.


def test_another_patient_is_refused_even_where_identities_are_marked() -> None:
    other = Ins("284060000000150", FOUND.patient.oid)
    for mark in (False, True):
        refused = error(patient=other, mark=mark)
        assert refused.code == "patient-contradicts-document"
        assert refused.params == {}  # no INS in an error


def test_the_same_matricule_under_another_oid_is_refused_or_marked() -> None:
    other = Ins(FOUND.patient.matricule, OID_INS_NIR)
    assert error(patient=other).code == "patient-contradicts-document"
    entry, notices = together(patient=other, mark=True)
    assert entry.patient == FOUND.patient
    assert [notice.code for notice in notices] == ["ins-oid-differs"]


def test_other_traits_are_refused_or_marked_and_named() -> None:
    assert FOUND.source_patient is not None
    traits = msgspec.structs.replace(FOUND.source_patient, birth_family="AUTRE", birth_date="1980")
    refused = error(source_patient=traits)
    assert refused.code == "ins-traits-differ"
    assert refused.params == {"traits": "birth_family, birth_date"}
    entry, notices = together(source_patient=traits, mark=True)
    assert entry.source_patient == FOUND.source_patient
    assert [(notice.code, notice.params) for notice in notices] == [
        ("ins-traits-differ", {"traits": "birth_family, birth_date"})
    ]


@given(st.sampled_from([structure("1990000010"), Identifier("1.2.3", "4")]))
def test_a_custodian_is_compared_only_where_both_have_an_identifier(one: Identifier) -> None:
    silent = msgspec.structs.replace(FOUND, custodian=Organization(name="Sans numéro"))
    assert together(found=silent, custodian=Organization(one))[0] == silent
    assert together(custodian=Organization(name="Sans numéro"))[0] == FOUND
