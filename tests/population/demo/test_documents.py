"""The demo's documents: readable without a warning, told in order, the same every time."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest
from lxml import etree

from carnet.formats.cda import read_cda
from carnet.formats.cda.metadata import entry_of
from carnet.population.demo import (
    FIRST_DAY,
    DemoDocument,
    documents,
    people,
    professionals,
)
from carnet.record.document import AuthorKind, DocumentEntry
from carnet.record.errors import Notice
from carnet.record.identity import Sex
from carnet.record.lifecycle import RecordState
from tests.formats.pdf.reading import text_of

AS_OF = date(2026, 11, 24)
DOCUMENTS = tuple(documents(AS_OF))
BY_KEY = {document.key: document for document in DOCUMENTS}


def read_back(document: DemoDocument) -> tuple[DocumentEntry, tuple[Notice, ...]]:
    data = document.xml
    sha1 = hashlib.sha1(data, usedforsecurity=False).hexdigest()
    return entry_of(read_cda(data), sha1, hashlib.sha256(data).hexdigest(), len(data))


def files(document: DemoDocument) -> list[tuple[str | None, bytes]]:
    found = etree.fromstring(document.xml).iterfind(".//*[@representation='B64']")
    return [(f.get("mediaType"), base64.b64decode(f.text or "", validate=True)) for f in found]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.key)
def test_the_reader_has_nothing_to_warn_of(document: DemoDocument) -> None:
    entry, warnings = read_back(document)
    assert warnings == ()
    assert entry.format is not None


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.key)
def test_what_is_said_of_a_document_is_what_it_says(document: DemoDocument) -> None:
    entry, _ = read_back(document)
    person = next(p for p in people() if p.key == document.patient)
    assert entry.unique_id == document.unique_id
    assert entry.patient == person.ins
    assert entry.title == document.title
    assert entry.type == document.type
    assert entry.replaces == document.replaces
    if document.author == document.patient:
        assert entry.authors[0].kind is AuthorKind.PATIENT
        assert entry.custodian.identifier is not None
        assert entry.custodian.identifier.root == "1.2.250.1.213.4.1"
    else:
        author = next(p for p in professionals() if p.key == document.author)
        assert entry.authors[0].identifier == author.identifier
        assert entry.facility == author.sector


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.key)
def test_every_file_inside_can_be_opened(document: DemoDocument) -> None:
    for media_type, data in files(document):
        if media_type == "application/pdf":
            assert data.startswith(b"%PDF-1.")
            assert data.rstrip().endswith(b"%%EOF")
            text = text_of(data)
            assert "Démonstration" in text
            assert "{" not in text.replace("{1.73_m2}", "")
        else:
            assert media_type == "image/jpeg"
            assert data.startswith(b"\xff\xd8")


def test_there_are_about_sixty_documents_of_open_records() -> None:
    assert 50 <= len(DOCUMENTS) <= 70
    open_records = {p.key for p in people() if p.record is RecordState.OPEN}
    assert {d.patient for d in DOCUMENTS} <= open_records
    assert open_records - {d.patient for d in DOCUMENTS} == {"sacha"}


def test_identifiers_are_unique() -> None:
    assert len({d.unique_id for d in DOCUMENTS}) == len(DOCUMENTS) == len(BY_KEY)


def test_a_persons_documents_come_in_the_order_of_deposit_and_none_in_the_future() -> None:
    end = datetime.combine(AS_OF + timedelta(days=1), datetime.min.time(), tzinfo=UTC)
    for person in people():
        times = [d.deposited_at for d in DOCUMENTS if d.patient == person.key]
        assert times == sorted(times)
        assert all(time < end.timestamp() for time in times)


def test_nobody_has_a_document_from_before_birth() -> None:
    for person in people():
        born = datetime.fromisoformat(person.traits.birth_date).replace(tzinfo=UTC).timestamp()
        for document in documents(FIRST_DAY):
            if document.patient == person.key:
                assert document.deposited_at > born


def test_the_same_day_gives_the_same_bytes() -> None:
    again = tuple(documents(AS_OF))
    assert again == DOCUMENTS


def test_another_day_gives_other_documents() -> None:
    other = {d.unique_id for d in documents(AS_OF + timedelta(days=1))}
    assert other.isdisjoint({d.unique_id for d in DOCUMENTS})


def test_the_past_does_not_begin_before_everybody_is_born() -> None:
    with pytest.raises(ValueError, match="no past before"):
        next(documents(FIRST_DAY - timedelta(days=1)))


def test_hba1c_follows_the_treatment() -> None:
    values = []
    for document in DOCUMENTS:
        for code in etree.fromstring(document.xml).iter("{urn:hl7-org:v3}translation"):
            observation = code.getparent()
            assert observation is not None
            parent = observation.getparent()
            assert parent is not None
            named = parent.find("{urn:hl7-org:v3}templateId") is not None
            if document.patient == "camille" and code.get("code") == "HBA1C" and named:
                value = parent.find("{urn:hl7-org:v3}value")
                assert value is not None
                values.append(float(value.get("value", "")))
    assert len(values) == 5
    assert values == sorted(values, reverse=True)


def test_one_letter_replaces_another_in_the_same_series() -> None:
    replacing = [d for d in DOCUMENTS if d.replaces is not None]
    assert [d.key for d in replacing] == ["camille-lesage-2b"]
    new, _ = read_back(replacing[0])
    old, _ = read_back(BY_KEY["camille-lesage-2"])
    assert new.replaces == old.unique_id
    assert (new.set_id, new.version_number) == (old.set_id, 2)


def test_each_way_of_hiding_occurs() -> None:
    assert [d.key for d in DOCUMENTS if d.hidden_by_patient] == ["camille-psychiatre"]
    wishes = {d.key: d.visibility for d in DOCUMENTS if d.visibility}
    assert wishes["camille-biopsie"] == ("INVISIBLE_PATIENT",)
    assert wishes["manon-sage-femme"] == ("INVISIBLE_REPRESENTANTS_LEGAUX",)


def test_what_waits_for_an_announcement_is_recent() -> None:
    age = datetime.combine(AS_OF, datetime.min.time(), tzinfo=UTC).timestamp()
    assert age - BY_KEY["camille-biopsie"].deposited_at < 14 * 86_400


def test_a_citizen_deposited_a_photograph() -> None:
    assert [kind for kind, _ in files(BY_KEY["camille-photo"])] == ["image/jpeg"]
    entry, _ = read_back(BY_KEY["camille-photo"])
    assert entry.facility.code == entry.practice_setting.code == "EXP_PATIENT"


def test_ranges_follow_the_sex_of_the_patient() -> None:
    printed = {key: files(BY_KEY[key])[0][1] for key in ("camille-labo-1", "gilles-labo")}
    sexes = {p.key: p.traits.sex for p in people()}
    assert (sexes["camille"], sexes["gilles"]) == (Sex.FEMALE, Sex.MALE)
    assert "45 à 84" in text_of(printed["camille-labo-1"])
    assert "59 à 104" in text_of(printed["gilles-labo"])
