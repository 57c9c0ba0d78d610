"""Replacement: who may replace what, chains of versions, and documents that arrive out of order."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.record.access.model import RelationKind
from carnet.record.caller import Caller
from carnet.record.document import Status
from carnet.record.errors import CarnetError
from carnet.usecases.feeding import submit
from carnet.usecases.policy import Policy
from carnet.usecases.requests import DeclaredEntry, MemoryContent, SubmittedDocument
from tests.formats.cda.minimal import changed
from tests.usecases.bench import (
    OPERATOR,
    PLAIN,
    Bench,
    Desk,
    Person,
    doctor,
    document,
    fresh_id,
    house_of,
    person,
    resource_of,
)

EITHER = (Status.APPROVED, Status.DEPRECATED)


def statuses(desk: Desk, whose: Person) -> dict[str, str]:
    """uniqueId → FHIR status of every document."""
    found = desk.find(whose.caller, whose, statuses=EITHER)
    resources = [resource_of(entry.resource) for entry in found.entries]
    return {
        one["masterIdentifier"]["value"].removeprefix("urn:oid:"): one["status"]
        for one in resources
    }


def cda(whose: Person, author: Caller, unique_id: str, replaced: str | None) -> SubmittedDocument:
    """A CDA document that names what it replaces in its header."""
    assert author.identifier is not None
    related = ""
    if replaced is not None:
        related = (
            f'<relatedDocument typeCode="RPLC"><parentDocument><id root="{replaced}"/>'
            "</parentDocument></relatedDocument>"
        )
    data = changed(
        ('<id root="1.2.250.1.999.1.1"/>', f'<id root="{unique_id}"/>'),
        ("279035121518989", whose.ins.matricule),
        ("ESSAI</family><given>CLAIRE ANNE", "TILLEUL</family><given>ORIANE"),
        ('<given qualifier="BR">CLAIRE', '<given qualifier="BR">ORIANE'),
        ("19790328", "19840621"),
        ("51215", "35238"),
        ("810000000009", author.identifier.extension),
        ("<componentOf>", related + "<componentOf>"),
    )
    return SubmittedDocument(MemoryContent(data), DeclaredEntry())


def feed(desk: Desk, by: Caller, submitted: SubmittedDocument) -> Any:
    return desk.run(submit(desk.gate, by, submitted))


def test_the_new_document_is_current_and_the_old_one_superseded(either_desk: Desk) -> None:
    desk = either_desk
    whose, author, first, second = desk.citizen(), doctor(), fresh_id(), fresh_id()
    old = desk.feed(whose, author, unique_id=first)
    new = desk.feed(whose, author, unique_id=second, replaces=first)
    assert statuses(desk, whose) == {first: "superseded", second: "current"}
    relates = resource_of(new.resource)["relatesTo"]
    assert [one["code"] for one in relates] == ["replaces"]
    assert relates[0]["target"]["reference"].endswith(f"DocumentReference/{old.entry_uuid}")
    superseded = desk.read(whose.caller, old.entry_uuid)
    assert superseded.entry_uuid == old.entry_uuid  # a status keeps the id
    assert superseded.change == 2
    assert desk.chain(whose)[2].entries == (2, 1)  # both are named


@pytest.mark.parametrize("spelling", ["entry", "urn:uuid:", "unique"])
def test_the_replaced_document_is_named_by_any_of_its_ids(desk: Desk, spelling: str) -> None:
    whose, author, first = desk.citizen(), doctor(), fresh_id()
    old = desk.feed(whose, author, unique_id=first)
    named = {"entry": old.entry_uuid, "urn:uuid:": f"urn:uuid:{old.entry_uuid}", "unique": first}
    desk.feed(whose, author, replaces=named[spelling])
    assert statuses(desk, whose)[first] == "superseded"


def test_an_earlier_id_names_the_current_version(desk: Desk) -> None:
    whose, author, first = desk.citizen(), doctor(), fresh_id()
    old = desk.feed(whose, author, unique_id=first)
    hidden = desk.show(whose.caller, old.entry_uuid, hidden_from_professionals=True)
    desk.feed(whose, author, replaces=old.entry_uuid)
    assert statuses(desk, whose)[first] == "superseded"
    assert desk.read(whose.caller, old.entry_uuid).entry_uuid == hidden.entry_uuid


@pytest.mark.parametrize(
    "name", ["nothing", "0d3f6c1e-1f0a-4b5c-9a57-3c2f2a9be001", "2.25.0", "urn:uuid:x"]
)
def test_what_is_not_in_the_record_is_absent(desk: Desk, name: str) -> None:
    whose, author = desk.citizen(), doctor()
    refused = desk.error(submit(desk.gate, author, document(whose, author, replaces=name)))
    assert (refused.code, refused.element) == (
        "replaced-absent",
        "DocumentReference.relatesTo[0].target",
    )


def test_a_document_of_another_record_is_absent_as_any_other(desk: Desk) -> None:
    whose, other, author = desk.citizen(), desk.citizen(), doctor()
    theirs = desk.feed(other, author, unique_id=(name := fresh_id()))
    for named in (name, theirs.entry_uuid):
        tried = document(whose, author, replaces=named)
        assert desk.refusal(submit(desk.gate, author, tried)) == "replaced-absent"


# Who may.


def _colleague(author: Caller) -> Caller:
    return doctor(structure=author.structure)


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("author", None),
        ("colleague", None),
        ("house", None),
        ("stranger", "consent-missing"),
        ("authorised", "not-entitled"),
        ("physician", "not-entitled"),
        ("citizen", "not-entitled"),
        ("operator for the author", None),
        ("operator for another", "not-entitled"),
    ],
)
def test_a_professionals_document_is_replaced_by_its_authors_side(
    desk: Desk, who: str, code: str | None
) -> None:
    whose, author, another, first = desk.citizen(), doctor(), doctor(), fresh_id()
    desk.feed(whose, author, unique_id=first)
    by, written_by = {
        "author": (author, author),
        "colleague": (colleague := _colleague(author), colleague),
        "house": (house_of(author), author),
        "stranger": (another, another),
        "authorised": (another, another),
        "physician": (another, another),
        "citizen": (whose.caller, whose.caller),
        "operator for the author": (OPERATOR, author),
        "operator for another": (OPERATOR, another),
    }[who]
    if who == "authorised":
        desk.tie(whose, RelationKind.AUTHORISATION, another)
    if who == "physician":
        desk.tie(whose, RelationKind.PHYSICIAN, another)
    tried = submit(desk.gate, by, document(whose, written_by, replaces=first))
    if code is None:
        desk.run(tried)
        assert statuses(desk, whose)[first] == "superseded"
    else:
        assert desk.refusal(tried) == code
        assert statuses(desk, whose) == {first: "current"}


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("citizen", None),
        ("delegate", None),
        ("reader", "not-entitled"),
        ("doctor", "consent-missing"),
    ],
)
def test_a_citizens_document_is_replaced_by_their_own_side(
    desk: Desk, who: str, code: str | None
) -> None:
    whose, friend, first = desk.citizen(), person(), fresh_id()
    desk.feed(whose, whose.caller, unique_id=first)
    desk.tie(whose, RelationKind.DELEGATE, friend, scope="manage" if who != "reader" else "read")
    by = {"citizen": whose.caller, "doctor": doctor()}.get(who, friend.caller)
    tried = submit(desk.gate, by, document(whose, whose.caller, replaces=first))
    if code is None:
        desk.run(tried)
        assert statuses(desk, whose)[first] == "superseded"
    else:
        assert desk.refusal(tried) == code


def test_a_hidden_document_is_absent_for_who_does_not_see_it(desk: Desk) -> None:
    whose, author, reader, first = desk.citizen(), doctor(), doctor(), fresh_id()
    desk.tie(whose, RelationKind.AUTHORISATION, reader)
    desk.feed(whose, author, unique_id=first, visibility=("MASQUE_PS",))
    for named in (first, fresh_id()):
        tried = document(whose, reader, replaces=named)
        refused = desk.error(submit(desk.gate, reader, tried))
        assert (refused.code, refused.params) == ("replaced-absent", {})


# Chains.


@given(st.integers(2, 5), st.data())
def test_of_a_chain_of_versions_only_the_last_is_current(
    bench: Bench, length: int, data: st.DataObject
) -> None:
    desk = bench.desk()
    whose, author = desk.citizen(), doctor()
    names = [fresh_id() for _ in range(length)]
    for place, name in enumerate(names):
        earlier = names[place - 1] if place else None
        desk.feed(whose, author, unique_id=name, replaces=earlier)
    assert statuses(desk, whose) == {
        name: "current" if name == names[-1] else "superseded" for name in names
    }
    stale = data.draw(st.sampled_from(names[:-1]))
    refused = desk.refusal(submit(desk.gate, author, document(whose, author, replaces=stale)))
    assert refused == "replaced-not-current"


def test_two_replacements_of_one_document_at_once_are_not_both_stored(either_desk: Desk) -> None:
    desk = either_desk
    whose, author, first = desk.citizen(), doctor(), fresh_id()
    desk.feed(whose, author, unique_id=first)
    works = [submit(desk.gate, author, document(whose, author, replaces=first)) for _ in range(3)]

    async def together() -> list[object]:
        return await asyncio.gather(*works, return_exceptions=True)

    ends = [end.code if isinstance(end, CarnetError) else "stored" for end in desk.run(together())]
    assert sorted(ends) == ["replaced-not-current", "replaced-not-current", "stored"]
    assert sorted(statuses(desk, whose).values()) == ["current", "superseded"]


# Out of order: the header of a CDA names a document that is not there yet.


def test_a_document_that_comes_after_its_replacement_is_superseded_on_arrival(
    either_desk: Desk,
) -> None:
    desk = either_desk
    whose, author = desk.citizen(), doctor()
    old, new = fresh_id(), fresh_id()
    early = feed(desk, author, cda(whose, author, new, old))
    assert "replaced-absent" in [notice.code for notice in early.warnings]
    target = resource_of(early.resource)["relatesTo"][0]["target"]
    assert "reference" not in target  # only the identifier that the header names
    assert target["identifier"]["value"] == f"urn:oid:{old}"
    late = feed(desk, author, cda(whose, author, old, None))
    desk.follow(whose)
    assert statuses(desk, whose) == {old: "superseded", new: "current"}
    settled = resource_of(desk.read(whose.caller, early.entry_uuid).resource)
    assert settled["relatesTo"][0]["target"]["reference"].endswith(late.entry_uuid)
    desk.follow(whose)  # twice does nothing twice
    assert desk.read(whose.caller, late.entry_uuid).change == 2


def test_a_setting_refuses_what_replaces_something_absent(bench: Bench) -> None:
    strict = Policy(accept_test_ins=True, refuse_absent_target=True)
    desk = bench.desk(strict)
    whose, author = desk.citizen(), doctor()
    refused = desk.error(submit(desk.gate, author, cda(whose, author, fresh_id(), fresh_id())))
    assert refused.code == "replaced-absent"
    assert refused.element == "/ClinicalDocument/relatedDocument/parentDocument/id"


def test_the_header_of_a_cda_replaces_as_relates_to_does(desk: Desk) -> None:
    whose, author, old, new = desk.citizen(), doctor(), fresh_id(), fresh_id()
    feed(desk, author, cda(whose, author, old, None))
    result = feed(desk, author, cda(whose, author, new, old))
    assert not [notice for notice in result.warnings if notice.code == "replaced-absent"]
    assert statuses(desk, whose) == {old: "superseded", new: "current"}


def test_the_policy_of_these_tests_waits_for_absent_documents() -> None:
    assert not PLAIN.refuse_absent_target
