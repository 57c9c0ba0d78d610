"""Finding and reading documents: what is answered, what is absent, what every try leaves behind."""

from __future__ import annotations

import hashlib
import uuid

import pytest

from carnet.record.access.model import RelationKind
from carnet.record.caller import Caller, Purpose
from carnet.record.trace import Act, Chain, Outcome
from carnet.usecases import feeding
from carnet.usecases.consultation import find, read_entry, retrieve
from carnet.usecases.policy import Policy
from carnet.usecases.requests import DocumentQuery, Found
from tests.usecases.bench import (
    ABSENT_UUID,
    NOW,
    OPERATOR,
    Bench,
    Desk,
    Person,
    doctor,
    document,
    house_of,
    person,
    resource_of,
)

DAY = 86_400


def binary_of(rendered: bytes) -> str:
    """Binary.id of a rendered entry."""
    url = resource_of(rendered)["content"][0]["attachment"]["url"]
    return str(url).rpartition("/")[2]


# Bytes.


@pytest.mark.parametrize("size", [1, 31_000, (1 << 20) + 1, 3_000_000])
def test_a_document_comes_back_as_it_was_submitted(desk: Desk, size: int) -> None:
    whose, author = desk.citizen(), doctor()
    data = hashlib.shake_128(b"invented").digest(size)
    fed = desk.run(feeding.submit(desk.gate, author, document(whose, author, data=data)))
    got = desk.run(retrieve(desk.gate, whose.caller, binary_of(fed.resource)))
    assert b"".join(got.content.chunks()) == data
    assert b"".join(got.content.chunks()) == data  # and again
    assert got.content.size == size
    assert (got.mime_type, got.title, got.entry_uuid) == (
        "text/plain",
        "Compte rendu",
        fed.entry_uuid,
    )
    assert got.etag == hashlib.sha256(data).hexdigest()


def test_the_address_of_the_bytes_outlives_versions_of_the_metadata(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    fed = desk.feed(whose, author)
    shown = desk.show(whose.caller, fed.entry_uuid, hidden_from_professionals=True)
    assert binary_of(shown.resource) == binary_of(fed.resource)
    got = desk.run(retrieve(desk.gate, whose.caller, binary_of(fed.resource)))
    assert got.entry_uuid == shown.entry_uuid


# Old ids and versions.


def test_an_earlier_id_answers_the_current_version(either_desk: Desk) -> None:
    desk = either_desk
    whose, author = desk.citizen(), doctor()
    fed = desk.feed(whose, author)
    ids = [fed.entry_uuid]
    for hidden in (True, False, True):
        shown = desk.show(whose.caller, ids[0], hidden_from_professionals=hidden)
        ids.append(shown.entry_uuid)
    assert len(set(ids)) == 4
    for old in ids:
        read = desk.read(whose.caller, old)
        assert (read.entry_uuid, read.change) == (ids[-1], 4)
        assert resource_of(read.resource)["id"] == ids[-1]


def test_the_flags_of_the_current_version_decide_for_every_id(desk: Desk) -> None:
    whose, author, reader = desk.citizen(), doctor(), doctor()
    desk.tie(whose, RelationKind.AUTHORISATION, reader)
    fed = desk.feed(whose, author)
    assert desk.read(reader, fed.entry_uuid).entry_uuid == fed.entry_uuid
    desk.show(whose.caller, fed.entry_uuid, hidden_from_professionals=True)
    assert desk.refusal(read_entry(desk.gate, reader, fed.entry_uuid)) == "document-absent"


def test_last_updated_is_what_the_resource_says(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    fed = desk.feed(whose, author)
    read = desk.read(whose.caller, fed.entry_uuid)
    meta = resource_of(read.resource)["meta"]
    assert fed.last_updated == read.last_updated == meta["lastUpdated"]
    assert meta["versionId"] == str(read.change) == "1"


# What may not be read does not exist.


@pytest.mark.parametrize("name", ["x", ABSENT_UUID, "", "0" * 32])
def test_what_does_not_exist_is_absent(desk: Desk, name: str) -> None:
    reader = doctor()
    assert desk.refusal(read_entry(desk.gate, reader, name)) == "document-absent"
    assert desk.refusal(retrieve(desk.gate, reader, name)) == "document-absent"


def test_an_id_of_one_kind_is_none_of_another(desk: Desk) -> None:
    whose = desk.citizen()
    fed = desk.feed(whose, whose.caller)
    tie = desk.tie(whose, RelationKind.AUTHORISATION, doctor())
    binary = binary_of(fed.resource)
    assert desk.refusal(read_entry(desk.gate, whose.caller, binary)) == "document-absent"
    assert desk.refusal(read_entry(desk.gate, whose.caller, tie.id)) == "document-absent"
    assert desk.refusal(retrieve(desk.gate, whose.caller, fed.entry_uuid)) == "document-absent"


def _asking(desk: Desk, whose: Person, who: str) -> Caller:
    """Somebody who may not read the document, each for another reason."""
    asking = doctor()
    match who:
        case "blocked":
            desk.tie(whose, RelationKind.AUTHORISATION, asking)
            desk.tie(whose, RelationKind.BLOCK, asking)
        case "expired":
            desk.tie(
                whose, RelationKind.AUTHORISATION, asking, start=NOW - 20 * DAY, end=NOW - 10 * DAY
            )
        case "refused":
            desk.tie(whose, RelationKind.REFUSAL, asking)
        case "social worker":
            asking = doctor("41")
            desk.tie(whose, RelationKind.AUTHORISATION, asking)
        case "structure":
            asking = house_of(asking)
        case "stranger":
            asking = person().caller
        case "silent":
            asking = doctor(purpose=Purpose.BREAK_GLASS)
        case "operator":
            asking = OPERATOR
        case "nobody":
            pass
    return asking


REFUSED = {
    "nobody": "consent-missing",
    "blocked": "refused-by-patient",
    "expired": "consent-expired",
    "refused": "refused-by-patient",
    "social worker": "profession-closed",
    "stranger": "not-your-record",
    "silent": "reason-required",
}


@pytest.mark.parametrize("who", [*REFUSED, "structure", "operator"])
def test_a_document_is_absent_for_who_may_not_read_and_the_try_is_traced(
    desk: Desk, who: str
) -> None:
    whose, author = desk.citizen(), doctor()
    fed = desk.feed(whose, author)
    asking = _asking(desk, whose, who)
    for tried in (
        read_entry(desk.gate, asking, fed.entry_uuid),
        retrieve(desk.gate, asking, binary_of(fed.resource)),
    ):
        error = desk.error(tried)
        assert (error.code, error.params) == ("document-absent", {})
        trace = desk.chain(whose)[-1]
        assert (trace.outcome, trace.entries) == (Outcome.REFUSED, (1,))
        assert trace.reason not in (None, "document-absent")  # the true reason, in the evidence


@pytest.mark.parametrize(("who", "code"), list(REFUSED.items()))
def test_a_record_is_refused_with_its_reason_and_named_documents_are_absent(
    desk: Desk, who: str, code: str
) -> None:
    whose, author = desk.citizen(), doctor()
    fed = desk.feed(whose, author)
    asking = _asking(desk, whose, who)
    by_patient = DocumentQuery(patient=whose.ins, criteria="patient.identifier")
    assert desk.refusal(find(desk.gate, asking, by_patient)) == code
    trace = desk.chain(whose)[-1]
    assert (trace.act, trace.reason, trace.criteria) == (Act.FIND, code, "patient.identifier")
    record = DocumentQuery(record=str(uuid.UUID(bytes=desk.record_of(whose))))
    assert desk.refusal(find(desk.gate, asking, record)) == code
    for query in (
        DocumentQuery(ids=(fed.entry_uuid,)),
        DocumentQuery(identifiers=((None, fed.unique_id),)),
    ):
        assert desk.run(find(desk.gate, asking, query)) == Found([], 0)
        assert desk.chain(whose)[-1].outcome is Outcome.REFUSED


def test_a_structure_finds_what_its_people_wrote(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    mine = desk.feed(whose, author)
    theirs = desk.feed(whose, doctor())
    found = desk.find(house_of(author), whose)
    assert [one.entry_uuid for one in found.entries] == [mine.entry_uuid]
    refused = desk.refusal(read_entry(desk.gate, house_of(author), theirs.entry_uuid))
    assert refused == "document-absent"


def test_a_refused_try_at_a_withheld_document_is_withheld(desk: Desk) -> None:
    whose, author, asking = desk.citizen(), doctor(), doctor()
    fed = desk.feed(whose, author, visibility=("INVISIBLE_PATIENT",))
    before = len(desk.chain(whose))
    desk.refusal(read_entry(desk.gate, asking, fed.entry_uuid))
    desk.refusal(read_entry(desk.gate, whose.caller, fed.entry_uuid))
    assert len(desk.chain(whose)) == before
    assert [one.reason for one in desk.chain(whose, Chain.WITHHELD)[1:]] == [
        "consent-missing",
        "hidden",
    ]


# Rights in time.


def test_a_consent_opens_and_ends_at_its_dates(desk: Desk) -> None:
    whose, reader = desk.citizen(), doctor()
    desk.feed(whose, doctor())
    desk.tie(whose, RelationKind.AUTHORISATION, reader, start=NOW + DAY, end=NOW + 3 * DAY)
    query = DocumentQuery(patient=whose.ins)
    desk.clock.set(NOW + DAY - 1)
    assert desk.refusal(find(desk.gate, reader, query)) == "consent-missing"
    desk.clock.set(NOW + DAY)
    assert desk.find(reader, whose).total == 1
    desk.clock.set(NOW + 3 * DAY - 1)
    assert desk.find(reader, whose).total == 1
    desk.clock.set(NOW + 3 * DAY)
    assert desk.refusal(find(desk.gate, reader, query)) == "consent-expired"


def test_a_parent_reads_until_the_child_is_of_age(desk: Desk) -> None:
    child, parent = desk.citizen("2008-05-29"), person("1980")  # of age on 29 May 2026
    desk.tie(child, RelationKind.PARENT, parent, by=OPERATOR)
    desk.feed(child, doctor())
    assert desk.find(parent.caller, child).total == 1
    midnight = NOW + 12_800  # 2026-05-29T00:00:00Z
    desk.clock.set(midnight - 1)
    assert desk.find(parent.caller, child).total == 1
    desk.clock.set(midnight)
    refused = desk.refusal(find(desk.gate, parent.caller, DocumentQuery(patient=child.ins)))
    assert refused == "not-your-record"


@pytest.mark.parametrize(("scope", "feeds"), [(None, False), ("read", False), ("manage", True)])
def test_a_delegate_does_what_their_scope_says(desk: Desk, scope: str | None, feeds: bool) -> None:
    whose, friend = desk.citizen(), person()
    desk.tie(whose, RelationKind.DELEGATE, friend, scope=scope)
    desk.feed(whose, doctor())
    assert desk.find(friend.caller, whose).total == 1
    tried = feeding.submit(desk.gate, friend.caller, document(whose, whose.caller))
    if feeds:
        desk.run(tried)
    else:
        assert desk.refusal(tried) == "not-entitled"


def test_a_delegate_of_no_power_is_a_stranger(desk: Desk) -> None:
    whose, friend = desk.citizen(), person()
    desk.tie(whose, RelationKind.DELEGATE, friend, scope="anything")
    query = DocumentQuery(patient=whose.ins)
    assert desk.refusal(find(desk.gate, friend.caller, query)) == "not-your-record"


def test_the_declared_doctor_reads_what_is_masked(desk: Desk) -> None:
    whose, physician = desk.citizen(), doctor()
    desk.feed(whose, doctor(), visibility=("MASQUE_PS",))
    tie = desk.tie(whose, RelationKind.PHYSICIAN, physician)
    assert desk.find(physician, whose).total == 1
    assert tie.kind is RelationKind.PHYSICIAN
    nurse = doctor("G15_60")
    desk.tie(whose, RelationKind.PHYSICIAN, nurse)  # only a doctor can be one
    query = DocumentQuery(patient=whose.ins)
    assert desk.refusal(find(desk.gate, nurse, query)) == "consent-missing"


def test_break_glass_reads_what_is_not_masked_and_says_why(desk: Desk) -> None:
    whose = desk.citizen()
    plain = desk.feed(whose, doctor())
    desk.feed(whose, doctor(), visibility=("MASQUE_PS",))
    asking = doctor(purpose=Purpose.BREAK_GLASS, reason="inconscient")
    found = desk.find(asking, whose)
    assert [one.entry_uuid for one in found.entries] == [plain.entry_uuid]
    trace = desk.chain(whose)[-1]
    assert (trace.purpose, trace.stated_reason, trace.reason) == (
        "break-glass",
        "inconscient",
        "break-glass",
    )


def test_a_closed_record_is_read_by_its_citizen_alone(desk: Desk) -> None:
    whose, reader, author = desk.citizen(), doctor(), doctor()
    desk.tie(whose, RelationKind.AUTHORISATION, reader)
    fed = desk.feed(whose, author)
    desk.close(whose)
    assert desk.find(whose.caller, whose).total == 1
    assert desk.read(whose.caller, fed.entry_uuid).change == 1
    for other in (reader, author):
        query = DocumentQuery(patient=whose.ins)
        assert desk.refusal(find(desk.gate, other, query)) == "record-closed"
        assert desk.refusal(read_entry(desk.gate, other, fed.entry_uuid)) == "document-absent"


def test_the_operator_reads_in_demo_and_test_stores_alone(bench: Bench) -> None:
    production, test = bench.desk(), bench.desk(Policy(accept_test_ins=True, reading_operator=True))
    whose = production.citizen()
    production.feed(whose, doctor(), visibility=("MASQUE_PS",))
    query = DocumentQuery(patient=whose.ins)
    assert production.refusal(find(production.gate, OPERATOR, query)) == "not-entitled"
    assert test.find(OPERATOR, whose).total == 1


# Traces of what was permitted.


def test_every_reading_is_traced_before_it_is_answered(either_desk: Desk) -> None:
    desk = either_desk
    whose, author = desk.citizen(), doctor()
    fed = desk.feed(whose, author)
    desk.find(whose.caller, whose, criteria="type,date")
    desk.read(whose.caller, fed.entry_uuid)
    desk.run(retrieve(desk.gate, whose.caller, binary_of(fed.resource)))
    told = [(t.act, t.entries, t.reason, t.criteria) for t in desk.chain(whose)[2:]]
    assert told == [
        (Act.FIND, (1,), "own-record", "type,date"),
        (Act.READ_ENTRY, (1,), "own-record", None),
        (Act.RETRIEVE, (1,), "own-record", None),
    ]


def test_an_answer_of_nothing_is_traced_too(desk: Desk) -> None:
    whose = desk.citizen()
    desk.find(whose.caller, whose)
    desk.find(whose.caller, whose, count=0)
    assert [t.entries for t in desk.chain(whose)[1:]] == [(), ()]


def test_a_citizen_does_not_learn_who_has_a_record(desk: Desk) -> None:
    someone, nobody, asking = desk.citizen(), person(), person()
    refused = {
        desk.refusal(find(desk.gate, asking.caller, DocumentQuery(patient=whose.ins)))
        for whose in (someone, nobody)
    }
    assert refused == {"not-your-record"}
    own = DocumentQuery(patient=asking.ins)
    assert desk.refusal(find(desk.gate, asking.caller, own)) == "record-absent"


def test_a_query_about_no_record_in_particular_finds_nothing(desk: Desk) -> None:
    assert desk.run(find(desk.gate, doctor(), DocumentQuery(ids=("x",)))) == Found([], 0)
