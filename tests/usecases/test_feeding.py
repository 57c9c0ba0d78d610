"""Feeding: what is stored and traced, what is a repetition, what a refusal leaves behind."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

import msgspec
import pytest

from carnet.record.access.model import RelationKind
from carnet.record.caller import Caller, CallerKind, Purpose
from carnet.record.document import Code
from carnet.record.errors import CarnetError
from carnet.record.trace import Act, Chain, Outcome
from carnet.storage.batch import Batch, Writer, WriterLost
from carnet.usecases import feeding
from carnet.usecases.feeding import submit
from carnet.usecases.gate import Gate
from carnet.usecases.requests import SubmissionResult, SubmissionStatus, SubmittedDocument
from tests.usecases.bench import (
    COMPLEMENTARY,
    DAY,
    NOW,
    OPERATOR,
    OWN,
    PLAIN,
    ROLES,
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


def state_of(desk: Desk, whose: Person) -> tuple[int, int, int]:
    """What a refusal must leave as it was."""
    return desk.counts(whose)


def test_a_document_is_stored_found_and_traced(either_desk: Desk) -> None:
    desk = either_desk
    whose, author = desk.citizen(), doctor()
    submitted = document(whose, author)
    result = desk.run(submit(desk.gate, author, submitted))
    assert result.status is SubmissionStatus.STORED
    assert result.unique_id == submitted.declared.unique_id
    assert result.change == 1
    assert desk.find(whose.caller, whose).entries[0].resource == result.resource
    entries, events, _ = desk.counts(whose)
    assert (entries, events) == (1, 2)  # the opening, the submission
    trace = desk.chain(whose)[1]
    assert (trace.act, trace.outcome, trace.entries) == (Act.SUBMIT, Outcome.PERMITTED, (1,))
    assert trace.actor == f"1.2.250.1.71.4.2.1|{author.identifier.extension}"  # type: ignore[union-attr]  # a professional


def test_entry_and_document_have_their_own_ids_that_share_a_leaf(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    resource = resource_of(desk.feed(whose, author).resource)
    logical = next(one for one in resource["identifier"] if one["use"] == "secondary")
    entry_id = uuid.UUID(resource["id"])
    logical_id = uuid.UUID(logical["value"].removeprefix("urn:uuid:"))
    assert entry_id != logical_id
    assert entry_id.bytes[:8] == logical_id.bytes[:8]
    assert {entry_id.version, logical_id.version} == {4}
    assert {entry_id.variant, logical_id.variant} == {uuid.RFC_4122}


@pytest.mark.parametrize("kind", ["professional", "structure", "operator", "citizen", "delegate"])
def test_everybody_who_may_feeds_without_a_right_to_read(desk: Desk, kind: str) -> None:
    whose, author, friend = desk.citizen(), doctor(), person()
    desk.tie(whose, RelationKind.DELEGATE, friend, scope="manage")
    by = {
        "professional": doctor(),
        "structure": house_of(author),
        "operator": OPERATOR,
        "citizen": whose.caller,
        "delegate": friend.caller,
    }[kind]
    named = whose.caller if kind in ("citizen", "delegate") else author
    assert desk.feed(whose, named, by=by).status is SubmissionStatus.STORED
    assert desk.chain(whose)[-1].caller == str(by.kind)


@pytest.mark.parametrize("kind", ["citizen", "delegate"])
def test_the_citizen_s_side_signs_for_no_professional(desk: Desk, kind: str) -> None:
    whose, author, friend = desk.citizen(), doctor(), person()
    desk.tie(whose, RelationKind.DELEGATE, friend, scope="manage")
    by = whose.caller if kind == "citizen" else friend.caller
    asked = feeding.submit(desk.gate, by, document(whose, author))
    assert desk.refusal(asked) == "author-not-citizen"
    assert desk.find(whose.caller, whose).total == 0


def test_a_citizen_deposits_a_photograph(desk: Desk) -> None:
    whose = desk.citizen()
    own = Code(ROLES, "EXP_PATIENT")
    result = desk.feed(
        whose,
        whose.caller,
        data=b"\xff\xd8\xff\xe0 a prescription, photographed",
        mime_type="image/jpeg",
        type=Code(COMPLEMENTARY, OWN),
        facility=own,
        practice_setting=own,
    )
    resource = resource_of(result.resource)
    assert resource["type"]["coding"][0]["code"] == OWN
    assert resource["content"][0]["attachment"]["contentType"] == "image/jpeg"
    assert desk.find(whose.caller, whose).total == 1
    # Their own document: they may replace it, hide it, and a stranger sees nothing of it.
    named = resource["masterIdentifier"]["value"].removeprefix("urn:oid:")
    desk.feed(whose, whose.caller, replaces=named)
    assert desk.find(whose.caller, whose).total == 1


# Repetitions.


def test_the_same_document_again_changes_nothing(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    submitted = document(whose, author)
    first = desk.run(submit(desk.gate, author, submitted))
    before = state_of(desk, whose)
    again = desk.run(submit(desk.gate, author, submitted))
    assert again.status is SubmissionStatus.IDENTICAL
    assert (again.entry_uuid, again.resource) == (first.entry_uuid, first.resource)
    assert state_of(desk, whose) == before
    assert desk.chain(whose)[-1].criteria == "identical"


def test_a_repetition_is_told_by_its_bytes_not_by_its_metadata(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    submitted = document(whose, author)
    desk.run(submit(desk.gate, author, submitted))
    retitled = msgspec.structs.replace(submitted.declared, title="Autre titre")
    result = desk.run(submit(desk.gate, author, SubmittedDocument(submitted.content, retitled)))
    assert result.status is SubmissionStatus.IDENTICAL
    assert resource_of(result.resource)["content"][0]["attachment"]["title"] == "Compte rendu"


def test_a_repetition_answers_the_entry_as_it_stands_now(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    submitted = document(whose, author)
    first = desk.run(submit(desk.gate, author, submitted))
    hidden = desk.show(whose.caller, first.entry_uuid, hidden_from_professionals=True)
    again = desk.run(submit(desk.gate, author, submitted))
    assert again.entry_uuid == hidden.entry_uuid != first.entry_uuid


def test_who_did_not_write_it_learns_nothing_new_by_repeating_it(desk: Desk) -> None:
    whose, author, other = desk.citizen(), doctor(), doctor()
    submitted = document(whose, author)
    first = desk.run(submit(desk.gate, author, submitted))
    desk.show(whose.caller, first.entry_uuid, hidden_from_professionals=True)
    for by in (other, OPERATOR):
        again = desk.run(submit(desk.gate, by, submitted))
        assert again.status is SubmissionStatus.IDENTICAL
        assert (again.entry_uuid, again.resource) == (first.entry_uuid, first.resource)


def test_repeating_what_is_kept_from_its_citizen_is_not_told_to_them(desk: Desk) -> None:
    whose, author, other = desk.citizen(), doctor(), doctor()
    submitted = document(whose, author)
    first = desk.run(submit(desk.gate, author, submitted))
    desk.show(author, first.entry_uuid, hidden_from_patient=True)
    shown = len(desk.chain(whose))
    desk.run(submit(desk.gate, other, submitted))
    assert len(desk.chain(whose)) == shown
    assert desk.chain(whose, Chain.WITHHELD)[-1].criteria == "identical"


# Refusals leave nothing behind.

Work = Callable[[Desk, Person, Caller], Coroutine[Any, Any, SubmissionResult]]


def _closed(desk: Desk, whose: Person, author: Caller) -> Coroutine[Any, Any, SubmissionResult]:
    desk.close(whose)
    return submit(desk.gate, author, document(whose, author))


def _blocked(desk: Desk, whose: Person, author: Caller) -> Coroutine[Any, Any, SubmissionResult]:
    desk.tie(whose, RelationKind.BLOCK, author)
    return submit(desk.gate, author, document(whose, author))


def _stranger(desk: Desk, whose: Person, author: Caller) -> Coroutine[Any, Any, SubmissionResult]:
    return submit(desk.gate, desk.citizen().caller, document(whose, author))


def _taken(desk: Desk, whose: Person, author: Caller) -> Coroutine[Any, Any, SubmissionResult]:
    desk.feed(whose, author, unique_id=(name := fresh_id()))
    return submit(desk.gate, author, document(whose, author, unique_id=name))


def _taken_elsewhere(
    desk: Desk, whose: Person, author: Caller
) -> Coroutine[Any, Any, SubmissionResult]:
    desk.feed(desk.citizen(), author, unique_id=(name := fresh_id()), data=b"the same")
    return submit(desk.gate, author, document(whose, author, unique_id=name, data=b"the same"))


def _other_traits(
    desk: Desk, whose: Person, author: Caller
) -> Coroutine[Any, Any, SubmissionResult]:
    traits = msgspec.structs.replace(whose.traits, birth_family="AUTRE")
    return submit(desk.gate, author, document(whose, author, source_patient=traits))


def _absent(desk: Desk, whose: Person, author: Caller) -> Coroutine[Any, Any, SubmissionResult]:
    return submit(desk.gate, author, document(whose, author, replaces=fresh_id()))


def _superseded(desk: Desk, whose: Person, author: Caller) -> Coroutine[Any, Any, SubmissionResult]:
    desk.feed(whose, author, unique_id=(name := fresh_id()))
    desk.feed(whose, author, replaces=name)
    return submit(desk.gate, author, document(whose, author, replaces=name))


def _not_theirs(desk: Desk, whose: Person, author: Caller) -> Coroutine[Any, Any, SubmissionResult]:
    desk.feed(whose, doctor(), unique_id=(name := fresh_id()))
    return submit(desk.gate, author, document(whose, author, replaces=name))


def _hidden_by_citizen(
    desk: Desk, whose: Person, _: Caller
) -> Coroutine[Any, Any, SubmissionResult]:
    return submit(
        desk.gate,
        whose.caller,
        document(whose, whose.caller, visibility=("INVISIBLE_PATIENT",)),
    )


@pytest.mark.parametrize(
    ("work", "code"),
    [
        (_closed, "record-closed"),
        (_blocked, "refused-by-patient"),
        (_stranger, "not-your-record"),
        (_taken, "unique-id-taken"),
        (_taken_elsewhere, "unique-id-taken"),
        (_other_traits, "ins-traits-differ"),
        (_absent, "replaced-absent"),
        (_superseded, "replaced-not-current"),
        (_not_theirs, "consent-missing"),
        (_hidden_by_citizen, "not-entitled"),
    ],
)
def test_a_refusal_leaves_a_trace_and_nothing_else(
    either_desk: Desk, work: Work, code: str
) -> None:
    desk = either_desk
    whose, author = desk.citizen(), doctor()
    tried = work(desk, whose, author)
    before, traces = state_of(desk, whose), len(desk.chain(whose))
    assert desk.refusal(tried) == code
    assert state_of(desk, whose) == before
    added = desk.chain(whose)[traces:]
    assert [(one.act, one.outcome, one.reason) for one in added] == [
        (Act.SUBMIT, Outcome.REFUSED, code)
    ]


def test_where_there_is_no_record_nothing_is_stored(desk: Desk) -> None:
    whose, author = person(), doctor()
    objects = set(desk.store.blobs.names())
    assert desk.refusal(submit(desk.gate, author, document(whose, author))) == "record-absent"
    mine = desk.refusal(submit(desk.gate, whose.caller, document(whose, whose.caller)))
    theirs = desk.refusal(submit(desk.gate, person().caller, document(whose, author)))
    assert (mine, theirs) == ("record-absent", "not-your-record")
    assert set(desk.store.blobs.names()) == objects


# Flags at the deposit.


def test_a_document_kept_from_the_citizen_is_traced_where_they_do_not_look(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    before = len(desk.chain(whose))
    desk.feed(whose, author, visibility=("INVISIBLE_PATIENT",))
    assert len(desk.chain(whose)) == before
    withheld = desk.chain(whose, Chain.WITHHELD)
    assert [(one.act, one.entries, one.linked) for one in withheld] == [(Act.SUBMIT, (1,), None)]
    assert desk.find(whose.caller, whose).total == 0
    assert desk.find(author, whose).total == 1  # the author always


def test_what_is_kept_from_the_citizen_ends_by_itself_after_a_month(either_desk: Desk) -> None:
    desk = either_desk
    whose, author = desk.citizen(), doctor()
    fed = desk.feed(whose, author, visibility=("INVISIBLE_PATIENT",))
    due = NOW + 31 * DAY  # 28 May to 28 June
    desk.follow(whose)
    desk.clock.set(due - 1)
    assert desk.find(whose.caller, whose).total == 0
    desk.clock.set(due + 1)
    found = desk.find(whose.caller, whose)  # at once, whatever the worker has done
    assert found.total == 1
    assert desk.follow(whose) > 0
    shown = desk.find(whose.caller, whose).entries[0]
    assert shown.entry_uuid != fed.entry_uuid  # a version without the flag
    assert b"INVISIBLE_PATIENT" not in shown.resource
    ended = next(one for one in desk.chain(whose) if one.act is Act.FLAG_ENDED)
    assert ended.criteria is not None
    assert ended.criteria.startswith("withheld:")


@pytest.mark.parametrize("code", ["INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX"])
def test_who_acts_for_a_citizen_hides_nothing_from_them(desk: Desk, code: str) -> None:
    whose, friend = desk.citizen(), person()
    desk.tie(whose, RelationKind.DELEGATE, friend, scope="manage")
    tried = document(whose, friend.caller, visibility=(code,))
    assert desk.refusal(submit(desk.gate, friend.caller, tried)) == "not-entitled"


def test_a_citizen_may_hide_their_own_document_at_the_deposit(desk: Desk) -> None:
    whose, reader = desk.citizen(), doctor()
    desk.tie(whose, RelationKind.AUTHORISATION, reader)
    desk.feed(whose, whose.caller, visibility=("MASQUE_PS",))
    assert desk.find(whose.caller, whose).total == 1
    assert desk.find(reader, whose).total == 0


# The submission set.


def test_the_submission_set_takes_the_sector_of_who_feeds() -> None:
    content_type = feeding._content_type
    assert content_type(doctor(sector="SA01")).code == "SA01"
    assert content_type(doctor(sector=None)).code == "SA07"
    assert content_type(person().caller).code == "EXP_PATIENT"


def test_a_professional_feeds_in_break_glass_too(desk: Desk) -> None:
    whose = desk.citizen()
    author = doctor(purpose=Purpose.BREAK_GLASS, reason="inconscient")
    assert desk.feed(whose, author).status is SubmissionStatus.STORED
    assert desk.chain(whose)[-1].stated_reason == "inconscient"


# Races.


def outcomes(desk: Desk, works: list[Coroutine[Any, Any, SubmissionResult]]) -> Counter[str]:
    """How often each ending came of works begun at once."""

    async def together() -> list[SubmissionResult | BaseException]:
        return await asyncio.gather(*works, return_exceptions=True)

    ends: Counter[str] = Counter()
    for end in desk.run(together()):
        if isinstance(end, CarnetError):
            ends[end.code] += 1
        elif isinstance(end, BaseException):
            raise end
        else:
            ends[str(end.status)] += 1
    return ends


def test_different_documents_at_once_are_all_stored(either_desk: Desk) -> None:
    desk = either_desk
    whose, author = desk.citizen(), doctor()
    objects = desk.counts(whose)[2]
    works = [submit(desk.gate, author, document(whose, author)) for _ in range(8)]
    assert outcomes(desk, works) == {"stored": 8}
    assert desk.counts(whose)[0] == 8
    assert desk.counts(whose)[2] == objects + 8
    numbers = [trace.entries for trace in desk.chain(whose) if trace.act is Act.SUBMIT]
    assert numbers == [(number,) for number in range(1, 9)]


def test_one_document_at_once_is_stored_once(either_desk: Desk) -> None:
    desk = either_desk
    whose, author = desk.citizen(), doctor()
    objects = desk.counts(whose)[2]
    submitted = document(whose, author)
    works = [submit(desk.gate, author, submitted) for _ in range(6)]
    assert outcomes(desk, works) == {"stored": 1, "identical": 5}
    assert desk.counts(whose)[0] == 1
    assert desk.counts(whose)[2] == objects + 1  # the losers' bytes are gone


def test_two_documents_of_one_id_at_once_are_not_both_stored(either_desk: Desk) -> None:
    desk = either_desk
    whose, author, name = desk.citizen(), doctor(), fresh_id()
    objects = desk.counts(whose)[2]
    works = [
        submit(desk.gate, author, document(whose, author, unique_id=name, data=bytes([65 + n])))
        for n in range(4)
    ]
    assert outcomes(desk, works) == {"stored": 1, "unique-id-taken": 3}
    assert desk.counts(whose)[2] == objects + 1


def test_one_id_in_two_records_at_once_is_stored_in_one(either_desk: Desk) -> None:
    desk = either_desk
    one, other, author, name = desk.citizen(), desk.citizen(), doctor(), fresh_id()
    works = [
        submit(desk.gate, author, document(whose, author, unique_id=name)) for whose in (one, other)
    ]
    assert outcomes(desk, works) == {"stored": 1, "unique-id-taken": 1}
    assert {desk.counts(one)[0], desk.counts(other)[0]} == {0, 1}


class BreakingOff:
    """A writer that commits and is lost before it can say so."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self.broken = 0

    async def write(self, batch: Batch) -> None:
        await self._writer.write(batch)
        if any(one.statement == "add_document" for one in batch.steps):
            self.broken += 1
            raise WriterLost

    async def close(self) -> None:
        """Nothing of its own to close."""


def test_a_writer_lost_after_its_commit_leaves_entry_and_bytes(bench: Bench) -> None:
    desk = bench.desk()
    whose, author = desk.citizen(), doctor()
    submitted = document(whose, author)
    gate = Gate(bench.store, PLAIN, clock=desk.clock)
    kept, breaking = bench.store.writer, BreakingOff(bench.store.writer)
    bench.store.writer = breaking
    try:
        assert desk.refusal(submit(gate, author, submitted)) == "store-unavailable"
    finally:
        bench.store.writer = kept
    assert breaking.broken == 1
    again = desk.run(submit(desk.gate, author, submitted))
    assert again.status is SubmissionStatus.IDENTICAL
    assert [trace.outcome for trace in desk.chain(whose)] == [Outcome.PERMITTED] * 3


def test_the_machine_does_not_feed(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    machine = Caller(CallerKind.MACHINE, name="worker")
    assert desk.refusal(submit(desk.gate, machine, document(whose, author))) == "not-entitled"
