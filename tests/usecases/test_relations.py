from __future__ import annotations

import pytest

from carnet.record.document import Status
from carnet.usecases.requests import DocumentQuery
from tests.usecases.bench import Desk, doctor, fresh_id, resource_of


@pytest.mark.parametrize("hidden", [False, True])
def test_a_replaced_document_is_named_to_who_may_see_it_only(desk: Desk, hidden: bool) -> None:
    whose, author = desk.citizen(), doctor()
    earlier = fresh_id()
    visibility = ("INVISIBLE_PATIENT",) if hidden else ()
    desk.feed(whose, author, unique_id=earlier, visibility=visibility)
    replacing = desk.feed(whose, author, replaces=earlier)
    for reader, named in ((author, True), (whose.caller, not hidden)):
        (listed,) = desk.find(reader, whose).entries
        read = desk.read(reader, replacing.entry_uuid)
        for resource in (listed.resource, read.resource):
            assert ("relatesTo" in resource_of(resource)) is named
    query = DocumentQuery(patient=whose.ins, statuses=(Status.DEPRECATED,))
    assert desk.find(whose.caller, whose, statuses=query.statuses).total == int(not hidden)
