"""What a view admits is what ``sees`` admits, on both engines, whoever asks; how it is traced."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.record.access import Action, EntryFacts, sees
from carnet.record.access.model import RelationKind
from carnet.record.caller import Caller, Purpose
from carnet.record.document import Code, Flags
from carnet.record.trace import Act, Chain
from carnet.storage import entries
from carnet.usecases.consultation import retrieve
from carnet.usecases.view import MOST_TRACED, RecordView
from tests.usecases.bench import (
    LABORATORY,
    LOINC,
    NOW,
    OPERATOR,
    PSYCHIATRY,
    VISIT,
    Bench,
    Desk,
    Person,
    doctor,
    house_of,
    person,
    resource_of,
)

LABELS = ("MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX")
AUTHORS = ("caller", "colleague", "another", "citizen")
TIES = (
    None,
    RelationKind.AUTHORISATION,
    RelationKind.PHYSICIAN,
    RelationKind.REFUSAL,
)


class Written(msgspec.Struct, frozen=True):
    """One document to be: its type, its flags at the deposit, by whom."""

    type_code: str
    labels: frozenset[str]
    author: str


written = st.builds(
    Written,
    type_code=st.sampled_from([VISIT, LABORATORY, PSYCHIATRY]),
    labels=st.frozensets(st.sampled_from(LABELS)),
    author=st.sampled_from(AUTHORS),
)
kinds = st.sampled_from(
    ["doctor", "nurse", "social worker", "structure", "citizen", "parent", "delegate", "operator"]
)


def _caller(
    desk: Desk, whose: Person, kind: str, tie: RelationKind | None, purpose: Purpose
) -> Caller:
    professions = {"nurse": "G15_60", "social worker": "41"}
    if kind in ("parent", "delegate"):
        friend = person("1980")
        by = OPERATOR if kind == "parent" else whose.caller
        desk.tie(whose, RelationKind(kind), friend, by=by)
        return friend.caller
    if kind == "citizen":
        return whose.caller
    if kind == "operator":
        return OPERATOR
    asking = doctor(professions.get(kind, "G15_10/SM26"), purpose=purpose, reason="urgence")
    if tie is not None:
        desk.tie(whose, tie, asking)
    return house_of(asking) if kind == "structure" else asking


@settings(max_examples=15)
@given(
    kind=kinds,
    tie=st.sampled_from(TIES),
    purpose=st.sampled_from(Purpose),
    documents=st.lists(written, min_size=1, max_size=4),
    late=st.booleans(),
)
def test_a_find_returns_what_sees_admits_and_nothing_else(
    either_bench: Bench,
    kind: str,
    tie: RelationKind | None,
    purpose: Purpose,
    documents: list[Written],
    late: bool,
) -> None:
    desk = either_bench.desk()
    whose = desk.citizen("2012-03-01")
    caller = _caller(desk, whose, kind, tie, purpose)
    colleague, another = doctor(structure=caller.structure), doctor()
    fed: dict[str, Written] = {}
    for one in documents:
        by = {"caller": caller, "colleague": colleague, "another": another}.get(one.author)
        if by is None or by.identifier is None:
            by = whose.caller if one.author == "citizen" else another
        result = desk.feed(
            whose,
            by,
            by=OPERATOR if by == whose.caller else by,
            type=Code(LOINC, one.type_code),
            visibility=tuple(one.labels),
        )
        fed[result.entry_uuid] = one
    if late:
        desk.clock.set(NOW + 40 * 86_400)
    view, admitted = _admitted(desk, caller, whose)
    listed = _listed(desk, caller, whose) if view.decision.permitted else set()
    assert listed == (admitted if view.decision.permitted else set())
    assert admitted <= set(fed)


def _admitted(desk: Desk, caller: Caller, whose: Person) -> tuple[RecordView, set[str]]:
    """What ``sees`` says of every entry of a record, told the facts that its row holds."""
    record_id = desk.record_of(whose)
    desk.clock.set(desk.gate.now())

    async def every() -> tuple[RecordView, set[str]]:
        view = await desk.gate.look(caller, record_id, Action.FIND)
        found: set[str] = set()
        for number in range(1, view.record.entry_count + 1):
            row = await entries.entry(desk.store, record_id, number)
            assert row is not None
            facts = EntryFacts(
                type_code=row.type_code,
                flags=Flags(bool(row.hidden_ps), row.patient_until, bool(row.hidden_reps)),
                is_author=await entries.wrote(desk.store, record_id, number, view.me),
                by_caller_structure=row.structure == view.our_structure,
            )
            if row.latest and sees(view.decision.sight, facts, view.now):
                slot = await entries.slot_of(desk.store, view.sealer, row)
                found.add(str(resource_of(slot.resource)["id"]))
        return view, found

    return desk.run(every())


def _listed(desk: Desk, caller: Caller, whose: Person) -> set[str]:
    return {entry.entry_uuid for entry in desk.find(caller, whose).entries}


# Traces: two chains, linked where an act touches both kinds of entry.


def _two_kinds(desk: Desk) -> tuple[Person, Caller, dict[str, Any]]:
    whose, author = desk.citizen(), doctor()
    desk.tie(whose, RelationKind.AUTHORISATION, author)
    plain = desk.feed(whose, author)
    kept = desk.feed(whose, author, visibility=("INVISIBLE_PATIENT",))
    return whose, author, {"plain": plain, "kept": kept}


def _new(desk: Desk, whose: Person, act: Act) -> tuple[list[Any], list[Any]]:
    return tuple(  # type: ignore[return-value]  # of two
        [trace for trace in desk.chain(whose, chain) if trace.act is act]
        for chain in (Chain.OPEN, Chain.WITHHELD)
    )


def test_a_find_of_both_kinds_is_traced_twice_and_linked(either_desk: Desk) -> None:
    desk = either_desk
    whose, author, _ = _two_kinds(desk)
    desk.find(author, whose)
    shown, withheld = _new(desk, whose, Act.FIND)
    assert [one.entries for one in shown] == [(1,)]
    assert [one.entries for one in withheld] == [(2,)]
    assert shown[0].linked == withheld[0].id
    assert withheld[0].linked is None


def test_a_find_of_withheld_documents_alone_is_still_seen_to_have_been_made(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    desk.feed(whose, author, visibility=("INVISIBLE_PATIENT",))
    desk.find(author, whose)
    shown, withheld = _new(desk, whose, Act.FIND)
    assert [one.entries for one in shown] == [()]
    assert [one.entries for one in withheld] == [(1,)]


def test_more_entries_than_one_trace_names_are_named_by_several(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("carnet.usecases.view.MOST_TRACED", 2)
    whose, author = desk.citizen(), doctor()
    for _ in range(5):
        desk.feed(whose, author)
    desk.find(whose.caller, whose)
    named = [one.entries for one in _new(desk, whose, Act.FIND)[0]]
    assert [len(entries) for entries in named] == [2, 2, 1]
    assert {entry for entries in named for entry in entries} == {1, 2, 3, 4, 5}


def test_reading_one_withheld_document_is_in_the_withheld_chain_alone(desk: Desk) -> None:
    whose, author, fed = _two_kinds(desk)
    desk.read(author, fed["kept"].entry_uuid)
    assert _new(desk, whose, Act.READ_ENTRY)[0] == []
    assert [one.entries for one in _new(desk, whose, Act.READ_ENTRY)[1]] == [(2,)]
    attachment = resource_of(fed["plain"].resource)["content"][0]["attachment"]
    desk.run(retrieve(desk.gate, author, attachment["url"].rpartition("/")[2]))
    assert [one.entries for one in _new(desk, whose, Act.RETRIEVE)[0]] == [(1,)]


def test_from_its_due_date_a_document_is_traced_in_the_open(desk: Desk) -> None:
    whose, author, fed = _two_kinds(desk)
    desk.clock.set(NOW + 40 * 86_400)
    desk.read(author, fed["kept"].entry_uuid)
    assert [one.entries for one in _new(desk, whose, Act.READ_ENTRY)[0]] == [(2,)]


def test_a_document_hidden_from_representatives_is_withheld_too(desk: Desk) -> None:
    whose, author = desk.citizen("2012-03-01"), doctor()
    fed = desk.feed(whose, author, visibility=("INVISIBLE_REPRESENTANTS_LEGAUX",))
    desk.read(author, fed.entry_uuid)
    assert _new(desk, whose, Act.READ_ENTRY)[0] == []


def test_a_masked_document_is_traced_where_its_citizen_reads(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    fed = desk.feed(whose, author, visibility=("MASQUE_PS",))
    desk.read(author, fed.entry_uuid)
    assert [one.entries for one in _new(desk, whose, Act.READ_ENTRY)[0]] == [(1,)]


def test_an_answer_and_its_trace_name_the_same_entries_at_most(desk: Desk) -> None:
    whose, author = desk.citizen(), doctor()
    for _ in range(3):
        desk.feed(whose, author)
    found = desk.find(whose.caller, whose, count=2)
    assert len(found.entries) == 2
    assert len(desk.chain(whose)[-1].entries) == 2
    assert MOST_TRACED >= 500  # what one page may hold
