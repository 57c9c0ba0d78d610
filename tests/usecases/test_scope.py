"""Which record a request is about."""

from __future__ import annotations

import uuid

import pytest

from carnet.usecases.requests import DocumentQuery
from carnet.usecases.scope import record_of, record_of_query, unique_id_named
from carnet.usecases.status import patient_id
from tests.usecases.bench import Desk, doctor, fresh_id, person, resource_of


def test_a_record_is_named_by_ins_or_by_patient_id(desk: Desk) -> None:
    whose = desk.citizen()
    record_id = desk.record_of(whose)
    by_id = record_of(desk.gate, doctor(), None, patient_id(record_id))
    by_ins = record_of(desk.gate, doctor(), whose.ins, None)
    assert desk.run(by_id) == desk.run(by_ins) == record_id


@pytest.mark.parametrize("record", [None, "", "x"])
def test_a_request_about_no_record_is_refused(desk: Desk, record: str | None) -> None:
    assert desk.refusal(record_of(desk.gate, doctor(), None, record)) == "record-absent"
    nobody = person()
    assert desk.refusal(record_of(desk.gate, doctor(), nobody.ins, None)) == "record-absent"


def test_a_query_is_about_the_record_of_the_first_document_that_it_names(desk: Desk) -> None:
    whose, other, name = desk.citizen(), desk.citizen(), fresh_id()
    mine = desk.feed(whose, doctor(), unique_id=name)
    theirs = desk.feed(other, doctor())
    logical = resource_of(mine.resource)["identifier"][1]["value"]

    def about(**asked: object) -> bytes | None:
        query = DocumentQuery(**asked)  # type: ignore[arg-type]  # fields of the query
        return desk.run(record_of_query(desk.gate, doctor(), query))

    record_id = desk.record_of(whose)
    assert about(ids=(mine.entry_uuid,)) == record_id
    assert about(ids=(str(uuid.uuid4()), mine.entry_uuid, theirs.entry_uuid)) == record_id
    assert about(identifiers=((None, name),)) == record_id
    assert about(identifiers=(("urn:ietf:rfc:3986", f"urn:oid:{name}"),)) == record_id
    assert about(identifiers=((None, logical),)) == record_id
    assert about(patient=whose.ins, ids=(theirs.entry_uuid,)) == record_id
    assert about(identifiers=((None, fresh_id()),)) is None
    assert about() is None


@pytest.mark.parametrize(
    ("system", "value", "name"),
    [
        (None, "1.2.3", "1.2.3"),
        (None, "urn:oid:1.2.3", "1.2.3"),
        ("urn:ietf:rfc:3986", "urn:oid:1.2.3", "1.2.3"),
        ("urn:ietf:rfc:3986", "urn:uuid:x", "urn:uuid:x"),
        ("urn:oid:1.2.3", "4", "1.2.3^4"),
    ],
)
def test_a_unique_id_is_named_as_entries_keep_it(system: str | None, value: str, name: str) -> None:
    assert unique_id_named(system, value) == name
